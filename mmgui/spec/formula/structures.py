"""How a formula writes covariance structures: ``us() diag() cs() ar1()`` with ``hom``, as lme4 ≥ 2.0.

glmmTMB's names for the same, ``homdiag() homcs() hetar1()``, are read too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmgui.spec.terms import Covariance


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure's name in formulas.

    Attributes
    ----------
    plain
        What it stands for without an option.
    homogeneous, heterogeneous
        What it stands for with ``hom = TRUE`` and ``hom = FALSE``; None where there is no such option.
    """

    plain: Covariance
    homogeneous: Covariance | None = None
    heterogeneous: Covariance | None = None


STRUCTURES: Mapping[str, Structure] = {
    "us": Structure(Covariance.UNSTRUCTURED),
    "diag": Structure(Covariance.INDEPENDENT, Covariance.IDENTITY, Covariance.INDEPENDENT),
    "homdiag": Structure(Covariance.IDENTITY),
    "cs": Structure(
        Covariance.COMPOUND_SYMMETRY,
        Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY,
        Covariance.COMPOUND_SYMMETRY,
    ),
    "homcs": Structure(Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY),
    "ar1": Structure(Covariance.AR1, Covariance.AR1, Covariance.HETEROGENEOUS_AR1),
    "hetar1": Structure(Covariance.HETEROGENEOUS_AR1),
}

WRITTEN: Mapping[Covariance, tuple[str, str]] = {
    Covariance.INDEPENDENT: ("diag", ""),
    Covariance.IDENTITY: ("diag", ", hom = TRUE"),
    Covariance.COMPOUND_SYMMETRY: ("cs", ""),
    Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY: ("cs", ", hom = TRUE"),
    Covariance.AR1: ("ar1", ""),
    Covariance.HETEROGENEOUS_AR1: ("ar1", ", hom = FALSE"),
}
"""How ``print_model`` writes the structures that are calls: the name, and what follows the groups."""
