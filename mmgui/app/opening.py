"""Opens files, samples, pasted tables and sessions without holding up the window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.mailbox import Mailbox
from mmgui.app.runner import InlineRunner, Runner, ThreadRunner
from mmgui.app.session import SUFFIX, Session, read_session, restore
from mmgui.app.store import Store
from mmgui.data.table import Table
from mmgui.errors import DataError, MmguiError
from mmgui.resources import sample_data

logger = logging.getLogger(__name__)

SMALL_BYTES = 200_000
"""Up to this size a text file is read at once: that takes less time than a person notices."""

QUICK_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".dat", SUFFIX})


@dataclass(frozen=True, eq=False, slots=True)
class _Arrival:
    number: int
    source: str
    path: str
    content: Table | Session | MmguiError


class Opening(QObject):
    """Reads on a worker what may be large, and puts it into the store. The last wish counts."""

    failed = Signal(object)
    opened = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, store: Store, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._runner: Runner = runner if runner is not None else ThreadRunner()
        self._mailbox = Mailbox(self)
        self._mailbox.delivered.connect(self._on_delivered)
        self._number = 0
        self._waiting = False

    @property
    def busy(self) -> bool:
        """Whether something is being read."""
        return self._waiting

    def open_path(self, path: str | Path) -> None:
        """Open a table or a session from a file."""
        path = Path(path)
        if path.suffix.lower() == SUFFIX:
            self._read(lambda: read_session(path), "session", str(path), quick=_is_small(path))
        else:
            self._read(lambda: _read_table(path), "file", str(path), quick=_is_small(path))

    def open_sample(self, key: str) -> None:
        """Open one of the bundled samples."""
        from mmgui.data.samples import load_sample, samples

        file = next((s.file for s in samples() if s.key == key), "")
        self._read(lambda: load_sample(key), "sample", key, quick=_is_small(sample_data() / file))

    def open_text(self, text: str, name: str = "pasted table") -> None:
        """Open a table copied from a spreadsheet or a text."""
        self._read(lambda: _read_text(text, name), "pasted", "", quick=len(text) <= SMALL_BYTES)

    def shutdown(self) -> None:
        """Hear of nothing any more."""
        self._number += 1
        self._mailbox.close()
        self._waiting = False

    def _read(self, read: Callable[[], Table | Session], source: str, path: str, *, quick: bool) -> None:
        self._number += 1
        self._waiting = True
        self._mailbox.open()
        self.busy_changed.emit(True)
        runner: Runner = InlineRunner() if quick else self._runner
        task = runner.start(f"open {source}", _work(self._number, read, source, path, self._mailbox.post))
        if task.at_once:
            self._mailbox.drain()

    @Slot(object)
    def _on_delivered(self, arrivals: tuple[_Arrival, ...]) -> None:
        arrival = next((a for a in arrivals if a.number == self._number), None)
        if arrival is None or not self._waiting:
            return
        self._waiting = False
        self._mailbox.close()
        match arrival.content:
            case Table() as table:
                self._store.open_table(table, arrival.source, arrival.path)
                self.opened.emit(arrival.path)
            case Session() as session:
                restore(self._store, session)
                self.opened.emit(arrival.path)
            case error:
                self.failed.emit(error)
        self.busy_changed.emit(False)


def _is_small(path: Path) -> bool:
    try:
        return path.suffix.lower() in QUICK_SUFFIXES and path.stat().st_size <= SMALL_BYTES
    except OSError:
        # The reader says in words what is wrong with it.
        return True


def _read_table(path: Path) -> Table:
    from mmgui.data.read import read_table

    return read_table(path)


def _read_text(text: str, name: str) -> Table:
    from mmgui.data.read import read_text

    return read_text(text, name)


def _work(
    number: int, read: Callable[[], Table | Session], source: str, path: str, post: Callable[[object], None]
) -> Callable[[], None]:
    def run() -> None:
        content: Table | Session | MmguiError
        try:
            content = read()
        except MmguiError as error:
            content = error
        except Exception:
            logger.exception("%s could not be read.", path or source)
            name = Path(path).name or "The table"
            content = DataError("internal", f"“{name}” could not be read. The details are in the log.")
        post(_Arrival(number, source, path, content))

    return run
