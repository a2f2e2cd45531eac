"""One person's story, from the snapshot, the links, the journal and the newest plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wizard.core.clock import from_text, to_text
from wizard.core.directory import UserState
from wizard.core.people import (
    AccountFacts,
    Event,
    EventKind,
    LastEvidence,
    PersonStory,
    Planned,
    ProtectedBy,
    ScopeFacts,
    Standing,
)
from wizard.core.runs import PlanKind, Reason
from wizard.core.settings import LeaverPolicy, ProvisioningSettings
from wizard.core.trouble import Code
from wizard.services.people_list import newest_plan, unit_words
from wizard.store.statements import Reading
from wizard.sync.runs import scope_text

__all__ = ["Signers", "tell_story"]


@dataclass(frozen=True, kw_only=True)
class Signers:
    """Whose accounts are protected besides owners and the list: addresses, '' where unknown."""

    signed_in: str
    authorized: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _User:
    address: str
    address_key: str
    given_name: str
    family_name: str
    state: UserState
    unit_path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Link:
    external_id: str
    account_id: str
    address: str
    address_key: str
    given_name: str
    family_name: str
    active: bool
    is_owner: bool
    linked_at: datetime
    absent_since: datetime | None
    scope_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Verdict:
    in_scope: bool
    reason: str
    scope_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    kind: PlanKind
    reason: Reason
    started_at: datetime
    run_id: str
    held: bool
    preview: bool
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    kind: PlanKind
    state: str
    code: str
    detail: str
    address: str
    old_address: str
    given_name: str
    family_name: str
    old_given_name: str
    old_family_name: str
    old_active: bool
    at: datetime
    scope_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Change:
    seen_at: datetime
    what: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Proof:
    proof: str
    seen_at: datetime


_USER = """
SELECT address, address_key, given_name, family_name, state, unit_path FROM snap_user WHERE id = ?
"""
_LINK = """
SELECT external_id, account_id, address, address_key, given_name, family_name, active, is_owner,
    linked_at, absent_since, scope_by
FROM link WHERE user_id = ?
"""
_PLAN = """
SELECT i.kind, i.reason, r.started_at, r.id AS run_id, i.held, r.preview, i.detail
FROM plan_item i JOIN run r ON r.id = i.run_id WHERE i.run_id = ? AND i.user_id = ?
"""
_EVIDENCE = """
SELECT proof, seen_at FROM evidence WHERE user_id = ? ORDER BY seen_at DESC LIMIT 1
"""
_ENTRIES = """
SELECT j.kind, j.state, j.code, j.detail, j.address, j.old_address, j.given_name, j.family_name,
    j.old_given_name, j.old_family_name, j.old_active, coalesce(j.answered_at, j.sent_at) AS at,
    coalesce(i.scope_by, '') AS scope_by
FROM journal j LEFT JOIN plan_item i ON i.run_id = j.run_id AND i.user_id = j.user_id
WHERE j.user_id = ? AND coalesce(j.answered_at, j.sent_at) IS NOT NULL ORDER BY j.id
"""
_CHANGES = """
SELECT seen_at, what, old, new FROM directory_change WHERE user_id = ? ORDER BY id
"""
# Others whose account would get the same address; the scope says which one that is.
_NAMESAKES = """
SELECT coalesce(nullif(trim(u.given_name || ' ' || u.family_name), ''), u.address)
FROM verdict v JOIN verdict w ON w.address_key = v.address_key AND w.user_id <> v.user_id
JOIN snap_user u ON u.id = w.user_id
WHERE v.user_id = ? AND v.address_key <> '' AND v.in_scope AND w.in_scope ORDER BY u.id LIMIT 5
"""
# The plan that judged last: where it was made with another scope than the saved one, its verdict
# is a draft's.
_JUDGED_WITH = """
SELECT scope FROM run WHERE generation > 0 ORDER BY started_at DESC, id DESC LIMIT 1
"""
_STANDING = "SELECT standing FROM person WHERE user_id = ?"


def tell_story(
    reading: Reading, user_id: str, settings: ProvisioningSettings | None, signers: Signers
) -> PersonStory | None:
    """Everything known of one person; None where neither directory nor links know the id.

    `settings` are those last read from the service, None where they never were.
    """
    user = reading.first(_User, _USER, (user_id,))
    link = reading.first(_Link, _LINK, (user_id,))
    if user is None and link is None:
        return None
    plan = reading.first(_Plan, _PLAN, (newest_plan(reading), user_id))
    evidence = reading.first(_Proof, _EVIDENCE, (user_id,))
    entries = reading.all(_Entry, _ENTRIES, (user_id,))
    changes = reading.all(_Change, _CHANGES, (user_id,))
    read_at = next(reading.values(str, "SELECT coalesce(read_at, '') FROM connection"), "")
    standing = next(reading.values(Standing, _STANDING, (user_id,)), None)
    given, family = _names(user, link)
    protected = _protected(user_id, user, link, settings, signers)
    ends_at = _ends_at(link, plan, settings, protected)
    return PersonStory(
        user_id=user_id,
        name=f"{given} {family}".strip() or _address(user, link) or user_id,
        given_name=given,
        address=_address(user, link),
        unit=unit_words(user.unit_path) if user is not None else "",
        standing=standing or _standing(user, link),
        read_at=from_text(read_at) if read_at else None,
        state=user.state if user is not None else None,
        state_since=_state_since(user, changes),
        scope=_scope(reading, user_id, settings) if user is not None else None,
        account=_account(link, entries),
        planned=_planned(plan),
        evidence=(
            LastEvidence(proof=evidence.proof, seen_at=evidence.seen_at) if evidence else None
        ),
        leaving_since=link.absent_since if link is not None and link.active else None,
        ends_at=ends_at,
        leavers_kept=settings is not None and settings.leavers is LeaverPolicy.KEEP,
        grace_days=settings.grace_days if settings is not None else None,
        protected=protected,
        namesakes=tuple(reading.values(str, _NAMESAKES, (user_id,))),
        events=tuple(_events(link, entries, changes, ends_at)),
    )


def _names(user: _User | None, link: _Link | None) -> tuple[str, str]:
    if user is not None and (user.given_name or user.family_name):
        return user.given_name, user.family_name
    if link is not None:
        return link.given_name, link.family_name
    return "", ""


def _address(user: _User | None, link: _Link | None) -> str:
    if user is not None and user.address:
        return user.address
    return link.address if link is not None else ""


def _standing(user: _User | None, link: _Link | None) -> Standing:
    """Where somebody stands whom the list, made before, doesn't have yet."""
    del user  # without a link there is no account, whatever the directory says
    if link is None:
        return Standing.NO_ACCOUNT
    if not link.active:
        return Standing.ENDED
    return Standing.LEAVING if link.absent_since is not None else Standing.ACTIVE


