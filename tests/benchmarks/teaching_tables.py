"""The tables behind ``teaching.json``, as columns, and fits to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import mmgui
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.model import FittedModel

Columns = dict[str, Any]

# What the reference writes, and the column that stands for it here: R's indicators of one level; and a name
# that would be taken for an animal's cage.
RENAMED = {
    'dummy(Machine, "B")': "IsB",
    'dummy(Machine, "C")': "IsC",
    'dummy(Type, "T2")': "IsT2",
    "cage": "age11",
}
# Where R's data have another first level than the alphabet.
REFERENCE_LEVELS = {"Orthodont": {"Sex": "Male"}}


def sample(name: str) -> Columns:
    """The columns of a sample table; labels as text."""
    return {
        c.name: c.values if c.is_number else np.array(c.levels, dtype=object)[c.codes]
        for c in load_sample(name).columns
    }


def is_level(labels: NDArray[Any], level: str) -> NDArray[np.float64]:
    return np.where(labels == level, 1.0, 0.0)


def sleepstudy() -> Columns:
    columns = sample("sleepstudy")
    return columns | {"cDays": columns["Days"] - 4.5, "weeks": columns["Days"] / 7.0}


def sparse_subjects() -> Columns:
    """With two subjects who were hardly measured (tjmahr.github.io, partial pooling)."""
    columns = sample("sleepstudy")
    more = {"Reaction": [286.0, 288.0, 245.0], "Days": [0.0, 1.0, 0.0], "Subject": ["374", "374", "373"]}
    return {name: np.concatenate([columns[name], np.array(more[name], dtype=object)]) for name in more} | {
        name: np.concatenate([columns[name], more[name]]) for name in ("Reaction", "Days")
    }


def two_days() -> Columns:
    columns = sample("sleepstudy")
    ends = np.isin(columns["Days"], [0, 9])
    return {name: values[ends] for name, values in columns.items()}


def one_row_each() -> Columns:
    return sample("sleepstudy") | {"obs": np.array([f"row {k}" for k in range(180)], dtype=object)}


def orthodont() -> Columns:
    columns = sample("Orthodont")
    return columns | {"age11": columns["age"] - 11.0, "sx": is_level(columns["Sex"], "Female")}


def machines() -> Columns:
    columns = sample("Machines")
    machine = columns["Machine"]
    return columns | {"IsB": is_level(machine, "B"), "IsC": is_level(machine, "C")}


def ergo_stool() -> Columns:
    columns = sample("ergoStool")
    return columns | {"IsT2": is_level(columns["Type"], "T2")}


def within_between() -> Columns:
    """Simpson's paradox: x, its group means, and distances from them."""
    columns = sample("sim_within_between")
    _, codes = np.unique(columns["g"], return_inverse=True)
    means = np.bincount(codes, columns["x"]) / np.bincount(codes)
    return columns | {"xm": means[codes], "xd": columns["x"] - means[codes]}


def group_means() -> Columns:
    columns = sample("sim_within_between")
    levels, codes = np.unique(columns["g"], return_inverse=True)
    count = np.bincount(codes)
    mean = {name: np.bincount(codes, columns[name]) / count for name in ("x", "y")}
    return {"g": levels, "mb": mean["x"], "y": mean["y"]}


def factors() -> Columns:
    """With the rating less its mean at each level of A."""
    columns = sample("sim_within_subject_factors")
    _, codes = np.unique(columns["A"].astype(str), return_inverse=True)
    means = np.bincount(codes, columns["rating"]) / np.bincount(codes)
    return columns | {"rc": columns["rating"] - means[codes]}


def factor_means() -> Columns:
    """Means of every subject at every level of A."""
    columns = factors()
    pairs = [f"{s} {a}" for s, a in zip(columns["Subj"], columns["A"], strict=True)]
    cells, codes = np.unique(np.array(pairs), return_inverse=True)
    count = np.bincount(codes)
    subject, level = zip(*(c.split(" ") for c in cells), strict=True)
    return {
        "Subj": np.array([f"subject {s}" for s in subject], dtype=object),
        "A": np.array(level, dtype=object),
        "y": np.bincount(codes, columns["y"]) / count,
        "rc": np.bincount(codes, columns["rc"]) / count,
    }


def stand_in() -> Columns:
    """Subjects at three ages with two formats and four questions, for a table that is not published."""
    subject, age, form, question = (a.ravel() for a in np.meshgrid(range(12), range(3), range(2), range(4)))
    age_of_subject = (age - 1.0) * (1.0 + 0.1 * subject)
    noise = np.random.default_rng(1).standard_normal(subject.size)
    return {
        "Subj": np.array([f"s{k}" for k in subject], dtype=object),
        "ageC": age_of_subject,
        "format": np.array(["paper", "screen"], dtype=object)[form],
        "qC": question - 1.5,
        "y": noise,
    }


def group_columns() -> Columns:
    """Numbers, factors with 2, 4, 4 and 5 levels, and two groupings, each with all combinations."""
    g, a, b, c, d = (k.ravel() for k in np.meshgrid(*(range(k) for k in (6, 2, 4, 4, 5))))
    draw = np.random.default_rng(2)
    numbers = {name: draw.standard_normal(g.size) for name in ("a", "b", "c", "d", "S", "P", "L", "y")}
    label = {"A": a, "B": b, "C": c, "D": d}
    return (
        numbers
        | {name: np.array([f"{name}{k}" for k in codes], dtype=object) for name, codes in label.items()}
        | {
            "g": np.array([f"g{k // 2}" for k in g], dtype=object),
            "h": np.array([f"h{k}" for k in (a + 2 * b) % 7], dtype=object),
        }
    )


TABLES: dict[str, Callable[[], Columns]] = {
    "sleepstudy": sleepstudy,
    "sparse subjects": sparse_subjects,
    "two days": two_days,
    "one row each": one_row_each,
    "Orthodont": orthodont,
    "Machines": machines,
    "ergoStool": ergo_stool,
    "within and between": within_between,
    "group means": group_means,
    "factors": factors,
    "factor means": factor_means,
}


@cache
def table(name: str) -> Table:
    """One of ``TABLES``, or a sample as it is."""
    return from_frame(TABLES[name](), name) if name in TABLES else load_sample(name)


def our_name(text: str) -> str:
    """A formula or the name of an effect of the reference, with our columns and single blanks."""
    for theirs, ours in RENAMED.items():
        text = text.replace(theirs, ours)
    return " ".join(text.split())


@cache
def fitted(name: str, formula: str, reml: bool = True) -> FittedModel:
    """A model fitted to one of the tables, once."""
    return mmgui.fit(our_name(formula), table(name), reml=reml, reference=REFERENCE_LEVELS.get(name))
