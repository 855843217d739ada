"""Every entry of the reference ``teaching.json`` beside the same quantity of mmgui.

    python tests/benchmarks/teaching.py [--reference PATH] [--print]

The reference was computed by lme4 1.1-31, lmerTest, pbkrtest, RLRsim and performance. Everything in it is
either compared, pointed to where it is compared, or listed at the end with the reason why it is not. The
result goes to the section "Teaching" of RESULTS.md, with --print to the screen alone. Takes some minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from results_file import RESULTS, table, write_section
from teaching_identifiability import certificates
from teaching_rows import DIFFERENT, ERRORS, FLOOR, MONTE_CARLO, SAME, TOLERANCE, Ledger, Row
from teaching_samples import published
from teaching_simulated import simulated
from teaching_sleepstudy import sleepstudy

REPOSITORY = Path(__file__).resolve().parents[2]
REFERENCE = REPOSITORY.parent / "shared" / "reference" / "teaching.json"
SECTION = "teaching"
# More paths than this are not written out.
MANY = 12
HEADER = ["section", "quantity", "figures", "largest absolute", "largest relative", "verdict"]


def run(ledger: Ledger) -> None:
    """Walk the reference."""
    ledger.skip("meta", "versions of R and its packages")
    ledger.skip("lme4_messages", "compared by `lme4_messages.py`, which writes LME4_MESSAGES.md")
    parts: tuple[Callable[[Ledger], None], ...] = (sleepstudy, published, simulated, certificates)
    for part in parts:
        start = time.perf_counter()
        part(ledger)
        print(f"{part.__name__}: {time.perf_counter() - start:.0f} s", file=sys.stderr)


def report(ledger: Ledger) -> str:
    """The section as Markdown."""
    parts = [
        summary(ledger),
        table(HEADER, [cells(*group) for group in grouped(ledger)]),
        "**Not compared:**\n\n" + "\n".join(not_compared(ledger)),
    ]
    return "\n\n".join(parts)


def summary(ledger: Ledger) -> str:
    """What was compared with what, and how it came out."""
    versions = ", ".join(f"{name} {version}" for name, version in ledger.peek("meta").items() if name != "R")
    leaves = list(ledger.leaves())
    compared = len(leaves) - len(left_out(ledger, leaves)) - len(ledger.missed())
    simulated = sum(r.figures - r.beyond for r in ledger.rows if r.verdict == MONTE_CARLO)
    figures, beyond = (sum(getattr(r, what) for r in ledger.rows) for what in ("figures", "beyond"))
    unexplained = sum(r.beyond for r in ledger.rows if "UNEXPLAINED" in r.reason)
    ranks = [r for r in ledger.rows if (r.section, r.quantity) == ("identifiability", "rank")]
    same_ranks = sum(r.verdict == SAME for r in ranks)
    found = (
        f"By `teaching.py`, against the reference by {versions}. Of its {len(leaves):,} entries "
        f"{compared:,} are compared, the others listed below. {figures:,} comparisons of figures: "
        f"{figures - beyond - simulated:,} the same, {simulated:,} within Monte-Carlo error, {beyond:,} "
        f"different, {unexplained or 'none'} of them without a known reason. Identifiability: {same_ranks} "
        f"of {len(ranks)}. {' '.join(ledger.remarks)}"
    )
    rules = (
        f"*The same* is a relative difference up to {TOLERANCE:g}. Figures below {FLOOR:g} of the largest "
        "beside them are related to that; differences of log-likelihoods and ζ, which can be 0, to 1; "
        f"p-values below 1e-12 to that. Simulated figures may be {ERRORS:g} standard errors (SE) of the "
        "difference apart. Fits are also compared at lme4's θ: where that row is the same, a difference of "
        "the fits comes from where the two optimisers stopped, and its criterion says which of them is lower."
    )
    return f"{found}\n\n{rules}"


def grouped(ledger: Ledger) -> Iterable[tuple[str, str, list[Row]]]:
    """Rows of one section and family that are the same; others by their reason."""
    groups: dict[tuple[str, str, str, str], list[Row]] = {}
    for row in ledger.rows:
        family = row.quantity.split(":")[0]
        what = (row.entry, row.reason) if row.verdict == DIFFERENT else (family, "")
        groups.setdefault((row.verdict, row.section, *what), []).append(row)
    order = {name: k for k, name in enumerate(ledger.reference)}
    ranks = {SAME: 0, MONTE_CARLO: 1, DIFFERENT: 2}
    for key in sorted(groups, key=lambda k: (order[k[1]], ranks[k[0]])):
        rows = groups[key]
        yield key[1], "" if key[0] == DIFFERENT else key[2], rows


def cells(section: str, family: str, rows: list[Row]) -> list[str]:
    """A line of the table."""
    first = rows[0]
    what = family
    if first.verdict == DIFFERENT:
        names = dict.fromkeys(r.quantity.removeprefix("fits, ") for r in rows)
        what = f"`{first.entry.replace('|', chr(92) + '|')}`: {'; '.join(names)}"
    relative = f"{max(r.relative for r in rows):.1e}"
    if first.verdict == MONTE_CARLO:
        relative = f"{max(r.relative for r in rows):.1f} SE"
    verdict = first.verdict if not first.reason else f"{first.verdict}: {first.reason}"
    figures, beyond = sum(r.figures for r in rows), sum(r.beyond for r in rows)
    count = f"{beyond:,} of {figures:,}" if beyond else f"{figures:,}"
    return [section, what, count, f"{max(r.absolute for r in rows):.1e}", relative, verdict]


def left_out(ledger: Ledger, leaves: list[str]) -> list[str]:
    return [leaf for leaf in leaves if any(leaf == p or leaf.startswith(p + "/") for p in ledger.left_out)]


def not_compared(ledger: Ledger) -> list[str]:
    """Entries left out with the reason, and those that nothing looked at."""
    by_reason: dict[str, list[str]] = {}
    for path, why in ledger.left_out.items():
        by_reason.setdefault(why, []).append(f"`{path}`")
    lines = [f"- {listed(paths)}: {why}." for why, paths in by_reason.items()]
    missed = ledger.missed()
    lines.append(f"- Looked at by nothing: {', '.join(missed) if missed else 'none'}.")
    return lines


def listed(paths: list[str]) -> str:
    """Paths, or what they are called where there are many."""
    if len(paths) <= MANY:
        return ", ".join(paths)
    names = dict.fromkeys(path.strip("`").rpartition("/")[2] for path in paths)
    return f"{len(paths)} entries called {', '.join(f'`{name}`' for name in names)}"


def main() -> int:
    """Compare, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", type=Path, default=REFERENCE, help="the reference teaching.json")
    parser.add_argument("--print", action="store_true", dest="printed", help="do not write RESULTS.md")
    options = parser.parse_args()
    if not options.reference.is_file():
        print(f"There is no reference {options.reference}; give its place with --reference.", file=sys.stderr)
        return 1
    ledger = Ledger(json.loads(options.reference.read_text(encoding="utf-8")))
    run(ledger)
    text = report(ledger)
    if options.printed:
        print(text)
    else:
        write_section(SECTION, text)
        print(f"wrote the section Teaching of {RESULTS}")
    return 1 if ledger.missed() or any("UNEXPLAINED" in r.reason for r in ledger.rows) else 0


if __name__ == "__main__":
    sys.exit(main())
