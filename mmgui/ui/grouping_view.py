"""The grouping structure below the variables: sentences, the question of recycled labels, a picture."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mmgui.app.grouping_sentences import Part, Sentence
from mmgui.app.grouping_structure import GroupingStructure
from mmgui.app.selection import SelectionModel
from mmgui.app.store import Store
from mmgui.app.theme import Theme, ThemeModel
from mmgui.plots.grouping_picture import GroupingPicture
from mmgui.ui.grouping_question import GroupingQuestion

_LEAST_PICTURE = 28
_EDGE = 12
_GAP = 6


class GroupingView(QWidget):
    """Hidden while the model has no grouping factor."""

    def __init__(
        self, store: Store, themes: ThemeModel, selection: SelectionModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._sentences: tuple[Sentence, ...] = ()
        self._has_figure = False
        title = QLabel("GROUPING STRUCTURE")
        title.setProperty("role", "paneTitle")
        title.setToolTip(
            "Nested: each group lies in one larger group. Crossed: groups of one meet those of another."
        )
        self._title = title
        self._words = QLabel()
        self._words.setObjectName("groupingSentences")
        self._words.setAccessibleName("Grouping structure")
        self._words.setProperty("role", "muted")
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setWordWrap(True)
        self.picture = GroupingPicture(themes, selection)
        self.picture.hide()
        self.question = GroupingQuestion(store, themes)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, 0, _EDGE, 0)
        column.setSpacing(_GAP)
        for widget in (title, self._words, self.picture, self.question):
            column.addWidget(widget)
        themes.theme_changed.connect(self._on_theme)
        self.hide()

    def show_structure(self, structure: GroupingStructure) -> None:
        """Show another structure; the picture waits for ``fit_picture``."""
        self._sentences = structure.sentences
        self._has_figure = structure.figure is not None
        self.picture.set_data(structure.figure)
        self.question.show_questions(structure.questions)
        self._write(self._themes.theme)
        self.setVisible(bool(structure.sentences))

    def height_of_words(self, width: int) -> int:
        """Height without the picture at a width of the pane."""
        if not self._sentences:
            return 0
        words = self._words.heightForWidth(width - 2 * _EDGE)
        return self._title.sizeHint().height() + _GAP + words

    def fit_picture(self, width: int, room: int) -> None:
        """Show the question, then the picture, as far as they can be read in the room that is left."""
        theme = self._themes.theme
        asked = self.question.wanted_height(width - 2 * _EDGE)
        fits = 0 < asked <= room - _GAP
        self.question.setVisible(fits)
        room -= asked + _GAP if fits else 0
        # What the picture's own frame takes on each side.
        frame = 2 * theme.px(4)
        wanted = self.picture.wanted_height(width - 2 * _EDGE - frame) + frame + theme.px(4)
        height = min(wanted, room - _GAP)
        shown = self._has_figure and height >= min(wanted, theme.px(_LEAST_PICTURE) + frame)
        if shown:
            self.picture.setFixedHeight(height)
        self.picture.setVisible(shown)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._write(theme)

    def _write(self, theme: Theme) -> None:
        lines = []
        for sentence in self._sentences:
            words = "".join(_words(part, theme) for part in sentence)
            lines.append(f"<p style='margin:0 0 4px 0'>{words}</p>")
        self._words.setText("".join(lines))


def _words(part: Part, theme: Theme) -> str:
    if part.term < 0:
        return escape(part.text)
    color = theme.term_color(part.term)
    return f'<span style="color:{color}; font-weight:600">{escape(part.text)}</span>'
