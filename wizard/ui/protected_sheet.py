"""The side sheet with the people whom a sync never deactivates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.ui.layouts import row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button, IconButton, Kind
from wizard.ui.widgets.fields import Field
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Elide, Text

__all__ = ["ProtectedSheet", "wrong_address"]

_MOST = 1000
"""So many the service keeps at most."""
_PARTED = re.compile(r"[\s,;]+")


def wrong_address(address: str) -> str:
    """What is wrong with an address, in a sentence that names it; '' when nothing is."""
    name, at, domain = address.rpartition("@")
    if not at or not name or not domain:
        return t("{address} is no address: it needs a name, an @ and a domain.", address=address)
    if "@" in name:
        return t("{address} has two @. Correct or remove it.", address=address)
    if "." not in domain.strip("."):
        return t("{address} has no ending, such as .com. Correct or remove it.", address=address)
    return ""


class ProtectedSheet(Sheet):
    """Add and take out addresses; `changed` with all of them when the person is done."""

    changed = Signal(tuple)

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__(t("Never deactivate"), name="protected-sheet")
        self._addresses = list(dict.fromkeys(addresses))
        words = t(
            "Owners, the signed-in admin and the authorizing account are protected always. Name "
            "others here. A sync shows them to you instead of deactivating them."
        )
        self.put(Text(words, Letters.PROSE, Token.INK_2))
        self.put(16)
        self._field = Field(
            t("Address"), name="protected-address", hint=t("Several at once, separated by commas.")
        )
        self.put(self._field)
        self.put(8)
        add = Button(t("Add"), icon="plus", small=True, name="protected-add")
        add.clicked.connect(self._add)
        self._field.line.returnPressed.connect(self._add)
        self.put(row(add, None))
        self.put(16)
        self._list = Box()
        self._list.setObjectName("protected-list")
        self.put(self._list)
        self.put(None)
        done = Button(t("Use this list"), name="protected-done")
        done.clicked.connect(self._done)
        leave = Button(t("Cancel"), Kind.GHOST, name="protected-cancel")
        leave.clicked.connect(self.closed)
        self.put_foot(done, leave)
        self._show()

    def first_field(self) -> QWidget:
        return self._field.line

    def _add(self) -> bool:
        """Take what was typed into the list; False where something is wrong with it."""
        typed = [one for one in _PARTED.split(self._field.value) if one]
        known = {address.casefold() for address in self._addresses}
        for address in typed:
            wrong = wrong_address(address)
            if wrong:
                self._field.show_wrong(wrong)
                return False
            if address.casefold() not in known:
                known.add(address.casefold())
                self._addresses.append(address)
        if len(self._addresses) > _MOST:
            del self._addresses[_MOST:]
            self._field.show_wrong(t("At most 1,000 people can be named. The rest was left out."))
            self._show()
            return False
        self._field.set_value("")
        self._show()
        return True

    def _take_out(self, address: str) -> None:
        self._addresses.remove(address)
        self._show()
        self._field.line.setFocus()

    def _done(self) -> None:
        if self._field.value and not self._add():
            return
        self.closed.emit()
        self.changed.emit(tuple(self._addresses))

    def _show(self) -> None:
        self._list.empty()
        self._list.setVisible(bool(self._addresses))
        for number, address in enumerate(self._addresses):
            part = QWidget()
            out = IconButton("close", t("Take out {address}", address=address))
            out.setObjectName(f"protected-out-{number}")
            out.clicked.connect(lambda _checked, address=address: self._take_out(address))
            line = row(gap=8, margins=(14, 6, 8, 6), inside=part)
            line.addWidget(Text(address, Letters.SECOND, wrap=False, elide=Elide.MIDDLE), 1)
            line.addWidget(out)
            self._list.add(part)
