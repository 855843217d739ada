"""Title, legend and notes of the pictures of the matrices."""

from __future__ import annotations

import html

from mmgui.figures.matrices import MatricesFigure, Matrix
from mmgui.plots.matrix_layout import SUM
from mmgui.plots.matrix_stage import PRODUCT

_ALONE = {
    Matrix.X: "Model matrix of the fixed effects",
    Matrix.Z: "Model matrix of the random effects",
    Matrix.LAMBDA: "Relative covariance factor",
    Matrix.ZLAMBDA: "Columns of the random effects, scaled by Λ",
    Matrix.V: "Covariance of the responses",
}
"""What a matrix alone is, above the picture; its letter and size stand at the picture itself."""


def title_words(figure: MatricesFigure | None, shown: str, *, correlation: bool = False) -> str:
    """What the picture says as a whole."""
    if shown == SUM:
        return "How V is built"
    if shown != PRODUCT:
        matrix = Matrix(shown)
        return "Correlation of the responses" if correlation and matrix is Matrix.V else _ALONE[matrix]
    weighted = figure is not None and figure.rows.weights is not None
    return f"V = σ² (ZΛ (ZΛ)′ + {'W⁻¹' if weighted else 'I'})"


def legend_words(figure: MatricesFigure | None) -> str:
    """Which rows are drawn, where that is not all of them."""
    if figure is None:
        return ""
    rows = figure.rows
    if len(rows.choice.rows) == rows.nobs:
        return ""
    words = html.escape(rows.choice.words)
    if len(rows.effects) < rows.all_columns:
        words += f"; the other {rows.all_columns - len(rows.effects):,} columns of Z are 0 in them"
    return words


def note_words(figure: MatricesFigure | None) -> tuple[str, ...]:
    """What the matrices leave out."""
    if figure is None:
        return ()
    rows, out = figure.rows, []
    if rows.dropped:
        out.append(f"X is drawn without {', '.join(rows.dropped)}: the other columns say the same.")
    if rows.weights is not None:
        out.append("Rows with a prior weight w have the residual variance σ²/w.")
    if rows.offset:
        out.append("The offset shifts the mean; it is in none of these matrices.")
    if not rows.terms:
        out.append("The model has no random effects: V is σ² on the diagonal.")
    return tuple(out)
