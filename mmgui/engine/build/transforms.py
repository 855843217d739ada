"""The listed functions of a formula on a column of numbers.

Gaps (NaN) stay gaps. What a function learns from its column (mean, knots, orthogonal polynomials) it
learns from every row in which its argument is a finite number, as R does, whether or not the row is used;
new rows are transformed by the rule it learned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.build import arguments
from mmgui.engine.build.polynomials import arnoldi_polynomials
from mmgui.engine.build.rules import (
    BSpline,
    NaturalSpline,
    OrthogonalPolynomial,
    RawPolynomial,
    Rule,
    Standardization,
)
from mmgui.engine.build.size import ensure_size
from mmgui.engine.build.splines import bs_knots, ns_knots, quantile_knots
from mmgui.errors import ModelError, Where
from mmgui.spec.expression import Call, Expression, show

FloatArray = NDArray[np.float64]
Options = Mapping[str, Expression]
Transform = Callable[["Argument", Options], FloatArray]
Learner = Callable[["Argument", Options], tuple[Rule, FloatArray]]
"""Gives the rule learned and its values where the argument is known."""


@dataclass(frozen=True, eq=False, slots=True)
class Argument:
    """A call, its first argument evaluated on the whole table, and which rows the model uses (None: all)."""

    call: Call
    shown: str
    x: FloatArray
    used: NDArray[np.bool_] | None

    def count(self, bad: NDArray[np.bool_]) -> int:
        """In how many rows used something is so."""
        return int((bad if self.used is None else bad & self.used).sum())

    @property
    def present(self) -> NDArray[np.bool_]:
        """Rows in which the argument is a finite number."""
        return np.isfinite(self.x)

    @property
    def known(self) -> FloatArray:
        """The finite numbers of the argument."""
        present = self.present
        return self.x if present.all() else self.x[present]

    @property
    def where(self) -> Where:
        """The term an error is about."""
        return Where("term", show(self.call))


def _elementwise(function: Callable[[FloatArray], FloatArray]) -> Transform:
    def transform(argument: Argument, _options: Options) -> FloatArray:
        return function(argument.x)

    return transform


def _logarithm(function: Callable[[FloatArray], FloatArray]) -> Transform:
    def transform(argument: Argument, options: Options) -> FloatArray:
        bad = argument.count(argument.x <= 0)
        if bad:
            raise ModelError(
                "log_of_nonpositive",
                f"{argument.shown} is zero or negative in {_rows(bad)}, where it has no logarithm; "
                f"log1p({argument.shown}), the logarithm of 1 + {argument.shown}, can take zeros.",
                argument.where,
            )
        values = function(argument.x)
        if "base" in options:
            base = arguments.number(argument.call, options["base"], "base")
            if base <= 0 or base == 1:
                raise arguments.bad_argument(
                    argument.call, f"'base' in {show(argument.call)} must be positive and not 1."
                )
            values = values / np.log(base)
        return values

    return transform


def _log1p(argument: Argument, _options: Options) -> FloatArray:
    bad = argument.count(argument.x <= -1)
    if bad:
        raise ModelError(
            "log_of_nonpositive",
            f"{argument.shown} is -1 or less in {_rows(bad)}, where log1p (the logarithm of 1 + "
            f"{argument.shown}) does not exist; leave these rows out or do not take the logarithm.",
            argument.where,
        )
    return np.log1p(argument.x)


def _sqrt(argument: Argument, _options: Options) -> FloatArray:
    bad = argument.count(argument.x < 0)
    if bad:
        raise ModelError(
            "root_of_negative",
            f"{argument.shown} is negative in {_rows(bad)}, where it has no square root; "
            "leave these rows out or do not take the root.",
            argument.where,
        )
    return np.sqrt(argument.x)


def learned(argument: Argument, options: Options) -> tuple[Rule, FloatArray]:
    """The rule that one of ``LEARNERS`` learns from its argument, and its values on the whole table."""
    rule, values = LEARNERS[argument.call.function](argument, options)
    return rule, _spread(argument, values)


def remade(argument: Argument, rule: Rule) -> FloatArray:
    """A rule's values on a whole table, NaN where the argument is not known."""
    return _spread(argument, rule.at(argument.known))


def _center(argument: Argument, _options: Options) -> tuple[Rule, FloatArray]:
    known = _known(argument)
    rule = Standardization(float(known.mean()), 1.0)
    return rule, rule.at(known)


