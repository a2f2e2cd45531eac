"""What an answer of the help panel can do here: save the kit for IT."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Trouble
from wizard.services.contract.hand_over import KitFiles
from wizard.services.jobs import Lane
from wizard.ui.help_source import HelpAction
from wizard.ui.layouts import column, row
from wizard.ui.page import Desk
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.text import Text

__all__ = ["SaveKit", "action_part"]


def action_part(desk: Desk, action: HelpAction) -> QWidget | None:
    """The part that does it; None where it can't be done now."""
    if action is HelpAction.LIVE_CHECK:
        from wizard.ui.widgets.live_check import LiveCheckPart

        return LiveCheckPart(desk)
    return SaveKit(desk)


class SaveKit(QWidget):
    """Saves the hand-over kit, which answers what IT asks about data and privacy."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._save = Button(
            t("Save the hand-over kit"), icon="download", small=True, name="help-save-kit"
        )
        self._save.clicked.connect(self._ask_where)
        self._told = Text("", Letters.SECOND, Token.INK_2)
        self._told.setObjectName("help-kit-saved")
        self._told.hide()
        column(8, row(self._save, None), 6, self._told, inside=self)

    def _ask_where(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, t("Save the hand-over kit"), "hand-over.html", t("Web page (*.html)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the kit there, off the window's thread."""
        bench = self._desk.bench
        self._save.set_busy(t("Saving"))
        # The answer may be closed for good meanwhile.
        there = [self]
        self.destroyed.connect(there.clear)

        def saved(files: KitFiles) -> None:
            for one in there:
                one.show_saved(files)

        def not_saved(trouble: Trouble) -> None:
            for one in there:
                one.show_trouble(trouble)

        self._desk.jobs.start(
            Lane.NET,
            lambda _job: bench.hand_over.save_kit(path),
            done=saved,
            failed=not_saved,
        )

    def show_saved(self, files: KitFiles) -> None:
        """Say what was saved."""
        self._say(t("Saved as {kit}. Send it to your IT.", kit=files.kit.name))

    def show_trouble(self, trouble: Trouble) -> None:
        """Say why nothing was saved."""
        words = trouble_words(trouble.code, trouble.facts)
        self._say(f"**{words.title}.** {words.to_do}")

    def _say(self, words: str) -> None:
        self._save.set_busy("")
        self._told.say(words)
        self._told.show()
