"""The matrix form: all rows at once, with the numbers of rows, columns and groups."""

from __future__ import annotations

from collections.abc import Sequence

from mmgui.figures.equation_covariance import covariance_of
from mmgui.figures.equation_facts import EquationFacts, TermFacts
from mmgui.figures.equation_index import term_facts
from mmgui.figures.equation_names import Both, shown, sub
from mmgui.figures.equation_notation import Notation
from mmgui.figures.equation_parts import (
    EQUALS,
    SPACE,
    About,
    EquationForm,
    FormKind,
    Line,
    Piece,
    equals,
    joined,
    similar,
)
from mmgui.spec.expression import columns_of

WRITTEN_OUT = 4
"""Columns up to which Σ is written out."""
LISTED = 8
"""Columns of X up to which all are listed."""

_Y, _X, _O = Both(r"\mathbf{y}", "𝐲"), Both(r"\mathbf{X}", "𝐗"), Both(r"\mathbf{o}", "𝐨")
_Z, _B, _V = Both(r"\mathbf{Z}", "𝐙"), Both(r"\mathbf{b}", "𝐛"), Both(r"\mathbf{V}", "𝐕")
_BETA, _EPSILON = Both(r"\boldsymbol{\beta}", "𝛃"), Both(r"\boldsymbol{\varepsilon}", "𝛆")
_SIGMA = Both(r"\boldsymbol{\Sigma}", "𝚺")
_RESIDUAL = About(residual=True)


def matrix_form(notes: Notation, facts: EquationFacts | None) -> EquationForm:
    """``y = Xβ + Z₁b₁ + Z₂b₂ + ε``, the distributions, Σ of each term, and V."""
    terms = [_Term(notes, k, f) for k, f in enumerate(term_facts(notes, facts))]
    terms = [t for t in terms if notes.spec.random[t.k].has_effects]
    rows = "n" if facts is None else str(facts.rows)
    lines = [
        _model(notes, terms, facts, rows),
        *(t.distribution for t in terms),
        _residual(notes, rows),
        *(t.sigma_line for t in terms if t.sigma_line is not None),
        _marginal(notes, terms, rows),
    ]
    return EquationForm(FormKind.MATRIX, tuple(lines), tuple(_remarks(notes, terms, facts)))


class _Term:
    """One random-effects term's matrices."""

    def __init__(self, notes: Notation, k: int, facts: TermFacts | None) -> None:
        several = sum(r.has_effects for r in notes.spec.random) > 1
        self.k = k
        self.number = str(k + 1) if several else ""
        self.z, self.b, self.sigma = (sub(m, self.number) for m in (_Z, _B, _SIGMA))
        self.about = About(random=frozenset({k}))
        self.name = shown(notes.spec.random[k].grouping.label)
        self._covariance = covariance_of(notes, k, facts, numbered=True)
        self.groups = f"L_{{{self.number}}}" if self.number else "L"
        self.groups_text = sub(Both("L", "L"), self.number).text
        self.total = Both("q", "q") if not self.number else sub(Both("q", "q"), self.number)
        if facts is not None:
            self.groups = self.groups_text = str(facts.groups)
            self.total = Both(*(str(facts.groups * len(facts.columns)),) * 2)
        self.facts = facts

    @property
    def kronecker(self) -> Both:
        """``I₁₈ ⊗ Σ₁``: groups are independent of each other."""
        unit = sub(Both(r"\mathbf{I}", "𝐈"), Both(self.groups, self.groups_text))
        return Both(rf"{unit.latex} \otimes {self.sigma.latex}", f"{unit.text} ⊗ {self.sigma.text}")

    @property
    def distribution(self) -> Line:
        normal = Both(rf"N\left(\mathbf{{0}}, {self.kronecker.latex}\right)", f"N(0, {self.kronecker.text})")
        words = f"the effects of every {self.name}, one group after the other"
        return Line(
            (
                Piece(self.b.latex, self.b.text, self.k, self.about, words),
                similar(self.k),
                Piece(normal.latex, normal.text, self.k, self.about),
            )
        )

    @property
    def sigma_line(self) -> Line | None:
        """Σ written out; None where only a table could say how large it is."""
        if self._covariance is None:
            return None
        what = self._covariance.matrix(WRITTEN_OUT)
        if self._covariance.size == 1:
            what = self._covariance.variance(0)
        words = f"how the effects of one {self.name} vary together"
        return Line(
            (
                Piece(self.sigma.latex, self.sigma.text, self.k, self.about, words),
                equals(self.k),
                Piece(what.latex, what.text, self.k, self.about, words),
            )
        )

    @property
    def marginal(self) -> Piece:
        """``Z₁ (I₁₈ ⊗ Σ₁) Z₁ᵀ``."""
        z = self.z
        latex = rf"{z.latex} \left({self.kronecker.latex}\right) {{{z.latex}}}^{{\top}}"
        words = f"what the rows of one {self.name} have in common"
        return Piece(latex, f"{z.text} ({self.kronecker.text}) {z.text}ᵀ", self.k, self.about, words)


