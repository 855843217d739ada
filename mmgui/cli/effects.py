"""The commands about fixed effects: F tests, means, slopes, contrasts."""

from __future__ import annotations

import argparse

from mmgui.cli.answer import Answer, asked
from mmgui.inference.marginal_means import MarginalMeans
from mmgui.model import fit_spec
from mmgui.payload import Payload
from mmgui.records import means_record, record


def _at(options: argparse.Namespace) -> dict[str, list[str | float]]:
    """The values of ``--at``: numbers where they can be read as such."""
    out: dict[str, list[str | float]] = {}
    for name, text in options.at:
        out.setdefault(name, []).extend(_value(part) for part in text.split(","))
    return out


def _value(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text.strip()


def run_anova(options: argparse.Namespace) -> Answer:
    """``mmgui anova``."""
    from mmgui.printed.fixed import term_tests_text

    found = fit_spec(*asked(options)).anova(options.type, options.df)
    payload = record(found)
    del payload["hypotheses"]
    return Answer(payload, term_tests_text(found))


def run_contrast(options: argparse.Namespace) -> Answer:
    """``mmgui contrast``."""
    from mmgui.printed.fixed import contrasts_text, joint_text

    model = fit_spec(*asked(options))
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
    return _marginal(options, fit_spec(*asked(options)).means(options.factors, **_choices(options)))


def run_slopes(options: argparse.Namespace) -> Answer:
    """``mmgui slopes``."""
    return _marginal(options, fit_spec(*asked(options)).slopes(options.variable, **_choices(options)))


def _choices(options: argparse.Namespace) -> dict[str, object]:
    return {
        "by": options.by,
        "at": _at(options),
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