def _scale(argument: Argument, options: Options) -> tuple[Rule, FloatArray]:
    """R's ``scale``: minus the mean, over the root of the sum of squares / (n - 1)."""
    known = _known(argument)
    centre: bool | float = True
    factor: bool | float = True
    if "center" in options:
        centre = arguments.boolean_or_number(argument.call, options["center"], "center")
    if "scale" in options:
        factor = arguments.boolean_or_number(argument.call, options["scale"], "scale")
    shift = (float(known.mean()) if centre else 0.0) if isinstance(centre, bool) else centre
    if not isinstance(factor, bool):
        divisor = factor
        if divisor == 0:
            raise arguments.bad_argument(argument.call, f"'scale' in {show(argument.call)} must not be 0.")
    elif factor:
        divisor = float(np.sqrt(((known - shift) ** 2).sum() / max(len(known) - 1, 1)))
        # What rounding leaves of a constant is no spread.
        if divisor <= 1e-14 * float(np.abs(known).max()):
            raise ModelError(
                "constant_column",
                f"{argument.shown} is the same in every row, so it cannot be scaled; take it out.",
                argument.where,
            )
    else:
        divisor = 1.0
    rule = Standardization(shift, divisor)
    return rule, rule.at(known)


def _poly(argument: Argument, options: Options) -> tuple[Rule, FloatArray]:
    degree = _whole(argument, options, "degree", 1, 1)
    raw = "raw" in options and arguments.boolean(argument.call, options["raw"], "raw")
    known = _known(argument)
    distinct = _distinct(known)
    if degree >= distinct:
        raise ModelError(
            "degree_too_high",
            f"{show(argument.call)} asks for degree {degree}, but {argument.shown} has only {distinct} "
            f"different {'value' if distinct == 1 else 'values'}; the degree must be smaller than that.",
            argument.where,
        )
    _ensure_size(argument, degree)
    if raw:
        powers = RawPolynomial(degree)
        return powers, powers.at(known)
    values, recursion = arnoldi_polynomials(known, degree)
    return OrthogonalPolynomial(recursion), values


def _bs(argument: Argument, options: Options) -> tuple[Rule, FloatArray]:
    degree = _whole(argument, options, "degree", 3, 1)
    known = _known_to_vary(argument)
    interior = _interior_knots(argument, options, known, degree)
    _ensure_size(argument, degree + len(interior))
    rule = BSpline(bs_knots(known, interior, degree), degree + 1)
    return rule, rule.at(known)


def _ns(argument: Argument, options: Options) -> tuple[Rule, FloatArray]:
    known = _known_to_vary(argument)
    interior = _interior_knots(argument, options, known, 1)
    _ensure_size(argument, 1 + len(interior))
    rule = NaturalSpline(*ns_knots(known, interior))
    return rule, rule.at(known)


def _interior_knots(argument: Argument, options: Options, known: FloatArray, least: int) -> FloatArray:
    """The knots that ``knots`` or ``df`` asks for; ``least`` columns need none."""
    call = argument.call
    if "knots" in options:
        knot = arguments.number(call, options["knots"], "knots")
        if not known.min() < knot < known.max():
            raise arguments.bad_argument(
                call,
                f"The knot in {show(call)} must lie between the smallest and the largest value of "
                f"{argument.shown}, {known.min():.6g} and {known.max():.6g}.",
            )
        return np.array([knot])
    columns = _whole(argument, options, "df", least, least)
    if columns > len(known):
        raise arguments.bad_argument(
            call, f"{show(call)} asks for more columns than there are rows, {len(known):,}; make it smaller."
        )
    return quantile_knots(known, columns - least)


def _whole(argument: Argument, options: Options, name: str, default: int, least: int) -> int:
    if name not in options:
        return default
    return arguments.whole_number(argument.call, options[name], name, least)


def _known(argument: Argument) -> FloatArray:
    known = argument.known
    if len(known) == 0:
        raise ModelError(
            "no_values", f"{argument.shown} has no finite value; take it out of the model.", argument.where
        )
    return known


def _known_to_vary(argument: Argument) -> FloatArray:
    known = _known(argument)
    if known.min() == known.max():
        raise ModelError(
            "constant_column",
            f"{argument.shown} is the same in every row, so no spline of it can be made; take it out.",
            argument.where,
        )
    return known


def _distinct(x: FloatArray) -> int:
    ordered = np.sort(x)
    return 1 + int((ordered[1:] != ordered[:-1]).sum())


def _ensure_size(argument: Argument, columns: int) -> None:
    ensure_size(len(argument.x), columns, show(argument.call), argument.where)


def _spread(argument: Argument, basis: FloatArray) -> FloatArray:
    """The basis on the whole table, NaN where the argument is not known."""
    present = argument.present
    if present.all():
        return basis
    out = np.full((len(argument.x), *basis.shape[1:]), np.nan)
    out[present] = basis
    return out


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


TRANSFORMS: Mapping[str, Transform] = {
    "log": _logarithm(np.log),
    "log2": _logarithm(np.log2),
    "log10": _logarithm(np.log10),
    "log1p": _log1p,
    "exp": _elementwise(np.exp),
    "sqrt": _sqrt,
    "abs": _elementwise(np.abs),
}
"""Functions of each number alone."""

LEARNERS: Mapping[str, Learner] = {
    "scale": _scale,
    "center": _center,
    "poly": _poly,
    "bs": _bs,
    "ns": _ns,
}
"""Functions that learn constants from their column."""
