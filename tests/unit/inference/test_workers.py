"""Long work in worker processes: order, progress, stop, errors, death, and scripts without a main guard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from mmgui.errors import DataError, FitError
from mmgui.inference.refits.worker_process import ShouldStop
from mmgui.inference.refits.workers import run

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Squares:
    """Piece k is (k², process), after so many seconds; special pieces fail, die or never end."""

    seconds: float = 0.0
    fails: int = -1
    breaks: int = -1
    dies: int = -1
    endless: int = -1

    def prepare(self) -> Callable[[int, ShouldStop], tuple[int, int]]:
        def piece(number: int, should_stop: ShouldStop) -> tuple[int, int]:
            time.sleep(self.seconds)
            if number == self.fails:
                raise DataError("some_code", "A sentence.")
            if number == self.breaks:
                raise ZeroDivisionError
            if number == self.dies:
                os.kill(os.getpid(), signal.SIGKILL)
            while number == self.endless:
                time.sleep(0.01)
            return number * number, os.getpid()

        return piece


@pytest.mark.parametrize("workers", [1, 2, None])
def test_every_piece_is_done_once_and_in_order(workers: int | None) -> None:
    done = run(Squares(), 37, workers=workers)
    assert [value for value, _ in done.results.values()] == [k * k for k in range(37)]
    assert list(done.results) == list(range(37))
    assert done.complete


def test_processes_do_the_work_of_an_explicit_number_of_workers() -> None:
    # Long enough (2.4 s for one) that the second process has begun, however busy the machine.
    done = run(Squares(0.02), 120, workers=2)
    processes = {process for _, process in done.results.values()}
    assert done.workers == 2
    assert len(processes) == 2
    assert os.getpid() not in processes


def test_a_small_job_is_done_in_this_process() -> None:
    done = run(Squares(), 50)
    assert done.workers == 0
    assert {process for _, process in done.results.values()} == {os.getpid()}


def test_a_long_job_is_shared_once_it_is_known_to_be_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmgui.inference.refits.workers.cores", lambda: 2)
    told: list[tuple[int, int]] = []
    done = run(Squares(0.05), 60, on_progress=lambda k, n: told.append((k, n)))
    assert done.workers == 2
    assert [value for value, _ in done.results.values()] == [k * k for k in range(60)]
    # The pieces done here while judging are kept.
    assert done.results[0][1] == os.getpid()
    assert done.results[59][1] != os.getpid()
    assert [k for k, _ in told] == sorted({k for k, _ in told})
    assert told[-1] == (60, 60)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stop_keeps_what_is_done(workers: int) -> None:
    told: list[int] = []
    done = run(
        Squares(0.02),
        10_000,
        workers=workers,
        on_progress=lambda k, n: told.append(k),
        should_stop=lambda: len(told) >= 2,
    )
    assert 2 <= len(done.results) < 1000
    assert not done.complete
    assert all(value == k * k for k, (value, _) in done.results.items())


def test_a_piece_that_does_not_listen_is_ended_after_a_stop() -> None:
    told: list[int] = []
    done = run(
        Squares(0.001, endless=150),
        200,
        workers=2,
        on_progress=lambda k, n: told.append(k),
        should_stop=lambda: bool(told) and told[-1] >= 100,
    )
    assert 100 <= len(done.results) < 200
    assert 150 not in done.results


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_for_people_arrives_as_it_was_raised(workers: int) -> None:
    with pytest.raises(DataError) as raised:
        run(Squares(fails=7), 20, workers=workers)
    assert raised.value.code == "some_code"
    assert str(raised.value) == "A sentence."


def test_an_unexpected_error_in_a_process_is_one_typed_error_with_its_trace() -> None:
    with pytest.raises(FitError) as raised:
        run(Squares(breaks=3), 20, workers=2)
    assert raised.value.code == "worker_failed"
    assert "ZeroDivisionError" in str(raised.value.__cause__)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_process_that_is_killed_gives_one_typed_error() -> None:
    with pytest.raises(FitError) as raised:
        run(Squares(0.001, dies=11), 40, workers=2)
    assert raised.value.code == "worker_died"
    assert "memory" in str(raised.value)


def test_no_process_is_left_behind() -> None:
    import multiprocessing

    before = set(multiprocessing.active_children())
    done = run(Squares(0.005), 40, workers=2)
    assert done.workers == 2
    assert set(multiprocessing.active_children()) <= before


def test_work_is_shared_from_a_thread_that_is_not_the_main_one() -> None:
    out: list[int] = []
    thread = threading.Thread(target=lambda: out.append(run(Squares(0.005), 30, workers=2).workers))
    thread.start()
    thread.join(60)
    assert out == [2]


SCRIPT = """
    import os
    from mmgui.data.samples import load_sample
    from mmgui.engine.fit import FitJob, fit
    from mmgui.inference.simulation.bootstrap import bootstrap
    from mmgui.spec.formula import parse
    print("script runs")
    model = fit(FitJob(parse("Yield ~ 1 + (1 | Batch)"), load_sample("Dyestuff")))
    found = bootstrap(model, 12, 5, workers=2)
    print(f"mean {found.values[:, 0].mean():.10f}")
"""


@pytest.mark.parametrize("how", ["script", "command", "input"])
def test_a_script_without_a_main_guard_runs_once(how: str, tmp_path: Path) -> None:
    code = textwrap.dedent(SCRIPT)
    path = tmp_path / "plain.py"
    path.write_text(code, encoding="utf-8")
    arguments = {"script": [str(path)], "command": ["-c", code], "input": ["-"]}[how]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    finished = subprocess.run(
        [sys.executable, *arguments],
        input=code if how == "input" else None,
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    lines = finished.stdout.splitlines()
    assert lines[0] == "script runs"
    assert len(lines) == 2
    assert float(lines[1].split()[1]) == pytest.approx(_inline_mean(), rel=1e-12)


def _inline_mean() -> float:
    from mmgui.data.samples import load_sample
    from mmgui.engine.fit import FitJob, fit
    from mmgui.inference.simulation.bootstrap import bootstrap
    from mmgui.spec.formula import parse

    fitted = fit(FitJob(parse("Yield ~ 1 + (1 | Batch)"), load_sample("Dyestuff")))
    return float(np.mean(bootstrap(fitted, 12, 5, workers=1).values[:, 0]))
