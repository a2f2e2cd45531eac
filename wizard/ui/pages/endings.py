"""“What does the browser show?”: the endings that never come back to this window."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import N_, Message, t
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Code
from wizard.ui.layouts import column
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.folds import Fold
from wizard.ui.widgets.text import Text

__all__ = ["Endings"]

_SHOWN: tuple[tuple[Code, Message], ...] = (
    (Code.ADMIN_POLICY_ENFORCED, N_("“Access blocked: … admin” or “admin_policy_enforced”")),
    (Code.APP_INTERNAL, N_("“… can only be used within its organization” or “org_internal”")),
    (Code.APP_BLOCKED, N_("“This app is blocked”")),
    (Code.BROWSER_NOT_OPENED, N_("Nothing at all, or a page that can’t be reached")),
)
"""What Google's own page says, and the trouble that its help topic belongs to."""


class Endings(QWidget):
    """Lines to press; each opens its help topic while the window goes on waiting."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("endings")
        box = Box()
        for code, words in _SHOWN:
            line = Fold(
                t(words), Letters.SECOND, name=f"ending-{code.value}", margins=(8, 8), indent=20
            )
            line.setCheckable(False)
            holder = QWidget()
            column(line, margins=(12, 0, 12, 0), inside=holder)
            topic = trouble_words(code).topic
            line.clicked.connect(lambda _checked, topic=topic: self.asked.emit(topic))
            box.add(holder)
        column(
            Text(t("What does the browser show?"), Letters.SECOND_STRONG),
            4,
            Text(
                t("Google ends some sign-ins on its own page. Pick what you see there."),
                Letters.SECOND,
                Token.INK_2,
            ),
            8,
            box,
            margins=(0, 20, 0, 0),
            inside=self,
        )
