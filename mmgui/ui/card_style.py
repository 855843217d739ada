"""The stylesheet's rules for the cards of the random effects."""

from __future__ import annotations

from mmgui.app.theme import Theme


def rules(t: Theme) -> str:
    """Rules for what stands on a card."""
    return f"""
QFrame[role="termCard"] QPushButton[role="quiet"] {{ color: {t.muted}; border: 1px solid transparent;
  padding: {t.px(2)}px {t.px(4)}px; font-size: {t.px(12)}px; }}
QFrame[role="termCard"] QPushButton[role="quiet"]:hover {{ color: {t.text}; background: {t.grid}; }}
QFrame[role="termCard"] QPushButton[role="quiet"]:focus {{ border-color: {t.accent}; color: {t.text}; }}
QFrame[role="termCard"] QCheckBox {{ border: none; }}
QFrame[role="termCard"] QCheckBox::indicator:focus {{ border: 2px solid {t.accent}; }}
QFrame[role="termCard"] QLabel#parameterCount {{ color: {t.text}; }}
QFrame[role="termCard"] QLabel#parameterCount[few="true"],
QFrame[role="termCard"] QLabel#parameterRule[few="true"] {{ color: {t.warn}; }}
QFrame[role="termCard"] QListWidget {{ background: transparent; border: none; }}
QFrame[role="termCard"] QComboBox {{ font-weight: 600; padding: {t.px(3)}px {t.px(4)}px; }}
QFrame[role="termCard"] QComboBox:disabled {{ color: {t.muted}; font-weight: 400; }}
QFrame[role="termCard"] QToolButton[role="dots"] {{ color: {t.line}; border: 1px solid transparent;
  border-radius: {t.px(4)}px; padding: 0; font-size: {t.px(14)}px; font-weight: 700; }}
QFrame[role="termCard"] QToolButton[role="dots"]:hover {{ color: {t.text}; background: {t.grid}; }}
QFrame[role="termCard"] QToolButton[role="dots"]:focus {{ color: {t.text}; border-color: {t.accent}; }}
QLabel[role="dropZone"] {{ color: {t.muted}; border: 1px dashed {t.muted}; border-radius: {t.px(6)}px;
  padding: {t.px(5)}px {t.px(9)}px; font-size: {t.px(12)}px; background: {t.surface}; }}
QLabel[role="dropZone"][dropping="true"] {{ color: {t.accent}; border: 2px solid {t.accent};
  background: {t.accent_soft}; }}
QLabel#groupingHint {{ color: {t.muted}; font-size: {t.px(12)}px; }}
"""
