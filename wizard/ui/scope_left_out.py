"""Who is left out though they were chosen, and how: states of their own, and lists of names."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.settings import NotActive, ScopeRule
from wizard.flow.scope_choice import ScopeMode
from wizard.services.contract.scoping import ScopeCount
from wizard.ui.layouts import column, row
from wizard.ui.scope_words import left_out_title
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.fields import Select
from wizard.ui.widgets.text import Elide, Text

__all__ = ["LeftOut"]

_STATES = (NotActive.LEAVE_OUT, NotActive.KEEP_INACTIVE)


class _Line(QWidget):
    """One row: what, how many, and what can be done about it."""

    def __init__(self, words: str, action: QWidget | None, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.words = Text(words, Letters.SECOND, wrap=False, elide=Elide.RIGHT)
        self._number = Text("", Letters.SECOND, Token.INK_3, wrap=False)
        self._number.setObjectName(f"{name}-number")
        line = row(margins=(14, 3, 14, 3), gap=10, inside=self)
        line.addWidget(self.words)
        line.addWidget(self._number)
        line.addStretch(1)
        if action is not None:
            line.addWidget(action)
        self.setMinimumHeight(37)

    def show_number(self, number: int) -> None:
        """Show how many."""
        self._number.say(f"{number:,}")


class LeftOut(QWidget):
    """The box. `changed` tells another rule, `edit_wanted` which list a person wants to edit."""

    changed = Signal(object)
    edit_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rule = ScopeRule()
        self._filling = False
        self._title = Text("", Letters.SECOND_STRONG)
        self._suspended = self._select(t("Suspended people"), "scope-suspended")
        self._archived = self._select(t("Archived people"), "scope-archived")
        self._lines = {
            "suspended": _Line(t("Suspended people"), self._suspended, name="out-suspended"),
            "archived": _Line(t("Archived people"), self._archived, name="out-archived"),
            "no-address": _Line(
                t("People without an address"), _aside(t("Always")), name="out-no-address"
            ),
            "no-domain": _Line(
                t("No address at that domain"), _aside(t("As chosen below")), name="out-no-domain"
            ),
            "units": self._list_line(t("Units you name"), "units"),
            "groups": self._list_line(t("Groups you name"), "groups"),
            "domains": self._list_line(t("Domains you name"), "domains"),
            "people": self._list_line(t("People you name"), "people"),
        }
        box = Box()
        for line in self._lines.values():
            box.add(line)
        self._note = Text(
            t(
                "Nobody who is suspended or archived is given an account. “Switch off” ends one "
                "that is there at once, also where you keep the accounts of people who leave."
            ),
            Letters.CAPTION,
            Token.INK_3,
        )
        column(self._title, 8, box, 6, self._note, inside=self)

    def _select(self, words: str, name: str) -> Select:
        select = Select(words, [(0, t("Leave out")), (1, t("Switch off"))], name=name)
        select.currentIndexChanged.connect(self._chose)
        return select

    def _list_line(self, words: str, key: str) -> _Line:
        edit = Button(
            t("Edit the list"), Kind.GHOST, small=True, flush="right", name=f"edit-out-{key}"
        )
        edit.setAccessibleName(f"{words}: {edit.words}")
        edit.clicked.connect(lambda: self.edit_wanted.emit(key))
        return _Line(words, edit, name=f"out-{key}")

    def _chose(self) -> None:
        if self._filling:
            return
        self._rule = replace(
            self._rule,
            suspended=_STATES[self._suspended.value],
            archived=_STATES[self._archived.value],
        )
        self.changed.emit(self._rule)

    def show_rule(self, rule: ScopeRule, mode: ScopeMode, *, domains: int, groups: int) -> None:
        """Show what the rule says; `domains` and `groups` are how many there are."""
        self._rule = rule
        self._filling = True
        self._suspended.setCurrentIndex(_STATES.index(rule.suspended))
        self._archived.setCurrentIndex(_STATES.index(rule.archived))
        self._filling = False
        self._title.say(left_out_title(mode))
        lines = self._lines
        lines["units"].show_number(len(rule.exclude_unit_ids))
        # Inside the tree a unit is left out by its box.
        lines["units"].setVisible(mode is not ScopeMode.UNITS)
        lines["groups"].show_number(len(rule.exclude_group_ids))
        lines["groups"].setVisible(bool(groups or rule.exclude_group_ids))
        lines["domains"].show_number(len(rule.exclude_domains))
        lines["domains"].setVisible(domains > 1 or bool(rule.exclude_domains))
        lines["people"].show_number(len(rule.exclude_user_ids))

    def show_count(self, count: ScopeCount) -> None:
        """Show how many each of them leaves out."""
        lines = self._lines
        lines["suspended"].show_number(count.suspended)
        lines["archived"].show_number(count.archived)
        lines["no-address"].show_number(count.no_address)
        lines["no-address"].setVisible(bool(count.no_address))
        lines["no-domain"].show_number(count.no_address_in_domain)
        lines["no-domain"].setVisible(bool(count.no_address_in_domain))


def _aside(words: str) -> Text:
    return Text(words, Letters.SECOND, Token.INK_3, wrap=False)
