"""What simulated responses say, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmgui.figures.profile import parameter_words
from mmgui.printed.layout import columns, wrapped

if TYPE_CHECKING:
    from mmgui.engine.result import Fit
    from mmgui.inference.simulation.bootstrap import Bootstrap


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
