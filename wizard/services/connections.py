"""The connection's health, its end, and the end of a whole set-up on this computer."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from wizard.accounts.base import AccountService
from wizard.core.cancel import Cancel
from wizard.core.clock import from_text
from wizard.core.files import disk_trouble
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.flow.graph import Walk
from wizard.providers.google.checks import check_workspace
from wizard.services.access import ServiceAccess
from wizard.services.contract import CheckRunning, FindingView, Listen
from wizard.services.contract.home import DisconnectedView, ErasedView, HealthView, TokenState
from wizard.services.ground import Ground
from wizard.services.keeping import asks_person
from wizard.services.lock import UnitLock
from wizard.services.made_tokens import MadeTokens
from wizard.services.run_reports import RunReports
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.services.workspace import finding_view
from wizard.sync.snapshot import pinned_connection

__all__ = ["Connections"]

log = logging.getLogger(__name__)
_PATIENCE = 30.0
"""Seconds until a run or preview in another process should have let go of the folder."""
_GONE = frozenset({Code.NOT_FOUND_AT_SERVICE})


class Connections:
    """See `wizard.services.contract.home.HomeCalls`."""

    def __init__(
        self, ground: Ground, set_up: SetUp, access: ServiceAccess, syncing: Syncing
    ) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._syncing = syncing

    # ------------------------------------------------------------ health

    def health(self, cancel: Cancel) -> HealthView:
        """See `HomeCalls.health`."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return HealthView(token=TokenState.MISSING)
        pinned = pinned_connection(self._syncing.database(answers))
        state, trouble = self._token_state(answers, cancel)
        return HealthView(
            token=state,
            read_at=from_text(pinned.read_at) if pinned is not None and pinned.read_at else None,
            people=pinned.people if pinned is not None else 0,
            token_trouble=trouble,
        )

    def _token_state(self, answers: Answers, cancel: Cancel) -> tuple[TokenState, Code | None]:
        try:
            kept = self._access.may_read(answers, answers.customer_id, cancel)
        except Trouble as trouble:
            if not asks_person(trouble.code, trouble.facts):
                raise
            return TokenState.LOCKED, trouble.code
        return (TokenState.KEPT if kept else TokenState.MISSING), None

    def test_read(self, listen: Listen, cancel: Cancel) -> Sequence[FindingView]:
        """See `HomeCalls.test_read`."""
        answers = self._set_up.answers
        directory = self._access.directory
        reader, granted = directory.kept_reader(answers, cancel)
        flight = check_workspace(
            reader,
            address=answers.authorized_as,
            domain=answers.authorized_as.rpartition("@")[2] or answers.domain,
            granted=granted,
            pinned_customer=answers.customer_id,
            proxy=directory.proxy,
            clock=self._ground.clock,
            cancel=cancel,
            began=lambda check: listen(CheckRunning(id=check.value)),
            found=lambda finding: listen(finding_view(finding)),
            known_domain=answers.domain,
        )
        return tuple(finding_view(finding) for finding in flight.findings)

    # ------------------------------------------------------------ the end of a connection

    def disconnect(self, cancel: Cancel, *, erase: bool) -> DisconnectedView:
        """See `HomeCalls.disconnect`."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            raise Trouble(Code.CONNECTION_NOT_ACTIVE, problem="none")
        service = self._access.as_person(cancel)
        with self._alone(answers, cancel):
            # The service first: where it refuses, nothing is ended and nothing is lost.
            self._end_at_service(service, answers, cancel)
            log.info("organization account %s was disconnected", answers.organization_account_id)
            ended = self._forget_secrets(answers, cancel, at_google=True)
            if erase:
                self._syncing.erase(answers)
        self._set_up.happened(_disconnected)
        return DisconnectedView(ended_at_google=ended, erased=erase)

    def _alone(self, answers: Answers, cancel: Cancel) -> AbstractContextManager[None]:
        lock = UnitLock(self._ground.unit_folder(answers.ou_id), self._ground.clock)
        return lock.holding(cancel, seconds=_PATIENCE)

    def _end_at_service(self, service: AccountService, answers: Answers, cancel: Cancel) -> None:
        try:
            service.delete_organization_account(
                answers.ou_id, answers.organization_account_id, cancel
            )
        except Trouble as trouble:
            # Somebody was faster, or an earlier try got this far.
            if trouble.code not in _GONE:
                raise

    def _forget_secrets(self, answers: Answers, cancel: Cancel, *, at_google: bool) -> bool:
        """Forget both keys of this connection; whether Google was told and agreed."""
        ended = False
        if answers.customer_id:
            ended = self._access.directory.end(answers, cancel, revoke=at_google)
        if answers.organization_account_id:
            self._access.forget_provisioning_token(answers, cancel)
            folder = self._ground.unit_folder(answers.ou_id)
            MadeTokens(folder).remember(answers.organization_account_id, ())
            RunReports(folder).forget()
        return ended

    # ------------------------------------------------------------ the end of a set-up here

    def erase(self, cancel: Cancel) -> ErasedView:
        """See `HomeCalls.erase`."""
        answers = self._set_up.answers
        left: Trouble | None = None
        if answers.ou_id:
            with self._alone(answers, cancel):
                self._let_others(answers, cancel)
                # While the sign-in that may end them, and their names, are still here.
                left = self._end_tokens(answers, cancel)
                # The service keeps the connection: what Google allows it must not end here,
                # where another computer may live on it.
                self._forget_secrets(answers, cancel, at_google=False)
                if answers.organization_account_id:
                    self._syncing.erase(answers)
                self._empty_folder(answers)
        self._access.sign_out(cancel)
        self._ground.moved.clear()
        self._set_up.go(Walk())
        log.info("the set-up on this computer was erased")
        return ErasedView(left=left)

    def _end_tokens(self, answers: Answers, cancel: Cancel) -> Trouble | None:
        """End the tokens made here, at the service; what keeps one alive there, in words."""
        account = answers.organization_account_id
        if not account:
            return None
        made = MadeTokens(self._ground.unit_folder(answers.ou_id)).of(account)
        try:
            for one in made:
                self._end_token(self._access.as_person(cancel), answers, one, cancel)
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            log.warning("a provisioning token was left at the service: %s", trouble.code)
            host = self._ground.installation.host
            return Trouble(Code.PROVISIONING_TOKEN_LEFT, name=answers.ou_name, label=host)
        return None

    def _end_token(
        self, person: AccountService, answers: Answers, token: str, cancel: Cancel
    ) -> None:
        try:
            person.revoke_provisioning_token(
                answers.ou_id, answers.organization_account_id, token, cancel
            )
        except Trouble as trouble:
            # Somebody ended it there before, or the connection with it.
            if trouble.code not in _GONE:
                raise
        log.info("a provisioning token made here was ended: %s", token)

    def _let_others(self, answers: Answers, cancel: Cancel) -> None:
        """Give up the lease, so that another computer may take over at once."""
        if not answers.organization_account_id:
            return
        try:
            self._access.as_sync(answers, cancel).give_up_lease(
                answers.ou_id,
                answers.organization_account_id,
                installation_id=self._ground.installation.id,
                cancel=cancel,
            )
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            log.info("the lease could not be given up: %s", trouble.code)

    def _empty_folder(self, answers: Answers) -> None:
        folder = self._ground.unit_folder(answers.ou_id)
        try:
            for path in folder.iterdir():
                if path.suffix == ".lock":
                    continue  # held right now, and empty
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
        except OSError as problem:
            raise disk_trouble(problem, folder / ".") from problem


def _disconnected(answers: Answers) -> Answers:
    """Everything that came after the workspace was chosen has to be done anew."""
    return replace(
        answers,
        workspace_chosen=True,
        app_installed=True,
        customer_id="",
        domain="",
        authorized_as="",
        organization_account_id="",
        organization_account_active=False,
        draft=None,
        chosen=None,
        scope_confirmed=False,
        scope_people=0,
        preview_run_id="",
        preview_seen=False,
        settings_version=0,
        provisioning_on=False,
        place=None,
        place_ready=False,
        kept_elsewhere=False,
        it_finished=False,
        first_run_id="",
        first_sync_done=False,
    )