def _scope(
    reading: Reading, user_id: str, settings: ProvisioningSettings | None
) -> ScopeFacts | None:
    told = reading.first(
        _Verdict, "SELECT in_scope, reason, scope_by FROM verdict WHERE user_id = ?", (user_id,)
    )
    if told is None:
        return None
    judged_with = next(reading.values(str, _JUDGED_WITH), "")
    by_draft = settings is not None and judged_with not in {"", scope_text(settings)}
    return ScopeFacts(
        inside=told.in_scope,
        reason=Reason(told.reason) if told.reason else None,
        by=told.scope_by,
        by_draft=by_draft,
    )


def _account(link: _Link | None, entries: Sequence[_Entry]) -> AccountFacts | None:
    if link is None:
        return None
    return AccountFacts(
        id=link.account_id,
        address=link.address,
        name=f"{link.given_name} {link.family_name}".strip(),
        active=link.active,
        is_owner=link.is_owner,
        external_id=link.external_id,
        linked_at=link.linked_at,
        adopted=any(one.kind is PlanKind.ADOPT and one.state == "done" for one in entries),
    )


def _planned(plan: _Plan | None) -> Planned | None:
    if plan is None:
        return None
    # A leaver who stays anyway may be marked as held, too: nobody has to decide about that one.
    held = plan.held and plan.kind.writes
    return Planned(
        kind=plan.kind,
        reason=Reason.HELD if held else plan.reason,
        at=plan.started_at,
        run_id=plan.run_id,
        held=held,
        preview=plan.preview,
        detail=plan.detail,
    )


def _protected(
    user_id: str,
    user: _User | None,
    link: _Link | None,
    settings: ProvisioningSettings | None,
    signers: Signers,
) -> ProtectedBy:
    """As the planner decides it: by address then and now, by account, by id, or as an owner."""
    if link is None:
        return ProtectedBy.NOTHING
    if link.is_owner:
        return ProtectedBy.OWNER
    addresses = {link.address_key, *((user.address_key,) if user is not None else ())} - {""}
    if signers.signed_in.casefold() in addresses:
        return ProtectedBy.SIGNED_IN
    if signers.authorized.casefold() in addresses:
        return ProtectedBy.ADMIN
    listed = {one.casefold() for one in settings.protected} if settings is not None else set()
    known = addresses | {one.casefold() for one in (link.account_id, user_id, link.external_id)}
    return ProtectedBy.LISTED if listed & known else ProtectedBy.NOTHING


def _ends_at(
    link: _Link | None,
    plan: _Plan | None,
    settings: ProvisioningSettings | None,
    protected: ProtectedBy,
) -> datetime | None:
    """When a leaver's grace is over; None for who isn't one, stays, or is held back."""
    if link is None or not link.active or link.absent_since is None or settings is None:
        return None
    held = plan is not None and (plan.held or plan.reason is Reason.NO_EVIDENCE)
    if protected is not ProtectedBy.NOTHING or settings.leavers is LeaverPolicy.KEEP or held:
        return None
    return link.absent_since + timedelta(days=max(0, settings.grace_days))


