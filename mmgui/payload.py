"""Results as plain dicts: the objects that the command line prints as JSON and the Python API returns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from mmgui.advice import Finding, Fix
    from mmgui.data.grouping import GroupSizes
    from mmgui.data.relation import Relation
    from mmgui.data.structure import ColumnInUnit, WithinCells
    from mmgui.data.table import Table
    from mmgui.engine.result import Fit, FittedTerm
    from mmgui.inference.comparison.lrt import Comparison
    from mmgui.inference.degrees_of_freedom.satterthwaite import FixedEffectTests
    from mmgui.inference.intervals import Intervals

Payload = dict[str, Any]


def plain(value: Any) -> Any:
    """``value`` with numpy types turned into Python's, and NaN and infinity into None (JSON has neither)."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def fit_payload(fit: Fit, tests: FixedEffectTests, intervals: Intervals, *, ranef: bool = False) -> Payload:
    """A fit with the tests and intervals of its parameters."""
    from mmgui.finding_records import messages_payload

    out: Payload = {
        "formula": fit.formula,
        "reml": fit.reml,
        "nobs": fit.nobs,
        "npar": fit.npar,
        "dropped_rows": fit.design.dropped_rows,
        "dropped_columns": fit.design.dropped_columns,
        "objective": fit.objective,
        "loglik": fit.loglik,
        "aic": fit.aic,
        "bic": fit.bic,
        "sigma": fit.sigma,
        "converged": fit.convergence.converged,
        "singular": fit.singular,
        "evaluations": len(fit.log.objective),
        "gradient_norm": fit.convergence.gradient_norm,
        "seconds": fit.seconds,
        "theta": fit.theta,
        "groups": {t.grouping: len(t.levels) for t in fit.terms},
        "df_method": tests.method,
        "ci_method": intervals.method,
        "fixef": _fixed(fit, tests, intervals),
        "varcorr": _components(fit, intervals),
    }
    if ranef:
        out["ranef"] = _ranef(fit.terms)
    out["messages"] = messages_payload(fit, tests)
    cleaned: Payload = plain(out)
    return cleaned


def _fixed(fit: Fit, tests: FixedEffectTests, intervals: Intervals) -> list[Payload]:
    return [
        {
            "name": name,
            "estimate": fit.beta[k],
            "se": tests.se[k],
            "df": tests.df[k],
            "t": tests.t[k],
            "p": tests.p[k],
            "ci": None if intervals.method == "none" else intervals.fixed[k],
        }
        for k, name in enumerate(fit.design.fixed_names)
    ]


def _components(fit: Fit, intervals: Intervals) -> list[Payload]:
    out: list[Payload] = []
    for k, term in enumerate(fit.terms):
        limits = intervals.sd[k]
        for i, effect in enumerate(term.effects):
            out.append(
                {
                    "group": term.grouping,
                    "term": effect,
                    "variance": term.covariance[i, i],
                    "sd": term.sd[i],
                    "ci": None if limits is None else limits[i],
                }
            )
        for i, j in term.free_pairs:
            entry: Payload = {
                "group": term.grouping,
                "term": term.effects[i],
                "term2": term.effects[j],
                "covariance": term.covariance[i, j],
                "correlation": term.correlation[i, j],
            }
            if limits is not None:
                entry["ci"] = intervals.correlation[k].get((i, j))
            out.append(entry)
    sigma = fit.sigma
    out.append({"group": "Residual", "variance": sigma**2, "sd": sigma, "ci": intervals.sigma})
    return out


def _ranef(terms: Iterable[FittedTerm]) -> Payload:
    """Modes by grouping factor; the effects of terms that share one stand side by side."""
    out: Payload = {}
    for term in terms:
        modes, sd = term.modes, term.conditional_sd
        known = out.get(term.grouping)
        if known is not None:
            modes, sd = np.hstack([known["modes"], modes]), np.hstack([known["sd"], sd])
        effects = [*(known["terms"] if known is not None else ()), *term.effects]
        out[term.grouping] = {"levels": term.levels, "terms": effects, "modes": modes, "sd": sd}
    return out


def comparison_payload(
    models: Sequence[Payload], comparison: Comparison, findings: Iterable[Finding] = ()
) -> Payload:
    """Models, the tests between them, and what is said of the comparison."""
    from mmgui.finding_records import findings_payload

    tests = [
        {
            "small": t.small,
            "big": t.big,
            "statistic": t.statistic,
            "df": t.df,
            "p": t.p,
            "reference": t.reference,
            "weights": {str(df): w for df, w in t.weights.items()},
            "p_naive": t.p_naive,
            "refitted": t.refitted,
            "note": t.note,
        }
        for t in comparison.tests
    ]
    refused = [
        {"small": r.small, "big": r.big, "reason": r.reason, "code": r.code} for r in comparison.refused
    ]
    out: Payload = plain({"models": list(models), "tests": tests, "refused": refused})
    return out | {"findings": findings_payload(findings)}


