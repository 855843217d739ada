"""A pytest plugin (``-p tests.without_qt``) that makes PySide6 and pyqtgraph impossible to import.

The core's tests run under it, so that a core module that needs a screen fails.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec

BLOCKED = ("PySide6", "shiboken6", "pyqtgraph")


class NoQt(MetaPathFinder):
    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"{fullname} is blocked: the core runs without Qt", name=fullname)
        return None


loaded = sorted({name.partition(".")[0] for name in sys.modules} & set(BLOCKED))
if loaded:
    raise RuntimeError(f"already imported: {', '.join(loaded)}")
sys.meta_path.insert(0, NoQt())
