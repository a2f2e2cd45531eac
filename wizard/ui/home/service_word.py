"""Asks the account service how a unit stands, for a page that shows it as soon as it answers."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from wizard.core.trouble import Code, Trouble
from wizard.services.contract.home import UnitWord
from wizard.ui.home.page import HomePage

__all__ = ["ServiceWord"]

_PATIENCE_MS = 12_000
"""How long the page says that it asks, before it says that nobody answers: longer than one
connection may take to be made. The question stays asked."""
_SIGNED_OUT = frozenset({Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED})


class ServiceWord(QObject):
    """`unit` is what it said last, `untold` why it said nothing since; None where it did."""

    changed = Signal()

    def __init__(self, page: HomePage) -> None:
        super().__init__(page)
        self._page = page
        self._asking = False
        self.unit: UnitWord | None = None
        self.untold: Trouble | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.run_out_of_patience)

    @property
    def worth_asking(self) -> bool:
        """Whether it said nothing, for a reason that may pass by itself."""
        return self.untold is not None and self.untold.code not in _SIGNED_OUT

    def begin(self) -> None:
        """The page is shown: ask, whatever was under way before."""
        self._asking = False
        self.ask()

    def rest(self) -> None:
        """The page is shown no more."""
        self._patience.stop()

    def ask(self) -> None:
        """Ask, unless it is being asked."""
        if self._asking:
            return
        bench = self._page.desk.bench
        if not bench.answers.signed_in_as or not bench.answers.unit_seen:
            self._not_told(Trouble(Code.SIGN_IN_NEEDED, connection="service"))
            return
        self._asking = True
        if self.unit is None and self.untold is None:
            self._patience.start()
        self._page.work(lambda job: bench.home.unit(job.cancel), self._know, self._not_told)

    def forget_trouble(self) -> None:
        """A person put it right, as far as they can."""
        self.untold = None
        self._asking = False

    def run_out_of_patience(self) -> None:
        """Say that nobody answers; an answer that comes after all is taken."""
        if self.unit is None and self.untold is None:
            hosts = self._page.desk.bench.profile.hosts
            self.untold = Trouble(Code.TIMED_OUT, host=hosts[0] if hosts else "")
            self.changed.emit()

    def _know(self, unit: UnitWord) -> None:
        self._asking = False
        self._patience.stop()
        self.unit, self.untold = unit, None
        self.changed.emit()

    def _not_told(self, trouble: Trouble) -> None:
        self._asking = False
        self._patience.stop()
        if trouble.code is not Code.CANCELLED:
            self.untold = trouble
            self.changed.emit()
