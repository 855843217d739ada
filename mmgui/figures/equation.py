"""The model as an equation in index form, in pieces that know which random-effects term they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mmgui.spec.expression import Name, show
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, Covariance, RandomTerm, Term

GROUP_LETTERS = "jklmnopq"


_PATTERNS = {
    Covariance.IDENTITY: "Σ = σ² I",
    Covariance.COMPOUND_SYMMETRY: "one correlation ρ",
    Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY: "one variance, one correlation ρ",
    Covariance.AR1: "one variance, correlations ρᵏ",
    Covariance.HETEROGENEOUS_AR1: "correlations ρᵏ",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters with a subscript; ``term`` is its random-effects term, None for none."""

    text: str
    sub: str = ""
    term: int | None = None


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class EquationFigure:
    """Lines of the equation: the model, the distributions, what the indices mean."""

    model: Line
    distributions: tuple[Line, ...]
    indices: str

    def plain(self) -> str:
        """The equation as plain text, for the clipboard and for screen readers."""
        lines = [self.model, *self.distributions]
        text = "\n".join("".join(p.text + (f"_{p.sub}" if p.sub else "") for p in line) for line in lines)
        return f"{text}\n{self.indices}" if self.indices else text


def equation(spec: ModelSpec, is_factor: Callable[[str], bool]) -> EquationFigure | None:
    """The equation of a model; None while it has no response.

    Parameters
    ----------
    spec
        The model.
    is_factor
        Whether a column enters as labels: such an effect has one coefficient per level.
    """
    if spec.response is None:
        return None
    builder = _Builder(spec, is_factor)
    left = Piece(show(spec.response, quoted=False), builder.row_index)
    parts = [builder.effect(k, effect) for k, effect in enumerate(builder.effects)]
    parts += [(Piece(show(e, quoted=False), builder.row_index),) for e in spec.offset]
    parts.append((Piece("ε", builder.row_index),))
    return EquationFigure(
        (left, Piece(" = "), *_joined(parts)),
        (*builder.random_lines(), builder.residual_line()),
        builder.index_words(),
    )


def _joined(parts: Iterable[Line]) -> Line:
    out: list[Piece] = []
    for part in parts:
        out += [Piece(" + "), *part] if out else part
    return tuple(out)


class _Builder:
    def __init__(self, spec: ModelSpec, is_factor: Callable[[str], bool]) -> None:
        self.spec = spec
        self.is_factor = is_factor
        groupings = list(dict.fromkeys(r.grouping.label for r in spec.random))
        self.letters = dict(zip(groupings, GROUP_LETTERS, strict=False))
        self.row_index = "i" + (self._letter(groupings[0]) if len(groupings) == 1 else "")
        fixed = ([INTERCEPT] if spec.intercept else []) + list(spec.fixed)
        self.fixed_count = len(fixed)
        extra = [e for r in spec.random for e in r.effects if not any(e.same_effect(f) for f in fixed)]
        self.effects: list[Term] = list(dict.fromkeys([*fixed, *extra]))

    def _letter(self, grouping: str) -> str:
        return self.letters.get(grouping, f"[{grouping}]")

    def _factor(self, effect: Term) -> bool:
        return any(isinstance(f, Name) and self.is_factor(f.name) for f in effect.factors)

    def effect(self, position: int, effect: Term) -> Line:
        """``(β₁ + b₁ⱼ) Daysᵢⱼ``: all coefficients of one effect, and what they multiply."""
        name = f"{effect.label}[i]" if self._factor(effect) else str(position)
        coefficients: list[Piece] = []
        if position < self.fixed_count:
            coefficients.append(Piece("β", name))
        for k, random in enumerate(self.spec.random):
            if any(effect.same_effect(e) for e in random.effects):
                coefficients.append(Piece(self._symbol(k), self._mode_sub(effect, name, random), k))
        line = _joined((c,) for c in coefficients)
        factor = " × ".join(show(f, quoted=False) for f in effect.factors if not self._is_label(f))
        if len(coefficients) > 1:
            line = (Piece("("), *line, Piece(")"))
        return (*line, Piece(" "), Piece(factor, self.row_index)) if factor else line

    def _is_label(self, factor: object) -> bool:
        return isinstance(factor, Name) and self.is_factor(factor.name)

    def _symbol(self, index: int) -> str:
        return "b" + "′" * self._earlier(index)

    def _earlier(self, index: int) -> int:
        """How many earlier terms use the same grouping factor: their modes need another sign."""
        label = self.spec.random[index].grouping.label
        return sum(r.grouping.label == label for r in self.spec.random[:index])

    def _modes(self, index: int, random: RandomTerm) -> list[Piece]:
        out = []
        for effect in random.effects:
            position = next(k for k, e in enumerate(self.effects) if e.same_effect(effect))
            name = effect.label if self._factor(effect) else str(position)
            out.append(Piece(self._symbol(index), self._mode_sub(effect, name, random), index))
        return out

    def _mode_sub(self, effect: Term, name: str, random: RandomTerm) -> str:
        letter = self._letter(random.grouping.label)
        return f"{letter},{name}" if self._factor(effect) else f"{name}{letter}"

    def random_lines(self) -> list[Line]:
        """``(b₀ⱼ, b₁ⱼ) ~ N(0, Σ_Subject)`` for every term; a normal for each effect without correlations."""
        lines: list[Line] = []
        for k, random in enumerate(self.spec.random):
            modes = self._modes(k, random)
            name = random.grouping.label
            single = len(modes) == 1 and not self._factor(random.effects[0])
            if single or random.covariance in (Covariance.DIAGONAL, Covariance.INDEPENDENT):
                for mode, effect in zip(modes, random.effects, strict=True):
                    spread = Piece("Σ" if self._factor(effect) else "σ²", f"{name}, {effect.label}", k)
                    line = (mode, Piece(" ~ N(0, ", term=k), spread, Piece(")", term=k))
                    alone = self._factor(effect) and random.covariance is Covariance.INDEPENDENT
                    lines.append((*line, Piece(",  Σ diagonal")) if alone else line)
            elif modes:
                inside = [(m,) for m in modes]
                listed: list[Piece] = [Piece("(", term=k), *inside[0]]
                for part in inside[1:]:
                    listed += [Piece(", ", term=k), *part]
                end = (Piece(") ~ N(0, ", term=k), Piece("Σ", name, k), Piece(")", term=k))
                pattern = _PATTERNS.get(random.covariance)
                lines.append((*listed, *end, *([Piece(f",  {pattern}")] if pattern else [])))
        return lines

    def residual_line(self) -> Line:
        return (Piece("ε", self.row_index), Piece(" ~ N(0, σ²)"))

    def index_words(self) -> str:
        """“i: row, j: Subject”."""
        words = ["i: row"] + [f"{letter}: {name}" for name, letter in self.letters.items()]
        return ", ".join(words)
