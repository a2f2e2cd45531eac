"""Lines above the page for what one should know and may go on with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.trouble import Code, Trouble
from wizard.ui.layouts import column
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button, Kind

__all__ = ["Notices"]


class Notices(QWidget):
    """One note for each trouble, until it is dismissed; a code is told once."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notices")
        self._column = column(gap=8, margins=(16, 12, 16, 12), inside=self)
        self._told: set[Code] = set()
        self._open = 0
        self.hide()

    def tell_all(self, troubles: Sequence[Trouble]) -> None:
        """Tell those that were not told yet."""
        for trouble in troubles:
            if trouble.code not in self._told:
                self._told.add(trouble.code)
                self.tell(trouble)

    def tell_open(self, trouble: Trouble) -> None:
        """Tell this one unless a note of its code is still open, however often it happens."""
        if self.findChild(QWidget, f"notice-{trouble.code.value}") is None:
            self.tell(trouble)

    def tell(self, trouble: Trouble) -> None:
        """Tell this one, also when it was told before."""
        from wizard.content.troubles import trouble_words

        words = trouble_words(trouble.code, trouble.facts)
        dismiss = Button(t("OK"), Kind.GHOST, small=True, name=f"notice-ok-{trouble.code.value}")
        dismiss.setAccessibleDescription(words.title)
        note = Note(
            f"**{words.title}.** {words.happened} {words.to_do}",
            icon="warn",
            warn=True,
            action=dismiss,
            tight=True,
        )
        note.setObjectName(f"notice-{trouble.code.value}")
        dismiss.clicked.connect(lambda _checked: self._dismiss(note))
        self._column.addWidget(note)
        self._open += 1
        self.show()

    def _dismiss(self, note: Note) -> None:
        self._column.removeWidget(note)
        note.hide()
        note.setParent(None)
        note.deleteLater()
        self._open -= 1
        self.setVisible(self._open > 0)
