"""Frames: from a drag of the handle to three redrawn pages, and panning and zooming crowded pictures.

    python tests/benchmarks/frames.py [--write] [--frames N] [--runs N]

Drives the real window. For the drag, Groups and Shrinkage stand in windows of their own beside the Landscape;
the mouse takes hold of the handle and moves it along a circle, one move a frame, and the time runs from the
event until all that it set off is done and a picture of each page is painted. For crowded pictures 100,000
rows in 3,000 groups are simulated (and InstEval is opened) and each picture is panned and zoomed by its own
view. Prints median, 99th percentile and worst, the median over several runs of each; and the processor's
time, which other work on the machine hardly changes: its median, and what nine frames of ten take at least.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from results_file import write_section

from mmgui.plots.area import PlotArea
from mmgui.plots.canvas import Canvas
from mmgui.plots.landscape_handle import HandleArea
from mmgui.plots.landscape_plot import LandscapePlot
from mmgui.spec.formula import parse
from mmgui.ui import create_app, open_window
from mmgui.ui.main_window import MainWindow
from mmgui.ui.results_page import ResultsPage

CLASS = (
    ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
    ("Machines", "score ~ Machine + (Machine | Worker)"),
    ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
)
Frame = tuple[float, float]
"""Seconds on the wall, and of the processor."""
BESIDE = ("groups", "shrinkage")
CROWDED = (
    ("groups", "overlay", "Groups, overlay"),
    ("groups", "intervals", "Groups, intervals"),
    ("shrinkage", "", "Shrinkage"),
    ("residuals", "trend", "Residuals, trend"),
    ("residuals", "groups", "Residuals, by group"),
)
"""Page, view, and the name a person reads."""


class Clock:
    """Wall and processor time since a frame began."""

    def __init__(self) -> None:
        self.began, self._processor = time.perf_counter(), time.process_time()

    def until_now(self) -> Frame:
        return time.perf_counter() - self.began, time.process_time() - self._processor


class Painted(QObject):
    """Notes when a picture of each of some pages was painted last."""

    def __init__(self, pages: list[ResultsPage]) -> None:
        super().__init__()
        self.last = dict.fromkeys(pages, 0.0)
        for page in pages:
            for area in page.findChildren(PlotArea):
                area.viewport().installEventFilter(self)
            for canvas in page.findChildren(Canvas):
                canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 – Qt's
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            for page in self.last:
                if watched is page or page.isAncestorOf(watched):
                    self.last[page] = time.perf_counter()
        return False


@dataclass(frozen=True)
class Times:
    name: str
    median: float
    p99: float
    worst: float
    processor: float
    least: float

    @staticmethod
    def of(name: str, runs: list[list[Frame]]) -> Times:
        wall, processor = ([1000.0 * np.array(r)[:, k] for r in runs] for k in (0, 1))
        shares = ((wall, 50), (wall, 99), (wall, 100), (processor, 50), (processor, 10))
        return Times(name, *(float(np.median([np.percentile(r, p) for r in rs])) for rs, p in shares))

    def line(self) -> str:
        times = (self.median, self.p99, self.worst, self.processor, self.least)
        name = self.name.replace("|", "\\|")
        return f"| {name} | {' | '.join(f'{t:.1f}' for t in times)} |"


def settle(window: MainWindow, quiet: float = 0.3, most: float = 300.0) -> None:
    """Run the loop until nothing has been under way for a while."""
    loop, began = QEventLoop(), time.perf_counter()
    calm = [time.perf_counter()]

    def look() -> None:
        now = time.perf_counter()
        if window.workspace.busy:
            calm[0] = now
        if now - calm[0] > quiet or now - began > most:
            loop.quit()

    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()


def opened(path: str, formula: str) -> MainWindow:
    window = open_window(None)
    window.resize(1600, 1000)
    window.open_path(path)
    settle(window)
    window.workspace.store.edit_draft("Type the formula", parse(formula))
    window.workspace.fit_draft()
    settle(window)
    return window


def show_page(window: MainWindow, key: str) -> ResultsPage:
    page = next(p for p in window.results.pages if p.key == key)
    tabs = page.parentWidget().parentWidget()
    tabs.setCurrentWidget(page)  # type: ignore[attr-defined]
    settle(window)
    return page


def mouse(widget: QWidget, kind: QEvent.Type, at: QPointF, *, held: bool) -> None:
    button = Qt.MouseButton.LeftButton if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
    buttons = Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton
    place = QPointF(widget.mapToGlobal(QPoint(round(at.x()), round(at.y()))))
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(kind, at, place, button, buttons, none))


def circle(centre: QPointF, radius: float, frames: int) -> Iterator[QPointF]:
    for k in range(frames):
        angle = 2 * np.pi * k / 60
        yield centre + QPointF(radius * float(np.cos(angle)), radius * float(np.sin(angle)))


def drag(window: MainWindow, frames: int) -> list[Frame]:
    """Seconds from each move of the handle to the last painted page."""
    page = show_page(window, "landscape")
    plot = page.findChild(LandscapePlot)
    assert plot is not None
    panel = plot.findChild(HandleArea)
    assert panel is not None
    pages = [page, *(w.page for w in window.results.windows.open_windows)]
    painted, viewport = Painted(pages), panel.viewport()
    start = panel.pixel(*plot.handle_place())
    moved: list[float] = []
    window.workspace.play.moved.connect(lambda _m: moved.append(time.perf_counter()))
    out = []
    mouse(viewport, QEvent.Type.MouseButtonPress, start, held=True)
    for at in circle(start, 60.0, frames):
        clock, heard = Clock(), len(moved)
        mouse(viewport, QEvent.Type.MouseMove, at, held=True)
        while time.perf_counter() - clock.began < 1.0:
            QApplication.processEvents()
            if len(moved) > heard and all(t > moved[-1] for t in painted.last.values()):
                break
        out.append(clock.until_now())
    mouse(viewport, QEvent.Type.MouseButtonRelease, start, held=False)
    window.workspace.play.reset()
    settle(window)
    return out[5:]


def pan_and_zoom(page: ResultsPage, frames: int) -> list[Frame]:
    """Seconds from each step of the view to its painted picture, for each picture of the page in turn."""
    out = []
    areas = [a for a in page.findChildren(PlotArea) if a.isVisible() and a.width() > 200]
    assert areas, f"{page.title} shows no picture that can be moved"
    for area in areas:
        painted = Painted([page])
        for k in range(frames):
            clock = Clock()
            if k % 2:
                factor = 0.97 if (k // 40) % 2 else 1.0 / 0.97
                area.view.scaleBy((factor, factor))
            else:
                shown = area.shown()
                side = 0.01 if (k // 60) % 2 else -0.01
                area.view.translateBy((side * shown.width(), side * shown.height()))
            while painted.last[page] < clock.began and time.perf_counter() - clock.began < 2.0:
                QApplication.processEvents()
            out.append(clock.until_now())
        area.reset_view()
    return out[5:]


def crowd(folder: Path) -> str:
    """100,000 rows in 3,000 groups of uneven size, a slope in each, a few rows far out."""
    rng = np.random.default_rng(5)
    n, groups = 100_000, 3_000
    g = rng.choice(groups, n, p=rng.dirichlet(np.full(groups, 3.0)))
    x = rng.uniform(0, 10, n)
    y = 250 + 10 * x + rng.normal(0, 25, groups)[g] + rng.normal(0, 6, groups)[g] * x + rng.normal(0, 25, n)
    y[rng.choice(n, 40)] += rng.normal(0, 400, 40)
    lines = ["y,x,g", *(f"{a:.5g},{b:.4g},g{c:04d}" for a, b, c in zip(y, x, g, strict=True))]
    path = folder / "crowd.csv"
    path.write_text("\n".join(lines))
    return str(path)


def several(runs: int, one: Callable[[], list[Frame]]) -> list[list[Frame]]:
    one()
    return [one() for _ in range(runs)]


def main() -> int:
    arguments = sys.argv[1:]
    frames = int(arguments[arguments.index("--frames") + 1]) if "--frames" in arguments else 240
    runs = int(arguments[arguments.index("--runs") + 1]) if "--runs" in arguments else 5
    create_app(sys.argv[:1])
    drags, crowded = [], []
    for sample, formula in CLASS:
        window = opened(sample_path(sample), formula)
        for key in BESIDE:
            window.results.windows.open(next(p for p in window.results.pages if p.key == key))
        settle(window)
        name = f"{sample} `{formula}`"
        drags.append(Times.of(name, several(runs, lambda w=window: drag(w, frames))))
        print(drags[-1].line(), flush=True)
        window.close()
    with tempfile.TemporaryDirectory() as folder:
        tables = (
            (crowd(Path(folder)), "y ~ x + (x | g)", "100,000 rows, 3,000 groups"),
            (sample_path("InstEval"), "y ~ service + (1 | s) + (1 | d) + (1 | dept)", "InstEval"),
        )
        for path, formula, title in tables:
            window = opened(path, formula)
            for key, view, words in CROWDED:
                page = show_page(window, key)
                if view:
                    page.show_view(view)
                    settle(window, quiet=1.0)
                name = f"{title}: {words}"
                crowded.append(Times.of(name, several(runs, lambda p=page: pan_and_zoom(p, frames))))
                print(crowded[-1].line(), flush=True)
            window.close()
    if "--write" in arguments:
        write_section("frames", section(drags, crowded, runs, frames))
    return 0


def section(drags: list[Times], crowded: list[Times], runs: int, frames: int) -> str:
    head = "| | median, ms | 99 % | worst | processor | at least |\n|---|---|---|---|---|---|\n"
    return (
        "From a move of the mouse that drags the landscape's handle to three redrawn pages (Landscape with "
        f"its pictures, Groups and Shrinkage in windows of their own), {runs} runs of {frames} moves:\n\n"
        + head
        + "\n".join(t.line() for t in drags)
        + "\n\nPanning and zooming, to the painted picture:\n\n"
        + head
        + "\n".join(t.line() for t in crowded)
        + "\n"
    )


def sample_path(name: str) -> str:
    folder = Path(__file__).resolve().parents[2] / "sample_data"
    return str(next(p for p in folder.iterdir() if p.name.split(".")[0] == name))


if __name__ == "__main__":
    sys.exit(main())
