"""The one stylesheet of the window, made from a theme's tokens. Widgets name what they are by ``role``."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from mmgui.app.theme import Theme
from mmgui.resources import assets

UI_FONT = "Inter"
FORMULA_FONT = "DejaVu Sans Mono"


def stylesheet(theme: Theme) -> str:
    """Rules for every role."""
    from mmgui.ui.model_style import rules

    return "\n".join(
        [_base(theme), _surfaces(theme), _buttons(theme), _inputs(theme), _views(theme), rules(theme)]
    )


def palette(theme: Theme) -> QPalette:
    """Fusion's palette in the theme's colours."""
    result = QPalette()
    colors = {
        QPalette.ColorRole.Window: theme.background,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.surface,
        QPalette.ColorRole.AlternateBase: theme.grid,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Button: theme.surface,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.warn,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: on_accent(theme),
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.LinkVisited: theme.accent,
        QPalette.ColorRole.ToolTipBase: theme.surface,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Mid: theme.line,
        QPalette.ColorRole.Accent: theme.accent,
    }
    for role, color in colors.items():
        result.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return result


def on_accent(theme: Theme) -> str:
    """Text on the accent colour."""
    return theme.background if theme.dark else "#FFFFFF"


def _base(t: Theme) -> str:
    return f"""
* {{ font-family: "{UI_FONT}"; font-size: {t.px(13)}px; color: {t.text}; outline: none; }}
QMainWindow, QWidget[role="background"] {{ background: {t.background}; }}
QWidget[role="surface"] {{ background: {t.surface}; }}
QToolTip {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.line};
  padding: {t.px(6)}px; font-size: {t.px(12.5)}px; }}
QLabel {{ background: transparent; }}
QLabel[role="muted"] {{ color: {t.muted}; font-size: {t.px(12)}px; }}
QLabel[role="paneTitle"] {{ color: {t.muted}; font-size: {t.px(12)}px; font-weight: 600; }}
QLabel[role="heading"] {{ font-weight: 600; font-size: {t.px(14)}px; }}
QLabel[role="hero"] {{ font-weight: 600; font-size: {t.px(26)}px; }}
QLabel[role="lead"] {{ color: {t.muted}; font-size: {t.px(15)}px; }}
QLabel[role="brand"] {{ font-weight: 700; font-size: {t.px(14.5)}px; }}
QLabel[role="formula"] {{ font-family: "{FORMULA_FONT}"; font-size: {t.px(13)}px; }}
QLabel[role="code"] {{ font-family: "{FORMULA_FONT}"; font-size: {t.px(12)}px; background: {t.background};
  border-radius: {t.px(6)}px; padding: {t.px(10)}px; }}
QLabel[role="good"] {{ color: {t.good}; }}
QLabel[role="warn"] {{ color: {t.warn}; }}
QLabel[role="badge"] {{ background: {t.grid}; color: {t.muted}; border-radius: {t.px(6)}px;
  padding: {t.px(1)}px {t.px(7)}px; font-weight: 600; }}
QLabel[role="staleBadge"] {{ background: {t.warn_soft}; color: {t.warn}; border-radius: {t.px(9)}px;
  padding: {t.px(3)}px {t.px(10)}px; font-size: {t.px(12)}px; }}
"""


def _surfaces(t: Theme) -> str:
    return f"""
QFrame[role="toolbar"] {{ background: {t.surface}; border: none; border-bottom: 1px solid {t.line}; }}
QFrame[role="rule"] {{ background: {t.line}; border: none; }}
QFrame[role="pane"], QWidget#dataPane, QWidget#modelPane {{ background: {t.surface};
  border: 1px solid {t.line}; border-radius: {t.px(10)}px; }}
QFrame[role="card"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: {t.px(8)}px; }}
QFrame[role="card"]:hover, QFrame[role="card"]:focus {{ border-color: {t.accent}; }}
QFrame[role="card"][selected="true"] {{ background: {t.accent_soft}; border: 1px solid {t.accent}; }}
QFrame[role="note"] {{ background: {t.accent_soft}; border: none; border-radius: {t.px(8)}px; }}
QFrame[role="warnNote"] {{ background: {t.warn_soft}; border: none; border-radius: {t.px(8)}px; }}
QFrame[role="messageBar"] {{ background: {t.warn_soft}; border: 1px solid {t.warn};
  border-radius: {t.px(8)}px; }}
QFrame[role="messageBar"] QLabel {{ color: {t.text}; }}
QFrame[role="choice"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: {t.px(14)}px; }}
QFrame[role="choice"][dropping="true"] {{ border: 2px solid {t.accent}; background: {t.accent_soft}; }}
QFrame[role="dropZone"] {{ background: {t.background}; border: 1px dashed {t.residual};
  border-radius: {t.px(10)}px; }}
