"""LAPACK's Cholesky factor and inverse without holding the interpreter.

SciPy's wrappers keep the interpreter lock for the whole call (100 ms and more for large blocks, during
which a window would freeze). The same routines, which SciPy exports for Cython, are called through
ctypes, which lets the lock go. Small matrices take the wrappers, whose calls cost less.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import cast

import numpy as np
from scipy.linalg import cython_lapack, lapack

from mmgui.engine.design import FloatArray

# From this order on the lock is let go; smaller ones take less than 0.5 ms.
UNLOCKED = 256

_INT = ctypes.POINTER(ctypes.c_int)
_ROUTINE = ctypes.CFUNCTYPE(None, ctypes.c_char_p, _INT, ctypes.c_void_p, _INT, _INT)
_capsule_name = ctypes.PYFUNCTYPE(ctypes.c_char_p, ctypes.py_object)(("PyCapsule_GetName", ctypes.pythonapi))
_capsule_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)


@cache
def _routine(name: str) -> Callable[..., None] | None:
    """``name(uplo, n, a, lda, info)``, or None where SciPy's has other integers than C's int."""
    capsule = cast("dict[str, object]", cython_lapack.__pyx_capi__)[name]
    signature = _capsule_name(capsule)
    parts = signature.decode().partition("(")[2].rstrip(")").split(", ")
    if [p.split()[0] for p in (parts[1], parts[3], parts[4])] != ["int"] * 3:
        return None
    return _ROUTINE(_capsule_pointer(capsule, signature))


def _in_place(name: str, a: FloatArray) -> int:
    routine = _routine(name)
    assert routine is not None
    n, info = ctypes.c_int(a.shape[0]), ctypes.c_int(0)
    routine(b"L", ctypes.byref(n), a.ctypes.data, ctypes.byref(n), ctypes.byref(info))
    return info.value


def potrf(a: FloatArray) -> tuple[FloatArray, int]:
    """The Cholesky factor of column-major ``a`` from its lower triangle, zeros above, in place; and info."""
    if a.shape[0] < UNLOCKED or _routine("dpotrf") is None or not a.flags.f_contiguous:
        l, info = lapack.dpotrf(a, lower=1, clean=1, overwrite_a=1)
        return l, info
    info = _in_place("dpotrf", a)
    n = a.shape[0]
    for start in range(0, n, UNLOCKED):
        stop = min(start + UNLOCKED, n)
        a[:start, start:stop] = 0.0
        a[start:stop, start:stop] = np.tril(a[start:stop, start:stop])
    return a, info


def potri(l: FloatArray) -> tuple[FloatArray, int]:
    """The lower triangle of (L Lᵀ)⁻¹, column-major, and info; ``l`` is left as it is."""
    if l.shape[0] < UNLOCKED or _routine("dpotri") is None:
        inverse, info = lapack.dpotri(l, lower=1)
        return inverse, info
    out = l.copy(order="F")
    return out, _in_place("dpotri", out)
