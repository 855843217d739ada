"""The quiet controls of the residuals: which pictures, of what, against what."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme
from mmgui.figures.influence import InfluenceFigure
from mmgui.figures.residual_rows import KIND_NAMES, KIND_WORDS
from mmgui.figures.residuals import ResidualKind, ResidualsFigure, ResidualView
from mmgui.plots.influence_plot import COLUMNS
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.view_choice import ViewChoice

NARROW = 520
ROWS = "single rows"

VIEWS = {
    ResidualView.TREND: ("Trend", "Residuals against fitted values and predictors, and their size"),
    ResidualView.DISTRIBUTION: ("Distribution", "Residuals against the normal, and as probabilities"),
    ResidualView.GROUPS: ("By group", "Residuals of every group"),
    ResidualView.MODES: ("Random effects", "Conditional modes against the normal"),
    ResidualView.INFLUENCE: (
        "Influence",
        "What the estimates would be without a group, and leverage of rows",
    ),
}
ESTIMATES = (
    ("fixed effects", ("fixed",)),
    ("standard deviations", ("sd", "sigma")),
    ("correlations", ("correlation",)),
)


class ResidualViews(ViewChoice):
    """The views that a fit has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        choices = [(f"residualView{view.capitalize()}", *words) for view, words in VIEWS.items()]
        super().__init__("residualViews", "Pictures of the residuals", choices, parent)

    def show_views(self, views: tuple[ResidualView, ...], current: ResidualView) -> None:
        """Offer these."""
        known = tuple(VIEWS)
        self.offer([known.index(view) for view in views], known.index(current))

    @property
    def view(self) -> ResidualView:
        """Which is chosen."""
        return tuple(VIEWS)[self.index]


class Choice(QWidget):
    """A list with a quiet word before it, which gives way in a narrow page."""

    chosen = Signal(int)

    def __init__(self, word: str, name: str, accessible: str) -> None:
        super().__init__()
        self._word = word
        self._label = QLabel(word)
        self._label.setProperty("role", "muted")
        self.combo = ChoiceCombo(name, accessible)
        self.combo.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToContents)
        self.combo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._label.setBuddy(self.combo)
        self.combo.chosen.connect(self.chosen)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._label)
        self._row.addWidget(self.combo, 1)

    def fill(self, texts: tuple[str, ...], current: int, tips: tuple[str, ...] = ()) -> None:
        """Offer these; nothing where there is no choice."""
        with self.combo.filling():
            if texts != tuple(self.combo.itemText(k) for k in range(self.combo.count())):
                self.combo.clear()
                self.combo.addItems(texts)
            self.combo.setCurrentIndex(current)
        words = tips[current] if tips else f"{self.combo.accessibleName()}: {texts[current]}"
        self.combo.setToolTip(plain_tip(words))
        self.setVisible(len(texts) > 1)

    def show_label(self, shown: bool) -> None:
        """Leave the word out where there is little room; the tooltip says it."""
        self._label.setVisible(shown and bool(self._word))