def advice_payload(findings: Iterable[Finding]) -> Payload:
    """Advice with the formula that each remedy leads to."""
    out: Payload = plain(
        {
            "findings": [
                {
                    "id": f.id,
                    "severity": str(f.severity),
                    "text": f.text,
                    "about": f.about,
                    "fixes": [fix_payload(x) for x in f.fixes],
                }
                for f in findings
            ]
        }
    )
    return out


def fix_payload(fix: Fix) -> Payload:
    """A remedy: the model's formula and, where it needs them, derived columns by name."""
    from mmgui.spec.formula import print_model

    out: Payload = {"label": fix.label, "formula": print_model(fix.spec)}
    if fix.derived:
        out["derive"] = {d.name: d.definition for d in fix.derived}
    return out


def table_payload(table: Table, group: str | None = None) -> Payload:
    """Variables, and how the columns that can define groups lie to each other."""
    from mmgui.data.facts import describe
    from mmgui.data.structure import grouping_facts

    facts = grouping_facts(table)
    out: Payload = {
        "name": table.name,
        "rows": table.nrows,
        "variables": [
            {
                "name": f.name,
                "type": str(f.kind),
                "distinct": f.distinct,
                "missing": f.missing,
                "minimum": f.minimum,
                "maximum": f.maximum,
                "mean": f.mean,
                "sd": f.sd,
            }
            for f in describe(table)
        ],
        "factors": [{"name": f.label, **_sizes(f)} for f in facts.factors],
        "grouping": [_relation(r) for r in facts.pairs],
        "nesting": facts.chains(),
        "notes": table.notes,
    }
    if group is not None:
        out |= _varies(table, group)
    cleaned: Payload = plain(out)
    return cleaned


def _sizes(sizes: GroupSizes) -> Payload:
    return {
        "levels": sizes.groups,
        "smallest": sizes.minimum,
        "median": sizes.median,
        "largest": sizes.maximum,
        "single": sizes.singles,
    }


def _relation(r: Relation) -> Payload:
    """How two grouping factors lie to each other; ``cells`` counts their combinations."""
    return {
        "a": r.a,
        "b": r.b,
        "relation": str(r.kind),
        "inner": r.inner or None,
        "outer": r.outer or None,
        "levels_a": r.levels_a,
        "levels_b": r.levels_b,
        "combinations": r.cells,
        "filled": r.filled,
        "may_be_nested": r.may_be_nested,
        "evidence": r.evidence or None,
        "recurring": r.recurring,
        "cells": {
            "occurring": r.cells,
            "empty": r.empty,
            "smallest": r.cell_minimum,
            "median": r.cell_median,
            "largest": r.cell_maximum,
            "balanced": r.balanced,
            "replicated": not r.unreplicated,
        },
    }


def _varies(table: Table, group: str) -> Payload:
    """What lies in the groups; ``within`` says for each column in how many of them it varies."""
    from mmgui.data.structure import unit_facts

    facts = unit_facts(table, (group,) if group in table else tuple(group.split(":")))
    return {
        "group": {"name": group, **_sizes(facts.sizes)},
        "varies": {c.name: str(c.variation) for c in facts.columns},
        "within": {c.name: _column_in_groups(c) for c in facts.columns},
        "combinations": [{"factors": c.factors, **_cells(c)} for c in facts.combinations],
    }


def _column_in_groups(column: ColumnInUnit) -> Payload:
    return {
        "varying": column.varying,
        "groups": column.groups,
        "share_between": column.between_share,
        "nested": column.nested,
        "values": {
            "distinct": column.distinct,
            "smallest": column.distinct_minimum,
            "median": column.distinct_median,
            "largest": column.distinct_maximum,
        },
        **_cells(column.cells),
    }


def _cells(cells: WithinCells) -> Payload:
    """Whether every group meets every value or combination, and how many rows each meeting has."""
    return {
        "levels": cells.levels,
        "complete": cells.complete,
        "cells": {
            "occurring": cells.cells,
            "empty": cells.levels * cells.groups - cells.cells,
            "smallest": cells.minimum,
            "median": cells.median,
            "largest": cells.maximum,
            "balanced": cells.balanced,
            "replicated": not cells.unreplicated,
        },
    }
