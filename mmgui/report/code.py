"""The same model as calls of other programs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mmgui.data.table import Table, TextFile
from mmgui.engine.design import Design
from mmgui.report.afni_code import afni_code
from mmgui.report.derived_code import r_columns
from mmgui.report.julia_code import julia_code
from mmgui.report.names import string
from mmgui.report.statsmodels_code import statsmodels_code
from mmgui.report.table_file import r_read
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.expression import Expression, calls_of, quote
from mmgui.spec.formula import print_model
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance

FILE = "table.csv"

_R_CONTRASTS = {
    Contrast.SUM: "contr.sum",
    Contrast.HELMERT: "contr.helmert",
    Contrast.POLYNOMIAL: "contr.poly",
}
_SPLINES = frozenset({"bs", "ns"})
_NEEDS_LME4_2 = frozenset(Covariance) - {Covariance.UNSTRUCTURED, Covariance.DIAGONAL}


def lme4_code(
    spec: ModelSpec, file: str | TextFile = FILE, numbered: Collection[str] = (),
    derived: Sequence[DerivedColumn] = (),
) -> str:  # fmt: skip
    """The call of R's lme4 that fits the model; covariance structures need lme4 2.0.

    A model without random effects, which ``lmer`` refuses, is one for ``lm``.

    ``numbered`` are the factors whose labels are numbers, which R would take for quantities; ``derived`` are
    columns to be made first.
    """
    weights = f", weights = {quote(spec.weights)}" if spec.weights else ""
    grouped = any(term.has_effects for term in spec.random)
    call = "lmer" if grouped else "lm"
    reml = f", REML = {'TRUE' if spec.reml else 'FALSE'}" if grouped else ""
    library = "library(lme4)"
    if any(term.covariance in _NEEDS_LME4_2 for term in spec.random):
        library += "  # 2.0 or later, for the covariance structure"
    called = {call.function for e in _expressions(spec) for call in calls_of(e)}
    if called & _SPLINES:
        library += "\nlibrary(splines)"
    lines = r_columns(derived)
    lines += [f"d${quote(c)} <- factor(d${quote(c)})" for c in _of_effects(spec, numbered)]
    lines += [line for coding in spec.codings for line in _r_coding(coding)]
    if "center" in called:
        lines.insert(0, "center <- function(x) x - mean(x, na.rm = TRUE)")
    before = "".join(f"{line}\n" for line in lines)
    return (
        f"{library}\n"
        f"d <- {r_read(file)}\n"
        f"{before}"
        f"m <- {call}({print_model(spec)}, data = d{reml}{weights})\n"
        "summary(m)"
    )


def _expressions(spec: ModelSpec) -> list[Expression]:
    response = [] if spec.response is None else [spec.response]
    return [*response, *spec.offset, *(f for effect in spec.effects() for f in effect.factors)]


def _r_coding(coding: Coding) -> list[str]:
    """The statements that give a factor its contrasts; sum contrasts leave out R's last level."""
    column = f"d${quote(coding.column)}"
    lines = []
    if coding.reference is not None and coding.contrast is Contrast.TREATMENT:
        lines.append(f"{column} <- relevel({column}, {string(coding.reference)})")
    if coding.reference is not None and coding.contrast is Contrast.SUM:
        last = f"setdiff(levels({column}), {string(coding.reference)})"
        lines.append(f"{column} <- factor({column}, levels = c({last}, {string(coding.reference)}))")
    if coding.contrast is not Contrast.TREATMENT:
        lines.append(f"contrasts({column}) <- {_R_CONTRASTS[coding.contrast]}")
    return lines


def _of_effects(spec: ModelSpec, names: Collection[str]) -> list[str]:
    """Those of the columns that make effects; what only groups is a factor to every program."""
    used = dict.fromkeys(c for effect in spec.effects() for c in effect.columns())
    return [c for c in used if c in names]


def mmgui_code(spec: ModelSpec, file: str | TextFile = FILE, derived: Sequence[DerivedColumn] = ()) -> str:
    """The call of mmgui's Python API that fits the model, and makes derived columns before."""
    weights = f", weights={spec.weights!r}" if spec.weights else ""
    contrasts = {c.column: str(c.contrast) for c in spec.codings if c.contrast is not Contrast.TREATMENT}
    reference = {c.column: c.reference for c in spec.codings if c.reference is not None}
    options = f", contrasts={contrasts!r}" if contrasts else ""
    options += f", reference={reference!r}" if reference else ""
    definitions = {d.name: d.definition for d in derived}
    options += f", derive={definitions!r}" if derived else ""
    name = file if isinstance(file, str) else file.name
    call = f"mmgui.fit({print_model(spec)!r}, {string(name)}, reml={spec.reml}{weights}{options})"
    return f"import mmgui\n\nm = {call}\nprint(m)"


def file_of(table: Table | None) -> TextFile:
    """What a table is to be called in code: by the text file it was read from, if it was."""
    if table is None:
        return TextFile(FILE)
    return table.file if table.file.name else TextFile(f"{table.name}.csv" if table.name else FILE)


def codes_of(design: Design, file: str | TextFile = FILE) -> tuple[tuple[str, str], ...]:
    """(program, code) pairs for a model that was laid out on a table kept in ``file``."""
    spec, labelled, derived = design.spec, design.labelled, design.derived
    factors = {} if design.recipe is None else design.recipe.factors
    # factor(x) stands in the formula; elsewhere in it x may be a quantity.
    numbered = {c for c, levels in factors.items() if c in labelled and all(map(_is_number, levels))}
    aliased = design.dropped_columns
    incomplete = design.dropped_rows > 0
    return (
        ("lme4 (R)", lme4_code(spec, file, numbered, derived)),
        ("MixedModels.jl", julia_code(spec, file, numbered, derived)),
        (
            "statsmodels (Python)",
            statsmodels_code(spec, file, labelled, derived, incomplete=incomplete, aliased=aliased),
        ),
        ("3dLMEr (AFNI)", afni_code(spec, labelled, derived)),
        ("mmgui (Python)", mmgui_code(spec, file, derived)),
    )


def _is_number(label: str) -> bool:
    try:
        float(label)
    except ValueError:
        return False
    return True
