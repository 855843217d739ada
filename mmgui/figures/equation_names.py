"""Names, numbers and expressions as LaTeX and as plain text; rows' indices on the columns they read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from mmgui.spec.expression import Binary, Call, Expression, Name, Negate, Number, is_constant, show

LONGEST_NAME = 18
"""Signs of a name in an equation; what is longer is cut in its middle."""

_SUBSCRIPTS = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SUPERSCRIPTS = dict(zip("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", strict=True))

ESCAPES = {
    "\\": r"\backslash ",
    "_": r"\_",
    "$": r"\$",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "{": r"\{",
    "}": r"\}",
    "^": r"{\wedge}",
    "~": r"{\sim}",
    "'": r"\text{'}",
    "`": r"\text{`}",
    '"': r"\text{''}",
    " ": r"\ ",
    **{s: f"{{{s}}}" for s in ":+-*/=<>|,;!?()[]"},
}
"""How LaTeX writes what means something else in its mathematics; braces take the room around operators."""

_TEXT_ESCAPES = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{s: "\\" + s for s in "_$%#&{}"},
}


@dataclass(frozen=True, slots=True)
class Both:
    """The same as LaTeX and as plain text."""

    latex: str
    text: str

    @property
    def escaped(self) -> str:
        """The plain text as LaTeX's text mode takes it."""
        return "".join(_TEXT_ESCAPES.get(c, c) for c in self.text)

    def __add__(self, other: Both) -> Both:
        return Both(self.latex + other.latex, self.text + other.text)


def both(text: str) -> Both:
    """What is written alike."""
    return Both(text, text)


def shown(name: str, longest: int = LONGEST_NAME) -> str:
    """A name on one line, without invisible signs, cut in its middle where it is long."""
    clean = "".join(" " if c.isspace() or unicodedata.category(c) in _INVISIBLE else c for c in name)
    clean = " ".join(clean.split()) or "␣"
    if len(clean) <= longest:
        return clean
    head = (longest - 1) * 2 // 3
    return f"{clean[:head]}…{clean[len(clean) - (longest - 1 - head) :]}"


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def upright(name: str, longest: int = LONGEST_NAME) -> Both:
    """A name of the table, set upright."""
    text = shown(name, longest)
    return Both(rf"\mathrm{{{''.join(ESCAPES.get(c, c) for c in text)}}}", text)


def sub(base: Both, index: Both | str) -> Both:
    """``base`` with a subscript."""
    low = both(index) if isinstance(index, str) else index
    if not low.latex:
        return base
    # Small letters are for indices; a name is easier to read at full size.
    name = r"\mathrm" in low.latex
    text = _marked(low.text, "_") if name else _low(low.text)
    return Both(f"{base.latex}_{{{low.latex}}}", base.text + text)


def sup(base: Both, power: Both | str) -> Both:
    """``base`` with a superscript that is a power."""
    high = both(power) if isinstance(power, str) else power
    return base if not high.latex else Both(f"{base.latex}^{{{high.latex}}}", base.text + _high(high.text))


def named(symbol: Both, name: Both, index: Both | str) -> Both:
    """``symbol`` with a name above and an index below: the effect of a factor's level."""
    low = both(index) if isinstance(index, str) else index
    latex = f"{symbol.latex}^{{{name.latex}}}" + (f"_{{{low.latex}}}" if low.latex else "")
    return Both(latex, f"{symbol.text}[{name.text}]" + (_low(low.text) if low.text else ""))


def primed(symbol: Both, primes: int) -> Both:
    """``symbol`` with primes, ready for a superscript or a subscript."""
    return symbol if not primes else Both(f"{{{symbol.latex}{chr(39) * primes}}}", symbol.text + "′" * primes)


def _low(text: str) -> str:
    return _shifted(text, _SUBSCRIPTS, "_")


def _high(text: str) -> str:
    return _shifted(text, _SUPERSCRIPTS, "^")


