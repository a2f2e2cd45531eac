"""Taking a run back: its inverse, as an ordinary plan under the same guard."""

from __future__ import annotations

import logging

import msgspec

from wizard.core.cancel import Cancel
from wizard.core.runs import PlanKind, Reason, RunOutcome, RunPhase, RunReport, Trigger
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Trouble
from wizard.store.statements import Writing
from wizard.sync.guard import Guarded, guard
from wizard.sync.journal import resume
from wizard.sync.parts import Listen, SyncParts
from wizard.sync.planner import prepare
from wizard.sync.report import held_trouble
from wizard.sync.runs import begin_run, close_interrupted, enter_phase
from wizard.sync.work import Ending, Work, pin, record, unstored_report

__all__ = ["undo"]

log = logging.getLogger(__name__)

# From the values before in the journal, as far as the account still is what the run made of it:
# who was changed since is left alone. An account that was created or given back is deactivated,
# never deleted; one that was adopted keeps its externalId and gets its old name and address.
_INVERSE = """
INSERT INTO plan_item (run_id, user_id, external_id, account_id, kind, reason, address,
    given_name, family_name, old_address, old_given_name, old_family_name, search)
SELECT :run, l.user_id, l.external_id, l.account_id,
    CASE WHEN NOT l.active THEN :reactivate WHEN leaves THEN :deactivate ELSE :update END,
    :taken_back,
    CASE WHEN l.active AND NOT leaves THEN j.old_address ELSE l.address END,
    CASE WHEN l.active AND NOT leaves THEN j.old_given_name ELSE l.given_name END,
    CASE WHEN l.active AND NOT leaves THEN j.old_family_name ELSE l.family_name END,
    l.address, l.given_name, l.family_name,
    fold(l.given_name || ' ' || l.family_name || ' ' || l.address)
FROM (
    SELECT *, kind IN ('create', 'reactivate') OR (kind = 'adopt' AND NOT old_active) AS leaves
    FROM journal WHERE run_id = :undone AND state = 'done'
) j
JOIN link l ON l.external_id = j.external_id
WHERE NOT EXISTS (SELECT 1 FROM journal later
        WHERE later.external_id = j.external_id AND later.id > j.id AND later.state = 'done')
    AND CASE WHEN j.kind = 'deactivate' THEN NOT l.active
        WHEN leaves THEN l.active
        ELSE l.active AND l.address_key = fold(j.address) AND l.given_name = j.given_name
            AND l.family_name = j.family_name
            AND (j.old_address, j.old_given_name, j.old_family_name)
                <> (l.address, l.given_name, l.family_name) END
"""

_LEAVERS = """
INSERT INTO plan_leaver
SELECT i.user_id, :taken_back, 1, '', '', 0, coalesce(p.reason, ''), 0
FROM plan_item i LEFT JOIN plan_protected p ON p.user_id = i.user_id
WHERE i.run_id = :run AND i.kind = :deactivate
"""

_STAY = """
UPDATE plan_item SET kind = :skip, reason = (
    SELECT x.protected FROM plan_leaver x WHERE x.user_id = plan_item.user_id)
WHERE run_id = :run AND user_id IN (SELECT user_id FROM plan_leaver WHERE protected <> '')
"""


def undo(
    parts: SyncParts,
    settings: ProvisioningSettings,
    undone: str,
    cancel: Cancel,
    listen: Listen,
) -> RunReport:
    """Take the run `undone` back; a run of its own, with its own report.

    No evidence is gathered, since a person asked for it; the guard's limits and the protection
    of accounts hold as ever. The next run by the schedule does again what directory and scope
    say, so that what led to the mistake is to be put right first.
    """
    started = parts.clock.now()
    ending = Ending()
    try:
        pin(parts)
        run_id, started = begin_run(
            parts.database,
            parts.clock,
            settings=settings,
            trigger=Trigger.PERSON,
            preview=False,
        )
    except Trouble as trouble:
        ending.stopped(trouble)
        return unstored_report("", Trigger.PERSON, started, parts, ending)
    work = Work(parts=parts, settings=settings, run_id=run_id, cancel=cancel, listen=listen)
    try:
        _go(work, undone, ending)
    except Trouble as trouble:
        log.info("run %s stopped: %s", run_id, trouble)
        ending.stopped(trouble)
    ending.requests = work.requests
    return record(work, Trigger.PERSON, started, ending)


def _go(work: Work, undone: str, ending: Ending) -> None:
    parts = work.parts
    work.requests += resume(parts, work.cancel)
    with parts.database.transaction() as writing:
        close_interrupted(writing, parts.clock, keep=work.run_id)
    work.tell(RunPhase.COMPARE, 0, 1)
    with parts.database.transaction(cancel=work.cancel) as writing:
        enter_phase(writing, work.run_id, RunPhase.COMPARE)
        guarded = _plan(writing, work, undone)
        writing.execute(
            "UPDATE run SET held = ? WHERE id = ?",
            (msgspec.json.encode(guarded.held).decode(), work.run_id),
        )
    ending.held = guarded.held
    work.fresh.begin()
    work.write(guarded)
    if guarded.held:
        ending.outcome, ending.trouble = RunOutcome.STOPPED_BY_GUARD, held_trouble(guarded.held)
    elif work.failed:
        ending.outcome = RunOutcome.PARTLY


def _plan(writing: Writing, work: Work, undone: str) -> Guarded:
    links_known = writing.value(
        bool, "SELECT EXISTS (SELECT 1 FROM connection WHERE links_rebuilt_at IS NOT NULL)"
    )
    parts = work.parts
    prepare(writing, parts, work.settings, work.run_id)
    writing.execute("DELETE FROM plan_leaver")
    values = {
        "run": work.run_id,
        "undone": undone,
        "reactivate": PlanKind.REACTIVATE,
        "deactivate": PlanKind.DEACTIVATE,
        "update": PlanKind.UPDATE,
        "skip": PlanKind.SKIP,
        "taken_back": Reason.TAKEN_BACK,
    }
    for statement in (_INVERSE, _LEAVERS, _STAY):
        writing.execute(statement, values)
    return guard(writing, parts, work.settings, work.run_id, links_known=links_known, preview=False)
