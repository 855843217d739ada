"""Other programs fitting the same model on the same table, each in a process of its own.

A peer that is not installed, or cannot express the model, says so instead of a time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 1800
SINGLE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

LME4 = """
suppressMessages(library(lme4)); a <- commandArgs(TRUE); d <- read.csv(a[1])
for (k in strsplit(a[5], ",")[[1]]) d[[k]] <- factor(d[[k]])
f <- as.formula(a[2]); r <- a[3] == "TRUE"; t <- c()
for (i in seq_len(as.integer(a[4]))) {
  s <- system.time(suppressWarnings(m <- lmer(f, d, REML = r))); t <- c(t, s[["user.self"]] + s[["sys.self"]])
}
cat(sprintf('{"seconds": [%s], "criterion": %.8f, "version": "%s"}', paste(t, collapse = ","),
  if (r) REMLcrit(m) else deviance(m), as.character(packageVersion("lme4"))))
"""

GPBOOST = """
import json, sys, time
import gpboost, numpy as np, pandas as pd
path, model, repeats = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
d = pd.read_csv(path)
x = np.column_stack([np.ones(len(d))] + [d[k] for k in model["fixed"]])
groups = np.column_stack([d[k].astype(str) for k in model["groups"]])
seconds = []
for _ in range(repeats):
    began = time.process_time()
    m = gpboost.GPModel(group_data=groups, likelihood="gaussian")
    m.fit(y=d[model["response"]].to_numpy(dtype=float), X=x)
    seconds.append(time.process_time() - began)
value = 2.0 * m.get_current_neg_log_likelihood()
print(json.dumps({"seconds": seconds, "criterion": float(value), "version": gpboost.__version__}))
"""

STATSMODELS = """
import json, sys, time, warnings
import pandas as pd, statsmodels
from statsmodels.regression.mixed_linear_model import MixedLM
warnings.simplefilter("ignore")
path, model, repeats, reml = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "TRUE"
d = pd.read_csv(path)
seconds = []
for _ in range(repeats):
    began = time.process_time()
    m = MixedLM.from_formula(model["formula"], d, groups=model["groups"], re_formula=model["effects"],
                             vc_formula=model.get("parts")).fit(reml=reml)
    seconds.append(time.process_time() - began)
print(json.dumps({"seconds": seconds, "criterion": -2.0 * float(m.llf), "version": statsmodels.__version__}))
"""


@dataclass(frozen=True)
class Task:
    """A model for everyone: R's formula, and what GPBoost and statsmodels need, or why they cannot.

    Attributes
    ----------
    key, formula, reml
        The table's name; the model; REML or ML.
    factors
        Columns that are labels.
    repeats
        Runs of ours and of peers; the median counts.
    gpboost, statsmodels
        What the peer's script reads, or a sentence why it is left out.
    """

    key: str
    formula: str
    reml: bool
    factors: tuple[str, ...]
    repeats: tuple[int, int]
    gpboost: dict[str, object] | str
    statsmodels: dict[str, object] | str


@dataclass(frozen=True)
class Time:
    """A peer's CPU seconds and criterion, or why there are none."""

    seconds: tuple[float, ...] = ()
    criterion: float = float("nan")
    version: str = ""
    absent: str = field(default="")


def lme4(task: Task, path: Path) -> Time:
    """lmer through Rscript."""
    if shutil.which("Rscript") is None:
        return Time(absent="Rscript is not installed")
    arguments = [
        str(path),
        task.formula,
        str(task.reml).upper(),
        str(task.repeats[1]),
        ",".join(task.factors),
    ]
    return _run(["Rscript", "-e", LME4, *arguments])


def gpboost(task: Task, path: Path, python: str) -> Time:
    """GPBoost, which maximises the likelihood; where the task is REML the criteria differ."""
    if isinstance(task.gpboost, str):
        return Time(absent=task.gpboost)
    return _run([python, "-c", GPBOOST, str(path), json.dumps(task.gpboost), str(task.repeats[1])])


def statsmodels(task: Task, path: Path) -> Time:
    """MixedLM of the interpreter that runs the benchmark."""
    if isinstance(task.statsmodels, str):
        return Time(absent=task.statsmodels)
    arguments = [str(path), json.dumps(task.statsmodels), str(task.repeats[1]), str(task.reml).upper()]
    return _run([sys.executable, "-c", STATSMODELS, *arguments])


def _run(command: list[str]) -> Time:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=os.environ | SINGLE, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return Time(absent=f"not done after {PATIENCE // 60} minutes")
    except OSError as error:
        return Time(absent=f"cannot be started ({error.strerror})")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        missing = "No module named" in last or "there is no package" in done.stderr
        return Time(absent="not installed" if missing else f"failed: {last[:80]}")
    found = json.loads(done.stdout.splitlines()[-1])
    return Time(tuple(found["seconds"]), found["criterion"], found["version"])
