"""Writes the helpdesk report after each run; what goes wrong with it never ends a sync."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import secrets
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from wizard import __version__
from wizard.content import desk_report as page
from wizard.content.moments import dated
from wizard.content.people import reason_words
from wizard.core.cancel import Cancel
from wizard.core.files import disk_trouble
from wizard.core.people import Answered, Explanation
from wizard.core.runs import RunOutcome, RunReport
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.checking import ReportView
from wizard.services.contract.home import HomeFacts
from wizard.services.desk_answers import DeskAnswers
from wizard.services.desk_people import DeskPerson, everybody
from wizard.services.ground import Ground
from wizard.services.kept_report import KeptReport, LastReport, ReportChoice, forget_report
from wizard.services.overview import verdict
from wizard.services.people import People
from wizard.services.people_story import Signers
from wizard.services.schedule import SchedulerState, SchedulerView
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.services.timetable import Standing as RunStanding
from wizard.services.timetable import standing_of
from wizard.services.verdicts import Situation

__all__ = ["DeskReporting", "new_page", "report_name"]

log = logging.getLogger(__name__)
_ROUNDS = 100
_MINUTES_BETWEEN = 30
_OLD_AFTER = 3
"""So many intervals after it was made, the page says that it is old."""
_WRONG = (OSError, sqlite3.Error, ValueError, LookupError)
"""What may go wrong with a page besides `Trouble`; a run that was done stays done."""
_STATES = {
    RunStanding.GOOD: SchedulerState.WAITING,
    RunStanding.CANCELLED: SchedulerState.WAITING,
    RunStanding.BUSY: SchedulerState.WAITING,
    RunStanding.OFF: SchedulerState.OFF,
    RunStanding.OFFLINE: SchedulerState.OFFLINE,
    RunStanding.NEEDS_PERSON: SchedulerState.NEEDS_PERSON,
}


def report_name(organization: str) -> str:
    """What the page is called: the same name each time, so that a bookmark stays good."""
    plain = re.sub(r"[^a-z0-9]+", "-", organization.casefold()).strip("-")[:40].strip("-")
    return f"{plain}-helpdesk.html" if plain else "helpdesk.html"


class DeskReporting:
    """The helpdesk report of this set-up's unit."""

    def __init__(
        self,
        ground: Ground,
        set_up: SetUp,
        syncing: Syncing,
        people: People,
        facts: Callable[[Cancel], HomeFacts],
    ) -> None:
        self._ground = ground
        self._set_up = set_up
        self._syncing = syncing
        self._people = people
        self._facts = facts

    # ------------------------------------------------------------ the choice

    def view(self) -> ReportView:
        """See `CheckingCalls.report`."""
        kept = self._kept()
        choice = kept.choice() if kept is not None else None
        if kept is None or choice is None:
            return ReportView()
        last = kept.last()
        return ReportView(
            folder=Path(choice.folder),
            private=choice.private,
            file=last.file,
            written_at=last.written_at,
            people=last.people,
            size=last.size,
            trouble=last.trouble,
        )

    def choose(self, folder: Path, cancel: Cancel, *, private: bool) -> ReportView:
        """See `CheckingCalls.choose_report`."""
        kept = self._kept()
        if kept is None or not self._set_up.answers.organization_account_id:
            raise Trouble(Code.CONNECTION_NOT_ACTIVE, problem="none")
        if self._set_up.answers.elsewhere:
            # Nothing runs here, so the page would only grow old.
            raise Trouble(Code.NOT_THE_SYNCER, retry_after=None)
        choice = ReportChoice(folder=str(folder.absolute()), private=private)
        written = self._in_place(kept, choice, self._syncing.last_report(), cancel)
        kept.choose(choice)
        kept.went(written)
        log.info("a helpdesk report is written after each run")
        return self.view()

    def end(self) -> ReportView:
        """See `CheckingCalls.end_report`."""
        if self._kept() is None:
            return ReportView()
        left = forget_report(self._ground.unit_folder(self._set_up.answers.ou_id))
        log.info("no helpdesk report is written any more")
        return ReportView(file=left)

    def _kept(self) -> KeptReport | None:
        ou = self._set_up.answers.ou_id
        return KeptReport(self._ground.unit_folder(ou)) if ou else None

    # ------------------------------------------------------------ after a run

    def after(self, report: RunReport, cancel: Cancel) -> None:
        """Write it where that was chosen. What goes wrong is logged, and kept for Home.

        What another computer has done is not known here: it keeps a report of its own.
        """
        if report.outcome in {RunOutcome.NOT_THE_SYNCER, RunOutcome.CANCELLED}:
            return
        try:
            kept = self._kept()
            choice = kept.choice() if kept is not None else None
        except Trouble as trouble:
            log.warning("the choice of a helpdesk report could not be read: %s", trouble.code)
            return
        if kept is None or choice is None:
            return
        try:
            # The run is over: a pause from now on is not one of the page's.
            kept.went(self._in_place(kept, choice, report, cancel.without_pause()))
        except Trouble as trouble:
            self._failed(kept, trouble)
        except _WRONG as problem:
            log.warning("a mistake of the program's own in the helpdesk report", exc_info=True)
            self._failed(kept, Trouble(Code.INTERNAL, kind=type(problem).__name__))

    def _failed(self, kept: KeptReport, trouble: Trouble) -> None:
        if trouble.code is Code.CANCELLED:
            return
        log.warning("the helpdesk report could not be written: %s", trouble.code)
        with contextlib.suppress(Trouble):  # the disk that is full is often this one
            facts = tuple(trouble.facts.items())
            kept.went(replace(kept.last(), code=trouble.code.value, facts=facts))

    # ------------------------------------------------------------ one page

    def _in_place(
        self, kept: KeptReport, choice: ReportChoice, report: RunReport | None, cancel: Cancel
    ) -> LastReport:
        """Write it, and take the one before away, which lies elsewhere after a change of name."""
        before = kept.last().file
        written = self._write(choice, report, cancel)
        if before and before != written.file:
            _delete(before)
        return written

    def _write(self, choice: ReportChoice, report: RunReport | None, cancel: Cancel) -> LastReport:
        answers = self._set_up.answers
        path = Path(choice.folder) / report_name(answers.ou_name)
        facts = self._page_facts(choice, report, cancel)
        with new_page(path) as file:
            people = self._fill(file, facts, cancel)
        size = path.stat().st_size
        now = self._ground.clock.now()
        return LastReport(file=str(path), written_at=now, people=people, size=size)

    def _page_facts(
        self, choice: ReportChoice, report: RunReport | None, cancel: Cancel
    ) -> page.DeskFacts:
        answers, ground = self._set_up.answers, self._ground
        now = ground.clock.now()
        members = self._people.view(cancel)
        told = self._facts(cancel)
        if choice.private and report is not None:
            # Facts may name somebody; without them the words do with “this person”.
            report = replace(report, trouble_facts=())
        standing = standing_of(report) if report is not None else RunStanding.GOOD
        # A run was taken back: it stands still until somebody syncs again.
        state = SchedulerState.PAUSED if self._syncing.taken_back() else _STATES[standing]
        view = SchedulerView(
            state=state,
            last=report,
            trouble=report.trouble if report is not None else None,
            last_good_at=self._syncing.last_good_at(),
        )
        with dated():
            said = verdict(
                Situation(view=view, facts=told, unit=None, connected=True, set_up=True, now=now)
            )
        minutes = told.interval_minutes or _MINUTES_BETWEEN
        return page.DeskFacts(
            organization=answers.ou_name or answers.ou_id,
            service=ground.profile.service_name,
            host=ground.installation.host,
            made_at=now,
            title=said.title,
            reason=said.reason,
            tone=said.tone.value,
            counts=dict(members.counts),
            read_at=members.read_at,
            last_run=view.last_good_at,
            stale_minutes=_OLD_AFTER * minutes,
            version=__version__,
            salt=secrets.token_hex(16) if choice.private else "",
            rounds=_ROUNDS if choice.private else 0,
            practice=ground.profile.is_practice,
        )

    def _fill(self, file: TextIO, facts: page.DeskFacts, cancel: Cancel) -> int:
        """Write the page, person by person; how many there are."""
        answers, kept = self._set_up.answers, self._syncing.kept()
        settings = kept.settings if kept is not None else None
        signers = Signers(signed_in=answers.signed_in_as, authorized=answers.authorized_as)
        database = self._syncing.database(answers)
        file.write(page.head(facts))
        number = 0
        with tempfile.TemporaryFile() as spool:
            given = DeskAnswers(spool=spool)
            for standing in page.GROUPS:
                if not facts.counts.get(standing):
                    continue
                found = everybody(
                    database, standing, settings, signers, cancel, private=bool(facts.salt)
                )
                file.write(page.group_head(standing, facts))
                rows = self._rows(found, given, facts, settings is not None)
                for row in _ordered(rows) if facts.salt else rows:
                    number += 1
                    file.write(page.row_html(replace(row, number=number), standing, facts))
                file.write(page.group_foot())
            file.write(page.before_answers())
            file.writelines(given.written())
            file.write(page.foot(facts))
        return number

    def _rows(
        self,
        found: Iterator[DeskPerson],
        given: DeskAnswers,
        facts: page.DeskFacts,
        known: bool,
    ) -> Iterator[page.DeskRow]:
        told = self._told_of(known=known)
        for one in found:
            answer = given.number(one.key, replace(told, person=one.story), facts)
            salt = bytes.fromhex(facts.salt)
            yield page.DeskRow(
                number=0,
                answer=answer,
                name=one.name,
                address=one.address,
                unit=one.unit,
                until=page.until_words(one.story.ends_at, facts.made_at),
                why=reason_words(one.reason),
                others=" ".join(one.addresses[1:]) if not facts.salt else "",
                account_address=one.account_address,
                hashes=tuple(_hash(each, salt) for each in one.addresses) if salt else (),
            )

    def _told_of(self, *, known: bool) -> Explanation:
        """What every answer rests on, without the person."""
        kept = self._syncing.kept() if known else None
        settings = kept.settings if kept is not None else None
        return Explanation(
            query="",
            answered=Answered.PERSON,
            interval_minutes=settings.interval_minutes if settings is not None else None,
            enabled=settings.enabled if settings is not None else None,
        )


