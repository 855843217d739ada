"""The order of labels: numbers by value, text as R sorts it (``a A b B``; punctuation, digits, letters)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# The order in which ICU's root collation, which R uses, places what is no letter or digit: before both.
_PUNCTUATION_FIRST = {
    ord(mark): chr(position) for position, mark in enumerate(" _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$", start=1)
}


def collation_key(label: str) -> tuple[str, str, str]:
    """Sort key that puts labels as R's locale does: letters without regard to case, lower case first.

    Parameters
    ----------
    label
        A text label.

    Returns
    -------
    tuple of str
        Compared in turn: base letters, letters with their accents, case.
    """
    if label.isascii():
        folded = label.casefold().translate(_PUNCTUATION_FIRST)
        return folded, "", label.swapcase()
    decomposed = unicodedata.normalize("NFKD", label)
    base = "".join(c for c in decomposed if not unicodedata.combining(c))
    return base.casefold().translate(_PUNCTUATION_FIRST), label.casefold(), label.swapcase()


def sorted_labels(labels: Iterable[str]) -> list[str]:
    """The labels in the order R gives the levels of a factor made from text."""
    return sorted(labels, key=collation_key)


def number_label(value: float) -> str:
    """A number as a label: 15 significant digits as in R, more where two numbers would look alike."""
    text = format(value + 0.0, ".15g")  # + 0.0 turns -0.0 into 0.0
    return text if float(text) == value else repr(value)
