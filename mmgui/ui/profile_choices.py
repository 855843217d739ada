"""What of the profiles is drawn: the view, the levels, the scale of standard deviations, Wald, the pairs."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.profile import LEVELS
from mmgui.figures.profile_scale import Scale
from mmgui.plots.profile_panel import ProfileLook
from mmgui.plots.profile_plot import ProfileView, with_level
from mmgui.ui.choice_combo import ChoiceCombo

VIEWS = (
    (ProfileView.INTERVALS, "profileIntervalsButton", "|ζ| and intervals", "Draw |ζ| with intervals"),
    (ProfileView.SIGNED, "profileSignedButton", "ζ", "Draw ζ with its sign"),
    (ProfileView.DENSITY, "profileDensityButton", "Density", "Draw the distribution that ζ stands for"),
    (ProfileView.PAIRS, "profilePairsButton", "Pairs", "Draw joint regions of two parameters"),
)


class ProfileChoices(QWidget):
    """Two lines of controls; ``look`` is what they say."""

    view_chosen = Signal(object)
    look_chosen = Signal()
    paired_chosen = Signal(object)
    """Positions of the parameters to draw pairs of."""

    def __init__(self, themes: ThemeModel) -> None:
        super().__init__()
        self.setObjectName("profileChoices")
        self._look = ProfileLook()
        self._views = QButtonGroup(self)
        self._views.setExclusive(True)
        views = QWidget()
        views.setObjectName("profileViews")
        views.setAccessibleName("View of the profiles")
        self._first = QHBoxLayout(views)
        self._first.setContentsMargins(0, 0, 0, 0)
        for k, (_, name, words, meaning) in enumerate(VIEWS):
            button = _pill(words, name, meaning)
            button.setChecked(k == 0)
            self._views.addButton(button, k)
            self._first.addWidget(button)
        self._first.addStretch(1)
        self.parameters_button = _pill("Parameters", "profileParametersButton", "Choose what is paired")
        self.parameters_button.setCheckable(False)
        self._menu = QMenu(self.parameters_button)
        self._menu.setObjectName("profileParametersMenu")
        self.parameters_button.setMenu(self._menu)
        self.parameters_button.hide()
        self._first.addWidget(self.parameters_button)
        self._views.idClicked.connect(self._on_view)
        self._second = QHBoxLayout()
        self._add_levels()
        self._second.addStretch(1)
        self.scale_combo = ChoiceCombo("profileScaleCombo", "Scale of standard deviations")
        self.scale_combo.addItems([s.value for s in Scale])
        self.scale_combo.setToolTip("Draw standard deviations as such, as logarithms or as variances")
        self.scale_combo.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToContents)
        self.scale_combo.chosen.connect(self._on_scale)
        self.wald_button = _pill("Wald", "profileWaldButton", "Compare with Wald intervals, dashed")
        self.wald_button.toggled.connect(self._on_wald)
        self._second.addWidget(self.wald_button)
        self._second.addWidget(self.scale_combo)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(views)
        self._box.addLayout(self._second)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def _add_levels(self) -> None:
        self.level_buttons: dict[float, QPushButton] = {}
        label = QLabel("Levels")
        label.setProperty("role", "muted")
        self._second.addWidget(label)
        for level in LEVELS:
            words = f"{100 * level:g} %"
            button = _pill(words, f"profileLevel{100 * level:g}Button", f"Draw {words} intervals")
            button.setChecked(True)
            button.toggled.connect(self._on_level)
            self.level_buttons[level] = button
            self._second.addWidget(button)

    @property
    def look(self) -> ProfileLook:
        """Scale, levels, and whether Wald intervals stand beside."""
        return self._look

    def set_view(self, view: ProfileView) -> None:
        """Show which view is drawn."""
        self._views.button([v for v, *_ in VIEWS].index(view)).setChecked(True)
        self.parameters_button.setVisible(view is ProfileView.PAIRS)

    def set_parameters(self, titles: tuple[str, ...], paired: tuple[int, ...]) -> None:
        """Offer these parameters for pairs."""
        if [a.text() for a in self._menu.actions()] == [t.replace("&", "&&") for t in titles]:
            return
        self._menu.clear()
        for k, title in enumerate(titles):
            action = self._menu.addAction(title.replace("&", "&&"))
            action.setObjectName(f"profileParameter{k}Action")
            action.setCheckable(True)
            action.setChecked(k in paired)
            action.toggled.connect(self._on_paired)

    @Slot(int)
    def _on_view(self, index: int) -> None:
        view = VIEWS[index][0]
        self.parameters_button.setVisible(view is ProfileView.PAIRS)
        self.view_chosen.emit(view)

    @Slot()
    def _on_level(self) -> None:
        look = self._look
        for level, button in self.level_buttons.items():
            look = with_level(look, level, shown=button.isChecked())
        self._take(look)

    @Slot(int)
    def _on_scale(self, index: int) -> None:
        self._take(replace(self._look, scale=list(Scale)[index]))

    @Slot(bool)
    def _on_wald(self, shown: bool) -> None:
        self._take(replace(self._look, wald=shown))

    def _take(self, look: ProfileLook) -> None:
        self._look = look
        self.look_chosen.emit()

    @Slot()
    def _on_paired(self) -> None:
        self.paired_chosen.emit(tuple(k for k, a in enumerate(self._menu.actions()) if a.isChecked()))

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setSpacing(theme.px(6))
        self._first.setSpacing(theme.px(6))
        self._second.setSpacing(theme.px(4))


def _pill(words: str, name: str, meaning: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(meaning)
    button.setToolTip(meaning)
    button.setProperty("role", "pill")
    button.setCheckable(True)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button
