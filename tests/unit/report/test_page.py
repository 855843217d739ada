"""The report holds everything it shows."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.errors import SessionError
from mmgui.report.page import write_report
from mmgui.spec.formula import parse


class Tags(HTMLParser):
    """Counts tags, and keeps the stack of those that are open."""

    VOID = frozenset({"br", "meta", "line", "polyline", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.counts: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_two_models_are_reported_with_numbers_pictures_and_code_and_nothing_from_outside(
    tmp_path: Path,
) -> None:
    table = load_sample("sleepstudy")
    formulas = ("Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days | Subject)")
    fits = [fit(FitJob(parse(f), table)) for f in formulas]
    text = write_report(table, fits, tmp_path / "r.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    # Per model: bars and shrinkage; the second also its correlations.
    assert tags.counts["svg"] - text.count('<svg xmlns="http://www.w3.org/2000/svg" aria-hidden') == 5
    # lme4 1.1-31: SDs 24.74, 5.922, 25.59 of (Days | Subject), REML criterion 1743.628.
    for number in ("24.74", "5.92", "25.59", "1743.63", "251.4", "10.47"):
        assert number in text
    assert re.findall(r"(?:src|href|url)\s*[=(]", text) == []
    assert "lmer(Reaction ~ Days + (Days | Subject)" in text
    assert "aria-label='Reactionᵢⱼ = (β₀ + b₀ⱼ) + (β₁ + b₁ⱼ) Daysᵢⱼ + εᵢⱼ" in text
    assert "statsmodels (Python)" in text
    assert "3dLMEr -prefix result" in text
    assert "● Not singular.</b> Every random effect" in text


def test_names_from_the_table_are_text_never_markup(tmp_path: Path) -> None:
    name = "<script>x</script>"
    rows = {"y": [1.0, 2.5, 3.1, 4.7, 5.2, 6.9], name: ["a", "a", "b", "b", "c", "c"]}
    table = from_frame(rows, "<b>t</b>")
    result = fit(FitJob(parse(f"y ~ 1 + (1 | `{name}`)"), table))
    text = write_report(table, [result], tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<b>t" not in text


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    table = load_sample("Dyestuff")
    result = fit(FitJob(parse("Yield ~ 1 + (1 | Batch)"), table))
    with pytest.raises(SessionError, match="could not be written"):
        write_report(table, [result], tmp_path / "no" / "r.html")
