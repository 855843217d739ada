"""What every step of building a model has in common: the model before it."""

from __future__ import annotations

from mmgui.app.store import Store
from mmgui.spec.model import ModelSpec


class Steps:
    """Edits the store's draft; says in plain words what each step did."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def draft(self) -> ModelSpec:
        """The model being built."""
        return self._store.document.draft
