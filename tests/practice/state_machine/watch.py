"""Judges every run, preview and undo by what it did to the accounts, whatever it says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.practice.state_machine.office import Office
from tests.practice.state_machine.organization import ADMIN, OWNER, Organization
from tests.practice.state_machine.truth import (
    VERIFIED,
    Account,
    Directory,
    Truth,
    domain_of,
    is_protected,
    most_leavers,
    protected_names,
)
from tests.practice.state_machine.wire import WRITES, Seen
from wizard.core.runs import HeldKind, PlanKind, RunOutcome, RunReport
from wizard.core.settings import ProvisioningSettings

DAY = timedelta(days=1)
CAME_TO_A_PLAN = frozenset({RunOutcome.DONE, RunOutcome.PARTLY, RunOutcome.STOPPED_BY_GUARD})
WRITING = frozenset(kind for kind in PlanKind if kind.writes)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One account before and after; None where there was, or is, none."""

    before: Account | None
    after: Account | None


@dataclass(kw_only=True)
class Step:
    """What was so before the product did something."""

    began: datetime
    accounts: dict[str, Account]
    directory: Directory
    linked: set[str]
    seen: int
    undone: str = ""
    changes: dict[str, Change] = field(default_factory=dict)
    ended: datetime | None = None
    requests: list[Seen] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Word:
    """A person's word: whom it names, and since when it stands."""

    kind: HeldKind
    people: frozenset[str]
    given: datetime


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a plan holds back and asks a person about."""

    run_id: str
    kind: HeldKind
    people: frozenset[str]
    at: datetime


@dataclass(kw_only=True)
class Watch:
    """Remembers what bears on later steps: who left today, who was approved, who is missed."""

    organization: Organization
    office: Office
    left: list[tuple[datetime, str]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    waved: set[str] = field(default_factory=set)
    missed: dict[str, datetime] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    history: dict[str, dict[str, Change]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    ran_ahead: bool = False
    """Whether the last run was by a clock that was ahead."""

    def begin(self, *, undone: str = "") -> Step:
        """Look at everything before the product begins."""
        directory = self.organization.directory
        self.office.read = None
        return Step(
            began=self.office.clock.moment,
            accounts={one.id: one for one in self.organization.accounts()},
            directory=Directory(
                people=dict(directory.people),
                left=dict(directory.left),
                units=dict(directory.units),
                groups=dict(directory.groups),
            ),
            linked=self.office.linked(),
            seen=len(self.organization.wire.seen),
            undone=undone,
        )

    def forget(self) -> None:
        """The database is gone, and with it the memory of this day and every word."""
        self.left.clear()
        self.words.clear()
        self.waved.clear()
        self.history.clear()
        self.asked.clear()

    def put_clock_right(self, *, forgets: bool) -> None:
        """What was remembered by a clock that was ahead is of now, unless it `forgets` the day."""
        self.office.clock.by = timedelta(0)
        self.ran_ahead = True
        now = self.office.clock.moment
        if forgets:
            self.left.clear()
        self.left = [(min(moment, now), person) for moment, person in self.left]
        self.missed = {person: min(moment, now) for person, moment in self.missed.items()}
        self.words = [word for word in self.words if word.given <= now]
        # Plans and runs were forgotten as old, some of them.
        self.asked.clear()
        self.history.clear()

    # ------------------------------------------------------------ after a step

    def end(self, step: Step, report: RunReport | None, *, wrote: bool = True) -> None:
        """Judge what happened; `wrote`: whether anything may have been written at all."""
        step.ended = self.office.clock.moment
        after = {one.id: one for one in self.organization.accounts()}
        step.requests = self.organization.wire.seen[step.seen :]
        step.changes = {
            key: Change(before=step.accounts.get(key), after=after.get(key))
            for key in {*step.accounts, *after}
            if step.accounts.get(key) != after.get(key)
        }
        self._nobody_twice(after.values())
        read = self.office.read
        if not wrote or read is None or not read.settings.enabled:
            assert not step.changes, f"nothing was to be written: {step.changes}"
            assert not [one for one in step.requests if one.place == WRITES], "a write was tried"
            return
        truths = [
            Truth.of(directory, read.settings)
            for directory in (step.directory, self.organization.directory)
        ]
        if not step.undone:
            self._note_missed(step, truths)
        for change in step.changes.values():
            if step.undone:
                self._taken_back(step, change)
            else:
                self._right(step, change, truths)
        self._no_more_than_allowed(step, read.settings, report)
        if report is not None:
            self._adds_up(step, report)
            self._remember(step, report, truths)

    def _nobody_twice(self, accounts: Iterable[Account]) -> None:
        people = [one.external for one in accounts if one.external]
        addresses = [one.key for one in accounts]
        assert len(people) == len(set(people)), f"somebody has two accounts: {people}"
        assert len(addresses) == len(set(addresses)), f"an address is there twice: {addresses}"

    def _protected(self, step: Step, settings: ProvisioningSettings) -> set[str]:
        return protected_names(step.accounts.values(), OWNER, ADMIN, *settings.protected)

    # ------------------------------------------------------------ one account

    def _right(self, step: Step, change: Change, truths: list[Truth]) -> None:
        before, after = change.before, change.after
        assert after is not None, f"deleted: {before}"
        if before is not None and before.active and not after.active:
            self._left_rightly(step, before, truths)
            assert replace(after, active=True) == before, f"more than switched off: {change}"
            return
        person = after.person
        assert person, f"an account that no directory gave was written: {change}"
        fits = [truth for truth in truths if person in truth.scope]
        assert fits, f"not in scope, and written: {change}"
        assert any(
            after.key == truth.scope[person].casefold() and truth.same_name(after) for truth in fits
        ), f"not as the directory says: {change}"
        assert after.active or (before is not None and not before.active), f"{change}"
        if before is not None and before.external != after.external:
            assert not before.external, f"taken from somebody: {change}"
            assert domain_of(before.address) in VERIFIED, f"not a verified domain: {change}"
            assert before.key == after.key, f"taken over under another address: {change}"

    def _left_rightly(self, step: Step, account: Account, truths: list[Truth]) -> None:
        person, read = account.person, self.office.read
        assert person, f"no directory gave it: {account}"
        assert read is not None
        assert read.live, f"on a copy of the settings: {account}"
        assert any(truth.may_lose(account) for truth in truths), f"had not left: {account}"
        protected = self._protected(step, read.settings)
        assert not is_protected(account, truths[0], protected), f"protected: {account}"
        looked = [one for one in step.requests if one.place == "look-up"]
        assert any(
            one.path.endswith(f"/{person}") and one.status in {200, 404} for one in looked
        ), f"without evidence: {account}"
        if not any(truth.at_once(person) for truth in truths):
            grace = timedelta(days=read.settings.grace_days)
            since, ended = self.missed.get(person), step.ended
            assert since is not None, f"never missed before: {account}"
            assert ended is not None
            assert since + grace <= ended, f"in grace since {since}: {account}"

    def _taken_back(self, step: Step, change: Change) -> None:
        before, after = change.before, change.after
        assert before is not None, f"made by an undo: {change}"
        assert after is not None, f"deleted by an undo: {change}"
        done = self.history[step.undone].get(before.id)
        assert done is not None, f"not of that run: {change}"
        if before.active and not after.active:
            assert done.before is None or not done.before.active, f"was there before: {change}"
            read = self.office.read
            assert read is not None
            truth = Truth.of(step.directory, read.settings)
            assert not is_protected(before, truth, self._protected(step, read.settings)), (
                f"{change}"
            )
        elif after.active and not before.active:
            assert done.before is not None, f"{change}"
            assert done.before.active, f"had not left in that run: {change}"
        else:
            assert done.before is not None, f"{change}"
            names = (done.before.address, done.before.given, done.before.family)
            assert (after.address, after.given, after.family) == names, f"not as before: {change}"

    # ------------------------------------------------------------ all of them

    def _note_missed(self, step: Step, truths: list[Truth]) -> None:
        for account in step.accounts.values():
            if not account.person:
                continue
            if account.person in self.hidden or any(
                account.person not in truth.scope for truth in truths
            ):
                self.missed.setdefault(account.person, step.began)

    def _no_more_than_allowed(
        self, step: Step, settings: ProvisioningSettings, report: RunReport | None
    ) -> None:
        gone = {
            change.before.person
            for change in step.changes.values()
            if change.before and change.before.active
            and change.after and not change.after.active
        }  # fmt: skip
        named = {
            person
            for word in self.words
            if word.kind is HeldKind.LEAVE and step.began - word.given < DAY
            for person in word.people
        }
        unasked = gone - named - self.waved
        today = {person for moment, person in self.left if moment > step.began - DAY}
        active = {one.person for one in step.accounts.values() if one.active and one.person}
        base = len(active | step.linked | today)
        if unasked:
            most = most_leavers(base, settings.limits)
            assert len(today | unasked) <= most, (
                f"{len(today | unasked)} of {base} left in a day, and {most} may: {report}"
            )
        self.left += [(step.began, person) for person in unasked]
        if report is not None and report.outcome in CAME_TO_A_PLAN:
            self._use_a_word(gone - self.waved, len(today), most_leavers(base, settings.limits))
        self.waved -= gone

    def _use_a_word(self, gone: set[str], today: int, most: int) -> None:
        """A word is good once: when more left than may unasked, the newest that names them."""
        if today + len(gone) <= most:
            return
        naming = [one for one in self.words if one.kind is HeldKind.LEAVE and gone <= one.people]
        if naming:
            self.words.remove(naming[-1])
            self.waved |= naming[-1].people

    def _adds_up(self, step: Step, report: RunReport) -> None:
        if report.outcome not in CAME_TO_A_PLAN:
            return
        held = self.office.rows(report.run_id, WRITING, held=True)
        accounted = report.done.writes + report.failed + len(held)
        assert report.planned.writes == accounted, f"{len(held)} held: {report}"
        made = [one for one in step.changes.values() if one.before is None]
        assert len(made) == report.done.create, f"{len(made)} were made: {report}"
        gone = [
            one
            for one in step.changes.values()
            if one.before and one.before.active and one.after and not one.after.active
        ]
        assert len(gone) <= report.done.deactivate, f"{len(gone)} left: {report}"
        still_open = self.office.value(
            "SELECT count(*) FROM journal WHERE state IN ('planned', 'sent')"
        )
        assert not still_open, f"{still_open} operations are still open: {report}"

    def _remember(self, step: Step, report: RunReport, truths: list[Truth]) -> None:
        self.history[report.run_id] = step.changes
        if report.outcome not in CAME_TO_A_PLAN or step.undone:
            return
        if HeldKind.LEAVE not in dict(report.held):
            for word in self.words:
                if word.kind is HeldKind.LEAVE and step.began - word.given < DAY:
                    self.waved |= word.people
        for person in [one for one in self.missed if one not in self.hidden]:
            if all(person in truth.scope for truth in truths):
                del self.missed[person]
                self.waved.discard(person)
