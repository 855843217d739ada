"""Principal components of random effects, on the scales of covariances and of correlations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.inference.variance.principal_components import principal_components
from mmgui.spec.formula import parse

FitOf = Callable[..., Fit]


def on_sample(name: str, formula: str) -> Fit:
    return fit(FitJob(parse(formula), load_sample(name)))


# lme4 1.1-31, rePCA and svd of the correlation factor (teaching.json, rePCA and rePCA_corr).
@pytest.mark.parametrize(
    ("sample", "formula", "sdev", "proportion", "correlation", "cumulative"),
    [
        (
            "sleepstudy", "Reaction ~ Days + (Days | Subject)",
            [0.9668679722517, 0.2308798142015], [0.9460546747587, 0.0539453252413],
            [1.032255413276, 0.9666688997593], [0.5327756191191, 1.0],
        ),
        (
            "Machines", "score ~ Machine + (0 + Machine | Worker)",
            [10.308915201157, 2.776600184236, 2.305245598842],
            [0.8908302610102, 0.06462428084275, 0.044545458147],
            [1.57059048477, 0.6155115450024, 0.3929262871296], [0.8222514902838, 0.9485363109609, 1.0],
        ),
        (
            "Machines", "score ~ Machine + (Machine | Worker)",
            [6.634529379816, 4.632380127882, 2.146956963843],
            [0.6280482315621, 0.3061830420467, 0.0657687263912],
            [1.221747683831, 1.129849774996, 0.480387430096], [0.4975558009822, 0.9230759723353, 1.0],
        ),
        (
            "sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)",
            [1.407014541174, 1.094166446224, 0.2480725170417, 0.0],
            [0.6113116093267, 0.3696853639847, 0.01900302668866, 0.0],
            [1.444219097998, 1.354274371732, 0.2831468224197, 0.0],
            [0.5214422007558, 0.9799569692384, 1.0, 1.0],
        ),
        (
            "sleepstudy", "Reaction ~ poly(Days, 3) + (poly(Days, 3) | Subject)",
            [11.495932133698, 7.506572482594, 3.679615619543, 1.085063729904],
            [0.6503057853695, 0.2772762041615, 0.06662452758136, 0.00579348288764],
            [1.38938100996, 1.143161750325, 0.7764458579214, 0.399916805692],
            [0.4825948977092, 0.8092995945605, 0.9600166371313, 1.0],
        ),
    ],
)  # fmt: skip
def test_components_on_both_scales_are_those_of_lme4(
    sample: str,
    formula: str,
    sdev: list[float],
    proportion: list[float],
    correlation: list[float],
    cumulative: list[float],
) -> None:
    (found,) = principal_components(on_sample(sample, formula))
    np.testing.assert_allclose(found.covariance.sdev, sdev, rtol=2e-4, atol=2e-4)
    np.testing.assert_allclose(found.covariance.proportion, proportion, rtol=2e-4, atol=2e-5)
    np.testing.assert_allclose(found.correlation.sdev, correlation, rtol=2e-4, atol=2e-4)
    np.testing.assert_allclose(found.correlation.cumulative, cumulative, rtol=2e-4)


def test_every_sd_and_correlation_is_innocent_while_one_combination_has_no_variance() -> None:
    """SDs 0.96, 0.91, 0.65, 0.78 and no correlation beyond 0.87: the rank is 3 of 4."""
    fit_ = on_sample("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
    (found,) = principal_components(fit_)
    assert (found.covariance.rank, found.correlation.rank, found.rank) == (3, 3, 3)
    term = fit_.terms[0]
    assert np.abs(term.correlation[~np.eye(4, dtype=bool)]).max() < 0.9
    assert term.sd.min() > 0.5
    # lme4's last column of the rotation, up to its sign.
    last = [0.3665124674947, -0.049894339521, -0.5676327708934, 0.7355081260344]
    np.testing.assert_allclose(found.covariance.rotation[:, 3], last, atol=2e-3)
    (sentence,) = found.collapsed
    assert sentence.startswith("Across the groups of g, ")
    assert " is fixed by the others: a group's deviation in " in sentence


def test_the_sentence_about_a_collapsed_direction_is_true_of_the_modes() -> None:
    """The slope of nitrogen follows from the block's level: the correlation is at 1."""
    fit_ = on_sample("Oats", "yield ~ nitro + (nitro | Block)")
    (found,) = principal_components(fit_)
    (sentence,) = found.collapsed
    start = "Across the groups of Block, nitro is fixed by the others: a group's deviation in nitro is "
    assert sentence.startswith(start)
    weight, name = sentence.removeprefix(start).removesuffix(".").split(" × ")
    assert name == "Intercept"
    modes = fit_.terms[0].modes
    np.testing.assert_allclose(modes[:, 1], float(weight) * modes[:, 0], rtol=5e-3)


def test_loadings_are_in_the_users_units(fitted: FitOf) -> None:
    fit_ = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    (found,) = principal_components(fit_)
    for scale in (found.covariance, found.correlation):
        np.testing.assert_allclose(scale.loadings @ scale.loadings.T, fit_.terms[0].covariance, rtol=1e-9)
        np.testing.assert_allclose(scale.rotation.T @ scale.rotation, np.eye(2), atol=1e-12)


def test_uncorrelated_terms_of_one_factor_stand_side_by_side_as_in_lme4() -> None:
    """lme4's rePCA of score ~ Machine + (1 | Worker) + (0 + Machine | Worker), REML criterion 208.3112.

    Nothing tells its intercept from the machines, so only the criterion is lme4's; the components add up.
    """
    fit_ = on_sample("Machines", "score ~ Machine + (1 | Worker) + (0 + Machine | Worker)")
    (found,) = principal_components(fit_, by_grouping=True)
    assert (found.terms, found.covariance.effects) == (
        (0, 1), ("(Intercept)", "MachineA", "MachineB", "MachineC"),
    )  # fmt: skip
    apart = principal_components(fit_)
    assert [p.terms for p in apart] == [(0,), (1,)]
    together = np.sort(np.concatenate([p.covariance.sdev for p in apart]))[::-1]
    np.testing.assert_allclose(found.covariance.sdev, together, atol=1e-9)


def test_a_random_effect_without_variance_has_no_shares(fitted: FitOf) -> None:
    (found,) = principal_components(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"))
    assert found.covariance.sdev.tolist() == [0.0]
    assert np.isnan(found.covariance.proportion).all()
    assert (found.covariance.rank, found.correlation.rank, found.correlation.effects) == (0, 0, ())
    assert found.collapsed == ("Intercept does not differ between the groups of Batch.",)


def test_more_effects_than_groups_cannot_all_vary() -> None:
    """Four plots and five treatments: lme4's singular values are 1.2614, 0.2541, and three below 1e-4."""
    fit_ = on_sample("sim_plots_treatments", "y ~ ttt + (ttt | plot)")
    (found,) = principal_components(fit_)
    assert fit_.objective <= 340.535997323286 + 1e-5
    np.testing.assert_allclose(found.covariance.sdev[:2], [1.261421143563, 0.2540684406661], rtol=2e-3)
    assert found.covariance.sdev[2:].max() < 1e-3
    assert found.rank == 2
    assert len(found.collapsed) == 3
