"""Influence of rows and groups against lme4's influence(), cooks.distance() and refits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.data.read import read_text
from mmgui.engine.criterion import Criterion
from mmgui.engine.design import Design
from mmgui.engine.fit import FitJob, fit, fit_design
from mmgui.engine.result import Fit
from mmgui.errors import ModelError
from mmgui.inference.refits.deletion import delete_groups, delete_rows
from mmgui.inference.refits.reduced import without_rows
from mmgui.inference.rows.influence import row_influence
from mmgui.spec.formula import parse

FitOf = Callable[..., Fit]
DesignOf = Callable[..., Design]

RIS = "Reaction ~ Days + (Days | Subject)"
NESTED = "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)"


def test_cooks_distances_of_rows_are_those_of_lme4(fitted: FitOf) -> None:
    found = row_influence(fitted("sleepstudy", RIS))
    # lme4 1.1-31: cooks.distance(), bobyqa with rhoend = 1e-9; rows 1, 2, 3, 8, 180.
    expected = [0.00496312388242, 0.04020594869488, 0.22609775592912, 1.80767988572895, 0.01286065721039]
    assert found.cooks[[0, 1, 2, 7, 179]] == pytest.approx(expected, rel=1e-4)
    found = row_influence(fitted("Machines", NESTED))
    expected = [0.11126571103443, 0.00592974015841, 0.05334646673720]
    assert found.cooks[:3] == pytest.approx(expected, rel=1e-4)


def test_weights_enter_cooks_distances_as_in_lme4(design: DesignOf) -> None:
    weighted = replace(design("sleepstudy", RIS), weights=np.tile([1.0, 2.0, 4.0], 60))
    # lme4 1.1-31: cooks.distance(lmer(…, weights = rep(c(1, 2, 4), 60))).
    expected = [0.000704633712841, 0.025036440165771, 0.698892997027510, 0.000691918995411]
    assert row_influence(fit_design(weighted)).cooks[:4] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("dataset", "formula"),
    [("sleepstudy", RIS), ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"), ("Machines", NESTED)],
)
@pytest.mark.parametrize("reml", [True, False])
def test_what_a_row_adds_is_exact_while_theta_is_held(
    fitted: FitOf, dataset: str, formula: str, reml: bool
) -> None:
    result = fitted(dataset, formula, reml)
    found = row_influence(result)
    for row in (0, 7, 20):
        rest = without_rows(result.design, np.array([row])).design
        again = Criterion(rest).solution(result.theta, conditional=False)
        assert found.dfbeta[row] == pytest.approx(result.beta - again.beta, abs=1e-9)
        change = result.beta - again.beta
        cooks = change @ np.linalg.solve(result.vcov_beta, change) / len(change)
        assert found.cooks_fixed[row] == pytest.approx(cooks, rel=1e-6, abs=1e-12)
        # σ without the row, on n - p - 1.
        p, left = len(result.beta), result.nobs - 1
        sigma = again.sigma * np.sqrt((left - (p if reml else 0)) / (left - p))
        error = (result.design.y - result.fitted)[row]
        expected = error / (sigma * np.sqrt(1.0 - found.leverage[row]))
        assert found.studentised[row] == pytest.approx(expected, rel=1e-8)


def test_estimates_without_each_subject_agree_with_the_reference(fitted: FitOf) -> None:
    result = fitted("sleepstudy", RIS)
    found = delete_groups(result, "Subject")
    assert found.labels[:3] == ("308", "309", "310")
    assert found.converged.all()
    assert not found.singular.any()
    # teaching.json, sleepstudy.influence.fixef_minus (intercept; Days) of 308, 309, 335, 372.
    rows = [found.labels.index(s) for s in ("308", "309", "335", "372")]
    expected = [
        [251.829365775399, 9.802732049911], [254.131584812834, 10.949962459893],
        [250.72101144385, 11.252481247772], [250.485122780749, 10.418416114081],
    ]  # fmt: skip
    assert found.without.beta[rows] == pytest.approx(np.array(expected), rel=1e-9)
    # lme4 1.1-31 refitted with bobyqa, rhoend = 1e-10: σ², var(intercept), cov, var(Days). The default
    # optimiser behind varcomp_minus stops 1e-3 short in the covariance.
    expected = [
        [559.17882204692, 694.12544295311, 8.14065323022, 30.47434914318],
        [688.8339873311, 510.6083356998, -15.3480679508, 32.8932994500],
    ]
    sd, correlation = found.without.sd[0][:2], found.without.correlation[0][:2, 0, 1]
    covariance = correlation * sd[:, 0] * sd[:, 1]
    made = np.column_stack([found.without.sigma[:2] ** 2, sd[:, 0] ** 2, covariance, sd[:, 1] ** 2])
    assert made == pytest.approx(np.array(expected), rel=5e-6)


def test_cooks_distances_of_subjects_agree_with_the_reference(fitted: FitOf) -> None:
    found = delete_groups(fitted("sleepstudy", RIS), "Subject")
    # teaching.json, sleepstudy.influence.cooks: lme4's cooks.distance(influence(fit, "Subject")), which
    # multiplies the usual distance by (18 - 2)/18; 308, 309, 310, 330, 331, 332.
    expected = [
        0.08214840506941, 0.1320207979578, 0.09824074429175, 0.07414650244086, 0.05012150650643,
        0.005613424039021,
    ]  # fmt: skip
    assert found.cooks_lme4[:6] == pytest.approx(expected, rel=2e-5)
    assert found.cooks[:6] == pytest.approx(np.array(expected) * 18 / 16, rel=2e-5)
    # R: det(vcov without) / det(vcov), and (β - β without)' vcov(without)⁻¹ (β - β without) / 2.
    assert found.covratio[0] == pytest.approx(1.03171844, rel=1e-4)
    assert found.mdffits[0] == pytest.approx(0.100774243842, rel=1e-4)
    # lme4: dfbetas(), of the other sign.
    expected = [[0.0587248529039, -0.448927457541], [0.4108763921804, 0.309889753661]]
    assert -found.dfbetas[:2] == pytest.approx(np.array(expected), rel=1e-4)


def test_without_a_worker_his_cells_leave_too(fitted: FitOf) -> None:
    found = delete_groups(fitted("Machines", NESTED), "Worker", ("2", "6"))
    # lme4 1.1-31: influence(fit, "Worker"); variances refitted with bobyqa, rhoend = 1e-10.
    expected = [[52.3133333333, 8.16, 14.8466666667], [53.4666666667, 10.1933333333, 13.8]]
    assert found.without.beta == pytest.approx(np.array(expected), rel=1e-9)
    assert found.without.sigma**2 == pytest.approx([1.04955558299, 0.716666672442], rel=1e-6)
    assert found.without.sd[0][:, 0] ** 2 == pytest.approx([28.34733151379, 8.241017663842], rel=1e-5)
    assert found.without.sd[1][:, 0] ** 2 == pytest.approx([15.61603597727, 4.454611167277], rel=1e-5)
    assert found.labels == ("2", "6")
    assert [len(r) for r in found.rows] == [9, 9]


def test_a_variance_of_zero_may_stay_zero_without_a_group(fitted: FitOf) -> None:
    found = delete_groups(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), "Batch", ("A", "F"))
    # lme4 1.1-31: influence(fit, "Batch").
    assert found.without.sigma**2 == pytest.approx([15.1263819067, 14.4576728933], rel=1e-6)
    assert found.without.sd[0].ravel().tolist() == [0.0, 0.0]
    assert found.singular.all()
    assert found.without.beta.ravel() == pytest.approx([5.55336, 6.03368], rel=1e-9)


def test_a_variance_of_zero_is_left_where_the_rest_needs_one(design: DesignOf) -> None:
    """The refit starts at the whole fit's zero and must not stay there."""
    plain = design("Dyestuff2", "Yield ~ 1 + (1 | Batch)")
    spread = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])[plain.random[0].codes] * 4.0
    within = np.tile([-1.0, -0.5, 0.0, 0.5, 1.0], 6)
    y = np.where(plain.random[0].codes == 5, spread + 60.0 * within, spread + within)
    whole = fit_design(replace(plain, y=y))
    assert whole.singular
    found = delete_groups(whole, "Batch", ("F",))
    # Balanced one-way: σ² = 0.625 within, σ_b² = MSB/5 - σ²/5 with group means 4 apart.
    assert found.without.sigma[0] ** 2 == pytest.approx(0.625, rel=1e-6)
    assert found.without.sd[0][0, 0] ** 2 == pytest.approx(40.0 - 0.125, rel=1e-6)


