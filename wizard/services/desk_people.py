"""Everybody for the helpdesk report: full stories of those in doubt, short ones of all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from wizard.content.desk_report import ADDRESS, WHO
from wizard.content.text import t
from wizard.core.cancel import Cancel
from wizard.core.clock import from_text
from wizard.core.directory import UserState
from wizard.core.people import (
    AccountFacts,
    Event,
    EventKind,
    PersonStory,
    ProtectedBy,
    ScopeFacts,
    Standing,
)
from wizard.core.runs import Reason
from wizard.core.settings import ProvisioningSettings
from wizard.services.people_list import unit_words
from wizard.services.people_story import Signers, tell_story
from wizard.store.database import Database
from wizard.store.statements import Reading
from wizard.sync.runs import scope_text

__all__ = ["DeskPerson", "everybody"]

_AT_ONCE = 200
_PLAIN = frozenset({Standing.ACTIVE, Standing.NEW, Standing.NO_ACCOUNT, Standing.WAITING})
"""Where the list alone says all there is to say, unless the last operation failed."""
_STAYS = frozenset({Reason.LEAVERS_KEPT.value, Reason.PROTECTED.value, Reason.LAST_OWNER.value})

_ROWS = """
SELECT x.user_id, x.name, x.address, x.unit_path, x.reason,
    coalesce(u.state, '') AS state, coalesce(u.aliases, '') AS aliases,
    l.user_id IS NOT NULL AS linked, coalesce(l.account_id, '') AS account_id,
    coalesce(l.address, '') AS account_address, coalesce(l.active, 0) AS active,
    coalesce(l.is_owner, 0) AS is_owner, coalesce(l.linked_at, '') AS linked_at,
    v.user_id IS NOT NULL AS judged, coalesce(v.in_scope, 0) AS in_scope,
    coalesce(v.reason, '') AS verdict, coalesce(v.scope_by, '') AS scope_by,
    coalesce(v.address, '') AS wanted_address,
    coalesce((SELECT j.state FROM journal j WHERE j.user_id = x.user_id
        AND coalesce(j.answered_at, j.sent_at) IS NOT NULL ORDER BY j.id DESC LIMIT 1), '')
        AS last_state,
    coalesce((SELECT j.kind FROM journal j WHERE j.user_id = x.user_id AND j.state = 'done'
        AND j.kind IN ('create', 'adopt') ORDER BY j.id LIMIT 1), '') AS made_by,
    coalesce((SELECT j.answered_at FROM journal j WHERE j.user_id = x.user_id AND j.state = 'done'
        AND j.kind IN ('create', 'adopt') ORDER BY j.id LIMIT 1), '') AS made_at,
    coalesce((SELECT max(d.seen_at) FROM directory_change d WHERE d.user_id = x.user_id
        AND d.what = 'state' AND d.new = u.state), '') AS state_since
FROM person x LEFT JOIN snap_user u ON u.id = x.user_id LEFT JOIN link l ON l.user_id = x.user_id
LEFT JOIN verdict v ON v.user_id = x.user_id
WHERE x.standing = :standing ORDER BY x.place
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    user_id: str
    name: str
    address: str
    unit_path: str
    reason: str
    state: str
    aliases: str
    linked: bool
    account_id: str
    account_address: str
    active: bool
    is_owner: bool
    linked_at: str
    judged: bool
    in_scope: bool
    verdict: str
    scope_by: str
    wanted_address: str
    last_state: str
    made_by: str
    made_at: str
    state_since: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskPerson:
    """One person: who it is for the row, and the story with nobody in it.

    `addresses` are all by which they may be looked for. Two people with the same `key` have the
    same answer; '' for an answer of one's own.
    """

    name: str
    address: str
    unit: str
    reason: str
    account_address: str
    addresses: tuple[str, ...]
    story: PersonStory
    key: tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class _About:
    """What holds for everybody."""

    settings: ProvisioningSettings | None
    signers: Signers
    read_at: datetime | None
    by_draft: bool
    private: bool


def everybody(
    database: Database,
    standing: Standing,
    settings: ProvisioningSettings | None,
    signers: Signers,
    cancel: Cancel,
    *,
    private: bool,
) -> Iterator[DeskPerson]:
    """All who stand there, by name, some hundreds in memory; of one state of the database.

    `private`: no story names anybody, and what the service said of somebody is left out.
    """
    with database.read() as reading:
        about = _about(reading, settings, signers, private=private)
        found = reading.rows(_Row, _ROWS, {"standing": standing.value})
        for number, row in enumerate(found, start=1):
            if number % _AT_ONCE == 0:
                cancel.check()
            yield _person(reading, row, standing, about)


