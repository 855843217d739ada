"""Rules about the fixed effects together: what repeats, is of another size, or overlaps (X1, X2, X3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.predictor_facts import FixedMatrix, FloatArray, fixed_matrix, numbers
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.build.rank import dependencies
from mmgui.spec.derived import Derivation, derived_column
from mmgui.spec.edit import remove_fixed
from mmgui.spec.edit_fixed import replace_column
from mmgui.spec.expression import Name
from mmgui.spec.terms import Term
from mmgui.words import listed

# Rounding, beside the size of the numbers.
_SAME = 1e-9


def repeated_columns(facts: DesignFacts) -> Iterator[Finding]:
    """X1: columns of X that are combinations of earlier ones; they are left out, as in lme4.

    It is an error where no column is left. Combinations of levels that do not occur have columns of zeros.
    """
    x = fixed_matrix(facts)
    if x is None or len(x.kept) == len(x.full.names):
        return
    names = x.full.names
    if not len(x.kept):
        yield Finding(
            "X1",
            Severity.ERROR,
            f"{listed(names)} {'is' if len(names) == 1 else 'are'} zero in every row used, so the fixed "
            "effects have nothing to go by.",
            tuple(names),
        )
        return
    others = np.setdiff1d(np.arange(len(names)), x.kept)
    empty = [int(j) for j in others if not x.full.values[:, j].any()]
    if empty:
        yield _empty_cells(facts, x, empty)
    repeats = [int(j) for j in others if int(j) not in empty]
    if repeats:
        yield _repeats(facts, x, others, repeats)


def _empty_cells(facts: DesignFacts, x: FixedMatrix, columns: Sequence[int]) -> Finding:
    names = [x.full.names[j] for j in columns]
    one = len(names) == 1
    return Finding(
        "X1",
        Severity.INFO,
        f"No row has {'the combination' if one else 'the combinations'} {listed(names)}, so "
        f"{'its coefficient is' if one else 'their coefficients are'} left out.",
        _terms_of(facts, x, columns),
    )


def _repeats(facts: DesignFacts, x: FixedMatrix, others: NDArray[np.intp], columns: Sequence[int]) -> Finding:
    spec = facts.spec
    weights = dependencies(x.full.values, x.kept)
    said = np.zeros(len(x.kept), dtype=bool)
    for j in columns:
        said |= weights[:, int(np.flatnonzero(others == j)[0])] != 0.0
    by = dict.fromkeys(int(x.full.assign[k]) for k in x.kept[said])
    sources = [spec.fixed[k - 1].label if k else "the intercept" for k in by]
    names = [x.full.names[j] for j in columns]
    one = len(names) == 1
    # A term goes where nothing of it is left.
    kept_terms = set(x.full.assign[x.kept].tolist())
    gone = [k for k in dict.fromkeys(int(x.full.assign[j]) for j in columns) if k not in kept_terms and k]
    fixes = []
    if gone:
        without = spec
        for k in gone:
            without = remove_fixed(without, spec.fixed[k - 1])
        fixes.append(Fix(f"Drop {listed([spec.fixed[k - 1].label for k in gone])}", without))
    return Finding(
        "X1",
        Severity.INFO,
        f"{listed(names)} {'repeats' if one else 'repeat'} what {listed(sources)} "
        f"{'say' if len(sources) > 1 else 'says'} already, so "
        f"{'its coefficient is' if one else 'their coefficients are'} left out.",
        _terms_of(facts, x, columns),
        tuple(fixes),
    )


def _terms_of(facts: DesignFacts, x: FixedMatrix, columns: Sequence[int]) -> tuple[str, ...]:
    """The fixed effects that these columns belong to."""
    terms = dict.fromkeys(int(x.full.assign[j]) for j in columns)
    return tuple(facts.spec.fixed[k - 1].label if k else "1" for k in terms)


def very_different_units(facts: DesignFacts) -> Iterator[Finding]:
    """X2: columns of X but 0/1 whose SD is out of bounds, or 1,000 times another's (lme4 ``checkScaleX``)."""
    x = fixed_matrix(facts)
    if x is None:
        return
    sds = _spreads(facts, x)
    if not sds:
        return
    low, high = min(sds, key=lambda j: sds[j]), max(sds, key=lambda j: sds[j])
    apart = [low, high] if sds[high] > THRESHOLDS.sd_ratio * sds[low] else []
    wrong = [j for j, sd in sds.items() if not THRESHOLDS.smallest_sd <= sd <= THRESHOLDS.largest_sd]
    shown = list(dict.fromkeys([*wrong, *apart]))
    if not shown:
        return
    names = [x.full.names[j] for j in shown]
    sizes = [f"{sds[j]:{',.0f' if sds[j] >= 1e3 else '.3g'}}" for j in shown]
    if len(shown) == 1:
        size = "large" if sds[shown[0]] > 1.0 else "small"
        what = f"The numbers of {names[0]} are very {size} (standard deviation {sizes[0]})"
    else:
        each = listed([f"{sd} of {name}" for sd, name in zip(sizes, names, strict=True)])
        what = f"The units of {listed(names)} are very different (standard deviations {each})"
    yield Finding(
        "X2",
        Severity.WARNING,
        f"{what}: coefficients are hard to read and fitting is slower and less exact.",
        tuple(names),
        tuple(_rescaled(facts, x, wrong or apart)),
    )


