"""What the pages of the results share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QVBoxLayout, QWidget

from mmgui.app.analysis import Advance
from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved


class ResultsPage(QWidget):
    """A page of the results: says which parts of the analysis it shows, and shows them when they come."""

    key = ""
    title = ""
    parts: tuple[Part, ...] = ()
    on_demand: tuple[Part, ...] = ()
    """What is shown once it is known, and worked out when the page or the person asks for it."""
    vacant = ""
    """What stands in its place where a model has no random effects; empty where it has something to show."""
    fit_wanted = Signal()
    part_wanted = Signal(object, bool)
    """A part on demand, and whether to work it out afresh."""
    stop_wanted = Signal(object)
    choice_changed = Signal()
    view_changed = Signal(str)
    """The key of the view that is in sight now."""
    fix_wanted = Signal(object)
    """A remedy that advice after the fit proposes: make it the model being built."""
    both_wanted = Signal(object)
    """The same: fit it and show both side by side."""
    adopt_wanted = Signal(object)
    """A better fit of the same model, to take the place of the one shown."""
    plot_made = Signal(object)
    """A ``Plot`` that the page has only now, because only now it was wanted."""

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = scene
        self.themes = scene.themes
        self.selection = scene.selection
        self.setObjectName(f"{self.key}Page")
        self.setAccessibleName(self.title)
        self.setProperty("role", "page")
        self._cover: QLabel | None = None

    def set_vacant(self, vacant: bool) -> None:
        """Cover what was shown of another model, and say why there is nothing to show of this one."""
        if vacant and self._cover is None:
            self._cover = self._make_cover()
        if self._cover is not None:
            self._cover.setVisible(vacant)
            self._cover.raise_()

    def _make_cover(self) -> QLabel:
        cover = QLabel(self.vacant, self)
        cover.setObjectName("vacantPage")
        cover.setAccessibleName("Why this page is empty")
        cover.setAlignment(Qt.AlignmentFlag.AlignCenter)
        cover.setWordWrap(True)
        cover.setGeometry(self.rect())
        self.themes.theme_changed.connect(self._dress_cover)
        self._cover = cover
        self._dress_cover()
        return cover

    @Slot()
    def _dress_cover(self) -> None:
        if self._cover is not None:
            theme = self.themes.theme
            self._cover.setStyleSheet(
                f"background: {theme.surface}; color: {theme.muted}; "
                f"font-size: {theme.px(13)}px; padding: {theme.px(24)}px;"
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._cover is not None:
            self._cover.setGeometry(self.rect())

    def views(self) -> tuple[tuple[str, str], ...]:
        """Keys and titles of the views there are now; none where the page is one picture."""
        return ()

    def view(self) -> str:
        """The key of the view in sight."""
        return ""

    def show_view(self, key: str) -> None:
        """Show another view; one that there is not now is left alone."""

    def choice(self, part: Part) -> tuple[str, ...]:  # noqa: ARG002
        """What the person chose to see of a part; ``choice_changed`` tells of another choice."""
        return ()

    def show_part(self, part: Part, figure: object) -> None:
        """Draw one part; pages that show parts say how."""

    def show_moved(self, moved: Moved | None) -> None:
        """Follow the hand that moves the covariance parameters; None: show the best fit again."""

    def show_advance(self, part: Part, advance: Advance | None) -> None:
        """Show how far a part on demand has come; None where it is not under way."""

    def complete(self) -> None:
        """Ask for everything that the page can show."""


def heading(text: str, note: str = "") -> QLabel:
    """A section's title with a few quiet words."""
    label = QLabel(text if not note else f"{text}&nbsp; <span style='font-weight:400'>{note}</span>")
    label.setProperty("role", "heading")
    return label


def quiet(text: str = "", name: str = "") -> QLabel:
    """Quiet words that wrap."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setProperty("role", "muted")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def empty_box(box: QLayout) -> None:
    """Remove every widget from a box or a grid."""
    while box.count():
        item = box.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def note_frame(role: str, name: str = "") -> tuple[QFrame, QVBoxLayout]:
    """A soft box for a statement."""
    frame = QFrame()
    frame.setObjectName(name)
    frame.setProperty("role", role)
    box = QVBoxLayout(frame)
    box.setContentsMargins(14, 10, 14, 10)
    box.setSpacing(3)
    return frame, box
