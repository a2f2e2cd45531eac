"""The way to the help panel and back: F1, a topic that a page names, Esc."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from wizard.ui.footer import Footer
from wizard.ui.help import HelpPanel
from wizard.ui.panes import Panes

__all__ = ["HelpDoor"]


class HelpDoor(QObject):
    """Opens and folds the panel, and leaves the keyboard where somebody goes on."""

    def __init__(self, panel: HelpPanel, panes: Panes, footer: Footer, parent: QWidget) -> None:
        super().__init__(parent)
        self._panel = panel
        self._panes = panes
        self._footer = footer
        panel.folded.connect(panes.fold_help)
        panel.wanted.connect(panes.open_help)
        panel.escaped.connect(self._escaped)
        toggle = QShortcut(QKeySequence(Qt.Key.Key_F1), parent)
        toggle.activated.connect(self._toggle)

    def open_topic(self, topic_id: str) -> None:
        """Open the help panel with one topic on top."""
        self._panel.open_topic(topic_id)
        self._panes.open_help()

    def _toggle(self) -> None:
        if self._panes.help_is_open:
            self._escaped()
        else:
            self._panes.open_help()
            self._panel.first_field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _escaped(self) -> None:
        self._panes.fold_help()
        self._footer.primary.setFocus(Qt.FocusReason.OtherFocusReason)
