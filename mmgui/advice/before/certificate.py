"""Whether a design can carry a model, as a statement: what the window says when nothing is wrong."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmgui.advice.facts import DesignFacts
from mmgui.advice.predictor_facts import is_built_at_once
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.design import Design
from mmgui.errors import ModelError
from mmgui.inference.identifiability.weakest import Weakest
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import RandomTerm
from mmgui.words import listed_all

if TYPE_CHECKING:
    from mmgui.inference.identifiability.certificate import Identifiability

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
          "twelve")  # fmt: skip

_MOST_KEPT = 128
_known: OrderedDict[tuple[str, ModelSpec], tuple[Identifiability | None]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whether the variances and covariances of a model can be told apart on its rows.

    Attributes
    ----------
    parameters
        Number of variances and covariances, the residual variance among them.
    identified
        Whether each can be told from the others.
    smallest
        Smallest eigenvalue of the scaled Gram matrix, 0 … 1, in a basis that no origin of a predictor moves;
        0 where something trades off exactly.
    barely
        Whether some of them can be told apart only barely (rule G5).
    sentence
        “All four variance parameters can be told apart; the slopes of Days rest on 18 groups of Subject.”
    """

    parameters: int
    identified: bool
    smallest: float
    sentence: str
    barely: bool = False


def certificate(facts: DesignFacts) -> Certificate | None:
    """The certificate in words.

    Parameters
    ----------
    facts
        The model on its table.

    Returns
    -------
    Certificate or None
        None for a model without random effects, one that is not whole or cannot be built, and where finding
        out would take too long: more than ``THRESHOLDS.certified_rows`` rows. Kept by model and table.
    """
    found = told_apart(facts)
    if found is None:
        return None
    count = found.n_par
    if not found.identified:
        lost = count - found.rank
        what = "one direction" if lost == 1 else f"{_word(lost)} directions"
        return Certificate(
            count,
            False,
            0.0,
            f"The {_word(count)} variance parameters cannot all be told apart: {what} of change among them "
            f"{'leaves' if lost == 1 else 'leave'} the fit as it is.",
        )
    all_of_them = "Both" if count == 2 else f"All {_word(count)}"
    smallest = found.weakest.eigenvalue if found.weakest is not None else 0.0
    barely = found.weakest is None or is_barely_apart(found.weakest)
    how = "be told apart, though some of them barely" if barely else "be told apart"
    sentence = f"{all_of_them} variance parameters can {how}; {'; '.join(_rests_on(facts))}."
    return Certificate(count, True, smallest, sentence, barely)


def is_barely_apart(worst: Weakest) -> bool:
    """Whether rule G5 speaks of the combination that is told apart worst."""
    return worst.eigenvalue < THRESHOLDS.barely_apart and worst.error > THRESHOLDS.rough_variance


def told_apart(facts: DesignFacts) -> Identifiability | None:
    """What the certificate rests on, kept by model and table; None as for :func:`certificate`."""
    spec = facts.spec
    if not spec.random or spec.response is None or facts.rows.count > THRESHOLDS.certified_rows:
        return None
    key = (facts.table.fingerprint, spec)
    kept = _known.get(key)
    if kept is None:
        design = facts.design if is_built_at_once(facts) else None
        if design is not None and any(r.columns.shape[1] > design.nobs for r in design.random):
            # More effects than rows, which other rules say.
            design = None
        kept = _known[key] = (None if design is None else _identifiability(design),)
        if len(_known) > _MOST_KEPT:
            _known.popitem(last=False)
    # What the background finds at the same time may have pushed this one out.
    return kept[0]


def _identifiability(design: Design) -> Identifiability | None:
    # It brings sparse matrices along, which the first window does not wait for.
    from mmgui.inference.identifiability.certificate import identifiability

    try:
        return identifiability(design)
    except ModelError:
        # It would take too long, which is all that this says.
        return None


def _rests_on(facts: DesignFacts) -> Iterator[str]:
    """What the slopes rest on; where there are none, what the intercepts do."""
    told: set[tuple[str, frozenset[str]]] = set()
    for term in facts.spec.random:
        groups = facts.groups(term.grouping.columns).count
        for slope in term.slopes:
            key = (slope.label, frozenset(term.grouping.columns))
            if key in told:
                continue
            told.add(key)
            varying = facts.varies(tuple(slope.columns()), term.grouping.columns).within
            on = f"{groups:,}" if varying == groups else f"{varying:,} of {groups:,}"
            yield f"the slopes of {slope.label} rest on {on} groups of {term.grouping.label}"
    if not told:
        yield f"the intercepts rest on {listed_all(_groupings(facts))}"


def _groupings(facts: DesignFacts) -> list[str]:
    first: dict[frozenset[str], RandomTerm] = {}
    for term in facts.spec.random:
        first.setdefault(frozenset(term.grouping.columns), term)
    counts = [(facts.groups(t.grouping.columns).count, t.grouping.label) for t in first.values()]
    (count, label), *others = counts
    return [f"{count:,} groups of {label}", *(f"{n:,} of {name}" for n, name in others)]


def _word(count: int) -> str:
    return _WORDS[count] if count < len(_WORDS) else f"{count:,}"
