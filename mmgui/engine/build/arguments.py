"""Binds the arguments of a call in a formula to the parameters of the listed functions."""

from __future__ import annotations

from mmgui.errors import ModelError, Where
from mmgui.spec.expression import Call, Expression, Name, Negate, Number, is_constant, show
from mmgui.spec.functions import PARAMETERS


def bad_argument(call: Call, sentence: str) -> ModelError:
    """The error for a call that cannot be carried out as it is written."""
    return ModelError("bad_argument", sentence, Where("term", show(call)))


def bind(call: Call) -> tuple[Expression, dict[str, Expression]]:
    """The call's first argument, and its options by name.

    Raises
    ------
    ModelError
        ``unknown_function`` or ``bad_argument``.
    """
    names = PARAMETERS.get(call.function)
    if names is None:
        known = " ".join(PARAMETERS)
        raise ModelError(
            "unknown_function",
            f"{call.function} is not a function mmgui knows; it knows {known}.",
            Where("term", show(call)),
        )
    bound: dict[str, Expression] = {}
    for name, value in call.keywords:
        if name not in names:
            raise bad_argument(call, f"{call.function} has no option '{name}'; it takes {', '.join(names)}.")
        if name in bound:
            raise bad_argument(call, f"{show(call)} gives '{name}' twice; keep one.")
        bound[name] = value
    free = [name for name in names if name not in bound]
    if len(call.arguments) > len(free):
        raise bad_argument(call, f"{show(call)} has too many arguments; it takes {', '.join(names)}.")
    bound.update(zip(free, call.arguments, strict=False))
    if names[0] not in bound:
        raise bad_argument(call, f"{call.function} needs a column, as in {call.function}(x).")
    return bound.pop(names[0]), bound


def number(call: Call, value: Expression, name: str) -> float:
    """An option that is a number."""
    match value:
        case Number(number_):
            return number_
        case Negate(Number(number_)):
            return -number_
        case _:
            raise bad_argument(call, f"'{name}' in {show(call)} must be a number, as in {name} = 3.")


def whole_number(call: Call, value: Expression, name: str, least: int) -> int:
    """An option that is a whole number of at least ``least``."""
    given = number(call, value, name)
    if given % 1 != 0 or given < least:
        raise bad_argument(call, f"'{name}' in {show(call)} must be a whole number of at least {least}.")
    return int(given)


def boolean_or_number(call: Call, value: Expression, name: str) -> bool | float:
    """An option that is TRUE, FALSE or a number."""
    if is_constant(value):
        return value == Name("TRUE")
    return number(call, value, name)


def boolean(call: Call, value: Expression, name: str) -> bool:
    """An option that is TRUE or FALSE; 1 and 0 stand for them."""
    given = boolean_or_number(call, value, name)
    if given not in (0, 1):
        raise bad_argument(call, f"'{name}' in {show(call)} must be TRUE or FALSE.")
    return bool(given)
