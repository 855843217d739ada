"""``mmgui fit`` and ``mmgui compare``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

from mmgui.cli.answer import Answer, asked, say, spec_of, table_of
from mmgui.data.table import Table
from mmgui.errors import FitError
from mmgui.inference.lrt import Comparison
from mmgui.model import FittedModel, fit_spec
from mmgui.payload import comparison_payload, fit_payload
from mmgui.spec.model import ModelSpec


def run_fit(options: argparse.Namespace) -> Answer:
    """``mmgui fit``."""
    from mmgui.inference.satterthwaite import fixed_effect_tests
    from mmgui.printed import summary_text

    model = fit_spec(*asked(options))
    tests = fixed_effect_tests(model, options.df)
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
    from mmgui.inference.lrt import compare
    from mmgui.printed import comparison_text

    specs = [spec_of(f, options, reml=False) for f in options.formulas]
    table = table_of(options, specs[0])
    fits = [fit_spec(spec, table) for spec in specs]
    if options.reml:
        fits = _by_reml(fits, table)

    def refit(spec: ModelSpec) -> FittedModel:
        return fit_spec(spec, table)

    comparison = compare(fits, refit)
    if options.bootstrap:
        comparison = _bootstrapped(fits, comparison, refit, options)
    if options.exact:
        comparison = _exact(fits, comparison, refit, options)
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


def _exact(
    fits: list[FittedModel],
    comparison: Comparison,
    refit: Callable[[ModelSpec], FittedModel],
    options: argparse.Namespace,
) -> Comparison:
    """The comparison with exact p-values where a test adds one variance; a note where it does not."""
    from mmgui.inference.exact_rlrt import exact_lrt
    from mmgui.inference.lrt import tested_fits

    tests = []
    for test in comparison.tests:
        small, big = tested_fits(fits, test, refit)
        try:
            found = exact_lrt(small, big, options.exact, options.seed)
        except FitError as error:
            if error.code not in ("not_one_variance", "not_exact"):
                raise
            tests.append(replace(test, note=f"{test.note} {error.message}".strip()))
            continue
        note = f"{test.note} {found.note}".strip()
        tests.append(replace(test, p=found.p, reference="exact", note=note))
    return replace(comparison, tests=tuple(tests))