def _shifted(text: str, table: dict[str, str], mark: str) -> str:
    return "".join(table[c] for c in text) if all(c in table for c in text) else _marked(text, mark)


def _marked(text: str, mark: str) -> str:
    return f"{mark}{text}" if re.fullmatch(r"\w+", text) else f"{mark}({text})"


_FUNCTIONS = {"log": r"\log", "exp": r"\exp", "log2": r"\log_{2}", "log10": r"\log_{10}"}
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
_UNARY = 3

Index = Callable[[str], str]
"""The index of a column: its letters."""


def expression(value: Expression, index: Index) -> Both:
    """An expression with its index on every column it reads: ``log(xᵢⱼ)``, ``ageᵢⱼ²``."""
    return _expression(value, index, 0)


def _expression(value: Expression, index: Index, outer: int) -> Both:
    match value:
        case Name(name):
            return sub(upright(name), index(name))
        case Number(number):
            return _number(number, outer)
        case Negate(operand):
            return _fenced(both("-") + _expression(operand, index, _UNARY + 1), outer > _UNARY)
        case Binary(operator, left, right):
            return _binary(operator, left, right, index, outer)
        case Call():
            return _call(value, index, outer)


def _number(number: float, outer: int) -> Both:
    text = show(Number(number))
    if "e" not in text:
        return _fenced(both(text), outer > 0 and number < 0)
    mantissa, exponent = text.split("e")
    power = sup(both("10"), str(int(exponent)))
    product = power if mantissa == "1" else Both(mantissa + r" \cdot ", mantissa + "·") + power
    return _fenced(product, outer > _STRENGTH["*"])


def _binary(operator: str, left: Expression, right: Expression, index: Index, outer: int) -> Both:
    own = _STRENGTH[operator]
    if operator == "^":
        base = _expression(left, index, own + 1)
        if isinstance(left, Name):
            # The power stands above the index, not beside it.
            name, low = upright(left.name), index(left.name)
            power = _expression(right, lambda _: "", 0)
            base = Both(
                sup(name, power).latex + (f"_{{{low}}}" if low else ""), base.text + _high(power.text)
            )
            return _fenced(base, outer > own)
        return _fenced(sup(base, _expression(right, index, 0)), outer > own)
    a, b = _expression(left, index, own), _expression(right, index, own + 1)
    between = {"*": Both(r" \cdot ", " · "), "/": both("/")}.get(operator, both(f" {operator} "))
    return _fenced(a + between + b, outer > own)


def _call(call: Call, index: Index, outer: int) -> Both:
    inner = _expression(call.arguments[0], index, 0)
    options = [*call.arguments[1:], *(v for _, v in call.keywords)]
    match call.function:
        case "I" | "factor":
            return _expression(call.arguments[0], index, outer)
        case "sqrt":
            return Both(rf"\sqrt{{{inner.latex}}}", f"√({inner.text})")
        case "abs":
            return Both(rf"\left|{inner.latex}\right|", f"|{inner.text}|")
        case "log1p":
            return Both(rf"\log(1 + {inner.latex})", f"log(1 + {inner.text})")
        case "log" if options:
            base = _expression(options[0], lambda _: "", 0)
            return sub(Both(r"\log", "log"), base) + Both(f"({inner.latex})", f"({inner.text})")
    words = [Both(rf"\mathrm{{{show(o)}}}", show(o)) for o in options if not is_constant(o)]
    inside = _listed([inner, *words])
    head = _FUNCTIONS.get(call.function, rf"\operatorname{{{call.function}}}")
    name = Both(head, call.function)
    return name + Both(f"({inside.latex})", f"({inside.text})")


def _listed(parts: list[Both]) -> Both:
    return Both(", ".join(p.latex for p in parts), ", ".join(p.text for p in parts))


def _fenced(inside: Both, fence: bool) -> Both:
    return Both(f"({inside.latex})", f"({inside.text})") if fence else inside
