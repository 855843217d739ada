"""What every estimate would be without a group, against refits by lme4."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.figures.influence import deletion_outline, influence_figure

SLOPES = "Reaction ~ Days + (Days | Subject)"


@pytest.fixture
def subjects(fitted):
    return influence_figure(fitted("sleepstudy", SLOPES), "Subject")


def test_that_estimates_without_a_subject_agree_with_the_reference(subjects):
    # teaching.json, sleepstudy.influence: cooks (lme4's, which is (18 - 2)/18 of HLMdiag's and
    # influence.ME's), fixef_minus and varcomp_minus, whose optimiser stops 1e-3 short.
    cooks = dict(zip(subjects.levels, subjects.cooks * 16 / 18, strict=True))
    for name, value in (("308", 0.08214840506941), ("309", 0.1320207979578), ("335", 0.1150936784396)):
        assert cooks[name] == pytest.approx(value, rel=2e-4)
    at = subjects.levels.index("309")
    without = {e.name: float(e.without[at]) for e in subjects.estimates}
    assert without["Intercept"] == pytest.approx(254.131584812834, rel=1e-9)
    assert without["Days"] == pytest.approx(10.949962459893, rel=1e-9)
    assert without["σ"] ** 2 == pytest.approx(688.836996060788, rel=1e-4)
    assert without["SD of Intercept"] ** 2 == pytest.approx(510.611327725113, rel=1e-4)
    assert without["SD of Days"] ** 2 == pytest.approx(32.891231437609, rel=1e-3)
    covariance = without["SD of Intercept"] * without["SD of Days"] * without["cor. Intercept, Days"]
    assert covariance == pytest.approx(-15.34495301519, rel=1e-3)


def test_that_the_table_begins_with_the_fit_of_all_groups(subjects):
    table = subjects.table()
    assert table.columns[:5] == ("Without Subject", "Rows", "Cook's distance", "Intercept", "Days")
    assert table.rows[0][:4] == ("(all groups)", 180, None, pytest.approx(251.405, abs=1e-3))
    assert len(table.rows) == 19


def test_that_a_ghost_is_the_fit_without_a_group(subjects):
    ghost = subjects.ghost("308")
    # teaching.json, sleepstudy.influence: fixef_minus and varcomp_minus of 308.
    assert ghost.beta == pytest.approx([251.829365775399, 9.802732049911], rel=1e-9)
    assert ghost.sigma**2 == pytest.approx(559.17735104437, rel=1e-4)
    expected = [[694.130056675579, 8.146176100179], [8.146176100179, 30.47473267545]]
    assert ghost.covariances[0] == pytest.approx(np.array(expected), rel=1e-3)
    assert ghost.sds[0] == pytest.approx(np.sqrt([694.130056675579, 30.47473267545]), rel=1e-3)
    assert ghost.name == "without 308"
    assert ghost.table().rows[0][0] == "Intercept"
    assert subjects.ghost("nobody") is None


def test_that_what_is_done_is_told_as_it_comes_and_kept_when_stopped(fitted):
    fit = fitted("sleepstudy", SLOPES)
    seen = []

    def progress(done, total, _at, figure):
        seen.append((done, total, len(figure.levels)))

    figure = influence_figure(fit, "Subject", progress=progress, should_stop=lambda: len(seen) >= 5)
    assert 5 <= len(figure.levels) < 18
    assert not figure.complete
    assert f"{len(figure.levels)} of 18 groups are left out so far." in figure.notes()
    seen.clear()
    whole = influence_figure(fit, "Subject", progress=progress)
    assert seen[-1] == (18, 18, 18)
    assert whole.complete
    assert figure.cooks == pytest.approx(whole.cooks[: len(figure.levels)])


def test_that_each_grouping_factor_can_be_left_out(fitted):
    fit = fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)")
    figure = influence_figure(fit, "sample")
    assert (figure.grouping, figure.term, len(figure.levels)) == ("sample", 1, 6)
    assert [e.name for e in figure.of("sd")] == ["plate: SD of Intercept", "sample: SD of Intercept"]
    assert len(figure.ghost("A").covariances) == 2


def test_that_lost_reference_levels_are_told(fitted):
    figure = influence_figure(fitted("Machines", "score ~ Machine + (1 | Worker) + (1 | Machine)"), "Machine")
    assert figure.warnings[0] == (
        "Without A, B and C some fixed effects have no estimate: they are the effect of what leaves with the "
        "group, or a difference from it."
    )
    assert np.isnan(figure.of("fixed")[0].without).tolist() == [True, False, False]


def test_that_a_refit_that_becomes_singular_or_ceases_to_be_is_named(fitted):
    figure = influence_figure(fitted("Pastes", "strength ~ 1 + (1 | batch) + (1 | batch:cask)"), "batch")
    # lme4 1.1-31: of the fits without one batch that without E has no variance between batches.
    assert figure.warnings == ("Without E the fit is singular.",)
    figure = influence_figure(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), "Batch")
    # Singular with all groups, and without any.
    assert figure.warnings == ()
    assert figure.ghost("A").covariances[0].tolist() == [[0.0]]


def test_that_many_refits_of_a_large_model_are_asked_for_first(fitted):
    fit = fitted("sleepstudy", SLOPES)
    assert deletion_outline(fit, "Subject").quick
    assert deletion_outline(fit, "Subject").groups == 18
