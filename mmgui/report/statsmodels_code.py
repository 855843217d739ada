"""The call of Python's statsmodels that fits a model, where it can express it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from keyword import iskeyword

from mmgui.data.table import TextFile
from mmgui.report.derived_code import pandas_columns
from mmgui.report.names import one_line, string
from mmgui.report.table_file import pandas_read
from mmgui.spec.coding import Coding, Contrast, coded_column
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.expression import Binary, Call, Expression, Name, Negate, columns_of, is_constant, show
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, GroupingFactor, RandomTerm, Term

_NUMPY = ("log", "log2", "log10", "log1p", "exp", "sqrt")
_CONTRASTS = {Contrast.SUM: "Sum", Contrast.HELMERT: "Helmert", Contrast.POLYNOMIAL: "Poly"}
_RESERVED = frozenset({"C", "Q", "I", "np", "center", "standardize", "bs"})


class _CannotExpressError(Exception):
    """Why statsmodels cannot fit the model, as a sentence."""


def statsmodels_code(
    spec: ModelSpec,
    file: str | TextFile,
    labelled: Container[str] = (),
    derived: Sequence[DerivedColumn] = (),
    *,
    incomplete: bool = False,
    aliased: Sequence[str] = (),
) -> str:
    """The call of statsmodels' MixedLM that fits the model; a sentence where it cannot express it.

    MixedLM has one grouping factor whose effects may correlate; whatever else varies must lie within its
    groups, each part with a variance of its own (``vc_formula``). Crossed factors are parts within one group
    of all rows.

    Parameters
    ----------
    spec
        The model.
    file
        The table's file.
    labelled
        The columns that enter as labels.
    derived
        Columns that the file does not have, and how they are made.
    incomplete
        Whether rows miss something that the model reads; MixedLM does not leave them out by itself.
    aliased
        Columns of X that depend linearly on the others, which MixedLM does not leave out.
    """
    try:
        code = _code(spec, file, labelled, derived, incomplete=incomplete)
    except _CannotExpressError as reason:
        return f"# statsmodels cannot express this model: {one_line(str(reason))}"
    if aliased and any(term.has_effects for term in spec.random):
        columns = one_line(", ".join(aliased[:3])) + (", …" if len(aliased) > 3 else "")
        return f"# statsmodels cannot fit this model: its columns depend linearly on each other ({columns})."
    return code


def _code(
    spec: ModelSpec,
    file: str | TextFile,
    labelled: Container[str],
    derived: Sequence[DerivedColumn],
    *,
    incomplete: bool,
) -> str:
    writer = _Writer(spec, labelled)
    if spec.response is None:
        raise _CannotExpressError("it has no response yet.")
    made = [d.name for d in derived]
    read = dict.fromkeys([*spec.columns(), *(c for d in derived for c in d.reads)])
    hidden = next((c for c in read if c in _RESERVED), None)
    if hidden is not None:
        raise _CannotExpressError(f"a column called {hidden} hides a function of its formulas; rename it.")
    response = writer.expression(spec.response)
    for value in spec.offset:
        # An offset has the coefficient 1: taken off the response, it leaves the same model.
        response += f" - ({writer.expression(value)})"
    response = f"I({response})" if spec.offset else response
    right = " + ".join(["1" if spec.intercept else "0", *(writer.term(t) for t in spec.fixed)])
    formula = string(f"{response} ~ {right}")
    terms = [term for term in spec.random if term.has_effects]
    lines = ["import numpy as np", "import pandas as pd", "import statsmodels.formula.api as smf", ""]
    # A column called C would hide patsy's C(), so no others are read.
    lines.append(f"d = {pandas_read(file, [c for c in read if c not in made])}")
    lines += pandas_columns(derived)
    if incomplete:
        lines.append(f"d = d.dropna(subset=[{', '.join(map(string, spec.columns()))}])")
    if not terms:
        weights = f", weights=d[{string(spec.weights)}]" if spec.weights else ""
        lines.append(f"m = smf.{'wls' if weights else 'ols'}({formula}, d{weights}).fit()")
    else:
        if spec.weights:
            raise _CannotExpressError("MixedLM takes no weights.")
        groups = _Groups(writer, terms)
        lines += groups.columns
        options = ", ".join([formula, "d", *groups.options])
        lines.append(f"m = smf.mixedlm({options}).fit(reml={spec.reml})")
    if "np." not in "".join(lines[4:]):
        lines.remove("import numpy as np")
    return "\n".join([*lines, "print(m.summary())"])


@dataclass(frozen=True, slots=True)
class _Part:
    """Effects of one term that may correlate, or one that has its own variance."""

    term: RandomTerm
    effects: tuple[Term, ...]
    correlated: bool


class _Writer:
    """Writes a model's expressions as patsy reads them."""

    def __init__(self, spec: ModelSpec, labelled: Container[str]) -> None:
        self._codings = {c.column: c for c in spec.codings}
        self._labelled = labelled

    def term(self, term: Term) -> str:
        return ":".join(self._factor(f) for f in term.factors)

    def is_label(self, value: Expression) -> bool:
        column = coded_column(value)
        made = isinstance(value, Call) and value.function == "factor"
        return made or (column is not None and column in self._labelled)

    def _factor(self, value: Expression) -> str:
        if not self.is_label(value):
            return self.expression(value)
        column = coded_column(value) or next(columns_of(value))
        coding = self._codings.get(column, Coding(column))
        return f"C({self.name(column)}{self._contrast(coding)})"

    def _contrast(self, coding: Coding) -> str:
        level = "" if coding.reference is None else string(coding.reference)
        match coding.contrast:
            case Contrast.TREATMENT:
                return f", Treatment({level})" if level else ""
            case Contrast.SUM:
                return f", Sum({level})"
            case other:
                return f", {_CONTRASTS[other]}"

    def name(self, column: str) -> str:
        plain = column.isascii() and column.isidentifier() and not iskeyword(column)
        return column if plain else f"Q({string(column)})"

    def expression(self, value: Expression) -> str:
        """An expression; arithmetic in ``I()``, where Python's powers are ``**``."""
        match value:
            case Name(name):
                return self.name(name)
            case Call("I", (inner,), ()):
                return f"I({self._arithmetic(inner)})"
            case Call():
                return self._call(value)
            case _:
                return f"I({self._arithmetic(value)})"

    def _arithmetic(self, value: Expression) -> str:
        match value:
            case Binary(operator, left, right):
                sign = "**" if operator == "^" else operator
                return f"({self._arithmetic(left)} {sign} {self._arithmetic(right)})"
            case Negate(operand):
                return f"(-{self._arithmetic(operand)})"
            case Call("I", (inner,), ()):
                return self._arithmetic(inner)
            case Name() | Call():
                return self.expression(value)
            case _:
                return show(value)

    def _call(self, call: Call) -> str:
        inner = self._arithmetic(call.arguments[0])
        options = [*call.arguments[1:], *(v for _, v in call.keywords)]
        match call.function:
            case "log" if options:
                return f"I(np.log({inner}) / np.log({show(options[0])}))"
            case name if name in _NUMPY:
                return f"np.{name}({inner})"
            case "abs":
                return f"np.abs({inner})"
            case "center":
                return f"center({inner})"
            case "scale" if not options:
                return f"standardize({inner}, ddof=1)"
            case "poly" if any(k == "raw" and is_constant(v) and v == Name("TRUE") for k, v in call.keywords):
                return self._powers(call, inner)
            case "bs" if not any(k == "knots" for k, _ in call.keywords):
                written = [show(o) for o in call.arguments[1:]] + [f"{k}={show(v)}" for k, v in call.keywords]
                return f"bs({', '.join([inner, *written])})"
        raise _CannotExpressError(f"it has no {show(call)}; make the columns first.")

    def _powers(self, call: Call, inner: str) -> str:
        degrees = list(call.arguments[1:2]) + [v for k, v in call.keywords if k == "degree"]
        degree = int(float(show(degrees[0]))) if degrees else 1
        return f"({' + '.join(f'I({inner}**{k})' for k in range(1, degree + 1))})"


