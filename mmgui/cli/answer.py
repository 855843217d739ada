"""What a command gives back, and the table and the model its options name."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace

from mmgui.data.table import Table
from mmgui.payload import Payload
from mmgui.request import codings, table_at
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


def table_of(options: argparse.Namespace) -> Table:
    """The table of a command; what reading it had to say goes to standard error."""
    table = table_at(options.data)
    for note in table.notes:
        say(f"{table.name}: {note}")
    return table


def spec_of(formula: str, options: argparse.Namespace, *, reml: bool) -> ModelSpec:
    """The model of a formula with the weights and codings of a command."""
    coded = codings(dict(options.contrasts), dict(options.reference))
    return replace(parse(formula), reml=reml, weights=options.weights, codings=coded)