def _ordered(rows: Iterator[page.DeskRow]) -> list[page.DeskRow]:
    """In an order that says nothing: by name, a place in the list would tell who it is."""
    return sorted(rows, key=lambda row: row.hashes)


def _hash(address: str, salt: bytes) -> str:
    """As the page's script does it (RFC 8018, PBKDF2 with HMAC-SHA-256)."""
    return hashlib.pbkdf2_hmac("sha256", address.encode(), salt, _ROUNDS, 12).hex()


def _delete(file: str) -> None:
    """Take an older page away; one that can't be reached stays with whoever named the folder."""
    try:
        Path(file).unlink(missing_ok=True)
    except (OSError, ValueError) as problem:
        log.warning("an older helpdesk report could not be deleted: %s", type(problem).__name__)


@contextlib.contextmanager
def new_page(path: Path) -> Iterator[TextIO]:
    """A file that takes the place of the one before once it is whole.

    Raises `Trouble` (disk-full, folder-not-writable); what was there before stays then, as it does
    after any other exception in between.
    """
    temporary = ""
    try:
        # mkstemp makes it 0600 from the start, and never through a link that lies there.
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if os.name == "posix":
            Path(temporary).chmod(_rights(path.parent))
        Path(temporary).replace(path)
        temporary = ""
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink(missing_ok=True)


def _rights(folder: Path) -> int:
    """Who may read the page: its owner alone, unless the folder was made for others to read.

    Whoever sets the folder's group bit, or gives it a default access list, has said that what is
    put there is for that group: it may read then, and nobody else. Anything less, such as a folder
    that happens to be open, is no such word: names would be open to everybody on the computer.
    """
    if folder.stat().st_mode & stat.S_ISGID or _has_default_list(folder):
        return 0o640
    return 0o600


def _has_default_list(folder: Path) -> bool:
    listed: Callable[[Path], list[str]] | None = getattr(os, "listxattr", None)
    if listed is None:
        return False
    try:
        return "system.posix_acl_default" in listed(folder)
    except OSError:
        return False