def test_refits_without_single_rows_agree_with_lme4(fitted: FitOf) -> None:
    result = fitted("sleepstudy", RIS)
    found = delete_rows(result, (0, 7, 56))
    # lme4 1.1-31: influence(fit), cases 1, 8, 57, bobyqa with rhoend = 1e-9.
    expected = [
        [251.510670502, 10.4506176986], [251.157094896, 10.6739609197], [251.252434595, 10.3146157063],
    ]  # fmt: skip
    assert found.without.beta == pytest.approx(np.array(expected), rel=1e-7)
    assert found.without.sigma**2 == pytest.approx([659.373340601, 563.659069312, 518.810695526], rel=1e-5)
    # lme4's cooks.distance(influence(fit)) has the factor (180 - 2)/180.
    expected_cooks = np.array([0.000156062964474, 0.009001168019044, 0.005474667595338]) * 180 / 178
    assert found.cooks == pytest.approx(expected_cooks, rel=1e-3)
    assert found.covratio == pytest.approx([1.00875440854, 1.1348622506, 1.0105064233], rel=1e-4)
    assert found.labels == ("1", "8", "57")


def test_columns_and_effects_that_only_a_group_has_are_nan_without_it(design: DesignOf) -> None:
    plain = design("sleepstudy", RIS)
    alone = (plain.random[0].codes == 0).astype(float)
    random = replace(
        plain.random[0],
        effects=("(Intercept)", "Days", "alone"),
        columns=np.column_stack([plain.random[0].columns, alone * np.arange(180)]),
        blocks=((0, 1), (2,)),
    )
    mine = replace(
        plain,
        x=np.column_stack([plain.x, alone]),
        fixed_names=(*plain.fixed_names, "alone"),
        assign=np.append(plain.assign, 2),
        random=(random,),
    )
    found = delete_groups(fit_design(mine), "Subject", ("308", "309"))
    assert np.isnan(found.without.beta[0, 2])
    assert np.isnan(found.without.sd[0][0, 2])
    assert np.isnan(found.cooks[0])
    assert np.isnan(found.covratio[0])
    # The rest is the model without them.
    rest = without_rows(plain, np.flatnonzero(alone)).design
    assert found.without.beta[0, :2] == pytest.approx(fit_design(rest).beta, rel=1e-7)
    assert not np.isnan(found.without.sd[0][1]).any()


