"""The images of the pictures on show, made anew only where the covariance parameters change them."""

from __future__ import annotations

from PySide6.QtGui import QImage

from mmgui.app.theme import Theme
from mmgui.figures.matrices import MatricesFigure, Matrix
from mmgui.plots import matrix_shades as shades
from mmgui.plots.matrix_layout import RESIDUAL, SUM, TRANSPOSED

STILL = (Matrix.X, Matrix.Z)
"""What no covariance parameter changes."""


class MatrixImages:
    """Images by the key of their panel, each made when it is first painted."""

    def __init__(self) -> None:
        self._images: dict[str, QImage] = {}
        self._figure: MatricesFigure | None = None
        self._look: tuple[Theme, bool] | None = None

    def show(self, figure: MatricesFigure, theme: Theme, *, correlation: bool) -> None:
        """Draw from another figure, or in another look."""
        before = self._figure
        same_rows = before is not None and before.rows is figure.rows
        if not same_rows or self._look is None or self._look[0] != theme:
            self._images.clear()
        elif before is not figure or self._look[1] != correlation:
            self._images = {k: image for k, image in self._images.items() if k in STILL}
        self._figure, self._look = figure, (theme, correlation)

    def __getitem__(self, key: str) -> QImage:
        if key not in self._images:
            self._images[key] = self._made(key)
        return self._images[key]

    def _made(self, key: str) -> QImage:
        figure, look = self._figure, self._look
        if figure is None or look is None:
            return QImage()
        theme, correlation = look
        if key == Matrix.X:
            return shades.fixed_image(figure, theme)
        if key == Matrix.Z:
            return shades.effects_image(figure, theme)
        if key == Matrix.LAMBDA:
            return shades.by_term(figure, figure.lam, figure.limits.lam, theme)
        if key == Matrix.ZLAMBDA:
            return shades.by_term(figure, figure.zlam, figure.limits.zlam, theme)
        if key == TRANSPOSED:
            return shades.transposed(figure, figure.zlam.T, figure.limits.zlam, theme)
        return _marginal(figure, theme, key, correlation=correlation)


def _marginal(figure: MatricesFigure, theme: Theme, key: str, *, correlation: bool) -> QImage:
    """V or one of its parts, on the one scale that all of them share."""
    parts = figure.correlation_parts if correlation else figure.parts
    limit = 1.0 if correlation else figure.limits.v
    if key in (SUM, Matrix.V):
        return shades.as_image(shades.pixels(parts.total, limit, shades.total_scale(theme)))
    if key == RESIDUAL:
        return shades.as_image(shades.pixels(parts.residual_matrix, limit, shades.term_scale(theme, -1)))
    k = int(key.split()[1])
    colors = shades.term_scale(theme, figure.rows.terms[k].term)
    return shades.as_image(shades.pixels(parts.terms[k], limit, colors))
