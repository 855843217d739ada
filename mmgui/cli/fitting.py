"""``mmgui fit`` and ``mmgui compare``."""

from __future__ import annotations

import argparse
from dataclasses import replace

from mmgui.cli.answer import Answer, asked, say, spec_of, table_of
from mmgui.data.table import Table
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.comparison.lrt import NestedTest
from mmgui.model import FittedModel, fit_spec
from mmgui.payload import comparison_payload, fit_payload
from mmgui.spec.model import ModelSpec


def run_fit(options: argparse.Namespace) -> Answer:
    """``mmgui fit``."""
    from mmgui.printed import summary_text

    model = fit_spec(*asked(options))
    tests = model.fixed_tests(options.df)
    limits = model.confidence_intervals(
        options.ci, options.level, count=options.count, seed=options.seed, df=options.df
    )
    text = summary_text(model, tests, limits, model.table.name)
    if options.ranef:
        text += "\n\n" + _modes_text(model)
    return Answer(fit_payload(model, tests, limits, ranef=options.ranef), text)


def _modes_text(model: FittedModel) -> str:
    from mmgui.printed.layout import columns

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
    from mmgui.advice import advise_comparison
    from mmgui.inference.comparison.lrt import compare, tested_fits
    from mmgui.printed import comparison_text

    specs = [spec_of(f, options, reml=False) for f in options.formulas]
    table = table_of(options, specs[0])
    fits = [fit_spec(spec, table) for spec in specs]
    if options.reml:
        fits = _by_reml(fits, table)

    def refit(spec: ModelSpec) -> FittedModel:
        return fit_spec(spec, table)

    comparison = compare(fits, refit)
    for wanted, judge in ((options.bootstrap, _bootstrapped), (options.exact, _exact)):
        if wanted:
            pairs = [(*tested_fits(fits, test, refit), test) for test in comparison.tests]
            comparison = replace(comparison, tests=tuple(judge(*pair, options) for pair in pairs))
    models = [m.to_dict() for m in fits]
    payload = comparison_payload(models, comparison, advise_comparison(fits, comparison))
    return Answer(payload, comparison_text(fits, comparison))


def _by_reml(fits: list[FittedModel], table: Table) -> list[FittedModel]:
    from mmgui.inference.comparison.nesting import same_columns

    if not all(same_columns(fits[0].design.x, f.design.x) for f in fits[1:]):
        say(
            "The models have different fixed effects, so they are compared by maximum likelihood: REML "
            "criteria of different fixed effects cannot be compared."
        )
        return fits
    return [fit_spec(replace(f.design.spec, reml=True), table) for f in fits]


def _bootstrapped(small: Fit, big: Fit, test: NestedTest, options: argparse.Namespace) -> NestedTest:
    """The test with its p-value from simulated responses."""
    from mmgui.inference.simulation.bootstrap import bootstrap_test

    say(f"Simulating {options.bootstrap} responses from model {test.small + 1} …")
    found = bootstrap_test(small, big, options.bootstrap, options.seed)
    note = test.note
    if found.failed:
        note = f"{note} {found.failed} simulated responses could not be fitted and were left out.".strip()
    return replace(test, p=found.p, reference="bootstrap", note=note)


def _exact(small: Fit, big: Fit, test: NestedTest, options: argparse.Namespace) -> NestedTest:
    """The test with its exact p-value where it adds one variance, with a note where it does not."""
    from mmgui.inference.comparison.exact_rlrt import exact_lrt

    try:
        found = exact_lrt(small, big, options.exact, options.seed)
    except FitError as error:
        if error.code not in ("not_one_variance", "not_exact"):
            raise
        return replace(test, note=f"{test.note} {error.message}".strip())
    return replace(test, p=found.p, reference="exact", note=f"{test.note} {found.note}".strip())
