"""The choices over the matrices: which picture, on which scale, of which rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from mmgui.app.theme import Theme
from mmgui.figures.marginal_rows import RowOffer
from mmgui.figures.matrices import Matrix
from mmgui.plots.matrix_layout import SUM
from mmgui.plots.matrix_stage import PRODUCT
from mmgui.ui.choice_combo import ChoiceCombo

PICTURES = (
    (SUM, "buildButton", "How V is built", "V as the sum of what each term and the residuals give"),
    (PRODUCT, "productButton", "Together", "X, Z, Λ, ZΛ and V side by side, as they multiply"),
    (Matrix.X, "xButton", "X", "The fixed effects of every row"),
    (Matrix.Z, "zButton", "Z", "Which group a row belongs to, and what its effects multiply"),
    (Matrix.LAMBDA, "lambdaButton", "Λ", "How the random effects vary, relative to σ"),
    (Matrix.ZLAMBDA, "zLambdaButton", "ZΛ", "Z through Λ"),
    (Matrix.V, "vButton", "V", "How the rows vary together"),
)


LONGEST = 26


class MatricesControls(QWidget):
    """Pills and a list of rows; where the room is narrow the pills give way to a list."""

    picture_chosen = Signal(str)
    correlation_chosen = Signal(bool)
    rows_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = _Pills("matrixPictures", "Picture", self)
        for _, name, text, tip in PICTURES:
            self.pictures.add(name, text, tip)
        self.correlation = _pill("matrixCorrelation", "Correlation", "V as a correlation matrix", self)
        self.rows = ChoiceCombo("matrixGroups", "Rows drawn", self)
        self.rows.setToolTip("Which rows the matrices are drawn on")
        self.list = ChoiceCombo("matrixPictureList", "Picture", self)
        for k, (_, _, text, tip) in enumerate(PICTURES):
            self.list.addItem(text)
            self.list.setItemData(k, tip, Qt.ItemDataRole.ToolTipRole)
        self.list.setMinimumContentsLength(max(len(text) for _, _, text, _ in PICTURES) + 3)
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self.pictures)
        self._box.addWidget(self.list)
        self._box.addStretch(1)
        self._box.addWidget(self.correlation)
        self._box.addWidget(self.rows)
        self.pictures.chosen.connect(self._on_picture)
        self.list.chosen.connect(self._on_picture)
        self.correlation.toggled.connect(self.correlation_chosen)
        self.rows.chosen.connect(self.rows_chosen)

    @property
    def picture(self) -> str:
        """Which picture is chosen."""
        return str(PICTURES[self.pictures.index][0])

    def offer(self, offers: Sequence[RowOffer], chosen: int) -> None:
        """Offer these choices of rows."""
        texts = [o.text for o in offers]
        with self.rows.filling():
            if texts != [self.rows.itemText(k) for k in range(self.rows.count())]:
                self.rows.clear()
                self.rows.addItems(texts)
                self.rows.setMinimumContentsLength(min(max(map(len, texts)), LONGEST))
            self.rows.setCurrentIndex(chosen)
        self.rows.setVisible(len(texts) > 1)

    def dress(self, theme: Theme) -> None:
        """Spaces of the look."""
        self._box.setSpacing(theme.px(8))
        self.pictures.dress(theme)
        self._adapt()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        others = self.correlation.sizeHint().width() + self.rows.sizeHint().width()
        narrow = self.width() < self.pictures.sizeHint().width() + others + 3 * self._box.spacing()
        self.pictures.setVisible(not narrow)
        self.list.setVisible(narrow)

    def choose(self, key: str) -> None:
        """Choose a picture by its key."""
        self._on_picture(next(k for k, p in enumerate(PICTURES) if p[0] == key))

    @Slot(int)
    def _on_picture(self, index: int) -> None:
        key = str(PICTURES[index][0])
        self.pictures.set_index(index)
        with self.list.filling():
            self.list.setCurrentIndex(index)
        # Kept in its place, so that the other choices stay in theirs.
        self.correlation.setEnabled(key in (SUM, PRODUCT, Matrix.V))
        self.picture_chosen.emit(key)


class _Pills(QWidget):
    """One of several, as a row of pills."""

    chosen = Signal(int)

    def __init__(self, name: str, accessible: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.idClicked.connect(self.chosen)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    @property
    def index(self) -> int:
        """Which is chosen."""
        return max(self._group.checkedId(), 0)

    def set_index(self, index: int) -> None:
        """Show another as chosen."""
        self._group.button(index).setChecked(True)

    def add(self, name: str, text: str, tip: str) -> None:
        """One more, chosen if it is the first."""
        button = _pill(name, text, tip, self)
        position = len(self._group.buttons())
        button.setChecked(position == 0)
        self._group.addButton(button, position)
        self._row.addWidget(button)

    def dress(self, theme: Theme) -> None:
        """Spaces of the look."""
        self._row.setSpacing(theme.px(4))


def _pill(name: str, text: str, tip: str, parent: QWidget) -> QPushButton:
    button = QPushButton(text, parent)
    button.setObjectName(name)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    button.setProperty("role", "pill")
    button.setCheckable(True)
    return button
