"""Words for what a plan does with each person, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wizard.content.text import N_, Message, t, tn
from wizard.core.runs import PersonPlan, PlanKind, Reason

__all__ = ["KINDS", "REASONS", "count_words", "details", "kind_label", "why"]

KINDS: Mapping[PlanKind, Message] = MappingProxyType(
    {
        PlanKind.CREATE: N_("Create"),
        PlanKind.ADOPT: N_("Take over"),
        PlanKind.UPDATE: N_("Change"),
        PlanKind.DEACTIVATE: N_("Leave"),
        PlanKind.REACTIVATE: N_("Return"),
        PlanKind.SKIP: N_("Skip"),
        PlanKind.UNCHANGED: N_("Unchanged"),
        PlanKind.PROBLEM: N_("Decide"),
    }
)
"""What happens to one person, in a word."""

REASONS: Mapping[Reason, Message] = MappingProxyType(
    {
        Reason.NEW_IN_SCOPE: N_("New: {scope_by}"),
        Reason.ADDRESS_MATCHES: N_("Has an account at this address"),
        Reason.NAME_CHANGED: N_("New name in {workspace}"),
        Reason.ADDRESS_CHANGED: N_("New address in {workspace}"),
        Reason.NAME_AND_ADDRESS_CHANGED: N_("New name and address in {workspace}"),
        Reason.BACK_IN_SCOPE: N_("Back again, and gets the same account"),
        Reason.SAME: N_("As it should be"),
        Reason.SUSPENDED: N_("Suspended in {workspace}"),
        Reason.ARCHIVED: N_("Archived in {workspace}"),
        Reason.OUT_OF_SCOPE: N_("Not in your scope"),
        Reason.EXCLUDED: N_("Left out: {scope_by}"),
        Reason.NO_ADDRESS: N_("Has no email address in {workspace}"),
        Reason.NO_ADDRESS_IN_DOMAIN: N_("Has no address in the chosen domain"),
        Reason.DELETED: N_("Deleted in {workspace}"),
        Reason.VANISHED: N_("No longer in {workspace}"),
        Reason.IN_GRACE: N_("Left, and keeps the account for the grace period"),
        Reason.LEAVERS_KEPT: N_("Left; your settings keep the account"),
        Reason.NO_EVIDENCE: N_("Seems gone; {workspace} could not confirm it, so nothing is done"),
        Reason.PROTECTED: N_("Protected, so the account stays"),
        Reason.LAST_OWNER: N_("The last owner, so the account stays"),
        Reason.CLAIMED_TWICE: N_("Two people use this address"),
        Reason.ACCOUNT_CLAIMED: N_("The account belongs to somebody else"),
        Reason.DOMAIN_NOT_VERIFIED: N_("An account exists, at a domain that isn’t verified"),
        Reason.HELD: N_("Held back by the safety limits"),
        Reason.TAKEN_BACK: N_("Gets back what it had before that sync"),
        Reason.GIVEN_BACK: N_("Was there before; no longer in step"),
        Reason.MADE_THEN: N_("Made by that sync; deactivated"),
        Reason.LEFT_THEN: N_("Deactivated by that sync; active again"),
        Reason.RETURNED_THEN: N_("Made active by that sync; deactivated again"),
        Reason.CHANGED_SINCE: N_("Changed since, so it stays"),
        Reason.GONE_SINCE: N_("The account is no longer there"),
        Reason.ADDRESS_IN_USE: N_("Another account has the old address now"),
        Reason.TAKEN_BACK_BEFORE: N_("Taken back already"),
    }
)
"""Why, in half a sentence. Places: `{workspace}`, and `{scope_by}` such as “Unit Sales”."""


def kind_label(kind: PlanKind) -> str:
    """What happens to one person, in a word."""
    return t(KINDS[kind])


def count_words(kind: PlanKind, count: int) -> str:
    """How many people a plan puts there, in the right plural form."""
    # Each form stands in a call of its own, so that the catalogue gets its plurals.
    words: Mapping[PlanKind, Callable[[int], str]] = {
        PlanKind.CREATE: lambda n: tn("{count} account to make", "{count} accounts to make", n),
        PlanKind.ADOPT: lambda n: tn(
            "{count} account to take over", "{count} accounts to take over", n
        ),
        PlanKind.UPDATE: lambda n: tn("{count} account to change", "{count} accounts to change", n),
        PlanKind.DEACTIVATE: lambda n: tn("{count} person leaves", "{count} people leave", n),
        PlanKind.REACTIVATE: lambda n: tn("{count} person returns", "{count} people return", n),
        PlanKind.SKIP: lambda n: tn("{count} person is skipped", "{count} people are skipped", n),
        PlanKind.UNCHANGED: lambda n: tn(
            "{count} account stays as it is", "{count} accounts stay as they are", n
        ),
        PlanKind.PROBLEM: lambda n: tn(
            "{count} person needs a decision", "{count} people need a decision", n
        ),
    }
    return words[kind](count)


def why(plan: PersonPlan, *, workspace: str = "Google") -> str:
    """Why one person is planned as they are, in half a sentence."""
    reason = plan.reason
    if reason is Reason.NEW_IN_SCOPE and not plan.scope_by:
        return t("New in your scope")
    if reason is Reason.EXCLUDED and not plan.scope_by:
        return t("Left out of your scope")
    return t(REASONS[reason], workspace=workspace, scope_by=plan.scope_by)


def details(plan: PersonPlan, *, workspace: str = "Google") -> tuple[tuple[str, str], ...]:
    """What an opened row shows: labels and values; a change is “old → new”."""
    told: list[tuple[str, str]] = []
    if plan.old_name and plan.old_name != plan.name:
        told.append((t("Name"), f"{plan.old_name} → {plan.name}"))
    if plan.old_address and plan.old_address != plan.address:
        told.append((t("Address"), f"{plan.old_address} → {plan.address}"))
    if plan.scope_by:
        told.append((t("In scope by"), plan.scope_by))
    if plan.account_id:
        told.append((t("Recognized by"), _recognized(plan, workspace)))
    if plan.detail:
        told.append((t("Note"), plan.detail))
    return tuple(told)


def _recognized(plan: PersonPlan, workspace: str) -> str:
    if plan.kind is PlanKind.ADOPT:
        return t("The address. From now on by the {workspace} id", workspace=workspace)
    return t("The {workspace} id, so the account and its history stay", workspace=workspace)
