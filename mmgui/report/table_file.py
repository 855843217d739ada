"""How other programs read the person's table."""

from __future__ import annotations

from collections.abc import Sequence

from mmgui.data.table import TextFile
from mmgui.report.names import julia_string, string

SPACE = " "
R_MISSING, JULIA_MISSING = frozenset({"NA"}), frozenset({""})
"""What a program takes for missing by itself; R no empty text among labels."""
PANDAS_MISSING = frozenset(
    {"", "#N/A", "-NaN", "-nan", "<NA>", "N/A", "NA", "NULL", "NaN", "n/a", "nan", "null"}
)


def r_read(file: str | TextFile) -> str:
    """R's call that reads it: ``read.csv``, ``read.csv2`` for semicolons with decimal commas."""
    one = _text_file(file)
    call = "read.csv"
    told: list[str] = []
    if (one.delimiter, one.decimal) == (";", ","):
        call = "read.csv2"
    else:
        # R takes an empty separator for any white space.
        told += [] if one.delimiter == "," else [f"sep = {string(one.delimiter.strip(SPACE))}"]
        told += [] if one.decimal == "." else [f"dec = {string(one.decimal)}"]
    if not R_MISSING.issuperset(one.missing):
        told.append(f"na.strings = c({', '.join(map(string, _with(one.missing, R_MISSING)))})")
    options = ", ".join([string(one.name), *told, "stringsAsFactors = TRUE", "check.names = FALSE"])
    return f"{call}({options})"


def julia_read(file: str | TextFile) -> str:
    """Julia's call that reads it with CSV.jl."""
    one = _text_file(file)
    told = [] if one.delimiter == "," else [f"delim = {_julia_character(one.delimiter)}"]
    told += ["ignorerepeated = true"] if one.delimiter == SPACE else []
    told += [] if one.decimal == "." else [f"decimal = {_julia_character(one.decimal)}"]
    if not JULIA_MISSING.issuperset(one.missing):
        told.append(f"missingstring = [{', '.join(map(julia_string, _with(one.missing, JULIA_MISSING)))}]")
    options = f"; {', '.join(told)}" if told else ""
    return f"CSV.read({julia_string(one.name)}, DataFrame{options})"


def pandas_read(file: str | TextFile, columns: Sequence[str]) -> str:
    """The call of pandas that reads these columns of it."""
    one = _text_file(file)
    separator = r"\s+" if one.delimiter == SPACE else one.delimiter
    told = [] if one.delimiter == "," else [f"sep={string(separator)}"]
    told += [] if one.decimal == "." else [f"decimal={string(one.decimal)}"]
    unknown = [word for word in one.missing if word not in PANDAS_MISSING]
    told += [f"na_values=[{', '.join(map(string, unknown))}]"] if unknown else []
    used = ", ".join(map(string, columns))
    return f"pd.read_csv({', '.join([string(one.name), *told, f'usecols=[{used}]'])})"


def _text_file(file: str | TextFile) -> TextFile:
    return TextFile(file) if isinstance(file, str) else file


def _with(missing: Sequence[str], own: frozenset[str]) -> list[str]:
    """All entries that are missing; a program that is told any forgets its own."""
    return sorted({*missing, *own})


def _julia_character(sign: str) -> str:
    return "'\\t'" if sign == "\t" else f"'{sign}'"
