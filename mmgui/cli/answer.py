"""What a command gives back, and the table and the model its options name."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace

from mmgui.data.table import Table
from mmgui.figures.statements import messages
from mmgui.model import FittedModel, fit_spec
from mmgui.payload import Payload
from mmgui.request import codings, derived, table_at, typed, with_numeric_response
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec


@dataclass(frozen=True)
class Answer:
    """What a command says: the object of ``--json`` and the text for people."""

    payload: Payload
    text: str


def say(text: str) -> None:
    """A diagnostic on standard error."""
    print(text, file=sys.stderr)


def table_of(options: argparse.Namespace, spec: ModelSpec | None = None) -> Table:
    """The table of a command, for a model; what reading it had to say goes to standard error."""
    table = table_at(options.data)
    for note in table.notes:
        say(f"{table.name}: {note}")
    table = derived(typed(table, dict(options.column_type)), dict(options.derive))
    return table if spec is None else with_numeric_response(table, spec)


def asked(options: argparse.Namespace) -> tuple[ModelSpec, Table]:
    """The one model of a command and its table."""
    spec = spec_of(options.formula, options, reml=not options.ml)
    return spec, table_of(options, spec)


def fitted(options: argparse.Namespace) -> FittedModel:
    """The one model of a command, fitted; why its numbers are not to be trusted goes to standard error.

    For commands whose answer says nothing else of the fit: a variance that the data do not determine makes
    any F test of it, and nobody would know.
    """
    model = fit_spec(*asked(options))
    for message in messages(model):
        if message.severity == "error":
            say(f"{message.title}. {message.text}")
    return model


def spec_of(formula: str, options: argparse.Namespace, *, reml: bool) -> ModelSpec:
    """The model of a formula with the weights and codings of a command."""
    coded = codings(dict(options.contrasts), dict(options.reference))
    return replace(parse(formula), reml=reml, weights=options.weights, codings=coded)