class _Groups:
    """What MixedLM is told of the groups."""

    def __init__(self, writer: _Writer, terms: Sequence[RandomTerm]) -> None:
        self._writer = writer
        self.columns: list[str] = []
        self.options: list[str] = []
        parts = [p for term in terms for p in self._parts(term)]
        correlated = [p for p in parts if p.correlated]
        if len(correlated) > 1:
            raise _CannotExpressError("the effects of one term alone may correlate in MixedLM.")
        outer = self._outer(terms, correlated)
        inside = [p for p in parts if p is not (correlated[0] if correlated else None)]
        own = [p for p in inside if p.term.grouping.columns == outer and p.effects == (Term(()),)]
        self._write(outer, correlated, own[:1], [p for p in inside if p not in own[:1]])

    def _parts(self, term: RandomTerm) -> list[_Part]:
        single = not any(map(self._several, term.effects))
        covariance = term.settled().covariance
        if single and (len(term.effects) == 1 or covariance in (Covariance.DIAGONAL, Covariance.INDEPENDENT)):
            return [_Part(term, (effect,), False) for effect in term.effects]
        if covariance is Covariance.UNSTRUCTURED:
            return [_Part(term, term.effects, True)]
        if covariance is Covariance.IDENTITY and len(term.effects) == 1 and term.effects[0].order == 1:
            # A variance component has one variance for all its columns.
            return [_Part(term, term.effects, False)]
        raise _CannotExpressError(f"MixedLM has no covariance structure such as {print_random(term)}.")

    def _several(self, effect: Term) -> bool:
        many = ("poly", "bs", "ns")
        return any(
            self._writer.is_label(f) or (isinstance(f, Call) and f.function in many) for f in effect.factors
        )

    def _outer(self, terms: Sequence[RandomTerm], correlated: Sequence[_Part]) -> tuple[str, ...]:
        """The columns of the groups: those of the term that may correlate, or what all terms share."""
        common = frozenset.intersection(*(frozenset(t.grouping.columns) for t in terms))
        if not correlated:
            # All rows are one group where the factors are crossed.
            return tuple(c for c in terms[0].grouping.columns if c in common)
        wanted = correlated[0].term.grouping
        if not frozenset(wanted.columns) <= common:
            raise _CannotExpressError(
                f"effects of {wanted.label} may correlate, so all other groups must lie within its groups."
            )
        return wanted.columns

    def _write(
        self, outer: tuple[str, ...], correlated: Sequence[_Part], own: Sequence[_Part], rest: Sequence[_Part]
    ) -> None:
        if correlated:
            effects = correlated[0].effects
            left = " + ".join(
                ["1" if Term(()) in effects else "0", *(self._writer.term(e) for e in effects if e.factors)]
            )
            re_formula = string("~ " + left)
        else:
            re_formula = string("1") if own else ""
        self.options.append(f"groups={self._column(outer)}")
        if re_formula:
            self.options.append(f"re_formula={re_formula}")
        parts = [*own, *rest] if correlated else rest
        if parts:
            named = {self._named(p): string(self._component(p, outer)) for p in parts}
            inside = ", ".join(f"{string(name)}: {text}" for name, text in named.items())
            self.options.append(f"vc_formula={{{inside}}}")

    def _named(self, part: _Part) -> str:
        effect = part.effects[0].label
        return part.term.grouping.label + ("" if effect == "1" else f" {effect}")

    def _component(self, part: _Part, outer: tuple[str, ...]) -> str:
        """A part within the groups: a column for each of its own groups, times what it multiplies."""
        own = [c for c in part.term.grouping.columns if c not in outer]
        factors = [f"C({self._writer.name(c)})" for c in own]
        effect = part.effects[0]
        factors += [self._writer.term(Term((f,))) for f in effect.factors]
        return "0 + " + ":".join(factors) if factors else "1"

    def _column(self, outer: tuple[str, ...]) -> str:
        """The grouping column; a new one where there is none, or where it takes several."""
        if len(outer) == 1:
            return string(outer[0])
        name = string(GroupingFactor(outer).label) if outer else string("all rows")
        value = "1" if not outer else ' + ":" + '.join(f"d[{string(c)}].astype(str)" for c in outer)
        self.columns.append(f"d[{name}] = {value}")
        return name
