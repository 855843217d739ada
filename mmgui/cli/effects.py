"""The commands about fixed effects: F tests, means, slopes, contrasts."""

from __future__ import annotations

import argparse
import csv
from typing import Any

from mmgui.cli.answer import Answer, fitted
from mmgui.inference.fixed_effects.marginal_means import MarginalMeans
from mmgui.inference.fixed_effects.reference_grid import recipe_of
from mmgui.model import FittedModel
from mmgui.payload import Payload
from mmgui.records import means_record, record


def _at(options: argparse.Namespace, model: FittedModel) -> dict[str, list[str]]:
    """The values of ``--at`` as text: ``01`` is another level than ``1``, and a level may hold a comma."""
    out: dict[str, list[str]] = {}
    for name, text in options.at:
        levels = recipe_of(model.design).factors.get(name, ())
        found = [text] if text in levels else next(csv.reader([text], skipinitialspace=True))
        out.setdefault(name, []).extend(value.strip() for value in found)
    return out


def run_anova(options: argparse.Namespace) -> Answer:
    """``mmgui anova``."""
    from mmgui.printed.fixed import term_tests_text

    found = fitted(options).anova(options.type, options.df)
    payload = record(found)
    del payload["hypotheses"]
    return Answer(payload, term_tests_text(found))


def run_contrast(options: argparse.Namespace) -> Answer:
    """``mmgui contrast``."""
    from mmgui.printed.fixed import contrasts_text, joint_text

    model = fitted(options)
    if options.joint:
        found = [(text, model.joint_test(text, options.df)) for text in options.contrasts_asked]
        payload: Payload = {"tests": [{"contrast": text} | record(test) for text, test in found]}
        return Answer(payload, joint_text(found))
    ones = [
        (text, model.contrast(text, options.df, options.level, options.null))
        for text in options.contrasts_asked
    ]
    return Answer({"contrasts": [{"contrast": text} | record(c) for text, c in ones]}, contrasts_text(ones))


def run_means(options: argparse.Namespace) -> Answer:
    """``mmgui means``."""
    model = fitted(options)
    return _marginal(options, model.means(options.factors, **_choices(options, model)))


def run_slopes(options: argparse.Namespace) -> Answer:
    """``mmgui slopes``."""
    model = fitted(options)
    return _marginal(options, model.slopes(options.variable, **_choices(options, model)))


def _choices(options: argparse.Namespace, model: FittedModel) -> dict[str, Any]:
    return {
        "by": options.by,
        "at": _at(options, model),
        "weights": options.averaging,
        "method": options.df,
        "level": options.level,
    }


def _marginal(options: argparse.Namespace, found: MarginalMeans) -> Answer:
    from mmgui.printed.fixed import estimates_lines, means_text

    text, payload = means_text(found), means_record(found)
    if options.pairs:
        pairs = found.pairwise(options.adjust)
        text += "\n\nDifferences\n\n" + "\n".join(estimates_lines(pairs, found.by))
        payload["pairs"] = record(pairs)
    return Answer(payload, text)
