"""``mmgui picture`` on columns that are made for it, and of types that are chosen for it."""

from __future__ import annotations

import re
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


def picture(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mmgui", "picture", "sleepstudy", "Reaction ~ Days + (Days | Subject)"]
    return subprocess.run([*command, *options], capture_output=True, text=True, timeout=120)


def test_a_view_is_drawn_of_a_model_that_was_moved_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "page.svg"
    moved = ("--at", "Subject: SD of Days=0", "--at", "Residual: SD (σ)=30")
    done = picture("-o", str(file), "--page", "groups", "--view", "overlay", *moved, "--size", "1400x600")
    assert done.returncode == 0, done.stderr
    # Text is drawn as shapes: the caption is what stands below the 600 pixels asked for.
    found = re.search(r'viewBox="0 0 1400 ([0-9]+)"', file.read_text(encoding="utf-8"))
    assert found is not None
    assert int(found[1]) > 620


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--page", "groups", "--view", "sigma"),
            "The page groups has no view “sigma”. Choose one of tiles, overlay and intervals.",
        ),
        (
            ("--page", "summary", "--view", "sigma"),
            (
                "The page summary has one view only; views have groups, covariance, residuals, profile and "
                "equation."
            ),
        ),
        (
            ("--page", "window", "--view", "covariance:sums"),
            (
                "The page covariance has no view “sums”. Choose one of sigma, matrices, together, x, z, "
                "lambda, zlambda, v and variance."
            ),
        ),
        (
            ("--page", "groups", "--at", "Days=0"),
            (
                "The model has no parameter “Days”. It has: Subject: SD of Intercept; Subject: SD of Days; "
                "Subject: correlation of Intercept and Days; Residual: SD (σ)."
            ),
        ),
    ],
)
def test_names_that_do_not_exist_are_answered_with_those_that_do(
    options: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    file = tmp_path / "page.svg"
    done = picture("-o", str(file), *options)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, f"mmgui: {sentence}")
    assert not file.exists()


def test_what_moves_nothing_is_wrong_usage(tmp_path: Path) -> None:
    done = picture("-o", str(tmp_path / "page.svg"), "--page", "groups", "--at", "Subject: SD of Days")
    assert done.returncode == 2
    assert 'write it like "Subject: SD of Days=0"' in done.stderr


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