QFrame[role="popup"] {{ background: {t.surface}; border: 1px solid {t.line}; }}
QScrollArea, QScrollArea > QWidget > QWidget[role="page"], QWidget[role="page"] {{
  background: transparent; border: none; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QSplitter::handle {{ background: transparent; }}
QMenu {{ background: {t.surface}; border: 1px solid {t.line}; padding: {t.px(4)}px; }}
QMenu::item {{ padding: {t.px(6)}px {t.px(22)}px; border-radius: {t.px(5)}px; }}
QMenu::item:selected {{ background: {t.accent_soft}; }}
QMenu::item:disabled {{ color: {t.muted}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: {t.px(4)}px; }}
"""


def _buttons(t: Theme) -> str:
    radius, pad = t.px(6), f"{t.px(6)}px {t.px(12)}px"
    return f"""
QToolButton, QPushButton {{ background: transparent; border: 1px solid transparent;
  border-radius: {radius}px; padding: {pad}; }}
QToolButton:hover, QPushButton:hover {{ background: {t.grid}; }}
QToolButton:pressed, QPushButton:pressed, QToolButton:checked {{ background: {t.accent_soft}; }}
QToolButton:focus, QPushButton:focus {{ border-color: {t.accent}; }}
QToolButton:disabled, QPushButton:disabled {{ color: {t.muted}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QPushButton[role="primary"] {{ background: {t.accent}; color: {on_accent(t)}; font-weight: 600; }}
QPushButton[role="primary"]:hover {{ background: {_shade(t.accent, t)}; }}
QPushButton[role="primary"]:focus {{ border-color: {t.text}; }}
QPushButton[role="primary"]:disabled {{ background: {t.grid}; color: {t.muted}; }}
QPushButton[role="pill"] {{ background: {t.background}; border: 1px solid {t.line};
  border-radius: {t.px(12)}px; padding: {t.px(5)}px {t.px(14)}px; }}
QPushButton[role="pill"]:hover {{ border-color: {t.accent}; }}
QPushButton[role="pill"]:enabled[strong="true"] {{ color: {t.accent}; font-weight: 600; }}
QPushButton[role="pill"]:checked {{ background: {t.accent_soft}; border-color: {t.accent};
  color: {t.accent}; }}
QPushButton[role="pill"]:focus {{ border-color: {t.accent}; }}
QPushButton[role="link"], QToolButton[role="link"] {{ color: {t.accent}; font-weight: 600;
  padding: {t.px(2)}px {t.px(4)}px; }}
QPushButton[role="link"]:hover, QToolButton[role="link"]:hover {{ background: {t.accent_soft}; }}
QFrame[role="toolbar"] QToolButton, QFrame[role="toolbar"] QPushButton {{
  padding: {t.air(6)}px {t.px(12)}px; }}
QToolButton[role="fold"] {{ color: {t.muted}; padding: 0 {t.px(6)}px; font-size: {t.px(14)}px; }}
QToolButton[role="corner"] {{ padding: {t.air(4)}px {t.air(6)}px; }}
QToolButton[role="close"] {{ color: {t.muted}; padding: {t.px(2)}px {t.px(6)}px; font-size: {t.px(15)}px; }}
QCheckBox {{ spacing: {t.px(6)}px; background: transparent; }}
QCheckBox::indicator {{ width: {t.px(14)}px; height: {t.px(14)}px; border: 1px solid {t.muted};
  border-radius: {t.px(4)}px; background: {t.surface}; }}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border: 1px solid {t.accent}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
  image: url("{_check(t)}"); }}
"""


def _inputs(t: Theme) -> str:
    return f"""
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox {{ background: {t.surface}; border: 1px solid {t.line};
  border-radius: {t.px(6)}px; padding: {t.px(5)}px {t.px(8)}px; selection-background-color: {t.accent};
  selection-color: {on_accent(t)}; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus {{ border-color: {t.accent}; }}
PageHead QComboBox, ViewChoice QComboBox {{ padding: {t.px(4)}px {t.px(8)}px; }}
QComboBox::drop-down {{ border: none; width: {t.px(18)}px; }}
QComboBox QAbstractItemView {{ background: {t.surface}; border: 1px solid {t.line};
  selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QProgressBar {{ background: {t.grid}; border: none; border-radius: {t.px(3)}px; max-height: {t.px(6)}px;
  min-height: {t.px(6)}px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: {t.px(3)}px; }}
"""


def _views(t: Theme) -> str:
    return f"""
QTabWidget::pane {{ border: none; border-top: 1px solid {t.line}; }}
QTabBar {{ background: transparent; border: none; }}
QTabBar::tab {{ background: transparent; color: {t.muted}; border: none;
  border-bottom: 2px solid transparent; padding: {t.air(10)}px {t.px(13)}px; }}
QTabBar[tight="true"]::tab {{ padding: {t.air(10)}px {t.px(6)}px; }}
QTabBar::scroller {{ width: 0; }}
QTabBar::tab:hover {{ color: {t.text}; }}
QTabBar::tab:focus {{ background: {t.grid}; }}
QTabBar::tab:selected {{ color: {t.text}; font-weight: 600; border-bottom: 2px solid {t.accent}; }}
QTableView, QListView, QTreeView {{ background: transparent; border: none; gridline-color: transparent;
  selection-background-color: {t.accent_soft}; selection-color: {t.text};
  alternate-background-color: {t.grid}; }}
QTableView::item {{ border-bottom: 1px solid {t.grid}; padding: 0 {t.px(6)}px; }}
QTableView::item:selected {{ background: {t.accent_soft}; }}
QTableView:focus {{ border: none; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ background: transparent; color: {t.muted}; border: none;
  border-bottom: 1px solid {t.line}; padding: {t.px(4)}px {t.px(6)}px;
  font-size: {t.px(12)}px; font-weight: 400; }}
QScrollBar:vertical {{ background: transparent; width: {t.px(10)}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {t.px(10)}px; margin: 0; }}
QScrollBar::handle {{ background: {t.line}; border-radius: {t.px(4)}px; min-height: {t.px(24)}px;
  min-width: {t.px(24)}px; margin: {t.px(1)}px; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _shade(color: str, theme: Theme) -> str:
    base = QColor(color)
    return (base.lighter(112) if theme.dark else base.darker(112)).name()


def _check(theme: Theme) -> str:
    return (assets() / "icons" / f"check-{theme.name}.svg").as_posix()
