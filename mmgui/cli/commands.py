"""Which function carries out which command."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from mmgui.cli.answer import Answer
from mmgui.cli.effects import run_anova, run_contrast, run_means, run_slopes
from mmgui.cli.fitting import run_compare, run_fit
from mmgui.cli.inference import (
    run_bootstrap,
    run_components,
    run_explain,
    run_icc,
    run_identify,
    run_influence,
    run_predict,
    run_profile,
    run_ranova,
    run_residuals,
    run_simulate,
)
from mmgui.cli.pages import run_picture, run_report
from mmgui.cli.rules import run_rules
from mmgui.cli.suggest import run_suggest
from mmgui.cli.tables import run_advise, run_describe

RUN: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "fit": run_fit,
    "compare": run_compare,
    "describe": run_describe,
    "advise": run_advise,
    "report": run_report,
    "picture": run_picture,
    "identify": run_identify,
    "explain": run_explain,
    "icc": run_icc,
    "components": run_components,
    "ranova": run_ranova,
    "profile": run_profile,
    "bootstrap": run_bootstrap,
    "residuals": run_residuals,
    "influence": run_influence,
    "predict": run_predict,
    "simulate": run_simulate,
    "anova": run_anova,
    "contrast": run_contrast,
    "means": run_means,
    "slopes": run_slopes,
    "rules": run_rules,
    "suggest": run_suggest,
}
