"""Terms as the window names them: awkward names without the backticks that a formula needs."""

from __future__ import annotations

from mmgui.spec.expression import show
from mmgui.spec.products import Product
from mmgui.spec.terms import Term


def term_words(term: Term) -> str:
    """``Body height:Days``; the intercept is ``1``."""
    return ":".join(show(f, quoted=False) for f in term.factors) if term.factors else "1"


def product_name(product: Product) -> str:
    """``Body height * Days``."""
    return " * ".join(show(f, quoted=False) for f in product.factors)
