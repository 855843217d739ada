"""The stylesheet's rules for the panel of suggested structures."""

from __future__ import annotations

from mmgui.app.theme import Theme


def rules(t: Theme) -> str:
    """Rules for the roles that the panel alone uses."""
    return f"""
QLabel[role="question"] {{ font-weight: 600; }}
QLabel[role="suggestionTitle"] {{ font-weight: 600; font-size: {t.px(14)}px; }}
QLabel[role="recommended"] {{ background: {t.accent_soft}; color: {t.accent}; font-weight: 600;
  font-size: {t.px(12)}px; border-radius: {t.px(9)}px; padding: {t.px(2)}px {t.px(9)}px; }}
QFrame[role="suggestion"] {{ background: {t.surface}; border: 1px solid {t.line};
  border-radius: {t.px(8)}px; }}
QFrame[role="suggestion"][recommended="true"] {{ border: 1px solid {t.accent}; }}
QFrame[role="suggestion"] QPushButton#equationToggle {{ border: 1px solid transparent;
  padding: {t.px(5)}px {t.px(6)}px; }}
QFrame[role="suggestion"] QPushButton#equationToggle:checked {{ background: transparent; }}
QFrame[role="suggestion"] QPushButton#equationToggle:focus {{ border-color: {t.accent}; }}
QFrame[role="suggestion"][blocked="true"] {{ background: {t.background}; }}
QFrame[role="suggestion"][blocked="true"] QLabel {{ color: {t.muted}; }}
"""
