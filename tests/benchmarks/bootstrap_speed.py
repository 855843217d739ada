"""How fast parametric bootstraps are: refits on one core and two, pairs of models, beside lme4's refit.

    python tests/benchmarks/bootstrap_speed.py [--refits 1000] [--runs 5] [--lme4] [--write]

Every figure is the median of several interleaved runs. Work on one core is measured in CPU seconds, so that
the ratios hold on a busy machine too; work in processes can only be measured by the clock. --lme4 times
bootMer (100 simulations, scaled) through Rscript where it is installed; --write puts the tables into
RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import time
from dataclasses import replace

import numpy as np
from results_file import table, write_section

from mmgui import resources
from mmgui.data.samples import load_sample
from mmgui.engine.build import build_design
from mmgui.engine.fit import fit_design
from mmgui.engine.refit import Refitter
from mmgui.engine.threads import one_blas_thread
from mmgui.inference.comparison.exact_rlrt import exact_lrt
from mmgui.inference.refits.workers import cores
from mmgui.inference.simulation.bootstrap import bootstrap, bootstrap_test, simulate
from mmgui.spec.formula import parse

MODELS = [
    ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
    ("sleepstudy", "Reaction ~ Days + (Days || Subject)"),
    ("Dyestuff", "Yield ~ 1 + (1 | Batch)"),
    ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
    ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
    ("Machines", "score ~ Machine + (Machine | Worker)"),
]
LME4_REFITS = 100


def fitted(key: str, formula: str, reml: bool = True):
    return fit_design(build_design(replace(parse(formula), reml=reml), load_sample(key)))


def clock_seconds(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def cpu_seconds(work) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def refits(fit, count: int) -> None:
    """What the goal is about: simulate, refit, one core."""
    refitter, generator = Refitter(fit), np.random.default_rng(1)
    with one_blas_thread():
        for _ in range(count):
            refitter.refit(simulate(fit, generator))


def from_the_start(fit, count: int) -> None:
    """The same without any of it: a fit of each response."""
    generator = np.random.default_rng(1)
    for _ in range(count):
        fit_design(replace(fit.design, y=simulate(fit, generator)))


def lme4_seconds(key: str, formula: str) -> float | None:
    """bootMer's CPU seconds for one refit, None where it is absent."""
    if shutil.which("Rscript") is None:
        return None
    script = (
        "suppressMessages(library(lme4)); a <- commandArgs(TRUE);"
        "d <- read.csv(a[1], stringsAsFactors = TRUE);"
        "for (k in intersect(names(d), c('Subject', 'Batch', 'Worker', 'plate', 'sample')))"
        " d[[k]] <- factor(d[[k]]);"
        "m <- lmer(as.formula(a[2]), d); n <- as.integer(a[3]);"
        "t <- system.time(suppressMessages(suppressWarnings(bootMer(m, function(x)"
        " c(fixef(x), getME(x, 'theta'), sigma(x)), nsim = n))));"
        "cat((t[['user.self']] + t[['sys.self']]) / n)"
    )
    path = str(resources.sample_data() / f"{key}.csv")
    arguments = ["Rscript", "-e", script, path, formula, str(LME4_REFITS)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 and done.stdout else None


def refit_table(count: int, runs: int, with_lme4: bool) -> str:
    rows = []
    for key, formula in MODELS:
        fit = fitted(key, formula)
        part = max(count // 20, 1)
        ours, full, theirs = [], [], []
        for _ in range(runs):
            ours.append(cpu_seconds(lambda fit=fit: refits(fit, count)))
            full.append(cpu_seconds(lambda fit=fit, part=part: from_the_start(fit, part)) * count / part)
            if with_lme4 and (each := lme4_seconds(key, formula)) is not None:
                theirs.append(each * count)
        mine, start = statistics.median(ours), statistics.median(full)
        model = f"{key}: `{formula}`".replace("|", "\\|")
        row = [model, f"{mine:.2f}", f"{start:.2f}", f"{start / mine:.1f}", "–", "–"]
        if theirs:
            row[4:] = [f"{statistics.median(theirs):.1f}", f"{statistics.median(theirs) / mine:.0f}"]
        rows.append(row)
        print("  ".join(row), flush=True)
    return table(["model", "refits", "fits from the start", "ratio", "lme4's bootMer", "ratio"], rows)


def work_table(count: int, runs: int) -> str:
    """Whole jobs with the default arguments, and on a given number of processes."""
    ris = fitted("sleepstudy", MODELS[0][1])
    ri_ml = fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)", False)
    ris_ml = fitted("sleepstudy", MODELS[0][1], False)
    none, batch = fitted("Dyestuff", "Yield ~ 1"), fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)")
    many = 2 * count

    def test(workers: int) -> None:
        bootstrap_test(ri_ml, ris_ml, count, 1, workers=workers)

    jobs = {
        f"bootstrap, {many:,} of sleepstudy, one process": lambda: bootstrap(ris, many, 1, workers=1),
        f"bootstrap, {many:,} of sleepstudy, two processes": lambda: bootstrap(ris, many, 1, workers=2),
        f"bootstrap, {many:,} of sleepstudy, as it chooses": lambda: bootstrap(ris, many, 1),
        "bootstrap, 20 of sleepstudy, two processes (their start)": lambda: bootstrap(ris, 20, 1, workers=2),
        f"bootstrap_test, {count:,} pairs, one process": lambda: test(1),
        f"bootstrap_test, {count:,} pairs, two processes": lambda: test(2),
        "exact_lrt, 10,000 of Dyestuff": lambda: exact_lrt(none, batch, 10_000, 1),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    loads = []
    for _ in range(runs):
        for name, job in jobs.items():
            loads.append(os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan"))
            times[name].append(clock_seconds(job))
    rows = [[name, f"{statistics.median(taken):.2f}"] for name, taken in times.items()]
    print("\n".join("  ".join(row) for row in rows), flush=True)
    load = f"The machine's load was {statistics.median(loads):.1f} on {cores()} cores, this work included."
    return f"{table(['job', 'seconds by the clock'], rows)}\n\n{load}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refits", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--lme4", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    first = refit_table(options.refits, options.runs, options.lme4)
    if options.lme4 and shutil.which("Rscript") is None:
        print("lme4 is absent")
    second = work_table(options.refits, options.runs)
    if options.write:
        head = (
            f"Written by `bootstrap_speed.py`: medians of {options.runs} runs. CPU seconds on one thread for "
            f"{options.refits:,} simulated responses and their refits:"
        )
        write_section("bootstrap", f"{head}\n\n{first}\n\n{second}")


if __name__ == "__main__":
    main()
