"""Works out what a run would do about everybody, in SQL; the same inputs give the same rows."""

from __future__ import annotations

import json

from wizard.accounts.base import Role
from wizard.content.text import t
from wizard.core.clock import to_text
from wizard.core.directory import external_id
from wizard.core.settings import LeaverPolicy, ProvisioningSettings
from wizard.store.statements import Cell, Writing
from wizard.sync.parts import SyncParts
from wizard.sync.plan_sql import BEFORE, CONSTANTS, ROWS, TABLES

__all__ = ["make_plan", "prepare"]


def make_plan(
    writing: Writing, parts: SyncParts, settings: ProvisioningSettings, run_id: str
) -> None:
    """Write the plan's rows for this run from snapshot, verdicts, links and known accounts.

    Nobody is ever deleted; a leaver is deactivated when due: at once when suspended or archived,
    else `grace_days` after the first run that missed them. The guard looks at it afterwards.
    """
    parameters = prepare(writing, parts, settings, run_id)
    for statement in ROWS:
        writing.execute(statement, parameters)


def prepare(
    writing: Writing, parts: SyncParts, settings: ProvisioningSettings, run_id: str
) -> dict[str, Cell]:
    """Work out what the rows are made from: who is protected, who leaves, which address is free."""
    for statement in TABLES:
        writing.execute(statement)
    writing.execute("DELETE FROM plan_item WHERE run_id = ?", (run_id,))
    parameters = _parameters(parts, settings, run_id)
    for statement in BEFORE:
        writing.execute(statement, parameters)
    return parameters


def _parameters(parts: SyncParts, settings: ProvisioningSettings, run_id: str) -> dict[str, Cell]:
    owners = [member for member in parts.members if member.role is Role.OWNER]
    owner_keys = {key for owner in owners for key in (owner.id, owner.address.casefold())}
    also = {parts.signed_in_address, parts.authorized_by, *settings.protected}
    protected = owner_keys | also | {name.casefold() for name in also}
    return {
        **CONSTANTS,
        "run": run_id,
        "prefix": external_id(parts.provider, parts.customer_id, ""),
        "now": to_text(parts.clock.now()),
        "grace": max(0, settings.grace_days),
        "keep": settings.leavers is LeaverPolicy.KEEP,
        "owners": len(owners),
        "owner": json.dumps(sorted(owner_keys - {""})),
        "protected": json.dumps(sorted(protected - {""})),
        "w_held": t(
            "The address still belongs to the account of {name}."
            " It is free once that account gives it up.",
            name="{name}",
        ),
        "w_other_account": t("Another account already has this address."),
        "w_other_directory": t("The account with this address belongs to somebody else."),
        "w_other_address": t(
            "Has no address in {domain}, so the primary address is used.",
            domain=settings.address.domain,
        ),
        "w_twins": t("More than one account is meant for this person."),
        "w_until": t("Keeps the account until {day}.", day="{day}"),
    }
