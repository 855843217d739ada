"""Random effects as text: their shares of the variance, tests, directions, and what cannot be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmgui.printed.layout import columns, p_text, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmgui.engine.result import Fit
    from mmgui.inference.comparison.ranova import RandomEffectTest, RandomEffectTests
    from mmgui.inference.identifiability.certificate import Identifiability
    from mmgui.inference.variance.explained import Explained
    from mmgui.inference.variance.icc_curve import IccCurve
    from mmgui.inference.variance.principal_components import Components, PrincipalComponents

_MOST_POINTS = 11


def explained_text(fit: Fit, found: Explained) -> str:
    """R², ICC, and the variances they are made of."""
    parts = [("fixed effects", found.fixed)]
    parts += [(f"random: {t.grouping}", v) for t, v in zip(fit.terms, found.terms, strict=True)]
    parts.append(("residual", found.residual))
    total = found.fixed + found.random + found.residual
    rows = [[name, f"{v:.5g}", f"{v / total:.1%}" if total else ""] for name, v in parts]
    lines = columns(["", "variance", "share"], rows)
    lines += ["", f"R² marginal     {found.r2_marginal:.4f}   (fixed effects)"]
    lines += [f"R² conditional  {found.r2_conditional:.4f}   (fixed and random effects)"]
    lines += [f"ICC             {found.icc_adjusted:.4f}   (of what the fixed effects leave)"]
    return "\n".join(lines)


def icc_curve_text(curve: IccCurve) -> str:
    """The variance between groups along a predictor."""
    step = 1 if curve.labels else max(1, (len(curve.at) - 1) // (_MOST_POINTS - 1))
    rows = [
        [
            curve.labels[k] if curve.labels else f"{curve.at[k]:.5g}",
            f"{curve.variance[k]:.5g}",
            f"{curve.icc[k]:.4f}",
        ]
        for k in range(0, len(curve.at), step)
    ]
    head = [curve.variable, f"variance between {curve.grouping}", "ICC"]
    lines = columns(head, rows)
    if np.isfinite(curve.lowest_at):
        where = "" if curve.lowest_in_data else ", outside the data"
        lines += ["", f"Smallest at {curve.variable} = {curve.lowest_at:.5g}{where}: {curve.lowest:.5g}"]
    return "\n".join(lines)


def random_tests_text(found: RandomEffectTests) -> str:
    """The table of single deletions, as lmerTest's ``ranova`` prints it."""
    rows = [["<none>", str(found.npar), f"{found.loglik:.2f}", f"{found.aic:.2f}", *[""] * 4]]
    rows += [_deletion(row) for row in found.rows]
    head = ["dropped", "npar", "logLik", "AIC", "LRT", "df", "p", "p (plain)"]
    lines = [f"Model: {found.formula}", "", *columns(head, rows)]
    for row in found.rows:
        note = row.refused or (row.test.note if row.test is not None else "")
        if note:
            lines += ["", *wrapped(f"{row.name}: {note}")]
    return "\n".join(lines)


def _deletion(row: RandomEffectTest) -> list[str]:
    if row.test is None:
        return [row.name, *[""] * 6, "no test"]
    test = row.test
    return [
        row.name,
        str(row.npar),
        f"{row.loglik:.2f}",
        f"{row.aic:.2f}",
        f"{test.statistic:.4f}",
        str(test.df),
        p_text(test.p),
        p_text(test.p_naive),
    ]


def identifiability_text(found: Identifiability) -> str:
    """Whether the variances and covariances can be told apart."""
    head = f"{found.rank} of {found.n_par} variances and covariances can be told apart on these rows."
    if found.identified:
        return f"{head}\nNothing trades off: {', '.join(found.parameters)}."
    lines = [head]
    for vector, sentence in zip(found.null_vectors, found.sentences, strict=True):
        moving = [f"{weight:+.3g} {name}" for name, weight in vector.items() if abs(weight) > 1e-9]
        lines += ["", *wrapped(sentence), *wrapped("   " + "  ".join(moving))]
    return "\n".join(lines)


def components_text(found: Sequence[PrincipalComponents]) -> str:
    """Principal components of the random effects on both scales."""
    lines: list[str] = []
    for part in found:
        lines += [f"{part.grouping}: {part.rank} of {len(part.covariance.effects)} directions have variance"]
        for title, scale in (("covariances", part.covariance), ("correlations", part.correlation)):
            lines += [f"  by {title}:", *(f"  {line}" for line in _components(scale))]
        for sentence in part.collapsed:
            lines += wrapped(f"  {sentence}")
        lines.append("")
    return "\n".join(lines).rstrip() or "The model has no random effects."


def _components(scale: Components) -> list[str]:
    names = [f"PC{k + 1}" for k in range(len(scale.sdev))]
    rows = [
        ["SD", *(f"{v:.4g}" for v in scale.sdev)],
        ["proportion", *(f"{v:.4f}" for v in scale.proportion)],
        ["cumulative", *(f"{v:.4f}" for v in scale.cumulative)],
        *([e, *(f"{v:.3f}" for v in scale.rotation[i])] for i, e in enumerate(scale.effects)),
    ]
    return columns(["", *names], rows)
