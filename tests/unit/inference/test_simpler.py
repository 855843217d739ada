"""Simpler models for a singular fit, and the same model from other starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.comparison.simpler import simpler_candidates, simpler_models
from mmgui.inference.likelihood import other_starts
from mmgui.inference.likelihood.other_starts import refit_from_other_starts
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec


def _fit(sample: str, formula: str) -> Fit:
    return fit(FitJob(parse(formula), load_sample(sample)))


def _refit(sample: str) -> Callable[[ModelSpec], Fit]:
    return lambda spec: fit(FitJob(spec, load_sample(sample)))


def test_that_a_term_without_variance_can_go_at_no_cost() -> None:
    (model,) = simpler_models(_fit("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), _refit("Dyestuff2"))
    assert (model.candidate.becomes, model.candidate.instead_of) == ("", "(1 | Batch)")
    # lme4 and lm: REML criterion 161.828 of both
    assert model.cost == pytest.approx(0.0, abs=1e-8)
    assert model.saved == 1


def test_that_a_fit_that_is_not_singular_has_no_candidates() -> None:
    assert simpler_candidates(_fit("sleepstudy", "Reaction ~ Days + (Days | Subject)")) == ()


def test_that_the_cheapest_comes_first_with_lme4s_criteria() -> None:
    whole = _fit("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
    models = simpler_models(whole, _refit("sim_hidden_singular"))
    assert [m.candidate.becomes for m in models] == [
        "(x1 + x3 | g)",
        "(x1 + x2 + x3 || g)",
        "(x1 + x2 | g)",
        "(0 + x1 + x2 + x3 | g)",
        "(x2 + x3 | g)",
        "(1 | g)",
    ]
    assert [m.saved for m in models] == [4, 6, 4, 4, 4, 9]
    # lme4 1.1-31, REMLcrit less 307.995: (x1 + x3 | g), (x1 + x2 + x3 || g), (1 | g)
    assert [models[k].cost for k in (0, 1, 5)] == pytest.approx([14.563, 24.159, 63.052], abs=2e-3)


def test_that_two_terms_without_variance_can_go_together() -> None:
    whole = _fit("Dyestuff2", "Yield ~ 1 + (1 | Batch)")
    spec = parse("Yield ~ 1 + (1 | Batch) + (1 | Other)")
    term = whole.terms[0]
    design = replace(whole.design, spec=spec, random=whole.design.random * 2)
    both = replace(whole, design=design, terms=(term, replace(term, grouping="Other")))
    assert [c.terms for c in simpler_candidates(both)] == [(0, 1), (0,), (1,)]


def test_that_factors_offer_compound_symmetry_and_an_intercept_for_each_combination() -> None:
    whole = _fit("Machines", "score ~ Machine + (Machine | Worker)")
    singular = replace(whole, terms=(replace(whole.terms[0], rank=2),))
    offered = {c.becomes for c in simpler_candidates(singular)}
    assert {
        "(1 | Worker)",
        "cs(0 + Machine | Worker)",
        "cs(0 + Machine | Worker, hom = TRUE)",
        "diag(Machine | Worker)",
        "(1 | Worker) + (1 | Worker:Machine)",
    } <= offered
    assert "(Machine || Worker)" not in offered


def test_that_a_fit_that_would_take_too_long_is_not_made() -> None:
    def refuse(_: ModelSpec) -> Fit:
        raise AssertionError("nothing is to be fitted")

    whole = _fit("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
    models = simpler_models(whole, refuse, most_seconds=0.0)
    assert models
    assert all(np.isnan(m.cost) for m in models)
    (free,) = simpler_models(_fit("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), refuse, most_seconds=0.0)
    assert (free.cost, free.saved) == (0.0, 1)


def test_that_work_stops_with_what_is_done() -> None:
    whole = _fit("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
    told: list[tuple[int, int]] = []
    found = simpler_models(
        whole,
        _refit("sim_hidden_singular"),
        on_progress=lambda done, of: told.append((done, of)),
        should_stop=lambda: len(told) == 2,
    )
    assert (len(found), told) == (2, [(0, 6), (1, 6)])


def test_that_other_starts_come_to_the_same_optimum() -> None:
    whole = _fit("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    found = refit_from_other_starts(whole)
    assert found.spread < 1e-6
    assert found.converged.all()
    assert found.shift.max() < 1e-4


def test_that_starts_stopped_at_once_say_so() -> None:
    with pytest.raises(FitError) as error:
        refit_from_other_starts(_fit("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), should_stop=lambda: True)
    assert error.value.code == "stopped"


def test_that_a_simpler_model_keeps_no_contrasts_of_a_factor_that_it_has_no_effect_of() -> None:
    spec = parse("y ~ 1 + (A * B | Subj)")
    codings = (Coding("A", Contrast.SUM), Coding("B", Contrast.SUM))
    whole = fit(FitJob(replace(spec, codings=codings), load_sample("sim_within_subject_factors")))
    kept = {c.becomes: c.spec.codings for c in simpler_candidates(whole)}
    assert kept["(1 | Subj)"] == ()
    assert kept["(A + B | Subj)"] == codings


@pytest.mark.parametrize("starts", [6, 30])
def test_that_every_start_of_a_correlation_is_one(starts: int) -> None:
    whole = _fit("Machines", "score ~ Machine + ar1(0 + Machine | Worker)")
    found = refit_from_other_starts(whole, starts)
    assert len(found.objectives) == starts
    assert found.objectives == pytest.approx(np.full(starts, whole.objective), abs=1e-4)
    thetas = other_starts._starts(whole, starts)
    assert all(abs(theta[1]) <= 1.0 for theta in thetas)
    # Far apart, not one start many times over.
    assert len({round(float(theta[0]), 6) for theta in thetas}) == starts


def test_that_a_refit_stopped_on_its_way_has_no_price() -> None:
    whole = _fit("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
    table, asked = load_sample("sim_hidden_singular"), []

    def refit(spec: ModelSpec) -> Fit:
        def soon() -> bool:
            asked.append(spec)
            return asked.count(spec) > 2

        return fit(FitJob(spec, table), should_stop=soon)

    assert simpler_models(whole, refit) == ()
    assert len(set(asked)) == 6
