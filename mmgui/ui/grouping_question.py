"""The question of recycled labels in the data's own words, and, once answered, a quiet line that says how."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.label_questions import LabelAnswers, LabelQuestion
from mmgui.app.plain_tip import plain_tip
from mmgui.app.store import Store
from mmgui.app.theme import Theme, ThemeModel

_CHANGE = "change"


class GroupingQuestion(QWidget):
    """Hidden where labels leave nothing open; shows one open question, and a line for each answer."""

    def __init__(self, store: Store, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("groupingQuestion")
        self._themes = themes
        self._answers = LabelAnswers(store)
        self._questions: tuple[LabelQuestion, ...] = ()
        self._asked: LabelQuestion | None = None
        self._answered: tuple[LabelQuestion, ...] = ()
        self._words = _label("groupingQuestionText")
        self._said = _label("groupingAnswers")
        self._said.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self._said.linkActivated.connect(self._on_change)
        self._said.setAccessibleName("Answers about recurring labels")
        self._different = _button("differentLabelButton", "The label names different things")
        self._same = _button("sameLabelButton", "The label names the same thing")
        self._different.clicked.connect(self._on_different)
        self._same.clicked.connect(self._on_same)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(6)
        self._buttons.addWidget(self._different)
        self._buttons.addWidget(self._same)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._words)
        column.addLayout(self._buttons)
        column.addWidget(self._said)
        store.document_changed.connect(self._on_document)
        themes.theme_changed.connect(self._on_theme)
        self.hide()

    def show_questions(self, questions: tuple[LabelQuestion, ...]) -> None:
        """Show what a model leaves open, and what was answered."""
        self._questions = questions
        self._write()

    def asked(self) -> LabelQuestion | None:
        """The question shown; None where nothing is open."""
        return self._asked

    def has_words(self) -> bool:
        """Whether there is a question or an answer."""
        return self._asked is not None or bool(self._answered)

    def wanted_height(self, width: int) -> int:
        """Pixels of height at a width; 0 where there is nothing to show."""
        if not self.has_words():
            return 0
        heights = []
        if self._asked is not None:
            heights.append(self._words.heightForWidth(width))
            tall = [b.sizeHint() for b in (self._different, self._same)]
            beside = self._beside(width)
            heights.append(max(s.height() for s in tall) if beside else sum(s.height() for s in tall) + 6)
        if self._answered:
            heights.append(self._said.heightForWidth(width))
        return sum(heights) + 6 * (len(heights) - 1)

    def _beside(self, width: int) -> bool:
        return sum(b.sizeHint().width() for b in (self._different, self._same)) + 6 <= width

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        self._buttons.setDirection(
            ways.LeftToRight if self._beside(event.size().width()) else ways.TopToBottom
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _write(self) -> None:
        theme = self._themes.theme
        crossed = [q for q in self._questions if q.apart is None]
        answered = [q for q in crossed if self._answers.is_same(q)]
        waiting = [q for q in crossed if q not in answered]
        self._asked = waiting[0] if waiting else None
        self._answered = (*answered, *(q for q in self._questions if q.apart is not None))
        for widget in (self._words, self._different, self._same):
            widget.setVisible(self._asked is not None)
        if self._asked is not None:
            self._ask(theme, self._asked, len(waiting))
        self._said.setVisible(bool(self._answered))
        self._said.setStyleSheet(
            f"color: {theme.muted}; font-size: {theme.px(12)}px; background: transparent"
        )
        lines = [_said(theme, k, question) for k, question in enumerate(self._answered)]
        self._said.setText("<br>".join(lines))
        self.setVisible(self.has_words())

    def _ask(self, theme: Theme, question: LabelQuestion, count: int) -> None:
        inner, outer = _names(theme, question)
        label, one, other = (f"<b>{escape(t)}</b>" for t in (question.label, question.one, question.other))
        more = f" <span style='color:{theme.muted}'>(1 of {count})</span>" if count > 1 else ""
        self._words.setStyleSheet(
            f"color: {theme.text}; font-size: {theme.px(13)}px; background: transparent"
        )
        here, there = (f"{inner} {label} in {outer} {group}" for group in (one, other))
        self._words.setText(f"Is {here} the same {inner} as {there}?{more}")
        self._different.setText(f"No, each {question.outer} has its own")
        self._same.setText("Yes, the same one")
        for button, fix in ((self._different, question.different), (self._same, question.same)):
            button.setToolTip(plain_tip(fix.label) if fix is not None else "")
            button.setAccessibleName(f"{question.inner} in {question.outer}: {button.text()}")

    @Slot()
    def _on_different(self) -> None:
        if self._asked is not None:
            self._answers.say_different(self._asked)

    @Slot()
    def _on_same(self) -> None:
        if self._asked is not None:
            self._answers.say_same(self._asked)

    @Slot(str)
    def _on_change(self, link: str) -> None:
        which = int(link.removeprefix(_CHANGE))
        if which < len(self._answered):
            self._answers.ask_again(self._answered[which])

    @Slot(object)
    def _on_document(self, _change: object) -> None:
        self._write()

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self._write()


def _names(theme: Theme, question: LabelQuestion) -> tuple[str, str]:
    inner, outer = (
        f'<span style="color:{theme.term_color(term)}; font-weight:600">{escape(name)}</span>'
        for name, term in ((question.inner, question.inner_term), (question.outer, question.outer_term))
    )
    return inner, outer


def _said(theme: Theme, place: int, question: LabelQuestion) -> str:
    inner, outer = _names(theme, question)
    if question.apart is None:
        words = f"You said: {inner} {escape(question.label)} is the same one in every {outer}."
    else:
        words = f"Each {outer} has {inner} of its own: {escape(question.label)} again is another one."
    return f'{words} <a href="{_CHANGE}{place}" style="color:{theme.accent}">change</a>'


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _button(name: str, words: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setProperty("role", "pill")
    button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return button
