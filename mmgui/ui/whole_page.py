"""A page that is scrolled, as high as all it has to show while a picture of it is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QScrollArea, QScrollBar, QWidget

HIGHEST = 6000
"""Pixels from which on a picture shows but what is in sight."""
ROUNDS = 3
"""How often what has more room may ask for more still."""
MAIN = 0.5
"""Share of a page's width and height from which a scrolled area is the page itself."""


@contextmanager
def whole_meanwhile(page: QWidget, lay_out: Callable[[QWidget], None]) -> Iterator[None]:
    """Nothing is scrolled away in the meantime; what is on the screen stays as it is.

    ``lay_out`` lays the page out without the event loop.
    """
    size = page.size()
    areas = [a for a in page.findChildren(QScrollArea) if _is_main(a, page)]
    bars = [a.verticalScrollBar() for a in areas]
    places = [bar.value() for bar in bars]
    try:
        for _ in range(ROUNDS):
            hidden = _hidden(bars)
            if hidden <= 0 or page.height() + hidden > HIGHEST:
                break
            page.resize(size.width(), page.height() + hidden)
            lay_out(page)
        if _hidden(bars) > 0 and page.size() != size:
            # Pictures that grow with their room would never all be in sight.
            page.resize(size)
            lay_out(page)
        yield
    finally:
        if page.size() != size:
            page.resize(size)
            lay_out(page)
            for bar, place in zip(bars, places, strict=True):
                bar.setValue(place)


def _hidden(bars: list[QScrollBar]) -> int:
    """Pixels of height that are scrolled away."""
    return max((bar.maximum() for bar in bars), default=0)


def _is_main(area: QScrollArea, page: QWidget) -> bool:
    wide, high = area.width() >= MAIN * page.width(), area.height() >= MAIN * page.height()
    return area.isVisibleTo(page) and wide and high
