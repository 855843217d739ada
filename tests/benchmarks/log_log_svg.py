"""A log-log line chart as plain SVG text: small panels side by side, one series a line."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]
WIDTH, HEIGHT, LEFT, TOP, BOTTOM, GAP = 250, 220, 62, 34, 46, 78


def panel(
    title: str, x_label: str, y_label: str, series: dict[str, list[tuple[float, float]]], at: float
) -> str:
    """One chart with its axes at decades; ``at`` is its left edge."""
    points = [p for line in series.values() for p in line]
    x0, x1 = _decades([p[0] for p in points])
    y0, y1 = _decades([p[1] for p in points])

    def place(x: float, y: float) -> tuple[float, float]:
        across, up = (log10(x) - x0) / (x1 - x0), (log10(y) - y0) / (y1 - y0)
        return at + LEFT + WIDTH * across, TOP + HEIGHT * (1.0 - up)

    out = [f'<text x="{at + LEFT}" y="{TOP - 14}" font-weight="bold">{escape(title)}</text>']
    for k in range(x0, x1 + 1):
        x, y = place(10.0**k, 10.0**y0)
        out.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{x:.1f}" y="{y + 16:.1f}" text-anchor="middle">{_power(k)}</text>')
    for k in range(y0, y1 + 1):
        x, y = place(10.0**x0, 10.0**k)
        out.append(f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x + WIDTH:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{_power(k)}</text>')
    middle = at + LEFT + WIDTH / 2
    out.append(f'<text x="{middle}" y="{TOP + HEIGHT + 34}" text-anchor="middle">{escape(x_label)}</text>')
    turn = f"translate({at + 12},{TOP + HEIGHT / 2}) rotate(-90)"
    out.append(f'<text transform="{turn}" text-anchor="middle">{escape(y_label)}</text>')
    for number, (name, line) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*p) for p in sorted(line)))
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in (place(*p) for p in line)
        ]
        out.append(
            f'<text x="{at + LEFT + 8}" y="{TOP + 16 + 15 * number}" fill="{colour}">{escape(name)}</text>'
        )
    return "\n".join(out)


def _decades(values: list[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def _power(k: int) -> str:
    # Raised digits as characters: not every viewer shifts the baseline of a tspan.
    return (
        f"{10**k:g}" if -3 <= k <= 3 else "10" + str(k).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    )


def chart(panels: list[tuple[str, str, str, dict[str, list[tuple[float, float]]]]]) -> str:
    """The SVG of panels (title, x label, y label, series)."""
    step = LEFT + WIDTH + GAP - 50
    width, height = step * len(panels) + 20, TOP + HEIGHT + BOTTOM
    body = "\n".join(panel(*p, at=step * k) for k, p in enumerate(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="{width}" height="{height}" fill="white"/>\n{body}\n</svg>\n'
    )
