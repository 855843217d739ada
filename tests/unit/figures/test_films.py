"""Films of a fit: what their frames are."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.figures.film import Film, mixed
from mmgui.figures.films import film_choices, make_film, telling_film
from mmgui.inference.likelihood.covariance_point import CovarianceSpace
from mmgui.spec.formula import parse


def fitted(sample: str, formula: str, *, reml: bool = True) -> Fit:
    from dataclasses import replace

    return fit(FitJob(replace(parse(formula), reml=reml), load_sample(sample)))


@pytest.fixture(scope="module")
def sleep() -> CovarianceSpace:
    return CovarianceSpace(fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)", reml=False))


@pytest.fixture(scope="module")
def dyestuff() -> CovarianceSpace:
    return CovarianceSpace(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"))


def film_of(space: CovarianceSpace, key: str) -> Film:
    film = make_film(space, key)
    assert film is not None
    return film


def test_that_the_film_of_the_fit_shows_every_evaluation_and_ends_at_the_fit(sleep: CovarianceSpace) -> None:
    film, log = film_of(sleep, "fit"), sleep.fit.log
    assert [f.evaluation for f in film.frames[:-1]] == [k + 1 for k in range(len(log.objective))]
    for frame, objective in zip(film.frames, log.objective, strict=False):
        # A frame is a point of the model: its criterion, worked out there, is the optimiser's.
        assert sleep.criterion(frame.point) == pytest.approx(objective, abs=1e-8)
        assert sleep.fit.objective + frame.difference == pytest.approx(objective, abs=1e-8)
    assert film.ends_at_best
    assert sleep.criterion(film.frames[-1].point) == pytest.approx(sleep.fit.objective, abs=1e-9)
    # teaching.json, sleepstudy/deviance_at_theta, the last: 1751.93934448899
    assert sleep.fit.objective == pytest.approx(1751.93934448899, abs=1e-7)
    # Balanced data: the moments are the estimates, and what follows only makes sure.
    assert film.frames[-1].caption == "The best fit, evaluation 1: −2 log-likelihood 1751.94"
    assert telling_film(sleep.fit) == "far"


def test_that_the_last_evaluation_is_the_fit_where_it_is_the_lowest() -> None:
    space = CovarianceSpace(fitted("Machines", "score ~ Machine + (Machine | Worker)"))
    film, total = film_of(space, "fit"), len(space.fit.log.objective)
    assert len(film.frames) == total
    assert film.frames[-1].caption == f"Evaluation {total} of {total}: the best fit, REML criterion 208.31"
    assert film.frames[-1].point is space.best
    assert telling_film(space.fit) == "fit"


def test_that_a_fit_begun_far_off_starts_at_lambda_one(sleep: CovarianceSpace) -> None:
    film = film_of(sleep, "far")
    # teaching.json, sleepstudy/deviance_at_theta at (1, 0, 1): 1784.64229619245
    assert sleep.fit.objective + film.frames[0].difference == pytest.approx(1784.64229619245, abs=1e-7)
    assert sleep.theta(film.frames[0].point) == pytest.approx([1.0, 0.0, 1.0], abs=1e-9)
    assert film.last > 8
    assert film.frames[-1].difference == pytest.approx(0.0, abs=1e-6)
    # Steps down are told from trials.
    lowest = np.inf
    for frame in film.frames[:-1]:
        assert frame.step == (frame.difference < lowest)
        lowest = min(lowest, frame.difference)


def test_that_the_collapse_ends_where_one_singular_value_is_zero() -> None:
    space = CovarianceSpace(fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)"))
    film = film_of(space, "collapse:0:0")
    fits = [space.fit_at(f.point) for f in film.frames]
    smallest = [f.terms[0].singular_values[-1] for f in fits]
    assert smallest[0] == pytest.approx(space.fit.terms[0].singular_values[-1], rel=1e-6)
    assert np.all(np.diff(smallest) < 0.0)
    assert smallest[-1] == pytest.approx(0.0, abs=1e-6)
    assert fits[-1].terms[0].rank == 1
    assert not film.ends_at_best
    assert film.frames[-1].point.correlations[0][0, 1] == pytest.approx(1.0)
    # The criterion rises all the way.
    assert np.all(np.diff([f.difference for f in film.frames]) > 0.0)
    assert film.frames[-1].caption == (
        "Intercept and Slope of Days go together: correlation 1.00; REML criterion 9.67 above the best fit"
    )


def test_that_a_variance_goes_to_zero_and_the_rest_makes_up_for_it() -> None:
    space = CovarianceSpace(fitted("Pastes", "strength ~ 1 + (1 | batch/cask)"))
    film = film_of(space, "collapse:1:0")
    first, last = film.frames[0].point, film.frames[-1].point
    assert (first.sds[1][0], last.sds[1][0]) == (pytest.approx(2.904, abs=1e-3), 0.0)
    # teaching.json, Pastes/REML/batch_only: relative SD 0.6711036215245 of a larger residual
    assert last.sds[0][0] / last.sigma == pytest.approx(0.6711036215245, abs=1e-5)
    assert last.sigma > 3.0 * first.sigma


def test_that_a_singular_fit_is_reached_from_a_start_with_variance(dyestuff: CovarianceSpace) -> None:
    film = film_of(dyestuff, "collapse:0:0")
    assert film.frames[0].point.sds[0][0] > 1.0
    assert film.frames[-1].point is dyestuff.best
    assert film.frames[-1].point.sds[0].tolist() == [0.0]
    assert film.ends_at_best
    differences = [f.difference for f in film.frames]
    assert np.all(np.diff(differences) < 0.0)
    assert differences[-1] == 0.0


def test_that_a_film_leaves_out_searches_that_led_nowhere(dyestuff: CovarianceSpace) -> None:
    log = dyestuff.fit.log
    film = film_of(dyestuff, "fit")
    assert len(log.objective) > len(film.frames)
    assert film.last + 1 == int(np.sum(log.start == 0))
    assert f"{int(np.sum(log.start == 1))} of them, which led to nothing better, are left out" in film.summary
    assert film.position_of(1) == 0
    assert film.position_of(len(log.objective)) is None


def test_that_between_two_frames_the_parameters_change_evenly(sleep: CovarianceSpace) -> None:
    film = film_of(sleep, "far")
    one, middle, other = (film.point(p) for p in (3.0, 3.5, 4.0))
    assert one is film.frames[3].point
    assert middle.sds[0] == pytest.approx((one.sds[0] + other.sds[0]) / 2)
    rho = [p.correlations[0][0, 1] for p in (one, middle, other)]
    assert rho[1] == pytest.approx((rho[0] + rho[2]) / 2)
    assert film.frame(3.0) is film.frames[3]
    assert film.frame(3.5) is film.frames[4]
    assert film.point(-1.0) is film.frames[0].point
    assert film.point(1e9) is film.frames[-1].point


def test_that_a_pattern_is_kept_on_the_way() -> None:
    space = CovarianceSpace(fitted("Machines", "score ~ Machine + ar1(0 + Machine | Worker)"))
    for key in ("fit", "far", "without:0:0-1-2"):
        film = film_of(space, key)
        point = film.point(film.last / 2 - 0.4)
        rho = point.correlations[0][0, 1]
        assert point.correlations[0][0, 2] == pytest.approx(rho**2)
        assert point.sds[0] == pytest.approx(point.sds[0][0])
    assert film.frames[-1].point.sds[0].tolist() == [0.0, 0.0, 0.0]


def test_that_mixed_covariances_are_the_mixture(sleep: CovarianceSpace) -> None:
    film = film_of(sleep, "far")
    one, other = film.frames[0].point, film.frames[-1].point
    between = mixed(sleep.design.random, one, other, 0.25)

    def covariance(p):
        return np.outer(p.sds[0], p.sds[0]) * p.correlations[0]

    assert covariance(between) == pytest.approx(0.75 * covariance(one) + 0.25 * covariance(other))
    assert between.sigma**2 == pytest.approx(0.75 * one.sigma**2 + 0.25 * other.sigma**2)


def test_that_there_are_films_of_what_a_model_has() -> None:
    sleep = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    assert [c.title for c in film_choices(sleep)] == [
        "The fit",
        "A fit that begins far off",
        "Collapse of Subject",
        "SD of intercept, Subject, goes to zero",
        "SD of slope of Days, Subject, goes to zero",
    ]
    plain = fitted("sleepstudy", "Reaction ~ Days")
    assert film_choices(plain) == ()
    assert make_film(CovarianceSpace(sleep), "collapse:7:0") is None


def test_that_the_table_of_a_film_has_a_line_a_frame(sleep: CovarianceSpace) -> None:
    film = film_of(sleep, "fit")
    table = film.table()
    assert table.columns[:5] == (
        "Frame", "Evaluation", "Criterion above the best fit", "Subject: SD of Intercept",
        "Subject: SD of Days",
    )  # fmt: skip
    assert len(table.rows) == len(film.frames)
    # lme4, ML: SDs 23.7805 and 5.7168, sigma 25.5918
    assert table.rows[-1][3:6] == (
        pytest.approx(23.7805, abs=1e-3), pytest.approx(5.7168, abs=1e-3), pytest.approx(25.5918, abs=1e-3)
    )  # fmt: skip


def test_that_a_direction_that_is_small_from_the_beginning_is_seen_to_become_smaller() -> None:
    # The days counted from 2000 on: the slope's own direction has less than a percent of the intercept's.
    formula = "Reaction ~ I(Days + 2000) + (I(Days + 2000) | Subject)"
    film = film_of(CovarianceSpace(fitted("sleepstudy", formula)), "collapse:0:0")
    shares = [f.caption.split(": ")[1].split(" %")[0] for f in film.frames[:-1]]
    assert "0" not in shares
    assert len(set(shares)) > 5
    assert all(f.caption.startswith("Smallest direction of Subject: ") for f in film.frames[:-1])
    assert "go together: correlation −1.00" in film.frames[-1].caption
