"""The style sheet for what Qt draws itself: fields, menus, lists and tool tips."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizard.ui.tokens import Token

__all__ = ["style_sheet"]

_RULES = """
QToolTip { background: @page; color: @ink; border: 1px solid @line-2; padding: 4px 6px; }
QLineEdit { background: @page; color: @ink; border: 1px solid @edge; border-radius: 8px;
    padding: 0 11px; min-height: 34px; max-height: 34px; selection-background-color: @accent;
    selection-color: @on-accent; }
QLineEdit[small="true"] { border-radius: 6px; padding: 0 9px; min-height: 30px; max-height: 30px; }
QLineEdit:focus { border: 2px solid @accent; padding: 0 10px; min-height: 32px;
    max-height: 32px; }
QLineEdit[small="true"]:focus { padding: 0 8px; min-height: 28px; max-height: 28px; }
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus { background: transparent; border: 0;
    padding: 0 4px; min-height: 28px; max-height: 28px; }
QLineEdit[wrong="true"] { border-color: @bad; }
QLineEdit:disabled { background: @off; border-color: @off; color: @off-ink; }
QSpinBox QLineEdit, QSpinBox QLineEdit:focus { background: transparent; border: 0; padding: 0;
    min-height: 0; max-height: 28px; }
QSpinBox { background: transparent; color: @ink; border: 0; }
QSpinBox:disabled { background: transparent; color: @off-ink; }
QComboBox QAbstractItemView { background: @page; color: @ink; border: 1px solid @line-2;
    outline: 0; padding: 4px; selection-background-color: @accent-soft; selection-color: @ink; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; border-radius: 6px; }
QMenu { background: @page; color: @ink; border: 1px solid @line-2; padding: 4px; }
QMenu::item { padding: 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: @accent-soft; color: @ink; }
QAbstractScrollArea { border: 0; background: transparent; }
QPlainTextEdit { background: @subtle; color: @ink; border: 1px solid @line; border-radius: 8px;
    padding: 6px 4px 6px 8px; selection-background-color: @accent; selection-color: @on-accent; }
QPlainTextEdit:focus { border: 2px solid @accent; padding: 5px 3px 5px 7px; }
QFileDialog QHeaderView::section { background: @subtle; color: @ink-2; border: 0;
    padding: 3px 6px; }
QFileDialog QScrollBar { background: @subtle; border: 0; }
QFileDialog QScrollBar:horizontal { height: 10px; }
QFileDialog QScrollBar:vertical { width: 10px; }
QFileDialog QScrollBar::handle { background: @line-2; border-radius: 3px; margin: 2px; }
QFileDialog QScrollBar::add-line, QFileDialog QScrollBar::sub-line { width: 0; height: 0; }
"""


def style_sheet(colors: Mapping[Token, str]) -> str:
    """The rules with every `@token` replaced by its color."""
    return re.sub(r"@([a-z0-9-]+)", lambda found: colors[Token(found.group(1))], _RULES)
