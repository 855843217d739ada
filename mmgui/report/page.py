"""The report of one or several fits as one HTML page that needs nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import mmgui
from mmgui.data.table import Table
from mmgui.engine.result import Fit
from mmgui.errors import SessionError, Where
from mmgui.figures.covariance import covariance_figures
from mmgui.figures.equation import equation_of
from mmgui.figures.equation_parts import FormKind
from mmgui.figures.fixed import FixedFigure, fixed_figure
from mmgui.figures.shrinkage import shrinkage_figures
from mmgui.figures.summary import SummaryFigure, summary_figure
from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests
from mmgui.numbers import decimal, number, probability
from mmgui.report.code import codes_of, file_of
from mmgui.report.mathematics import STYLE as EQUATION_STYLE
from mmgui.report.mathematics import equation_html
from mmgui.report.pictures import correlation_cells, shrinkage, variance_bars

STYLE = """
body{font-family:Inter,system-ui,sans-serif;color:#1B2430;background:#F4F6F9;margin:0;font-size:15px;line-height:1.5}
main{max-width:860px;margin:0 auto;padding:32px 20px}
section{background:#fff;border:1px solid #E1E5EB;border-radius:10px;padding:20px 24px;margin:20px 0}
h1{font-size:24px;margin:0}h2{font-size:17px;font-family:"DejaVu Sans Mono",monospace;margin:0 0 4px}
h3{font-size:15px;margin:22px 0 6px}.muted{color:#667085}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:4px 12px 4px 0;text-align:right;border-bottom:1px solid #EEF0F4}
th:first-child,td:first-child,td.words,th.words{text-align:left}th{color:#667085;font-weight:500}
.good{color:#0E8A5F}.warning,.error{color:#B25E00}
pre{background:#F4F6F9;border-radius:6px;padding:12px;overflow:auto;font-size:13px}
svg{max-width:100%;height:auto}
"""


def write_report(table: Table, fits: Sequence[Fit], output: Path | str) -> Path:
    """Write the report of ``fits`` of one table.

    Parameters
    ----------
    table
        The table the models were fitted to.
    fits
        At least one fit.
    output
        The file; it is written whole or not at all.

    Returns
    -------
    Path
        The absolute path of the file.

    Raises
    ------
    SessionError
        If the file cannot be written.
    """
    path = Path(output).absolute()
    text = page(table, fits)
    try:
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as problem:
        raise SessionError(
            "cannot_write",
            f"The report could not be written to {path}: {problem.strerror}. Choose another folder.",
            Where("file", str(path)),
        ) from problem
    return path


def page(table: Table, fits: Sequence[Fit]) -> str:
    """The report as HTML."""
    title = f"Mixed models of {table.name}"
    rows = f"{table.nrows:,} rows, {len(table.columns)} variables"
    body = [f"<h1>{escape(title)}</h1><p class='muted'>{rows} · made with mmgui {mmgui.__version__}</p>"]
    if len(fits) > 1:
        body.append(_overview(fits))
    body += [_section(table, fit) for fit in fits]
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{STYLE}{EQUATION_STYLE}</style></head><body><main>{''.join(body)}</main></body></html>"
    )


def _overview(fits: Sequence[Fit]) -> str:
    head = ("Model", "Parameters", "logLik", "AIC", "BIC", "σ")
    rows = [
        (f.formula, f.npar, decimal(f.loglik, 2), decimal(f.aic, 1), decimal(f.bic, 1), number(f.sigma, 4))
        for f in fits
    ]
    return f"<section><h3>Side by side</h3>{_table(head, rows)}</section>"


def _section(table: Table, fit: Fit) -> str:
    summary = summary_figure(fit, fixed_figure(fit, fixed_effect_tests(fit)))
    parts = [
        f"<h2>{escape(fit.formula)}</h2><p class='muted'>{escape(summary.estimation)}</p>",
        _words(summary),
        _equation(fit),
    ]
    parts += ["<h3>Variance components</h3>", variance_bars(summary.variance), _components(summary)]
    parts += ["<h3>Fixed effects</h3>", _fixed(summary.fixed)]
    for figure in shrinkage_figures(fit):
        parts.append(f"<h3>Shrinkage of {escape(figure.grouping)}</h3>")
        parts.append("<p class='muted'>○ own estimate → ● the model’s estimate</p>" + shrinkage(figure))
    parts += [
        f"<h3>Correlations of {escape(c.grouping)}</h3>{correlation_cells(c)}"
        for c in covariance_figures(fit)
        if len(c.effects) > 1
    ]
    parts.append("<h3>Facts</h3>" + _table(("", ""), [(f.name, f.value) for f in summary.facts]))
    codes = codes_of(fit.design, file_of(table))
    parts.append(
        "<h3>Code</h3>" + "".join(f"<p>{escape(p)}</p><pre>{escape(code)}</pre>" for p, code in codes)
    )
    return f"<section>{''.join(parts)}</section>"


def _words(summary: SummaryFigure) -> str:
    marks = {"good": "●", "info": "●", "warning": "◐", "error": "✕"}
    return "".join(
        f"<p><b class='{s.severity}'>{marks[s.severity]} {escape(s.title)}.</b> {_with_code(s.text)}</p>"
        for s in summary.statements
    )


def _with_code(text: str) -> str:
    """What stands in backticks is part of a formula and is set as one."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _equation(fit: Fit) -> str:
    figure = equation_of(fit.design)
    titles = {FormKind.INDEX: "Equation", FormKind.LEVEL: "Level by level", FormKind.MATRIX: "In matrices"}
    first, *others = (f"<h3>{titles[form.kind]}</h3>{equation_html(form)}" for form in figure.forms)
    return f"{first}<details><summary>Level by level, and in matrices</summary>{''.join(others)}</details>"


def _components(summary: SummaryFigure) -> str:
    rows = [
        (r.grouping or "Residual", r.effect, number(r.variance, 4), number(r.sd, 4), f"{100 * r.share:.1f} %")
        for r in summary.variance.rows
    ]
    out = _table(("Group", "Effect", "Variance", "SD", "Share"), rows, words=2)
    out += "".join(f"<p>{escape(sentence)}</p>" for sentence in summary.variance.structures)
    if summary.variance.correlations:
        pairs = [
            (c.grouping, c.shared or f"{c.effect} with {c.other}", number(c.correlation, 3))
            for c in summary.variance.correlations
        ]
        out += (
            "<p class='muted'>A share is what an effect's own variance gives, without covariances; so shares "
            "need not add up to 100 %.</p>"
        )
        out += _table(("Group", "Effects", "Correlation"), pairs, words=2)
    return out


def _fixed(figure: FixedFigure) -> str:
    rows = [
        (
            r.name,
            number(r.estimate, 4),
            number(r.se, 4),
            "–" if r.df is None else decimal(r.df, 1),
            number(r.t, 3),
            "–" if r.p is None else probability(r.p),
            " to ".join(number(limit, 4) for limit in r.interval),
        )
        for r in figure.rows
    ]
    head = ("Effect", "Estimate", "SE", "df", "t", "p", f"{100 * figure.level:g} % interval")
    return _table(head, rows) + f"<p class='muted'>{escape(figure.method)}</p>"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]], words: int = 1) -> str:
    def cells(tag: str, values: Sequence[object]) -> str:
        return "".join(
            f"<{tag}{' class=words' if k < words else ''}>{escape(str(v))}</{tag}>"
            for k, v in enumerate(values)
        )

    top = f"<tr>{cells('th', head)}</tr>" if any(head) else ""
    lines = "".join(f"<tr>{cells('td', r)}</tr>" for r in rows)
    return f"<table>{top}{lines}</table>"
