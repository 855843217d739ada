"""What stands beside the pictures of the grouping structure."""

from __future__ import annotations

import html

from mmgui.app.counted import counted
from mmgui.app.theme import Theme
from mmgui.figures.grouping import StructureView


def reading_caption(theme: Theme, view: StructureView) -> str:
    """What a reading of recurring labels means (HTML); empty where there is one reading only."""
    if view.reading == "crossed":
        a, b = (_tinted(theme, f.label, f.term) for f in view.factors)
        sizes = " × ".join(f"{len(f.levels):,}" for f in view.factors)
        return f"<b>As crossed</b>: the same label is the same thing everywhere. {a} × {b}: {sizes}."
    if view.reading == "nested":
        outer, inner = view.factors
        own = _tinted(theme, inner.name, inner.term)
        around = _tinted(theme, outer.name, outer.term)
        return f"<b>As nested</b>: each {around} has {own} of its own, {len(inner.levels):,} in all."
    return ""


def _tinted(theme: Theme, name: str, term: int) -> str:
    return f'<span style="color:{theme.term_color(term)}">{html.escape(name)}</span>'


def view_notes(views: tuple[StructureView, ...]) -> tuple[str, ...]:
    """How the views shown are to be read."""
    out = []
    for view in views:
        if view.layout == "crossed":
            out.append(_of_grid(view))
        elif view.layout == "nested":
            out.append(_of_tree(view))
    return tuple(out)


def _of_grid(view: StructureView) -> str:
    a, b = view.factors
    sizes, possible = view.cells[:, 2], len(a.levels) * len(b.levels)
    low, high = int(sizes.min()), int(sizes.max())
    rows = f"{counted(low, 'row')} each" if low == high else f"{low:,} to {high:,} rows each"
    empty = possible - len(sizes)
    some = f"{len(sizes):,} of {possible:,} cells have rows" if empty else f"all {possible:,} cells have rows"
    return f"{a.label} × {b.label}: {some}, {rows}."


def _of_tree(view: StructureView) -> str:
    inner = view.factors[-1]
    low, high = int(inner.sizes.min()), int(inner.sizes.max())
    rows = f"{counted(low, 'row')} each" if low == high else f"{low:,} to {high:,} rows"
    around = view.factors[-2].name
    if inner.recycled:
        labels = f"dashed: the same label of {inner.name} again, in another {around} another group"
    else:
        labels = f"each {inner.name} has a label of its own"
    return f"{counted(len(inner.levels), 'group')} of {inner.label}, {rows}; {labels}."
