"""The commands: each takes the options and returns what to print, as an object and as text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from mmgui.data.table import Table
from mmgui.inference.lrt import Comparison
from mmgui.model import FittedModel, fit_spec, table_at
from mmgui.payload import Payload, advice_payload, comparison_payload, fit_payload, table_payload
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec


@dataclass(frozen=True)
class Answer:
    """What a command says: the object of ``--json`` and the text for people."""

    payload: Payload
    text: str


def say(text: str) -> None:
    """A diagnostic on standard error."""
    print(text, file=sys.stderr)


def _table(options: argparse.Namespace) -> Table:
    table = table_at(options.data)
    for note in table.notes:
        say(f"{table.name}: {note}")
    return table


def _spec(formula: str, *, reml: bool, weights: str | None = None) -> ModelSpec:
    return replace(parse(formula), reml=reml, weights=weights)


def run_fit(options: argparse.Namespace) -> Answer:
    """``mmgui fit``."""
    from mmgui.inference.intervals import intervals
    from mmgui.inference.satterthwaite import fixed_effect_tests
    from mmgui.printed import summary_text

    model = fit_spec(_spec(options.formula, reml=not options.ml, weights=options.weights), _table(options))
    tests = fixed_effect_tests(model, options.df)
    limits = intervals(model, options.ci)
    text = summary_text(model, tests, limits, model.table.name)
    if options.ranef:
        text += "\n\n" + _modes_text(model)
    return Answer(fit_payload(model, tests, limits, ranef=options.ranef), text)


def _modes_text(model: FittedModel) -> str:
    from mmgui.printed import columns

    parts = []
    for term in model.terms:
        rows = [
            [level, *(f"{v:.5g}" for v in modes)]
            for level, modes in zip(term.levels, term.modes, strict=True)
        ]
        parts.append(
            "\n".join([f"Conditional modes of {term.grouping}:", *columns(["", *term.effects], rows)])
        )
    return "\n\n".join(parts)


def run_compare(options: argparse.Namespace) -> Answer:
    """``mmgui compare``."""
    from mmgui.inference.lrt import compare
    from mmgui.printed import comparison_text

    table = _table(options)
    specs = [_spec(f, reml=False, weights=options.weights) for f in options.formulas]
    fits = [fit_spec(spec, table) for spec in specs]
    if options.reml:
        fits = _by_reml(fits, table)

    def refit(spec: ModelSpec) -> FittedModel:
        return fit_spec(spec, table)

    comparison = compare(fits, refit)
    if options.bootstrap:
        comparison = _bootstrapped(fits, comparison, refit, options)
    models = [m.to_dict() for m in fits]
    return Answer(comparison_payload(models, comparison), comparison_text(fits, comparison))


def _by_reml(fits: list[FittedModel], table: Table) -> list[FittedModel]:
    from mmgui.inference.nesting import same_columns

    if not all(same_columns(fits[0].design.x, f.design.x) for f in fits[1:]):
        say(
            "The models have different fixed effects, so they are compared by maximum likelihood: REML "
            "criteria of different fixed effects cannot be compared."
        )
        return fits
    return [fit_spec(replace(f.design.spec, reml=True), table) for f in fits]


def _bootstrapped(
    fits: list[FittedModel],
    comparison: Comparison,
    refit: Callable[[ModelSpec], FittedModel],
    options: argparse.Namespace,
) -> Comparison:
    from mmgui.inference.bootstrap import bootstrap_test
    from mmgui.inference.lrt import tested_fits

    tests = []
    for test in comparison.tests:
        small, big = tested_fits(fits, test, refit)
        say(f"Simulating {options.bootstrap} responses from model {test.small + 1} …")
        found = bootstrap_test(small, big, options.bootstrap, options.seed)
        note = test.note
        if found.failed:
            note = f"{note} {found.failed} simulated responses could not be fitted and were left out.".strip()
        tests.append(replace(test, p=found.p, reference="bootstrap", note=note))
    return replace(comparison, tests=tuple(tests))


def run_describe(options: argparse.Namespace) -> Answer:
    """``mmgui describe``."""
    payload = table_payload(_table(options), options.group)
    return Answer(payload, _describe_text(payload))


def _describe_text(payload: Payload) -> str:
    from mmgui.printed import columns

    variables = [
        [v["name"], v["type"], str(v["distinct"]), str(v["missing"]), _range(v)] for v in payload["variables"]
    ]
    head = ["variable", "type", "distinct", "missing", "range"]
    lines = [f"{payload['name']}: {payload['rows']} rows", "", *columns(head, variables, words=(1, 4))]
    if payload["grouping"]:
        lines += ["", "Grouping:"]
        for g in payload["grouping"]:
            pair = f"{g['inner']} in {g['outer']}" if g["inner"] else f"{g['a']} and {g['b']}"
            lines.append(f"  {pair}: {g['relation']}, {g['combinations']} combinations occur")
    if "varies" in payload:
        group = payload["group"]
        sizes = f"{group['levels']} groups of {group['smallest']} to {group['largest']} rows"
        lines += ["", f"By {group['name']}, {sizes}:"]
        table = columns(["variable", "varies"], list(payload["varies"].items()), words=(1,))
        lines += [f"  {line}" for line in table]
    return "\n".join(lines)


def _range(variable: Payload) -> str:
    low, high = variable["minimum"], variable["maximum"]
    return "" if low is None or high is None else f"{low:.6g} to {high:.6g}"


def run_advise(options: argparse.Namespace) -> Answer:
    """``mmgui advise``."""
    from mmgui.advice import advise
    from mmgui.printed import wrapped

    payload = advice_payload(advise(replace(parse(options.formula), reml=not options.ml), _table(options)))
    lines: list[str] = []
    for finding in payload["findings"]:
        lines += wrapped(f"{finding['severity']} {finding['id']}: {finding['text']}")
        lines += [f"   → {fix['label']}: {fix['formula']}" for fix in finding["fixes"]]
    return Answer(payload, "\n".join(lines) or "Nothing to say about this model.")


def run_report(options: argparse.Namespace) -> Answer:
    """``mmgui report``."""
    from mmgui.report.page import write_report

    table = _table(options)
    fits = [fit_spec(_spec(f, reml=not options.ml), table) for f in options.formulas]
    place = write_report(table, fits, Path(options.output))
    return Answer({"written": str(place)}, str(place))


def run_picture(options: argparse.Namespace) -> Answer:
    """``mmgui picture``: the one command that loads the window, without a display."""
    for formula in options.formulas:
        _spec(formula, reml=not options.ml)
    table_at(options.data)
    from mmgui.ui.picture import save_page

    save_page(
        options.data, list(options.formulas), Path(options.output), options.page,
        theme=options.theme, projector=options.projector, size=options.size, ml=options.ml,
    )  # fmt: skip
    place = str(Path(options.output).absolute())
    return Answer({"written": place}, place)


RUN: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "fit": run_fit,
    "compare": run_compare,
    "describe": run_describe,
    "advise": run_advise,
    "report": run_report,
    "picture": run_picture,
}
