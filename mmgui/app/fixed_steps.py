"""Steps that change the fixed effects, each labelled, each one undo step."""

from __future__ import annotations

from mmgui.app.steps import Steps
from mmgui.spec import edit, edit_fixed
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.expression import Expression, show
from mmgui.spec.products import MOST_FACTORS, Product, product_of
from mmgui.spec.terms import Term


class FixedSteps(Steps):
    """What a person can do to the fixed effects."""

    def set_intercept(self, on: bool) -> None:
        label = "Add the intercept" if on else "Remove the intercept"
        self._store.edit_draft(label, edit.set_intercept(self.draft, on))

    def add_fixed(self, *terms: Term) -> None:
        label = ", ".join(t.label for t in terms)
        self._store.edit_draft(f"Add fixed effect {label}", edit.add_fixed(self.draft, *terms))

    def remove_fixed(self, term: Term) -> None:
        self._store.edit_draft(f"Remove fixed effect {term.label}", edit.remove_fixed(self.draft, term))

    def add_interaction(self, first: Term, second: Term, *, with_main: bool = True) -> None:
        """Add ``a*b``, of ``a:b`` and ``c`` all of ``a*b*c``; or the interaction alone."""
        product = product_of(first, second)
        if with_main and len(product.factors) <= MOST_FACTORS:
            spec = edit_fixed.add_product(self.draft, product)
        else:
            spec = edit.add_interaction(self.draft, first, second, with_main=with_main)
        self._store.edit_draft(f"Add interaction {first.label}:{second.label}", spec)

    def remove_interactions(self, product: Product) -> None:
        """Leave the main effects of a product alone."""
        spec = edit_fixed.remove_terms(self.draft, product.interactions)
        self._store.edit_draft(f"Remove the interactions of {product.label}", spec)

    def replace_factor(self, old: Expression, new: Expression, *, in_slopes: bool = True) -> None:
        """Put ``log(x)`` in the place of ``x``, in interactions and slopes too."""
        spec = edit_fixed.replace_factor(self.draft, old, new, in_slopes=in_slopes)
        where = "" if in_slopes else " in the fixed effects"
        self._store.edit_draft(f"Replace {show(old)} by {show(new)}{where}", spec)

    def add_powers(self, column: str, degree: int) -> None:
        """Add ``I(x^2)``, ``I(x^3)``, … beside ``x``."""
        terms = [Term((edit_fixed.power(column, k),)) for k in range(2, degree + 1)]
        label = " and ".join(t.label for t in terms)
        self._store.edit_draft(f"Add {label}", edit.add_fixed(self.draft, *terms))

    def set_coding(self, coding: Coding) -> None:
        """Choose the contrasts and the reference level of a factor, in this model alone."""
        if coding.usual:
            label = f"Compare {coding.column} with its first level"
        elif coding.reference is not None:
            label = f"Use {coding.reference} as reference of {coding.column} in this model"
        else:
            label = f"Use {_CONTRASTS[coding.contrast]} contrasts for {coding.column}"
        self._store.edit_draft(label, edit.set_coding(self.draft, coding))


_CONTRASTS = {
    Contrast.TREATMENT: "treatment",
    Contrast.SUM: "sum",
    Contrast.HELMERT: "Helmert",
    Contrast.POLYNOMIAL: "polynomial",
}
