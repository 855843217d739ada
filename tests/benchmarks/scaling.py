"""How time and memory grow with rows, levels and parameters.

    python tests/benchmarks/scaling.py [--quick]

Each case runs in a process of its own, with one BLAS thread; times are CPU seconds from the table to the
results, memory is the peak of the process, Python and its libraries (about 100 MB) included. Writes the
section "Scaling" of RESULTS.md and scaling.svg. --quick leaves out the cases of more than 200,000 rows
and the largest crossed ones.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from log_log_svg import chart
from results_file import table, write_section

HERE = Path(__file__).parent
STAGES = ["design", "products", "search", "results"]
IN_WORDS = {
    "design": "reading the columns of the table",
    "products": "cross products of the rows",
    "search": "evaluations of the criterion",
    "results": "conditional modes and variances",
}
FAMILIES = {
    "rows": "Rows, 10 a group: `y ~ x + (1 + x \\| g)`",
    "nested": "Nested levels, 200,000 rows: `y ~ x + (1 \\| g/h)`, 10 h in each g",
    "crossed": "Crossed levels, 200,000 rows, every pair can meet: `y ~ x + (1 \\| a) + (1 \\| b)`",
    "sparse": "Crossed levels that meet sparsely, 200,000 rows: each a meets 20 neighbouring b",
    "parameters": "Covariance parameters, 20,000 rows, 200 groups: `y ~ x1 + … + (1 + x1 + … \\| g)`",
}
WHY = {
    "rows": "Linear in rows; memory is the copies of the effect columns and each group's blocks.",
    "nested": "Linear in levels: the chain of nested factors stays block-diagonal. With few levels the rows, "
    "which are touched once, take the time.",
    "crossed": "The smaller factor's block is dense: its levels cubed in time and squared in memory (five "
    "such blocks at once). What does not fit into the memory that is free is refused with its size.",
    "sparse": "The order of elimination keeps zeros, so only the dense core is cubed; the block itself is "
    "still stored densely.",
    "parameters": "The number of evaluations grows with the parameters, each evaluation with effects squared "
    "to cubed.",
}


@dataclass(frozen=True)
class Case:
    """A family, the size along its axis, and what it is called in the table."""

    family: str
    size: int
    other: int = 0

    @property
    def label(self) -> str:
        return f"{self.size:,} × {self.other:,}" if self.other else f"{self.size:,}"

    @property
    def large(self) -> bool:
        return (self.family == "rows" and self.size > 200_000) or self.other >= 2000


CASES = [
    *[Case("rows", n) for n in (1_000, 10_000, 100_000, 1_000_000)],
    *[Case("nested", n) for n in (10, 100, 1_000, 10_000, 100_000)],
    *[Case("crossed", a, b) for a, b in ((50, 20), (500, 200), (2_000, 800), (5_000, 2_000))],
    *[Case("sparse", a, b) for a, b in ((500, 200), (2_000, 800), (5_000, 2_000), (10_000, 4_000))],
    *[Case("parameters", s) for s in (1, 3, 6, 10, 15, 21, 28, 36)],
]


def simulated(case: Case):
    """A table with the family's structure, and its formula."""
    import numpy as np

    from mmgui.data.frame import from_frame

    rng = np.random.default_rng(case.size + case.other)
    n = {"rows": case.size, "parameters": 20_000}.get(case.family, 200_000)
    x = rng.normal(size=n)
    columns = {"x": x}
    y = 10.0 + x + rng.normal(size=n)
    if case.family == "rows":
        g = rng.permutation(n) // 10
        columns["g"] = g
        y += rng.normal(size=n // 10)[g] + 0.5 * rng.normal(size=n // 10)[g] * x
        formula = "y ~ x + (1 + x | g)"
    elif case.family == "nested":
        h = rng.permutation(n) % case.size
        columns |= {"g": h // 10 if case.size > 10 else h // 5, "h": h}
        y += rng.normal(size=case.size)[h] + rng.normal(size=case.size)[columns["g"]]
        formula = "y ~ x + (1 | g/h)"
    elif case.family == "parameters":
        s = round((2 * case.size + 0.25) ** 0.5 - 0.5)
        g = rng.permutation(n) % 200
        names = [f"x{k}" for k in range(1, s)]
        columns = {"g": g} | {name: rng.normal(size=n) for name in names}
        y = rng.normal(size=n) + rng.normal(size=200)[g]
        for name in names:
            y += 0.5 * rng.normal(size=200)[g] * columns[name]
        effects = " + ".join(["1", *names])
        formula = f"y ~ {effects} + ({effects} | g)"
    else:
        a = rng.permutation(n) % case.size
        if case.family == "crossed":
            b = rng.integers(0, case.other, n)
        else:
            near = a * case.other // case.size + rng.integers(0, 20, n)
            b = rng.permutation(case.other)[near % case.other]
        columns |= {"a": a, "b": b}
        y += rng.normal(size=case.size)[a] + rng.normal(size=case.other)[b]
        formula = "y ~ x + (1 | a) + (1 | b)"
    return from_frame({"y": y, **columns}, "simulated"), formula


def forget_peak() -> None:
    """Let the peak of memory begin anew, where the system can (Linux): the table was made before."""
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")


def measured(case: Case) -> dict[str, float]:
    """CPU seconds of each stage, evaluations, and the process's peak of memory, in MB."""
    import resource

    import numpy as np

    from mmgui.engine.build import build_design
    from mmgui.engine.criterion import Criterion
    from mmgui.engine.optimize import optimise
    from mmgui.engine.search import Search
    from mmgui.engine.threads import one_blas_thread
    from mmgui.spec.formula import parse

    data, formula = simulated(case)
    forget_peak()
    times = [time.process_time()]
    with one_blas_thread(), np.errstate(all="ignore"):
        design = build_design(parse(formula), data)
        times.append(time.process_time())
        criterion = Criterion(design)
        times.append(time.process_time())
        search = Search(criterion)
        optimum = optimise(search)
        times.append(time.process_time())
        criterion.solution_at(optimum.flat)
        times.append(time.process_time())
    unit = 1.0 if sys.platform == "darwin" else 1024.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    out = dict(zip(STAGES, np.diff(times).tolist(), strict=True))
    return out | {
        "seconds": times[-1] - times[0],
        "megabytes": peak / 1e6,
        "evaluations": search.count,
        "converged": float(optimum.convergence.converged),
        "rows": design.nobs,
    }


def in_child(case: Case) -> dict[str, float] | None:
    """The case measured in a process of its own; None, and why, where that fails."""
    arguments = [sys.executable, __file__, "--case", case.family, str(case.size), str(case.other)]
    single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=os.environ | single)
    if done.returncode:
        print(f"{case.family} {case.label}: {done.stderr.strip().splitlines()[-1:]}")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def section(found: list[tuple[Case, dict[str, float]]]) -> str:
    """The section's text."""
    head = (
        "Written by `scaling.py`: CPU seconds on one thread from the table to the results; memory is the "
        "peak of the whole process, of which Python and its libraries are about 100 MB.\n"
    )
    parts = [head]
    for family, title in FAMILIES.items():
        rows = [
            [
                case.label, f"{m['seconds']:.3g}", f"{m['megabytes']:.0f}", f"{m['evaluations']:.0f}",
                *[f"{m[s]:.2g}" for s in STAGES], IN_WORDS[max(STAGES, key=lambda s: m[s])],
                "yes" if m["converged"] else "no",
            ]
            for case, m in found
            if case.family == family
        ]  # fmt: skip
        header = ["size", "seconds", "peak MB", "evaluations", *STAGES, "most time in", "converged"]
        if rows:
            parts.append(f"**{title}.** {WHY[family]}\n\n{table(header, rows)}\n")
    parts.append("![Seconds and peak memory, log-log](scaling.svg)")
    return "\n".join(parts)


def picture(found: list[tuple[Case, dict[str, float]]]) -> str:
    """Seconds by rows, by levels, by parameters; memory by levels."""

    def line(family: str, what: str) -> list[tuple[float, float]]:
        return [(case.size, max(m[what], 1e-3)) for case, m in found if case.family == family]

    levels = {"nested": "nested", "crossed": "crossed", "crossed, sparse": "sparse"}

    def by_level(what: str) -> dict[str, list[tuple[float, float]]]:
        return {name: line(family, what) for name, family in levels.items() if line(family, what)}

    panels = [
        ("Rows", "rows", "seconds", {"slope by group": line("rows", "seconds")}),
        ("Levels", "levels of the larger factor", "seconds", by_level("seconds")),
        ("Levels", "levels of the larger factor", "peak MB", by_level("megabytes")),
        ("Parameters", "covariance parameters", "seconds", {"one factor": line("parameters", "seconds")}),
    ]
    return chart([p for p in panels if any(p[3].values())])


def main() -> None:
    found = []
    for case in CASES:
        if "--quick" in sys.argv and case.large:
            continue
        m = in_child(case)
        if m is not None:
            found.append((case, m))
            print(
                f"{case.family:11s}{case.label:>16s}{m['seconds']:10.3f} s{m['megabytes']:9.0f} MB",
                flush=True,
            )
    write_section("scaling", section(found))
    (HERE / "scaling.svg").write_text(picture(found), encoding="utf-8")


if __name__ == "__main__":
    if "--case" in sys.argv:
        family, size, other = sys.argv[sys.argv.index("--case") + 1 :]
        print(json.dumps(measured(Case(family, int(size), int(other)))))
    else:
        main()
