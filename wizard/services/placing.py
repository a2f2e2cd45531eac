"""Where the sync runs: the lease taken here, or left to a server and waited for."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace

from wizard.accounts.base import AccountService, OrganizationAccount
from wizard.core.cancel import Cancel
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, Place
from wizard.services.contract.placing import NobodyYet, PlacingView, SyncerView
from wizard.services.ground import Ground
from wizard.services.kept_settings import UNREADABLE
from wizard.services.setup import SetUp
from wizard.services.syncing import Access, Syncing

__all__ = ["Placing", "server_commands"]

log = logging.getLogger(__name__)
_SOON, _SELDOM = 4.0, 15.0
"""Seconds between two questions whether a server has taken on the sync: at first, and later."""
_PATIENT_AFTER = 10
_PLAIN = re.compile(r"[\w][\w .&,-]*")
_DOMAIN = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.-]*")
"""The service tells it, and what is no domain has no place in a command."""


class Placing:
    """See `wizard.services.contract.placing.PlacingCalls`."""

    def __init__(self, ground: Ground, set_up: SetUp, access: Access, syncing: Syncing) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._syncing = syncing

    def look(self, cancel: Cancel) -> PlacingView:
        """See `PlacingCalls.look`."""
        service = self._service(cancel)
        view = self._view(self._account(service, cancel))
        if view.place is Place.THIS_COMPUTER and view.syncer is None:
            # It was chosen, and lost the task only by being off for long.
            return self._take_or_see(service, cancel)
        return self._remember(view)

    def run_here(self, cancel: Cancel) -> PlacingView:
        """See `PlacingCalls.run_here`."""
        return self._take_or_see(self._service(cancel), cancel)

    def leave_to_server(self, cancel: Cancel) -> PlacingView:
        """See `PlacingCalls.leave_to_server`."""
        service = self._service(cancel)
        answers = self._set_up.answers
        view = self._view(self._account(service, cancel))
        if answers.place is not Place.SERVER:
            # From here on no run that the clock asks for takes the lease back.
            self._set_up.happened(
                lambda known: replace(known, place=Place.SERVER, place_ready=False)
            )
        if view.syncer is not None and view.syncer.here:
            service.give_up_lease(
                answers.ou_id,
                answers.organization_account_id,
                installation_id=self._ground.installation.id,
                cancel=cancel,
            )
            log.info("this computer gave up the sync of %s, for a server", answers.ou_id)
        return self._remember(self._view(self._account(service, cancel)))

    def wait_for_server(self, listen: Callable[[NobodyYet], None], cancel: Cancel) -> PlacingView:
        """See `PlacingCalls.wait_for_server`."""
        asked = 0
        while True:
            trouble: Trouble | None = None
            try:
                view = self._remember(self._view(self._account(self._service(cancel), cancel)))
            except Trouble as met:
                if met.code not in UNREADABLE:
                    raise
                trouble = met
            else:
                if view.place is not Place.SERVER or view.ready:
                    return view
            listen(NobodyYet(at=self._ground.clock.now(), trouble=trouble))
            asked += 1
            pause = _SOON if asked < _PATIENT_AFTER else _SELDOM
            self._ground.clock.sleep(pause, cancel)
            cancel.check()

    # ------------------------------------------------------------ asking the service

    def _service(self, cancel: Cancel) -> AccountService:
        answers = self._set_up.answers
        if not answers.organization_account_id:
            raise Trouble(Code.CONNECTION_NOT_ACTIVE, problem="none")
        return self._access.as_sync(answers, cancel)

    def _account(self, service: AccountService, cancel: Cancel) -> OrganizationAccount:
        answers = self._set_up.answers
        return service.organization_account(answers.ou_id, answers.organization_account_id, cancel)

    def _take_or_see(self, service: AccountService, cancel: Cancel) -> PlacingView:
        """Take it on, or see who has it: the service's word counts, not this computer's clock."""
        try:
            return self._take(service, cancel)
        except Trouble as trouble:
            if trouble.code is not Code.NOT_THE_SYNCER:
                raise
        return self._remember(self._view(self._account(service, cancel), counts=True))

    def _take(self, service: AccountService, cancel: Cancel) -> PlacingView:
        answers = self._set_up.answers
        here = self._ground.installation
        service.hold_lease(
            answers.ou_id,
            answers.organization_account_id,
            installation_id=here.id,
            host=here.host,
            person=answers.signed_in_as or here.person or here.host,
            take_over=False,
            cancel=cancel,
        )
        self._set_up.happened(
            lambda known: replace(known, place=Place.THIS_COMPUTER, place_ready=True)
        )
        return self._remember(self._view(self._account(service, cancel), counts=True))

    def _remember(self, view: PlacingView) -> PlacingView:
        """Keep that the chosen place took it on; a computer that is off for long still did."""
        if view.ready:
            self._set_up.happened(lambda known: replace(known, place_ready=True))
        return view

    def _view(self, account: OrganizationAccount, *, counts: bool = False) -> PlacingView:
        """What stands there; `counts`: the service has just gone by the lease that it tells of."""
        answers = self._set_up.answers
        lease = account.syncer
        here = self._ground.installation
        holder = None
        if lease is not None and (counts or lease.expires_at > self._ground.clock.now()):
            holder = SyncerView(
                host=lease.host,
                person=lease.person,
                here=lease.installation_id == here.id,
                until=lease.expires_at,
                last_run_at=lease.last_run_at,
            )
        kept = self._syncing.kept()
        settings = kept.settings if kept is not None else ProvisioningSettings()
        return PlacingView(
            place=answers.place,
            syncer=holder,
            this_host=here.host,
            interval_minutes=settings.interval_minutes,
            commands=server_commands(
                answers, self._ground.named_profile, practice=self._ground.profile.is_practice
            ),
        )


def server_commands(answers: Answers, profile: str, *, practice: bool) -> tuple[str, ...]:
    """What to type on a server, in order: sign in and authorize, look at the preview, stay.

    They are read by a person and may be pasted into any shell, so a name that is not plain
    gives way to the unit's id. In practice the server is this computer with a folder of its own.
    """
    shared = f"--profile {_quoted(profile)} --passphrase-file passphrase.txt"
    if practice:
        shared += " --home practice-server"
    unit = answers.ou_name if _PLAIN.fullmatch(answers.ou_name) else answers.ou_id
    directory = ""
    other = answers.signed_in_as.rpartition("@")[2] != answers.domain
    if other and _DOMAIN.fullmatch(answers.domain):
        directory = f" --directory {_quoted(answers.domain)}"
    whose = f"--unit {_quoted(unit)} --workspace {answers.provider.value}{directory}"
    return (
        f"enterprise-connect sign-in {whose} {shared}",
        f"enterprise-connect preview {shared}",
        f"enterprise-connect sync --every {shared}",
    )


def _quoted(word: str) -> str:
    """In double quotes, which every shell knows, where it has a space or the like."""
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word) else f'"{word}"'
