"""What the account service knows of a unit's set-up, and what the answers take over from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wizard.accounts.base import (
    AccountService,
    Capability,
    Invitation,
    InvitationStatus,
    Member,
    OrganizationAccount,
    OrganizationAccountStatus,
    Purpose,
    Role,
    SavedSettings,
    Support,
    SyncerLease,
)
from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.runs import RunOutcome, RunSummary
from wizard.flow.answers import Answers, Place
from wizard.flow.answers import Role as Who

__all__ = [
    "UnitFacts",
    "adds_up",
    "directory_connection",
    "domain_of",
    "held_lease",
    "learned",
    "read_unit",
    "stands",
    "without_connection",
    "without_unit",
]

_RUNS = 100
"""How many of the newest runs are looked at: two days of them, should all go wrong lately."""
_DOMAINS = 4
"""How many domains are asked about, at most, while nothing is connected."""


@dataclass(frozen=True, kw_only=True)
class UnitFacts:
    """One organizational unit by the service's word, read at `read_at`.

    `invitations` (newest first) and `owners` are None where they were not asked for.
    `app_domain` is the domain whose workspace has the app, '' where it was seen in none.
    """

    read_at: datetime
    connection: OrganizationAccount | None = None
    settings: SavedSettings | None = None
    runs: tuple[RunSummary, ...] = ()
    invitations: tuple[Invitation, ...] | None = None
    owners: tuple[Member, ...] | None = None
    app_domain: str = ""
    app_installed_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Whether the service says that the connection works."""
        found = self.connection
        return found is not None and found.status is OrganizationAccountStatus.ACTIVE

    @property
    def enabled(self) -> bool:
        """Whether provisioning is on."""
        return self.settings is not None and self.settings.settings.enabled

    @property
    def scope_saved(self) -> bool:
        """Whether somebody saved settings after the connection was made, with its first version."""
        return self.settings is not None and self.settings.settings.version > 1

    @property
    def finished(self) -> bool:
        """Whether IT's part is done: provisioning is on, and a run adds up."""
        return self.enabled and any(adds_up(run) for run in self.runs)


def adds_up(run: RunSummary) -> bool:
    """Whether a run came through, with everything that it planned accounted for.

    Where some failed, more people are in step than not, as `RunReport.came_through` has it.
    """
    through = run.outcome in {RunOutcome.DONE, RunOutcome.PARTLY}
    in_step = run.done.writes + run.done.unchanged
    whole = run.done.writes + run.failed >= run.planned
    return through and whole and (not run.failed or run.failed < in_step)


def stands(answers: Answers) -> bool:
    """Whether a set-up stands here that nobody may lose by a sign-in or a click.

    More than a unit was chosen: it is connected, handed over, or done.
    """
    done = answers.first_sync_done or answers.it_finished or answers.handed_over
    return bool(answers.ou_id) and (bool(answers.organization_account_id) or done)


