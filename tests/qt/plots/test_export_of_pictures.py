"""Pictures as files: PNG, SVG with shapes and text, PDF; light whatever the screen shows."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget

from mmgui.app.theme import DARK, make_theme
from mmgui.errors import DataError
from mmgui.plots.export import save_picture
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from mmgui.plots.variance_bars import VarianceBars
from tests.qt.plots.conftest import shrinkage, variance


@pytest.fixture
def plot(themes, selection, show):
    themes.set_theme(make_theme(dark=True))
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage())
    plot.settle()
    return plot


def test_that_png_is_light_sharp_and_not_blank(plot, tmp_path):
    path = tmp_path / "shrinkage.png"
    save_picture(plot, path)
    image = QImage(str(path))
    assert (image.width(), image.height()) == (1280, 880)
    assert QColor(image.pixel(1275, 875)) == QColor("#FFFFFF")
    hues = {image.pixel(x, y) for x in range(0, 1280, 2) for y in range(0, 880, 2)}
    assert QColor("#0072B2").rgb() in hues
    assert QColor("#D55E00").rgb() in hues
    assert plot.theme.name == "dark"


def test_that_svg_has_text_and_shapes_and_no_bitmaps(plot, tmp_path):
    path = tmp_path / "shrinkage.svg"
    save_picture(plot, path)
    text = path.read_text(encoding="utf-8")
    assert "<image" not in text
    assert "Slope of Days" in text
    assert len(re.findall(r"<(?:path|circle|ellipse)", text)) > 10
    assert text.lower().count("#d55e00") >= 1


def test_that_text_of_an_svg_needs_no_fonts_and_stands_where_it_is_in_the_png(plot, tmp_path):
    for name in ("drawn.svg", "drawn.png"):
        save_picture(plot, tmp_path / name)
    text = (tmp_path / "drawn.svg").read_text(encoding="utf-8")
    assert "<text" not in text
    assert 'aria-label="Slope of Days"' in text
    png = QImage(str(tmp_path / "drawn.png")).convertToFormat(QImage.Format.Format_RGB32)
    drawn = QImage(png.size(), QImage.Format.Format_RGB32)
    painter = QPainter(drawn)
    QSvgRenderer(str(tmp_path / "drawn.svg")).render(painter)
    painter.end()
    # Dark ink, where the title and the legend stand.
    inked = [
        {
            (x // 8, y // 8)
            for x in range(40, 1200)
            for y in range(70)
            if image.pixelColor(x, y).lightness() < 90
        }
        for image in (png, drawn)
    ]
    assert len(inked[0]) > 40
    assert len(inked[0] & inked[1]) > 0.8 * len(inked[0] | inked[1])


def test_that_the_way_to_the_menu_is_no_part_of_the_picture(plot, tmp_path):
    save_picture(plot, tmp_path / "away.png")
    plot._more.show()
    save_picture(plot, tmp_path / "under.png")
    assert plot._more.isVisible()
    assert QImage(str(tmp_path / "away.png")) == QImage(str(tmp_path / "under.png"))


def test_that_pdf_is_written(plot, tmp_path):
    path = tmp_path / "shrinkage.pdf"
    save_picture(plot, path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(content) > 2000


def test_that_a_wanted_look_is_used(plot, tmp_path):
    path = tmp_path / "dark.png"
    save_picture(plot, path, theme=DARK)
    assert QColor(QImage(str(path)).pixel(3, 3)).lightness() < 60


def test_that_a_page_of_plots_is_saved_whole(themes, selection, qtbot, tmp_path):
    page = QWidget()
    qtbot.addWidget(page)
    plot, bars = ShrinkagePlot(themes, selection), VarianceBars(themes)
    plot.set_data(shrinkage())
    bars.set_data(variance())
    column = QVBoxLayout(page)
    column.addWidget(plot)
    column.addWidget(bars)
    page.resize(500, 700)
    page.show()
    save_picture(page, tmp_path / "page.svg")
    text = (tmp_path / "page.svg").read_text(encoding="utf-8")
    assert "Slope of Days" in text
    assert "Residual" in text


def test_that_an_unknown_ending_is_refused_in_a_sentence(plot, tmp_path):
    with pytest.raises(DataError, match=r"saved as \.png, \.svg or \.pdf, not as “\.bmp”"):
        save_picture(plot, tmp_path / "shrinkage.bmp")


def test_that_a_folder_that_is_not_there_is_told_under_the_picture(plot, tmp_path):
    plot.deeds.save_to(str(tmp_path / "none" / "shrinkage.png"))
    assert "could not be written" in plot.findChild(QLabel, "plotNotes").text()
    plot.deeds.save_table_to(str(tmp_path / "none" / "shrinkage.csv"))
    assert "numbers could not be written" in plot.findChild(QLabel, "plotNotes").text()


def test_that_the_caption_stands_under_every_kind_of_file(plot, tmp_path):
    plot.caption_source = lambda: "Reaction ~ Days + (Days | Subject), REML · sleepstudy, 180 rows"
    plot.deeds.save_to(str(tmp_path / "with.svg"))
    assert "sleepstudy, 180 rows" in (tmp_path / "with.svg").read_text(encoding="utf-8")
    plot.deeds.save_to(str(tmp_path / "with.png"))
    save_picture(plot, tmp_path / "without.png")
    tall, low = QImage(str(tmp_path / "with.png")), QImage(str(tmp_path / "without.png"))
    assert tall.width() == low.width()
    assert 20 < tall.height() - low.height() < 120
    strip = {tall.pixel(x, y) for x in range(tall.width()) for y in range(low.height(), tall.height())}
    assert len(strip) > 1


def test_that_the_numbers_are_saved_as_text(plot, tmp_path):
    plot.deeds.ask_to_save_table()
    dialog = plot.findChild(QFileDialog, "saveTableDialog")
    dialog.fileSelected.emit(str(tmp_path / "numbers.csv"))
    assert (tmp_path / "numbers.csv").read_text(encoding="utf-8") == plot.table().to_csv()
    dialog.close()


def test_that_saving_asks_without_blocking(plot, tmp_path):
    plot.deeds.ask_to_save()
    dialog = plot.findChild(QFileDialog, "savePictureDialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "chosen.svg"))
    assert (tmp_path / "chosen.svg").exists()
    dialog.close()
