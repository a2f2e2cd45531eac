"""For how long plans, syncs and evidence are kept on this computer, as a row of Settings."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wizard.content.text import t, tn
from wizard.core.trouble import Code, Trouble
from wizard.ui.home.page import HomePage
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.fields import Select
from wizard.ui.widgets.text import Text

__all__ = ["KeptRow"]

_DAYS = (14, 30, 90, 180, 365, 730)


class KeptRow(Box):
    """Counts at once; a choice that can't be kept goes back to the one before."""

    def __init__(self, page: HomePage) -> None:
        super().__init__()
        self._page = page
        self._days = 0
        title = t("Keep plans, syncs and evidence for")
        self._select = Select(title, [(days, _words(days)) for days in _DAYS], name="keep-days")
        self._select.activated.connect(lambda _at: self._chosen())
        texts = column(
            Text(title, Letters.BODY_MEDIUM),
            Text(
                t(
                    "On this computer. A shorter time forgets what is older at once, and older "
                    "syncs can’t be taken back then."
                ),
                Letters.SECOND,
                Token.INK_2,
            ),
            gap=3,
        )
        part = QWidget()
        line = row(gap=16, margins=(16, 12, 16, 12), inside=part)
        line.addLayout(texts, 1)
        line.addWidget(self._select, 0, Qt.AlignmentFlag.AlignVCenter)
        self.add(part)

    def show_days(self, days: int | None) -> None:
        """Show what counts now."""
        self._days = days or 0
        if days is not None:
            self._select.choose(days, _words(days))

    def _chosen(self) -> None:
        before, days, bench = self._days, self._select.value, self._page.desk.bench
        if days == before:
            return
        self._days = days

        def did_not(trouble: Trouble) -> None:
            self.show_days(before)
            if trouble.code is not Code.CANCELLED:
                self._page.desk.troubled.emit(trouble)

        self._page.work(
            lambda job: bench.home.keep_for(days, job.cancel), lambda _nothing: None, did_not
        )


def _words(days: int) -> str:
    if days % 365 == 0:
        return tn("{count} year", "{count} years", days // 365)
    return tn("{count} day", "{count} days", days)
