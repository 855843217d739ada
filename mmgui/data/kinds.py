"""Whether a column is a number, a category, or an id: every rule of the import in one place.

A category has labels that are of interest themselves (treatment, sex); an id has labels that name
units (subjects, schools, items), which matter only as groups, also where they look like numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mmgui.data.table import FloatArray, Kind


def _vocabulary(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that name a person or say outright that the column identifies: an id even where the entries are text.
PERSONS = _vocabulary(
    "id ids uid subject subj sub participant ppt respondent person pupil student patient child worker "
    "rater lecturer teacher observer judge animal "
)
# Words that name another unit: an id where the entries are whole numbers.
UNITS = PERSONS | _vocabulary(
    "school class classroom item plot plate batch block site lecturer dept department rail replicate "
    "hospital clinic doctor ward family litter cage nest tree farm field village region county "
    "district household cluster group grp g lot cask stimulus word sentence team firm company lab "
    "center centre "
)
# Words that number the rows: an id where the entries are 1 … n.
ROW_NUMBERS = _vocabulary("row rowid rownum index idx obs observation case record nr no number k i n")
# Words that say the entries are amounts, whatever else the name holds.
AMOUNTS = _vocabulary(
    "n num count number of per mean avg average median sum total size length width height depth area "
    "weight mass dose age iq score rating time rt duration latency ms sec day days week weeks month "
    "year hour distance speed rate temp temperature income price cost percent pct level "
)
# Words after a unit that still mean the unit itself: subject_no, schoolCode.
LABEL_WORDS = _vocabulary("id nr no num number code label name index key")

FEW_LABELS = 12
FEW_QUOTED_NUMBERS = 9
LEAST_CODE = 100
FEWEST_CODES = 5

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[^\W\d_]+")


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of a column before its kind is.

    Attributes
    ----------
    name
        The column's name.
    rows
        Number of rows that are not missing.
    counts
        (L,) how often each distinct entry occurs, in the order of ``numbers``.
    numbers
        (L,) the distinct entries as ascending numbers; None where they are text.
    quoted
        Whether the file writes the entries in quotes (or as text cells).
    coded
        Whether the numerals only make sense as labels: leading zeros, or more digits than a number holds.
    """

    name: str
    rows: int
    counts: NDArray[np.int64]
    numbers: FloatArray | None
    quoted: bool = False
    coded: bool = False


def words_of(name: str) -> list[str]:
    """The lower-case words of a name: ``schoolCode_2`` has ``school`` and ``code``."""
    return [w.lower() for w in _WORD.findall(name)]


def _names(name: str, vocabulary: frozenset[str]) -> bool:
    """Whether the name's main word, its last, is in the vocabulary: ``subject_no``, not ``class_size``."""
    words = words_of(name)
    while len(words) > 1 and words[-1] in LABEL_WORDS and words[-1] not in vocabulary:
        words.pop()
    return bool(words) and words[-1] in vocabulary and not (AMOUNTS & set(words[:-1]))


def names_persons(name: str) -> bool:
    """Whether the name says that the column tells persons apart, or is an identifier."""
    return _names(name, PERSONS)


def names_units(name: str) -> bool:
    """Whether the name says that the column tells units apart: subjects, schools, items, plots, …"""
    return _names(name, UNITS)


def numbers_rows(evidence: Evidence) -> bool:
    """Whether the column merely numbers the rows: so named, and 1 … n, each once."""
    numbers = evidence.numbers
    return (
        numbers is not None
        and numbers.size == evidence.rows
        and numbers.size > 0
        and bool(numbers[0] == 1)
        and bool(numbers[-1] == numbers.size)
        and any(w in ROW_NUMBERS for w in words_of(evidence.name)[-1:])
    )


def looks_like_codes(evidence: Evidence) -> bool:
    """Whether whole numbers look like labels: large, repeated equally often, irregularly spaced."""
    numbers, counts = evidence.numbers, evidence.counts
    if numbers is None or numbers.size < FEWEST_CODES or numbers[0] < LEAST_CODE:
        return False
    if AMOUNTS & set(words_of(evidence.name)):
        return False
    irregular = len({float(b - a) for a, b in pairwise(numbers.tolist())}) > 1
    return irregular and int(counts.min()) >= 2 and int(counts.max()) <= 2 * int(counts.min())


def detect_kind(evidence: Evidence) -> Kind:
    """The kind that the import gives a column; a person can change it.

    Parameters
    ----------
    evidence
        Name, distinct entries and how the file writes them.

    Returns
    -------
    Kind
        The first rule that applies decides:

        1. Text is an id under a name that names persons (with more than two labels: `patient` may be yes
           or no), where every entry differs, or where there are more than 12 labels; else a category.
        2. Numbers with fractions, or below 0, are numbers: ``cage`` may be an age less its mean.
        3. Numerals with leading zeros, or with more digits than a number holds, are ids.
        4. Whole numbers under a name that names units are ids, again with more than two.
        5. Whole numbers written in quotes are ids where there are more than nine.
        6. 1 … n, each once, under a name such as `row` or `obs`, is an id.
        7. Whole numbers that look like codes (from 100, at least five, each repeated about equally often,
           irregular gaps, no name of an amount) are ids.
        8. Else a number.
    """
    numbers = evidence.numbers
    distinct = evidence.counts.size
    if numbers is None:
        every_differs = distinct == evidence.rows and distinct > 2
        many = distinct > FEW_LABELS
        persons = names_persons(evidence.name) and distinct > 2
        return Kind.ID if persons or every_differs or many else Kind.CATEGORY
    if (
        distinct == 0
        or not bool(np.all(numbers == np.floor(numbers)))
        or not bool(np.isfinite(numbers).all())
        or bool(numbers[0] < 0)
    ):
        return Kind.NUMBER
    if evidence.coded or numbers_rows(evidence) or looks_like_codes(evidence):
        return Kind.ID
    if names_units(evidence.name) and distinct > 2:
        return Kind.ID
    if evidence.quoted and distinct > FEW_QUOTED_NUMBERS:
        return Kind.ID
    return Kind.NUMBER
