"""The matrices of a model on a table: y, X, and each random-effects term's groups and effect columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.patterns import Pattern
from mmgui.engine.recipe import Recipe
from mmgui.engine.triangular import lower_factor
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class RandomDesign:
    """One random-effects term (one card of the model).

    Attributes
    ----------
    grouping
        The grouping factor, ``"Subject"`` or ``"batch:cask"``.
    levels
        Labels of the groups present in the rows used; an interaction's read ``"A:a"``.
    codes
        (n,) int32, the group of each row, 0 … len(levels) - 1; every group occurs.
    effects
        Names of the s effects, as R names them: ``"(Intercept)"``, ``"Days"``, ``"MachineB"``.
    columns
        (n, s) float64, the effect columns; Z's row i holds ``columns[i]`` in the block of group ``codes[i]``.
    blocks
        Partition of 0 … s - 1 into runs of effects that are free to correlate; effects of different
        blocks are uncorrelated. One block for ``(x | g)``.
    dropped_effects
        Effects left out because they are zero in every row (a combination of levels that never occurs).
    structure
        How the effects vary together; ``blocks`` says all of it unless ``structure.patterned``: then there
        is one block of all effects, at least two.
    """

    grouping: str
    levels: tuple[str, ...]
    codes: IntArray
    effects: tuple[str, ...]
    columns: FloatArray
    blocks: tuple[tuple[int, ...], ...]
    dropped_effects: tuple[str, ...] = ()
    structure: Covariance = Covariance.UNSTRUCTURED

    @property
    def parameter_positions(self) -> tuple[tuple[int, int], ...]:
        """(row, column) in the lower-triangular relative factor of each of the term's parameters.

        Column-major within each block, blocks in order: the order of theta. A patterned term has none:
        its parameters are no entries of a factor (``pattern``).
        """
        if self.pattern is not None:
            raise TypeError(f"the parameters of a term with {self.structure} are no entries of its factor")
        return tuple((i, j) for block in self.blocks for k, j in enumerate(block) for i in block[k:])

    @cached_property
    def pattern(self) -> Pattern | None:
        """The structure of a patterned term, else None."""
        return Pattern(self.structure, len(self.effects)) if self.structure.patterned else None

    @property
    def theta_count(self) -> int:
        """Number of the term's parameters in theta."""
        if self.pattern is not None:
            return self.pattern.count
        return sum(len(b) * (len(b) + 1) // 2 for b in self.blocks)

    @property
    def theta_names(self) -> tuple[str, ...]:
        """Names of the term's parameters: ``Subject.Days.(Intercept)``; ``Worker.sd``, ``Worker.rho``."""
        if self.pattern is None:
            return tuple(
                f"{self.grouping}.{self.effects[i]}" + ("" if i == j else f".{self.effects[j]}")
                for i, j in self.parameter_positions
            )
        sds = ("sd",) if self.pattern.homogeneous else self.effects
        return tuple(f"{self.grouping}.{k}" for k in (*sds, *(("rho",) if self.pattern.correlated else ())))

    def relative_factor(self, theta: FloatArray) -> FloatArray:
        """(s, s) lower-triangular λ with non-negative diagonal, of the term's part of theta."""
        if self.pattern is not None:
            return lower_factor(self.pattern.factor(theta))
        lam = np.zeros((len(self.effects), len(self.effects)))
        for value, (i, j) in zip(theta, self.parameter_positions, strict=True):
            lam[i, j] = value
        return lam


@dataclass(frozen=True, eq=False)
class Design:
    """A model's matrices on the rows that are complete for it.

    Attributes
    ----------
    spec
        The model.
    y
        (n,) response.
    x
        (n, p) fixed-effects model matrix of full column rank.
    fixed_names
        The p coefficients as R names them.
    assign
        (p,) which fixed term each column belongs to: 0 the intercept, k the k-th of ``spec.fixed``.
    random
        One entry per random-effects term, in the order of the formula.
    weights
        (n,) positive prior weights, or None.
    offset
        (n,) offset, or None.
    rows
        (n,) positions in the table of the rows used.
    dropped_rows
        Number of the table's rows left out because something the model reads is missing in them.
    dropped_columns
        Coefficients left out because their columns depend linearly on the others.
    aliases
        (p, d) what the d columns left out are in terms of the columns kept, ``dropped = x @ aliases``;
        None where none is left out.
    labelled
        The columns of the table that enter as labels, one coefficient per level, not as quantities.
    recipe
        How the columns were made, to make them on new rows; None for a design that no table stands behind.
    derived
        How those columns of the table were made from others that the model reads, in an order that can be
        followed.
    """

    spec: ModelSpec
    y: FloatArray
    x: FloatArray
    fixed_names: tuple[str, ...]
    assign: NDArray[np.intp]
    random: tuple[RandomDesign, ...]
    weights: FloatArray | None
    offset: FloatArray | None
    rows: NDArray[np.intp]
    dropped_rows: int
    dropped_columns: tuple[str, ...] = ()
    labelled: frozenset[str] = frozenset()
    aliases: FloatArray | None = None
    recipe: Recipe | None = None
    derived: tuple[DerivedColumn, ...] = ()

    @property
    def nobs(self) -> int:
        """Rows used."""
        return int(self.y.shape[0])

    @property
    def row_weights(self) -> FloatArray:
        """(n,) prior weights, ones where there are none."""
        return np.ones(self.nobs) if self.weights is None else self.weights

    @property
    def first_terms(self) -> dict[str, int]:
        """The position of the first random-effects term of each grouping factor, in the formula's order."""
        return {r.grouping: k for k, r in reversed(tuple(enumerate(self.random)))}

    @property
    def theta_count(self) -> int:
        """Number of covariance parameters (the length of theta)."""
        return sum(r.theta_count for r in self.random)

    def theta_slice(self, term: int) -> slice:
        """Where theta has the parameters of a random-effects term."""
        start = sum(r.theta_count for r in self.random[:term])
        return slice(start, start + self.random[term].theta_count)
