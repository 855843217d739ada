"""The options of the commands that say more about one model."""

from __future__ import annotations

from mmgui.cli.parser import (
    FORMULA,
    Commands,
    Parser,
    command,
    json_option,
    level,
    model_options,
    positive,
    seed,
)


def add_model_commands(commands: Commands) -> None:
    """Every command that fits one model and says one thing about it."""
    model_command(
        commands, "explain", "Say how much of the variance each part of a model explains: R², ICC, shares."
    )
    _identify(commands)
    model_command(commands, "components", "Take the random effects apart into principal components (rePCA).")
    model_command(commands, "ranova", "Test the random effects by dropping one at a time.")
    _profile(commands)
    _bootstrap(commands)
    _icc(commands)
    model_command(commands, "residuals", "Give the residuals of every row, of every kind.")
    _influence(commands)
    _predict(commands)
    _simulate(commands)


def model_command(commands: Commands, name: str, text: str) -> Parser:
    """A command that fits one model."""
    parser = command(commands, name, text)
    parser.add_argument("formula", metavar="FORMULA", help=FORMULA)
    parser.add_argument("--ml", action="store_true", help="by maximum likelihood instead of REML")
    model_options(parser)
    json_option(parser)
    return parser


def _identify(commands: Commands) -> None:
    model_command(
        commands,
        "identify",
        "Say, without a fit, whether a model's variances and covariances can be told apart.",
    )


def level_option(parser: Parser) -> None:
    """``--level``."""
    parser.add_argument("--level", type=level, default=0.95, metavar="P", help="confidence level (0.95)")


def _random_numbers(parser: Parser) -> None:
    parser.add_argument("--seed", metavar="SEED", type=seed, help="seed of the random numbers")


def _workers(parser: Parser) -> None:
    parser.add_argument("--cores", metavar="K", type=positive, help="processes (default: what is quickest)")


def _profile(commands: Commands) -> None:
    parser = model_command(
        commands, "profile", "Profile the likelihood of every parameter, with its intervals."
    )
    level_option(parser)
    _workers(parser)


def _bootstrap(commands: Commands) -> None:
    parser = model_command(
        commands, "bootstrap", "Refit a model to simulated responses: intervals for everything."
    )
    parser.add_argument("-n", "--count", metavar="N", type=positive, default=1000, help="refits (1000)")
    parser.add_argument("--kind", choices=("percentile", "basic"), default="percentile")
    parser.add_argument("--replicates", action="store_true", help="with every refit's estimates (JSON)")
    level_option(parser)
    _random_numbers(parser)
    _workers(parser)


def _icc(commands: Commands) -> None:
    parser = model_command(
        commands, "icc", "Give the variance between groups along a predictor with random slopes."
    )
    parser.add_argument("--along", metavar="COLUMN", required=True, help="the predictor")
    parser.add_argument("--term", metavar="K", type=positive, default=1, help="which random term (1)")


def _influence(commands: Commands) -> None:
    parser = model_command(
        commands, "influence", "Give leverage and influence of rows, or refit without each group."
    )
    parser.add_argument("--group", metavar="G", help="refit without each group of this grouping factor")
    _workers(parser)


def _predict(commands: Commands) -> None:
    parser = model_command(commands, "predict", "Predict the rows of the table, or of another one.")
    parser.add_argument("--rows", metavar="FILE", help="a table with the rows to predict")
    parser.add_argument(
        "--population", action="store_true", help="of an average group, random effects set to 0"
    )
    parser.add_argument(
        "--observation",
        action="store_true",
        help="intervals of a new observation, not of its expected value",
    )
    parser.add_argument(
        "--known-groups", action="store_true", help="refuse groups that are not in the table fitted"
    )
    level_option(parser)


def _simulate(commands: Commands) -> None:
    parser = model_command(commands, "simulate", "Draw responses from a fitted model, as a table.")
    parser.add_argument("-n", "--count", metavar="N", type=positive, default=1, help="responses (1)")
    parser.add_argument("--keep-groups", action="store_true", help="groups keep their estimated effects")
    parser.add_argument("--rows", metavar="FILE", help="a table with the rows to simulate")
    parser.add_argument("-o", "--output", metavar="FILE.csv", help="write a CSV file instead of printing")
    _random_numbers(parser)
