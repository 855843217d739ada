"""The choices over the matrices: which picture, on which scale, of which rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from mmgui.figures.marginal_rows import ALL, RowOffer
from mmgui.figures.matrices import Matrix
from mmgui.plots.matrix_layout import SUM
from mmgui.plots.matrix_stage import PRODUCT
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.page_head import PageHead
from mmgui.ui.pill import pill
from mmgui.ui.view_choice import ViewChoice

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


class MatricesControls(PageHead):
    """Which picture, as a list before it takes a second line, and beside it the scale and the rows."""

    picture_chosen = Signal(str)
    correlation_chosen = Signal(bool)
    rows_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.pictures = ViewChoice(
            "matrixPictures", "Picture", [p[1:] for p in PICTURES], list_name="matrixPictureList"
        )
        self.correlation = pill("matrixCorrelation", "Correlation", "V as a correlation matrix")
        self.rows = ChoiceCombo("matrixGroups", "Rows drawn")
        self.rows.setToolTip("Which rows the matrices are drawn on")
        self.whole = pill("matrixAllRows", "All rows", "Draw every row; again: a few groups")
        self._whole = self._few = 0
        super().__init__(self.pictures, self.correlation, self.whole, self.rows, parent=parent)
        self.set_low(True)
        self.pictures.chosen.connect(self._on_picture)
        self.correlation.toggled.connect(self.correlation_chosen)
        self.rows.chosen.connect(self.rows_chosen)
        self.whole.clicked.connect(self._on_whole)

    @property
    def picture(self) -> str:
        """Which picture is chosen."""
        return str(PICTURES[self.pictures.index][0])

    def offer(self, offers: Sequence[RowOffer], chosen: int) -> None:
        """Offer these choices of rows; every row, where it is one of several, also by a pill of its own."""
        texts = [o.text for o in offers]
        every = [k for k, o in enumerate(offers) if o.choice == (ALL,)]
        self._whole = every[0] if every else 0
        if chosen not in every:
            self._few = chosen
        if self._few == self._whole or self._few >= len(offers):
            self._few = next((k for k in range(len(offers)) if k != self._whole), 0)
        self.whole.setChecked(chosen in every)
        self.whole.setVisible(bool(every) and len(texts) > 1)
        with self.rows.filling():
            if texts != [self.rows.itemText(k) for k in range(self.rows.count())]:
                self.rows.clear()
                self.rows.addItems(texts)
                self.rows.setMinimumContentsLength(min(max(map(len, texts)), LONGEST))
            self.rows.setCurrentIndex(chosen)
        self.rows.setVisible(len(texts) > 1)

    def choose(self, key: str) -> None:
        """Choose a picture by its key."""
        self.pictures.choose(next(k for k, p in enumerate(PICTURES) if p[0] == key))

    @Slot(bool)
    def _on_whole(self, whole: bool) -> None:
        self.rows_chosen.emit(self._whole if whole else self._few)

    @Slot(int)
    def _on_picture(self, _index: int) -> None:
        # Kept in its place, so that the other choices stay in theirs.
        self.correlation.setEnabled(self.picture in (SUM, PRODUCT, Matrix.V))
        self.picture_chosen.emit(self.picture)