def _state_since(user: _User | None, changes: Sequence[_Change]) -> datetime | None:
    if user is None:
        return None
    told = [one for one in changes if one.what == "state" and one.new == user.state.value]
    return told[-1].seen_at if told else None


# ------------------------------------------------------------------------- what happened


def _events(
    link: _Link | None,
    entries: Sequence[_Entry],
    changes: Sequence[_Change],
    ends_at: datetime | None,
) -> Iterator[Event]:
    """In order of time; what is ahead last."""
    happened = [event for entry in _without_repeats(entries) for event in _of_entry(entry)]
    happened += [event for change in changes for event in _of_change(change, entries)]
    made = {PlanKind.CREATE, PlanKind.ADOPT}
    if link is not None and not any(one.kind in made and one.state == "done" for one in entries):
        happened.append(Event(kind=EventKind.LINKED, at=link.linked_at))
    if link is not None and link.active and link.absent_since is not None:
        happened.append(Event(kind=EventKind.LEAVING, at=link.absent_since, scope_by=link.scope_by))
    yield from sorted(happened, key=_moment)
    if ends_at is not None:
        yield Event(kind=EventKind.WILL_END, at=ends_at)


def _without_repeats(entries: Sequence[_Entry]) -> Iterator[_Entry]:
    """Of refusals that are alike, one after the other, the first and the last: every sync tries
    again, and a month of that would hide everything else.
    """
    alike = [(one.kind, one.code, one.detail) if one.state == "failed" else None for one in entries]
    for place, entry in enumerate(entries):
        inside = 0 < place < len(entries) - 1 and alike[place] is not None
        if not inside or {alike[place - 1], alike[place + 1]} != {alike[place]}:
            yield entry


def _moment(event: Event) -> str:
    return to_text(event.at) if event.at is not None else ""


def _of_entry(entry: _Entry) -> Iterator[Event]:
    """What one operation did; a change of name and address is two events."""
    if entry.state == "failed":
        code = Code(entry.code) if entry.code in set(Code) else Code.WRITE_FAILED
        yield Event(
            kind=EventKind.FAILED,
            at=entry.at,
            old=entry.kind.value,
            code=code,
            detail=entry.detail,
        )
        return
    if entry.state != "done":
        return
    whole = {
        PlanKind.CREATE: EventKind.CREATED,
        PlanKind.ADOPT: EventKind.ADOPTED,
        PlanKind.DEACTIVATE: EventKind.DEACTIVATED,
        PlanKind.REACTIVATE: EventKind.REACTIVATED,
    }.get(entry.kind)
    if whole is not None:
        yield Event(kind=whole, at=entry.at, scope_by=entry.scope_by)
    if entry.kind is PlanKind.DEACTIVATE or entry.kind is PlanKind.CREATE:
        return
    yield from _renamed(entry)
    if entry.old_address and entry.old_address != entry.address:
        yield Event(
            kind=EventKind.ADDRESS_CHANGED, at=entry.at, old=entry.old_address, new=entry.address
        )


def _renamed(entry: _Entry) -> Iterator[Event]:
    given = entry.given_name != entry.old_given_name
    family = entry.family_name != entry.old_family_name
    if not given and not family:
        return
    old = f"{entry.old_given_name} {entry.old_family_name}".strip()
    new = f"{entry.given_name} {entry.family_name}".strip()
    if family and not given and entry.old_family_name:
        yield Event(
            kind=EventKind.NAME_CHANGED,
            at=entry.at,
            old=entry.old_family_name,
            new=entry.family_name,
            detail="family",
        )
    elif old:
        yield Event(kind=EventKind.NAME_CHANGED, at=entry.at, old=old, new=new)


def _of_change(change: _Change, entries: Sequence[_Entry]) -> Iterator[Event]:
    """What the directory showed; a new name that the account then got is told by that."""
    kind = {
        "unit": EventKind.MOVED,
        "state": EventKind.STATE_CHANGED,
        "name": EventKind.RENAMED_THERE,
        "address": EventKind.READDRESSED_THERE,
        "arrived": EventKind.ARRIVED,
        "vanished": EventKind.VANISHED,
    }.get(change.what)
    if kind is None:
        return
    written = [one for one in entries if one.state == "done" and one.at >= change.seen_at]
    names = {f"{one.given_name} {one.family_name}".strip() for one in written}
    if kind is EventKind.RENAMED_THERE and change.new in names:
        return
    if kind is EventKind.READDRESSED_THERE and change.new in {one.address for one in written}:
        return
    is_unit = change.what in {"unit", "arrived", "vanished"}
    yield Event(
        kind=kind,
        at=change.seen_at,
        old=unit_words(change.old) if is_unit else change.old,
        new=unit_words(change.new) if is_unit else change.new,
        exact=False,
    )
