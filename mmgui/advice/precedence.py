"""Which finding speaks where one implies another: the root, and only the root."""

from __future__ import annotations

from collections.abc import Iterable

from mmgui.advice.finding import Finding, Severity

IMPLIES: dict[str, frozenset[str]] = {
    # Without usable groups nothing else about the term matters.
    "G1": frozenset({"G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "N1", "N2", "N3", "N5", "T3", "T4",
                     "T5", "T6", "E1", "E2", "E3", "E6", "E7", "E8", "E9"}),
    # A row a combination, said best by what it means for the model.
    "E9": frozenset({"N4", "G2", "G3", "G4", "G5", "G6", "G7", "T6", "E6", "E7"}),
    "N4": frozenset({"G2", "G3", "G4", "G5", "G6", "G7", "G9", "T6", "E6", "E7"}),
    "G2": frozenset({"G3", "G4", "G5", "G6", "G7", "T6", "E2", "E3", "E6", "E7"}),
    "G3": frozenset({"G4", "G5", "G6", "T6", "E3"}),
    "E1": frozenset({"G3", "G4", "G5", "G6", "T3", "T4", "T6", "E2", "E3"}),
    # One variance twice over, said by what makes it so.
    "T1": frozenset({"G4", "G5", "T6"}),
    "T2": frozenset({"G4", "G5", "T3"}),
    "N5": frozenset({"G4", "G5", "N2"}),
    "G10": frozenset({"G4", "G5", "G7", "T4"}),
    # What cannot be told apart comes out singular by chance, here in one way and there in another.
    "G4": frozenset({"G5", "G6", "T6", "F1", "F2", "F3", "F4", "F9", "F10", "F12"}),
    "G5": frozenset({"G6"}),
    # A grouping factor of the wrong kind has no right number of groups.
    "G8": frozenset({"G6", "G7", "G9", "G11", "N1", "N3"}),
    "G9": frozenset({"G5", "G6", "G7", "N2"}),
    "G11": frozenset({"G7", "N1", "N3", "E6"}),
    # What the groups are is not known yet.
    "N1": frozenset({"N2", "N3", "G7", "G12", "E6"}),
    "G6": frozenset({"T6", "E3"}),
    "E2": frozenset({"E3"}),
    # What the structure lacks, said once, by the most that it lacks.
    "E8": frozenset({"E6", "E7"}),
    "E7": frozenset({"E6"}),
    # Without residual variance nothing can be judged.
    "F5": frozenset({"F9", "F10", "F11", "F12"}),
    "Y1": frozenset({"Y2", "G12"}),
    "X1": frozenset({"X3"}),
    "X2": frozenset({"X3"}),
}  # fmt: skip
"""For each rule the rules that follow from it, where both are about one term or one variable."""

_WHOLE_MODEL = frozenset({"Y1", "E8", "E7", "F5"})
"""Rules that speak for the whole model: what they imply is silent wherever it is about."""

_NEVER_SILENT = frozenset({"N1", "D1", "X1"})


def settle(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without those that another one implies, each sentence once.

    Parameters
    ----------
    findings
        In any order.

    Returns
    -------
    tuple of Finding
        In the order given. A finding is left out where a rule that implies it (``IMPLIES``) speaks about the
        same random-effects term or the same variable, and where a term that cannot be fitted at all would
        be warned of too.
    """
    found = list(dict.fromkeys(findings))
    return tuple(f for f in found if not any(_implied(f, other) for other in found if other is not f))


def _implied(finding: Finding, by: Finding) -> bool:
    if finding.id in IMPLIES.get(by.id, frozenset()):
        return by.id in _WHOLE_MODEL or _same_matter(finding, by)
    hopeless = by.severity is Severity.ERROR and bool(set(by.terms) & set(finding.terms))
    lesser = finding.severity in (Severity.WARNING, Severity.INFO) and finding.id not in _NEVER_SILENT
    return hopeless and lesser and by.id not in IMPLIES.get(finding.id, frozenset())


def _same_matter(one: Finding, other: Finding) -> bool:
    if one.terms and other.terms:
        return bool(set(one.terms) & set(other.terms))
    return bool(set(one.about) & set(other.about)) or not (one.about and other.about)
