"""One of several, the same on every page: pills where there is room, a list where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QPushButton, QSizePolicy, QWidget

from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.pill import pill

SPACING = 6


class ViewChoice(QWidget):
    """Choices named ``(object name, words, meaning)``, of which the first is on.

    As wide as its pills if it may; where it is given less it is a list. What it would like to be does not
    hang on which of the two is shown.
    """

    chosen = Signal(int)
    """Somebody chose another one, by pill, by list or by keyboard."""

    def __init__(
        self,
        name: str,
        accessible: str,
        choices: Sequence[tuple[str, str, str]],
        parent: QWidget | None = None,
        *,
        list_name: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._spacing, self._quiet, self._listed = SPACING, False, False
        self._choices = tuple(choices)
        self._offered = tuple(range(len(choices)))
        self._index = 0
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._pills = [pill(*choice, parent=self) for choice in choices]
        for k, button in enumerate(self._pills):
            self._group.addButton(button, k)
        self._pills[0].setChecked(True)
        self.list = ChoiceCombo(list_name or f"{name}List", accessible, self)
        self.list.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToContents)
        self.list.hide()
        self._fill_list()
        self._group.idToggled.connect(self._on_toggled)
        self.list.chosen.connect(self._on_listed)

    # -- what is chosen

    @property
    def index(self) -> int:
        """Which is on."""
        return self._index

    def set_index(self, index: int) -> None:
        """Show another as chosen, without saying so."""
        before, self._quiet = self._quiet, True
        self._index = index
        self._pills[index].setChecked(True)
        with self.list.filling():
            self.list.setCurrentIndex(self._position())
        self._quiet = before

    def choose(self, index: int) -> None:
        """Choose as a person does."""
        if index != self._index:
            self.set_index(index)
            self.chosen.emit(index)

    def offer(self, choices: Sequence[int], index: int) -> None:
        """Show these alone, that one on; nothing for none."""
        if tuple(choices) != self._offered:
            self._offered = tuple(choices)
            self._fill_list()
            self.updateGeometry()
            self._arrange()
        self.set_index(index)
        self.setVisible(bool(choices))

    def offered(self) -> tuple[int, ...]:
        """The choices there are now."""
        return self._offered

    def words(self, index: int) -> str:
        """What a pill says."""
        return self._choices[index][1]

    def buttons(self) -> list[QPushButton]:
        """All pills, those not offered too."""
        return list(self._pills)

    @property
    def listed(self) -> bool:
        """Whether there is but room for the list."""
        return self._listed

    @Slot(int, bool)
    def _on_toggled(self, index: int, on: bool) -> None:
        if on and not self._quiet:
            self.choose(index)

    @Slot(int)
    def _on_listed(self, position: int) -> None:
        self.choose(self._offered[position])

    def _fill_list(self) -> None:
        with self.list.filling():
            self.list.clear()
            for k in self._offered:
                _, words, meaning = self._choices[k]
                self.list.addItem(words)
                self.list.setItemData(self.list.count() - 1, meaning, Qt.ItemDataRole.ToolTipRole)
            self.list.setCurrentIndex(
                self._offered.index(self._index) if self._index in self._offered else -1
            )

    def _position(self) -> int:
        """Of what is on among those offered; -1 where it is not offered."""
        return self._offered.index(self._index) if self._index in self._offered else -1

    # -- room

    def set_spacing(self, spacing: int) -> None:
        """Air between the pills."""
        if spacing != self._spacing:
            self._spacing = spacing
            self.updateGeometry()
            self._arrange()

    def _shown_pills(self) -> list[QPushButton]:
        return [self._pills[k] for k in self._offered]

    def _height(self) -> int:
        return max([self.list.sizeHint().height(), *(b.sizeHint().height() for b in self._shown_pills())])

    def sizeHint(self) -> QSize:
        shown = self._shown_pills()
        wide = sum(b.sizeHint().width() for b in shown) + self._spacing * max(len(shown) - 1, 0)
        return QSize(wide, self._height())

    def minimumSizeHint(self) -> QSize:
        wide = min(self.list.sizeHint().width(), self.sizeHint().width())
        return QSize(wide, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            # The look gave a pill or the list another size.
            self.updateGeometry()
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        shown = self._shown_pills()
        listed = self.width() < self.sizeHint().width()
        focus = QApplication.focusWidget()
        focused = focus is not None and self.isAncestorOf(focus)
        other_form, self._listed = listed != self._listed, listed
        for k, button in enumerate(self._pills):
            button.setVisible(k in self._offered and not listed)
        self.list.setVisible(listed)
        if other_form and focused:
            (self.list if listed else self._pills[self._index]).setFocus()
        x, height = 0, self.height()
        for button in shown:
            size = button.sizeHint()
            button.setGeometry(x, (height - size.height()) // 2, size.width(), size.height())
            x += size.width() + self._spacing
        size = self.list.sizeHint()
        wide = min(size.width(), self.width())
        self.list.setGeometry(0, (height - size.height()) // 2, wide, size.height())
