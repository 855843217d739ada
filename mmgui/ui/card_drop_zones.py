"""Places that appear on a card while one of its effects is dragged: apart, to the fixed effects, away."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from mmgui.app.carried_slope import CarriedSlope, carried_slope
from mmgui.app.model_builder import ModelBuilder
from mmgui.spec.terms import INTERCEPT
from mmgui.ui.drag import DropTarget


class CardDropZones(QWidget):
    """Hidden until ``offer`` shows the places that make sense for one effect."""

    def __init__(self, builder: ModelBuilder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dropZones")
        self._builder = builder
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 4, 0, 4)
        self._row.setSpacing(6)
        self._block = self._zone("blockZone", "a block of its own", self._to_block)
        self._fixed = self._zone("fixedZone", "fixed effects", self._to_fixed)
        self._away = self._zone("removeZone", "remove", self._to_nowhere)
        for zone in (self._block, self._fixed, self._away):
            self._row.addWidget(zone, 1)
        self.hide()

    def offer(self, slope: CarriedSlope) -> None:
        """Show the places for one effect of the card."""
        draft = self._builder.draft
        held = slope.held(draft)
        self._block.setVisible(held and len(draft.random[slope.card].effects) > 1)
        self._fixed.setVisible(not is_fixed(self._builder, slope))
        self._away.setVisible(held)
        shown = [zone for zone in (self._block, self._fixed, self._away) if not zone.isHidden()]
        wide = sum(zone.sizeHint().width() + self._row.spacing() for zone in shown)
        card = self.parentWidget()
        fits = card is None or wide <= card.contentsRect().width() - 25
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._row.setDirection(across if fits else down)
        self.setVisible(bool(shown))

    def _zone(self, name: str, words: str, take: object) -> QLabel:
        zone = QLabel(words)
        zone.setObjectName(name)
        zone.setAccessibleName(f"Drop here: {words}")
        zone.setProperty("role", "dropZone")
        zone.setAlignment(Qt.AlignmentFlag.AlignCenter)
        DropTarget(zone, lambda mime: self._known(mime) is not None, take)  # type: ignore[arg-type]
        return zone

    def _known(self, mime: QMimeData) -> CarriedSlope | None:
        slope = carried_slope(mime)
        return slope if slope is not None and slope.card < len(self._builder.draft.random) else None

    def _to_block(self, mime: QMimeData) -> None:
        slope = self._known(mime)
        self.hide()
        if slope is not None:
            self._builder.own_block(slope.card, slope.effect)

    def _to_fixed(self, mime: QMimeData) -> None:
        slope = self._known(mime)
        self.hide()
        if slope is not None:
            add_to_fixed(self._builder, slope)

    def _to_nowhere(self, mime: QMimeData) -> None:
        slope = self._known(mime)
        self.hide()
        if slope is not None and slope.held(self._builder.draft):
            self._builder.remove_effect(slope.card, slope.effect)


def is_fixed(builder: ModelBuilder, slope: CarriedSlope) -> bool:
    """Whether the effect is a fixed effect already."""
    if slope.effect == INTERCEPT:
        return builder.draft.intercept
    return any(slope.effect.same_effect(term) for term in builder.draft.fixed)


def add_to_fixed(builder: ModelBuilder, slope: CarriedSlope) -> None:
    """Make the effect a fixed effect, too."""
    if slope.effect == INTERCEPT:
        builder.set_intercept(True)
    else:
        builder.add_fixed(slope.effect)
