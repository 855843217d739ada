"""Which lines are drawn: a chip for each, with a sample of the line."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from mmgui.app.theme import Theme
from mmgui.ui.pill import pill

CHIPS = (
    ("own", "noPoolingChip", "No pooling", "Each group by itself: a separate least-squares fit"),
    ("complete", "completePoolingChip", "Complete pooling", "One fit for all, the groups ignored"),
    (
        "partial",
        "partialPoolingChip",
        "Partial pooling",
        "The mixed model's: each group's own, pulled towards the average",
    ),
    (
        "ghost",
        "ghostCheck",
        "Without picked",
        "The fit without the group that is picked: what it does to the average",
    ),
)


SHORT = {"complete": "Complete", "partial": "Partial", "ghost": "Without"}
"""What chips say in less room; where they stand beside each other, or a group is picked, that is enough."""


class Form(Enum):
    """What a chip says beside its mark."""

    WORDS = 0
    SHORT = 1
    MARK = 2


class LineChips(QWidget):
    """Chips by name where there is room, else by less, or their marks alone; their tooltips say the same."""

    folds = False
    """Whether words are given up rather than a line taken for them."""

    def __init__(self, *keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lineChips")
        self.setAccessibleName("Lines drawn")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.buttons: dict[str, QPushButton] = {}
        self._titles: dict[str, str] = {}
        for key, name, title, said in CHIPS:
            if key in keys:
                self.buttons[key] = pill(name, title, said, parent=self)
                self._titles[key] = title
        self._spacing, self._pad, self._near, self._form = 6, 5, 8, Form.WORDS
        self._widths: dict[Form, dict[str, int]] = {}
        self._folded = False

    def offer(self, key: str, offered: bool) -> None:
        """Whether a line can be drawn in this view."""
        self.buttons[key].setVisible(offered)
        self.updateGeometry()
        self._arrange()

    def dress(self, theme: Theme, term: int) -> None:
        """Marks in the colours of the look and of a random-effects term."""
        size = QSize(theme.px(24), theme.px(12))
        for key, chip in self.buttons.items():
            chip.setIcon(_mark(key, theme, term, size, self.devicePixelRatioF()))
            chip.setIconSize(size)
        self._spacing, self._pad, self._near = theme.px(6), theme.px(5), theme.px(8)
        self._remeasure()

    # -- room

    def sizeHint(self) -> QSize:
        return QSize(self._wide(Form.SHORT if self._folded else Form.WORDS), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._wide(Form.MARK), self._height())

    def short_width(self) -> int:
        """What it takes with its shorter words."""
        return self._wide(Form.SHORT)

    def set_folded(self, folded: bool) -> None:
        """Whether the shorter words are wished for, whatever room there is."""
        if folded != self._folded:
            self._folded = folded
            self.updateGeometry()
            self._arrange()

    def _height(self) -> int:
        return max(chip.sizeHint().height() for chip in self.buttons.values())

    def _shown(self) -> list[str]:
        return [key for key, chip in self.buttons.items() if not chip.isHidden()]

    def _wide(self, form: Form) -> int:
        shown = self._shown()
        widths = self._measured(form)
        return sum(widths[key] for key in shown) + self._spacing * max(len(shown) - 1, 0)

    def _measured(self, form: Form) -> dict[str, int]:
        """What the chips take in a form, measured once for a look."""
        if form not in self._widths:
            before = self._form
            for other in (form, before):
                self._write(other)
                self._widths[other] = {key: chip.sizeHint().width() for key, chip in self.buttons.items()}
        return self._widths[form]

    def _write(self, form: Form) -> None:
        if form is self._form:
            return
        self._form = form
        short, mark = (self._near, self._near), (self._pad, 0)
        left, right = {Form.WORDS: (0, 0), Form.SHORT: short, Form.MARK: mark}[form]
        style = f"padding-left: {left}px; padding-right: {right}px;" if left else ""
        for key, chip in self.buttons.items():
            title = self._titles[key]
            # The blank keeps the height of a line.
            words = {Form.WORDS: title, Form.SHORT: SHORT.get(key, title), Form.MARK: " "}
            chip.setText(words[form])
            if chip.styleSheet() != style:
                chip.setStyleSheet(style)

    def _remeasure(self) -> None:
        self._widths.clear()
        self.updateGeometry()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # What was measured before had not the window's dress.
        self._remeasure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._remeasure()

    def _arrange(self) -> None:
        wished = (Form.SHORT,) if self._folded else (Form.WORDS, Form.SHORT)
        self._write(next((form for form in wished if self.width() >= self._wide(form)), Form.MARK))
        x, height = 0, self.height()
        widths = self._measured(self._form)
        for key in self._shown():
            chip = self.buttons[key]
            own = chip.sizeHint().height()
            chip.setGeometry(x, (height - own) // 2, widths[key], own)
            x += widths[key] + self._spacing


def _mark(key: str, theme: Theme, term: int, size: QSize, ratio: float) -> QIcon:
    """How the line is drawn in the picture."""
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = size.height() / 2
    hue, wide = {
        "own": (theme.no_pooling, 1.2),
        "complete": (theme.complete_pooling, 1.6),
        "partial": (theme.term_color(term), 2.0),
        "ghost": (theme.text, 1.4),
    }[key]
    stroke = QPen(QColor(hue), wide * theme.line_width)
    dashed = key in ("complete", "ghost")
    if dashed:
        stroke.setDashPattern([2.5, 1.5])
    painter.setPen(stroke)
    long = size.width() * 0.77
    painter.drawLine(QPointF(1, middle), QPointF(long - 1, middle))
    if not dashed:
        painter.setPen(QPen(QColor(hue), 1.2 * theme.line_width))
        painter.setBrush(QColor(theme.surface if key == "own" else hue))
        painter.drawEllipse(QPointF(long / 2, middle), size.height() * 0.26, size.height() * 0.26)
    painter.end()
    return QIcon(picture)
