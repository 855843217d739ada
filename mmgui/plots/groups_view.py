"""What the views of the groups share: one figure, the lines that are switched on, an order, the hand."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.ghosts import GroupsGhost
from mmgui.figures.groups import GroupsFigure
from mmgui.figures.groups_order import GroupOrder
from mmgui.figures.tabular import FigureTable
from mmgui.plots.group_plot import GroupPlot
from mmgui.plots.group_words import group_tip

OWN, COMPLETE, PARTIAL = "own", "complete", "partial"
LINES = frozenset({OWN, COMPLETE, PARTIAL})


class GroupsView(GroupPlot):
    """A view of a ``GroupsFigure``; ``show_moved`` shows it with the model moved, places unchanged."""

    empty = "After a fit, every group's data and lines stand here."
    default_lines = LINES

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: GroupsFigure | None = None
        self._moved: GroupsFigure | None = None
        self._lines = self.default_lines
        self._order: GroupOrder | None = None
        self._ghost: GroupsGhost | None = None
        self.explained = False
        """Whether controls of the page explain the lines; a picture by itself has its legend."""
        self._exported = False
        super().__init__(themes, selection, parent)

    def set_data(
        self,
        figure: GroupsFigure | None,
        order: GroupOrder | None = None,
        lines: frozenset[str] | None = None,
    ) -> None:
        """Show a figure, or the empty state; in an order, with some of the lines."""
        self._figure, self._moved, self._ghost = figure, None, None
        self._order = order
        self._lines = self._lines if lines is None else lines
        self.show_figure(figure is not None)

    def show_moved(self, moved: GroupsFigure | None) -> None:
        """Show the same figure with the model moved; None: as it was fitted."""
        self._moved = moved
        if self._filled:
            self.follow()

    def show_ghost(self, ghost: GroupsGhost | None) -> None:
        """Draw, behind the fit, that without the picked group."""
        if ghost is not self._ghost:
            self._ghost = ghost
            if self._filled:
                self.follow()

    @property
    def ghost(self) -> GroupsGhost | None:
        """The fit without the picked group, as it is drawn; none while the model is moved by hand."""
        return self._ghost if self._moved is None else None

    def follow(self) -> None:
        """Draw what has moved."""

    def dress(self, theme: Theme, ratio: float | None = None) -> None:
        self._exported = ratio is not None
        super().dress(theme, ratio)

    def set_lines(self, lines: frozenset[str]) -> None:
        """Which of the three lines are drawn."""
        if lines != self._lines:
            self._lines = lines
            self.show_figure(self._figure is not None)

    def lines(self) -> frozenset[str]:
        """The lines that are drawn."""
        return self._lines

    def set_order(self, order: GroupOrder | None) -> None:
        """In which order the groups stand."""
        if order is not self._order:
            self._order = order
            self.show_figure(self._figure is not None)

    def current(self) -> GroupsFigure | None:
        """The figure as it is drawn now."""
        return self._moved if self._moved is not None else self._figure

    def table(self) -> FigureTable:
        figure = self.current()
        if figure is None:
            return FigureTable((), ())
        return figure.table() if self.ghost is None else self.ghost.beside(figure.table())

    # -- words

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        if self._figure is None:
            return ()
        order = self._figure.order if self._order is None else self._order.order
        return tuple(order.tolist())

    def heading(self) -> str:
        return self.title if self._figure is None else f"Groups of {self._figure.grouping}"

    def legend(self, theme: Theme) -> str:
        if self._figure is None or (self.explained and not self._exported):
            return ""
        hue = theme.term_color(self._figure.term)
        words = {
            OWN: f'<span style="color:{theme.no_pooling}">━</span> no pooling',
            COMPLETE: f'<span style="color:{theme.complete_pooling}">╍</span> complete pooling',
            PARTIAL: f'<span style="color:{hue}">━</span> partial pooling',
        }
        return " &nbsp;".join(text for key, text in words.items() if key in self._lines)

    def notes(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.notes

    def tip(self, group: int) -> str:
        figure = self.current()
        if figure is None:
            return ""
        return group_tip(figure, group, self._figure if self._moved is not None else None)
