"""The question when the window is closed while it keeps accounts in step."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Text

__all__ = ["KeepSyncingSheet", "SyncStopsSheet"]


class _ClosingSheet(Sheet):
    """Sentences and two ways on; closing the sheet keeps the window."""

    def __init__(self, title: str, sentences: tuple[str, ...], *, name: str) -> None:
        super().__init__(title, name=name)
        for words in sentences:
            self.put(Text(words, Letters.PROSE, Token.INK_2, strong_token=Token.INK))
            self.put(10)
        self.put(None)
        self._first: Button | None = None

    def _ways(self, first: Button, second: Button) -> None:
        self._first = first
        self.put_foot(first, second)

    def first_field(self) -> QWidget:
        return self._first if self._first is not None else self


class KeepSyncingSheet(_ClosingSheet):
    """Asked once, where the desktop has a tray: go on without the window, or quit."""

    kept = Signal()
    quit_chosen = Signal()

    def __init__(self) -> None:
        super().__init__(
            t("Keep syncing in the background?"),
            (
                t(
                    "**If you keep it**, the window closes and the sync goes on. The program’s "
                    "mark in the system tray shows how it is and opens the window again."
                ),
                t(
                    "**If you quit**, the sync stops until you start the program again. Then it "
                    "catches up. No account is lost meanwhile."
                ),
                t("We ask this once. You can change it in Settings."),
            ),
            name="keep-syncing-sheet",
        )
        keep = Button(t("Keep syncing"), name="keep-syncing")
        keep.clicked.connect(lambda _on: self.kept.emit())
        leave = Button(t("Quit"), name="quit-syncing")
        leave.clicked.connect(lambda _on: self.quit_chosen.emit())
        self._ways(keep, leave)


class SyncStopsSheet(_ClosingSheet):
    """Said where there is no tray: with the window, the sync ends."""

    minimized = Signal()
    quit_chosen = Signal()

    def __init__(self) -> None:
        super().__init__(
            t("The sync stops with this window"),
            (
                t(
                    "This desktop has no system tray where the program could stay. When you "
                    "close the window, nobody is kept in step until you open it again."
                ),
                t("Minimize it, and the sync goes on."),
                t("Nothing is lost either way: the next sync catches up."),
            ),
            name="sync-stops-sheet",
        )
        small = Button(t("Minimize"), name="minimize-window")
        small.clicked.connect(lambda _on: self.minimized.emit())
        leave = Button(t("Close and stop"), name="quit-syncing")
        leave.clicked.connect(lambda _on: self.quit_chosen.emit())
        self._ways(small, leave)
