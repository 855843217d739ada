"""From a file to its bytes and its text: what it is, whether it fits into memory, how it is encoded."""

from __future__ import annotations

import codecs
import gzip
import os
import re
import zlib
from pathlib import Path

from mmgui.errors import DataError, Where

_MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Office file"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "a Feather file"),
    (b"FEA1", "a Feather file"),
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"RDX", "an R data file"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x7fELF", "a program"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
)
GZIP = b"\x1f\x8b"
# Control characters that no text holds (tab, line ends, form feed and the old end-of-file mark are text).
_CONTROL = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f]")
_CONTROL_SHARE = 0.005
# Text of a table needs about this many times its size while it is read.
_MEMORY_FACTOR = 15


def error(code: str, message: str, name: str) -> DataError:
    """A DataError about a file."""
    return DataError(code, message, Where("file", name))


def printable(name: str) -> str:
    """A file's name as it can be written anywhere; what is no UTF-8 in it is replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def read_bytes(path: Path) -> bytes:
    """The file's content, decompressed where it is gzip.

    Raises
    ------
    DataError
        ``missing_file``, ``folder``, ``no_permission``, ``unreadable``, ``too_large``.
    """
    name = printable(path.name or str(path))
    limit = size_limit()
    try:
        if path.is_dir():
            raise error("folder", f"“{name}” is a folder; choose a file in it.", name)
        if path.exists() and not path.is_file():
            raise error("unreadable", f"“{name}” is no ordinary file; choose a file with a table.", name)
        if path.stat().st_size > limit:
            raise too_large(name)
        content = path.read_bytes()
        if content.startswith(GZIP):
            with gzip.open(path) as stream:
                content = stream.read(limit + 1)
            if len(content) > limit:
                raise too_large(name)
    except FileNotFoundError:
        where = printable(str(path))
        raise error("missing_file", f"There is no file “{where}”; check its name and folder.", name) from None
    except PermissionError:
        raise error(
            "no_permission",
            f"“{name}” may not be read by you; ask for permission or copy it elsewhere.",
            name,
        ) from None
    except MemoryError:
        raise too_large(name) from None
    except (OSError, ValueError, EOFError, zlib.error) as problem:
        raise error("unreadable", f"“{name}” cannot be read ({problem}); try a copy of it.", name) from None
    return content


def too_large(name: str) -> DataError:
    """The error for a file that does not fit into memory."""
    return error(
        "too_large",
        f"“{name}” is too large for this computer's memory; keep only the columns and rows you need.",
        name,
    )


def size_limit() -> int:
    """The largest file in bytes that can be read."""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _MEMORY_FACTOR
    return 2**31 // _MEMORY_FACTOR * 4


def decode(content: bytes, name: str) -> tuple[str, list[str]]:
    """The text of a file, and a note where its encoding had to be guessed.

    A byte-order mark decides between UTF-8 and UTF-16; without one the text is UTF-8 if it is valid
    UTF-8, else Windows-1252, else Latin-1.

    Raises
    ------
    DataError
        ``binary`` for a file that is no text.
    """
    for magic, what in _MAGIC:
        if content.startswith(magic):
            raise error("binary", f"“{name}” is {what}, not a text file; save the table as CSV.", name)
    text, notes = _decode(content, name)
    if "\0" in text or len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text):
        raise _binary(name)
    return text, notes


def _decode(content: bytes, name: str) -> tuple[str, list[str]]:
    try:
        if content.startswith(codecs.BOM_UTF8):
            return content.decode("utf-8-sig"), []
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16"), []
    except UnicodeDecodeError:
        raise _binary(name) from None
    for encoding, called in (("utf-8", ""), ("cp1252", "Windows-1252"), ("latin-1", "Latin-1")):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, [f"The text is not UTF-8; it was read as {called}."] if called else []
    raise _binary(name)


def _binary(name: str) -> DataError:
    return error("binary", f"“{name}” is not a text file; save the table as CSV.", name)
