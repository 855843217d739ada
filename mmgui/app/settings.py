"""What a person chose for the program itself, kept between sessions in a small JSON file."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths

logger = logging.getLogger(__name__)

VERSION = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Theme, zoom, window size, and what of the window is folded away.

    ``folds`` says of a pane whether the person folded it, ``columns`` what share of the window's width the
    data and the model take; both for each of the window's modes on its own (``mmgui.ui.folding``).
    """

    dark: bool = False
    zoom: float = 1.0
    width: int = 1440
    height: int = 900
    maximized: bool = False
    folds: Mapping[str, bool] = field(default_factory=dict)
    columns: Mapping[str, float] = field(default_factory=dict)


def default_file() -> Path:
    """Where the settings lie on this machine."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(folder) / "settings.json"


def load(file: Path) -> Settings:
    """The settings in ``file``; defaults where it is missing, broken or says something impossible."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        logger.warning("The settings in %s cannot be read: %s", file, error)
        return Settings()
    if not isinstance(content, dict):
        logger.warning("The settings in %s are not an object.", file)
        return Settings()
    return Settings(
        **{f.name: content[f.name] for f in fields(Settings) if _possible(f.name, content.get(f.name))}
    )


def save(settings: Settings, file: Path) -> None:
    """Write what differs from the defaults."""
    defaults = asdict(Settings())
    chosen = {name: value for name, value in asdict(settings).items() if value != defaults[name]}
    try:
        if chosen:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({"version": VERSION, **chosen}, indent=1) + "\n", encoding="utf-8")
        else:
            file.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("The settings cannot be kept in %s: %s", file, error)


def _possible(name: str, value: Any) -> bool:
    match name:
        case "dark" | "maximized":
            return isinstance(value, bool)
        case "zoom":
            return isinstance(value, int | float) and not isinstance(value, bool) and 0.5 <= value <= 3.0
        case "folds":
            return isinstance(value, dict) and all(isinstance(v, bool) for v in value.values())
        case "columns":
            return isinstance(value, dict) and all(isinstance(v, float) and 0 < v < 1 for v in value.values())
        case _:
            return isinstance(value, int) and not isinstance(value, bool) and 300 <= value <= 20_000