def _spreads(facts: DesignFacts, x: FixedMatrix) -> dict[int, float]:
    """SDs of the columns of X that are quantities, by position."""
    out = {}
    for j in range(int(facts.spec.intercept), x.full.values.shape[1]):
        column = x.full.values[:, j]
        if not np.all((column == 0.0) | (column == 1.0)):
            sd = float(column.std(ddof=1)) if column.size > 1 else 0.0
            if sd > 0.0:
                out[j] = sd
    return out


def _rescaled(facts: DesignFacts, x: FixedMatrix, columns: Sequence[int]) -> Iterator[Fix]:
    """The quantities in these columns in standard deviations."""
    spec = facts.spec
    terms = (spec.fixed[int(x.full.assign[j]) - 1] for j in columns)
    named = [
        name
        for name in dict.fromkeys(c for term in terms for c in term.columns())
        if numbers(facts, Name(name)) is not None
    ]
    derived = []
    taken = set(facts.table.names)
    for name in named:
        made = derived_column(Derivation.SCALE, name, (), taken)
        taken.add(made.name)
        derived.append(made)
        spec = replace_column(spec, name, made.name)
    if named and spec != facts.spec:
        yield Fix(f"Use {listed(named)} in standard deviations", spec, tuple(derived))


def overlapping_predictors(facts: DesignFacts) -> Iterator[Finding]:
    """X3: predictors that overlap: variance inflation above 10, or a correlation above .95.

    The inflation is the generalised one per column (Fox & Monette 1992, JASA 87, 178-183), of main effects
    alone; what is made from the same column, a polynomial or an interaction, is not compared with it.
    Source of the limit: easystats/performance, ``check_collinearity``.
    """
    x = fixed_matrix(facts)
    # Without an intercept a factor has a column for each level, and what they share is no overlap.
    if x is None or x.full.values.shape[0] < 3 or not facts.spec.intercept:
        return
    found = _main_effects(facts, x)
    terms = list(found.places)
    if len(terms) < 2:
        return
    pairs = [(a, b) for a, b in combinations(terms, 2) if _overlap(facts, found, a, b)]
    alone = {t for pair in pairs for t in pair}
    inflated = [
        (t, v) for t in terms if t not in alone and (v := _inflation(facts, found, t)) > THRESHOLDS.inflation
    ]
    if not pairs and not inflated:
        return
    says = [f"{a.label} and {b.label}" for a, b in pairs]
    says += [f"{t.label} and the others together (variance {v:.3g} times as large)" for t, v in inflated]
    names = dict.fromkeys([*(t.label for p in pairs for t in p), *(t.label for t, _ in inflated)])
    yield Finding(
        "X3",
        Severity.INFO,
        f"These predictors say nearly the same: {'; '.join(says)}. What belongs to which of them is poorly "
        "known.",
        tuple(names),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Correlations:
    """The correlations of the columns of main effects, and where those of each stand among them."""

    matrix: FloatArray
    places: dict[Term, list[int]]

    def among(self, at: Sequence[int]) -> FloatArray:
        return self.matrix[np.ix_(at, at)]


def _main_effects(facts: DesignFacts, x: FixedMatrix) -> _Correlations:
    """Of the columns that are kept of each main effect."""
    kept: list[int] = []
    places = {}
    for k, term in enumerate(facts.spec.fixed, start=1):
        at = [int(j) for j in x.kept if x.full.assign[j] == k]
        if term.order == 1 and at:
            places[term] = list(range(len(kept), len(kept) + len(at)))
            kept += at
    columns = x.full.values[:, kept]
    columns = columns - columns.mean(axis=0)
    largest = np.abs(columns).max(axis=0, initial=0.0)
    columns /= np.where(largest > 0.0, largest, 1.0)
    cross = columns.T @ columns
    size = np.sqrt(np.where(np.diag(cross) > 0.0, np.diag(cross), 1.0))
    return _Correlations(cross / np.outer(size, size), places)


def _overlap(facts: DesignFacts, found: _Correlations, a: Term, b: Term) -> bool:
    left, right = found.places[a], found.places[b]
    if len(left) > 1 or len(right) > 1 or _related(facts, a, b):
        return False
    return bool(abs(found.matrix[left[0], right[0]]) > THRESHOLDS.overlap)


def _related(facts: DesignFacts, a: Term, b: Term) -> bool:
    """Whether one main effect is made from the other's column, also as a derived square or logarithm."""
    if set(a.columns()) & set(b.columns()):
        return True
    return _made_from(facts, a, b) or _made_from(facts, b, a)


def _made_from(facts: DesignFacts, made: Term, source: Term) -> bool:
    values, x = numbers(facts, made.factors[0]), numbers(facts, source.factors[0])
    if values is None or x is None:
        return False
    with np.errstate(all="ignore"):
        known = [x * x] + ([np.log(x)] if x.min() > 0.0 else [])
    size = float(np.abs(values).max())
    return any(np.abs(k - values).max() <= _SAME * size for k in known if np.isfinite(k).all())


def _inflation(facts: DesignFacts, found: _Correlations, term: Term) -> float:
    """det R₁₁ det R₂₂ / det R to the power of 1 / columns; 1 where there is nothing to compare with."""
    others = [t for t in found.places if t != term and not _related(facts, t, term)]
    if not others:
        return 1.0
    own, rest = found.places[term], [j for t in others for j in found.places[t]]
    logs = [float(np.linalg.slogdet(found.among(at))[1]) for at in (own, rest, own + rest)]
    if not np.isfinite(logs).all():
        return 1.0
    return float(np.exp(min((logs[0] + logs[1] - logs[2]) / len(own), 700.0)))


RULES: dict[str, Rule] = {
    "X1": repeated_columns,
    "X2": very_different_units,
    "X3": overlapping_predictors,
}
