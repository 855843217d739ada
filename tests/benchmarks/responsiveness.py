"""Whether the window stays responsive while the largest sample is fitted, and how soon Stop answers.

    python tests/benchmarks/responsiveness.py [ML|REML]

Opens the real window on InstEval, fits ``y ~ service + (1 | s) + (1 | d) + (1 | dept)`` from it while a
timer ticks every 5 ms, and prints by how much the ticks come late: median, 99th percentile and worst,
for the fit and for the derived pages after it. Then fits a larger model and stops it.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

from mmgui.app.store import FitStatus
from mmgui.spec.formula import parse
from mmgui.ui import create_app, open_window
from mmgui.ui.main_window import MainWindow

TICK_MS = 5
FORMULA = "y ~ service + (1 | s) + (1 | d) + (1 | dept)"
LARGER = "y ~ service * lectage + (1 + service | s) + (1 + service | d) + (1 | dept)"


class Ticker:
    """Records how late each tick of a timer comes."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._clock = QElapsedTimer()
        self._timer = QTimer()
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self.late = []
        self._clock.start()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        self.late.append(max(self._clock.nsecsElapsed() / 1e6 - TICK_MS, 0.0))
        self._clock.restart()

    def report(self, name: str, seconds: float) -> None:
        late = np.array(self.late)
        p50, p99 = np.percentile(late, [50, 99])
        print(
            f"{name}: {seconds:.2f} s, {len(late)} ticks, delay p50 {p50:.1f} ms, "
            f"p99 {p99:.1f} ms, max {late.max():.1f} ms"
        )


def spin(condition, most: float = 300.0) -> float:
    """Run the event loop until the condition holds; the seconds it took."""
    loop, began = QEventLoop(), time.perf_counter()
    check = QTimer()
    check.setInterval(2)
    check.timeout.connect(lambda: loop.quit() if condition() or time.perf_counter() - began > most else None)
    check.start()
    loop.exec()
    check.stop()
    return time.perf_counter() - began


def build(window: MainWindow, formula: str, *, reml: bool) -> None:
    window.workspace.store.edit_draft("Type the formula", replace(parse(formula), reml=reml))


def main() -> int:
    reml = "ML" not in sys.argv[1:]
    app = create_app(["mmgui"])
    window = open_window()
    window.resize(1440, 900)
    workspace = window.workspace
    workspace.opening.open_sample("InstEval")
    spin(lambda: not workspace.opening.busy)
    # The warm-up and the panes' own facts are not what is measured here.
    spin(lambda: False, most=4.0)
    ticker = Ticker()
    build(window, FORMULA, reml=reml)
    ticker.start()
    window.actions_.fit.trigger()
    seconds = spin(lambda: workspace.fits.running is None)
    ticker.stop()
    record = workspace.store.record(workspace.store.selected_model())
    print("criterion", record.fit.objective, "evaluations", len(record.fit.log.objective))
    ticker.report("fit", seconds)
    for page in ("summary", "shrinkage", "covariance", "trace"):
        ticker.start()
        workspace.store.look(replace(workspace.store.document.view, page=page))
        seconds = spin(lambda: not workspace.busy)
        spin(lambda: False, most=0.3)
        ticker.stop()
        ticker.report(f"{page} page after the fit", seconds)
    build(window, LARGER, reml=reml)
    window.actions_.fit.trigger()
    # Until there is a point worth keeping.
    spin(lambda: window.toolbar.progress.evaluations >= 2, most=60.0)
    began = time.perf_counter()
    window.actions_.stop.trigger()
    spin(lambda: workspace.fits.running is None)
    answered = time.perf_counter() - began

    def kept() -> bool:
        record = workspace.store.record(workspace.store.selected_model())
        return record is not None and record.status is FitStatus.STOPPED and record.fit is not None

    spin(kept, most=30.0)
    complete = time.perf_counter() - began
    print(f"Stop answered after {answered:.3f} s; best point kept: {kept()}, after {complete:.3f} s")
    window.close()
    app.processEvents()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
