"""A runner whose work waits until a test lets it go, so that what comes in between is decided by the test."""

from __future__ import annotations

from mmgui.app.runner import Task, Work


class HeldTask:
    """Work that has not been done yet."""

    at_once = False

    def wait(self, seconds: float) -> bool:
        return True


class HeldRunner:
    """Keeps work, the oldest first."""

    def __init__(self) -> None:
        self.waiting: list[Work] = []

    def start(self, name: str, work: Work) -> Task:
        self.waiting.append(work)
        return HeldTask()

    def let_go(self) -> None:
        """Do the oldest piece of work."""
        self.waiting.pop(0)()
