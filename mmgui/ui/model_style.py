"""The stylesheet's rules for the data pane and the model pane."""

from __future__ import annotations

from mmgui.app.theme import Theme
from mmgui.ui.card_style import rules as card_rules


def rules(theme: Theme) -> str:
    """Rules for the roles that these two panes use."""
    return "\n".join([_formula(theme), _chips(theme), card_rules(theme), _findings(theme), _data(theme)])


def _formula(t: Theme) -> str:
    return f"""
QPlainTextEdit[role="formula"] {{ font-family: "DejaVu Sans Mono"; font-size: {t.px(13)}px;
  padding: {t.px(6)}px {t.px(8)}px; }}
QPlainTextEdit[role="formula"][wrong="true"] {{ border-color: {t.warn}; }}
QLabel#formulaError, QLabel#typeError, QLabel#termError {{ color: {t.warn}; font-size: {t.px(12)}px; }}
QLabel[role="section"] {{ color: {t.muted}; font-size: {t.px(12.5)}px; }}
QComboBox[role="quiet"] {{ border-color: transparent; color: {t.muted}; background: transparent; }}
QComboBox[role="quiet"]:hover {{ background: {t.grid}; }}
QComboBox[role="quiet"]:focus {{ border-color: {t.accent}; }}
QComboBox[dropping="true"] {{ border: 2px dashed {t.accent}; background: {t.accent_soft}; }}
QComboBox[empty="true"] {{ color: {t.muted}; }}
QComboBox[empty="true"] QAbstractItemView {{ color: {t.text}; }}
QWidget#modelBody, QWidget#modelBody QScrollArea, QWidget#adviceBody {{ background: transparent; }}
QScrollArea#adviceDock {{ background: transparent; border-top: 1px solid {t.grid}; }}
"""


def _chips(t: Theme) -> str:
    return f"""
QFrame[role="chip"] {{ background: {t.background}; border: 1px solid {t.line}; border-radius: {t.px(12)}px;
  min-height: {t.px(24)}px; }}
QFrame[role="chip"]:hover {{ border-color: {t.muted}; }}
QFrame[role="chip"]:focus {{ border-color: {t.accent}; background: {t.accent_soft}; }}
QFrame[role="chip"][dropping="true"] {{ border: 2px dashed {t.accent}; background: {t.accent_soft}; }}
QToolButton[role="chipRemove"] {{ color: {t.muted}; border: none; padding: 0 {t.px(3)}px;
  font-size: {t.px(14)}px; }}
QToolButton[role="chipRemove"]:hover {{ color: {t.warn}; background: transparent; }}
QPushButton[role="ghost"] {{ color: {t.muted}; border: 1px dashed {t.line}; border-radius: {t.px(12)}px;
  padding: {t.px(4)}px {t.px(11)}px; background: transparent; }}
QPushButton[role="ghost"]:hover {{ color: {t.text}; border-color: {t.muted}; }}
QPushButton[role="ghost"]:focus {{ color: {t.text}; border: 1px solid {t.accent}; }}
QWidget#fixedTermsView[dropping="true"], QWidget#randomTermsView[dropping="true"] {{
  background: {t.accent_soft}; border-radius: {t.px(8)}px; }}
"""


def _findings(t: Theme) -> str:
    return f"""
QFrame[role="finding"] {{ background: {t.accent_soft}; border: none; border-radius: {t.px(8)}px; }}
QFrame[role="finding"][severity="error"], QFrame[role="finding"][severity="warning"] {{
  background: {t.warn_soft}; }}
QFrame[role="finding"] QLabel {{ color: {t.text}; }}
QFrame[role="finding"] QLabel[role="fixPreview"] {{ color: {t.muted}; font-size: {t.px(11.5)}px;
  font-family: "DejaVu Sans Mono"; }}
QPushButton#moreAdviceButton {{ color: {t.muted}; border: 1px solid transparent; text-align: left;
  padding: {t.px(2)}px {t.px(4)}px; }}
QPushButton#moreAdviceButton:hover {{ color: {t.text}; }}
QPushButton#moreAdviceButton:focus {{ border-color: {t.accent}; }}
QFrame[role="finding"] QPushButton[role="link"] {{ text-align: left; border: 1px solid transparent;
  border-radius: {t.px(6)}px; padding: {t.px(2)}px {t.px(4)}px; color: {t.accent}; font-weight: 600; }}
QFrame[role="finding"] QPushButton[role="link"]:hover {{ background: {t.surface}; }}
QFrame[role="finding"] QPushButton[role="link"]:focus {{ border-color: {t.accent}; }}
"""


def _data(t: Theme) -> str:
    return f"""
QTableView#variableTable, QTableView#variableTable:focus {{ background: transparent; border: none;
  border-top: 1px solid {t.grid}; }}
QFrame#variableSettings {{ background: transparent; border: none; border-top: 1px solid {t.grid}; }}
QFrame#variableSettings QComboBox {{ padding: {t.px(3)}px {t.px(6)}px; }}
QLabel#groupingSentences {{ color: {t.muted}; font-size: {t.px(12.5)}px; }}
QListWidget[role="choices"] {{ background: {t.surface}; border: none; }}
QListWidget[role="choices"]::item {{ padding: {t.px(4)}px {t.px(6)}px; border-radius: {t.px(5)}px; }}
QListWidget[role="choices"]::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
"""
