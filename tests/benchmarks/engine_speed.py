"""How fast the engine is, beside lme4 where Rscript and lme4 are installed.

    python tests/benchmarks/engine_speed.py [--lme4] [--large]

--lme4 also times lmer on the same tables (InstEval takes half a minute); --large adds the InstEval model
with random slopes and an interaction.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np

from mmgui import resources
from mmgui.data.samples import load_sample
from mmgui.engine.build import build_design
from mmgui.engine.criterion import Criterion
from mmgui.engine.fit import FitJob, fit, fit_design
from mmgui.engine.optimize import optimise
from mmgui.engine.search import Search
from mmgui.engine.threads import one_blas_thread
from mmgui.spec.formula import parse

CASES = [
    ("sleepstudy", "Reaction ~ Days + (Days | Subject)", True, 200),
    ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", True, 100),
    ("Pastes", "strength ~ 1 + (1 | batch/cask)", True, 100),
    ("Machines", "score ~ Machine + (Machine | Worker)", True, 100),
    ("Hsb82", "mAch ~ cses*sector + meanses + (cses | school)", True, 50),
    ("InstEval", "y ~ service + (1 | s) + (1 | d) + (1 | dept)", False, 3),
]
LARGE = ("InstEval", "y ~ service*lectage + (1 | s) + (1 + service | d) + (1 | dept)", False, 1)


def best(work, repeats):
    """Shortest time of ``repeats`` runs, in milliseconds, after one to warm up."""
    times = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return 1e3 * min(times[1:] or times)


def lme4_milliseconds(key, formula, reml, repeats):
    """lmer's time on the same table, None where it is absent."""
    if shutil.which("Rscript") is None:
        return None
    script = (
        "suppressMessages(library(lme4)); a <- commandArgs(TRUE);"
        "d <- read.csv(a[1], stringsAsFactors = TRUE); d[] <- lapply(names(d), function(k)"
        " if (k %in% c('s', 'd', 'dept', 'Subject', 'school', 'service'))"
        " factor(d[[k]]) else d[[k]]);"
        "f <- as.formula(a[2]); r <- a[3] == 'TRUE'; t <- sapply(seq_len(as.integer(a[4])), function(i)"
        " system.time(lmer(f, d, REML = r))[['elapsed']]); cat(1000 * min(t))"
    )
    path = str(resources.sample_data() / f"{key}.csv")
    arguments = ["Rscript", "-e", script, path, formula, str(reml).upper(), str(repeats)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 and done.stdout else None


def case(key, formula, reml, repeats, with_lme4):
    table = load_sample(key)
    spec = replace(parse(formula), reml=reml)
    design = build_design(spec, table)
    criterion = Criterion(design)
    fitted = fit_design(design)
    with one_blas_thread(), np.errstate(all="ignore"):
        value = best(lambda: criterion.value(fitted.theta), repeats)
        gradient = best(lambda: criterion.value_and_gradient(fitted.theta), repeats)
        search = best(lambda: optimise(Search(criterion)), repeats)
    total = best(lambda: fit(FitJob(spec, table)), repeats)
    print(f"{key}: {formula}{'' if reml else ', ML'}")
    count = len(fitted.log.objective)
    print(f"  table to results {total:9.2f} ms   optimiser {search:9.2f} ms   {count} evaluations")
    print(f"  criterion        {value:9.3f} ms   with gradient {gradient:9.3f} ms")
    if with_lme4:
        theirs = lme4_milliseconds(key, formula, reml, 5 if repeats > 10 else 1)
        print(
            "  lme4 is absent"
            if theirs is None
            else f"  lme4 {theirs:.0f} ms: {theirs / total:.1f} times ours"
        )


def responsiveness():
    """Delays of a 5 ms ticker while InstEval is fitted in a thread, and how soon a stop is answered."""
    job = FitJob(replace(parse(CASES[-1][1]), reml=False), load_sample("InstEval"))
    worker = threading.Thread(target=fit, args=(job, lambda event: None))
    worker.start()
    delays = []
    while worker.is_alive():
        began = time.perf_counter()
        time.sleep(0.005)
        delays.append(1e3 * (time.perf_counter() - began) - 5.0)
    stop = threading.Event()
    worker = threading.Thread(target=fit, args=(job, lambda event: None, stop.is_set))
    worker.start()
    time.sleep(0.5)
    began = time.perf_counter()
    stop.set()
    worker.join()
    answered = 1e3 * (time.perf_counter() - began)
    print("InstEval in a thread")
    print(f"  ticker delay: 99 % {np.percentile(delays, 99):.1f} ms, longest {max(delays):.1f} ms")
    print(f"  stop answered in {answered:.0f} ms")


if __name__ == "__main__":
    for arguments in [*CASES, *([LARGE] if "--large" in sys.argv else [])]:
        case(*arguments, with_lme4="--lme4" in sys.argv)
    responsiveness()
