"""The questions about the design, each with the guess, its reason, and the means to change it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from mmgui.advice.design_questions import ColumnAnswer, Role
from mmgui.app.counted import counted
from mmgui.app.plain_tip import plain_tip
from mmgui.app.proposal import Proposal
from mmgui.app.suggesting import Suggesting
from mmgui.app.theme import ThemeModel
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.results_page import quiet
from mmgui.ui.suggest_ticks import TickItem, TickList


class _Section(QWidget):
    """A question and what answers it."""

    def __init__(self, tip: str, *parts: QWidget) -> None:
        super().__init__()
        self._title = QLabel()
        self._title.setProperty("role", "question")
        self._title.setWordWrap(True)
        self._title.setToolTip(tip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._title)
        for part in parts:
            column.addWidget(part)

    def ask(self, question: str) -> None:
        """Word the question."""
        self._title.setText(question)


class SuggestQuestions(QWidget):
    """Shows a proposal's answers; sends every change to what asks."""

    def __init__(self, suggesting: Suggesting, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suggestQuestions")
        self.setAccessibleName("Questions about the design")
        self._suggesting = suggesting
        self._themes = themes
        self._proposal: Proposal | None = None
        self._make_choices()
        self._make_ticks()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for section in self._sections():
            column.addWidget(section)
        column.addStretch(1)

    def _make_choices(self) -> None:
        suggesting = self._suggesting
        self.unit = ChoiceCombo("unitCombo", "Unit")
        self.unit.setPlaceholderText("choose a column")
        self.unit.chosen.connect(lambda row: suggesting.set_unit(self.unit.itemData(row)))
        self.response = ChoiceCombo("suggestResponseCombo", "What was measured")
        self.response.setPlaceholderText("choose a column")
        self.response.chosen.connect(lambda row: suggesting.set_response(self.response.itemData(row)))
        self._unit_reason = quiet(name="unitReason")
        self._response_reason = quiet(name="suggestResponseReason")
        self._unit_section = _Section(
            "The unit is what several rows come from: a person, a batch, a school.",
            self.unit, self._unit_reason,
        )  # fmt: skip
        self._response_section = _Section(
            "The response is what the model is to explain.", self.response, self._response_reason
        )

    def _make_ticks(self) -> None:
        self.factors = TickList("withinFactorsList", "Factors that vary within the unit")
        self.quantities = TickList("withinQuantitiesList", "Quantities that vary within the unit")
        self.between = TickList("betweenList", "Variables that differ only between units")
        self.others = TickList("otherUnitsList", "Other units")
        for ticks in (self.factors, self.quantities, self.others):
            ticks.toggled.connect(self._suggesting.tick)
        self.between.toggled.connect(self._on_between)
        self.centre = QCheckBox("Centre within levels")
        self.centre.setObjectName("centreCheck")
        self.centre.toggled.connect(self._on_centre)
        self._centre_reason = quiet(name="centreReason")
        self.replicated = QCheckBox("Several rows per cell")
        self.replicated.setObjectName("replicatedCheck")
        self.replicated.setAccessibleName("Several rows per cell")
        self.replicated.toggled.connect(self._on_replicated)
        self._cells = quiet(name="replicatedReason")
        self._factors_section = _Section(
            "A factor varies within a unit that meets several of its levels.", self.factors
        )
        self._quantities_section = _Section(
            "A quantity varies within a unit that has several values of it.",
            self.quantities, self.centre, self._centre_reason,
        )  # fmt: skip
        self._repeats_section = _Section(
            "Runs, trials, samples: rows of one unit under one combination of the factors.",
            self.replicated, self._cells,
        )  # fmt: skip
        self._between_section = _Section(
            "Whether these belong into the model is for you to decide: nothing is ticked for you.",
            self.between,
        )
        self._others_section = _Section(
            "Units that hold the unit, lie in it, or are crossed with it.", self.others
        )

    def _sections(self) -> tuple[_Section, ...]:
        return (
            self._unit_section, self._response_section, self._factors_section, self._quantities_section,
            self._repeats_section, self._between_section, self._others_section,
        )  # fmt: skip

    def show_proposal(self, proposal: Proposal) -> None:
        """Show what is guessed, or said."""
        self._proposal = None
        guess, design = proposal.guess, proposal.design
        unit = design.unit_label
        self._unit_section.ask("Which column is the unit?")
        choices = [(c.label, c.columns, counted(c.sizes.groups, "group")) for c in guess.units]
        _fill(self.unit, choices, design.unit)
        self._unit_reason.setText(guess.unit_reason)
        self._response_section.ask("What was measured?")
        _fill(self.response, [(name, name, "") for name in guess.responses], design.response)
        self._response_reason.setText(guess.response_reason)
        self._show_factors(proposal, unit)
        self._show_quantities(proposal, unit)
        self._show_repeats(proposal)
        self._show_between(proposal, unit)
        others = guess.of(Role.UNIT)
        self._others_section.ask("Which other units are there?")
        self._others_section.setVisible(bool(others))
        self._tick(self.others, others, {":".join(c) for c in design.others})
        self._proposal = proposal

    def _show_factors(self, proposal: Proposal, unit: str) -> None:
        answers = proposal.guess.of(Role.FACTOR)
        self._factors_section.setVisible(bool(answers))
        self._factors_section.ask(f"Which factors vary within {unit}?")
        self._tick(self.factors, answers, set(proposal.design.within_factors))

    def _show_quantities(self, proposal: Proposal, unit: str) -> None:
        answers, design = proposal.guess.of(Role.QUANTITY), proposal.design
        self._quantities_section.setVisible(bool(answers))
        self._quantities_section.ask(f"Which quantities vary within {unit}?")
        self._tick(self.quantities, answers, set(design.within_quantities))
        names = " and ".join(design.within_quantities)
        able = bool(design.within_factors and names)
        words = f"{names} less its mean at each level of {' × '.join(design.within_factors)}"
        self.centre.setVisible(able)
        self._centre_reason.setVisible(able)
        self._centre_reason.setText(
            f"{words}: levels are then compared at the usual value of each, not at zero."
        )
        self.centre.setAccessibleName(f"Centre within levels: {words}")
        self.centre.setChecked(design.centred)

    def _show_repeats(self, proposal: Proposal) -> None:
        there, words = proposal.repeats
        numbering = " ".join(c.reason for c in proposal.guess.of(Role.REPEATS))
        self._repeats_section.ask("What repeats?")
        self._repeats_section.setVisible(bool(proposal.design.within_factors) or bool(numbering))
        self.replicated.setEnabled(there)
        self.replicated.setChecked(proposal.design.replicated)
        self._cells.setText(" ".join(part for part in (words, numbering) if part))

    def _show_between(self, proposal: Proposal, unit: str) -> None:
        design, answers = proposal.design, proposal.guess.of(Role.BETWEEN)
        within = (*design.within_factors, *design.within_quantities)
        items: list[TickItem] = []
        for answer in answers:
            ticked = answer.label in design.between
            items.append(TickItem(answer, answer.label, ticked, answer.reason))
            items += [
                TickItem(
                    (answer.label, name),
                    f"{answer.label} × {name}",
                    (answer.label, name) in design.interactions,
                    inset=True,
                )
                for name in within
                if ticked
            ]
        self._between_section.ask(f"What differs only between {unit}? Tick what belongs into the model.")
        self._between_section.setVisible(bool(items))
        self.between.show_items(tuple(items), self._themes.theme)

    def _tick(self, ticks: TickList, answers: tuple[ColumnAnswer, ...], chosen: set[str]) -> None:
        items = tuple(TickItem(a, a.label, a.label in chosen, a.reason) for a in answers)
        ticks.show_items(items, self._themes.theme)

    def _on_between(self, key: object, on: bool) -> None:
        if isinstance(key, ColumnAnswer):
            self._suggesting.tick(key, on)
        elif isinstance(key, tuple):
            between, within = key
            self._suggesting.cross(between, within, on)

    def _on_centre(self, on: bool) -> None:
        if self._proposal is not None and on != self._proposal.design.centred:
            self._suggesting.set_centred(on)

    def _on_replicated(self, on: bool) -> None:
        if self._proposal is not None and on != self._proposal.design.replicated:
            self._suggesting.set_replicated(on)


def _fill(combo: ChoiceCombo, choices: Sequence[tuple[str, object, str]], chosen: object) -> None:
    with combo.filling():
        combo.clear()
        for row, (text, data, note) in enumerate(choices):
            words = " ".join(text.split())
            combo.addItem(f"{words} · {note}" if note else words, data)
            combo.setItemData(row, plain_tip(text), Qt.ItemDataRole.ToolTipRole)
        data = [d for _, d, _ in choices]
        combo.setCurrentIndex(data.index(chosen) if chosen in data else -1)
    combo.setEnabled(combo.count() > 0)
