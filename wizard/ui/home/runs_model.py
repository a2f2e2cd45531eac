"""The runs of the last 90 days, a page at a time, read off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from wizard.content.runs import run_detail, run_title, tries_words, where_words
from wizard.content.text import t
from wizard.content.times import short_words, table_words
from wizard.core.runs import RunOutcome, RunReport
from wizard.core.trouble import Trouble
from wizard.services.contract import Workbench
from wizard.services.contract.home import RunFilter, RunPage, RunRow
from wizard.services.jobs import JobContext, Jobs, Lane
from wizard.ui.durations import seconds_words
from wizard.ui.tips import plain_tip

__all__ = ["RunsModel", "result_words", "took_words", "what_words"]

_PAGE = 100
Index = QModelIndex | QPersistentModelIndex


def what_words(row: RunRow) -> tuple[str, str]:
    """What a run came to, and more about it."""
    title, detail = run_title(row.report), run_detail(row.report, row.names)
    where = where_words(row.host) if row.elsewhere else ""
    detail = " · ".join(part for part in (where, tries_words(row.tries), detail) if part)
    if row.break_since is not None and row.report.came_through:
        since = short_words(row.break_since, row.report.started_at)
        slept = t("asleep or off from {when}", when=since)
        if not row.report.done.writes:
            return t("Caught up"), slept
        return title, f"{detail} · {slept}" if detail else slept
    return title, detail


def result_words(report: RunReport) -> str:
    """How it ended, in one word."""
    return {
        RunOutcome.DONE: t("Done"),
        RunOutcome.PARTLY: t("In part"),
        RunOutcome.STOPPED_BY_GUARD: t("Stopped"),
        RunOutcome.FAILED: t("Not done"),
        RunOutcome.CANCELLED: t("Cancelled"),
        RunOutcome.NOT_THE_SYNCER: t("Not here"),
        RunOutcome.OFF: t("Off"),
    }[report.outcome]


class RunsModel(QAbstractTableModel):
    """When, what, took, result. Rows that were not read yet are empty until their page is there."""

    counted = Signal(int)
    failed = Signal(object)
    COLUMNS = 4

    def __init__(self, bench: Workbench, jobs: Jobs) -> None:
        super().__init__()
        self._bench = bench
        self._jobs = jobs
        self._wanted = RunFilter.ALL
        self._search = ""
        self._total = 0
        self._pages: dict[int, tuple[RunRow, ...]] = {}
        self._asked: set[int] = set()
        self._generation = 0

    def filter(self, wanted: RunFilter, search: str) -> None:
        """Show only these, from the newest on."""
        self._wanted, self._search = wanted, search
        self.read_again()

    def read_again(self) -> None:
        """Read anew what is shown; what is there stays until the new rows are."""
        self._generation += 1
        self._asked.clear()
        self._ask(0, fresh=True)

    def run(self, number: int) -> RunRow | None:
        """The row of that number, or None while its page is being read."""
        page = self._pages.get(number // _PAGE)
        if page is None:
            self._ask(number // _PAGE)
            return None
        at = number % _PAGE
        return page[at] if at < len(page) else None

    def _ask(self, page: int, *, fresh: bool = False) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        generation, wanted, search = self._generation, self._wanted, self._search
        bench = self._bench

        def read(job: JobContext) -> RunPage:
            return bench.home.runs(wanted, search, page * _PAGE, _PAGE, job.cancel)

        def arrived(answer: RunPage) -> None:
            if generation == self._generation:
                self._take(page, answer, fresh=fresh)

        def did_not(trouble: Trouble) -> None:
            if generation == self._generation:
                self._asked.discard(page)
                self.failed.emit(trouble)

        self._jobs.start(Lane.NET, read, done=arrived, failed=did_not)

    def _take(self, page: int, answer: RunPage, *, fresh: bool) -> None:
        if fresh or answer.total != self._total:
            if fresh and self._pages.get(0) == answer.rows and answer.total == self._total:
                self.counted.emit(answer.total)
                return  # nothing is different: nothing flickers
            self.beginResetModel()
            if fresh:
                self._pages.clear()
            self._pages[page] = answer.rows
            self._total = answer.total
            self.endResetModel()
        else:
            self._pages[page] = answer.rows
            first = self.index(page * _PAGE, 0)
            last = self.index(page * _PAGE + max(0, len(answer.rows) - 1), self.COLUMNS - 1)
            self.dataChanged.emit(first, last)
        self.counted.emit(answer.total)

    # -------------------------------------------------------- Qt's questions

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._total

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (t("When"), t("What"), t("Took"), t("Result"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in _ROLES:
            return None
        row = self.run(index.row())
        if row is None:
            return None
        words = _CELLS[index.column()](row)
        return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words


def _what(row: RunRow) -> str:
    return " – ".join(part for part in what_words(row) if part)


def took_words(row: RunRow) -> str:
    """How long it took; a row of tries that did not begin took no time worth telling."""
    if row.tries > 1:
        return "–"
    return seconds_words((row.report.finished_at - row.report.started_at).total_seconds())


_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    }
)
_CELLS: tuple[Callable[[RunRow], str], ...] = (
    lambda row: table_words(row.report.started_at, datetime.now(UTC)),
    _what,
    took_words,
    lambda row: result_words(row.report),
)
