"""Below the tests of a comparison: what must be known of them, one line a remark."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.ui.inline_code import with_code
from mmgui.ui.results_page import empty_box

if TYPE_CHECKING:
    from mmgui.advice.finding import Fix
    from mmgui.figures.compare import CompareRemark

LETTERS = "ABCD"

MARKS = {"info": "●", "warning": "◐", "error": "✕"}

# That there is no test is a fact about the pair, no fault of anybody's.
FACTS = ("C2", "C4", "C5", "C8", "C9")


class CompareAdvice(QWidget):
    """Remarks on the models compared, and on how many were tried."""

    ml_wanted = Signal(object)
    """The models of a remark, to be fitted by ML and compared: a tuple of remedies."""
    starts_wanted = Signal(int)
    """The position of a model to fit from other starts."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareAdvice")
        self.setAccessibleName("Remarks on the comparison")
        self._themes = themes
        self._remarks: tuple[CompareRemark, ...] = ()
        self._walk: tuple[CompareRemark, ...] = ()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.hide()
        themes.theme_changed.connect(self._on_theme)

    @property
    def text(self) -> str:
        """Everything it says, a line a remark."""
        return "\n".join(_line(r) for r in (*self._remarks, *self._walk))

    def show_remarks(self, remarks: tuple[CompareRemark, ...]) -> None:
        """Show the remarks of a comparison."""
        self._remarks = remarks
        self._fill()

    def show_walk(self, walk: tuple[CompareRemark, ...]) -> None:
        """Show what is to be said of the models tried."""
        if walk != self._walk:
            self._walk = walk
            self._fill()

    def _fill(self) -> None:
        empty_box(self._box)
        remarks = (*self._remarks, *self._walk)
        self._box.setSpacing(self._themes.theme.px(6))
        for remark in remarks:
            self._add(remark)
            last = [r for r in remarks if r.id == "C1"][-1:] == [remark]
            if last:
                self._offer_ml(tuple({f.spec: f for r in remarks if r.id == "C1" for f in r.fixes}.values()))
        self.setVisible(bool(remarks))
        self.setAccessibleDescription(self.text)

    def _add(self, remark: CompareRemark) -> None:
        theme = self._themes.theme
        calm = remark.id in FACTS
        color = theme.muted if calm else theme.warn
        mark = "○" if calm else MARKS.get(remark.severity, "●")
        pairs = ", ".join(pair_words(p) for p in remark.pairs)
        who = f"{pairs} · " if pairs else ""
        label = QLabel(
            f"<span style='color:{color}'>{mark}&nbsp;&nbsp;<b>{who}{html.escape(remark.title)}.</b></span> "
            f"{with_code(remark.text)}"
        )
        label.setObjectName(f"compareRemark{remark.id}")
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._box.addWidget(label)
        if remark.id == "C6" and remark.pairs:
            letter = LETTERS[remark.pairs[0][-1]]
            button = _link(f"Fit {letter} from other starts", "compareStartsButton", remark.fixes[0].label)
            button.clicked.connect(lambda _=False, k=remark.pairs[0][-1]: self.starts_wanted.emit(k))
            self._box.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _offer_ml(self, fixes: tuple[Fix, ...]) -> None:
        """One button for all pairs: their models by ML, side by side."""
        if not fixes:
            return
        button = _link("Fit them by ML and compare", "compareByMlButton", "\n".join(f.label for f in fixes))
        button.clicked.connect(lambda _=False: self.ml_wanted.emit(fixes))
        self._box.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self._fill()


def pair_words(pair: tuple[int, ...]) -> str:
    """``A – B``."""
    return " – ".join(LETTERS[k] for k in pair)


def _line(remark: CompareRemark) -> str:
    pairs = ", ".join(pair_words(p) for p in remark.pairs)
    return f"{pairs}: {remark.text}" if pairs else remark.text


def _link(text: str, name: str, meaning: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setProperty("role", "link")
    button.setToolTip(meaning)
    return button
