"""Everybody whom the sync knows: the list, one story, protecting an account, asking the service."""

from __future__ import annotations

import logging
from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from wizard.accounts.base import AccountService, Member, OrganizationAccount, Purpose, Role
from wizard.content.people import list_cells, list_heading
from wizard.core.cancel import Cancel
from wizard.core.people import (
    Answered,
    Explanation,
    MemberRow,
    MembersFound,
    MembersView,
    PersonStory,
    ServiceWord,
    Standing,
)
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.services import people_list
from wizard.services.contract import ConnectionView
from wizard.services.explain import explain
from wizard.services.ground import Ground
from wizard.services.operations import Operation, operations_of
from wizard.services.people_story import Signers, tell_story
from wizard.services.provisioning import Provisioning
from wizard.services.setup import SetUp
from wizard.services.syncing import Access, Syncing
from wizard.services.tables import write_table
from wizard.services.views import connection_view
from wizard.store.database import Database

__all__ = ["People"]

log = logging.getLogger(__name__)
_UNITS_ASKED = 10
_SAVED_AT_ONCE_BY_OTHERS = 4
"""So often others may save the settings in between before we give up."""


class People:
    """Implements `wizard.services.contract.people.PeopleCalls`."""

    def __init__(
        self,
        ground: Ground,
        set_up: SetUp,
        access: Access,
        syncing: Syncing,
        provisioning: Provisioning,
    ) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._syncing = syncing
        self._provisioning = provisioning
        self.keeper: Callable[[], str] = lambda: ""
        """The other computer that the scheduler was told keeps this unit in step, or ''."""

    # ------------------------------------------------------------ the list

    def view(self, cancel: Cancel) -> MembersView:
        """See `PeopleCalls.view`; nobody, where no directory is connected."""
        database = self._database()
        if database is None:
            return MembersView()
        return people_list.bring_up_to_date(database, cancel)

    def find(
        self, standings: frozenset[Standing], search: str, limit: int, cancel: Cancel
    ) -> MembersFound:
        """See `PeopleCalls.find`."""
        cancel.check()
        database = self._database()
        if database is None:
            return MembersFound(rows=(), more=False)
        return people_list.find(database, standings, search, limit, cancel)

    def matches(self, standings: frozenset[Standing], search: str, cancel: Cancel) -> array[int]:
        """See `PeopleCalls.matches`."""
        cancel.check()
        database = self._database()
        if database is None:
            return array("I")
        return people_list.matches(database, standings, search, cancel)

    def rows(self, places: Sequence[int]) -> Sequence[MemberRow]:
        """See `PeopleCalls.rows`."""
        database = self._database()
        return people_list.rows(database, places) if database is not None else ()

    def save(self, standings: frozenset[Standing], search: str, path: Path, cancel: Cancel) -> int:
        """See `PeopleCalls.save`; the file is there whole or not at all, for its owner alone."""
        database = self._database()
        if database is None:
            return write_table(path, list_heading(), ())
        people_list.bring_up_to_date(database, cancel)
        found = people_list.every_row(database, standings, search, cancel)
        return write_table(path, list_heading(), map(list_cells, found))

    # ------------------------------------------------------------ one person

    def story(self, user_id: str) -> PersonStory | None:
        """See `PeopleCalls.story`."""
        database = self._database()
        if database is None:
            return None
        with database.read() as reading:
            return tell_story(reading, user_id, self._settings(), self._signers())

    def operations(self, user_id: str, at_most: int) -> Sequence[Operation]:
        """What syncs did to the person's account, the newest first; for the command line."""
        database = self._database()
        if database is None:
            return ()
        with database.read() as reading:
            return operations_of(reading, user_id, at_most=at_most)

    def explain(self, query: str, cancel: Cancel) -> Explanation:
        """See `PeopleCalls.explain`."""
        database = self._database()
        if database is None:
            return Explanation(query=query.strip(), answered=Answered.NOT_CONNECTED)
        return explain(database, query, self._settings(), self._signers(), self.keeper(), cancel)

    def protect(self, user_id: str, cancel: Cancel, *, on: bool = True) -> PersonStory | None:
        """See `PeopleCalls.protect`."""
        story = self.story(user_id)
        if story is None or story.account is None:
            return story
        names = {story.address, story.account.address} - {""}
        for tried in range(_SAVED_AT_ONCE_BY_OTHERS):
            now = self._provisioning.read(cancel).settings
            wanted = replace(now, protected=_with(now.protected, names, story, on=on))
            if wanted == now:
                break
            try:
                self._provisioning.save_beside(wanted, cancel)
                log.info("the protected list was changed (%s)", "added" if on else "taken off")
                break
            except Trouble as trouble:
                last = tried + 1 == _SAVED_AT_ONCE_BY_OTHERS
                if trouble.code is not Code.SETTINGS_CHANGED or last:
                    raise
                log.info("somebody saved the settings in between: they are read again")
        return self.story(user_id)

    def ask_service(self, address: str, cancel: Cancel) -> ServiceWord:
        """See `PeopleCalls.ask_service`.

        Somebody who may look only, as in a helpdesk, has chosen no unit to manage: those that
        they belong to are asked, one after the other.
        """
        ou = self._set_up.answers.unit_seen
        service = self._access.as_person(cancel)
        units = [ou] if ou else [one.id for one in service.organizational_units(cancel)]
        if not units:
            raise Trouble(Code.NO_ORGANIZATIONAL_UNIT)
        now, here = self._ground.clock.now(), self._ground.installation.id
        member: Member | None = None
        views: list[ConnectionView] = []
        on: bool | None = None
        for unit in units[:_UNITS_ASKED]:
            member = next(iter(service.members(unit, cancel, address=address)), None)
            connections = service.organization_accounts(unit, cancel)
            views = [connection_view(account, here, now) for account in connections]
            on = _provisioning_on(service, unit, connections, cancel)
            if member is not None:
                break
        kept = next((view for view in views if view.syncer_host), None)
        runs = [view.last_run_at for view in views if view.last_run_at is not None]
        return ServiceWord(
            asked_at=now,
            has_account=member is not None,
            active=member.active if member is not None else None,
            is_owner=member is not None and member.role is Role.OWNER,
            syncer_host=kept.syncer_host if kept is not None else "",
            last_run_at=max(runs, default=None),
            provisioning_on=on,
        )

    # ------------------------------------------------------------ what it stands on

    def _database(self) -> Database | None:
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return None
        return self._syncing.database(answers)

    def _settings(self) -> ProvisioningSettings | None:
        kept = self._syncing.kept()
        return kept.settings if kept is not None else None

    def _signers(self) -> Signers:
        answers = self._set_up.answers
        return Signers(signed_in=answers.signed_in_as, authorized=answers.authorized_as)


def _provisioning_on(
    service: AccountService, unit: str, connections: Sequence[OrganizationAccount], cancel: Cancel
) -> bool | None:
    """Whether accounts are made, None where nothing is connected or the person may not know."""
    directory = next((one for one in connections if Purpose.DIRECTORY in one.purposes), None)
    if directory is None:
        return None
    try:
        return service.settings(unit, directory.id, cancel).enabled
    except Trouble as trouble:
        if trouble.code not in {Code.NOT_ALLOWED, Code.NOT_FOUND_AT_SERVICE}:
            raise
        return None


def _with(
    protected: tuple[str, ...], names: set[str], story: PersonStory, *, on: bool
) -> tuple[str, ...]:
    """The list with this person on it, or without any of the ways they may be named there."""
    keys = {name.casefold() for name in names}
    if on:
        known = {one.casefold() for one in protected}
        return protected if keys & known else (*protected, story.address)
    account = story.account
    ids = {story.user_id, account.id, account.external_id} if account is not None else set()
    keys |= {one.casefold() for one in ids}
    return tuple(one for one in protected if one.casefold() not in keys)
