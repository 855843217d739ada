from __future__ import annotations

from tests.leaks import nothing_left_behind

__all__ = ["nothing_left_behind"]
