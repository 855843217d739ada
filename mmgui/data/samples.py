"""The sample tables: what each is, where it comes from, and models to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from mmgui import resources
from mmgui.data.read import read_table
from mmgui.data.table import Table
from mmgui.errors import DataError, Where


@dataclass(frozen=True, slots=True)
class Sample:
    """A table that comes with the program.

    Attributes
    ----------
    key
        What it is called in sessions and scripts: ``sleepstudy``.
    title
        For a menu.
    file
        Its file in the folder of sample tables.
    design
        A sentence about what was measured and how the rows are grouped.
    source
        Who measured or published it.
    formulas
        Models to begin with, from simple to rich.
    simulated
        Whether the true parameters are known.
    """

    key: str
    title: str
    file: str
    design: str
    source: str
    formulas: tuple[str, ...]
    simulated: bool = False


_DAVIES = "Davies & Goldsmith 1972"
_PINHEIRO = "via Pinheiro & Bates 2000"
_OWN = "Simulated for this program"
_THREE_FACTORS = (
    "y ~ A * B * C + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj) + (1 | C:Subj)"
    " + (1 | A:B:Subj) + (1 | A:C:Subj) + (1 | B:C:Subj)"
)

_SAMPLES = (
    Sample(
        "sleepstudy",
        "Sleep deprivation",
        "sleepstudy.csv",
        "Mean reaction time in milliseconds of 18 subjects on each of 10 days, with 3 hours in bed a night "
        "after the first days: a line per subject.",
        "Belenky et al. 2003",
        (
            "Reaction ~ Days + (1 | Subject)",
            "Reaction ~ Days + (Days || Subject)",
            "Reaction ~ Days + (Days | Subject)",
        ),
    ),
    Sample(
        "Penicillin",
        "Penicillin assay",
        "Penicillin.csv",
        "Six samples of penicillin, each tested once on each of 24 plates: two crossed grouping factors.",
        f"{_DAVIES}, table 6.6",
        ("diameter ~ 1 + (1 | plate)", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
    ),
    Sample(
        "Pastes",
        "Chemical pastes",
        "Pastes.csv",
        "Strength of paste from 10 batches, 3 casks of each, tested twice: casks nested in batches, under "
        "labels a, b, c that recur in every batch.",
        f"{_DAVIES}, table 6.5",
        ("strength ~ 1 + (1 | batch)", "strength ~ 1 + (1 | batch/cask)", "strength ~ 1 + (1 | sample)"),
    ),
    Sample(
        "Dyestuff",
        "Dyestuff yield",
        "Dyestuff.csv",
        "Yield of five preparations from each of 6 batches of an intermediate product: the simplest design "
        "with a group.",
        _DAVIES,
        ("Yield ~ 1 + (1 | Batch)",),
    ),
    Sample(
        "Dyestuff2",
        "Dyestuff, no batch variance",
        "Dyestuff2.csv",
        "The design of Dyestuff with simulated yields whose batches differ less than chance would make them: "
        "the batch variance is estimated as zero.",
        "Box & Tiao 1973, simulated",
        ("Yield ~ 1 + (1 | Batch)",),
    ),
    Sample(
        "Machines",
        "Workers and machines",
        "Machines.csv",
        "Productivity score of 6 workers, three times on each of 3 machines: does a machine suit some "
        "workers better than others?",
        f"Milliken & Johnson 1992, {_PINHEIRO}",
        (
            "score ~ Machine + (1 | Worker)",
            "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)",
            "score ~ Machine + (Machine | Worker)",
        ),
    ),
    Sample(
        "Oats",
        "Oats, a split plot",
        "Oats.csv",
        "Yield of oats in 6 blocks, each of three plots with a variety, each plot split into four with 0 to "
        "0.6 hundredweight of nitrogen an acre: a split-plot design.",
        f"Yates 1935, {_PINHEIRO}",
        ("yield ~ nitro + Variety + (1 | Block/Variety)", "yield ~ nitro * Variety + (1 | Block/Variety)"),
    ),
    Sample(
        "Orthodont",
        "Growth of the jaw",
        "Orthodont.csv",
        "A distance in the jaw, in millimetres, of 16 boys and 11 girls at ages 8, 10, 12 and 14: a growth "
        "line per child, and sex between children.",
        f"Potthoff & Roy 1964, {_PINHEIRO}",
        (
            "distance ~ age + (1 | Subject)",
            "distance ~ age + (age | Subject)",
            "distance ~ age * Sex + (age | Subject)",
        ),
    ),
    Sample(
        "ergoStool",
        "Ergonomic stools",
        "ergoStool.csv",
        "Effort of 9 subjects to rise from each of 4 types of stool, once each: a randomised block design.",
        f"Wretenberg et al. 1993, {_PINHEIRO}",
        ("effort ~ Type + (1 | Subject)",),
    ),
    Sample(
        "Rail",
        "Railway rails",
        "Rail.csv",
        "Travel time of an ultrasonic wave through 6 rails, measured three times each: rails differ far more "
        "than repetitions.",
        f"Devore 2000, {_PINHEIRO}",
        ("travel ~ 1 + (1 | Rail)",),
    ),
    Sample(
        "cake",
        "Chocolate cakes",
        "cake.csv",
        "Angle at which a cake breaks, for 3 recipes with 15 replicates each, baked at 6 temperatures; "
        "whether replicate 1 of recipe A goes with replicate 1 of recipe B is for you to decide.",
        "Cook 1938, via Cochran & Cox 1957",
        (
            "angle ~ recipe + temp + (1 | recipe:replicate)",
            "angle ~ recipe * temp + (1 | recipe:replicate)",
            "angle ~ recipe + temp + (1 | replicate) + (1 | recipe:replicate)",
        ),
    ),
    Sample(
        "Hsb82",
        "High School and Beyond",
        "Hsb82.csv",
        "Mathematics achievement of 7,185 students in 160 schools, with socioeconomic status split into its "
        "school mean and the student's deviation from it.",
        "High School and Beyond 1982, via Raudenbush & Bryk 2002",
        (
            "mAch ~ 1 + (1 | school)",
            "mAch ~ cses + meanses + (cses | school)",
            "mAch ~ cses * sector + meanses + (cses | school)",
        ),
    ),
    Sample(
        "InstEval",
        "Lecture evaluations",
        "InstEval.csv",
        "73,421 ratings, from 1 to 5, of 1,128 lecturers by 2,972 students in 14 departments: large and "
        "partially crossed.",
        "ETH Zürich, as distributed with lme4",
        ("y ~ service + (1 | s) + (1 | d)", "y ~ service + (1 | s) + (1 | d) + (1 | dept)"),
    ),
    Sample(
        "sim_subjects_items",
        "Subjects by items",
        "sim_subjects_items.csv",
        "Response times of 24 subjects to 16 items under two conditions, which vary within subjects "
        "and within items: crossed, with slopes for both.",
        _OWN,
        (
            "rt ~ cond + (1 | subj) + (1 | item)",
            "rt ~ cond + (cond || subj) + (cond || item)",
            "rt ~ cond + (cond | subj) + (cond | item)",
        ),
        simulated=True,
    ),
    Sample(
        "sim_within_between",
        "Within against between",
        "sim_within_between.csv",
        "Eight groups of 12 rows in which y falls with x within each group (slope −0.8) while the group "
        "means rise (slope 1.5): Simpson's paradox.",
        _OWN,
        ("y ~ x + (1 | g)", "y ~ x + (x | g)"),
        simulated=True,
    ),
    Sample(
        "sim_within_subject_factors",
        "Three factors within subjects",
        "sim_within_subject_factors.csv",
        "Twenty subjects under every combination of the factors A (3 levels), B (2) and C (2), in two runs, "
        "with a rating in each run.",
        _OWN,
        (
            "y ~ A + (1 | Subj) + (1 | A:Subj)",
            "y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj)",
            _THREE_FACTORS,
        ),
        simulated=True,
    ),
    Sample(
        "sim_hidden_singular",
        "A hidden singularity",
        "sim_hidden_singular.csv",
        "Twelve groups of 8 rows whose intercepts and three slopes are made from only two quantities: no SD "
        "is zero and no correlation is ±1, and yet the covariance is singular.",
        _OWN,
        ("y ~ x1 + x2 + x3 + (1 | g)", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"),
        simulated=True,
    ),
    Sample(
        "sim_plots_treatments",
        "Too few plots",
        "sim_plots_treatments.csv",
        "Five treatments, six times on each of only 4 plots: a covariance of five effects cannot be told "
        "from four groups.",
        _OWN,
        ("y ~ ttt + (1 | plot)", "y ~ ttt + (1 | plot) + (1 | plot:ttt)", "y ~ ttt + (ttt | plot)"),
        simulated=True,
    ),
)


def samples() -> tuple[Sample, ...]:
    """The sample tables, in the order of the menu."""
    return _SAMPLES


@cache
def load_sample(key: str) -> Table:
    """A sample table, read as any other file is.

    Parameters
    ----------
    key
        As in :class:`Sample`.

    Raises
    ------
    DataError
        ``unknown_sample``, or as :func:`mmgui.data.read.read_table`.
    """
    for sample in _SAMPLES:
        if sample.key == key:
            return read_table(resources.sample_data() / sample.file)
    keys = ", ".join(s.key for s in _SAMPLES)
    raise DataError(
        "unknown_sample", f"There is no sample “{key}”; choose one of {keys}.", Where("file", key)
    )