def _sized(what: Both, rows: str | Both, columns: str | Both) -> Both:
    """A matrix with its size below it."""
    height, width = (s if isinstance(s, Both) else Both(s, s) for s in (rows, columns))
    latex = rf"\underset{{{height.latex} \times {width.latex}}}{{{what.latex}}}"
    return Both(latex, f"{what.text} ({height.text}×{width.text})")


def _piece(what: Both, about: About, words: str, term: int | None = None) -> Piece:
    return Piece(what.latex, what.text, term, about, words)


def _model(notes: Notation, terms: Sequence[_Term], facts: EquationFacts | None, rows: str) -> Line:
    spec = notes.spec
    p = "p" if facts is None else str(len(facts.fixed))
    labels = frozenset(e.label for e in notes.effects if notes.is_fixed(e))
    fixed = About(fixed=labels)
    columns = frozenset(() if spec.response is None else columns_of(spec.response))
    parts: list[tuple[Piece, ...]] = []
    if labels:
        x = _piece(_sized(_X, rows, p), fixed, "the predictors: one row for each row of the table")
        beta = _piece(_sized(_BETA, p, "1"), fixed, "the fixed effects")
        parts.append((x, SPACE, beta))
    for t in terms:
        z = _sized(t.z, rows, t.total)
        b = _sized(t.b, t.total, "1")
        which = f"which {t.name} a row belongs to, and what its effects multiply"
        modes = f"the effects of every {t.name}"
        parts.append((_piece(z, t.about, which, t.k), SPACE, _piece(b, t.about, modes, t.k)))
    if spec.offset:
        parts.append((_piece(_sized(_O, rows, "1"), About(), "the offset"),))
    parts.append((_piece(_sized(_EPSILON, rows, "1"), _RESIDUAL, "the residuals"),))
    y = _piece(_sized(_Y, rows, "1"), About(columns=columns), "the response of all rows")
    return Line((y, EQUALS, *joined(parts)))


def _residual_spread(notes: Notation, rows: str) -> Both:
    sigma2 = Both(r"\sigma^{2}", "σ²")
    if notes.spec.weights is not None:
        return sigma2 + Both(r"\,\mathbf{W}^{-1}", " 𝐖⁻¹")
    return sigma2 + sub(Both(r"\,\mathbf{I}", " 𝐈"), rows)


def _residual(notes: Notation, rows: str) -> Line:
    spread = _residual_spread(notes, rows)
    normal = Both(rf"N\left(\mathbf{{0}}, {spread.latex}\right)", f"N(0, {spread.text})")
    return Line((_piece(_EPSILON, _RESIDUAL, "the residuals"), similar(), _piece(normal, _RESIDUAL, "")))


def _marginal(notes: Notation, terms: Sequence[_Term], rows: str) -> Line:
    variance = Both(r"\operatorname{Var}(\mathbf{y})", "Var(𝐲)")
    everything = About(random=frozenset(t.k for t in terms), residual=True)
    words = "how the rows vary together, once the fixed effects are taken off"
    left = (_piece(_V, everything, words), EQUALS, _piece(variance, everything, words), EQUALS)
    spread = _residual_spread(notes, rows)
    parts = [(t.marginal,) for t in terms] + [(_piece(spread, _RESIDUAL, "what each row has of its own"),)]
    return Line((*left, *joined(parts)))


def _remarks(notes: Notation, terms: Sequence[_Term], facts: EquationFacts | None) -> list[str]:
    out = []
    if facts is not None and facts.fixed:
        out.append(f"Columns of X: {_list(facts.fixed)}.")
    for t in terms:
        if t.facts is not None:
            out.append(
                f"Z{sub(Both('', ''), t.number).text}, {t.name}: {t.facts.groups:,} groups, and for each "
                f"{len(t.facts.columns)} column{'s' * (len(t.facts.columns) > 1)}: {_list(t.facts.columns)}."
            )
        elif t.number:
            out.append(f"{t.number}: {t.name}.")
    if notes.spec.weights is not None:
        out.append(f"W is diagonal and holds {shown(notes.spec.weights)}, the weights of the rows.")
    if notes.spec.offset:
        out.append("o is the offset: it is added as it is.")
    if facts is None:
        out.append("n rows, p fixed coefficients, L groups, q random effects of a term in all.")
    if terms:
        out.append("⊗ repeats Σ for every group: groups are independent of each other.")
    return out


def _list(names: Sequence[str]) -> str:
    few = [shown(n) for n in names[:LISTED]]
    return ", ".join(few) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")
