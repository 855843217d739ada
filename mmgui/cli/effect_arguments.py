"""The options of the commands about fixed effects."""

from __future__ import annotations

from mmgui.cli.model_arguments import level_option, model_command
from mmgui.cli.parser import Commands, Parser, assignment


def add_effect_commands(commands: Commands) -> None:
    """F tests, marginal means, slopes."""
    _anova(commands)
    _contrast(commands)
    _means(commands)
    _slopes(commands)


def df_option(parser: Parser) -> None:
    """``--df``, here with Wald's χ² and z."""
    parser.add_argument(
        "--df",
        choices=("satterthwaite", "kenward-roger", "wald"),
        default="satterthwaite",
        help="denominator degrees of freedom (default: satterthwaite)",
    )


def _anova(commands: Commands) -> None:
    parser = model_command(commands, "anova", "Test the fixed terms of a model by F tests.")
    parser.add_argument("--type", choices=("I", "II", "III"), default="III", help="type of the tests (III)")
    df_option(parser)


def _contrast(commands: Commands) -> None:
    text = "Estimate contrasts of the fixed effects by name, or test several at once."
    parser = model_command(commands, "contrast", text)
    parser.add_argument(
        "contrasts_asked",
        metavar="CONTRAST",
        nargs="+",
        help="as 3dLMEr's gltCode: 'Machine : 1*A -1*B Days : 5'; with --joint as glfCode: "
        "'Machine : 1*A -1*B & 1*A -1*C'",
    )
    parser.add_argument("--joint", action="store_true", help="an F test of each, its parts joined by &")
    parser.add_argument("--null", type=float, default=0.0, metavar="VALUE", help="value tested against (0)")
    df_option(parser)
    level_option(parser)


def _means(commands: Commands) -> None:
    parser = model_command(commands, "means", "Give the marginal means of the levels of factors.")
    parser.add_argument("factors", metavar="FACTOR", nargs="+", help="whose levels are told apart")
    _marginal(parser)


def _slopes(commands: Commands) -> None:
    parser = model_command(commands, "slopes", "Give the slope in a quantity, averaged over the factors.")
    parser.add_argument("variable", metavar="QUANTITY", help="the quantity")
    _marginal(parser)


def _marginal(parser: Parser) -> None:
    parser.add_argument(
        "--by",
        metavar="FACTOR",
        action="append",
        default=[],
        help="separately for each level of this; again for more",
    )
    parser.add_argument(
        "--at",
        metavar="COLUMN=VALUES",
        action="append",
        type=assignment,
        default=[],
        help="values in place of the mean, or levels in place of all: --at Days=0,5; a level with a comma in "
        "double quotes; may be given again",
    )
    parser.add_argument(
        "--averaging",
        choices=("equal", "proportional", "cells"),
        default="equal",
        help="how the cells averaged over count (equal)",
    )
    parser.add_argument("--pairs", action="store_true", help="with all pairwise differences")
    parser.add_argument(
        "--adjust",
        choices=("tukey", "holm", "bonferroni", "none"),
        default="tukey",
        help="for the number of differences (tukey)",
    )
    df_option(parser)
    level_option(parser)
