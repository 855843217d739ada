"""A ledger of comparisons with ``teaching.json``: what was compared, how far apart, and what was not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from teaching_reasons import REASONS

FloatArray = NDArray[np.float64]

SAME, MONTE_CARLO, DIFFERENT = "same", "within Monte-Carlo error", "different"
# Largest relative difference that counts as the same.
TOLERANCE = 1e-3
# A figure is related to itself, or to this share of the largest figure of its comparison if it is smaller.
FLOOR = 1e-3
# Standard errors of the difference of two simulated figures that count as their error.
ERRORS = 4.0


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes
    ----------
    section, entry, quantity
        Where the reference has it, and what it is; what stands before a colon is its family.
    figures, beyond
        Numbers compared, and those of them that differ.
    absolute, relative
        Largest differences; for simulated figures ``relative`` is in standard errors of the difference.
    verdict, reason
        One of SAME, MONTE_CARLO, DIFFERENT; why, in the last case or where a word is needed.
    """

    section: str
    entry: str
    quantity: str
    figures: int
    beyond: int
    absolute: float
    relative: float
    verdict: str
    reason: str = ""


def numbers(value: Any) -> FloatArray:
    """Every number of a nested value, in order; NaN for null and NA."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        parts = [numbers(v) for v in value]
        return np.concatenate(parts) if parts else np.empty(0)
    if isinstance(value, np.ndarray):
        return np.asarray(value, dtype=float).ravel()
    if value is None or value == "NA":
        return np.array([np.nan])
    return np.array([float(value)])


@dataclass
class Ledger:
    """The reference, what of it was looked at, and the rows found."""

    reference: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def at(self, path: str) -> Any:
        """The reference's entry, which is ticked off."""
        self.seen.add(path)
        return self.peek(path)

    def peek(self, path: str) -> Any:
        """The reference's entry."""
        value: Any = self.reference
        for key in path.split("/"):
            value = value[key]
        return value

    def skip(self, path: str, why: str) -> None:
        """Tell that an entry is not compared."""
        self.left_out[path] = why

    def compare(
        self,
        path: str,
        quantity: str,
        ours: Any,
        *,
        theirs: Any = None,
        floor: float | None = None,
        case: str = "",
        of: str = "",
        **facts: object,
    ) -> Row:
        """Compare an entry; ``theirs`` where it must be brought into another form first.

        ``floor`` is the least magnitude that differences are related to; ``case`` names the reason for a
        difference in ``REASONS``, and ``facts`` fill it in. ``of`` is the path to tell people, if not this.
        """
        found = self.at(path)
        a, b = numbers(ours), numbers(found if theirs is None else theirs)
        gaps, relative = differences(a, b, floor)
        beyond = int(np.sum(relative > TOLERANCE))
        reason = explained(case, facts) if beyond else ""
        verdict = DIFFERENT if beyond else SAME
        largest = float(gaps.max(initial=0.0)), float(relative.max(initial=0.0))
        return self._note(of or path, quantity, (a.size, beyond), largest, verdict, reason)

    def simulated(
        self, path: str, quantity: str, ours: Any, errors: Any, *, theirs: Any = None, case: str = ""
    ) -> Row:
        """Compare figures that have Monte-Carlo errors; ``errors`` are SEs of the differences."""
        found = self.at(path)
        a, b, se = numbers(ours), numbers(found if theirs is None else theirs), numbers(errors)
        gap = np.abs(a - b)
        z = np.divide(gap, se, out=np.where(gap > 0.0, np.inf, 0.0), where=se > 0.0)
        beyond = int(np.sum(z > ERRORS))
        reason = explained(case, {}) if beyond else ""
        verdict = DIFFERENT if beyond else MONTE_CARLO
        largest = float(gap.max(initial=0.0)), float(z.max(initial=0.0))
        return self._note(path, quantity, (a.size, beyond), largest, verdict, reason)

    def equal(self, path: str, quantity: str, ours: Any, *, theirs: Any = None, case: str = "") -> Row:
        """Compare names, words and truth values, which are equal or not."""
        found = self.at(path)
        expected = found if theirs is None else theirs
        a, b = (x if isinstance(x, list) else [x] for x in (ours, expected))
        wrong = sum(x != y for x, y in zip(a, b, strict=False)) + abs(len(a) - len(b))
        reason = explained(case, {"ours": ours, "theirs": expected}) if wrong else ""
        gap = float(wrong)
        return self._note(path, quantity, (len(a), wrong), (gap, gap), DIFFERENT if wrong else SAME, reason)

    def _note(
        self,
        path: str,
        quantity: str,
        figures: tuple[int, int],
        largest: tuple[float, float],
        verdict: str,
        reason: str,
    ) -> Row:
        section, _, entry = path.partition("/")
        row = Row(section, entry, quantity, *figures, *largest, verdict, reason)
        self.rows.append(row)
        return row

    def leaves(self) -> Iterator[str]:
        """Every path of the reference that ends in a value or a list."""
        yield from _leaves(self.reference, "")

    def missed(self) -> list[str]:
        """Paths that were neither compared nor left out with a reason."""
        known = self.seen | set(self.left_out)
        return [leaf for leaf in self.leaves() if not any(_within(leaf, k) for k in known)]


def _within(leaf: str, path: str) -> bool:
    return leaf == path or leaf.startswith(path + "/")


def _leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}/{key}" if path else key)
    else:
        yield path


def differences(
    ours: FloatArray, theirs: FloatArray, floor: float | None = None
) -> tuple[FloatArray, FloatArray]:
    """Absolute and relative differences; infinite where only one of the two figures exists."""
    if ours.shape != theirs.shape:
        return np.full(max(ours.size, 1), np.inf), np.full(max(ours.size, 1), np.inf)
    alike = (np.isnan(ours) & np.isnan(theirs)) | (ours == theirs)
    with np.errstate(invalid="ignore"):
        gap = np.where(alike, 0.0, np.abs(ours - theirs))
    gap = np.where(np.isnan(gap), np.inf, gap)
    size = np.abs(theirs[np.isfinite(theirs)])
    least = FLOOR * float(size.max(initial=0.0)) if floor is None else floor
    base = np.maximum(np.where(np.isfinite(theirs), np.abs(theirs), 1.0), least)
    relative = np.divide(gap, base, out=np.where(gap > 0.0, np.inf, 0.0), where=base > 0.0)
    return gap, relative


def explained(case: str, facts: dict[str, object]) -> str:
    """A reason from the named cases, filled in."""
    if case not in REASONS:
        return "UNEXPLAINED" + (f" ({case})" if case else "")
    return REASONS[case].format(**facts)
