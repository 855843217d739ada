"""The line of controls over a page's pictures: its views at the left, what they offer at the right."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QComboBox, QLayoutItem, QSizePolicy, QWidget

from mmgui.app.theme import Theme
from mmgui.ui.flow_layout import FlowLayout
from mmgui.ui.line_chips import LineChips
from mmgui.ui.view_choice import ViewChoice

GAP = 10
"""Air between the controls, at scale 1; between the pills of one choice there is less."""
CUT = 0.7
"""To which share of their width lists are cut short so that the views can stay pills."""
LITTLE = 0.85
"""To which share they are cut short so that a chip can keep its words."""


class HeadLayout(FlowLayout):
    """One line where all has room. Else, in a low page, one line of what is narrower: views as a list, lists
    cut short; in others what has no room beside the views goes below them."""

    low = False
    left = 1
    """How many controls stand at the left."""
    line_spacing = 6

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        items = [i for i in self._items if not i.isEmpty()]
        if not items:
            return 0
        lines = self._lines(items, rect.width())
        y = rect.y()
        for number, line in enumerate(lines):
            wide = sum(w for _, w in line) + self.spacing() * (len(line) - 1)
            height = max(i.sizeHint().height() for i, _ in line)
            x = rect.x()
            for item, width in line:
                if number == 0 and self._items.index(item) >= self.left:
                    # Once at the right, all that follow stand there.
                    x += max(rect.width() - wide, 0)
                    wide = rect.width()
                if place:
                    own = item.sizeHint().height()
                    item.setGeometry(QRect(QPoint(x, y + (height - own) // 2), QSize(width, own)))
                x += width + self.spacing()
            y += height + (self.line_spacing if number < len(lines) - 1 else 0)
        return y - rect.y()

    def _lines(self, items: list[QLayoutItem], room: int) -> list[list[tuple[QLayoutItem, int]]]:
        full = [i.sizeHint().width() for i in items]
        least = [min(i.minimumSize().width(), f) for i, f in zip(items, full, strict=True)]
        gaps = self.spacing() * (len(items) - 1)
        if sum(full) + gaps <= room:
            return [list(zip(items, full, strict=True))]
        if self.low and sum(least) + gaps <= room:
            # Lists are cut short a little before the views become one.
            short = [full[0], *(max(n, round(CUT * f)) for n, f in zip(least[1:], full[1:], strict=True))]
            floor = short if sum(short) + gaps <= room else least
            whole = [isinstance(i.widget(), ViewChoice | LineChips) for i in items]
            return [list(zip(items, _grown(floor, full, room - gaps, whole), strict=True))]
        spared = [_spared(i, f, n) for i, f, n in zip(items, full, least, strict=True)]
        if any(map(_folds, items)) and sum(spared) + gaps <= room:
            whole = [not isinstance(i.widget(), QComboBox) for i in items]
            return [list(zip(items, _grown(spared, full, room - gaps, whole), strict=True))]
        brief = [_brief(i, s) for i, s in zip(items, spared, strict=True)]
        if brief != spared and sum(brief) + gaps <= room:
            whole = [not isinstance(i.widget(), QComboBox) for i in items]
            return [list(zip(items, _grown(brief, full, room - gaps, whole), strict=True))]
        out: list[list[tuple[QLayoutItem, int]]] = [[]]
        x = 0
        for item, width, narrow in zip(items, full, least, strict=True):
            taken = min(width, room)
            if out[-1] and x + taken > room and x + narrow <= room and _folds(item):
                taken = narrow
            elif out[-1] and x + taken > room:
                out.append([])
                x = 0
            out[-1].append((item, taken))
            x += taken + self.spacing()
        return out


def _folds(item: QLayoutItem) -> bool:
    """Whether a control gives up its words rather than take a line of its own."""
    widget = item.widget()
    return isinstance(widget, LineChips) and widget.folds


def _spared(item: QLayoutItem, full: int, least: int) -> int:
    """What a control takes that gives up a little where it is a list."""
    return max(least, round(LITTLE * full)) if isinstance(item.widget(), QComboBox) else full


def _brief(item: QLayoutItem, spared: int) -> int:
    """What a control takes that says in a word what else takes two."""
    widget = item.widget()
    return min(widget.short_width(), spared) if isinstance(widget, LineChips) else spared


def _grown(least: list[int], full: list[int], room: int, whole: list[bool]) -> list[int]:
    """Widths that fill the room: lists are given first what they would like, then what is narrow or whole."""
    widths, left = list(least), room - sum(least)
    for k in sorted(range(len(widths)), key=lambda k: (whole[k], k)):
        more = full[k] - least[k]
        if whole[k] and more > left:
            continue
        widths[k] += min(more, left)
        left -= min(more, left)
    return widths


class PageHead(QWidget):
    """``views`` (or whatever stands at the left) and the choices beside them."""

    def __init__(self, left: QWidget | None, *choices: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = HeadLayout(self)
        self._row.left = 0 if left is None else 1
        for widget in (*((left,) if left is not None else ()), *choices):
            self._row.addWidget(widget)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_low(self, low: bool) -> None:
        """Whether the page has room for but one line."""
        if low != self._row.low:
            self._row.low = low
            self._row.invalidate()

    def dress(self, theme: Theme) -> None:
        """Air between the controls."""
        self._row.setSpacing(theme.air(GAP))
        self._row.line_spacing = theme.air(6)
        for choice in self.findChildren(ViewChoice):
            choice.set_spacing(theme.air(6))
