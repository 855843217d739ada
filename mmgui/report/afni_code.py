"""The call of AFNI's 3dLMEr that fits a model to every voxel, where it can express it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from mmgui.report.derived_code import comments
from mmgui.report.names import one_line
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.expression import PLAIN_NAME, Call, Name, show
from mmgui.spec.formula import print_effects, print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance

_SINCE_LME4_1 = (Covariance.UNSTRUCTURED, Covariance.DIAGONAL)


def afni_code(spec: ModelSpec, labelled: Container[str] = (), derived: Sequence[DerivedColumn] = ()) -> str:
    """The call of 3dLMEr; a sentence where it cannot express the model.

    3dLMEr hands the formula to R's lmer for each voxel. Its response is the value of the images named in
    the column ``InputFile``. It takes the mean off every quantity unless it is told the centres, so 0 is
    given for each (option ``-qVarCenters`` in the program's help).

    Parameters
    ----------
    spec
        The model.
    labelled
        The columns that enter as labels; all others are quantities.
    derived
        Columns that must be made for the table of images.
    """
    reason = next(_reasons(spec), "")
    if reason:
        return f"# 3dLMEr cannot express this model: {one_line(reason)}"
    right = [print_effects(spec.intercept, spec.fixed), *(print_random(t) for t in spec.random)]
    model = "+".join(right).replace(" ", "")
    columns = dict.fromkeys(c for effect in spec.effects() for c in effect.columns())
    quantities = [c for c in columns if c not in labelled]
    options = ["-prefix result", f"-model '{model}'"]
    if quantities:
        options.append(f"-qVars '{','.join(quantities)}'")
        options.append(f"-qVarCenters '{','.join('0' for _ in quantities)}'")
    options += [] if spec.reml else ["-ML"]
    options += ["-SS_type 3", "-dataTable @table.txt"]
    groups = dict.fromkeys(c for t in spec.random for c in t.grouping.columns)
    header = " ".join([*groups, *(c for c in columns if c not in groups), "InputFile"])
    response = "the response" if spec.response is None else show(spec.response, quoted=False)
    notes = [
        f"# table.txt: {header}",
        *comments(derived),
        f"# One row an image; the image's value takes the place of {one_line(response)}.",
        *(f"# {one_line(note)}" for note in _notes(spec, quantities)),
    ]
    return "\n".join([*notes, "3dLMEr " + " \\\n    ".join(options)])


def _reasons(spec: ModelSpec) -> Iterator[str]:
    """Why it cannot, most fundamental first."""
    if not any(term.has_effects for term in spec.random):
        yield "it has no random effects; 3dMVM and 3dttest++ fit such models."
    for term in spec.random:
        if term.settled().covariance not in _SINCE_LME4_1:
            yield f"it has no covariance structure such as {print_random(term)}."
    if spec.weights is not None:
        yield "it takes no weights."
    if spec.offset:
        yield "it takes no offset; take it off the images first."
    for effect in spec.effects():
        for factor in effect.factors:
            if not isinstance(factor, Name):
                what = "its columns" if isinstance(factor, Call) else "it"
                yield f"it reads columns as they stand; make {show(factor)} first and add {what}."
    if isinstance(spec.response, Call):
        yield f"its response is the image as it stands; transform the images for {show(spec.response)}."
    named = [c for effect in spec.effects() for c in effect.columns()]
    named += [c for term in spec.random for c in term.grouping.columns]
    names = (c for c in named if not (PLAIN_NAME.match(c) and c.isascii()))
    yield from (f"the name {name!r} cannot stand in its formula; rename the column." for name in names)


def _notes(spec: ModelSpec, quantities: Sequence[str]) -> Iterator[str]:
    chosen = [c.column for c in spec.codings if not c.usual]
    if chosen:
        yield f"It has no option for contrasts ({', '.join(chosen)}); tests of effects do not depend on them."
    if quantities:
        yield "0 keeps every quantity as it is here; without -qVarCenters its mean is taken off."
