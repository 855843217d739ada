"""How much memory a process may still take, and how sizes are written for people."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

# Where the system does not tell.
ASSUMED = 4e9
_CGROUP = Path("/sys/fs/cgroup")


def available_bytes() -> float:
    """Memory that can be had now without swapping: what the system and its container leave free."""
    if sys.platform == "linux":
        return min(_linux(), _container())
    if sys.platform == "win32":
        return _windows()
    try:
        # macOS counts most of its memory as used by caches; half of what is built in can be had.
        return 0.5 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return ASSUMED


def in_words(size: float) -> str:
    """A size in GB, or TB from 1,000 GB on."""
    if size < 1e12:
        return f"{size / 1e9:,.1f} GB"
    return f"{size / 1e12:,.1f} TB"


def _linux() -> float:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return 1024.0 * float(line.split()[1])
    except OSError:
        return ASSUMED
    return ASSUMED


def _container() -> float:
    """What the control group leaves; infinite where it sets no limit."""
    try:
        limit = (_CGROUP / "memory.max").read_text().strip()
        used = (_CGROUP / "memory.current").read_text().strip()
    except OSError:
        return float("inf")
    return float("inf") if limit == "max" else max(0.0, float(limit) - float(used))


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = [
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("total_page_file", ctypes.c_uint64),
        ("available_page_file", ctypes.c_uint64),
        ("total_virtual", ctypes.c_uint64),
        ("available_virtual", ctypes.c_uint64),
        ("available_extended", ctypes.c_uint64),
    ]


def _windows() -> float:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    library = getattr(ctypes, "windll", None)
    if library is None or not library.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return ASSUMED
    return float(status.available)
