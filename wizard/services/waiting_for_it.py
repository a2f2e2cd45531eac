"""How far IT is: what the service knows of a unit, told as the parts of IT's work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from wizard.accounts.base import OrganizationAccountStatus
from wizard.core.runs import RunOutcome, RunSummary
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.hand_over import Halt, ItPart, PartState, PartView, WaitingView
from wizard.services.contract.inviting import InvitedState, InvitedView
from wizard.services.inviting import people_of
from wizard.services.learning import UnitFacts, adds_up

__all__ = ["waiting_view"]

_STOPPED = frozenset({RunOutcome.STOPPED_BY_GUARD, RunOutcome.FAILED})


def waiting_view(
    facts: UnitFacts, me: str, *, has_app: bool, was_finished: bool = False
) -> WaitingView:
    """What an owner (`me`) who waits for IT may know; `has_app`: there is an app to install.

    `was_finished`: IT was seen to be done before. It still is as long as there is a connection
    and provisioning is on: what stops later is told beside that.

    Nothing is told that the service does not say, or that does not follow from it: a workspace
    was chosen when its app or its connection is there; a preview was looked at when
    provisioning is on, for the window turns it on after that alone.
    """
    people = people_of(facts.invitations or (), facts.owners or (), me)
    # Another owner who came without an invitation counts only where nobody was invited.
    asked = any(one.state is InvitedState.PENDING for one in people)
    came = [one for one in people if one.state is InvitedState.ACCEPTED]
    if not came and not asked:
        came = [one for one in people if one.state is InvitedState.OWNER]
    latest = max(came, key=_accepted_at, default=None)
    found = facts.connection
    finished = facts.enabled and ((facts.active and facts.finished) or was_finished)
    return WaitingView(
        parts=tuple(_in_order(facts, latest, has_app=has_app, finished=finished)),
        people=people,
        checked_at=facts.read_at,
        it_name=latest.name if latest is not None else "",
        it_address=latest.address if latest is not None else "",
        pending=found is not None and found.status is OrganizationAccountStatus.PENDING,
        finished=finished,
        halted=_halted(facts) if finished else None,
        accounts=_accounts(facts.runs),
    )


def _accounts(runs: Sequence[RunSummary]) -> int:
    """How many have an account after the newest run without a failure; 0: nobody can say.

    A run counts everybody whom it found in step, so that any one of them knows them all.
    """
    whole = [run for run in runs if adds_up(run) and not run.failed]
    if not whole:
        return 0
    done = max(whole, key=lambda run: run.started_at).done
    return done.create + done.adopt + done.update + done.reactivate + done.unchanged


def _halted(facts: UnitFacts) -> Halt | None:
    """What doesn't go on, though IT was done."""
    found = facts.connection
    if found is not None and found.status is OrganizationAccountStatus.FAILED:
        return Halt.CONNECTION
    if not facts.runs or facts.runs[0].outcome not in _STOPPED:
        return None
    return Halt.GUARD if facts.runs[0].outcome is RunOutcome.STOPPED_BY_GUARD else Halt.RUN


def _in_order(
    facts: UnitFacts, came: InvitedView | None, *, has_app: bool, finished: bool
) -> Iterator[PartView]:
    """The parts: what is done, the first that isn't (with since when), and what is to come."""
    waits = True
    since: datetime | None = _asked_at(facts)
    for part, done, at in _done(facts, came):
        if part is ItPart.APP and not has_app:
            continue
        if done or finished:
            yield PartView(part=part, state=PartState.DONE, at=at)
            since = at or since
            continue
        if not waits:
            yield PartView(part=part, state=PartState.TODO)
            continue
        waits = False
        yield _now(part, facts, since)


def _done(
    facts: UnitFacts, came: InvitedView | None
) -> Iterator[tuple[ItPart, bool, datetime | None]]:
    """Each part with whether it is done, and when, where the service says so."""
    found, saved = facts.connection, facts.settings
    began = found is not None or bool(facts.app_domain)
    saved_at = saved.saved_at if saved is not None else None
    ended = min((run.finished_at for run in facts.runs if adds_up(run)), default=None)
    # Who connects the workspace has come, by whatever way.
    yield ItPart.ACCEPTED, came is not None or began, came.accepted_at if came else None
    yield ItPart.WORKSPACE, began, None
    yield ItPart.APP, facts.active or bool(facts.app_domain), facts.app_installed_at
    yield ItPart.AUTHORIZED, facts.active, found.created_at if found is not None else None
    scope = facts.scope_saved or facts.enabled
    yield ItPart.SCOPE, scope, saved_at if not facts.enabled else None
    yield ItPart.PREVIEW, facts.enabled, None
    yield ItPart.PROVISIONING, facts.enabled, saved_at
    yield ItPart.FIRST_SYNC, facts.finished, ended


def _now(part: ItPart, facts: UnitFacts, since: datetime | None) -> PartView:
    """The part that IT is at, or that has stopped."""
    found = facts.connection
    if part is ItPart.AUTHORIZED and found is not None:
        if found.status is OrganizationAccountStatus.FAILED:
            trouble = Trouble(Code.CONNECTION_FAILED, detail=found.status_code)
            return PartView(part=part, state=PartState.STOPPED, trouble=trouble)
        return PartView(part=part, state=PartState.NOW, at=found.created_at)
    if part is ItPart.FIRST_SYNC and facts.runs and facts.runs[0].outcome in _STOPPED:
        # Why another one failed is in nobody's record: a sign-in, the network, the service.
        held = facts.runs[0].outcome is RunOutcome.STOPPED_BY_GUARD
        return PartView(
            part=part,
            state=PartState.STOPPED,
            at=facts.runs[0].finished_at,
            trouble=Trouble(Code.GUARD_STOPPED) if held else None,
        )
    return PartView(part=part, state=PartState.NOW, at=since)


def _accepted_at(one: InvitedView) -> datetime:
    return one.accepted_at or datetime.min.replace(tzinfo=UTC)


def _asked_at(facts: UnitFacts) -> datetime | None:
    """When the newest invitation was made."""
    return max((one.created_at for one in facts.invitations or ()), default=None)
