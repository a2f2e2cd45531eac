"""The account service that speaks `resources/api/enterprise-connect.yaml`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import TypeVar

from wizard.accounts.base import (
    INVITED_AT_ONCE,
    Capability,
    Invitation,
    InviteOutcome,
    Member,
    OrganizationAccount,
    OrganizationalUnit,
    Person,
    ProvisioningToken,
    Purpose,
    Role,
    SavedSettings,
    Support,
    SyncerLease,
)
from wizard.accounts.calls import Calls, Opener, segment
from wizard.accounts.enterprise_connect.problems import person_refusal, sync_refusal
from wizard.accounts.enterprise_connect.wire import (
    Lease,
    LeaseRequest,
    NewOrganizationAccount,
    Page,
    Settings,
    Unit,
    WireAccount,
    WireMember,
    WirePerson,
    WireToken,
    draft_of,
)
from wizard.accounts.enterprise_connect.wire_people import (
    AppInstall,
    NewInvitations,
    WireInvitation,
    WireOutcome,
)
from wizard.accounts.enterprise_connect.wire_runs import Recorded, RecordedRun, run_of
from wizard.accounts.scim_client import ScimUsers
from wizard.accounts.scim_errors import refused
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.directory import ProviderId
from wizard.core.runs import RunReport, RunSummary
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Trouble
from wizard.net.answers import Answer
from wizard.net.bearer import Bearer, FixedBearer

__all__ = ["EnterpriseConnect"]

_CAPABILITIES: Mapping[Capability, Support] = MappingProxyType(
    dict.fromkeys(Capability, Support.AUTOMATIC) | {Capability.NOTIFY: Support.ABSENT}
)
"""The service sends nobody a message about an account that a sync made."""

_PAGE = 200

Item = TypeVar("Item")


class EnterpriseConnect:
    """Implements `base.AccountService` over the contract, for whoever `bearer` speaks for.

    `open_calls` is the way to the network (`wizard.net.sessions.Net`), `origin` the service's
    address. Every POST carries an `Idempotency-Key`, so the session may repeat it.
    """

    def __init__(
        self,
        open_calls: Opener,
        origin: str,
        *,
        bearer: Bearer | None,
        clock: Clock | None = None,
        provisioning: bool = False,
    ) -> None:
        self._open = open_calls
        self._origin = origin
        self._clock = clock or SystemClock()
        self._calls: Calls = open_calls.api(
            origin, bearer=bearer, refusal=sync_refusal if provisioning else person_refusal
        )

    @property
    def capabilities(self) -> Mapping[Capability, Support]:
        """See `AccountService.capabilities`."""
        return _CAPABILITIES

    def answers(self, cancel: Cancel) -> bool:
        """See `AccountService.answers`: the discovery document needs no sign-in."""
        anyone = self._open.api(self._origin, refusal=person_refusal)
        return anyone.get("/.well-known/openid-configuration", cancel=cancel).status == 200

    def as_sync(self, token: str) -> EnterpriseConnect:
        """See `AccountService.as_sync`."""
        return EnterpriseConnect(
            self._open,
            self._origin,
            bearer=FixedBearer(token),
            clock=self._clock,
            provisioning=True,
        )

    def users(
        self, ou: str, account: str, *, token: str, installation_id: str, read_only: bool
    ) -> ScimUsers:
        """See `AccountService.users`; the token itself says which connection it belongs to."""
        del account
        return ScimUsers(
            self._open.api(
                self._origin, bearer=FixedBearer(token), read_only=read_only, refusal=refused
            ),
            base_path=f"{_unit(ou)}/scim/v2",
            clock=self._clock,
            headers={"Sync-Installation": installation_id},
        )

    # ------------------------------------------------------------------ people and units

    def me(self, cancel: Cancel) -> Person:
        """See `AccountService.me`."""
        return self._calls.get("/v1/me", cancel=cancel).read(WirePerson).read()

    def organizational_units(self, cancel: Cancel) -> Sequence[OrganizationalUnit]:
        """See `AccountService.organizational_units`."""
        units = self._listed("/v1/organizational_units", Page[Unit], cancel)
        return [unit.read() for unit in units]

    def create_organizational_unit(self, name: str, cancel: Cancel) -> OrganizationalUnit:
        """See `AccountService.create_organizational_unit`."""
        answer = self._post("/v1/organizational_units", {"name": name}, cancel)
        return answer.read(Unit).read()

    def members(
        self, ou: str, cancel: Cancel, *, role: Role | None = None, address: str = ""
    ) -> Sequence[Member]:
        """See `AccountService.members`."""
        wanted = {"role": role.value} if role else {}
        if address:
            wanted["address"] = address
        members = self._listed(f"{_unit(ou)}/members", Page[WireMember], cancel, **wanted)
        return [member.read() for member in members]

    # ------------------------------------------------------------------ invitations

    def invitations(self, ou: str, cancel: Cancel) -> Sequence[Invitation]:
        """See `AccountService.invitations`."""
        listed = self._listed(f"{_unit(ou)}/invitations", Page[WireInvitation], cancel)
        return [invitation.read() for invitation in listed]

    def invite(
        self, ou: str, addresses: Sequence[str], cancel: Cancel, *, role: Role = Role.OWNER
    ) -> InviteOutcome:
        """See `AccountService.invite`."""
        if not 1 <= len(addresses) <= INVITED_AT_ONCE:
            raise ValueError(f"1 to {INVITED_AT_ONCE} addresses a call, not {len(addresses)}")
        wanted = NewInvitations(emails=tuple(addresses), role=role)
        return self._post(f"{_unit(ou)}/invitations", wanted, cancel).read(WireOutcome).read()

    def resend_invitation(self, ou: str, invitation: str, cancel: Cancel) -> Invitation:
        """See `AccountService.resend_invitation`."""
        path = f"{_invitation(ou, invitation)}/resend"
        return self._post(path, None, cancel).read(WireInvitation).read()

    def revoke_invitation(self, ou: str, invitation: str, cancel: Cancel) -> None:
        """See `AccountService.revoke_invitation`; gone already is as good as gone."""
        self._delete(_invitation(ou, invitation), cancel)

    # ------------------------------------------------------------------ connections

    def app_installed(self, ou: str, provider: ProviderId, domain: str, cancel: Cancel) -> bool:
        """See `AccountService.app_installed`."""
        return bool(self._installs(ou, provider, domain, cancel))

    def app_installed_at(
        self, ou: str, provider: ProviderId, domain: str, cancel: Cancel
    ) -> datetime | None:
        """See `AccountService.app_installed_at`."""
        found = self._installs(ou, provider, domain, cancel)
        return found[0].installed_at if found else None

    def _installs(
        self, ou: str, provider: ProviderId, domain: str, cancel: Cancel
    ) -> Sequence[AppInstall]:
        path = f"{_unit(ou)}/app_installs"
        wanted = {"provider": provider.value, "domain": domain}
        found = self._listed(path, Page[AppInstall], cancel, **wanted)
        return [one for one in found if one.provider == provider.value]

    def organization_accounts(self, ou: str, cancel: Cancel) -> Sequence[OrganizationAccount]:
        """See `AccountService.organization_accounts`."""
        accounts = self._listed(f"{_unit(ou)}/organization_accounts", Page[WireAccount], cancel)
        return [account.read() for account in accounts]

    def create_organization_account(
        self,
        ou: str,
        *,
        provider: ProviderId,
        purposes: frozenset[Purpose],
        customer_id: str,
        domain: str,
        authorized_by: str,
        cancel: Cancel,
    ) -> OrganizationAccount:
        """See `AccountService.create_organization_account`."""
        wanted = NewOrganizationAccount(
            provider=provider,
            purposes=tuple(sorted(purposes)),
            customer_id=customer_id,
            domain=domain,
            authorized_by=authorized_by,
        )
        answer = self._post(f"{_unit(ou)}/organization_accounts", wanted, cancel)
        return answer.read(WireAccount).read()

    def organization_account(self, ou: str, account: str, cancel: Cancel) -> OrganizationAccount:
        """See `AccountService.organization_account`."""
        return self._calls.get(_account(ou, account), cancel=cancel).read(WireAccount).read()

    def delete_organization_account(self, ou: str, account: str, cancel: Cancel) -> None:
        """See `AccountService.delete_organization_account`; gone already is as good as gone."""
        self._delete(_account(ou, account), cancel)

    # ------------------------------------------------------------------ settings

    def settings(self, ou: str, account: str, cancel: Cancel) -> ProvisioningSettings:
        """See `AccountService.settings`."""
        return self.saved_settings(ou, account, cancel).settings

    def saved_settings(self, ou: str, account: str, cancel: Cancel) -> SavedSettings:
        """See `AccountService.saved_settings`."""
        answer = self._calls.get(f"{_account(ou, account)}/settings", cancel=cancel)
        return answer.read(Settings).saved()

    def save_settings(
        self, ou: str, account: str, draft: ProvisioningSettings, cancel: Cancel
    ) -> ProvisioningSettings:
        """See `AccountService.save_settings`.

        `If-Match` makes a repetition harmless, yet it is not repeated: the first one may have
        been saved, and then the second would look like somebody else's change.
        """
        answer = self._calls.send(
            "PATCH",
            f"{_account(ou, account)}/settings",
            json=draft_of(draft),
            headers={
                "If-Match": f'"v{draft.version}"',
                "Content-Type": "application/merge-patch+json",
            },
            cancel=cancel,
            repeatable=False,
        )
        return answer.read(Settings).read()

    # ------------------------------------------------------------------ who syncs, and with what

    def hold_lease(
        self,
        ou: str,
        account: str,
        *,
        installation_id: str,
        host: str,
        person: str,
        take_over: bool,
        cancel: Cancel,
    ) -> SyncerLease:
        """See `AccountService.hold_lease`."""
        wanted = LeaseRequest(
            installation_id=installation_id, host=host, person=person, take_over=take_over
        )
        answer = self._calls.send(
            "PUT", f"{_account(ou, account)}/syncer", json=wanted, cancel=cancel, repeatable=True
        )
        return answer.read(Lease).read()

    def give_up_lease(self, ou: str, account: str, *, installation_id: str, cancel: Cancel) -> None:
        """See `AccountService.give_up_lease`."""
        self._delete(f"{_account(ou, account)}/syncer", cancel, installation_id=installation_id)

    def create_provisioning_token(
        self, ou: str, account: str, *, label: str, cancel: Cancel
    ) -> ProvisioningToken:
        """See `AccountService.create_provisioning_token`.

        A token whose answer was lost is known to nobody: it is revoked, and another one made.
        """
        path = f"{_account(ou, account)}/provisioning_tokens"
        try:
            return self._post(path, {"label": label}, cancel).read(WireToken).read()
        except Trouble as refusal:
            lost = str(refusal.facts.get("token_id", ""))
            if refusal.facts.get("problem") != "already-made" or not lost:
                raise
        self.revoke_provisioning_token(ou, account, lost, cancel)
        return self._post(path, {"label": label}, cancel).read(WireToken).read()

    def provisioning_tokens(
        self, ou: str, account: str, cancel: Cancel
    ) -> Sequence[ProvisioningToken]:
        """See `AccountService.provisioning_tokens`."""
        path = f"{_account(ou, account)}/provisioning_tokens"
        return [token.read() for token in self._listed(path, Page[WireToken], cancel)]

    def revoke_provisioning_token(
        self, ou: str, account: str, token_id: str, cancel: Cancel
    ) -> None:
        """See `AccountService.revoke_provisioning_token`; ended already is as good as ended."""
        self._delete(f"{_account(ou, account)}/provisioning_tokens/{segment(token_id)}", cancel)

    def report_run(self, ou: str, account: str, report: RunReport, cancel: Cancel) -> None:
        """See `AccountService.report_run`; the run's own id makes it safe to repeat."""
        answer = self._post(f"{_account(ou, account)}/sync_runs", run_of(report), cancel)
        # A page that somebody in between put there is no service that has the report.
        if answer.read(Recorded).id != report.run_id:
            raise Trouble(
                Code.ANSWER_NOT_UNDERSTOOD,
                host=answer.host,
                path=answer.path,
                status=answer.status,
            )

    def sync_runs(
        self, ou: str, account: str, cancel: Cancel, *, at_most: int = 50
    ) -> Sequence[RunSummary]:
        """See `AccountService.sync_runs`."""
        runs = self._listed(
            f"{_account(ou, account)}/sync_runs",
            Page[RecordedRun],
            cancel,
            limit=str(min(_PAGE, max(1, at_most))),
        )
        return [run.read() for run in islice(runs, at_most)]

    # ------------------------------------------------------------------ one request

    def _post(self, path: str, document: object, cancel: Cancel) -> Answer:
        return self._calls.send(
            "POST",
            path,
            json=document,
            headers={"Idempotency-Key": str(uuid.uuid4())},
            cancel=cancel,
            repeatable=True,
        )

    def _delete(self, path: str, cancel: Cancel, **params: str) -> None:
        try:
            self._calls.send("DELETE", path, params=params, cancel=cancel, repeatable=True)
        except Trouble as refusal:
            if refusal.code is not Code.NOT_FOUND_AT_SERVICE:
                raise

    def _listed(
        self, path: str, kind: type[Page[Item]], cancel: Cancel, **params: str
    ) -> Iterator[Item]:
        """Every item of a list; a cursor that comes back a second time would never end."""
        seen: set[str] = set()
        query = {"limit": str(_PAGE), **params}
        while True:
            answer = self._calls.get(path, params=query, cancel=cancel)
            page = answer.read(kind)
            yield from page.items
            if page.next_cursor is None:
                return
            if page.next_cursor in seen:
                raise Trouble(Code.ANSWER_NOT_UNDERSTOOD, host=answer.host, path=path)
            seen.add(page.next_cursor)
            query["cursor"] = page.next_cursor


def _unit(ou: str) -> str:
    return f"/v1/organizational_units/{segment(ou)}"


def _account(ou: str, account: str) -> str:
    return f"{_unit(ou)}/organization_accounts/{segment(account)}"


def _invitation(ou: str, invitation: str) -> str:
    return f"{_unit(ou)}/invitations/{segment(invitation)}"
