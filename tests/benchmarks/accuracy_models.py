"""The models that accuracy is judged on, besides the 47 reference fits: tables, formulas, simulations."""

from __future__ import annotations

import numpy as np
import pandas as pd

# (table, formula, REML); a table is one of sample_data/ or of ``simulated`` below.
MODELS: list[tuple[str, str, bool]] = [
    ("sleepstudy", "Reaction ~ Days + (Days || Subject)", True),
    ("sleepstudy", "Reaction ~ Days + (Days || Subject)", False),
    ("sleepstudy", "Reaction ~ 1 + (Days | Subject)", True),
    ("sleepstudy", "Reaction ~ Days + I(Days^2) + (1 | Subject)", True),
    ("sleepstudy", "Reaction ~ Days + I(Days^2) + (Days + I(Days^2) || Subject)", True),
    ("sleepstudy", "Reaction ~ Days + I(Days^2) + (Days + I(Days^2) | Subject)", False),
    ("sleepstudy", "log(Reaction) ~ Days + (Days | Subject)", True),
    ("sleepstudy", "Reaction ~ I(1000 * Days) + (I(1000 * Days) | Subject)", True),
    ("sleepstudy", "Reaction ~ I(Days + 2000) + (I(Days + 2000) | Subject)", True),
    ("sleepstudy", "Reaction ~ I(Days + 2000) + (I(Days + 2000) || Subject)", True),
    ("sleepstudy", "Reaction ~ poly(Days, 3) + (poly(Days, 3) | Subject)", True),
    ("sleepstudy", "Reaction ~ 0 + Days + (0 + Days | Subject)", False),
    ("Dyestuff", "Yield ~ 1 + (1 | Batch)", False),
    ("Dyestuff2", "Yield ~ 1 + (1 | Batch)", False),
    ("Penicillin", "diameter ~ 1 + (1 | plate)", True),
    ("Penicillin", "diameter ~ 1 + (1 | sample)", True),
    ("Penicillin", "diameter ~ sample + (1 | plate)", True),
    ("Penicillin", "diameter ~ plate + (1 | sample)", False),
    ("Pastes", "strength ~ 1 + (1 | batch)", True),
    ("Pastes", "strength ~ 1 + (1 | batch) + (1 | sample)", True),
    ("Pastes", "strength ~ cask + (1 | batch) + (1 | batch:cask)", True),
    ("cake", "angle ~ recipe + temp + (1 | recipe:replicate)", True),
    ("cake", "angle ~ temp + (temp | recipe:replicate)", True),
    ("cake", "angle ~ temp + I(temp^2) + (temp | replicate)", True),
    ("cake", "angle ~ recipe * temp + (recipe | replicate)", True),
    ("cake", "angle ~ recipe + temp + (0 + recipe | replicate)", False),
    ("Machines", "score ~ Machine + (1 | Worker)", True),
    ("Machines", "score ~ Machine + (Machine || Worker)", True),
    ("Machines", "score ~ 0 + Machine + (1 | Worker) + (1 | Worker:Machine)", True),
    ("Machines", "score ~ 1 + (1 | Worker) + (1 | Machine)", True),
    ("Oats", "yield ~ nitro + (1 | Block)", True),
    ("Oats", "yield ~ nitro + (nitro | Block)", True),
    ("Oats", "yield ~ nitro + (nitro || Block)", True),
    ("Oats", "yield ~ nitro + Variety + (Variety | Block)", True),
    ("Oats", "yield ~ nitro + I(nitro^2) + (1 | Block/Variety)", True),
    ("Orthodont", "distance ~ age + (age | Subject)", True),
    ("Orthodont", "distance ~ age + (age || Subject)", True),
    ("Orthodont", "distance ~ age * Sex + (1 | Subject)", True),
    ("Orthodont", "distance ~ I(age - 11) * Sex + (I(age - 11) | Subject)", True),
    ("Orthodont", "distance ~ age + Sex + (0 + age | Subject)", False),
    ("Rail", "travel ~ 1 + (1 | Rail)", False),
    ("ergoStool", "effort ~ Type + (1 | Subject)", False),
    ("ergoStool", "effort ~ 1 + (1 | Subject) + (1 | Type)", True),
    ("Hsb82", "mAch ~ 1 + (1 | school)", True),
    ("Hsb82", "mAch ~ cses + (cses | school)", True),
    ("Hsb82", "mAch ~ cses + meanses + (cses + minrty | school)", True),
    ("Hsb82", "mAch ~ ses * sx + (ses + sx | school)", True),
    ("Hsb82", "mAch ~ cses + minrty + (cses || school) + (1 | sector)", False),
    ("sim_subjects_items", "rt ~ cond + (1 | subj) + (1 | item)", True),
    ("sim_subjects_items", "rt ~ cond + (cond | subj) + (cond | item)", True),
    ("sim_subjects_items", "rt ~ cond + (cond || subj) + (cond || item)", True),
    ("sim_subjects_items", "rt ~ cond + (cond | subj) + (1 | item)", False),
    ("sim_within_between", "y ~ x + (1 | g)", True),
    ("sim_within_between", "y ~ x + (x | g)", True),
    ("sim_within_subject_factors", "y ~ A * B + (1 | Subj)", True),
    ("sim_within_subject_factors", "y ~ A * B + (1 | Subj) + (1 | Subj:A) + (1 | Subj:B)", True),
    ("sim_within_subject_factors", "y ~ A * B + (A + B | Subj)", True),
    ("sim_within_subject_factors", "y ~ A * B * C + (A * B | Subj)", True),
    ("sim_within_subject_factors", "y ~ rating + (rating | Subj)", True),
    ("sim_plots_treatments", "y ~ ttt + (ttt | plot)", True),
    ("sim_hidden_singular", "y ~ x1 + x2 + (x1 + x2 | g)", True),
    ("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 || g)", True),
    ("nested", "y ~ x + (1 | a/b)", True),
    ("nested", "y ~ x + (x | a) + (1 | a:b)", True),
    ("nested", "y ~ x + (x | a/b)", False),
    ("crossed", "y ~ x + (1 | a) + (1 | b)", True),
    ("crossed", "y ~ x + (x | a) + (x | b)", True),
    ("crossed", "y ~ f + (f | a) + (1 | b)", True),
    ("crossed", "y ~ f * x + (f + x | a) + (x || b)", False),
    ("scales", "y ~ small + big + (small | g)", True),
    ("scales", "y ~ small + big + (big | g)", True),
    ("scales", "y ~ small + big + (small + big | g)", True),
    ("scales", "y ~ far + (far | g)", True),
    ("scales", "y ~ days + I(days^2) + (days + I(days^2) | g)", True),
    ("unbalanced", "y ~ x + (x | g)", True),
    ("unbalanced", "y ~ x + (x | g)", False),
    ("unbalanced", "y ~ x + (1 | g) + (1 | h)", True),
    ("zero", "y ~ x + (x | g)", True),
    ("zero", "y ~ x + (1 | g) + (1 | h)", True),
    ("zero", "y ~ f + (f | g)", True),
]

