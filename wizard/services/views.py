"""Turns what the account service and the sync say into what window and command line show."""

from __future__ import annotations

from datetime import datetime

from wizard.accounts.base import (
    OrganizationAccount,
    OrganizationAccountStatus,
    OrganizationalUnit,
    Role,
)
from wizard.services.contract import (
    ConnectionView,
    HeldCauseView,
    HeldView,
    PreviewView,
    UnitView,
)
from wizard.sync.parts import Held, PlanSummary

__all__ = ["connection_view", "held_view", "preview_view", "unit_view"]


def unit_view(unit: OrganizationalUnit) -> UnitView:
    """A unit that may be chosen; only an owner may manage it."""
    return UnitView(id=unit.id, name=unit.name, manageable=unit.role is Role.OWNER)


def connection_view(
    account: OrganizationAccount, installation_id: str, now: datetime
) -> ConnectionView:
    """The organization account; a lease that has expired counts as none."""
    lease = account.syncer
    if lease is not None and lease.expires_at <= now:
        lease = None
    return ConnectionView(
        id=account.id,
        domain=account.domain,
        customer_id=account.customer_id,
        authorized_by=account.authorized_by,
        active=account.status is OrganizationAccountStatus.ACTIVE,
        syncer_host=lease.host if lease else "",
        syncer_is_us=bool(lease and lease.installation_id == installation_id),
        last_run_at=account.syncer.last_run_at if account.syncer else None,
    )


def preview_view(summary: PlanSummary, grace_days: int | None = None) -> PreviewView:
    """A plan in numbers; `grace_days` of the settings that it was made with, where known."""
    return PreviewView(
        run_id=summary.run_id,
        made_at=summary.made_at,
        counts=summary.counts,
        leave_limit=summary.leave_limit,
        held=tuple(
            held_view(held, run_id=summary.run_id, held_at=summary.made_at, grace_days=grace_days)
            for held in summary.held
        ),
    )


def held_view(
    held: Held, *, run_id: str, held_at: datetime, grace_days: int | None = None
) -> HeldView:
    """What the guard holds of one kind in a run or preview."""
    likeliest = held.causes[0] if held.causes else None
    return HeldView(
        kind=held.kind,
        people=held.people,
        limit=held.limit,
        cause=likeliest.cause.value if likeliest else "",
        cause_name=likeliest.name if likeliest else "",
        cause_people=likeliest.people if likeliest else 0,
        causes=tuple(
            HeldCauseView(cause=cause.cause.value, people=cause.people, name=cause.name)
            for cause in held.causes
        ),
        run_id=run_id,
        held_at=held_at,
        grace_days=grace_days,
    )
