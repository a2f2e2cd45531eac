"""Addresses that stand in the field and were not sent: kept with the answers, and put back."""

from __future__ import annotations

from dataclasses import replace

from wizard.flow.answers import Answers
from wizard.services.address_list import LONGEST
from wizard.ui.keep_soon import KeepSoon
from wizard.ui.page import Page
from wizard.ui.widgets.address_field import AddressField

__all__ = ["Unsent"]

_LONGEST_KEPT = 2 * LONGEST
"""Characters of what is kept of one: more is no slip of the keyboard, and never an address."""


class Unsent:
    """Watches the field of the invite page. They belong to the unit that `show` was called for."""

    def __init__(self, page: Page, field: AddressField) -> None:
        self._field = field
        self._unit = ""
        self._keeping = KeepSoon(page, self._with_these)
        self._page = page
        field.changed.connect(self._keeping.soon)

    def show(self) -> None:
        """The page is shown: what was kept is in the field again, unless something else is."""
        answers = self._page.answers
        self._unit = answers.ou_id
        if not self._field.chips and not self._field.line.text():
            self._field.add(answers.unsent)
        # What stands there may come from another unit, and is meant for this one from now on.
        self._keeping.soon()

    def keep(self) -> None:
        """The page is left, or the window ends."""
        self._keeping.now()

    def _with_these(self, answers: Answers) -> Answers:
        if answers.ou_id != self._unit:
            return answers
        typed = [chip.words for chip in self._field.chips]
        typed.append(self._field.line.text().strip())
        kept = tuple(words for words in typed if words and len(words) <= _LONGEST_KEPT)
        return replace(answers, unsent=kept)
