"""Words for the members list: where somebody stands, in one word, and the table's cells."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wizard.content.reasons import REASONS
from wizard.content.text import N_, Message, t
from wizard.core.people import MemberRow, Standing
from wizard.core.runs import Reason

__all__ = ["STANDINGS", "list_cells", "list_heading", "reason_words", "row_note", "standing_word"]

STANDINGS: Mapping[Standing, Message] = MappingProxyType(
    {
        Standing.ACTIVE: N_("Active"),
        Standing.NEW: N_("New"),
        Standing.LEAVING: N_("Leaving"),
        Standing.TO_DECIDE: N_("To decide"),
        Standing.WAITING: N_("Waiting"),
        Standing.NO_ACCOUNT: N_("No account"),
        Standing.ENDED: N_("Deactivated"),
    }
)
"""Where somebody stands, in a word."""

_HEADING = (N_("Person"), N_("Address"), N_("Unit"), N_("Account"), N_("Why"), N_("Owner"))
_SAYS_LITTLE = {"", Reason.SAME.value, Reason.NEW_IN_SCOPE.value, Reason.ADDRESS_MATCHES.value}


def standing_word(standing: Standing) -> str:
    """Where somebody stands, in a word."""
    return t(STANDINGS[standing])


def reason_words(reason: str, *, workspace: str = "Google") -> str:
    """Why, in half a sentence; '' where there is nothing to say."""
    if reason in _SAYS_LITTLE or reason not in set(Reason):
        return ""
    if reason == Reason.EXCLUDED.value:
        return t("Left out of your scope")
    return t(REASONS[Reason(reason)], workspace=workspace, scope_by="")


def row_note(row: MemberRow, *, workspace: str = "Google") -> str:
    """The second line of a row: the unit, or why there is no account, and whether an owner."""
    why = reason_words(row.reason, workspace=workspace)
    if not row.in_directory:
        told = t("No longer in {workspace}", workspace=workspace)
    elif row.standing is Standing.NO_ACCOUNT and why:
        told = why
    else:
        told = row.unit or row.address
    return f"{told} · {t('Owner')}" if row.is_owner else told


def list_heading() -> tuple[str, ...]:
    """The heads of the saved table."""
    return tuple(t(words) for words in _HEADING)


def list_cells(row: MemberRow) -> tuple[str, ...]:
    """One row of the saved table."""
    return (
        row.name,
        row.address,
        row.unit,
        standing_word(row.standing),
        reason_words(row.reason),
        t("Owner") if row.is_owner else "",
    )
