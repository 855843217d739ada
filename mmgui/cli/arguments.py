"""What the command line accepts. Wrong usage raises here; only ``mmgui.__main__`` ends the process."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import mmgui

COMMANDS = ("fit", "compare", "describe", "advise", "report", "picture")
PAGES = (
    "window", "summary", "groups", "shrinkage", "covariance", "landscape", "residuals", "profile", "equation",
    "compare",
)  # fmt: skip

_DATA = "a file with a table, or the name of a sample (sleepstudy, Penicillin, …)"
_FORMULA = "the model in lme4's language: 'Reaction ~ Days + (Days | Subject)'"


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


def parse_arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The options; ``command`` says which command.

    Raises
    ------
    UsageError, Finished
    """
    return _parser().parse_args(list(argv))


def _parser() -> Parser:
    parser = Parser(
        prog="mmgui",
        description="Build, fit and see linear mixed-effects models.",
        epilog="Without a command, mmgui opens its window: mmgui, or mmgui FILE.",
    )
    parser.add_argument("--version", action="version", version=f"mmgui {mmgui.__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=Parser, title="commands"
    )
    _fit(commands)
    _compare(commands)
    _describe(commands)
    _advise(commands)
    _report(commands)
    _picture(commands)
    return parser


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def _command(commands: _Commands[Parser], name: str, text: str) -> Parser:
    parser = commands.add_parser(name, help=text[0].lower() + text[1:].rstrip("."), description=text)
    parser.add_argument("data", metavar="DATA", help=_DATA)
    return parser


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")


def _codings(parser: Parser) -> None:
    parser.add_argument("--weights", metavar="COLUMN", help="column of prior weights")
    parser.add_argument(
        "--contrasts",
        metavar="FACTOR=KIND",
        action="append",
        type=_assignment,
        default=[],
        help="contrasts of a factor: treatment (default), sum, helmert or polynomial; may be given again",
    )
    parser.add_argument(
        "--reference",
        metavar="FACTOR=LEVEL",
        action="append",
        type=_assignment,
        default=[],
        help="reference level of a factor in place of its first; may be given again",
    )


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise argparse.ArgumentTypeError(f"{text!r} must be written like FACTOR=VALUE")
    return name, value


def _fit(commands: _Commands[Parser]) -> None:
    parser = _command(commands, "fit", "Fit a model.")
    _codings(parser)
    parser.add_argument("formula", metavar="FORMULA", help=_FORMULA)
    parser.add_argument("--ml", action="store_true", help="by maximum likelihood instead of REML")
    parser.add_argument(
        "--df",
        choices=("satterthwaite", "kenward-roger", "none"),
        default="satterthwaite",
        help="degrees of freedom of the fixed effects (default: satterthwaite)",
    )
    parser.add_argument(
        "--ci",
        choices=("wald", "profile", "none"),
        default="wald",
        help="95%% intervals: estimate ± 1.96 SE for the fixed effects (default), or profile likelihood for "
        "everything",
    )
    parser.add_argument("--ranef", action="store_true", help="with the conditional modes of the groups")
    _json(parser)


class _AtLeastTwo(argparse.Action):
    """Refuses a comparison of one formula."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        _option: str | None = None,
    ) -> None:
        if len(values) < 2:
            parser.error("a comparison needs at least two formulas")
        setattr(namespace, self.dest, values)


def _compare(commands: _Commands[Parser]) -> None:
    parser = _command(commands, "compare", "Compare models by likelihood-ratio tests, AIC and BIC.")
    _codings(parser)
    parser.add_argument("formulas", metavar="FORMULA", nargs="+", action=_AtLeastTwo, help=_FORMULA)
    parser.add_argument(
        "--reml", action="store_true", help="by REML where all models share their fixed effects"
    )
    parser.add_argument(
        "--bootstrap", metavar="N", type=_positive, help="p-values from N simulated responses for each test"
    )
    parser.add_argument("--seed", metavar="SEED", type=int, help="seed of the simulation")
    _json(parser)


def _describe(commands: _Commands[Parser]) -> None:
    parser = _command(commands, "describe", "Describe a table: its variables, and how its groups lie.")
    parser.add_argument(
        "--group", metavar="G", help="say which predictors vary within and between the groups of G (or a:b)"
    )
    _json(parser)


def _advise(commands: _Commands[Parser]) -> None:
    parser = _command(commands, "advise", "Give advice on a model without fitting it.")
    _codings(parser)
    parser.add_argument("formula", metavar="FORMULA", help=_FORMULA)
    parser.add_argument("--ml", action="store_true", help="as for a fit by maximum likelihood")
    _json(parser)


def _report(commands: _Commands[Parser]) -> None:
    parser = _command(commands, "report", "Write a report of one or several models as one HTML page.")
    _codings(parser)
    parser.add_argument("formulas", metavar="FORMULA", nargs="+", help=_FORMULA)
    parser.add_argument("--ml", action="store_true", help="by maximum likelihood instead of REML")
    parser.add_argument("-o", "--output", metavar="FILE.html", required=True)


def _picture(commands: _Commands[Parser]) -> None:
    parser = _command(commands, "picture", "Draw a page of the window, without a display.")
    parser.add_argument("formulas", metavar="FORMULA", nargs="+", help=_FORMULA)
    parser.add_argument("--ml", action="store_true", help="by maximum likelihood instead of REML")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, type=_picture_file)
    parser.add_argument("--page", choices=PAGES, required=True)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--projector", action="store_true", help="larger text and thicker lines")
    parser.add_argument("--size", metavar="WxH", type=_size, default=(1600, 1000), help="default: 1600x1000")


def _positive(text: str) -> int:
    if not re.fullmatch(r"[0-9]+", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive whole number")
    return int(text)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{2,5})x([0-9]{2,5})", text)
    if found is None or not all(200 <= int(n) <= 20000 for n in found.groups()):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no size; write it like 1600x1000, each from 200 to 20000"
        )
    return int(found[1]), int(found[2])


def _picture_file(text: str) -> str:
    if not text.lower().endswith((".png", ".svg", ".pdf")):
        raise argparse.ArgumentTypeError(f"{text!r} must end in .png, .svg or .pdf")
    return text
