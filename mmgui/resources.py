"""Where assets and sample tables are: in the source tree, in an installed wheel, or in a frozen program."""

from __future__ import annotations

import sys
from pathlib import Path

_TOP = Path(__file__).resolve().parent.parent


def _folder(in_tree: str, installed: str) -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [Path(frozen) / in_tree] if frozen else []
    candidates += [_TOP / installed, _TOP / in_tree]
    return next((c for c in candidates if c.is_dir()), candidates[-1])


def assets() -> Path:
    """The folder of fonts and icons."""
    return _folder("assets", "mmgui_assets")


def sample_data() -> Path:
    """The folder of sample tables."""
    return _folder("sample_data", "mmgui_sample_data")
