"""A pill: the button that a page's choices are made with."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget


def pill(
    name: str, words: str, meaning: str = "", *, checkable: bool = True, parent: QWidget | None = None
) -> QPushButton:
    """A button named ``name``; its tooltip says what it means, a screen reader says both."""
    button = QPushButton(words, parent)
    button.setObjectName(name)
    button.setAccessibleName(f"{words}: {meaning}" if meaning else words)
    button.setToolTip(meaning)
    button.setProperty("role", "pill")
    button.setCheckable(checkable)
    return button
