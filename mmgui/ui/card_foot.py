"""The foot of a card: how its effects vary together, how many parameters that makes, and their picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.model_outline import CardOutline
from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import ThemeModel
from mmgui.figures.covariance_words import covariance_explained, covariance_name
from mmgui.spec.terms import Covariance
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.covariance_triangle import CovarianceTriangle
from mmgui.ui.drag import set_state

_COUNT = (
    "Variances and covariances to estimate: n effects that may correlate freely have n(n+1)/2, "
    "one for each cell of the triangle."
)


class CardFoot(QWidget):
    """Beside each other where they fit, else one below the other."""

    structure_chosen = Signal(object)

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cardFoot")
        self._themes = themes
        self.correlation = ChoiceCombo("correlationCombo", "Correlation")
        self.correlation.setProperty("role", "quiet")
        self.correlation.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        with self.correlation.filling():
            for covariance in Covariance:
                self.correlation.addItem(covariance_name(covariance), covariance)
        self.correlation.chosen.connect(
            lambda row: self.structure_chosen.emit(Covariance(self.correlation.itemData(row)))
        )
        self.count = QLabel()
        self.count.setObjectName("parameterCount")
        self._rule = QLabel()
        self._rule.setObjectName("parameterRule")
        self._rule.setProperty("role", "muted")
        for label in (self.count, self._rule):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.triangle = CovarianceTriangle(themes)
        self._lay_out()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.count)
        words.addWidget(self._rule)
        words.addStretch(1)
        self._numbers = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._numbers.setSpacing(8)
        self._numbers.addLayout(words, 1)
        self._numbers.addWidget(self.triangle, 0, Qt.AlignmentFlag.AlignTop)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 2, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self.correlation, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._row.addLayout(self._numbers, 1)

    def show_outline(self, outline: CardOutline, color: str) -> None:
        """Show what a card's outline says."""
        self.correlation.setAccessibleName(f"Correlation of the effects of {outline.label}")
        with self.correlation.filling():
            self.correlation.setCurrentIndex(self.correlation.findData(outline.covariance))
        self._show_suited(outline.unsuited)
        self.correlation.setVisible(outline.structured)
        self.correlation.setToolTip(covariance_explained(outline.covariance))
        self.count.setText(outline.parameters)
        pattern = outline.pattern
        several = pattern is not None and pattern.size > 1
        parts = [pattern.rule] if several and pattern is not None else []
        few = f"⚠ {outline.too_many}" if outline.too_many else ""
        self._rule.setText(" · ".join([*parts, *([few] if few else [])]))
        self._rule.setVisible(bool(self._rule.text()))
        why = f"\nThere are {outline.too_many} to learn them from." if few else ""
        self.count.setToolTip(plain_tip(_COUNT + why))
        self._rule.setToolTip(plain_tip(_COUNT + why))
        for label in (self.count, self._rule):
            set_state(label, "few", bool(few))
        self.triangle.set_data(pattern, color)
        self._turn()

    def _show_suited(self, unsuited: dict[Covariance, str]) -> None:
        model = self.correlation.model()
        assert isinstance(model, QStandardItemModel)
        for row, covariance in enumerate(Covariance):
            reason = unsuited.get(covariance, "")
            item = model.item(row)
            item.setEnabled(not reason)
            meaning = covariance_explained(covariance)
            item.setToolTip(plain_tip(f"{meaning}\nNot here: {reason}" if reason else meaning))

    def _turn(self) -> None:
        triangle = (
            0 if self.triangle.isHidden() else self.triangle.sizeHint().width() + self._numbers.spacing()
        )
        words = max(label.sizeHint().width() for label in (self.count, self._rule) if not label.isHidden())
        combo = self.correlation
        choice = 0 if combo.isHidden() else combo.sizeHint().width() + self._row.spacing()
        excess = choice + words + triangle - self.width()
        # The drop-down list can do with a little less than it asks for.
        fits = excess <= (self.fontMetrics().height() if choice else 0)
        combo.setMaximumWidth(combo.sizeHint().width() - (max(excess, 0) if fits else 0))
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._row.setDirection(across if fits else down)
        self._numbers.setDirection(across if words + triangle <= self.width() else down)
        side = Qt.AlignmentFlag.AlignRight if fits else Qt.AlignmentFlag.AlignLeft
        for label in (self.count, self._rule):
            label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()
