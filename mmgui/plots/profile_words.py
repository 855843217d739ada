"""Numbers of profiles in words: headlines, tooltips, limits with the digits that matter."""

from __future__ import annotations

import html
import math

import numpy as np

from mmgui.app.theme import Theme
from mmgui.figures.normal import cut
from mmgui.figures.profile import LEVELS, ParameterProfile
from mmgui.numbers import decimal, number
from mmgui.plots.area import span

MAIN = LEVELS.index(0.95)
UNDEFINED = "Not defined: one of the two effects does not vary."


def main_level(levels: tuple[float, ...]) -> float:
    """The level that headlines and the table tell: 95 %, or else the highest shown."""
    return LEVELS[MAIN] if not levels or LEVELS[MAIN] in levels else max(levels)


def x_range(profile: ParameterProfile, level: float = LEVELS[-1], room: float = 0.05) -> tuple[float, float]:
    """What a panel shows: the widest interval, with room; where it has no end, what is known."""
    if not len(profile.values):
        return (-1.0, 1.0)
    k = LEVELS.index(level)
    inside = profile.values[(np.abs(profile.zeta) <= cut(level)) & np.isfinite(profile.values)]
    if not len(inside):
        return (-1.0, 1.0)
    ends = np.array([inside.min(), inside.max(), *profile.limits[k]])
    return span(ends, room)


def headline(
    profile: ParameterProfile, theme: Theme, level: float = LEVELS[MAIN], *, brief: bool = False
) -> tuple[tuple[str, str], ...]:
    """Estimate and interval, with a word where an end of the range is reached; each with its colour."""
    if not len(profile.values):
        return ()
    low, high = profile.interval(level)
    places = decimals(profile, level)
    ends = " to ".join(limit_text(v, places, profile) for v in (low, high))
    of = "" if brief else f"{percent(level)}: "
    text = f"{limit_text(profile.estimate, places, profile)}, {of}{ends}"
    reached = profile.reached(level)
    if not reached:
        return ((text, theme.muted),)
    words = f" · reaches {_whole(reached[0])}" if len(reached) == 1 else " · whole range"
    return ((text, theme.muted), (words, theme.warn))


def percent(level: float) -> str:
    """``95 %``."""
    return f"{100 * level:g} %"


def decimals(profile: ParameterProfile, level: float = LEVELS[MAIN]) -> int:
    """Decimals that show three digits of how wide the interval is."""
    low, high = profile.interval(level)
    wide = high - low if math.isfinite(high - low) else abs(profile.estimate)
    return 2 if not (wide > 0 and math.isfinite(wide)) else min(max(2 - math.floor(math.log10(wide)), 0), 10)


def limit_text(value: float, places: int, profile: ParameterProfile) -> str:
    """A limit; an end of the parameter's range as the whole number it is."""
    if math.isinf(value):
        return number(value)
    return _whole(value) if value in profile.bounds else decimal(value, places)


def _whole(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def tip(profile: ParameterProfile, *, wald: bool = False) -> str:
    """All intervals of a parameter, for the mouse."""
    name = f"<b>{html.escape(profile.title)}</b>"
    if not len(profile.values):
        return f"{name}<br>{UNDEFINED}"
    places = decimals(profile) + 1
    lines = [
        f"{percent(level)}: {limit_text(low, places, profile)} to {limit_text(high, places, profile)}"
        for level, (low, high) in zip(LEVELS, profile.limits.tolist(), strict=True)
    ]
    if wald:
        ends = " to ".join(decimal(v, places) for v in profile.wald())
        known = math.isfinite(profile.se)
        lines.append(f"Wald, 95 %: {ends}" if known else "Wald: none at the end of the range")
    return f"{name}<br>ML estimate {limit_text(profile.estimate, places, profile)}<br>" + "<br>".join(lines)


def wald_words(profiles: tuple[ParameterProfile, ...], level: float) -> str:
    """Why the dashed intervals differ, with the parameter where they differ most."""
    ends = [p for p in profiles if len(p.values) and not math.isfinite(p.se)]
    known = [p for p in profiles if len(p.values) and math.isfinite(p.se)]
    text = "Dashed: Wald, as if the likelihood were a parabola, so symmetric about the estimate."
    if known:
        worst = max(known, key=lambda p: _off(p, level))
        low, high = worst.wald(level)
        beyond = low < worst.bounds[0] or high > worst.bounds[1]
        places = decimals(worst, level)
        wald = f"{decimal(low, places)} to {decimal(high, places)}"
        profile = " to ".join(limit_text(v, places, worst) for v in worst.interval(level))
        why = " and passes the end of its range" if beyond else ""
        if _off(worst, level) > 0.05:
            text += f" For {worst.title} that says {wald}{why}, where the profile says {profile}."
    if ends:
        text += f" {ends[0].title} is at the end of its range, where there is no parabola."
    return text


def _off(profile: ParameterProfile, level: float) -> float:
    """How far the two intervals differ, in standard errors."""
    pairs = zip(profile.wald(level), profile.interval(level), strict=True)
    return max((abs(a - b) / profile.se for a, b in pairs if math.isfinite(b)), default=0.0)
