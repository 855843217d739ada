"""``start.py`` decides what is missing and what to do without a display."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).resolve().parents[2] / "start.py"


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module, with a virtual environment of its own."""
    spec = importlib.util.spec_from_file_location("start", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "python").write_text("")
    monkeypatch.setattr(module, "VENV", tmp_path)
    monkeypatch.setattr(module, "PYTHON", tmp_path / "python")
    return module


def test_it_uses_the_standard_library_alone() -> None:
    tree = ast.parse(FILE.read_text(encoding="utf-8"))
    names = {a.name.partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {(n.module or "").partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names


def test_it_can_be_read_by_a_python_too_old_to_run_mmgui() -> None:
    ast.parse(FILE.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_an_old_python_is_told_what_is_needed(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.sys, "version_info", (3, 9, 1))
    with pytest.raises(start.StartError, match=r"needs Python 3\.11 or newer; this is 3\.9"):
        start.main([])


def test_what_is_installed_for_this_state_is_not_installed_again(start: ModuleType, tmp_path: Path) -> None:
    assert not start.installed("")
    (tmp_path / "installed-app").write_text(start.wanted_state())
    assert start.installed("")
    assert not start.installed("dev")
    (tmp_path / "installed-app").write_text("another state of pyproject.toml")
    assert not start.installed("")
    (tmp_path / "installed-dev").write_text(start.wanted_state())
    assert start.installed("")
    assert start.installed("dev")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"QT_QPA_PLATFORM": "minimal:fontengine=freetype"}, False),
    ],
)
def test_display_is_found_by_what_the_session_says(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(start.sys, "platform", "linux")
    assert start.has_display() is expected


def test_missing_system_libraries_are_named_as_packages_where_they_cannot_be_installed(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "missing_libraries", lambda: ["libEGL.so.1", "libxcb-cursor.so.0"])
    monkeypatch.setattr(start, "is_root", lambda: False)
    monkeypatch.setattr(start.shutil, "which", lambda name: "/usr/bin/" + name)
    with pytest.raises(start.StartError, match=r"sudo apt-get install .* libegl1 libxcb-cursor0"):
        start.ensure_libraries()
