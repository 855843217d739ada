"""The program's own settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mmgui.app.settings import Settings, default_file, load, save


def test_that_only_what_differs_is_written(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "settings.json"
    save(Settings(dark=True), file)
    assert json.loads(file.read_text(encoding="utf-8")) == {"version": 1, "dark": True}
    assert load(file) == Settings(dark=True)


def test_that_defaults_need_no_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    save(Settings(zoom=1.21), file)
    save(Settings(), file)
    assert not file.exists()
    assert load(file) == Settings()


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "\x00"])
def test_that_a_broken_file_gives_the_defaults(text: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text, encoding="utf-8")
    assert load(file) == Settings()


def test_that_impossible_values_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"dark": "yes", "zoom": 900, "width": true, "height": 700, "more": 1}', encoding="utf-8")
    assert load(file) == Settings(height=700)


def test_that_tests_do_not_touch_the_users_file(own_settings: Path) -> None:
    assert own_settings in default_file().parents or "qttest" in str(default_file())
