"""The people of an organization in memory, with stories that fit where each of them stands."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.ui import halden
from wizard.core.cancel import Cancel
from wizard.core.directory import UserState
from wizard.core.people import (
    AccountFacts,
    Answered,
    Event,
    EventKind,
    Explanation,
    MemberRow,
    MembersFound,
    MembersView,
    PersonStory,
    Planned,
    ProtectedBy,
    ScopeFacts,
    ServiceWord,
    Standing,
)
from wizard.core.runs import PlanKind, Reason

__all__ = ["NAMED", "FakePeople"]

_NOW = datetime.now(UTC)
_DOMAIN = "halden-freight.example"
_READ = _NOW - timedelta(minutes=12)

NAMED: tuple[tuple[str, str, str, Standing, str], ...] = (
    ("Amira Benali", "Operations / Terminals", "", Standing.ACTIVE, ""),
    ("Ana Silva", "Contractors", "", Standing.LEAVING, "out-of-scope"),
    ("Hanne Vik", "Finance and IT", "", Standing.ACTIVE, ""),
    ("Ingrid Moe", "People & Culture", "owner", Standing.ACTIVE, ""),
    ("Lise Haugen", "Sales", "", Standing.NEW, ""),
    ("Łukasz Nowak", "Operations / Fleet", "", Standing.ACTIVE, ""),
    ("Maren Dahl", "Sales", "", Standing.ACTIVE, ""),
    ("Mikkel Dahl", "Sales", "", Standing.TO_DECIDE, "claimed-twice"),
    ("Priya Raman", "Finance and IT", "owner", Standing.ACTIVE, ""),
    ("Samuel Okoro", "Operations / Fleet", "", Standing.NO_ACCOUNT, "suspended"),
    ("Sindre Aas", "", "gone", Standing.LEAVING, "vanished"),
    ("Yuki Tanaka", "Operations / Customs", "", Standing.ACTIVE, ""),
)


def _row(place: int, name: str, unit: str, more: str, standing: Standing, reason: str) -> MemberRow:
    local = name.lower().replace("ł", "l").replace(" ", ".")
    return MemberRow(
        place=place,
        user_id=f"p-{place}",
        name=name,
        address=f"{local}@{_DOMAIN}",
        unit=unit,
        standing=standing,
        reason=reason,
        is_owner=more == "owner",
        in_directory=more != "gone",
    )


_WITH_ACCOUNT = frozenset({Standing.ACTIVE, Standing.NEW, Standing.LEAVING})


def _stand(others: int) -> list[tuple[Standing, str]]:
    """Where those without a name in the scenes stand: with them ten are new and four leave."""
    few = [(Standing.NEW, "")] * 9 + [(Standing.LEAVING, "out-of-scope")] * 2
    return [(Standing.ACTIVE, "")] * (others - len(few)) + few


class FakePeople:
    """`wizard.services.contract.people.PeopleCalls` over a list."""

    def __init__(self, step: Callable[[str, Cancel | None], None]) -> None:
        self._step = step
        named = [_row(number, *one) for number, one in enumerate(NAMED)]
        others = halden.MEMBERS - sum(row.standing in _WITH_ACCOUNT for row in named)
        more = [
            _row(len(named) + number, f"Zoe Person{len(named) + number:05}", "Operations", "", *how)
            for number, how in enumerate(_stand(others))
        ]
        self.people = [*named, *more]
        self.read_at: datetime | None = _READ
        self.made = 0
        self.protected: set[str] = set()
        self.keeper = ""
        self.connected = True
        self.at_service: dict[str, ServiceWord] = {}
        self.saved: list[str] = []

    def nobody(self) -> None:
        """Nothing was read yet."""
        self.people, self.read_at = [], None

    def grow(self, count: int) -> None:
        """So many more people."""
        start = len(self.people)
        self.people += [
            _row(number, f"Zoe Person{number:05}", "Operations", "", Standing.ACTIVE, "")
            for number in range(start, start + count)
        ]

    def moved(self, place: int, standing: Standing) -> MemberRow:
        """The person at a place, as they would be there."""
        return replace(self.people[place], standing=standing)

    def _fitting(self, standings: frozenset[Standing], search: str) -> list[MemberRow]:
        words = search.casefold().split()
        return [
            row
            for row in self.people
            if (not standings or row.standing in standings)
            and all(word in f"{row.name} {row.address}".casefold() for word in words)
        ]

    def view(self, cancel: Cancel) -> MembersView:
        self._step("members_view", cancel)
        return MembersView(
            counts=tuple(
                (one, sum(row.standing is one for row in self.people)) for one in Standing
            ),
            read_at=self.read_at,
            made_at=_READ + timedelta(seconds=self.made),
        )

    def find(
        self, standings: frozenset[Standing], search: str, limit: int, cancel: Cancel
    ) -> MembersFound:
        self._step("members_find", cancel)
        rows = self._fitting(standings, search)
        return MembersFound(rows=tuple(rows[:limit]), more=len(rows) > limit)

    def matches(self, standings: frozenset[Standing], search: str, cancel: Cancel) -> array[int]:
        self._step("members_matches", cancel)
        return array("I", [row.place for row in self._fitting(standings, search)])

    def rows(self, places: Sequence[int]) -> Sequence[MemberRow]:
        self._step("members_rows", None)
        by_place = {row.place: row for row in self.people}
        return [by_place[place] for place in places if place in by_place]

    def save(self, standings: frozenset[Standing], search: str, path: Path, cancel: Cancel) -> int:
        self._step("members_save", cancel)
        rows = self._fitting(standings, search)
        path.write_text("\n".join(row.address for row in rows), encoding="utf-8")
        return len(rows)

    # -------------------------------------------------------- stories

    def story(self, user_id: str) -> PersonStory | None:
        self._step("story", None)
        row = next((one for one in self.people if one.user_id == user_id), None)
        return _story(row, listed=user_id in self.protected) if row is not None else None

    def explain(self, query: str, cancel: Cancel) -> Explanation:
        self._step("explain", cancel)
        told = Explanation(
            query=query,
            answered=Answered.NOBODY,
            read_at=self.read_at,
            last_run_at=self.read_at,
            interval_minutes=30,
            enabled=True,
            keeper=self.keeper,
        )
        if not self.connected:
            return replace(told, answered=Answered.NOT_CONNECTED, enabled=None, read_at=None)
        if self.read_at is None:
            return replace(told, answered=Answered.NOT_READ)
        rows = self._fitting(frozenset(), query)
        exact = [row for row in self.people if row.user_id == query]
        rows = exact or rows
        if len(rows) == 1:
            story = _story(rows[0], listed=rows[0].user_id in self.protected)
            return replace(told, answered=Answered.PERSON, person=story)
        if rows:
            return replace(
                told,
                answered=Answered.SEVERAL,
                choices=tuple(rows[:8]),
                more_choices=max(0, len(rows) - 8),
            )
        near = self._fitting(frozenset(), query[:3]) if len(query) > 3 else []
        return replace(told, near=tuple(near[:5]))

    def ask_service(self, address: str, cancel: Cancel) -> ServiceWord:
        self._step("ask_service", cancel)
        return self.at_service.get(
            address, ServiceWord(asked_at=_NOW, has_account=False, last_run_at=_READ)
        )

    def protect(self, user_id: str, cancel: Cancel, *, on: bool = True) -> PersonStory | None:
        self._step("protect", cancel)
        (self.protected.add if on else self.protected.discard)(user_id)
        return self.story(user_id)


def _story(row: MemberRow, *, listed: bool) -> PersonStory:
    given, _, family = row.name.partition(" ")
    linked = row.standing not in {Standing.NO_ACCOUNT, Standing.WAITING}
    made = _NOW - timedelta(days=41)
    suspended = row.reason == "suspended"
    leaving = row.standing is Standing.LEAVING
    story = PersonStory(
        user_id=row.user_id,
        name=row.name,
        given_name=given,
        address=row.address,
        unit=row.unit,
        standing=row.standing,
        read_at=_READ,
        state=(
            None if not row.in_directory else UserState.SUSPENDED if suspended else UserState.ACTIVE
        ),
        state_since=_NOW - timedelta(days=51) if suspended else None,
        scope=_scope(row) if row.in_directory else None,
        account=(
            AccountFacts(
                id=f"a-{row.place}",
                address=row.address,
                name=row.name,
                active=row.standing is not Standing.ENDED,
                is_owner=row.is_owner,
                external_id=f"google:C0test:{row.user_id}",
                linked_at=made,
            )
            if linked
            else None
        ),
        grace_days=14,
        protected=(
            ProtectedBy.OWNER
            if row.is_owner
            else ProtectedBy.LISTED
            if listed
            else ProtectedBy.NOTHING
        ),
        events=((Event(kind=EventKind.CREATED, at=made, scope_by="Unit Sales"),) if linked else ()),
    )
    if leaving:
        story = _leaving(story, listed=listed)
    if row.standing is Standing.TO_DECIDE:
        story = replace(
            story,
            planned=Planned(
                kind=PlanKind.PROBLEM, reason=Reason.CLAIMED_TWICE, at=_READ, run_id="run-1"
            ),
            namesakes=("Maren Dahl",),
        )
    return replace(story, name=f"{given} {family}".strip())


def _scope(row: MemberRow) -> ScopeFacts:
    if row.reason == "suspended":
        return ScopeFacts(inside=False, reason=Reason.SUSPENDED, by=f"Unit {row.unit}")
    if row.reason == "out-of-scope":
        return ScopeFacts(inside=False, reason=Reason.OUT_OF_SCOPE)
    return ScopeFacts(inside=True, by=f"Unit {row.unit}")


def _leaving(story: PersonStory, *, listed: bool) -> PersonStory:
    since = _NOW - timedelta(days=2)
    ends = None if listed else since + timedelta(days=14)
    family = story.name.rpartition(" ")[2]
    happened = [
        *story.events,
        Event(
            kind=EventKind.NAME_CHANGED,
            at=_NOW - timedelta(days=6, hours=5),
            old="Souza",
            new=family,
            detail="family",
        ),
        (
            Event(kind=EventKind.MOVED, at=since, old="Sales", new=story.unit, exact=False)
            if story.in_directory
            else Event(kind=EventKind.VANISHED, at=since, old="Sales", exact=False)
        ),
        Event(kind=EventKind.LEAVING, at=since + timedelta(minutes=7)),
    ]
    if ends is not None:
        happened.append(Event(kind=EventKind.WILL_END, at=ends))
    return replace(
        story,
        leaving_since=since,
        ends_at=ends,
        standing=Standing.ACTIVE if listed else Standing.LEAVING,
        planned=Planned(
            kind=PlanKind.SKIP,
            reason=Reason.PROTECTED if listed else Reason.IN_GRACE,
            at=_READ,
            run_id="run-1",
        ),
        events=tuple(happened),
    )
