"""LaTeX of an equation's pieces as drawings: SVG paths with a baseline, made by ziamath and kept."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree as ET

from mmgui.figures.equation_names import ESCAPES

logger = logging.getLogger(__name__)

EM = 40.0
"""Height of the letters in the drawings' own units; a drawing is scaled, never made twice."""

_INK = "#010203"
_LARGEST_CACHE = 4096
_UNESCAPE = dict(sorted(((v, k) for k, v in ESCAPES.items()), key=lambda pair: -len(pair[0])))
_ESCAPED = re.compile("|".join(map(re.escape, _UNESCAPE)))
_COMMANDS = ("mathrm", "text")
# ziamath and the fonts below it keep states of their own.
_ONE_AT_A_TIME = threading.Lock()
_NOT_KNOWN = object()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A piece drawn at ``EM`` units a letter.

    Attributes
    ----------
    paths
        The inside of an SVG element.
    left, top, width, height
        The SVG's view box; the baseline is at 0, below which y grows.
    """

    paths: str
    left: float
    top: float
    width: float
    height: float

    def svg(self, color: str) -> str:
        """A whole SVG file in one colour."""
        # Without a word on strokes, Qt puts black ones around the signs where it writes SVG or PDF itself.
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" stroke="{color}" stroke-opacity="0" '
            f'viewBox="{self.left:g} {self.top:g} {self.width:g} {self.height:g}">'
            f"{self.paths.replace(_INK, color)}</svg>"
        )

    def inline(self, color: str, em: float) -> str:
        """The SVG for a line of HTML, ``em`` of the font's height each letter, on the text's baseline."""
        scale = em / EM
        depth = self.top + self.height
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" aria-hidden="true" width="{self.width * scale:.3f}em" '
            f'height="{self.height * scale:.3f}em" style="vertical-align:{-depth * scale:.3f}em" '
            f'viewBox="{self.left:g} {self.top:g} {self.width:g} {self.height:g}">'
            f"{self.paths.replace(_INK, color)}</svg>"
        )


def is_drawn(latex: str) -> bool:
    """Whether a drawing can be had without waiting."""
    return latex in _known()


def drawing(latex: str) -> Drawing | None:
    """The drawing of a piece of LaTeX; None for what cannot be drawn, which is then shown as plain text."""
    known = _known()
    # A drawing may be known and be None; another thread may forget all at any time.
    found = known.get(latex, _NOT_KNOWN)
    if found is _NOT_KNOWN:
        with _ONE_AT_A_TIME:
            found = _draw(latex)
        if len(known) >= _LARGEST_CACHE:
            known.clear()
        known[latex] = found
    return found if isinstance(found, Drawing) else None


@lru_cache(maxsize=1)
def _known() -> dict[str, Drawing | None]:
    return {}


def _draw(latex: str) -> Drawing | None:
    names: list[str] = []
    tex = _without_names(latex, names)
    try:
        # Imported here: the first window does not wait for it.
        import ziamath
        from ziamath.tex import tex2mml

        ziamath.config.svg2 = False
        # Our own markup: what people wrote is put in afterwards.
        root = ET.fromstring(tex2mml(_airy(tex)))  # noqa: S314
        _put_names(root, names)
        math = ziamath.Math(root, size=EM)
        if not all(_has_sign(math, sign) for element in root.iter() for sign in element.text or ""):
            return None
        return _read_svg(math.svg())
    except Exception:
        # Whatever a name does to a parser of mathematics, its model is shown: as text.
        logger.warning("An equation is shown as text; it cannot be drawn: %s", latex, exc_info=True)
        return None


def _airy(latex: str) -> str:
    """Brackets that do not touch what they hold, as TeX's own do not."""
    opened = latex.replace(r"\begin{bmatrix}", r"\left[\,\begin{matrix}")
    return opened.replace(r"\end{bmatrix}", r"\end{matrix}\,\right]")


def _has_sign(math: object, sign: str) -> bool:
    """Whether the font has a glyph; spaces and invisible signs need none."""
    font = math.font  # type: ignore[attr-defined]
    return not sign.isprintable() or sign.isspace() or font.glyphindex(sign) > 0


def _without_names(latex: str, names: list[str]) -> str:
    r"""The LaTeX with ``\text{#k}`` for the k-th name, whose signs could mean something to a parser."""
    out: list[str] = []
    at = 0
    for start, inside, stop in _groups(latex):
        out.append(latex[at:start])
        out.append(rf"\text{{{len(names)}}}")
        names.append(_plain(inside))
        at = stop
    return "".join([*out, latex[at:]])


def _groups(latex: str) -> Iterator[tuple[int, str, int]]:
    r"""Where ``\mathrm{…}`` and ``\text{…}`` stand, and what is inside."""
    at = 0
    while True:
        found = [(latex.find(f"\\{c}{{", at), len(c) + 2) for c in _COMMANDS]
        found = [(start, length) for start, length in found if start >= 0]
        if not found:
            return
        start, length = min(found)
        stop = _closing(latex, start + length)
        yield start, latex[start + length : stop], stop + 1
        at = stop + 1


def _closing(latex: str, at: int) -> int:
    """The brace that closes the group that begins at ``at``."""
    depth = 0
    while at < len(latex):
        if latex[at] == "\\":
            at += 2
            continue
        if latex[at] == "{":
            depth += 1
        elif latex[at] == "}":
            if depth == 0:
                return at
            depth -= 1
        at += 1
    return at


def _plain(inside: str) -> str:
    """A name as it was before LaTeX's escapes."""
    return _ESCAPED.sub(lambda m: _UNESCAPE[m.group()], inside)


def _put_names(root: ET.Element, names: list[str]) -> None:
    for element in root.iter():
        if element.tag.endswith("mtext") and element.text is not None and element.text.isdigit():
            # Spaces at an end, and several together, would be lost.
            element.text = names[int(element.text)].replace(" ", "\u00a0")


_VIEW_BOX = re.compile(r'viewBox="([-\d.e]+) ([-\d.e]+) ([-\d.e]+) ([-\d.e]+)"')


def _read_svg(svg: str) -> Drawing | None:
    box = _VIEW_BOX.search(svg)
    if box is None:
        return None
    left, top, width, height = (float(v) for v in box.groups())
    inside = svg[svg.index(">") + 1 : svg.rindex("</svg>")] if "</svg>" in svg else ""
    return Drawing(_inked(inside), left, top, width, height)


def _inked(paths: str) -> str:
    """Every colour is the one that is put in later."""
    return re.sub(r'(fill|stroke)="(?!none)[^"]*"', rf'\1="{_INK}"', paths)
