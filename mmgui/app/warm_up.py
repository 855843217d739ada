"""Imports what the first fit and its pages need while the person still looks for a file."""

from __future__ import annotations

import importlib
import logging
import threading

logger = logging.getLogger(__name__)

MODULES = (
    "mmgui.data.read",
    "pyqtgraph",
    "mmgui.engine.fit",
    "mmgui.inference.satterthwaite",
    "mmgui.figures.shrinkage",
    "mmgui.inference.separate",
    "mmgui.inference.lrt",
    "mmgui.figures.residuals",
    "mmgui.figures.groups",
    "mmgui.figures.compare",
    "statsmodels.regression.linear_model",
)


def warm_up() -> None:
    """Import on a thread; who needs a module earlier imports it, and waits at most for that one."""
    threading.Thread(target=_import_all, name="warm-up", daemon=True).start()


def _import_all() -> None:
    for module in MODULES:
        try:
            importlib.import_module(module)
        except ImportError:
            # Whoever needs it says so in place.
            logger.exception("%s cannot be imported.", module)
