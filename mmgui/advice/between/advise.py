"""All the advice on fitted models beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from mmgui.advice.between import comparable_rules, same_fit_rules, test_rules, walk_rule
from mmgui.advice.between.compare_facts import CompareFacts, CompareRule
from mmgui.advice.finding import Finding
from mmgui.engine.result import Fit
from mmgui.inference.comparison.lrt import Comparison

_MODULES = (comparable_rules, same_fit_rules, test_rules, walk_rule)

RULES: dict[str, CompareRule] = {rule: check for module in _MODULES for rule, check in module.RULES.items()}

ORDER = ("C2", "C1", "C4", "C6", "C5", "C8", "C3", "C7", "C9")
"""Whether they may be compared, then whether they differ, then how to read the tests."""


def advise_comparison(fits: Sequence[Fit], comparison: Comparison, *, tried: int = 0) -> tuple[Finding, ...]:
    """What there is to say about fitted models beside each other.

    Parameters
    ----------
    fits
        The models.
    comparison
        The tests between them of :func:`mmgui.inference.comparison.lrt.compare`, on these models in this
        order.
    tried
        How many models of this response were fitted to these data in all, those compared among them; 0
        where that is not known.

    Returns
    -------
    tuple of Finding
        ``models`` are positions of the pair it is about; reasons why there is no test are among them, as
        the comparison says them. Of a pair that fits the same, or the wrong way round, no p-value is
        explained.
    """
    facts = CompareFacts(fits, comparison, tried)
    found: list[Finding] = []
    for rule in ORDER:
        found += RULES[rule](facts)
    settled = {f.models for f in found if f.id in ("C5", "C6", "C8")}
    return tuple(f for f in found if f.id not in ("C3", "C7") or f.models not in settled)
