"""One BLAS thread while the engine works.

The blocks are small or shared with other work; a threaded BLAS on a busy machine makes a 17 ms
Cholesky take 350 ms.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    # scipy brings its own BLAS: load it first, so that the controller sees both.
    import scipy.linalg.lapack  # noqa: F401

    return ThreadpoolController()


def one_blas_thread() -> AbstractContextManager[Any]:
    """A context in which BLAS uses one thread; finding the libraries (3 ms) happens once per process."""
    limit: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limit
