"""The rows of the members list, a window at a time, read off the window's thread."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from wizard.content.people import row_note, standing_word
from wizard.content.text import t
from wizard.core.people import MemberRow, MembersFound, Standing
from wizard.core.trouble import Code, Trouble
from wizard.services.contract import Workbench
from wizard.services.jobs import Job, Jobs, Lane
from wizard.ui.tips import plain_tip

__all__ = ["FIRST", "MembersModel"]

FIRST = 200
"""So many are read first, so that something is there before all who fit are known."""
_PAGE = 100
_KEPT = 12
"""Pages kept in memory: twelve hundred people, so that a look for garbage stays short."""
_COUNTED_AFTER_MS = 150
_WAITING = 3
"""So many pages may wait to be read: whoever scrolls on no longer wants the older ones."""
Index = QModelIndex | QPersistentModelIndex


class MembersModel(QAbstractTableModel):
    """Person and account. Rows that were not read yet are empty until their page is there.

    `counted` tells how many fit, as far as it is known, and whether that is all; `failed` a
    `Trouble`.
    """

    counted = Signal(int, bool)
    failed = Signal(object)
    COLUMNS = 2

    def __init__(self, bench: Workbench, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._jobs = jobs
        self._standings: frozenset[Standing] = frozenset()
        self._search = ""
        self._asked = False
        self._places: array[int] = array("I")
        self._total = 0
        self._pages: dict[int, Sequence[MemberRow]] = {}
        self._wanted: list[int] = []
        self._reading: int | None = None
        self._generation = 0
        self._finding: list[Job] = []
        # While somebody types, nobody wants to know how many fit: that would only keep the next
        # key waiting.
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(_COUNTED_AFTER_MS)
        self._count_soon.timeout.connect(self._find_all)

    # -------------------------------------------------------- what is shown

    def ask(self, standings: frozenset[Standing], search: str, *, again: bool = False) -> None:
        """Show who fits; what is shown now stays until the first of them are there.

        The same question is asked anew only `again`, as after a sync.
        """
        if not again and self._asked and (standings, search) == (self._standings, self._search):
            return
        self._asked = True
        self._standings, self._search = standings, search
        self._generation += 1
        generation, bench = self._generation, self._bench
        self.drop_jobs()

        def arrived(found: MembersFound) -> None:
            if generation == self._generation:
                self._begin(found)

        self._start(
            lambda cancel: bench.people.find(standings, search, FIRST, cancel),
            arrived,
        )

    def _start(self, call: Callable[..., object], done: Callable[..., None]) -> None:
        generation = self._generation

        def failed(trouble: Trouble) -> None:
            if generation == self._generation and trouble.code is not Code.CANCELLED:
                self.failed.emit(trouble)

        job = self._jobs.start(Lane.LOOK, lambda job: call(job.cancel), done=done, failed=failed)
        self._finding.append(job)

    def drop_jobs(self) -> None:
        """Cancel what is being looked for."""
        self._count_soon.stop()
        for job in self._finding:
            job.cancel()
        self._finding.clear()
        self._wanted.clear()
        self._reading = None

    def _begin(self, found: MembersFound) -> None:
        rows = found.rows
        self.beginResetModel()
        self._pages = {
            number: rows[number * _PAGE : (number + 1) * _PAGE]
            for number in range(-(-len(rows) // _PAGE))
        }
        self._places = array("I", [row.place for row in rows])
        self._total = len(rows)
        self.endResetModel()
        self.counted.emit(self._total, not found.more)
        if found.more:
            self._count_soon.start()

    def _find_all(self) -> None:
        """All who fit, as their places; the list grows to its whole length then."""
        generation, bench = self._generation, self._bench
        standings, search = self._standings, self._search

        def arrived(places: array[int]) -> None:
            if generation != self._generation:
                return
            if len(places) > self._total:
                self.beginInsertRows(QModelIndex(), self._total, len(places) - 1)
                self._places, self._total = places, len(places)
                self.endInsertRows()
            self.counted.emit(self._total, True)

        self._start(lambda cancel: bench.people.matches(standings, search, cancel), arrived)

    def first_rows(self) -> Sequence[MemberRow]:
        """The first who fit, as far as they are here."""
        return [row for number in (0, 1) for row in self._pages.get(number, ())]

    # -------------------------------------------------------- windows of rows

    def person(self, number: int) -> MemberRow | None:
        """The row of that number, or None while its page is being read."""
        page = self._pages.get(number // _PAGE)
        if page is None:
            self._want(number // _PAGE)
            return None
        at = number % _PAGE
        return page[at] if at < len(page) else None

    def _want(self, page: int) -> None:
        if page == self._reading or page in self._wanted:
            return
        self._wanted.append(page)
        del self._wanted[:-_WAITING]
        self._read_next()

    def _read_next(self) -> None:
        if self._reading is not None or not self._wanted:
            return
        page = self._reading = self._wanted.pop()
        generation, bench = self._generation, self._bench
        places = self._places[page * _PAGE : (page + 1) * _PAGE]

        def arrived(rows: Sequence[MemberRow]) -> None:
            if generation == self._generation:
                self._take(page, rows)

        self._start(lambda _cancel: bench.people.rows(places), arrived)

    def _take(self, page: int, rows: Sequence[MemberRow]) -> None:
        self._reading = None
        while len(self._pages) >= _KEPT:
            del self._pages[next(iter(self._pages))]
        self._pages[page] = rows
        self._finding = [job for job in self._finding if job.running]
        if rows:
            first = self.index(page * _PAGE, 0)
            last = self.index(min(self._total, page * _PAGE + len(rows)) - 1, self.COLUMNS - 1)
            self.dataChanged.emit(first, last)
        self._read_next()

    # -------------------------------------------------------- Qt's questions

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._total

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (t("Person"), t("Account"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in _WORDS:
            return None
        person = self.person(index.row())
        if person is None:
            return None
        return _WORDS[role](person, index.column())


def _display(person: MemberRow, column: int) -> str:
    return f"{person.name}\n{row_note(person)}" if column == 0 else standing_word(person.standing)


def _tip(person: MemberRow, column: int) -> str:
    return plain_tip(person.address) if column == 0 else standing_word(person.standing)


def _spoken(person: MemberRow, column: int) -> str:
    if column == 0:
        return f"{person.name}, {person.address}, {row_note(person)}"
    return standing_word(person.standing)


_WORDS: dict[int, Callable[[MemberRow, int], str]] = {
    Qt.ItemDataRole.DisplayRole: _display,
    Qt.ItemDataRole.ToolTipRole: _tip,
    Qt.ItemDataRole.AccessibleTextRole: _spoken,
}
