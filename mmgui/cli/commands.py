"""Which function carries out which command."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from mmgui.cli.answer import Answer
from mmgui.cli.fitting import run_compare, run_fit
from mmgui.cli.pages import run_picture, run_report
from mmgui.cli.tables import run_advise, run_describe

RUN: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "fit": run_fit,
    "compare": run_compare,
    "describe": run_describe,
    "advise": run_advise,
    "report": run_report,
    "picture": run_picture,
}
