"""What figures call the parameters of each covariance structure."""

from __future__ import annotations

import pytest

from mmgui.figures.changes import change_sentences
from mmgui.figures.covariance import covariance_figures
from mmgui.figures.landscape import landscape_figure
from mmgui.figures.profile import profile_outline
from mmgui.figures.trace import parameter_names
from mmgui.figures.variance import variance_figure

OWN = ("SD of MachineA", "SD of MachineB", "SD of MachineC")
EACH = ("MachineA", "MachineB", "MachineC")


def _formula(structure: str) -> str:
    return f"score ~ Machine + {structure}(0 + Machine | Worker)"


@pytest.mark.parametrize(
    ("structure", "names"),
    [
        ("diag", OWN),
        ("homdiag", ("SD of all effects",)),
        ("cs", (*OWN, "correlation of all pairs")),
        ("homcs", ("SD of all effects", "correlation of all pairs")),
        ("ar1", ("SD of all effects", "correlation of neighbours")),
        ("hetar1", (*OWN, "correlation of neighbours")),
    ],
)
def test_that_profile_landscape_and_trace_name_the_parameters_a_structure_has(
    fitted, structure: str, names: tuple[str, ...]
) -> None:
    fit = fitted("Machines", _formula(structure))
    assert profile_outline(fit).names[: len(names)] == tuple(f"Worker: {n}" for n in names)
    assert profile_outline(fit).names[len(names)] == "Residual: SD (σ)"
    shown = landscape_figure(fit, points=9).parameters
    assert shown[-1].name == "Residual: SD (σ)"
    shown = shown[:-1]
    assert tuple(p.name for p in shown) == tuple(f"Worker: {n}" for n in names)
    assert tuple(p.title.lower() for p in shown) == tuple(f"{n}, Worker".lower() for n in names)
    brief = (n.removeprefix("SD of ").replace("correlation", "cor.") for n in names)
    assert parameter_names(fit.design) == tuple(f"Worker: {n}" for n in brief)


@pytest.mark.parametrize(
    ("structure", "pairs"),
    [
        ("us", ["MachineA and MachineB", "MachineA and MachineC", "MachineB and MachineC"]),
        ("diag", []),
        ("homdiag", []),
        ("cs", ["all pairs"]),
        ("ar1", ["neighbours"]),
    ],
)
def test_that_a_correlation_that_is_one_parameter_is_one_line(
    fitted, structure: str, pairs: list[str]
) -> None:
    assert [c.pair for c in variance_figure(fitted("Machines", _formula(structure))).correlations] == pairs


def test_that_a_shared_correlation_is_told_where_one_effect_has_no_variance(fitted) -> None:
    fit = fitted("Oats", "yield ~ nitro + (1 | Block) + cs(0 + Variety | Block)")
    assert float(fit.terms[1].sd[1]) == 0.0
    (row,) = variance_figure(fit).correlations
    # What the correlation of the first and the third variety is; the first and the second have none.
    assert row.correlation == pytest.approx(float(fit.terms[1].correlation[0, 2]), abs=1e-8)


def test_that_the_correlation_of_two_effects_keeps_their_names(fitted) -> None:
    fit = fitted("sleepstudy", "Reaction ~ Days + cs(Days | Subject)")
    assert [c.pair for c in variance_figure(fit).correlations] == ["(Intercept) and Days"]
    assert profile_outline(fit).names[2] == "Subject: correlation of Intercept and Days"


def test_that_a_structure_is_said_with_its_number_of_parameters(fitted) -> None:
    fit = fitted("Machines", _formula("homcs"))
    said = (
        "Compound symmetry with one variance: all effects vary equally much, and all pairs share one "
        "correlation (2 parameters)."
    )
    assert covariance_figures(fit)[0].structure == said
    assert variance_figure(fit).structures == (f"Worker: c{said[1:]}",)
    usual = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    assert variance_figure(usual).structures == ()
    assert covariance_figures(usual)[0].structure.endswith("(3 parameters).")
    alone = fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    assert covariance_figures(alone)[0].structure == ""


def test_that_what_a_larger_structure_frees_is_said(fitted) -> None:
    ladder = [fitted("Machines", _formula(s)) for s in ("homdiag", "diag", "cs", "us")]
    sentences = change_sentences(ladder)
    assert sentences[0].startswith("Letting every random effect have a variance of its own ")
    assert sentences[1].startswith("Letting the random effects correlate ")
    assert sentences[2].startswith("Letting every pair of random effects have a correlation of its own ")


def test_that_a_factor_coded_otherwise_is_no_other_effect(fitted) -> None:
    """(Machine | Worker) and cs(0 + Machine | Worker) hold the same three effects in two codings."""
    small = fitted("Machines", _formula("cs"))
    big = fitted("Machines", "score ~ Machine + (Machine | Worker)")
    (sentence,) = change_sentences([small, big])
    assert sentence.startswith("Letting every pair of random effects have a correlation of its own changes")
