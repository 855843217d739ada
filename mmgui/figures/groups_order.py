"""Orders in which groups can stand, each by something a person can name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.figures.wording import effect_titles
from mmgui.inference.variance.separate import pulled_to
from mmgui.spec.terms import INTERCEPT_NAME

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class GroupOrder:
    """One order of the groups.

    Attributes
    ----------
    key, title
        For programs and for people.
    meaning
        One sentence: what is compared, in which units, and which group comes first.
    values
        (L,) what is compared; NaN where a group has none.
    order
        (L,) the groups.
    upward
        Whether rows of a picture stand in it from the bottom to the top, as values on an axis do.
    """

    key: str
    title: str
    meaning: str
    values: FloatArray
    order: NDArray[np.intp]
    upward: bool = False

    @property
    def rows(self) -> NDArray[np.intp]:
        """(L,) the groups from bottom to top."""
        return self.order if self.upward else self.order[::-1]


def group_orders(
    fit: Fit, term: int, sizes: NDArray[np.intp], level: FloatArray, moved: FloatArray, response: str
) -> tuple[GroupOrder, ...]:
    """Level, size, the term's slopes, shrinkage, distance, name.

    ``level`` is the mean height of each group's line, ``moved`` the root mean square distance of its own
    line from the model's.
    """
    design = fit.design
    same = [k for k, r in enumerate(design.random) if r.grouping == design.random[term].grouping]
    slopes: list[GroupOrder] = []
    for k in same:
        fitted = fit.terms[k]
        values = pulled_to(design, k, fit.beta) + fitted.modes
        for j, title in enumerate(effect_titles(design, k)):
            if fitted.effects[j] != INTERCEPT_NAME:
                meaning = f"By the model's {_lower(title)} in each group, the smallest first."
                slopes.append(_ascending(f"effect:{k}:{fitted.effects[j]}", title, meaning, values[:, j]))
    distance = np.sqrt(sum(_squared_distance(fit.terms[k].modes, fit.terms[k].covariance) for k in same))
    names = np.arange(len(sizes), dtype=np.float64)
    return (
        _ascending("level", "Level", f"By the mean height of the model's line in {response}.", level),
        _descending("size", "Size", "By the number of rows, the largest first.", sizes.astype(np.float64)),
        *slopes,
        _descending(
            "shrinkage",
            "Shrinkage",
            f"By how far the model moved a group from its own line, the farthest first: root mean square "
            f"difference of the two over the group's rows, in units of {response}.",
            moved,
        ),
        _descending(
            "distance",
            "Distance",
            "By how unusual a group is under Σ, the most unusual first: Mahalanobis distance of its mode "
            "from the average, in standard deviations.",
            np.asarray(distance),
        ),
        _ascending("name", "Name", "By name.", names, upward=False),
    )


def _squared_distance(modes: FloatArray, covariance: FloatArray) -> FloatArray:
    """b' Σ⁺ b of each group: directions without variance, in which no mode can lie, do not count."""
    values, vectors = np.linalg.eigh(covariance)
    kept = values > 1e-9 * max(float(values[-1]), 0.0)
    if not kept.any() or values[-1] <= 0.0:
        return np.zeros(len(modes))
    return np.asarray(np.sum((modes @ vectors[:, kept]) ** 2 / values[kept], axis=1))


def _ascending(key: str, title: str, meaning: str, values: FloatArray, *, upward: bool = True) -> GroupOrder:
    return GroupOrder(key, title, meaning, values, np.argsort(_settled(values), kind="stable"), upward)


def _descending(key: str, title: str, meaning: str, values: FloatArray) -> GroupOrder:
    # NaN last in either direction.
    return GroupOrder(key, title, meaning, values, np.argsort(-_settled(values), kind="stable"))


def _settled(values: FloatArray) -> FloatArray:
    """Values without the last bits, in which groups that are alike would differ by rounding."""
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    if largest == 0.0:
        return values
    step = 10.0 ** (np.floor(np.log10(largest)) - 11)
    return np.asarray(np.round(values / step))


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:] if title.startswith("Slope of") else title
