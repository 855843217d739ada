"""``mmgui report`` and ``mmgui picture``."""

from __future__ import annotations

import argparse
from pathlib import Path

from mmgui.cli.answer import Answer, spec_of, table_of
from mmgui.model import fit_spec
from mmgui.page_views import check_view
from mmgui.request import derived, table_at, typed
from mmgui.spec.derived import read_derived
from mmgui.spec.document import ColumnSetting
from mmgui.spec.formula import parse


def run_report(options: argparse.Namespace) -> Answer:
    """``mmgui report``."""
    from mmgui.report.page import write_report

    specs = [spec_of(f, options, reml=not options.ml) for f in options.formulas]
    table = table_of(options, specs[0])
    fits = [fit_spec(spec, table) for spec in specs]
    place = write_report(table, fits, Path(options.output))
    return Answer({"written": str(place)}, str(place))


def run_picture(options: argparse.Namespace) -> Answer:
    """``mmgui picture``: the one command that loads the window, without a display."""
    for formula in options.formulas:
        parse(formula)
    columns = tuple(ColumnSetting(name, kind) for name, kind in options.column_type)
    made = tuple(read_derived(name, text) for name, text in options.derive)
    # What is wrong with the table is said before the window is loaded.
    derived(typed(table_at(options.data), dict(options.column_type)), dict(options.derive))
    if options.view:
        check_view(options.page, options.view)
    from mmgui.ui.picture import save_page

    save_page(
        options.data, list(options.formulas), Path(options.output), options.page,
        view=options.view, at=dict(options.at),
        theme=options.theme, projector=options.projector, size=options.size, ml=options.ml,
        columns=columns, derived=made,
    )  # fmt: skip
    place = str(Path(options.output).absolute())
    return Answer({"written": place}, place)