# Why some of them differ, found by fitting the same model in other units or with dense matrices.
NOTES = {
    "Reaction ~ Days + (Days||Subject)": "The R package performance counts the intercept alone of ||",
    "score ~ Machine + (0+Machine|Worker)": "The R package performance takes the columns of X for Z",
    "Reaction ~ Days + I(Days^2) + (Days + I(Days^2)|Subject)": (
        "Every subject has the same days, so all df are 17: ours are, lmerTest differentiates in these units"
    ),
    "Reaction ~ I(Days + 2000) + (I(Days + 2000) | Subject)": (
        "The same model as with Days, where all df are 17 by both methods: ours are; lme4's of the slope are "
        "157 (Satterthwaite) and 7e11 (Kenward–Roger)"
    ),
    "y ~ small + big + (small | g)": "Our df are those with both in units of one, there also lme4's",
    "y ~ small + big + (big | g)": "Our df are those with both in units of one, there also lme4's",
    "y ~ small + big + (small + big | g)": "Our df are those with both in units of one, there also lme4's",
    "y ~ far + (far | g)": (
        "With far - 2000 for far lme4's df of the slope are 59.7 and 15.2, as ours in both; with far lme4's "
        "are 229"
    ),
    "score ~ Machine + (Machine || Worker)": (
        "The intercept's variance and those of the three machines trade off; both points are optima"
    ),
}


