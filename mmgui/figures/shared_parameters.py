"""Names for what the effects of a patterned term share: one standard deviation, one correlation."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.engine.design import RandomDesign
from mmgui.engine.patterns import Pattern
from mmgui.engine.result import FittedTerm
from mmgui.figures.covariance_words import covariance_explained
from mmgui.figures.wording import effect_name
from mmgui.numbers import count
from mmgui.spec.terms import Covariance

ALL_EFFECTS = "all effects"
USUAL = (Covariance.UNSTRUCTURED, Covariance.DIAGONAL)


@dataclass(frozen=True, slots=True)
class SharedNames:
    """What to call the parameters of a patterned term.

    ``sd`` is whose standard deviation the only one is, empty where every effect has its own; ``pairs``
    whose correlation the only one is (``all pairs``, ``neighbours``), empty where the two effects say it.
    """

    sd: str
    pairs: str


def shared_names(term: RandomDesign) -> SharedNames:
    """Names for a term of the design; both empty for one that shares nothing."""
    return _names(term.pattern)


def shared_names_of(term: FittedTerm) -> SharedNames:
    """The same for a fitted term."""
    patterned = term.structure.patterned
    return _names(Pattern(term.structure, len(term.effects)) if patterned else None)


def _names(pattern: Pattern | None) -> SharedNames:
    if pattern is None:
        return SharedNames("", "")
    pairs = ""
    if pattern.correlated and pattern.size > 2:
        pairs = "neighbours" if pattern.autoregressive else "all pairs"
    return SharedNames(ALL_EFFECTS if pattern.homogeneous else "", pairs)


def pair_words(effects: tuple[str, str], pairs: str, *, brief: bool = False) -> str:
    """``correlation of Intercept and Days``, ``correlation of all pairs``; ``cor. Intercept, Days``."""
    names = [effect_name(e) for e in effects]
    if brief:
        return f"cor. of {pairs}" if pairs else f"cor. {', '.join(names)}"
    return f"correlation of {pairs or ' and '.join(names)}"


def structure_sentence(term: RandomDesign) -> str:
    """How a term's effects vary together and how many parameters that takes; empty for a single effect."""
    if len(term.effects) < 2:
        return ""
    explained = covariance_explained(term.structure).rstrip(".")
    return f"{explained} ({count(term.theta_count, 'parameter')})."
