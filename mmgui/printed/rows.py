"""What a model says of single rows and groups, as text: residuals, influence, predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmgui.printed.layout import columns, wrapped

if TYPE_CHECKING:
    from mmgui.engine.design import Design, FloatArray
    from mmgui.inference.refits.deletion import Deletions
    from mmgui.inference.rows.influence import RowInfluence
    from mmgui.inference.rows.prediction import Prediction
    from mmgui.inference.rows.residuals import Residuals

_MOST_ROWS = 20


def residuals_text(found: Residuals) -> str:
    """Quantiles of every kind of residual."""
    kinds = {
        "conditional": found.conditional,
        "marginal": found.marginal,
        "Pearson": found.pearson,
        "scaled Pearson": found.scaled_pearson,
        "standardised conditional": found.standardised_conditional,
        "standardised marginal": found.standardised_marginal,
        "PIT, leave one out": found.pit_leave_one_out,
    }
    rows = [[name, *_quantiles(values)] for name, values in kinds.items()]
    return "\n".join(columns(["residuals", "Min", "1Q", "Median", "3Q", "Max"], rows))


def _quantiles(values: FloatArray) -> list[str]:
    known = values[np.isfinite(values)]
    if not known.size:
        return [""] * 5
    return [f"{q:.4g}" for q in np.quantile(known, [0.0, 0.25, 0.5, 0.75, 1.0])]


def row_influence_text(design: Design, found: RowInfluence) -> str:
    """The rows that matter most."""
    order = np.argsort(-np.nan_to_num(found.cooks, nan=np.inf), kind="stable")[:_MOST_ROWS]
    rows = [
        [
            str(int(design.rows[i]) + 1),
            f"{found.leverage[i]:.4f}",
            f"{found.cooks[i]:.4g}",
            f"{found.dffits[i]:.3g}",
            f"{found.studentised[i]:.3g}",
        ]
        for i in order
    ]
    lines = columns(["row", "leverage", "Cook's D", "DFFITS", "studentised"], rows)
    shown = f"The {len(order)} of {design.nobs} rows with the largest Cook's distance."
    effective = f"The leverages sum to {found.effective_parameters:.2f} effective parameters."
    return "\n".join([shown, "", *lines, "", effective])


def deletions_text(design: Design, found: Deletions) -> str:
    """What each estimate would be without each group, the most influential first."""
    order = np.argsort(-np.nan_to_num(found.cooks, nan=-1.0), kind="stable")
    what = found.grouping or "row"
    cooks, ratio = found.cooks, found.covratio
    rows = [
        [
            found.labels[k],
            f"{cooks[k]:.4f}",
            f"{ratio[k]:.3f}",
            *(f"{b:.5g}" for b in found.without.beta[k]),
            *(f"{v:.4g}" for sd in found.without.sd for v in sd[k]),
            f"{found.without.sigma[k]:.4g}",
        ]
        for k in order
    ]
    sds = [f"SD {effect} | {r.grouping}" for r in design.random for effect in r.effects]
    whole = [
        "(none)",
        "",
        "",
        *(f"{b:.5g}" for b in found.whole.beta),
        *(f"{v:.4g}" for sd in found.whole.sd for v in sd),
        f"{float(found.whole.sigma):.4g}",
    ]
    head = [f"without {what}", "Cook's D", "covratio", *found.fixed_names, *sds, "sigma"]
    lines = columns(head, [whole, *rows])
    for label, sentence in found.failed:
        lines += wrapped(f"{label}: {sentence}")
    return "\n".join(lines)


def prediction_text(found: Prediction) -> str:
    """Predicted values with their intervals, row by row."""
    new = found.new
    rows = [
        [
            str(i + 1),
            f"{found.fit[i]:.5g}",
            f"{found.se[i]:.4g}",
            f"{found.lower[i]:.5g}",
            f"{found.upper[i]:.5g}",
            "new group" if new[i] else "",
        ]
        for i in range(len(found.fit))
    ]
    what = "a new observation" if found.kind == "observation" else "the expected value"
    who = "of the row's groups" if found.groups == "conditional" else "of an average group"
    tail = (1 - found.level) / 2
    head = ["row", "predicted", "SE", f"{tail:.1%}", f"{1 - tail:.1%}", ""]
    lines = [f"Prediction of {what} {who}", "", *columns(head, rows, words=(5,))]
    if found.missing:
        one = found.missing == 1
        lack, have = ("1 row lacks", "it has") if one else (f"{found.missing} rows lack", "they have")
        lines += ["", f"{lack} a value that the model reads, so {have} no prediction."]
    return "\n".join(lines)
