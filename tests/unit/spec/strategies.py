"""Models as people can reach them: by typing a formula."""

from collections.abc import Callable

from hypothesis import strategies as st

from mmgui.spec.expression import quote

AWKWARD = ["my var", "a:b", "x|y", "p + q", "it's", "1st", "TRUE", "`", "\\", "\n"]
NAMES = ["a", "b", "c", "d", "total.fruits", "größe", *AWKWARD]

columns = st.sampled_from(NAMES) | st.text(min_size=1, max_size=3)
numbers = st.integers(0, 20).map(str) | st.floats(0, 1e300).map(repr)


def _joined(draw: st.DrawFn, part: Callable[[], str], signs: list[str], most: int) -> str:
    """Parts with signs between them."""
    text = part()
    for _ in range(draw(st.integers(0, most - 1))):
        text += draw(st.sampled_from(signs)) + part()
    return text


def _expression(draw: st.DrawFn, depth: int) -> str:
    kind = draw(st.integers(0, 5 if depth else 1))
    if kind == 0:
        return draw(numbers)
    if kind == 1:
        return quote(draw(columns))
    inner = _joined(draw, lambda: _expression(draw, depth - 1), [" + ", "-", "*", "/", "^", "^-", " * -"], 3)
    return {2: inner, 3: f"({inner})", 4: f"(-{inner})", 5: f"log(a * {inner})"}[kind]


def _call(draw: st.DrawFn) -> str:
    name = quote(draw(columns))
    # A column must take part.
    arithmetic = f"a + {_expression(draw, 2)}"
    return draw(
        st.sampled_from(
            [
                f"I({arithmetic})",
                f"log({arithmetic}, base = 2.5)",
                f"scale({name}, FALSE, scale = -2)",
                f"poly({name}, 2, raw = TRUE)",
                f"factor({name})",
            ]
        )
    )


def _product(draw: st.DrawFn, depth: int) -> str:
    def operand() -> str:
        kind = draw(st.integers(0, 6))
        if kind < 3:
            return draw(st.sampled_from("abcd"))
        if kind == 3:
            return quote(draw(columns))
        if kind == 4 or depth == 0:
            return _call(draw)
        inner = _joined(draw, lambda: _product(draw, depth - 1), [" + ", " - "], 3)
        # A power of one column is no formula.
        return f"({inner})" if kind == 5 else f"({inner} + {_product(draw, 0)})^{draw(st.integers(1, 3))}"

    return _joined(draw, operand, ["*", ":", "/", " %in% "], 3)


def _side(draw: st.DrawFn) -> str:
    start = draw(st.sampled_from(["", "", "0 + ", "-1 + ", "1 + ", "-"]))
    return start + _joined(draw, lambda: _product(draw, 1), [" + ", " + ", " - "], 4)


def _bar(draw: st.DrawFn) -> str:
    effects = "1" if draw(st.booleans()) else _side(draw)
    groups = _joined(draw, lambda: quote(draw(columns)), ["/", ":", "*"], 3)
    name, bar, option = draw(
        st.sampled_from(
            [
                ("", "|", ""),
                ("", "||", ""),
                ("us", "|", ""),
                ("diag", "|", ""),
                ("homdiag", "|", ""),
                ("cs", "|", ", hom = FALSE"),
                ("cs", "|", ", hom = TRUE"),
                ("ar1", "|", ""),
                ("hetar1", "|", ""),
            ]
        )
    )
    return f"{name}({effects} {bar} {groups}{option})"


@st.composite
def formulas(draw: st.DrawFn) -> str:
    """A formula with fixed effects, offsets and random terms."""
    response = quote(draw(columns)) if draw(st.booleans()) else f"I(a + {_expression(draw, 2)})"
    parts = [_side(draw)]
    parts += [f"offset(a + {_expression(draw, 1)})" for _ in range(draw(st.integers(0, 2)))]
    parts += [_bar(draw) for _ in range(draw(st.integers(0, 3)))]
    return f"{response} ~ {' + '.join(parts)}"