class ResidualsChoices(QWidget):
    """The lists under the views, those that the view in sight needs."""

    changed = Signal()
    ordered = Signal(bool)
    estimates_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure: ResidualsFigure | None = None
        self.kind, self.against, self.grouping = "", "", ""
        self.single_rows = False
        self.kinds_of_estimates: tuple[str, ...] = ("fixed",)
        self.kind_choice = Choice("Residuals", "residualsKind", "Kind of residuals")
        self.against_choice = Choice("against", "residualsAgainst", "What residuals are held against")
        self.grouping_choice = Choice("of", "residualsGrouping", "Grouping factor")
        self.order_choice = Choice("ordered by", "residualsOrder", "Order of the groups")
        self.of_choice = Choice("Leave out", "influenceOf", "What is left out")
        self.estimates_choice = Choice("and look at", "influenceEstimates", "Estimates shown")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for choice in self._all:
            self._row.addWidget(choice)
        self.order_choice.fill(("median", "spread"), 0)
        self.kind_choice.chosen.connect(self._on_kind)
        self.against_choice.chosen.connect(self._on_against)
        self.grouping_choice.chosen.connect(self._on_grouping)
        self.order_choice.chosen.connect(self._on_order)
        self.of_choice.chosen.connect(self._on_of)
        self.estimates_choice.chosen.connect(self._on_estimates)
        self.hide()

    @property
    def _all(self) -> tuple[Choice, ...]:
        return (
            self.kind_choice, self.against_choice, self.grouping_choice, self.order_choice,
            self.of_choice, self.estimates_choice,
        )  # fmt: skip

    def show_figure(self, figure: ResidualsFigure) -> None:
        """Offer what the fit has, as far as the view needs it."""
        self._figure = figure
        offer, view = figure.offer, figure.view
        kinds = offer.kinds
        self.kind_choice.fill(
            tuple(KIND_NAMES[k] for k in kinds), kinds.index(figure.kind), tuple(KIND_WORDS[k] for k in kinds)
        )
        self.against_choice.fill(tuple(map(self._name, offer.against)), offer.against.index(figure.against))
        groupings = offer.groupings
        if groupings:
            self.grouping_choice.fill(groupings, groupings.index(figure.grouping))
        left_out = (*(f"each {g}" for g in groupings), ROWS)
        single = self.single_rows or not groupings
        self.of_choice.fill(left_out, len(groupings) if single else groupings.index(figure.grouping))
        with_rows = view in (ResidualView.TREND, ResidualView.DISTRIBUTION, ResidualView.GROUPS)
        self.kind_choice.setVisible(with_rows)
        self.against_choice.setVisible(view is ResidualView.TREND and len(offer.against) > 1)
        self.grouping_choice.setVisible(view is ResidualView.GROUPS and len(groupings) > 1)
        self.order_choice.setVisible(view is ResidualView.GROUPS)
        self.of_choice.setVisible(view is ResidualView.INFLUENCE and bool(groupings))
        self.show_estimates(None)
        self.setVisible(view is not ResidualView.MODES)

    def show_estimates(self, influence: InfluenceFigure | None) -> None:
        """Offer the kinds of estimates that there are."""
        figure = self._figure
        at_groups = figure is not None and figure.view is ResidualView.INFLUENCE and not self.single_rows
        self.estimates_choice.setVisible(False)
        if influence is None or not at_groups:
            return
        found = [(words, kinds) for words, kinds in ESTIMATES if influence.of(*kinds)[:COLUMNS]]
        if not found:
            return
        held = [kinds for _, kinds in found]
        current = held.index(self.kinds_of_estimates) if self.kinds_of_estimates in held else 0
        self.kinds_of_estimates = held[current]
        self.estimates_choice.fill(tuple(words for words, _ in found), current)

    def adapt(self, theme: Theme, width: int) -> None:
        """Words before the lists as far as there is room."""
        self._row.setSpacing(theme.px(8))
        for choice in self._all:
            choice.show_label(width >= theme.px(NARROW))

    def _name(self, against: str) -> str:
        if not against:
            return "fitted values"
        left_out = self._figure is not None and against in self._figure.offer.left_out
        return f"{against} (not in the model)" if left_out else against

    @Slot(int)
    def _on_kind(self, index: int) -> None:
        if self._figure is not None:
            self.kind = str(ResidualKind(self._figure.offer.kinds[index]))
            self.changed.emit()

    @Slot(int)
    def _on_against(self, index: int) -> None:
        if self._figure is not None:
            self.against = self._figure.offer.against[index]
            self.changed.emit()

    @Slot(int)
    def _on_grouping(self, index: int) -> None:
        if self._figure is not None:
            self.grouping = self._figure.offer.groupings[index]
            self.changed.emit()

    @Slot(int)
    def _on_order(self, index: int) -> None:
        self.ordered.emit(index == 1)

    @Slot(int)
    def _on_of(self, index: int) -> None:
        if self._figure is not None:
            groupings = self._figure.offer.groupings
            self.single_rows = index == len(groupings)
            if not self.single_rows:
                self.grouping = groupings[index]
            self.changed.emit()

    @Slot(int)
    def _on_estimates(self, index: int) -> None:
        texts = dict(ESTIMATES)
        self.kinds_of_estimates = texts[self.estimates_choice.combo.itemText(index)]
        self.estimates_chosen.emit()
