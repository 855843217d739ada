"""The column that weights the rows, as a quiet line below the response."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.model_builder import ModelBuilder
from mmgui.app.weight_choice import weight_columns, weights_problem
from mmgui.data.table import Table
from mmgui.spec.model import ModelSpec
from mmgui.ui.choice_combo import ChoiceCombo

MEANING = (
    "Prior weights: a row's residual variance is σ² divided by its weight, so that precise rows, such as "
    "means of many measurements, count for more."
)


class WeightsChoice(QWidget):
    """Shows what the model says and sends the choice to the builder."""

    def __init__(self, builder: ModelBuilder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._builder = builder
        self.combo = ChoiceCombo("weightsCombo", "Weights")
        self.combo.setProperty("role", "quiet")
        self.combo.setToolTip(MEANING)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.combo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.problem = QLabel()
        self.problem.setObjectName("weightsProblem")
        self.problem.setProperty("role", "warn")
        self.problem.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.combo)
        box.addWidget(self.problem)
        self.combo.chosen.connect(self._on_chosen)

    def show_model(self, draft: ModelSpec, table: Table | None) -> None:
        """Offer the table's columns of numbers, and say what is wrong with the chosen one."""
        names = weight_columns(draft, table)
        wanted = [None, *names]
        with self.combo.filling():
            if [self.combo.itemData(k) for k in range(self.combo.count())] != wanted:
                self.combo.clear()
                for name in wanted:
                    self.combo.addItem(f"Weights: {'none' if name is None else ' '.join(name.split())}", name)
            self.combo.setCurrentIndex(wanted.index(draft.weights))
        # A table without another column of numbers has nothing to choose from.
        self.setVisible(bool(names))
        words = weights_problem(draft, table)
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    @Slot(int)
    def _on_chosen(self, row: int) -> None:
        name = self.combo.itemData(row)
        if name != self._builder.draft.weights:
            self._builder.set_weights(name)
