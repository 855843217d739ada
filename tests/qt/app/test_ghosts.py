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