def _about(
    reading: Reading,
    settings: ProvisioningSettings | None,
    signers: Signers,
    *,
    private: bool,
) -> _About:
    read_at = next(reading.values(str, "SELECT coalesce(read_at, '') FROM connection"), "")
    judged_with = next(
        reading.values(
            str,
            "SELECT scope FROM run WHERE generation > 0 ORDER BY started_at DESC, id DESC LIMIT 1",
        ),
        "",
    )
    return _About(
        settings=settings,
        signers=signers,
        read_at=from_text(read_at) if read_at else None,
        by_draft=settings is not None and judged_with not in {"", scope_text(settings)},
        private=private,
    )


def _person(reading: Reading, row: _Row, standing: Standing, about: _About) -> DeskPerson:
    plain = standing in _PLAIN and row.last_state != "failed" and row.reason not in _STAYS
    story = None if plain else tell_story(reading, row.user_id, about.settings, about.signers)
    unit = unit_words(row.unit_path)
    known = (row.address, row.account_address, row.wanted_address, *row.aliases.split())
    other = row.account_address.casefold() not in {"", row.address.casefold()}
    return DeskPerson(
        name=row.name,
        address=row.address,
        unit=unit,
        reason=row.reason,
        account_address=row.account_address if other else "",
        addresses=tuple(dict.fromkeys(one.strip().lower() for one in known if one.strip())),
        story=_nameless(story, about) if story is not None else _short(row, standing, unit, about),
        key=() if story is not None else _key(row, standing),
    )


def _key(row: _Row, standing: Standing) -> tuple[object, ...]:
    """All that a short story tells."""
    days = (row.linked_at[:10], row.made_at[:10], row.state_since)
    judged = (row.judged, row.in_scope, row.verdict, row.scope_by)
    return (standing, row.state, row.unit_path, row.linked, row.active, row.made_by, *days, *judged)


def _short(row: _Row, standing: Standing, unit: str, about: _About) -> PersonStory:
    """The story of somebody who is in step, or simply has no account."""
    account = scope = None
    if row.linked:
        account = AccountFacts(
            id=row.account_id,
            address=ADDRESS,
            name=WHO,
            active=row.active,
            is_owner=row.is_owner,
            external_id="",
            linked_at=from_text(row.linked_at),
            adopted=row.made_by == "adopt",
        )
    if row.judged:
        scope = ScopeFacts(
            inside=row.in_scope,
            reason=Reason(row.verdict) if row.verdict else None,
            by=row.scope_by,
            by_draft=about.by_draft,
        )
    made = EventKind.ADOPTED if row.made_by == "adopt" else EventKind.CREATED
    is_new = standing is Standing.NEW and row.made_at
    return PersonStory(
        user_id="",
        name=WHO,
        given_name=WHO,
        address=ADDRESS,
        unit=unit,
        standing=standing,
        read_at=about.read_at,
        state=UserState(row.state) if row.state else None,
        state_since=from_text(row.state_since) if row.state_since else None,
        scope=scope,
        account=account,
        protected=ProtectedBy.OWNER if row.is_owner else ProtectedBy.NOTHING,
        events=(Event(kind=made, at=from_text(row.made_at)),) if is_new else (),
    )


def _nameless(story: PersonStory, about: _About) -> PersonStory:
    """The story with marks where somebody is named; where nobody may be, also others' names."""
    namesakes = story.namesakes
    events, planned = story.events, story.planned
    if about.private:
        namesakes = (t("somebody else"),) * min(1, len(namesakes))
        events = tuple(
            replace(one, detail="", old="", new="")
            if one.kind is not EventKind.MOVED
            else replace(one, detail="")
            for one in events
        )
        planned = replace(planned, detail="") if planned is not None else None
    return replace(
        story,
        user_id="",
        name=WHO,
        given_name=WHO,
        address=ADDRESS,
        account=replace(story.account, address=ADDRESS, name=WHO) if story.account else None,
        namesakes=namesakes,
        events=events,
        planned=planned,
    )
