"""How the effects of the random-effects terms and the residuals are distributed, one line each."""

from __future__ import annotations

from collections.abc import Sequence

from mmgui.figures.equation_covariance import LONGEST_GROUP, TermCovariance, comma, covariance_of, matrix
from mmgui.figures.equation_facts import TermFacts
from mmgui.figures.equation_names import Both, both, primed, shown, sub, upright
from mmgui.figures.equation_notation import Notation
from mmgui.figures.equation_parts import About, Line, Piece, equals, similar
from mmgui.spec.terms import Covariance, RandomTerm, Term

WRITTEN_OUT = 3
"""Effects up to which Σ stands in the distribution itself."""
LISTED = 6
"""Effects up to which all of them are listed."""

_SIGMA = Both(r"\boldsymbol{\Sigma}", "𝚺")


def distributions(notes: Notation, k: int, facts: TermFacts | None, *, compact: bool) -> list[Line]:
    """The lines that say how a term's effects vary."""
    term = notes.spec.random[k]
    if not term.has_effects:
        return []
    covariance = covariance_of(notes, k, facts)
    if covariance is None:
        return [_unknown_columns(notes, k)]
    blocks = list(dict.fromkeys(covariance.blocks))
    if len(blocks) > (2 if compact else WRITTEN_OUT):
        return _named_matrix(notes, k, covariance, _diagonal(covariance))
    if len(blocks) > 1 and all(covariance.blocks.count(b) == 1 for b in blocks):
        return [_normal(notes, k, covariance, (i,)) for i in range(covariance.size)]
    if len(blocks) > 1:
        return [line for b in blocks for line in _block(notes, k, covariance, b, compact=compact)]
    return _together(notes, k, covariance, compact=compact)


def _block(notes: Notation, k: int, covariance: TermCovariance, block: int, *, compact: bool) -> list[Line]:
    """One of several blocks, each as if it were alone."""
    at = [i for i, b in enumerate(covariance.blocks) if b == block]
    if len(at) == 1:
        return [_normal(notes, k, covariance, at)]
    if len(at) <= WRITTEN_OUT and not compact:
        return [_normal(notes, k, covariance, at)]
    sigma = _sigma(notes, k, f"{block + 1}")
    return [Line((_listed(notes, k, [covariance.modes[i] for i in at]), *_tilde(notes, k, sigma)))]


def _together(notes: Notation, k: int, covariance: TermCovariance, *, compact: bool) -> list[Line]:
    everything = range(covariance.size)
    if covariance.size == 1 or (covariance.size <= WRITTEN_OUT and not compact):
        return [_normal(notes, k, covariance, everything)]
    if compact:
        return [_with_words(notes, k, _listed(notes, k, covariance.modes))]
    return _named_matrix(notes, k, covariance, covariance.pattern())


def _normal(notes: Notation, k: int, covariance: TermCovariance, at: Sequence[int]) -> Line:
    """Effects and their normal distribution with Σ written out."""
    about = _about(k)
    if len(at) == 1:
        mode, spread = covariance.modes[at[0]], covariance.variance(at[0])
        normal = Both(rf"N(0, {spread.latex})", f"N(0, {spread.text})")
    else:
        mode = matrix([[covariance.modes[i]] for i in at])
        spread = matrix([[covariance.entry(i, j) for j in at] for i in at])
        normal = Both(rf"N\left(\mathbf{{0}}, {spread.latex}\right)", f"N(0, {spread.text})")
    words = _spread_words(notes, k)
    effect = _effects_about(notes, k, covariance, at)
    return Line(
        (
            Piece(mode.latex, mode.text, k, effect, words),
            similar(k),
            Piece(normal.latex, normal.text, k, about, words),
        )
    )


def _effects_about(notes: Notation, k: int, covariance: TermCovariance, at: Sequence[int]) -> About:
    """An effect that is a column of its own is meant alone; else the whole term is."""
    effect = notes.spec.random[k].effects[covariance.effects[at[0]]]
    if len(at) == 1 and notes.single(effect):
        return About(effects=frozenset({(k, effect.label)}))
    return _about(k)


def _about(k: int) -> About:
    return About(random=frozenset({k}))


def _sigma(notes: Notation, k: int, number: str = "") -> Both:
    """The name of a term's Σ."""
    name = upright(notes.spec.random[k].grouping.label, LONGEST_GROUP)
    return sub(primed(_SIGMA, notes.earlier(k)), comma(name, both(number)))


def _tilde(notes: Notation, k: int, spread: Both) -> tuple[Piece, Piece]:
    normal = Piece(
        rf"N(\mathbf{{0}}, {spread.latex})", f"N(0, {spread.text})", k, _about(k), _spread_words(notes, k)
    )
    return similar(k), normal


def _listed(notes: Notation, k: int, modes: Sequence[Both]) -> Piece:
    """``(b₀ⱼ, b₁ⱼ)``; with dots where there are many."""
    few = list(modes) if len(modes) <= LISTED else [*modes[:3], Both(r"\dots", "…"), modes[-1]]
    inside = Both(", ".join(m.latex for m in few), ", ".join(m.text for m in few))
    alone = len(modes) == 1
    latex, text = (inside.latex, inside.text) if alone else (f"({inside.latex})", f"({inside.text})")
    return Piece(latex, text, k, _about(k), _spread_words(notes, k))


