"""X, Z, Λ, ZΛ and V on chosen rows, and V as the sum of its parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.marginal_parts import TermRows, marginal_parts
from mmgui.figures.marginal_rows import HANDFUL_ROWS, MOST_COLUMNS, choose_rows
from mmgui.figures.marginal_words import column_words, entry_words, factor_words, part_words, plain
from mmgui.figures.matrices import Matrix, matrices_figure, moved_matrices
from mmgui.figures.moved import MovableFit
from mmgui.spec.formula import parse

SLEEP = ("sleepstudy", "Reaction ~ Days + (Days | Subject)")

# teaching.json, sleepstudy.V_block.V: the rows of Subject 308, from lme4.
V_308 = [
    [1267.04016628473, 621.704566975927, 631.308975927084, 640.913384878242, 650.5177938294,
     660.122202780558, 669.726611731715, 679.331020682873, 688.935429634031, 698.539838585189],
    [621.704566975927, 1321.32069863798, 711.05681378012, 755.732937182216, 800.409060584313,
     845.08518398641, 889.761307388506, 934.437430790603, 979.113554192699, 1023.7896775948],
    [631.308975927084, 711.05681378012, 1445.74465989312, 870.552489486191, 950.300327339226,
     1030.04816519226, 1109.7960030453, 1189.54384089833, 1269.29167875137, 1349.0395166044],
]  # fmt: skip
LAST_308 = 4280.72839793162
# teaching.json, sleepstudy.V_block.corr, first row.
CORRELATION_308 = [
    1, 0.4804904355456, 0.4664455717663, 0.4445707777703, 0.4187105390756,
    0.3918474748466, 0.3658472592747, 0.3416707897945, 0.3196896227684, 0.299941909054,
]  # fmt: skip


EVERY = ("all",)


def test_that_v_of_subject_308_is_that_of_lme4(fitted):
    figure = matrices_figure(fitted(*SLEEP), EVERY)
    v = figure.v()
    assert v.shape == (180, 180)
    # Both optima are within the optimisers' tolerance of each other.
    np.testing.assert_allclose(v[:3, :10], V_308, rtol=3e-5)
    assert v[9, 9] == pytest.approx(LAST_308, rel=3e-5)
    np.testing.assert_allclose(figure.v(correlation=True)[0, :10], CORRELATION_308, rtol=3e-5)
    assert not v[:10, 10:].any()


def test_that_all_of_sleepstudy_is_drawn_subject_by_subject(fitted):
    rows = matrices_figure(fitted(*SLEEP), EVERY).rows
    assert rows.choice.words == "all 180 rows"
    assert (rows.x.shape, rows.z.shape) == ((180, 2), (180, 36))
    assert rows.effects[3].title == "Subject 309: Days"
    assert [c.name for c in rows.fixed] == ["Intercept", "Days"]
    np.testing.assert_array_equal(rows.z[12, :6], [0, 0, 1, 2, 0, 0])
    assert rows.group_of(12) == ("Subject", "309")


def test_that_lambda_has_a_block_for_each_group_and_makes_v(fitted):
    fit = fitted(*SLEEP)
    figure = matrices_figure(fit, EVERY)
    np.testing.assert_array_equal(figure.lam[2:4, 2:4], fit.terms[0].relative_factor)
    assert np.count_nonzero(figure.lam) == 18 * 3
    np.testing.assert_allclose(figure.zlam, figure.rows.z @ figure.lam, atol=1e-14)
    made = fit.sigma**2 * (figure.zlam @ figure.zlam.T + np.eye(180))
    np.testing.assert_allclose(made, figure.v(), rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize(
    ("sample", "formula"),
    [
        ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
        ("sleepstudy", "Reaction ~ Days + (Days || Subject)"),
        ("sleepstudy", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)"),
        ("Machines", "score ~ Machine + cs(0 + Machine | Worker)"),
        ("Machines", "score ~ Machine + (Machine | Worker)"),
        ("Dyestuff2", "Yield ~ 1 + (1 | Batch)"),
    ],
)
def test_that_parts_and_factors_give_the_same_v(fitted, sample, formula):
    fit = fitted(sample, formula)
    figure = matrices_figure(fit)
    n = len(figure.rows.places)
    dense = fit.sigma**2 * (figure.rows.z @ figure.lam @ figure.lam.T @ figure.rows.z.T + np.eye(n))
    np.testing.assert_allclose(figure.v(), dense, rtol=1e-9, atol=1e-9 * dense.max())
    total = sum(figure.parts.terms) + figure.parts.residual_matrix
    np.testing.assert_allclose(total, figure.v(), rtol=1e-12)
    shares = figure.correlation_parts
    np.testing.assert_allclose(
        sum(shares.terms) + shares.residual_matrix, figure.v(correlation=True), atol=1e-12
    )


@st.composite
def designs(draw):
    rows = draw(st.integers(1, 9))
    number = st.floats(-3, 3, allow_nan=False).map(lambda v: round(v, 2))
    terms, covariances = [], []
    for k in range(draw(st.integers(0, 3))):
        size, groups = draw(st.integers(1, 3)), draw(st.integers(1, 4))
        codes = np.array(draw(st.lists(st.integers(0, groups - 1), min_size=rows, max_size=rows)))
        values = np.array(
            draw(st.lists(st.lists(number, min_size=size, max_size=size), min_size=rows, max_size=rows))
        )
        root = np.array(
            draw(st.lists(st.lists(number, min_size=size, max_size=size), min_size=size, max_size=size))
        )
        names = tuple(f"x{e}" for e in range(size))
        levels = tuple(f"g{g}" for g in range(groups))
        terms.append(TermRows(k, f"f{k}", f"(f{k})", names, names, levels, codes, values.reshape(rows, size)))
        covariances.append(root @ root.T)
    weights = np.array(draw(st.lists(st.floats(0.1, 9), min_size=rows, max_size=rows)))
    sigma = draw(st.floats(0.05, 4))
    return terms, covariances, sigma, weights


@settings(deadline=None, max_examples=150)
@given(designs())
def test_that_the_sum_of_the_parts_is_z_sigma_z_plus_residual(design):
    terms, covariances, sigma, weights = design
    parts = marginal_parts(terms, covariances, sigma**2 / weights)
    dense = sigma**2 * np.diag(1.0 / weights)
    for term, covariance in zip(terms, covariances, strict=True):
        z = np.zeros((len(weights), term.size))
        for i, code in enumerate(term.codes.tolist()):
            at = code * len(term.effects)
            z[i, at : at + len(term.effects)] = term.values[i]
        np.testing.assert_array_equal(term.product(np.eye(len(term.effects))), z)
        dense += z @ np.kron(np.eye(len(term.levels)), covariance) @ z.T
    np.testing.assert_allclose(parts.total, dense, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(sum(parts.terms) + parts.residual_matrix, parts.total, rtol=1e-12)
    np.testing.assert_allclose(np.diag(parts.correlations().total), 1.0)


# -- rows


def test_that_nested_groups_are_sorted_outer_first_and_crossed_ones_by_the_fewer(fitted):
    pastes = matrices_figure(fitted("Pastes", "strength ~ 1 + (1 | batch/cask)")).rows
    assert [t.grouping for t in pastes.sorted_by] == ["batch", "batch:cask"]
    assert pastes.choice.chain == 2
    crossed = fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)")
    penicillin = matrices_figure(crossed, EVERY).rows
    assert [t.grouping for t in penicillin.sorted_by] == ["sample", "plate"]
    assert penicillin.choice.chain == 1


def test_that_of_more_rows_than_can_be_told_apart_a_few_groups_are_drawn_unless_all_are_wished(fitted):
    choice = matrices_figure(fitted(*SLEEP)).rows.choice
    assert choice.words == "50 of 180 rows: 5 groups of Subject"
    assert [o.text for o in choice.offers] == ["A few groups of Subject", "All 180 rows"]
    assert choose_rows(fitted(*SLEEP).design, choice.offers[1].choice).words == "all 180 rows"
    crossed = fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)").design
    assert choose_rows(crossed).words == "30 of 144 rows: 5 groups of plate"


def test_that_a_large_table_gives_a_handful_of_groups_that_share_others(fitted):
    figure = matrices_figure(fitted("InstEval", "y ~ service + (1 | s) + (1 | d) + (1 | dept)"))
    rows = figure.rows
    assert len(rows.places) <= HANDFUL_ROWS
    assert len(rows.effects) <= MOST_COLUMNS
    assert len(rows.terms[0].levels) == 5
    assert rows.choice.words == f"{len(rows.places)} of 73,421 rows: 5 groups of s"
    # Students who were taught by the same people: off the blocks of s there are entries by d.
    apart = ~rows.terms[0].together
    assert np.count_nonzero(figure.parts.terms[1][apart]) > 100
    assert rows.all_columns == 2972 + 1128 + 14


def test_that_large_groups_show_rows_of_each_condition_of_a_sorted_table():
    levels = [f"g{k}" for k in range(8) for _ in range(60)]
    conditions = (["congruent"] * 30 + ["incongruent"] * 30) * 8
    y = np.random.default_rng(1).normal(500.0, 50.0, 480)
    table = from_frame({"y": y, "c": conditions, "g": levels}, "sorted")
    model = fit(FitJob(parse("y ~ c + (c | g)"), table))
    chosen = choose_rows(model.design)
    assert chosen.words == "120 of 480 rows: some rows of 5 groups of g"
    # 24 of each group's 60 rows, from its first to its last; half of them have the slope.
    assert list(chosen.rows[[0, 23, 24]]) == [0, 59, 60]
    assert model.design.x[chosen.rows, 1].sum() == 60


def test_that_picked_groups_and_rows_can_be_drawn(fitted):
    design = fitted("Pastes", "strength ~ 1 + (1 | batch/cask)").design
    picked = choose_rows(design, ("picked", "batch:cask", "B:a", "batch", "C"))
    assert picked.rows.tolist() == [6, 7, *range(12, 18)]
    assert picked.words == "8 of 60 rows: those picked"
    assert choose_rows(design, ("rows", "3", "1")).rows.tolist() == [1, 3]
    some = choose_rows(design, ("some", "batch"))
    assert len(some.rows) == 30
    assert [o.text for o in some.offers][:2] == ["All 60 rows", "A few groups of batch:cask"]


@pytest.mark.parametrize("choice", [("picked", "gone", "1"), ("some", "gone"), ("rows", "99999"), ("?",)])
def test_that_a_choice_the_model_does_not_have_gives_the_usual_rows(fitted, choice):
    design = fitted("Pastes", "strength ~ 1 + (1 | batch/cask)").design
    assert choose_rows(design, choice).words == "all 60 rows"


# -- other models


def test_that_weights_divide_the_residual_variance():
    spec = replace(parse("Days ~ 1 + (1 | Subject)"), weights="Reaction")
    table = load_sample("sleepstudy")
    weighted = fit(FitJob(spec, table))
    figure = matrices_figure(weighted)
    first = float(table["Reaction"].values[0])
    assert figure.parts.residual[0] == pytest.approx(weighted.sigma**2 / first)
    assert "+ σ²/w₁ = " in plain(entry_words(figure, 0, 0))
    assert "/249.6 = " in plain(entry_words(figure, 0, 0))


def test_that_dropped_columns_and_offsets_are_known():
    spec = parse("Reaction ~ Days + I(2 * Days) + offset(Days) + (1 | Subject)")
    rows = matrices_figure(fit(FitJob(spec, load_sample("sleepstudy")))).rows
    assert rows.dropped == ("I(2 * Days)",)
    assert [c.name for c in rows.fixed] == ["Intercept", "Days"]
    assert rows.offset


def test_that_a_model_without_random_effects_has_only_the_residuals_in_v():
    figure = matrices_figure(fit(FitJob(parse("Reaction ~ Days"), load_sample("sleepstudy"))))
    assert figure.rows.z.shape == (180, 0)
    # R: summary(lm(Reaction ~ Days, sleepstudy))$sigma
    np.testing.assert_allclose(figure.v(), 47.71**2 * np.eye(180), rtol=1e-3)
    assert figure.table().columns == ("Row", "Other row", "Residual", "Sum")


def test_that_a_singular_term_gives_a_part_of_zeros(fitted):
    figure = matrices_figure(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"))
    assert not figure.parts.terms[0].any()
    assert figure.limits.lam == 1.0
    # teaching: lme4 has σ = 3.7157 for Dyestuff2 with τ at 0.
    np.testing.assert_allclose(np.sqrt(figure.parts.residual), 3.7157, atol=2e-4)


# -- words


def test_that_a_covariance_is_told_term_by_term(fitted):
    figure = matrices_figure(fitted(*SLEEP), EVERY)
    assert plain(entry_words(figure, 2, 6)) == (
        "Rows 3 and 7 are both of Subject 308: cov = τ₀² + (x₃ + x₇)·τ₀₁ + x₃x₇·τ₁² "
        "= 612.1 + (2 + 6)·9.604 + 2·6·35.07 = 1109.8; correlation 0.57."
    )
    assert plain(entry_words(figure, 4, 0)).endswith("(0 + 4)·9.604 = 650.5; correlation 0.42.")
    assert plain(entry_words(figure, 2, 2)) == (
        "Row 3 of Subject 308: variance = τ₀² + 2x₃·τ₀₁ + x₃²·τ₁² + σ² "
        "= 612.1 + 2·2·9.604 + 2²·35.07 + 654.9 = 1445.7."
    )
    assert (
        plain(entry_words(figure, 0, 15)) == "Rows 1 and 16 share no group: they vary independently, cov = 0."
    )


def test_that_crossed_rows_meet_in_one_factor_alone(fitted):
    figure = matrices_figure(fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"))
    at = {int(p): i for i, p in enumerate(figure.rows.places)}
    assert plain(entry_words(figure, at[0], at[1])) == (
        "Rows 1 and 2 are both of plate a: cov = τ² = 0.7169; correlation 0.15."
    )
    assert plain(entry_words(figure, at[0], at[0])).startswith(
        "Row 1 of plate a and sample A: variance = τ² + τ² + σ² = 0.7169 + 3.731 + 0.3024 = 4.750"
    )
    assert "gives nothing" in plain(part_words(figure, 1, at[0], at[1]))


def test_that_columns_and_factors_say_what_they_are(fitted):
    figure = matrices_figure(fitted(*SLEEP), EVERY)
    assert plain(column_words(figure, Matrix.Z, 1, 4)) == (
        "Subject 308: Days: Days in the rows of Subject 308, 0 elsewhere; with the other effects of "
        "Subject 308 it builds the block of V of Subject 308. Row 5: 4.00."
    )
    assert plain(factor_words(figure, 1, 1)).startswith("Days × Days of Subject 308: λ₁₁ = 0.231")
    assert "independent" in plain(factor_words(figure, 0, 2))


# -- moved


def test_that_moved_parameters_change_v_and_widen_its_scale_in_steps(fitted):
    fit = fitted(*SLEEP)
    figure, movable = matrices_figure(fit, EVERY), MovableFit(fit)
    names = list(movable.coordinates)

    def there(**values: float):
        wanted = {names[int(k[1:])]: v for k, v in values.items()}
        point = movable.with_values(movable.best, wanted, sigma_follows=False)
        return moved_matrices(figure, movable.moved(point, sigma_follows=False))

    near = there(p0=30.0)
    assert near.rows is figure.rows
    assert near.v()[0, 1] == pytest.approx(900 + near.covariances[0][0, 1], rel=1e-9)
    far = there(p0=200.0)
    assert far.limits.v / figure.limits.v == pytest.approx(1.5**6)
    assert far.limits.v >= far.v().max()
    zero = there(p1=0.0)
    assert zero.limits.v == figure.limits.v
    assert zero.v()[0, 9] == pytest.approx(612.1, abs=0.1)


# -- tables


def test_that_tables_have_the_numbers_of_the_matrix_shown(fitted):
    figure = matrices_figure(fitted(*SLEEP), EVERY)
    z = figure.table(Matrix.Z)
    assert z.columns[:4] == ("Row", "Subject", "Subject 308: Intercept", "Subject 308: Days")
    assert z.rows[2][:4] == (3, "308", 1.0, 2.0)
    v = figure.table(Matrix.V)
    assert v.columns[2] == "Row 1"
    assert v.rows[0][3] == pytest.approx(621.7, abs=0.1)
    parts = figure.table()
    assert parts.columns == ("Row", "Other row", "(Days | Subject)", "Residual", "Sum")
    assert len(parts.rows) == 18 * 55
    assert parts.rows[0][2:] == pytest.approx((612.1, 654.9, 1267.0), abs=0.1)
    lam = figure.table(Matrix.LAMBDA)
    assert lam.rows[1][:3] == (
        "Subject 308: Days",
        pytest.approx(0.0152, abs=1e-4),
        pytest.approx(0.2309, abs=1e-4),
    )
