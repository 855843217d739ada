"""Below a singular fit: simpler models with what each costs, one click from being built or compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme, ThemeModel
from mmgui.ui.elided_button import ElidedButton
from mmgui.ui.results_page import empty_box, heading, note_frame

if TYPE_CHECKING:
    from mmgui.figures.simpler import SimplerRow

AT_FIRST = 3
"""Lines in sight before the person asks for the others."""

NARROW = 620
"""Below which width at scale 1 the price stands under its model."""


PRICE = 230
"""What a price takes beside its model, at scale 1."""


class SimplerModels(QWidget):
    """One line a model: a button that builds it, its price, and a link that fits both and compares."""

    build_wanted = Signal(object)
    compare_wanted = Signal(object)

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("simplerModels")
        self.setAccessibleName("Simpler models")
        self._themes = themes
        self._rows: tuple[SimplerRow, ...] = ()
        self._words = ""
        self._wide = True
        self._all = False
        self._more = QPushButton()
        self._more.setObjectName("moreSimplerButton")
        self._more.setProperty("role", "link")
        self._more.clicked.connect(self._on_more)
        self._grid = QGridLayout()
        frame, box = note_frame("warnNote", "simplerNote")
        self._inner = box
        self._heading = heading("")
        self._heading.setWordWrap(True)
        box.addWidget(self._heading)
        box.addLayout(self._grid)
        box.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        outer = QGridLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame, 0, 0)
        self.hide()
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    @property
    def labels(self) -> tuple[str, ...]:
        """What the lines say, model and price."""
        return tuple(f"{r.name}: {r.price}" for r in self._rows)

    def show_rows(self, words: str, rows: tuple[SimplerRow, ...]) -> None:
        """Show these models; none hides it."""
        if (words, rows) != (self._words, self._rows):
            self._words, self._rows, self._all = words, rows, False
            self._fill()

    @Slot()
    def _on_more(self) -> None:
        self._all = True
        self._fill()

    def set_room(self, width: int) -> None:
        """How wide it will be."""
        wide = width >= self._themes.theme.px(NARROW)
        if wide != self._wide:
            self._wide = wide
            self._fill()

    def _fill(self) -> None:
        empty_box(self._grid)
        self.setVisible(bool(self._rows))
        self._heading.setText(self._words)
        # A link for one more line would take as much room as the line.
        few = AT_FIRST if len(self._rows) > AT_FIRST + 1 and not self._all else len(self._rows)
        for k, row in enumerate(self._rows[:few]):
            self._add(k, row)
        self._more.setText(f"{len(self._rows) - few} more …")
        self._more.setAccessibleName("More simpler models")
        self._more.setVisible(few < len(self._rows))
        # A stretch that stayed from the other arrangement would shorten names where there is room.
        for column, grows in enumerate((not self._wide, self._wide)):
            self._grid.setColumnStretch(column, int(grows))
        # A long name is shortened before its price is.
        self._grid.setColumnMinimumWidth(1, self._themes.theme.px(PRICE) if self._wide else 0)

    def _add(self, k: int, row: SimplerRow) -> None:
        theme = self._themes.theme
        build = ElidedButton(row.name, theme.px(34))
        build.setObjectName(f"simplerButton{k}")
        build.setProperty("role", "pill")
        build.setProperty("strong", row.same)
        build.setAccessibleName(f"Build {row.name}")
        build.setToolTip(plain_tip(f"Make this the model being built, then press Fit:\n{row.formula}"))
        build.clicked.connect(lambda _=False, r=row: self.build_wanted.emit(r.fix))
        mark = f"<span style='color:{theme.good}'>●</span> &nbsp;" if row.same else ""
        price = QLabel(f"{mark}{row.price}")
        price.setTextFormat(Qt.TextFormat.RichText)
        price.setObjectName(f"simplerPrice{k}")
        price.setToolTip(plain_tip(row.formula))
        price.setWordWrap(True)
        both = QPushButton("Fit and compare")
        both.setObjectName(f"simplerCompareButton{k}")
        both.setProperty("role", "link")
        both.setAccessibleName(f"Fit {row.name} and compare both")
        both.setToolTip(plain_tip(f"Fit {row.formula}\nand show both models side by side."))
        both.clicked.connect(lambda _=False, r=row: self.compare_wanted.emit(r.fix))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if self._wide:
            self._grid.addWidget(build, k, 0)
            self._grid.addWidget(price, k, 1)
            self._grid.addWidget(both, k, 2)
        else:
            self._grid.addWidget(build, 2 * k, 0, left)
            self._grid.addWidget(both, 2 * k, 1)
            self._grid.addWidget(price, 2 * k + 1, 0, 1, 2)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._inner.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(10))
        self._inner.setSpacing(theme.px(6))
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(5))
        self._fill()