def _unknown_columns(notes: Notation, k: int) -> Line:
    effects = notes.spec.random[k].effects
    modes = [Both(p.latex, p.text) for p in (_whole(notes, k, e) for e in effects)]
    return _with_words(notes, k, _listed(notes, k, modes))


def _whole(notes: Notation, k: int, effect: Term) -> Piece:
    """All coefficients of an effect in one group: a vector where it has several columns."""
    if notes.single(effect):
        return notes.mode_piece(k, effect)
    group = notes.group_letters(notes.spec.random[k].grouping)
    name = notes.effect_name(effect)
    symbol = notes.mode_symbols(k)[1]
    latex, text = f"{symbol.latex}^{{{name.latex}}}_{{{group}}}", f"{symbol.text}[{name.text}]"
    return Piece(latex, sub(Both(latex, text), group).text, k)


def _with_words(notes: Notation, k: int, listed: Piece) -> Line:
    """``(b₀ⱼ, b₁ⱼ) ~ N(0, Σ)`` and the structure in words."""
    pieces = (listed, *_tilde(notes, k, _sigma(notes, k)))
    words = STRUCTURE_WORDS.get(notes.spec.random[k].settled().covariance)
    return Line((*pieces, Piece(rf",\ \text{{{words}}}", f", {words}", k)) if words else pieces)


STRUCTURE_WORDS = {
    Covariance.DIAGONAL: "uncorrelated effects",
    Covariance.INDEPENDENT: "uncorrelated columns",
    Covariance.IDENTITY: "one variance",
    Covariance.COMPOUND_SYMMETRY: "one correlation",
    Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY: "one variance, one correlation",
    Covariance.AR1: "one variance, correlation falls with distance",
    Covariance.HETEROGENEOUS_AR1: "correlation falls with distance",
}


def _diagonal(covariance: TermCovariance) -> Both | None:
    """``diag(τ₁², …)``, if no two columns correlate."""
    if len(set(covariance.blocks)) < covariance.size:
        return None
    parts = [covariance.variance(i) for i in range(covariance.size)]
    few = parts if len(parts) <= LISTED else [*parts[:2], Both(r"\dots", "…"), parts[-1]]
    inside = Both(", ".join(p.latex for p in few), ", ".join(p.text for p in few))
    return Both(rf"\operatorname{{diag}}({inside.latex})", f"diag({inside.text})")


def _named_matrix(notes: Notation, k: int, covariance: TermCovariance, formula: Both | None) -> list[Line]:
    """The distribution with Σ by its name, and below it Σ."""
    sigma = _sigma(notes, k)
    what = formula or covariance.matrix(WRITTEN_OUT)
    lines = [Line((_listed(notes, k, covariance.modes), *_tilde(notes, k, sigma)))]
    lines.append(
        Line(
            (
                Piece(sigma.latex, sigma.text, k, _about(k), _spread_words(notes, k)),
                equals(k),
                Piece(what.latex, what.text, k, _about(k), _spread_words(notes, k)),
            )
        )
    )
    return lines


def matrix_notes(notes: Notation, facts: Sequence[TermFacts | None]) -> list[str]:
    """What the letters in formulas of Σ mean."""
    out = []
    for k, of_term in enumerate(facts):
        covariance = covariance_of(notes, k, of_term)
        if covariance is None or covariance.size <= WRITTEN_OUT or covariance.pattern() is None:
            continue
        name = shown(notes.spec.random[k].grouping.label)
        letters = {
            Covariance.IDENTITY: "𝐈 is the unit matrix",
            Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY: "𝐈 is the unit matrix, 𝐉 is all ones",
            Covariance.COMPOUND_SYMMETRY: "𝐃 holds the SDs, 𝐈 is the unit matrix, 𝐉 is all ones",
            Covariance.AR1: "r and c count rows and columns: correlations fall with distance",
            Covariance.HETEROGENEOUS_AR1: "𝐃 holds the SDs, r and c count rows and columns",
        }[covariance.structure]
        out.append(f"In Σ of {name}, {letters}.")
    return out


def _spread_words(notes: Notation, k: int) -> str:
    term = notes.spec.random[k]
    group = shown(term.grouping.label)
    return f"how {_what_varies(notes, term)} from {group} to {group}"


def _what_varies(notes: Notation, term: RandomTerm) -> str:
    if not term.slopes:
        return "the level varies"
    plural = not notes.single(term.slopes[0]) or len(term.slopes) > 1
    slopes = "effects" if plural else "slope"
    if term.intercept:
        return f"the level and the {slopes} vary"
    return f"the {slopes} var{'y' if plural else 'ies'}"


def residual_distribution(notes: Notation, piece: Piece) -> Line:
    """``εᵢⱼ ~ N(0, σ²)``, divided by the weight of the row where there is one."""
    spread = Both(r"\sigma^{2}", "σ²")
    if notes.spec.weights is not None:
        weight = sub(upright(notes.spec.weights), notes.row)
        spread = Both(f"{spread.latex} / {weight.latex}", f"{spread.text}/{weight.text}")
    about = About(residual=True)
    words = "how far rows scatter about what the model says of them"
    normal = Piece(rf"N(0, {spread.latex})", f"N(0, {spread.text})", None, about, words)
    return Line((piece, similar(), normal))
