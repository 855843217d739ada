"""Do 95 % intervals hold the truth in 95 % of simulated tables? Profile, bootstrap and Wald intervals.

    python tests/benchmarks/coverage.py [--tables 1000] [--replicates 400] [--cores 2] [--seed 1]
                                        [--minutes M] [--design NAME ...] [--write]

Tables are simulated from known parameters, fitted by REML, and every interval asked whether it holds the
truth. --write puts the tables into RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from results_file import table, write_section

from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.engine.build import build_design
from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.errors import MmguiError
from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests
from mmgui.inference.intervals import Intervals, intervals
from mmgui.inference.refits.replicates import bare
from mmgui.inference.refits.workers import run
from mmgui.inference.simulation.bootstrap import bootstrap, simulate
from mmgui.spec.formula import parse

LEVEL = 0.95
METHODS = ("profile", "percentile", "basic", "wald")


def with_parameters(fit: Fit, factor: np.ndarray, sigma: float, beta: list[float]) -> Fit:
    """The fit of a model with one term, its parameters replaced by the truth."""
    term = replace(fit.terms[0], relative_factor=factor, covariance=sigma**2 * factor @ factor.T)
    rows, columns = np.triu_indices(len(factor))
    theta = factor[columns, rows]
    return replace(fit, terms=(term,), sigma=sigma, beta=np.array(beta), theta=theta)


def sleepstudy() -> Fit:
    formula = parse("Reaction ~ Days + (Days | Subject)")
    return fit_design(build_design(formula, load_sample("sleepstudy")))


def grouped(groups: int, rows: int, sd: float) -> Fit:
    """``rows`` rows in each of ``groups`` groups, one random intercept, residual SD 1, slope 0.5 of x."""
    generator = np.random.default_rng(0)
    g = np.repeat(np.arange(groups), rows)
    x = np.tile(np.linspace(-1.0, 1.0, rows), groups)
    columns = {"y": generator.standard_normal(g.size), "x": x, "g": g.astype(str)}
    fit = fit_design(build_design(parse("y ~ x + (1 | g)"), from_frame(columns, "table")))
    return with_parameters(fit, np.array([[sd]]), 1.0, [2.0, 0.5])


DESIGNS: dict[str, tuple[str, Callable[[], Fit]]] = {
    "sleepstudy": ("18 subjects, 10 days, intercepts and slopes as in sleepstudy", sleepstudy),
    "few-groups": ("6 groups of 5 rows, SD of groups 0.8 of the residual's", lambda: grouped(6, 5, 0.8)),
    "small-variance": (
        "20 groups of 5 rows, SD of groups 0.2 of the residual's",
        lambda: grouped(20, 5, 0.2),
    ),
}


@dataclass(frozen=True, eq=False)
class Tables:
    """The job: piece k is the k-th table's limits by each method, in the order of METHODS."""

    truth: Fit
    replicates: int
    seed: int

    def prepare(self):
        def one(number: int, should_stop) -> list[np.ndarray] | None:
            sequence = np.random.SeedSequence(self.seed, spawn_key=(number,))
            generator = np.random.default_rng(sequence)
            y = simulate(self.truth, generator)
            own = int(generator.integers(2**32))
            try:
                fit = fit_design(replace(self.truth.design, y=y))
                boot = bootstrap(fit, self.replicates, own, workers=1, should_stop=should_stop)
                found = [
                    intervals(fit, "profile", LEVEL),
                    boot.intervals(LEVEL, "percentile"),
                    boot.intervals(LEVEL, "basic"),
                    intervals(fit, "wald", LEVEL, fixed_effect_tests(fit)),
                ]
            except MmguiError as error:
                if error.code == "stopped":
                    raise
                return None
            return [flattened(i, self.truth) for i in found]

        return one


def flattened(found: Intervals, truth: Fit) -> np.ndarray:
    """(k, 2) limits: standard deviations, correlations, σ, fixed effects."""
    rows = []
    for t, term in enumerate(truth.terms):
        own = found.sd[t]
        rows += [np.full(2, np.nan)] * len(term.effects) if own is None else list(own)
        rows += [np.array(found.correlation[t].get(pair, (np.nan, np.nan))) for pair in term.free_pairs]
    rows.append(np.full(2, np.nan) if found.sigma is None else np.array(found.sigma))
    return np.array([*rows, *found.fixed])


def true_values(truth: Fit) -> tuple[list[str], np.ndarray]:
    names, values = [], []
    for term in truth.terms:
        names += [f"SD of {effect}" for effect in term.effects]
        values += list(term.sd)
        names += [f"correlation of {term.effects[i]} and {term.effects[j]}" for i, j in term.free_pairs]
        values += [float(term.correlation[i, j]) for i, j in term.free_pairs]
    return [*names, "residual SD", *truth.design.fixed_names], np.array([*values, truth.sigma, *truth.beta])


def summary(limits: np.ndarray, values: np.ndarray) -> list[list[str]]:
    """(parameters, methods) coverage in percent; limits (tables, methods, parameters, 2)."""
    known = np.isfinite(limits).all(axis=-1)
    held = (limits[..., 0] <= values + 1e-12) & (values <= limits[..., 1] + 1e-12)
    rows = []
    for k in range(values.size):
        row = []
        for m in range(len(METHODS)):
            exist = known[:, m, k]
            row.append(f"{100 * held[exist, m, k].mean():.1f}" if exist.mean() > 0.5 else "–")
        rows.append(row)
    return rows


def coverage(name: str, options: argparse.Namespace) -> str:
    description, make = DESIGNS[name]
    truth = bare(make())
    began = last = time.monotonic()

    def progress(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > 10.0 or done == total:
            last = time.monotonic()
            sys.stderr.write(f"{name}: {done} of {total} tables, {last - began:.0f} s\n")

    def should_stop() -> bool:
        return bool(options.minutes and time.monotonic() - began > 60.0 * options.minutes)

    job = Tables(truth, options.replicates, options.seed)
    done = run(job, options.tables, workers=options.cores, on_progress=progress, should_stop=should_stop)
    limits = np.array([piece for piece in done.results.values() if piece is not None])
    names, values = true_values(truth)
    rows = [
        [label, f"{value:.3g}", *row]
        for label, value, row in zip(names, values, summary(limits, values), strict=True)
    ]
    body = table(["parameter", "truth", *METHODS], rows)
    failed = len(done.results) - len(limits)
    error = 100.0 * np.sqrt(LEVEL * (1.0 - LEVEL) / len(limits))
    text = (
        f"**{description}**: {len(limits):,} tables{f' ({failed} failed)' if failed else ''}, "
        f"{options.replicates} replicates each; standard error of a share of 95 %: {error:.1f} %.\n\n{body}"
    )
    print(text, flush=True)
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--replicates", type=int, default=400)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0.0, help="for each design; what is done is kept")
    parser.add_argument("--design", choices=list(DESIGNS), action="append")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    texts = [coverage(name, options) for name in options.design or DESIGNS]
    if options.write:
        head = (
            f"Written by `coverage.py --seed {options.seed}`: percent of the 95 % intervals that hold "
            "the truth."
        )
        write_section("coverage", "\n\n".join([head, *texts]))


if __name__ == "__main__":
    main()
