"""The command line. Nothing of Qt is imported, except to draw a picture."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mmgui.cli.arguments import COMMANDS, parse_arguments
from mmgui.cli.parser import Finished, UsageError

if TYPE_CHECKING:
    from mmgui.errors import MmguiError

__all__ = ["COMMANDS", "main"]

SUCCESS, UNUSABLE, WRONG_USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    argv
        Arguments without the program's name; None for those of the process.

    Returns
    -------
    int
        0 success; 1 the data or the model cannot be used; 2 wrong usage. The process is never ended here.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        options = parse_arguments(arguments)
    except Finished:
        return SUCCESS
    except UsageError as error:
        sys.stderr.write(str(error))
        return WRONG_USAGE
    return _run(options, as_json=getattr(options, "json", False))


def _run(options: argparse.Namespace, *, as_json: bool) -> int:
    from mmgui.cli.commands import RUN
    from mmgui.errors import FitError, MmguiError

    try:
        answer = RUN[options.command](options)
    except MmguiError as error:
        return _failed(error, as_json=as_json)
    except MemoryError:
        memory = FitError("memory", "There is not enough memory for this table and model.")
        return _failed(memory, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - reported, so that nobody is shown a traceback
        return _failed(_internal(error), as_json=as_json)
    if as_json:
        _write_json(answer.payload)
    else:
        sys.stdout.write(answer.text + "\n")
    return SUCCESS


def _write_json(payload: dict[str, object]) -> None:
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    ascii_only = not encoding.startswith("utf")
    sys.stdout.write(json.dumps(payload, ensure_ascii=ascii_only, allow_nan=False) + "\n")


def _internal(error: Exception) -> MmguiError:
    from mmgui.errors import FitError

    return FitError(
        "internal",
        f"Something went wrong inside mmgui ({type(error).__name__}: {error}); please report this with the "
        "table and the formula.",
    )


def _failed(error: MmguiError, *, as_json: bool) -> int:
    if as_json:
        _write_json({"error": error.to_dict()})
    sys.stderr.write(f"mmgui: {error}\n")
    return UNUSABLE
