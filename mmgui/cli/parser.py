"""What the commands' options are made of. Wrong usage raises; only ``mmgui.__main__`` ends the process."""

from __future__ import annotations

import argparse
import re
import sys
from typing import NoReturn, TypeAlias

_DATA = "a file with a table, or the name of a sample (sleepstudy, Penicillin, …)"
FORMULA = "the model in lme4's language: 'Reaction ~ Days + (Days | Subject)'"


class UsageError(Exception):
    """The command line was not understood; ``str(error)`` is for standard error."""


class Finished(Exception):  # noqa: N818 - no error: help or the version was printed
    """The command line asked for help or for the version, which has been printed."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(f"{self.format_usage()}{self.prog}: {message}\n")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Raise Finished, or UsageError where something was wrong."""
        if status:
            raise UsageError(message or "")
        if message:
            sys.stdout.write(message)
        raise Finished


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001 - argparse has no public name


def command(commands: Commands, name: str, text: str) -> Parser:
    """A command that reads a table."""
    parser = commands.add_parser(name, help=text[0].lower() + text[1:].rstrip("."), description=text)
    parser.add_argument("data", metavar="DATA", help=_DATA)
    return parser


def json_option(parser: Parser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")


def column_options(parser: Parser) -> None:
    """``--column-type`` and ``--derive``."""
    parser.add_argument(
        "--column-type",
        metavar="COLUMN=TYPE",
        action="append",
        type=assignment,
        default=[],
        help="what a column is, number, category or id, where the import takes it for something else; may be "
        "given again",
    )
    parser.add_argument(
        "--derive",
        metavar="NAME=DEFINITION",
        action="append",
        type=assignment,
        default=[],
        help="make a column from others: center(x), center(x, group), mean(x, group), scale(x), log(x), "
        "square(x) or combine(a, b); may be given again",
    )


def model_options(parser: Parser) -> None:
    """Types of columns, derived columns, weights, and codings of factors."""
    column_options(parser)
    parser.add_argument("--weights", metavar="COLUMN", help="column of prior weights")
    parser.add_argument(
        "--contrasts",
        metavar="FACTOR=KIND",
        action="append",
        type=assignment,
        default=[],
        help="contrasts of a factor: treatment (default), sum, helmert or polynomial; may be given again",
    )
    parser.add_argument(
        "--reference",
        metavar="FACTOR=LEVEL",
        action="append",
        type=assignment,
        default=[],
        help="reference level of a factor in place of its first; may be given again",
    )


def assignment(text: str) -> tuple[str, str]:
    """``NAME=VALUE``."""
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise argparse.ArgumentTypeError(f"{text!r} must be written like NAME=VALUE")
    return name, value


def positive(text: str) -> int:
    """A whole number of at least 1."""
    if not re.fullmatch(r"[0-9]+", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive whole number")
    return int(text)


def seed(text: str) -> int:
    """A seed of random numbers: a whole number of at least 0."""
    if not re.fullmatch(r"[0-9]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; give a whole number of at least 0, such as 1")
    return int(text)


def level(text: str) -> float:
    """A confidence level between 0 and 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is no level between 0 and 1, such as 0.95")
    return value
