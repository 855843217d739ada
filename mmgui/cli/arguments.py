"""What the command line accepts. Wrong usage raises here; only ``mmgui.__main__`` ends the process."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Sequence
from typing import Any

import mmgui
from mmgui.cli.effect_arguments import add_effect_commands
from mmgui.cli.model_arguments import add_model_commands
from mmgui.cli.parser import (
    FORMULA,
    Commands,
    Parser,
    column_options,
    command,
    json_option,
    level,
    model_options,
    positive,
    seed,
)
from mmgui.page_views import PAGE_VIEWS, PAGES, WINDOW

COMMANDS = (
    "fit", "compare", "describe", "advise", "report", "picture", "identify", "explain", "icc", "components",
    "ranova", "profile", "bootstrap", "residuals", "influence", "predict", "simulate",
    "anova", "contrast", "means", "slopes", "rules", "suggest",
)  # fmt: skip


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
    add_model_commands(commands)
    add_effect_commands(commands)
    _rules(commands)
    _suggest(commands)
    return parser


def _rules(commands: Commands) -> None:
    text = "List the rules of the advice, and every number at which one begins to speak."
    parser = commands.add_parser("rules", help=text[0].lower() + text[1:-1], description=text)
    json_option(parser)


def _suggest(commands: Commands) -> None:
    text = "Suggest structures of random effects for the design of a table."
    parser = command(commands, "suggest", text)
    parser.add_argument("--response", metavar="COLUMN", help="what was measured (default: guessed)")
    parser.add_argument(
        "--unit",
        metavar="COLUMN[:COLUMN]",
        help="what several rows come from, such as Subject, or batch:cask where each batch has casks of its "
        "own (default: guessed)",
    )
    column_options(parser)
    json_option(parser)


def _fit(commands: Commands) -> None:
    parser = command(commands, "fit", "Fit a model.")
    model_options(parser)
    parser.add_argument("formula", metavar="FORMULA", help=FORMULA)
    parser.add_argument("--ml", action="store_true", help="by maximum likelihood instead of REML")
    parser.add_argument(
        "--df",
        choices=("satterthwaite", "kenward-roger", "none"),
        default="satterthwaite",
        help="degrees of freedom of the fixed effects (default: satterthwaite)",
    )
    parser.add_argument(
        "--ci",
        choices=("wald", "profile", "percentile", "basic", "none"),
        default="wald",
        help="intervals: of the fixed effects by t with the degrees of freedom of --df (wald, default), "
        "or of everything by profile likelihood or by parametric bootstrap (percentile, basic)",
    )
    parser.add_argument("--level", type=level, default=0.95, metavar="P", help="confidence level (0.95)")
    parser.add_argument(
        "-n", "--count", metavar="N", type=positive, default=1000, help="bootstrap refits (1000)"
    )
    parser.add_argument("--seed", metavar="SEED", type=seed, help="seed of the bootstrap")
    parser.add_argument("--ranef", action="store_true", help="with the conditional modes of the groups")
    json_option(parser)


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


def _compare(commands: Commands) -> None:
    parser = command(commands, "compare", "Compare models by likelihood-ratio tests, AIC and BIC.")
    model_options(parser)
    parser.add_argument("formulas", metavar="FORMULA", nargs="+", action=_AtLeastTwo, help=FORMULA)
    parser.add_argument(
        "--reml", action="store_true", help="by REML where all models share their fixed effects"
    )
    parser.add_argument(
        "--bootstrap", metavar="N", type=positive, help="p-values from N simulated responses for each test"
    )
    parser.add_argument(
        "--exact",
        metavar="N",
        type=positive,
        help="exact p-values from N simulated statistics where a test adds a single variance",
    )
    parser.add_argument("--seed", metavar="SEED", type=seed, help="seed of the simulation")
    json_option(parser)


def _describe(commands: Commands) -> None:
    parser = command(commands, "describe", "Describe a table: its variables, and how its groups lie.")
    parser.add_argument(
        "--group", metavar="G", help="say which predictors vary within and between the groups of G (or a:b)"
    )
    column_options(parser)
    json_option(parser)


def _advise(commands: Commands) -> None:
    parser = command(commands, "advise", "Give advice on a model without fitting it.")
    model_options(parser)
    parser.add_argument("formula", metavar="FORMULA", help=FORMULA)
    parser.add_argument("--ml", action="store_true", help="as for a fit by maximum likelihood")
    json_option(parser)


def _report(commands: Commands) -> None:
    parser = command(commands, "report", "Write a report of one or several models as one HTML page.")
    model_options(parser)
    parser.add_argument("formulas", metavar="FORMULA", nargs="+", help=FORMULA)
    parser.add_argument("--ml", action="store_true", help="by maximum likelihood instead of REML")
    parser.add_argument("-o", "--output", metavar="FILE.html", required=True)


def _picture(commands: Commands) -> None:
    parser = command(commands, "picture", "Draw a page of the window, without a display.")
    column_options(parser)
    parser.add_argument("formulas", metavar="FORMULA", nargs="+", help=FORMULA)
    parser.add_argument("--ml", action="store_true", help="by maximum likelihood instead of REML")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, type=_picture_file)
    parser.add_argument("--page", choices=(WINDOW, *PAGES, "compare", "design"), required=True)
    pairs = "; ".join(f"{page}: {', '.join(views)}" for page, views in PAGE_VIEWS.items())
    views = f"which view of the page ({pairs}; window: any page, or covariance:matrices)"
    parser.add_argument("--view", metavar="VIEW", default="", help=views)
    parser.add_argument(
        "--at",
        metavar="PARAMETER=VALUE",
        action="append",
        type=_moved_parameter,
        default=[],
        help="the model with a covariance parameter moved, by the name of its slider, as in "
        '"Subject: SD of Days=0"; may be given several times, and puts a caption under the picture',
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--projector", action="store_true", help="larger text and thicker lines")
    parser.add_argument("--size", metavar="WxH", type=_size, default=(1600, 1000), help="default: 1600x1000")


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{2,5})x([0-9]{2,5})", text)
    if found is None or not all(200 <= int(n) <= 20000 for n in found.groups()):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no size; write it like 1600x1000, each from 200 to 20000"
        )
    return int(found[1]), int(found[2])


def _moved_parameter(text: str) -> tuple[str, float]:
    name, _, value = text.rpartition("=")
    try:
        there = float(value.replace("−", "-"))
    except ValueError:
        there = math.nan
    if not name.strip() or not math.isfinite(there):
        raise argparse.ArgumentTypeError(f'{text!r} moves nothing; write it like "Subject: SD of Days=0"')
    return name.strip(), there


def _picture_file(text: str) -> str:
    if not text.lower().endswith((".png", ".svg", ".pdf")):
        raise argparse.ArgumentTypeError(f"{text!r} must end in .png, .svg or .pdf")
    return text
