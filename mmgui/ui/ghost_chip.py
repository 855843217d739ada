"""The chip that shows and hides the fit without the picked group."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from mmgui.app.ghosts import GhostModel
from mmgui.ui.line_chips import Form, LineChips

NONE_PICKED = "Pick one group first."


class GhostChip(LineChips):
    """There where a refit without one group is but a moment, or was done already."""

    folds = True

    def __init__(self, ghosts: GhostModel, parent: QWidget | None = None) -> None:
        super().__init__("ghost", parent=parent)
        self.setObjectName("ghostChip")
        self.setAccessibleName("The fit without the picked group")
        self._chip = self.buttons["ghost"]
        self._chip.clicked.connect(ghosts.set_shown)
        ghosts.shown_changed.connect(self._chip.setChecked)
        ghosts.possible_changed.connect(self._refresh)
        ghosts.picked_changed.connect(self._on_picked)
        self._chip.setChecked(ghosts.shown)
        self._said = self._chip.toolTip()
        self._on_picked(ghosts.picked)
        self._ghosts, self._drawn = ghosts, True
        if not ghosts.possible:
            self.hide()

    def set_drawn(self, drawn: bool) -> None:
        """Whether the view in sight draws it."""
        self._drawn = drawn
        self._refresh()

    @Slot(bool)
    def _on_picked(self, picked: bool) -> None:
        """Without a group there is nothing to leave out; the chip keeps its place and says so.

        Where it has no room for all of its words it is not seen then: less would say nothing.
        """
        self._chip.setEnabled(picked)
        self._show_chip()
        self._chip.setToolTip(self._said if picked else f"{self._said}. {NONE_PICKED}")
        self._chip.setAccessibleDescription("" if picked else NONE_PICKED)

    def _arrange(self) -> None:
        super()._arrange()
        self._show_chip()

    def _shown(self) -> list[str]:
        # Its place is kept while the chip is not seen.
        return list(self.buttons)

    def _show_chip(self) -> None:
        chip = self.buttons["ghost"]
        chip.setVisible(chip.isEnabled() or self._form is Form.WORDS)

    @Slot()
    def _refresh(self) -> None:
        self.setVisible(self._drawn and self._ghosts.possible)
