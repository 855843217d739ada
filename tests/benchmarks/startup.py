"""How long from the start of the process to a window that can be used.

    python tests/benchmarks/startup.py [runs]

Every run is a fresh process that opens the window, on the platform given by QT_QPA_PLATFORM (offscreen
by default), and reports when the first events were handled after the window was shown. The first run may
be colder than the others; the median of the others is the warm time.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
GOAL_SECONDS = 1.5

CHILD = """
import sys, time
from PySide6.QtCore import QTimer
from mmgui.ui import create_app, open_window
app = create_app(["mmgui"])
window = open_window()
def usable():
    print(time.time(), flush=True)
    app.exit()
QTimer.singleShot(0, usable)
app.exec()
window.close()
"""


def one_run() -> float:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": str(TOP)}
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return float(done.stdout.split()[0]) - began


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    times = [one_run() for _ in range(runs)]
    print("start to usable window, seconds:", " ".join(f"{t:.2f}" for t in times))
    warm = statistics.median(times[1:] or times)
    print(f"first {times[0]:.2f}, warm (median of the others) {warm:.2f}, goal {GOAL_SECONDS}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
