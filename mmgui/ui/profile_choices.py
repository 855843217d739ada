"""What of the profiles is drawn: the view, the levels, the scale of standard deviations, Wald, the pairs."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.profile import LEVELS
from mmgui.figures.profile_scale import Scale
from mmgui.plots.profile_panel import ProfileLook
from mmgui.plots.profile_plot import ProfileView, with_level
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.page_head import PageHead
from mmgui.ui.pill import pill
from mmgui.ui.view_choice import ViewChoice

VIEWS = (
    (ProfileView.INTERVALS, "profileIntervalsButton", "|ζ| and intervals", "Draw |ζ| with intervals"),
    (ProfileView.SIGNED, "profileSignedButton", "ζ", "Draw ζ with its sign"),
    (ProfileView.DENSITY, "profileDensityButton", "Density", "Draw the distribution that ζ stands for"),
    (ProfileView.PAIRS, "profilePairsButton", "Pairs", "Draw joint regions of two parameters"),
)


class ProfileChoices(PageHead):
    """The head of the page; ``look`` is what it says."""

    view_chosen = Signal(object)
    look_chosen = Signal()
    paired_chosen = Signal(object)
    """Positions of the parameters to draw pairs of."""

    def __init__(self, themes: ThemeModel) -> None:
        self._look = ProfileLook()
        self.views = ViewChoice("profileViews", "View of the profiles", [v[1:] for v in VIEWS])
        self.parameters_button = pill(
            "profileParametersButton", "Parameters", "Choose what is paired", checkable=False
        )
        self._menu = QMenu(self.parameters_button)
        self._menu.setObjectName("profileParametersMenu")
        self.parameters_button.setMenu(self._menu)
        self.level_buttons: dict[float, QPushButton] = {}
        self._levels = self._level_choice()
        self.scale_combo = ChoiceCombo("profileScaleCombo", "Scale of standard deviations")
        self.scale_combo.addItems([s.value for s in Scale])
        self.scale_combo.setToolTip("Draw standard deviations as such, as logarithms or as variances")
        self.scale_combo.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToContents)
        self.wald_button = pill("profileWaldButton", "Wald", "Compare with Wald intervals, dashed")
        super().__init__(self.views, self.parameters_button, self.scale_combo, self.wald_button, self._levels)
        self.setObjectName("profileChoices")
        # A page that scrolls reserves the height of a hint; the line needs what its width asks for.
        policy = self.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)
        self.parameters_button.hide()
        self.views.chosen.connect(self._on_view)
        self.scale_combo.chosen.connect(self._on_scale)
        self.wald_button.toggled.connect(self._on_wald)
        for button in self.level_buttons.values():
            button.toggled.connect(self._on_level)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def _level_choice(self) -> QWidget:
        out = QWidget()
        row = self._level_row = QHBoxLayout(out)
        row.setContentsMargins(0, 0, 0, 0)
        self._levels_label = QLabel("Levels")
        self._levels_label.setProperty("role", "muted")
        row.addWidget(self._levels_label)
        for level in LEVELS:
            words = f"{100 * level:g} %"
            button = pill(f"profileLevel{100 * level:g}Button", words, f"Draw {words} intervals")
            button.setChecked(True)
            self.level_buttons[level] = button
            row.addWidget(button)
        return out

    def set_low(self, low: bool) -> None:
        super().set_low(low)
        self._levels_label.setVisible(not low)

    @property
    def look(self) -> ProfileLook:
        """Scale, levels, and whether Wald intervals stand beside."""
        return self._look

    def set_view(self, view: ProfileView) -> None:
        """Show which view is drawn."""
        self.views.set_index([v for v, *_ in VIEWS].index(view))
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
        self.dress(theme)
        self._level_row.setSpacing(theme.air(6))
