"""What simulated responses say, as text: bootstrap intervals and the exact test of one variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmgui.figures.profile import parameter_words
from mmgui.printed.layout import columns, p_text, wrapped

if TYPE_CHECKING:
    from mmgui.engine.result import Fit
    from mmgui.inference.bootstrap import Bootstrap
    from mmgui.inference.exact_rlrt import ExactTest


def bootstrap_text(fit: Fit, found: Bootstrap, level: float, kind: str) -> str:
    """Estimates with bootstrap standard errors, bias and intervals."""
    limits, errors, bias = found.limits(level, kind), found.standard_errors(), found.bias()
    rows = [
        [
            ": ".join(parameter_words(fit.design, p)[:2]),
            f"{found.estimates[k]:.5g}",
            f"{errors[k]:.4g}",
            f"{bias[k]:+.3g}",
            f"{limits[k, 0]:.5g}",
            f"{limits[k, 1]:.5g}",
        ]
        for k, p in enumerate(found.parameters)
    ]
    tail = (1 - level) / 2
    head = ["", "estimate", "boot. SE", "bias", f"{tail:.1%}", f"{1 - tail:.1%}"]
    asked = "" if found.count == found.requested else f" of {found.requested:,} asked for"
    intervals = f"{kind} intervals ({level:.0%})"
    lines = [
        f"{found.count}{asked} refits to simulated responses, seed {found.seed}; {intervals}",
        "",
        *columns(head, rows),
        "",
        f"{found.singular_share:.1%} of the refits are singular.",
    ]
    if found.failed:
        lines.append(f"{found.failed} simulated responses could not be fitted and were left out.")
    missing = int(found.undefined.max(initial=0))
    if missing:
        lines += wrapped(
            f"A correlation does not exist where an SD is 0: up to {missing} refits are left out of its row."
        )
    return "\n".join(lines)


def exact_text(found: ExactTest) -> str:
    """The exact test of one variance."""
    lines = [
        f"{found.kind} of {found.tested}: {found.statistic:.4f}, p = {p_text(found.p)}",
        (
            f"{len(found.replicates):,} simulated statistics, seed {found.seed}; "
            f"{found.zero_simulated:.1%} are 0 (theory: {found.zero_analytic:.1%})"
        ),
        "Critical values: " + ", ".join(f"{p:.0%} {q:.4g}" for p, q in found.quantiles.items()),
    ]
    return "\n".join([*lines, *(wrapped(found.note) if found.note else [])])
