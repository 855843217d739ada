"""Names of the person's own are shown letter by letter in tooltips."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument

from mmgui.app.plain_tip import plain_tip


@pytest.mark.parametrize(
    "words",
    ["Type of <b>x</b>", "`y & <i>z</i>` ~ `a < b`\nlines stay lines", "<img src='x'>", "&lt;b&gt; and <u>"],
)
def test_that_what_looks_like_markup_is_shown_as_it_stands(words: str) -> None:
    shown = QTextDocument()
    shown.setHtml(plain_tip(words))
    assert shown.toPlainText() == words


@pytest.mark.parametrize("words", ["", "y & z", "Days", "two\nlines", "x > 3"])
def test_that_other_words_stay_as_they_are(words: str) -> None:
    assert plain_tip(words) == words
