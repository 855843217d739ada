"""`mmgui`, or `python -m mmgui`: a command of the command line, or the window."""

from __future__ import annotations

import io
import logging
import multiprocessing
import os
import sys
import threading
from pathlib import Path


def entry() -> None:
    """Run the program and end the process with its exit code."""
    multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show χ² shows a question mark rather than nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    arguments = sys.argv[1:]
    try:
        code = _window(arguments) if _wants_window(arguments) else _command(arguments)
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # Whoever read our output closed it (`mmgui fit … | head`); that is their right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _wants_window(arguments: list[str]) -> bool:
    """No arguments, or a single file."""
    from mmgui.cli import COMMANDS

    if not arguments:
        return True
    only = arguments[0]
    if len(arguments) > 1 or only.startswith("-") or only in COMMANDS:
        return False
    return Path(only).exists() or bool(Path(only).suffix)


def _command(arguments: list[str]) -> int:
    from mmgui.cli import main

    code = main(arguments)
    sys.stdout.flush()
    return code


def _window(arguments: list[str]) -> int:
    try:
        from mmgui.ui import create_app, open_window
    except ImportError as error:
        sys.stderr.write(
            f"mmgui: the window needs PySide6 and pyqtgraph, which cannot be loaded here ({error}).\n"
            "The command line works without them: mmgui --help\n"
        )
        return 1
    app = create_app([sys.argv[0], *arguments])
    window = open_window(arguments[0] if arguments else None)
    code = int(app.exec())
    del window
    if threading.active_count() > 1:
        # Work left behind would hold up taking the interpreter apart; everything that is kept is written.
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    entry()
