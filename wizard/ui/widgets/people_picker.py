"""A pick list that searches by itself: type, and the first matches stand there to tick."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Signal

from wizard.content.text import t, tn
from wizard.core.addresses import listed_addresses
from wizard.core.trouble import Code, Trouble
from wizard.services.jobs import Job, Lane
from wizard.ui.page import Page
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.pick_list import Pick, PickList

__all__ = ["Find", "Picker"]

Find = Callable[[str], tuple[Sequence[Pick], int]]
"""The first matches for what was typed, and how many there are; called off the GUI thread."""


class Picker(PickList):
    """Shows those chosen first, then what is found; `picked` tells a row and whether it is on.

    A search whose finds are all shown can be ticked whole: `picked_all` tells the rows.
    """

    picked = Signal(object, bool)
    picked_all = Signal(object, bool)
    failed = Signal(object)

    def __init__(
        self,
        page: Page,
        find: Find,
        words: str,
        *,
        placeholder: str,
        empty: str,
        name: str,
        rows: int = 5,
    ) -> None:
        super().__init__(words, placeholder=placeholder, name=name, rows=rows)
        self._page = page
        self._find = find
        self._nothing = empty
        self._chosen: dict[str, Pick] = {}
        self._found: Sequence[Pick] = ()
        self._total = 0
        self._looked_for: str | None = None
        self._job: Job | None = None
        self._all = Button("", Kind.GHOST, small=True, flush="right", name=f"{name}-all")
        self._all.clicked.connect(self._toggle_all)
        self._all.hide()
        self.below.addWidget(self._all)
        self.searched.connect(self._search)
        self.toggled.connect(self._toggle)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of those chosen, in order."""
        return tuple(self._chosen)

    def say_empty(self, words: str) -> None:
        """Say this where there is nothing to choose from."""
        self._nothing = words

    def show_chosen(self, chosen: Iterable[Pick]) -> None:
        """Show these as chosen."""
        self._chosen = {pick.id: pick for pick in chosen}
        self._show()

    def look(self, *, again: bool = False) -> None:
        """Find what there is, unless that is known."""
        if again or self._looked_for is None:
            self._search(self.search)

    def _search(self, words: str) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self._page.work(
            lambda _job: self._find(words),
            lambda found: self._have(words, found),
            self._did_not,
            lane=Lane.LOOK,
        )

    def _have(self, words: str, found: tuple[Sequence[Pick], int]) -> None:
        if words != self.search:
            return
        self._looked_for = words
        self._found, self._total = found
        self._show()

    def _did_not(self, trouble: Trouble) -> None:
        if trouble.code is not Code.CANCELLED:
            self.failed.emit(trouble)

    def _toggle(self, row_id: str) -> None:
        pick = self._chosen.get(row_id) or next(
            (one for one in self._found if one.id == row_id), None
        )
        if pick is None:
            return
        on = row_id not in self._chosen
        if on:
            self._chosen[row_id] = pick
        else:
            del self._chosen[row_id]
        self.picked.emit(pick, on)
        self._show()

    @property
    def _all_on(self) -> bool:
        return all(one.id in self._chosen for one in self._found)

    def _toggle_all(self) -> None:
        on = not self._all_on
        for one in self._found:
            if on:
                self._chosen.setdefault(one.id, one)
            else:
                self._chosen.pop(one.id, None)
        self.picked_all.emit(tuple(self._found), on)
        self._show()

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        found = list(self._found)
        if self._looked_for:
            rows = [self._chosen.get(one.id, one) for one in found]
        else:
            # A box that was just unticked stays where it stood until the next search.
            rest = [one for one in found if one.id not in self._chosen]
            rows = [*self._chosen.values(), *rest]
        empty = self._nothing
        if self._looked_for:
            empty = t("Nothing fits “{words}”.", words=self._looked_for)
        self.show_picks(rows, frozenset(self._chosen), told=self._told(), empty=empty)
        whole = bool(self._looked_for) and 1 < len(found) == self._total
        self._all.setVisible(whole)
        words = t("Untick all {count}") if self._all_on else t("Tick all {count}")
        self._all.say(words.replace("{count}", f"{len(found):,}"))

    def _told(self) -> str:
        chosen = tn("{count} chosen", "{count} chosen", len(self._chosen))
        listed = listed_addresses(self._looked_for or "")
        if listed:
            people = tn("{count} person", "{count} people", self._total)
            addresses = tn("{count} address", "{count} addresses", len(listed))
            return t("{people} for {addresses}", people=people, addresses=addresses)
        shown = len(self._found)
        if self._total > shown:
            more = t(
                "first {shown} of {total} shown",
                shown=f"{shown:,}",
                total=f"{self._total:,}",
            )
            return f"{chosen} · {more}"
        return chosen
