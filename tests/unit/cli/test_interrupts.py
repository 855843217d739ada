"""Ctrl-C ends long work at once, and what is done is said; a second one gives it up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from mmgui.cli.long_work import LongWork

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="Signals of process groups are POSIX's.")

RIS = "Reaction ~ Days + (Days | Subject)"


def test_the_first_interrupt_asks_to_stop_and_the_second_gives_up(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with LongWork("Refitted") as work:
        assert not work.should_stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert work.should_stop()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
    assert "Stopping, with what is done so far." in capsys.readouterr().err


@pytest.mark.parametrize("cores", ["1", "2"])
def test_an_interrupted_bootstrap_prints_the_refits_done(cores: str) -> None:
    asked = ["bootstrap", "sleepstudy", RIS, "-n", "100000", "--seed", "1", "--cores", cores, "--json"]
    started = subprocess.Popen(
        [sys.executable, "-m", "mmgui", *asked],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert started.stderr is not None
    assert started.stderr.readline().startswith("Refitted: ")
    os.killpg(started.pid, signal.SIGINT)
    printed, _ = started.communicate(timeout=60)
    found = json.loads(printed)
    assert 0 < found["count"] < found["requested"] == 100000


def test_an_interrupt_while_worker_processes_start_kills_none() -> None:
    """A worker that died of it before it had its job left this process waiting for ever."""
    script = f"""
import os, signal, threading, mmgui
signal.signal(signal.SIGINT, lambda *_: None)
m = mmgui.fit({RIS!r}, "sleepstudy")
done = threading.Event()
def interrupt():
    while not done.wait(0.005):
        os.killpg(0, signal.SIGINT)
threading.Thread(target=interrupt).start()
try:
    print(m.bootstrap(40, seed=1, workers=2).count)
finally:
    done.set()
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, start_new_session=True
    )
    assert (ended.stdout.strip(), ended.returncode) == ("40", 0), ended.stderr
