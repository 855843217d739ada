"""The equation of a model, written out."""

from __future__ import annotations

from mmgui.figures.equation import equation
from mmgui.spec.expression import Name
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, GroupingFactor, RandomTerm, interaction, variable

SUBJECT = GroupingFactor(("Subject",))


def _plain(spec: ModelSpec, factors: tuple[str, ...] = ()) -> str:
    figure = equation(spec, lambda column: column in factors)
    assert figure is not None
    return figure.plain()


def test_intercept_and_slope_that_vary_stand_beside_their_fixed_effects() -> None:
    spec = ModelSpec(
        Name("Reaction"), fixed=(variable("Days"),), random=(RandomTerm(SUBJECT, slopes=(variable("Days"),)),)
    )
    assert _plain(spec).splitlines() == [
        "Reaction_ij = (β_0 + b_0j) + (β_1 + b_1j) Days_ij + ε_ij",
        "(b_0j, b_1j) ~ N(0, Σ_Subject)",
        "ε_ij ~ N(0, σ²)",
        "i: row, j: Subject",
    ]


def test_uncorrelated_effects_have_a_normal_each() -> None:
    slopes = RandomTerm(SUBJECT, slopes=(variable("Days"),), covariance=Covariance.DIAGONAL)
    lines = _plain(ModelSpec(Name("y"), fixed=(variable("Days"),), random=(slopes,))).splitlines()
    assert lines[1:3] == ["b_0j ~ N(0, σ²_Subject, 1)", "b_1j ~ N(0, σ²_Subject, Days)"]


def test_a_factor_has_one_coefficient_per_level() -> None:
    worker = RandomTerm(GroupingFactor(("Worker",)), slopes=(variable("Machine"),))
    spec = ModelSpec(Name("score"), fixed=(variable("Machine"),), random=(worker,))
    assert _plain(spec, ("Machine",)).splitlines()[:2] == [
        "score_ij = (β_0 + b_0j) + (β_Machine[i] + b_j,Machine[i]) + ε_ij",
        "(b_0j, b_j,Machine) ~ N(0, Σ_Worker)",
    ]


def test_crossed_factors_have_indices_of_their_own() -> None:
    spec = ModelSpec(
        Name("y"), random=(RandomTerm(GroupingFactor(("plate",))), RandomTerm(GroupingFactor(("sample",))))
    )
    assert _plain(spec).splitlines()[0] == "y_i = (β_0 + b_0j + b_0k) + ε_i"


def test_an_effect_without_fixed_counterpart_stands_alone() -> None:
    only = RandomTerm(SUBJECT, intercept=False, slopes=(interaction("a", "x"),))
    assert _plain(ModelSpec(Name("y"), random=(only,)), ("a",)).splitlines()[0] == (
        "y_ij = β_0 + b_j,a:x[i] x_ij + ε_ij"
    )


def test_two_terms_of_one_grouping_factor_keep_their_modes_apart() -> None:
    spec = ModelSpec(
        Name("y"), random=(RandomTerm(SUBJECT), RandomTerm(SUBJECT, intercept=False, slopes=(variable("x"),)))
    )
    assert _plain(spec).splitlines()[0] == "y_ij = (β_0 + b_0j) + b′_1j x_ij + ε_ij"


def test_without_a_response_there_is_no_equation() -> None:
    assert equation(ModelSpec(), lambda column: False) is None


def test_a_covariance_structure_is_said_beside_its_matrix() -> None:
    machine = RandomTerm(
        GroupingFactor(("Worker",)), intercept=False, slopes=(variable("Machine"),), covariance=Covariance.AR1
    )
    spec = ModelSpec(Name("score"), random=(machine,))
    assert _plain(spec, ("Machine",)).splitlines()[1] == (
        "(b_j,Machine) ~ N(0, Σ_Worker),  one variance, correlations ρᵏ"
    )
