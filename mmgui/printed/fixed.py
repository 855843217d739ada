"""Fixed effects as text: F tests of terms, contrasts, marginal means and slopes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mmgui.printed.layout import columns, p_text, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmgui.inference.fixed_effects.contrasts import Contrast, JointTest
    from mmgui.inference.fixed_effects.marginal_estimates import Estimates
    from mmgui.inference.fixed_effects.marginal_means import MarginalMeans
    from mmgui.inference.fixed_effects.term_tests import TermTests

_NO_TEST = (
    "there are too few groups to judge so many coefficients at once, so the approximation gives no F test; "
    "test single contrasts, or use --df satterthwaite."
)
METHODS = {"satterthwaite": "Satterthwaite's", "kenward-roger": "Kenward-Roger's"}


def term_tests_text(found: TermTests) -> str:
    """The table of lmerTest's ``anova``."""
    rows = [
        [
            term,
            _number(found.sum_sq[k]),
            _number(found.mean_sq[k]),
            str(int(found.num_df[k])),
            _df(found.den_df[k]),
            f"{found.f[k]:.4f}" if math.isfinite(found.f[k]) else "",
            p_text(found.p[k]),
        ]
        for k, term in enumerate(found.terms)
    ]
    method = METHODS.get(found.method)
    how = f"with {method} degrees of freedom" if method else "by Wald's χ²"
    head = ["", "Sum Sq", "Mean Sq", "NumDF", "DenDF", "F value", "Pr(>F)"]
    if not rows:
        return "The model has no fixed effects but the intercept."
    lines = [f"Type {found.type} tests of the fixed effects {how}", "", *columns(head, rows)]
    unknown = [t for k, t in enumerate(found.terms) if found.num_df[k] and not math.isfinite(found.f[k])]
    if unknown:
        lines += ["", *wrapped(f"{', '.join(unknown)}: {_NO_TEST}")]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.5g}" if math.isfinite(value) else ""


def _df(df: float) -> str:
    return "" if math.isnan(df) else "Inf" if math.isinf(df) else f"{df:.2f}"


def means_text(found: MarginalMeans) -> str:
    """Means or slopes with their intervals, and what they are averaged over."""
    from mmgui.inference.fixed_effects.marginal_estimates import shown

    lines = [f"{found.what[0].upper()}{found.what[1:]}", "", *estimates_lines(found.estimates, found.by)]
    if found.averaged:
        lines += wrapped(f"Averaged over {', '.join(found.averaged)} ({found.weights} weights).")
    if found.held:
        held = ", ".join(f"{name} = {shown(value)}" for name, value in found.held.items())
        lines += wrapped(f"At {held}.")
    return "\n".join(lines)


def estimates_lines(found: Estimates, by: Sequence[str] = ()) -> list[str]:
    """A table of estimates, grouped by the columns ``by``."""
    tail = (1 - found.level) / 2
    head = [*by, "", "estimate", "SE", "df", f"{tail:.1%}", f"{1 - tail:.1%}", "t", "p"]
    rows = []
    for k, label in enumerate(found.labels):
        group = [str(v) for v in found.groups[k]] if by else []
        numbers = [
            f"{found.estimate[k]:.5g}",
            f"{found.se[k]:.4g}",
            _df(found.df[k]),
            f"{found.lower[k]:.5g}",
            f"{found.upper[k]:.5g}",
            f"{found.t[k]:.3f}",
            p_text(found.p[k]),
        ]
        rows.append([*group, label, *(numbers if not found.reasons[k] else ["not estimable", *[""] * 6])])
    lines = columns(head, rows, words=range(len(by) + 1))
    for reason in dict.fromkeys(r for r in found.reasons if r):
        lines += wrapped(reason)
    if found.adjust != "none":
        lines += ["", f"p-values and intervals adjusted by {found.adjust.capitalize()}."]
    return lines


def contrasts_text(found: Sequence[tuple[str, Contrast]]) -> str:
    """Contrasts, each with the text that asked for it."""
    tail = (1 - found[0][1].level) / 2
    rows = [
        [
            text,
            f"{c.estimate:.5g}",
            f"{c.se:.4g}",
            _df(c.df),
            f"{c.interval[0]:.5g}",
            f"{c.interval[1]:.5g}",
            f"{c.t:.3f}",
            p_text(c.p),
        ]
        for text, c in found
    ]
    head = ["contrast", "estimate", "SE", "df", f"{tail:.1%}", f"{1 - tail:.1%}", "t", "p"]
    return "\n".join(columns(head, rows))


def joint_text(found: Sequence[tuple[str, JointTest]]) -> str:
    """F tests of several contrasts at once."""
    rows = [[text, f"{t.f:.4f}", str(t.num_df), _df(t.den_df), p_text(t.p)] for text, t in found]
    return "\n".join(columns(["contrasts", "F", "NumDF", "DenDF", "p"], rows))
