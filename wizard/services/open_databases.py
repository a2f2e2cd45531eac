"""The databases that are open, one a connection: opened at first use, given up when damaged."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from wizard.core.runs import RunReport
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.erasing import erase_files, forget_copies
from wizard.services.ground import Ground
from wizard.services.kept_report import forget_report
from wizard.store.database import Database
from wizard.sync.snapshot import pin_connection

__all__ = ["OpenDatabases"]

log = logging.getLogger(__name__)


class OpenDatabases:
    """Safe to use from any thread. `set_aside` tells of files that were damaged."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._open_now: dict[str, Database] = {}
        self._opening = threading.Lock()
        self._closed = False
        self.set_aside: list[Trouble] = []

    def of(self, answers: Answers) -> Database:
        """The connection's database, opened at first use; `Trouble` of disk and damage."""
        name = _name(answers)
        with self._opening:
            if self._closed:
                raise Trouble(Code.CANCELLED)
            known = self._open_now.get(name)
            if known is not None and known.replaced:
                # A command erased the connection, or moved it in again, beside this program.
                del self._open_now[name]
                known.retire()
                log.info("the database is another one now: it is opened anew")
            if name not in self._open_now:
                self._open_now[name] = self._open(answers)
            database = self._open_now[name]
            pin_connection(
                database,
                provider=answers.provider,
                customer_id=answers.customer_id,
                ou_id=answers.ou_id,
                account_id=answers.organization_account_id,
            )
        return database

    def _open(self, answers: Answers) -> Database:
        path = self._ground.unit_folder(answers.ou_id) / f"{answers.provider.value}.db"
        opened = Database.open(path, self._ground.clock)
        if opened.set_aside is not None:
            self.set_aside.append(Trouble(Code.DATABASE_DAMAGED, file=str(opened.set_aside)))
        forget_copies(path.parent, answers.provider, self._ground.clock.now())
        return opened

    @contextmanager
    def watched(self, answers: Answers) -> Iterator[None]:
        """Give the database up where the block finds it damaged; see `ended`."""
        try:
            yield
        except Trouble as trouble:
            self._give_up(answers, trouble.code)
            raise

    def ended(self, answers: Answers, report: RunReport) -> RunReport:
        """The report of a run; one that found its database damaged was the last to use it.

        A file that broke while it was open is looked at when it is opened again, and set aside:
        without that every run would fail until the program is started anew.
        """
        self._give_up(answers, report.trouble)
        return report

    def _give_up(self, answers: Answers, code: Code | None) -> None:
        if code is not Code.DATABASE_DAMAGED:
            return
        with self._opening:
            damaged = self._open_now.pop(_name(answers), None)
            if damaged is not None:
                damaged.retire()
        log.info("the database was found damaged: it is opened anew by the next use")

    def close(self) -> None:
        """Close them all; nothing may run any more."""
        with self._opening:
            self._closed = True
            for database in self._open_now.values():
                database.close()
            self._open_now.clear()

    def erase(self, answers: Answers) -> None:
        """Close the connection's database and delete it: snapshot, links, runs and plans.

        Its copies go, too, and what is remembered beside it of owners, settings and runs.
        Nothing may run; what reads is waited for, and cancelled from then on. Raises `Trouble` of
        the disk.
        """
        with self._opening:
            open_now = self._open_now.pop(_name(answers), None)
            if open_now is not None:
                open_now.retire()
            folder = self._ground.unit_folder(answers.ou_id)
            forget_report(folder)
            erase_files(folder, answers.provider)
        log.info("what was read of the directory, links and runs were erased")


def _name(answers: Answers) -> str:
    return f"{answers.ou_id}/{answers.provider.value}"
