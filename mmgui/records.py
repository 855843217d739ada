"""Results of inference as plain dicts: every field by its name, arrays as lists."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from mmgui.payload import Payload, plain

if TYPE_CHECKING:
    from mmgui.engine.result import Fit
    from mmgui.inference.fixed_effects.marginal_means import MarginalMeans
    from mmgui.inference.profile.curves import Parameter, ProfileCurve
    from mmgui.inference.refits.deletion import Deletions
    from mmgui.inference.simulation.bootstrap import Bootstrap


def record(result: Any) -> Payload:
    """A result, a frozen dataclass, as the command line's JSON has it."""
    out: Payload = plain(_open(result))
    return out


def _open(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _open(getattr(value, f.name)) for f in fields(value) if not f.name.startswith("_")}
    if isinstance(value, dict):
        return {k if isinstance(k, str) else _key(k): _open(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [_open(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_open(v) for v in value)
    return str(value) if isinstance(value, Enum) else value


def _key(key: Any) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def parameter_record(fit: Fit, parameter: Parameter) -> Payload:
    """Which parameter: its kind, and the names that say where it stands."""
    if parameter.kind == "sigma":
        return {"kind": "sigma", "group": "Residual"}
    if parameter.kind == "fixed":
        return {"kind": "fixed", "name": fit.design.fixed_names[parameter.effects[0]]}
    term = fit.terms[parameter.term]
    names = [term.effects[e] for e in parameter.effects]
    out: Payload = {"kind": parameter.kind, "group": term.grouping, "term": names[0]}
    return out | {"term2": names[1]} if parameter.kind == "correlation" else out


def curve_record(fit: Fit, curve: ProfileCurve, level: float) -> Payload:
    """A profile with its interval."""
    shown = {
        "estimate": curve.estimate,
        "ci": curve.interval(level),
        "values": curve.values,
        "zeta": curve.zeta,
    }
    out: Payload = plain(parameter_record(fit, curve.parameter) | shown)
    return out


def bootstrap_record(fit: Fit, found: Bootstrap, level: float, kind: str, *, replicates: bool) -> Payload:
    """Bootstrap estimates of every parameter, with the replicates where they are wanted."""
    limits, errors, bias = found.limits(level, kind), found.standard_errors(), found.bias()
    missing = found.undefined
    out: Payload = {
        "count": found.count,
        "requested": found.requested,
        "failed": found.failed,
        "singular_share": found.singular_share,
        "seed": found.seed,
        "kind": kind,
        "level": level,
        "parameters": [
            parameter_record(fit, p)
            | {
                "estimate": found.estimates[k],
                "se": errors[k],
                "bias": bias[k],
                "ci": limits[k],
                "undefined": missing[k],
            }
            for k, p in enumerate(found.parameters)
        ],
    }
    if replicates:
        out |= {"values": found.values, "objective": found.objective, "singular": found.singular}
    cleaned: Payload = plain(out)
    return cleaned


def deletions_record(fit: Fit, found: Deletions) -> Payload:
    """Every estimate without each group."""
    cooks, ratio, change = found.cooks, found.covratio, found.dfbetas
    sd_change, sigma_change = found.sd_change, found.sigma_change
    names = [{"group": t.grouping, "terms": t.effects} for t in fit.terms]
    out: Payload = {
        "grouping": found.grouping,
        "fixed": found.fixed_names,
        "random": names,
        "without": [
            {
                "level": label,
                "cooks": cooks[k],
                "covratio": ratio[k],
                "dfbetas": change[k],
                "beta": found.without.beta[k],
                "sd": [sd[k] for sd in found.without.sd],
                "sd_change": [change[k] for change in sd_change],
                "sigma": found.without.sigma[k],
                "sigma_change": sigma_change[k],
                "converged": found.converged[k],
                "singular": found.singular[k],
            }
            for k, label in enumerate(found.labels)
        ],
        "failed": [{"level": label, "reason": sentence} for label, sentence in found.failed],
    }
    cleaned: Payload = plain(out)
    return cleaned


def means_record(found: MarginalMeans) -> Payload:
    """Marginal means or slopes."""
    out: Payload = {
        "what": found.what,
        "factors": found.factors,
        "by": found.by,
        "cells": found.cells,
        "averaged": found.averaged,
        "held": found.held,
        "weights": found.weights,
        "estimates": _open(found.estimates),
    }
    cleaned: Payload = plain(out)
    return cleaned
