"""A page of several views that one control chooses from."""

from __future__ import annotations

from PySide6.QtCore import Slot

from mmgui.page_views import PAGE_VIEWS
from mmgui.ui.results_page import ResultsPage
from mmgui.ui.view_choice import ViewChoice


class ViewedPage(ResultsPage):
    """The control's choices stand in the order of the page's keys in ``PAGE_VIEWS``."""

    view_choice: ViewChoice

    def choose_views_by(self, choice: ViewChoice) -> None:
        """Take the control; called once what a choice does has been connected."""
        self.view_choice = choice
        choice.chosen.connect(self._on_view_chosen)

    def views(self) -> tuple[tuple[str, str], ...]:
        choice, keys = self.view_choice, PAGE_VIEWS[self.key]
        return tuple((keys[k], choice.words(k)) for k in choice.offered())

    def view(self) -> str:
        return PAGE_VIEWS[self.key][self.view_choice.index]

    def show_view(self, key: str) -> None:
        keys = PAGE_VIEWS[self.key]
        choice = self.view_choice
        if key in keys and keys.index(key) in choice.offered():
            choice.choose(keys.index(key))

    @Slot(int)
    def _on_view_chosen(self, _index: int) -> None:
        self.view_changed.emit(self.view())
