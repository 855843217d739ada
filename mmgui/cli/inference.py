"""The commands that fit one model and say one thing about it."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmgui.cli.answer import Answer, asked, fitted, say
from mmgui.cli.long_work import LongWork
from mmgui.data.table import Table
from mmgui.engine.design import FloatArray
from mmgui.errors import DataError, MmguiError
from mmgui.payload import Payload, plain
from mmgui.records import bootstrap_record, curve_record, deletions_record, record
from mmgui.request import as_table


def run_identify(options: argparse.Namespace) -> Answer:
    """``mmgui identify``: nothing is fitted."""
    from mmgui.engine.build import build_design
    from mmgui.inference.identifiability.certificate import identifiability
    from mmgui.printed.random import identifiability_text

    design = build_design(*asked(options))
    found = identifiability(design)
    payload = record(found) | {"n_par": found.n_par, "identified": found.identified}
    return Answer(payload, identifiability_text(found))


def run_explain(options: argparse.Namespace) -> Answer:
    """``mmgui explain``."""
    from mmgui.printed.random import explained_text

    model = fitted(options)
    found = model.explained()
    return Answer(record(found), explained_text(model, found))


def run_icc(options: argparse.Namespace) -> Answer:
    """``mmgui icc``."""
    from mmgui.printed.random import icc_curve_text

    found = fitted(options).icc_curve(options.along, options.term - 1)
    return Answer(record(found), icc_curve_text(found))


def run_components(options: argparse.Namespace) -> Answer:
    """``mmgui components``."""
    from mmgui.printed.random import components_text

    found = fitted(options).principal_components()
    return Answer({"components": [record(c) for c in found]}, components_text(found))


def run_ranova(options: argparse.Namespace) -> Answer:
    """``mmgui ranova``."""
    from mmgui.printed.random import random_tests_text

    found = fitted(options).random_tests()
    return Answer(record(found), random_tests_text(found))


def run_profile(options: argparse.Namespace) -> Answer:
    """``mmgui profile``."""
    from mmgui.inference.intervals import profile_intervals
    from mmgui.printed.summary import intervals_text

    model = fitted(options)
    with LongWork("Profiled") as work:
        curves = model.profile(
            options.level, workers=options.cores, on_progress=work.on_progress, should_stop=work.should_stop
        )
    limits = profile_intervals(model, curves, options.level)
    payload: Payload = {
        "level": options.level,
        "curves": [curve_record(model, c, options.level) for c in curves],
    }
    return Answer(payload, intervals_text(model, limits))


def run_bootstrap(options: argparse.Namespace) -> Answer:
    """``mmgui bootstrap``."""
    from mmgui.printed.resampling import bootstrap_text

    model = fitted(options)
    with LongWork("Refitted") as work:
        found = model.bootstrap(
            options.count,
            options.seed,
            workers=options.cores,
            on_progress=work.on_progress,
            should_stop=work.should_stop,
        )
    payload = bootstrap_record(model, found, options.level, options.kind, replicates=options.replicates)
    return Answer(payload, bootstrap_text(model, found, options.level, options.kind))


def run_residuals(options: argparse.Namespace) -> Answer:
    """``mmgui residuals``."""
    from mmgui.printed.rows import residuals_text

    model = fitted(options)
    found = model.residuals()
    out = record(found) | {"rows": plain(model.design.rows + 1), "scaled": None}
    try:
        out["scaled"] = plain(model.scaled_residuals())
    except MmguiError as error:
        say(f"No scaled residuals: {error}")
    return Answer(out, residuals_text(found))


def run_influence(options: argparse.Namespace) -> Answer:
    """``mmgui influence``."""
    from mmgui.printed.rows import deletions_text, row_influence_text

    model = fitted(options)
    if options.group is None:
        found = model.influence()
        return Answer(
            record(found) | {"rows": plain(model.design.rows + 1)}, row_influence_text(model.design, found)
        )
    with LongWork("Refitted") as work:
        deleted = model.without(
            options.group,
            workers=options.cores,
            on_progress=work.on_progress,
            should_stop=work.should_stop,
        )
    return Answer(deletions_record(model, deleted), deletions_text(model.design, deleted))


def run_predict(options: argparse.Namespace) -> Answer:
    """``mmgui predict``."""
    from mmgui.printed.rows import prediction_text

    found = fitted(options).predict(
        options.rows,
        groups="population" if options.population else "conditional",
        new_groups="error" if options.known_groups else "allow",
        level=options.level,
        kind="observation" if options.observation else "mean",
    )
    return Answer(record(found), prediction_text(found))


def run_simulate(options: argparse.Namespace) -> Answer:
    """``mmgui simulate``: the table with one more column for each response."""
    model = fitted(options)
    table = model.table if options.rows is None else as_table(options.rows)
    rows = model.design.rows if options.rows is None else np.arange(table.nrows)
    drawn = model.simulate(
        options.count,
        options.seed,
        "kept" if options.keep_groups else "new",
        None if options.rows is None else table,
    )
    text = _with_columns(table, rows, drawn)
    if options.output is None:
        return Answer({"seed": options.seed, "responses": plain(drawn)}, text.rstrip("\n"))
    place = Path(options.output)
    try:
        place.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise DataError(
            "cannot_write", f"{place} cannot be written ({problem.strerror}); choose another place."
        ) from problem
    return Answer({"written": str(place)}, str(place))


def _with_columns(table: Table, rows: NDArray[np.intp], drawn: FloatArray) -> str:
    """The rows of a table as CSV, with the responses as further columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*table.names, *_new_names(table, len(drawn))])
    for j, i in enumerate(rows.tolist()):
        entries = [c.levels[c.codes[i]] if c.codes[i] >= 0 else "" for c in table.columns]
        writer.writerow([*entries, *("" if np.isnan(v) else repr(float(v)) for v in drawn[:, j])])
    return text.getvalue()


def _new_names(table: Table, count: int) -> list[str]:
    """``sim_1`` …, or ``sim__1`` … where a column of the table is called so."""
    prefix, taken = "sim_", set(table.names)
    while taken & {f"{prefix}{k + 1}" for k in range(count)}:
        prefix += "_"
    return [f"{prefix}{k + 1}" for k in range(count)]
