"""A comparison of models as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mmgui.printed.layout import columns, p_text, wrapped

if TYPE_CHECKING:
    from mmgui.engine.result import Fit
    from mmgui.inference.comparison.lrt import Comparison


# What the tests and the reasons why there is none say already.
_SAID = ("C2", "C4", "C6")


def comparison_text(fits: Sequence[Fit], comparison: Comparison) -> str:
    """Models side by side, the tests between them, and what must be known of these."""
    from mmgui.inference.comparison.lrt import describe_reference

    lines = [f"{k + 1}: {f.formula}" for k, f in enumerate(fits)]
    head = ["", "fit", "npar", "logLik", "deviance" if not any(f.reml for f in fits) else "criterion"]
    rows = [
        [
            str(k + 1),
            "REML" if f.reml else "ML",
            str(f.npar),
            f"{f.loglik:.2f}",
            f"{f.objective:.2f}",
            f"{f.aic:.2f}",
            f"{f.bic:.2f}",
            f"{f.sigma:.4g}",
            _state(f),
        ]
        for k, f in enumerate(fits)
    ]
    lines += ["", *columns([*head, "AIC", "BIC", "sigma", ""], rows)]
    if comparison.tests:
        lines += ["", "Likelihood-ratio tests:"]
        tests = [
            [
                f"{t.small + 1} in {t.big + 1}",
                f"{t.statistic:.4f}",
                str(t.df),
                p_text(t.p),
                describe_reference(t),
                p_text(t.p_naive) if t.p_naive != t.p else "",
            ]
            for t in comparison.tests
        ]
        lines += columns(["models", "Chisq", "df", "p", "reference", "p (plain)"], tests, words=(4,))
        for t in comparison.tests:
            if t.note:
                lines += wrapped(f"{t.small + 1} in {t.big + 1}: {t.note}")
    if comparison.refused:
        lines += ["", "No test:"]
        for r in comparison.refused:
            lines += wrapped(f"{r.small + 1} and {r.big + 1}: {r.reason}")
    lines += _remarks(fits, comparison)
    return "\n".join(lines)


def _remarks(fits: Sequence[Fit], comparison: Comparison) -> list[str]:
    from mmgui.advice.between.advise import advise_comparison

    said = {r.reason for r in comparison.refused}
    pairs: dict[str, list[str]] = {}
    for finding in advise_comparison(fits, comparison):
        if finding.id not in _SAID and finding.text not in said:
            pairs.setdefault(finding.text, []).append(" and ".join(str(k + 1) for k in finding.models))
    lines = ["", "Remarks:"] if pairs else []
    for text, concerned in pairs.items():
        lines += wrapped(f"{'; '.join(concerned)}: {text}")
    return lines


def _state(fit: Fit) -> str:
    from mmgui.advice.after.fit_facts import trade_offs_of

    if trade_offs_of(fit) is not None:
        words = ["not identifiable"]
    else:
        words = [] if fit.convergence.converged else ["not converged"]
    return ", ".join([*words, *(["singular"] if fit.singular else [])])
