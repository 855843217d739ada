"""``mmgui picture`` on columns that are made for it, and of types that are chosen for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("formula", "option"),
    [
        ("Reaction ~ c + (c | Subject)", ("--derive", "c=center(Days, Subject)")),
        ("Reaction ~ Days + (1 | Subject)", ("--column-type", "Days=category")),
    ],
)
def test_a_page_is_drawn_of_a_model_that_reads_them(
    formula: str, option: tuple[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "page.svg"
    command = [sys.executable, "-m", "mmgui", "picture", "sleepstudy", formula, *option]
    done = subprocess.run(
        [*command, "-o", str(file), "--page", "summary", "--size", "900x600"],
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert file.stat().st_size > 1000


def test_what_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "page.svg"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mmgui", "picture", "sleepstudy", "Reaction ~ c + (1 | Subject)"),
            *("--derive", "c=log(Days)", "-o", str(file), "--page", "summary"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "mmgui: “Days” is zero or less in 18 rows, where it has no logarithm; choose another column."
    )
    assert not file.exists()
