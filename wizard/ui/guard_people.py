"""The side sheet that names everyone whom the guard holds, a part at a time, with a search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.content.troubles import trouble_words
from wizard.core.runs import PersonPlan
from wizard.core.trouble import Trouble
from wizard.services.contract import HeldView
from wizard.services.jobs import Job, Lane
from wizard.ui.layouts import column
from wizard.ui.page import Desk
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.fields import SearchField
from wizard.ui.widgets.sheet import Sheet
from wizard.ui.widgets.text import Elide, Text

__all__ = ["HeldPeopleSheet"]

_PART = 50
"""People read, and drawn, at a time."""


class HeldPeopleSheet(Sheet):
    """Name and address of each; the next fifty are read when somebody asks for them."""

    def __init__(self, desk: Desk, held: HeldView) -> None:
        super().__init__(
            tn("{count} person is held", "{count} people are held", held.people),
            name="guard-sheet",
        )
        self._desk = desk
        self._held = held
        self._shown = 0
        self._job: Job | None = None
        self._search = SearchField(t("Name or address"), name="guard-search")
        self._search.searched.connect(lambda _words: self._again())
        self._box = Box()
        self._told = Text("", Letters.SECOND, Token.INK_3)
        self._told.setObjectName("guard-told")
        self._more = Button(t("Show more"), small=True, name="guard-more")
        self._more.clicked.connect(self._read)
        self._more.hide()
        for part in (self._search, 12, self._box, 8, self._told, 8, self._more, None):
            self.put(part)
        close = Button(t("Close"), Kind.SECONDARY, name="guard-sheet-done")
        close.clicked.connect(self.closed)
        self.put_foot(close)
        self.closed.connect(self._stop)
        self._again()

    def first_field(self) -> QWidget:
        return self._search

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _again(self) -> None:
        self._shown = 0
        self._box.empty()
        self._read()

    def _read(self) -> None:
        self._stop()
        held, bench = self._held, self._desk.bench
        search, offset = self._search.text().strip(), self._shown
        holder: list[Job] = []

        def mine() -> bool:
            return bool(holder) and holder[0] is self._job

        def arrived(answer: tuple[Sequence[PersonPlan], int]) -> None:
            if mine():
                self._job = None
                self._take(*answer)

        def failed(trouble: Trouble) -> None:
            if mine():
                self._job = None
                self._told.say(trouble_words(trouble.code, trouble.facts).happened)

        self._job = self._desk.jobs.start(
            Lane.NET,
            lambda _job: bench.held_rows(
                held.run_id, held.kind, search=search, offset=offset, limit=_PART
            ),
            done=arrived,
            failed=failed,
        )
        holder.append(self._job)

    def _take(self, rows: Sequence[PersonPlan], total: int) -> None:
        for person in rows:
            part = QWidget()
            address = Text(
                person.address, Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.MIDDLE
            )
            column(
                Text(person.name or person.address, Letters.BODY_MEDIUM),
                address,
                margins=(14, 7, 14, 7),
                inside=part,
            )
            self._box.add(part)
        self._shown += len(rows)
        self._box.setVisible(self._shown > 0)
        self._more.setVisible(self._shown < total)
        self._told.say(
            t("{count} of {total}", count=f"{self._shown:,}", total=f"{total:,}")
            if total
            else t("Nobody fits.")
        )
