"""What the advice says: findings, each with the remedies a person may choose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mmgui.spec.derived import DerivedColumn
from mmgui.spec.model import ModelSpec


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """The model cannot be fitted, or not be told apart from another."""

    WARNING = "warning"
    """It can be fitted, but something is amiss."""

    INFO = "info"
    """Worth knowing."""

    QUESTION = "question"
    """Only the person knows the answer."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One remedy: what its button says, the model it leads to, and derived columns that the model needs."""

    label: str
    spec: ModelSpec
    derived: tuple[DerivedColumn, ...] = ()
    reply: str = ""
    """For a question, what is answered by it (``"same"``): kept as the person's answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of advice.

    Attributes
    ----------
    id
        The rule, as in the catalogue of rules: ``"G1"``.
    severity
        How much it matters.
    text
        A sentence in plain words with the person's own names and counts.
    about
        The pieces it is about: column names, grouping factors, terms as a formula writes them.
    fixes
        Remedies, each applied by one click.
    terms
        Positions of the random-effects terms it is about, so that their cards can be lit up and a finding
        that follows from another can keep quiet.
    title
        The verdict in a few words, for findings after a fit; empty where the severity says enough.
    models
        Positions of the models it is about, for findings between fits.
    groups
        Groups that it names, as pairs of grouping factor and level.
    """

    id: str
    severity: Severity
    text: str
    about: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    terms: tuple[int, ...] = ()
    title: str = ""
    models: tuple[int, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
