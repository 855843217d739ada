"""The one hierarchy of errors that people see: a code, a sentence, and where it happened.

The window, the command line and the Python API show the same sentence.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """The place an error is about.

    Attributes
    ----------
    part
        ``"file"``, ``"formula"``, ``"column"``, ``"term"``, ``"fit"`` or ``"session"``.
    name
        The column, term or file concerned; empty if there is none.
    position, length
        Zero-based character span in the formula; ``position`` is -1 if there is none.
    """

    part: str
    name: str = ""
    position: int = -1
    length: int = 1


class MmguiError(Exception):
    """Base of everything mmgui raises on purpose; ``str(error)`` is a sentence for people."""

    default_part = ""

    def __init__(self, code: str, message: str, where: Where | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where if where is not None else Where(self.default_part)

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.code, self.message, self.where))

    def to_dict(self) -> dict[str, object]:
        """The error as the command line's JSON writes it."""
        return {
            "code": self.code,
            "message": self.message,
            "where": {
                "part": self.where.part,
                "name": self.where.name,
                "position": self.where.position if self.where.position >= 0 else None,
            },
        }


class DataError(MmguiError):
    """The table cannot be read or used."""

    default_part = "file"


class FormulaError(MmguiError):
    """The formula cannot be read; ``where.position`` points at the character."""

    default_part = "formula"


class ModelError(MmguiError):
    """The model cannot be built on this table (unknown column, constant response, too many effects)."""

    default_part = "term"


class FitError(MmguiError):
    """The fit cannot be carried out or finished."""

    default_part = "fit"


class SessionError(MmguiError):
    """A session file cannot be read or written."""

    default_part = "session"