def test_where_too_few_groups_are_left_it_is_said(fitted: FitOf, design: DesignOf) -> None:
    two = design("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    rows = np.flatnonzero(two.random[0].codes > 1)
    result = fit_design(without_rows(two, rows).design)
    found = delete_groups(result, "Subject")
    assert found.labels == ("308", "309")
    assert np.isnan(found.without.beta).all()
    assert found.failed[0][0] == "308"
    assert found.failed[0][1].startswith("Without it fewer than two groups of Subject are left")


def test_deletions_report_progress_and_keep_what_is_done(fitted: FitOf) -> None:
    told: list[tuple[int, int]] = []
    found = delete_groups(
        fitted("sleepstudy", RIS),
        "Subject",
        workers=1,
        on_progress=lambda done, total: told.append((done, total)),
        should_stop=lambda: len(told) >= 3,
    )
    assert told == [(1, 18), (2, 18), (3, 18)]
    assert found.labels == ("308", "309", "310")
    assert found.without.beta[0] == pytest.approx([251.829365775399, 9.802732049911], rel=1e-9)


def test_two_processes_find_what_one_finds(fitted: FitOf) -> None:
    result = fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    one, two = (delete_groups(result, "Subject", workers=k) for k in (1, 2))
    assert one.labels == two.labels
    assert np.array_equal(one.without.beta, two.without.beta)


def test_unknown_groups_are_refused_with_a_sentence(fitted: FitOf) -> None:
    result = fitted("sleepstudy", RIS)
    with pytest.raises(ModelError, match="no grouping factor School; it has Subject") as refused:
        delete_groups(result, "School")
    assert refused.value.code == "no_such_grouping"
    with pytest.raises(ModelError, match="Subject has no group 999"):
        delete_groups(result, "Subject", ("999",))
    with pytest.raises(ModelError, match="positions from 0 to 179"):
        delete_rows(result, (180,))


def test_a_row_with_leverage_one_has_no_influence_to_speak_of(design: DesignOf) -> None:
    plain = design("sleepstudy", RIS)
    only = np.zeros(180)
    only[3] = 1.0
    mine = replace(
        plain,
        x=np.column_stack([plain.x, only]),
        fixed_names=(*plain.fixed_names, "only"),
        assign=np.append(plain.assign, 2),
    )
    found = row_influence(fit_design(mine))
    assert found.leverage[3] == pytest.approx(1.0)
    assert np.isnan(found.cooks[3])
    assert np.isnan(found.dfbeta[3]).all()
    assert not np.isnan(np.delete(found.cooks, 3)).any()


def test_that_a_fixed_effect_without_its_reference_level_has_no_estimate(fitted: FitOf) -> None:
    # nlme::Machines is balanced: lme4's fixed effects are 52.35556, 7.966667 and 13.91667.
    found = delete_groups(fitted("Machines", "score ~ Machine + (1 | Worker) + (1 | Machine)"), "Machine")
    assert found.labels == ("A", "B", "C")
    assert found.without.beta[1:] == pytest.approx(
        np.array([[52.35556, np.nan, 13.91667], [52.35556, 7.966667, np.nan]]), rel=1e-5, nan_ok=True
    )
    # Without A, the intercept would be the mean of B, and MachineC a difference from B.
    assert np.isnan(found.without.beta[0]).all()
    assert np.isnan(found.without.vcov[0]).all()
    assert found.failed == ()


def test_that_a_covariate_keeps_its_estimate_where_the_reference_level_leaves() -> None:
    rng = np.random.default_rng(4)
    group = np.repeat(np.arange(12), 5)
    kind, x = np.array(list("ABC"))[group % 3], rng.normal(size=60).round(3)
    y = (x + (group % 3) + rng.normal(size=12)[group] + rng.normal(size=60)).round(3)
    lines = ["y,x,kind,g", *(f"{a},{b},{c},g{d}" for a, b, c, d in zip(y, x, kind, group, strict=True))]
    formula = "y ~ kind + x + (1 | g) + (1 | kind)"
    found = delete_groups(fit(FitJob(parse(formula), read_text("\n".join(lines), "t"))), "kind", ("A",))
    rest = [lines[0], *(line for line in lines[1:] if ",A," not in line)]
    alone = fit(FitJob(parse(formula), read_text("\n".join(rest), "t")))
    assert found.fixed_names == ("(Intercept)", "kindB", "kindC", "x")
    assert np.isnan(found.without.beta[0, :3]).all()
    assert found.without.beta[0, 3] == pytest.approx(alone.beta[2], rel=1e-5)
    assert np.sqrt(found.without.vcov[0, 3, 3]) == pytest.approx(alone.se[2], rel=1e-4)
