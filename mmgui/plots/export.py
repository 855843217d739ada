"""Pictures of plots and pages as PNG, SVG and PDF, light whatever the screen's look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QMarginsF, QPoint, QRect, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QImage,
    QPageSize,
    QPainter,
    QPdfWriter,
    QRegion,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from mmgui.app.theme import DARK, LIGHT, Theme
from mmgui.errors import DataError, Where
from mmgui.plots.svg_outlines import outlined

if TYPE_CHECKING:
    from mmgui.plots.plot import Plot

FILTERS = ("PNG picture (*.png)", "SVG drawing (*.svg)", "PDF document (*.pdf)")
PIXEL_RATIO = 2.0
CROWD = 5000
_FLAGS = QWidget.RenderFlag.DrawChildren
CAPTION_PIXELS, CAPTION_MOST = 12, 400
_CAPTION_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def save_picture(widget: QWidget, path: Path, *, theme: Theme | None = None, caption: str = "") -> None:
    """Write the widget as it is laid out now to a ``.png``, ``.svg`` or ``.pdf`` file.

    Plots are drawn in ``theme``, the light look at the screen's scale by default; ``caption`` stands
    under the picture. SVG and PDF hold shapes, not bitmaps, and look the same where the fonts are not
    known. Raises DataError where the ending or the place will not do.
    """
    writers = {".png": _save_png, ".svg": _save_svg, ".pdf": _save_pdf}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise DataError(
            "picture_format",
            f"A picture can be saved as .png, .svg or .pdf, not as “{path.suffix or path.name}”.",
            Where("file", path.name),
        )
    with _dressed(widget, theme, PIXEL_RATIO if path.suffix.lower() == ".png" else 1.0) as ground:
        done = write(_Sheet(widget, ground, caption), path)
    if not done or not path.exists():
        raise DataError(
            "picture_not_written",
            f"The picture could not be written to {path}. Choose another folder.",
            Where("file", str(path)),
        )


def copy_picture(widget: QWidget, *, caption: str = "") -> None:
    """Put a picture of the widget, in the light look and with its caption, on the clipboard."""
    with _dressed(widget, None, PIXEL_RATIO) as ground:
        image = _image(_Sheet(widget, ground, caption))
    QGuiApplication.clipboard().setImage(image)


@contextmanager
def _dressed(widget: QWidget, theme: Theme | None, ratio: float) -> Iterator[QColor]:
    """Plots in the export's look, scatter points as shapes; all as before afterwards."""
    bitmap = ratio != 1.0
    plots = _plots(widget)
    before = [plot.theme for plot in plots]
    # The way to the menu that the pointer called up is no part of the picture.
    menus = [b for b in widget.findChildren(QWidget, "plotMenuButton") if not b.isHidden()]
    ground = QColor((theme or LIGHT).surface)
    try:
        for button in menus:
            button.hide()
        for plot, worn in zip(plots, before, strict=True):
            wanted = theme or _light_like(worn)
            plot.dress(wanted, ratio)
            plot.settle()
        for item in _scatter_items(widget):
            # Shapes one by one are sharp but slow; a bitmap of a crowd can do without.
            if not bitmap or len(item.data) <= CROWD:
                item.setExportMode(True, {})
        yield ground
    finally:
        for plot, worn in zip(plots, before, strict=True):
            plot.dress(worn)
        for button in menus:
            button.show()


def _plots(widget: QWidget) -> list[Plot]:
    from mmgui.plots.plot import Plot

    return [w for w in (widget, *widget.findChildren(QWidget)) if isinstance(w, Plot)]


def _light_like(worn: Theme) -> Theme:
    from dataclasses import replace

    return replace(LIGHT, scale=worn.scale, line_width=worn.line_width)


def _scatter_items(widget: QWidget) -> list[pg.ScatterPlotItem]:
    views = [w for w in (widget, *widget.findChildren(QWidget)) if isinstance(w, pg.GraphicsView)]
    return [i for v in views for i in v.scene().items() if isinstance(i, pg.ScatterPlotItem)]


class _Sheet:
    """What is written: the widget, and under it the caption."""

    def __init__(self, widget: QWidget, ground: QColor, caption: str) -> None:
        self._widget, self._ground, self._caption = widget, ground, caption
        self.title = widget.accessibleName() or "mmgui"
        size, self._font = widget.size(), QFont(widget.font())
        self._font.setPixelSize(round(CAPTION_PIXELS * _scale(widget)))
        self._margin = self._font.pixelSize()
        room = QRect(self._margin, 0, size.width() - 2 * self._margin, CAPTION_MOST)
        needed = QFontMetrics(self._font).boundingRect(room, _CAPTION_FLAGS, caption).height()
        self._strip = needed + self._margin if caption else 0
        self.size = QSize(size.width(), size.height() + self._strip)

    def paint(self, painter: QPainter) -> None:
        """Draw all of it."""
        widget = self._widget
        painter.fillRect(QRect(QPoint(0, 0), self.size), self._ground)
        widget.render(painter, QPoint(0, 0), QRegion(), _FLAGS)
        if not self._caption:
            return
        painter.setFont(self._font)
        painter.setPen(QColor(LIGHT.muted if self._ground.lightness() > 127 else DARK.muted))
        margin = self._margin
        # In drawings what a page would show further down is not cut off, and reaches in here.
        painter.fillRect(QRect(0, widget.height(), self.size.width(), self._strip), self._ground)
        room = QRect(margin, widget.height(), widget.width() - 2 * margin, self._strip)
        painter.drawText(room, _CAPTION_FLAGS, self._caption)


def _scale(widget: QWidget) -> float:
    plots = _plots(widget)
    return plots[0].theme.scale if plots else 1.0


def _image(sheet: _Sheet) -> QImage:
    image = QImage(sheet.size * PIXEL_RATIO, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(PIXEL_RATIO)
    painter = QPainter(image)
    sheet.paint(painter)
    painter.end()
    return image


def _save_png(sheet: _Sheet, path: Path) -> bool:
    return bool(_image(sheet).save(str(path)))


def _save_svg(sheet: _Sheet, path: Path) -> bool:
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(sheet.size)
    generator.setViewBox(QRect(QPoint(0, 0), sheet.size))
    generator.setResolution(96)
    generator.setTitle(sheet.title)
    painter = QPainter()
    if not painter.begin(generator):
        return False
    sheet.paint(painter)
    if not painter.end():
        return False
    path.write_text(outlined(path.read_text(encoding="utf-8")), encoding="utf-8")
    return True


def _save_pdf(sheet: _Sheet, path: Path) -> bool:
    writer = QPdfWriter(str(path))
    points = QSizeF(sheet.size.width() * 0.75, sheet.size.height() * 0.75)
    writer.setResolution(96)
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
    writer.setTitle(sheet.title)
    painter = QPainter()
    if not painter.begin(writer):
        return False
    sheet.paint(painter)
    return painter.end()