def domain_of(address: str) -> str:
    """The part after the @, in lower case; '' where there is none."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def held_lease(connection: OrganizationAccount, now: datetime) -> SyncerLease | None:
    """The lease that counts now; one that has expired counts as none."""
    lease = connection.syncer
    return lease if lease is not None and lease.expires_at > now else None


def read_unit(
    service: AccountService,
    ou: str,
    cancel: Cancel,
    *,
    now: datetime,
    known: str = "",
    addresses: Iterable[str] = (),
    people: bool = False,
) -> UnitFacts:
    """Ask the service; raises its `Trouble`.

    `known` is the connection of the set-up here, which another one that works does not displace.
    `people` asks for invitations and owners, too. The app is looked for in the domains of
    `addresses`, of those invited, and of the connection.
    """
    invitations: Sequence[Invitation] | None = None
    owners: Sequence[Member] | None = None
    if people and service.capabilities[Capability.INVITATIONS] is Support.AUTOMATIC:
        invitations = service.invitations(ou, cancel)
        owners = service.members(ou, cancel, role=Role.OWNER)
    found = directory_connection(service.organization_accounts(ou, cancel), known)
    settings = service.saved_settings(ou, found.id, cancel) if found is not None else None
    runs: Sequence[RunSummary] = ()
    if found is not None and settings is not None and settings.settings.enabled:
        runs = service.sync_runs(ou, found.id, cancel, at_most=_RUNS)
    asked = [found.domain] if found is not None else [domain_of(one) for one in addresses]
    if found is None:
        asked += [domain_of(one.address) for one in invitations or ()]
    facts = UnitFacts(
        read_at=now,
        connection=found,
        settings=settings,
        runs=tuple(runs),
        invitations=tuple(invitations) if invitations is not None else None,
        owners=tuple(owners) if owners is not None else None,
    )
    for domain in [*dict.fromkeys(one for one in asked if one)][:_DOMAINS]:
        since = service.app_installed_at(ou, ProviderId.GOOGLE, domain, cancel)
        if since is not None:
            return replace(facts, app_domain=domain, app_installed_at=since)
    return facts


def directory_connection(
    accounts: Sequence[OrganizationAccount], known: str
) -> OrganizationAccount | None:
    """The connection that reaches the directory: the `known` one before any other that works.

    One that failed counts only where there is no better. None where there is none at all.
    """
    usable = [
        account
        for account in accounts
        if account.provider is ProviderId.GOOGLE and Purpose.DIRECTORY in account.purposes
    ]
    # The service lists them in the order in which they were made, and so they stay.
    failed = OrganizationAccountStatus.FAILED
    usable.sort(key=lambda account: (account.status is failed, account.id != known))
    return usable[0] if usable else None


def learned(known: Answers, facts: UnitFacts, *, here: bool, installation_id: str) -> Answers:
    """The answers with what the service knows.

    `here`: this computer holds an authorization for the connection's directory. A set-up that
    another computer finished and keeps in step is finished here, too. One that isn't goes on at
    authorizing: Google's permission stays on the computer that has it, and
    `connected_elsewhere` says whose it is.
    """
    known = _people_and_app(known, facts)
    found = facts.connection
    if found is None or found.status is OrganizationAccountStatus.FAILED:
        # Disconnected at the service, or never connected: both begin at authorizing.
        without = _keep_app(without_connection(known), known)
        # What IT finished for an owner was done all the same; the page says what stopped since.
        stays = found is not None and known.it_finished and known.role is Who.OWNER
        return replace(without, it_finished=stays)
    if known.organization_account_id not in {"", found.id}:
        known = _keep_app(without_connection(known), known)
    lease = held_lease(found, facts.read_at)
    elsewhere = lease is not None and lease.installation_id != installation_id
    finished = facts.finished
    # An owner who waits for IT syncs nothing, and IT goes on where nobody else keeps it in step.
    theirs = finished and elsewhere and known.role is not Who.OWNER
    if not here and not known.first_sync_done and not theirs:
        without = _keep_app(without_connection(known), known)
        return replace(
            without,
            workspace_chosen=True,
            app_installed=known.app_installed or facts.active,
            domain=found.domain,
            connected_elsewhere=found.authorized_by or found.domain,
            scope_confirmed=known.scope_confirmed or facts.scope_saved,
            it_finished=known.it_finished or (finished and facts.active),
        )
    version = facts.settings.settings.version if facts.settings is not None else 0
    return _placed(
        replace(
            known,
            workspace_chosen=True,
            app_installed=known.app_installed or facts.active,
            organization_account_id=found.id,
            customer_id=found.customer_id,
            domain=found.domain,
            authorized_as=known.authorized_as or found.authorized_by,
            connected_elsewhere="",
            organization_account_active=facts.active,
            scope_confirmed=known.scope_confirmed or facts.scope_saved,
            settings_version=version if facts.enabled else known.settings_version,
            provisioning_on=facts.enabled,
            first_sync_done=known.first_sync_done or finished,
            it_finished=known.it_finished or (finished and facts.active),
        ),
        lease,
        installation_id,
    )


def _people_and_app(known: Answers, facts: UnitFacts) -> Answers:
    """What is known without any connection."""
    if facts.invitations is not None:
        owners = {one.address.casefold(): one.active for one in facts.owners or ()}
        invited = {
            one.address.casefold()
            for one in facts.invitations
            if one.status is InvitationStatus.PENDING
        }
        # Who accepted counts as an owner below, as long as they are one.
        invited |= {address for address, active in owners.items() if active}
        invited -= {address for address, active in owners.items() if not active}
        invited.discard(known.signed_in_as.casefold())
        known = replace(known, invited=len(invited))
    if facts.app_domain:
        known = replace(
            known,
            workspace_chosen=True,
            app_installed=True,
            domain=known.domain or facts.app_domain,
        )
    return known


def _placed(known: Answers, lease: SyncerLease | None, installation_id: str) -> Answers:
    """Where the sync runs, as the lease tells it; a choice that nobody has taken on stays.

    That another computer has it is no choice of anybody's here: this one may be the server that
    is just being set up to take it on.
    """
    if lease is None:
        return known
    here = lease.installation_id == installation_id
    if known.place is None:
        if not here:
            return replace(known, kept_elsewhere=True)
        known = replace(known, place=Place.THIS_COMPUTER)
    ready = here is (known.place is Place.THIS_COMPUTER)
    return replace(known, place_ready=ready, kept_elsewhere=not here)


def without_unit(answers: Answers) -> Answers:
    """The answers as they were before a unit was chosen."""
    return Answers(
        role=answers.role,
        service_answered=answers.service_answered,
        signed_in_as=answers.signed_in_as,
        signed_in_name=answers.signed_in_name,
        provider=answers.provider,
        wanted_ou=answers.wanted_ou,
        looks_at=answers.looks_at,
        looks_at_name=answers.looks_at_name,
    )


def without_connection(answers: Answers) -> Answers:
    """The answers of a unit that nothing is connected to; what was handed over stays so."""
    return replace(
        without_unit(answers),
        ou_id=answers.ou_id,
        ou_name=answers.ou_name,
        invited=answers.invited,
        invites_nobody=answers.invites_nobody,
        unsent=answers.unsent,
        handed_over=answers.handed_over,
    )


def _keep_app(answers: Answers, known: Answers) -> Answers:
    """What was chosen and installed has nothing to do with a connection that went."""
    return replace(
        answers,
        workspace_chosen=known.workspace_chosen,
        app_skipped=known.app_skipped,
        app_opened_at=known.app_opened_at,
        app_claimed=known.app_claimed,
        app_installed=known.app_installed,
        domain=known.domain,
    )
