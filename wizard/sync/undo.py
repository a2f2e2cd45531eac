"""Taking a run back: its inverse, as an ordinary plan under the same guard."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import msgspec

from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.runs import (
    PlanCounts,
    PlanKind,
    Reason,
    RunOutcome,
    RunPhase,
    RunReport,
    Trigger,
)
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.store.database import Database
from wizard.store.statements import Reading, Writing
from wizard.sync.guard import Guarded, guard
from wizard.sync.journal import resume
from wizard.sync.match import LOOK_UP_AT_MOST, look_again
from wizard.sync.parts import Held, Listen, SyncParts
from wizard.sync.planner import prepare
from wizard.sync.report import held_trouble
from wizard.sync.runs import (
    begin_run,
    close_interrupted,
    enter_phase,
    forget_run,
    plan_counts,
    prune,
)
from wizard.sync.undo_sql import ENTRIES, FORGET, INVERSE, LATER, LEAVERS, NEW_ENTRIES, WANTED
from wizard.sync.work import Ending, Work, pin, record, unstored_report

__all__ = [
    "UndoPlan",
    "last_taking_back",
    "newest_run",
    "preview_undo",
    "undo",
    "undone_run",
]

log = logging.getLogger(__name__)

_REASONS = {f"r_{reason.value.replace('-', '_')}": reason.value for reason in Reason}
_KINDS = {f"k_{kind.value}": kind.value for kind in PlanKind}


@dataclass(frozen=True, kw_only=True)
class UndoPlan:
    """What taking a run back would do; its rows are read with `wizard.sync.plan_view`.

    `reasons` counts people by why they are planned as they are; `counts.skip` can't be taken back.
    """

    run_id: str
    undone: str
    made_at: datetime
    counts: PlanCounts
    reasons: Mapping[Reason, int]
    held: tuple[Held, ...] = ()
    requests: int = 0


def undone_run(database: Database, run_id: str) -> RunOutcome | None:
    """How the run ended that is to be taken back, None for one that a crash cut short.

    Raises `Trouble(RUN_NOT_KNOWN)` where no such run is kept.
    """
    with database.read() as reading:
        found = reading.all(
            _Found, "SELECT outcome FROM run WHERE id = ? AND NOT preview", (run_id,)
        )
    if not found:
        raise Trouble(Code.RUN_NOT_KNOWN, run=run_id)
    return found[0].outcome


def last_taking_back(database: Database) -> str:
    """The id of the newest run, where that took another one back and wrote something; else ''.

    The newest is the one that was written down last: times depend on a clock that can be set back.
    """
    with database.read() as reading:
        return next(
            reading.values(
                str,
                "SELECT CASE WHEN undoes <> '' THEN id ELSE '' END FROM run r WHERE NOT preview"
                " AND (undoes = '' OR EXISTS (SELECT 1 FROM journal j WHERE j.run_id = r.id))"
                " ORDER BY rowid DESC LIMIT 1",
            ),
            "",
        )


def newest_run(database: Database) -> str:
    """The id of the run that was written down last, previews left out; '' for none."""
    with database.read() as reading:
        newest = "SELECT id FROM run WHERE NOT preview ORDER BY rowid DESC LIMIT 1"
        return next(reading.values(str, newest), "")


def preview_undo(
    parts: SyncParts,
    settings: ProvisioningSettings,
    undone: str,
    cancel: Cancel,
    listen: Listen,
) -> UndoPlan:
    """What `undo` would do, written nowhere but in the local database.

    Raises `Trouble` where the service can't be asked, RUN_NOT_KNOWN where there is no such run.
    """
    pin(parts)
    undone_run(parts.database, undone)
    run_id, started = begin_run(
        parts.database,
        parts.clock,
        settings=settings,
        trigger=Trigger.PERSON,
        preview=True,
        undoes=undone,
    )
    work = Work(parts=parts, settings=settings, run_id=run_id, cancel=cancel, listen=listen)
    try:
        guarded = _plan(work, undone, preview=True)
        with parts.database.transaction() as writing:
            writing.execute(
                "UPDATE run SET finished_at = ?, outcome = ? WHERE id = ?",
                (to_text(parts.clock.now()), RunOutcome.DONE, run_id),
            )
            prune(writing, parts.clock, keep=run_id)
            counts, reasons = plan_counts(writing, run_id), _reasons(writing, run_id)
    except BaseException:
        with parts.database.transaction() as writing:
            forget_run(writing, run_id)
        raise
    return UndoPlan(
        run_id=run_id,
        undone=undone,
        made_at=started,
        counts=counts,
        reasons=reasons,
        held=guarded.held,
        requests=work.requests,
    )


def undo(
    parts: SyncParts,
    settings: ProvisioningSettings,
    undone: str,
    cancel: Cancel,
    listen: Listen,
    *,
    shown: str = "",
    trigger: Trigger = Trigger.PERSON,
) -> RunReport:
    """Take the run `undone` back; a run of its own, with its own report.

    `shown` is the preview that a person agreed to: where anything would be done that it did not
    show, nothing is. No evidence is gathered, since a person asked for it; the guard's limits and
    the protection of accounts hold as ever. The next sync does again what directory and scope
    say, so that what led to the mistake is to be put right first.
    """
    started = parts.clock.now()
    ending = Ending()
    try:
        pin(parts)
        undone_run(parts.database, undone)
        run_id, started = begin_run(
            parts.database,
            parts.clock,
            settings=settings,
            trigger=trigger,
            preview=False,
            undoes=undone,
        )
    except Trouble as trouble:
        ending.stopped(trouble)
        return unstored_report("", trigger, started, parts, ending)
    work = Work(
        parts=parts, settings=settings, run_id=run_id, cancel=cancel, listen=listen, undoes=undone
    )
    try:
        _go(work, undone, shown, ending)
    except Trouble as trouble:
        log.info("run %s stopped: %s", run_id, trouble)
        ending.stopped(trouble)
    ending.requests = work.requests
    return record(work, trigger, started, ending)


def _go(work: Work, undone: str, shown: str, ending: Ending) -> None:
    guarded = _plan(work, undone, preview=False, shown=shown)
    ending.held = guarded.held
    work.fresh.begin()
    work.write(guarded)
    if guarded.held:
        ending.outcome, ending.trouble = RunOutcome.STOPPED_BY_GUARD, held_trouble(guarded.held)
        return
    with work.parts.database.read() as reading:
        left = plan_counts(reading, work.run_id).skip
    if work.failed or left:
        ending.outcome = RunOutcome.PARTLY


def _plan(work: Work, undone: str, *, preview: bool, shown: str = "") -> Guarded:
    """Look at the accounts as they are now, plan the inverse, and guard it."""
    parts = work.parts
    work.tell(RunPhase.READ, 0, 1)
    work.requests += resume(parts, work.cancel)
    with parts.database.transaction() as writing:
        close_interrupted(writing, parts.clock, keep=work.run_id)
        wanted = _gather(writing, undone)
        known = writing.value(
            bool, "SELECT EXISTS (SELECT 1 FROM connection WHERE links_rebuilt_at IS NOT NULL)"
        )
    if wanted:
        work.requests += look_again(parts, wanted, work.cancel, everyone=not known)
    work.tell(RunPhase.COMPARE, 0, 1)
    with parts.database.transaction(cancel=work.cancel) as writing:
        enter_phase(writing, work.run_id, RunPhase.COMPARE)
        prepare(writing, parts, work.settings, work.run_id)
        writing.execute("DELETE FROM plan_leaver")
        _gather(writing, undone)
        values = {"run": work.run_id, **_REASONS, **_KINDS}
        for statement in (INVERSE, LEAVERS):
            writing.execute(statement, values)
        if shown:
            _only_as_shown(writing, work.run_id, shown)
        guarded = guard(
            writing,
            parts,
            work.settings,
            work.run_id,
            links_known=True,
            preview=preview,
            undoes=True,
        )
        writing.execute(
            "UPDATE run SET held = ? WHERE id = ?",
            (msgspec.json.encode(guarded.held).decode(), work.run_id),
        )
    return guarded


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    outcome: RunOutcome | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    external_id: str
    address: str
    other: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Later:
    """Something done to an account after the operation `entry`; `undoes` is 0 for no undoing."""

    entry: int
    id: int
    undoes: int


def _gather(writing: Writing, undone: str) -> list[tuple[str, str, str]]:
    """Gather what the run did; whose accounts have to be looked at, not many more than needed."""
    writing.execute(NEW_ENTRIES)
    writing.execute(FORGET)
    writing.execute(ENTRIES, {"undone": undone})
    later = list(_standing(writing))
    writing.many("UPDATE undo_entry SET standing = ? WHERE id = ?", later)
    found = writing.all(_Wanted, WANTED, {"most": LOOK_UP_AT_MOST + 1})
    return [(row.external_id, row.address, row.other) for row in found]


def _standing(reading: Reading) -> Iterator[tuple[str, int]]:
    """Which operations can't be taken back because of what was done later, and why.

    Something later that was itself taken back doesn't count, nor does its taking back.
    """
    for entry, rows in groupby(reading.rows(_Later, LATER), key=lambda row: row.entry):
        gone: set[int] = set()
        changed = False
        for row in rows:
            if row.id in gone:
                continue
            if row.undoes:
                gone.add(row.undoes)
            changed = changed or not row.undoes or row.undoes < entry
        if entry in gone:
            yield Reason.TAKEN_BACK_BEFORE.value, entry
        elif changed:
            yield Reason.CHANGED_SINCE.value, entry


def _only_as_shown(writing: Writing, run_id: str, shown: str) -> None:
    """Raise `Trouble(APPROVAL_OUTDATED)` where this plan does what a person did not see."""
    more = writing.value(
        int,
        "SELECT count(*) FROM plan_item i WHERE i.run_id = :run AND i.kind <> :skip"
        " AND NOT EXISTS (SELECT 1 FROM plan_item p WHERE p.run_id = :shown"
        " AND p.user_id = i.user_id AND p.kind = i.kind AND p.restores = i.restores)",
        {"run": run_id, "shown": shown, "skip": PlanKind.SKIP},
    )
    if more:
        raise Trouble(Code.APPROVAL_OUTDATED, people=more, problem="undo")


class _ReasonCount(msgspec.Struct, frozen=True, kw_only=True):
    reason: Reason
    people: int


def _reasons(reading: Reading, run_id: str) -> Mapping[Reason, int]:
    found = reading.all(
        _ReasonCount,
        "SELECT reason, count(*) AS people FROM plan_item WHERE run_id = ? GROUP BY reason",
        (run_id,),
    )
    return {row.reason: row.people for row in found}
