"""Choosing who is synced: drafts counted on the directory as last read, and one confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from wizard.core.cancel import Cancel
from wizard.core.clock import from_text
from wizard.core.settings import (
    AddressChoice,
    AddressRule,
    ProvisioningSettings,
    ScopeRule,
)
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, ChosenScope
from wizard.providers.base import DirectoryReader
from wizard.services.confirming import Confirming
from wizard.services.contract import Listen
from wizard.services.contract.scoping import (
    AddressExample,
    AddressOption,
    Confirmation,
    DirectoryRead,
    DirectoryView,
    DomainItem,
    GroupItem,
    NamedItems,
    PersonItem,
    ScopeCount,
    ScopeStart,
    UnitItem,
)
from wizard.services.drafts import Drafts
from wizard.services.ground import Ground
from wizard.services.lock import UnitLock
from wizard.services.provisioning import Provisioning
from wizard.services.setup import SetUp
from wizard.services.syncing import Access, Syncing
from wizard.store.database import Database
from wizard.store.statements import Reading
from wizard.sync import scope_count, scope_view
from wizard.sync.read import read_directory
from wizard.sync.read_groups import missing_groups, read_groups
from wizard.sync.snapshot import pinned_connection

__all__ = ["Scoping"]

_FRESH = timedelta(minutes=30)
"""A read that is older is made again: so old may be what a sync by the schedule works with."""
_PATIENCE = 20.0
_NAMES = 3
_EXAMPLES = 3
_MOST_DOMAINS = 5


class Scoping:
    """See `wizard.services.contract.scoping.ScopingCalls`."""

    def __init__(
        self,
        ground: Ground,
        set_up: SetUp,
        access: Access,
        syncing: Syncing,
        provisioning: Provisioning,
        drafts: Drafts,
    ) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._syncing = syncing
        self._confirming = Confirming(ground, set_up, access, syncing, provisioning, drafts)

    # ------------------------------------------------------------ reading

    def start(self, listen: Listen, cancel: Cancel, *, again: bool = False) -> ScopeStart:
        """See `ScopingCalls.start`."""
        answers = self._set_up.answers
        _needs_connection(answers)
        standing = self._confirming.look(cancel)
        service, chosen = standing.service.settings, standing.chosen.scope
        database = self._database(answers)
        reader = self._read(answers, database, chosen, listen, cancel, again=again)
        self._remember_names(answers, chosen, standing.draft.scope, service.scope)
        with database.read() as reading:
            directory = _directory(reading, database)
        return ScopeStart(
            directory=replace(directory, groups_allowed=reader.reads_groups),
            draft=standing.draft,
            chosen=standing.chosen,
            before=standing.before,
            changed=standing.changed,
            saved=_saved(answers, service),
            enabled=service.enabled,
        )

    def _read(
        self,
        answers: Answers,
        database: Database,
        rule: ScopeRule,
        listen: Listen,
        cancel: Cancel,
        *,
        again: bool,
    ) -> DirectoryReader:
        """Read everything, unless it was just now; with groups, where they were allowed."""
        pinned = pinned_connection(database)
        now = self._ground.clock.now()
        fresh = (
            pinned is not None
            and pinned.read_at is not None
            and timedelta(0) <= now - from_text(pinned.read_at) <= _FRESH
        )
        reader = self._access.reader(answers, cancel)
        groups = (*rule.group_ids, *rule.exclude_group_ids)
        # A rule that names groups needs them all the same, and says so where they are missing.
        needs_groups = reader.reads_groups or bool(groups)
        with self._alone(answers, cancel):
            if fresh and not again:
                if needs_groups:
                    read_groups(database, reader, groups, cancel)
                return reader
            read_directory(
                database,
                reader,
                needs_groups=needs_groups,
                groups=frozenset(groups),
                cancel=cancel,
                progress=lambda done, total: listen(DirectoryRead(done=done, total=total)),
            )
        return reader

    def _alone(self, answers: Answers, cancel: Cancel) -> AbstractContextManager[None]:
        lock = UnitLock(self._ground.unit_folder(answers.ou_id), self._ground.clock)
        return lock.holding(cancel, seconds=_PATIENCE)

    def _database(self, answers: Answers) -> Database:
        return self._syncing.database(answers)

    # ------------------------------------------------------------ counting

    def count(
        self,
        rule: ScopeRule,
        address: AddressRule,
        saved: ProvisioningSettings | None,
        cancel: Cancel,
    ) -> ScopeCount:
        """See `ScopingCalls.count`."""
        answers = self._set_up.answers
        _needs_connection(answers)
        database = self._database(answers)
        named = (*rule.group_ids, *rule.exclude_group_ids)
        before = saved.scope if saved is not None else ScopeRule()
        wanted = (*named, *before.group_ids, *before.exclude_group_ids)
        if wanted and missing_groups(database, wanted):
            with self._alone(answers, cancel):
                read_groups(database, self._access.reader(answers, cancel), wanted, cancel)
        cancel.check()
        with database.read() as reading:
            counted = scope_count.count(reading, rule, address)
            moved = None
            if saved is not None:
                moved = scope_count.difference(reading, rule, address, saved, most=_NAMES)
            items = _named(reading, rule)
        return ScopeCount(
            in_directory=counted.in_directory,
            people=counted.people,
            not_chosen=counted.not_chosen,
            suspended=counted.suspended,
            archived=counted.archived,
            excluded=counted.excluded,
            excluded_people=counted.excluded_people,
            no_address=counted.no_address,
            no_address_in_domain=counted.no_address_in_domain,
            added=moved.added if moved else None,
            removed=moved.removed if moved else None,
            added_names=moved.added_names if moved else (),
            removed_names=moved.removed_names if moved else (),
            named=items,
        )

    def address_options(self, rule: ScopeRule, cancel: Cancel) -> Sequence[AddressOption]:
        """See `ScopingCalls.address_options`."""
        with self._database(self._set_up.answers).read() as reading:
            known = scope_view.domains(reading)
            everybody = sum(one.people for one in known)
            # Where every primary address is in one domain, choosing that one says nothing.
            offered = [one.name for one in known if one.verified and one.people < everybody]
            rules = [AddressRule()]
            rules += [
                AddressRule(choice=AddressChoice.IN_DOMAIN, domain=name)
                for name in offered[:_MOST_DOMAINS]
            ]
            options = []
            for address in rules:
                cancel.check()
                have, lack = scope_count.having(reading, rule, address)
                found = scope_count.examples(reading, rule, address, most=_EXAMPLES)
                options.append(
                    AddressOption(
                        rule=address,
                        have=have,
                        lack=lack,
                        examples=tuple(
                            AddressExample(name=one.name, primary=one.primary, account=one.account)
                            for one in found
                        ),
                    )
                )
        return options

    # ------------------------------------------------------------ search

    def find_people(self, search: str, *, limit: int = 200) -> tuple[Sequence[PersonItem], int]:
        """See `ScopingCalls.find_people`."""
        with self._database(self._set_up.answers).read() as reading:
            rows, total = scope_view.find_people(reading, search, limit)
        return [_person(row) for row in rows], total

    def find_groups(self, search: str, *, limit: int = 200) -> tuple[Sequence[GroupItem], int]:
        """See `ScopingCalls.find_groups`."""
        with self._database(self._set_up.answers).read() as reading:
            rows, total = scope_view.find_groups(reading, search, limit)
        return [_group(row) for row in rows], total

    def named(self, rule: ScopeRule) -> NamedItems:
        """See `ScopingCalls.named`."""
        with self._database(self._set_up.answers).read() as reading:
            return _named(reading, rule)

    # ------------------------------------------------------------ confirming

    def confirm(self, chosen: ChosenScope, people: int, cancel: Cancel) -> Confirmation:
        """See `ScopingCalls.confirm`."""
        answers = self._set_up.answers
        _needs_connection(answers)
        self._remember_names(answers, chosen.scope)
        confirmed = self._confirming.confirm(chosen, people, cancel)
        if confirmed.changed is not None:
            self._remember_names(answers, confirmed.changed.draft.scope)
        return confirmed

    def _remember_names(self, answers: Answers, *rules: ScopeRule) -> None:
        """What these name is told by its name also when the directory has it no more."""
        with self._database(answers).transaction() as writing:
            for rule in rules:
                scope_view.remember_names(writing, rule)


def _saved(answers: Answers, service: ProvisioningSettings) -> ProvisioningSettings | None:
    """The scope that a difference is told against; None where nobody has chosen one yet."""
    chosen = service.enabled or answers.scope_confirmed or service.scope != ScopeRule()
    return service if chosen else None


def _needs_connection(answers: Answers) -> None:
    if not answers.organization_account_id:
        raise Trouble(Code.CONNECTION_NOT_ACTIVE, problem="none")


# ------------------------------------------------------------------ views


def _directory(reading: Reading, database: Database) -> DirectoryView:
    pinned = pinned_connection(database)
    if pinned is None or pinned.read_at is None:
        raise Trouble(Code.READ_INCOMPLETE)
    rows = scope_view.units(reading)
    below = _subtree_people(rows)
    return DirectoryView(
        read_at=from_text(pinned.read_at),
        people=pinned.people,
        units=tuple(
            UnitItem(
                id=row.id,
                parent_id=row.parent_id,
                name=row.name or row.path,
                path=row.path,
                people=below[row.id],
            )
            for row in rows
        ),
        domains=tuple(
            DomainItem(
                name=row.name, people=row.people, addresses=row.addresses, verified=row.verified
            )
            for row in scope_view.domains(reading)
        ),
        groups=reading.value(int, "SELECT count(*) FROM snap_group"),
    )


def _subtree_people(rows: Sequence[scope_view.UnitRow]) -> Mapping[str, int]:
    """How many people stand in each unit and below; units in a circle count each once."""
    parents = {row.id: row.parent_id for row in rows}
    total = dict.fromkeys(parents, 0)
    for row in rows:
        unit, seen = row.id, set[str]()
        while unit in total and unit not in seen:
            seen.add(unit)
            total[unit] += row.people
            unit = parents[unit]
    return total


def _named(reading: Reading, rule: ScopeRule) -> NamedItems:
    return NamedItems(
        units=_units(reading, rule.unit_ids),
        groups=_groups(reading, rule.group_ids),
        people=_people(reading, rule.user_ids),
        exclude_units=_units(reading, rule.exclude_unit_ids),
        exclude_groups=_groups(reading, rule.exclude_group_ids),
        exclude_people=_people(reading, rule.exclude_user_ids),
    )


def _units(reading: Reading, ids: Sequence[str]) -> tuple[UnitItem, ...]:
    return tuple(
        UnitItem(
            id=row.id,
            parent_id=row.parent_id,
            name=row.name or row.path,
            path=row.path,
            people=row.people,
            gone=row.gone,
        )
        for row in (scope_view.units_named(reading, ids) if ids else ())
    )


def _groups(reading: Reading, ids: Sequence[str]) -> tuple[GroupItem, ...]:
    return tuple(_group(row) for row in (scope_view.groups_named(reading, ids) if ids else ()))


def _people(reading: Reading, ids: Sequence[str]) -> tuple[PersonItem, ...]:
    return tuple(_person(row) for row in (scope_view.people_named(reading, ids) if ids else ()))


def _group(row: scope_view.GroupRow) -> GroupItem:
    return GroupItem(
        id=row.id, name=row.name, address=row.address, people=row.people, gone=row.gone
    )


def _person(row: scope_view.PersonRow) -> PersonItem:
    return PersonItem(
        id=row.id,
        name=row.name,
        address=row.address,
        state=row.state,
        unit_path=row.unit_path,
        gone=row.gone,
    )
