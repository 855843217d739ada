"""The same model as calls of other programs."""

from __future__ import annotations

from mmgui.spec.formula import print_model
from mmgui.spec.model import ModelSpec


def lme4_code(spec: ModelSpec, file: str) -> str:
    """The call of R's lme4 that fits the model."""
    weights = f", weights = {_r_name(spec.weights)}" if spec.weights else ""
    reml = "TRUE" if spec.reml else "FALSE"
    return (
        "library(lme4)\n"
        f'd <- read.csv("{file}", stringsAsFactors = TRUE, check.names = FALSE)\n'
        f"m <- lmer({print_model(spec)}, data = d, REML = {reml}{weights})\n"
        "summary(m)"
    )


def mmgui_code(spec: ModelSpec, file: str) -> str:
    """The call of mmgui's Python API that fits the model."""
    weights = f", weights={spec.weights!r}" if spec.weights else ""
    return (
        f'import mmgui\n\nm = mmgui.fit({print_model(spec)!r}, "{file}", reml={spec.reml}{weights})\nprint(m)'
    )


def _r_name(column: str) -> str:
    return column if column.isidentifier() else f"`{column}`"
