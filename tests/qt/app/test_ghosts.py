"""The ghost: the fit without the picked group, where it is known."""

from __future__ import annotations

import pytest

from mmgui.app.ghosts import GhostModel
from mmgui.app.selection import Selection, SelectionModel
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.influence import influence_figure
from mmgui.spec.formula import parse


@pytest.fixture(scope="module")
def figure():
    model = fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")))
    return influence_figure(model, "Subject")


@pytest.fixture
def ghosts(qtbot):
    selection = SelectionModel()
    model = GhostModel()
    model.follow(selection)
    return model, selection


def test_that_a_picked_group_has_a_ghost_once_its_refit_is_known(ghosts, figure):
    model, selection = ghosts
    told = []
    model.ghost_changed.connect(told.append)
    selection.pick("Subject", "335")
    assert model.ghost is None
    model.take(figure)
    assert model.ghost.name == "without 335"
    assert [g.level for g in told] == ["335"]
    selection.pick("Subject", "308")
    assert told[-1].level == "308"
    selection.clear()
    assert model.ghost is None
    assert told[-1] is None


def test_that_several_groups_or_a_row_have_none(ghosts, figure):
    model, selection = ghosts
    model.take(figure)
    selection.set_selection(Selection(frozenset({("Subject", "308"), ("Subject", "309")})))
    assert model.ghost is None
    selection.set_selection(Selection(frozenset({("Subject", "308")}), None, (3,)))
    assert model.ghost is None


def test_that_another_fit_has_no_ghosts_of_the_one_before(ghosts, figure):
    model, selection = ghosts
    model.take(figure)
    selection.pick("Subject", "335")
    assert model.ghost is not None
    model.show(figure.fit)
    assert model.ghost is not None
    model.show(None)
    assert model.ghost is None


def test_that_a_picked_group_is_left_out_at_once_where_that_is_a_moment(ghosts, figure, qtbot):
    model, selection = ghosts
    model.show(figure.fit)
    assert model.possible
    selection.pick("Subject", "335")
    assert not model.busy
    assert not model.shown
    model.set_shown(True)
    qtbot.waitUntil(lambda: model.ghost is not None)
    # teaching.json, sleepstudy.influence: fixef_minus of 335.
    assert model.ghost.beta == pytest.approx([250.72101144385, 11.252481247772], rel=1e-8)
    selection.pick("Subject", "308")
    selection.pick("Subject", "309")
    qtbot.waitUntil(lambda: model.ghost is not None and model.ghost.level == "309")
    selection.pick("Subject", "335")
    assert model.ghost.level == "335"
    assert not model.busy
    model.set_shown(False)
    assert model.ghost is None
    model.shutdown()


def test_that_ghosts_are_shown_once_influence_was_looked_at_unless_a_person_wants_none(ghosts, figure):
    model, selection = ghosts
    selection.pick("Subject", "335")
    model.take(figure)
    assert model.shown
    model.set_shown(False)
    model.take(figure)
    assert not model.shown
    assert model.ghost is None


def test_that_a_group_that_the_model_has_not_is_left_out_of_nothing(ghosts, figure):
    model, selection = ghosts
    model.show(figure.fit)
    model.set_shown(True)
    selection.pick("Item", "335")
    assert not model.busy
    assert model.ghost is None