def simulated(name: str) -> pd.DataFrame:
    """A table by name, the same every time."""
    return {
        "nested": _nested,
        "crossed": _crossed,
        "scales": _scales,
        "unbalanced": _unbalanced,
        "zero": _zero,
    }[name]()


SIMULATED = ("nested", "crossed", "scales", "unbalanced", "zero")


def _labels(prefix: str, codes: np.ndarray) -> np.ndarray:
    return np.array([f"{prefix}{k:02d}" for k in codes])


def _nested() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    a = np.repeat(np.arange(12), 20)
    b = np.tile(np.repeat(np.arange(4), 5), 12)
    x = rng.normal(size=240)
    y = 5 + x * (1 + 0.6 * rng.normal(size=12)[a]) + 1.5 * rng.normal(size=12)[a]
    y += 0.8 * rng.normal(size=48)[a * 4 + b] + rng.normal(size=240)
    return pd.DataFrame({"y": y, "x": x, "a": _labels("a", a), "b": _labels("b", b)})


def _crossed() -> pd.DataFrame:
    rng = np.random.default_rng(12)
    a, b = np.divmod(np.arange(480), 20)
    x = rng.normal(size=480)
    f = rng.integers(0, 3, 480)
    y = 10 + 0.5 * x + np.array([0.0, 1.0, -1.0])[f] + rng.normal(size=24)[a] + 0.7 * rng.normal(size=20)[b]
    y += 0.4 * x * rng.normal(size=24)[a] + rng.normal(size=480)
    return pd.DataFrame({"y": y, "x": x, "f": _labels("f", f), "a": _labels("a", a), "b": _labels("b", b)})


def _scales() -> pd.DataFrame:
    rng = np.random.default_rng(13)
    g = np.repeat(np.arange(20), 12)
    small, big = 1e-4 * rng.normal(size=240), 1e5 * rng.normal(size=240)
    far, days = 2000 + rng.normal(size=240), 100.0 * np.tile(np.arange(12), 20)
    y = 50 + 2e4 * small + 1e-5 * big + 3 * (far - 2000) + 0.01 * days + 2 * rng.normal(size=20)[g]
    y += 1e4 * small * rng.normal(size=20)[g] + 1e-5 * big * rng.normal(size=20)[g]
    y += 0.004 * days * rng.normal(size=20)[g] + rng.normal(size=240)
    return pd.DataFrame({"y": y, "small": small, "big": big, "far": far, "days": days, "g": _labels("g", g)})


def _unbalanced() -> pd.DataFrame:
    rng = np.random.default_rng(14)
    g = np.repeat(np.arange(30), np.r_[np.ones(10), np.full(10, 3), np.full(10, 12)].astype(int))
    n = g.size
    x, h = rng.normal(size=n), rng.integers(0, 6, n)
    y = 1 + x * (0.5 + 0.5 * rng.normal(size=30)[g]) + rng.normal(size=30)[g] + 0.3 * rng.normal(size=6)[h]
    return pd.DataFrame({"y": y + rng.normal(size=n), "x": x, "g": _labels("g", g), "h": _labels("h", h)})


def _zero() -> pd.DataFrame:
    rng = np.random.default_rng(15)
    g, h = np.divmod(np.arange(120), 10)
    x, f = rng.normal(size=120), rng.integers(0, 3, 120)
    return pd.DataFrame(
        {
            "y": 3 + x + rng.normal(size=120),
            "x": x,
            "f": _labels("f", f),
            "g": _labels("g", g),
            "h": _labels("h", h),
        }
    )
