"""The words of the invite page: what is wrong with an address, and where somebody stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from wizard.content.text import N_, Message, t, tn
from wizard.services.address_list import AddressFault, TypedAddress
from wizard.services.contract.inviting import InvitedState, InvitedView, InviteResult
from wizard.ui.durations import clock_time
from wizard.ui.tokens import Token
from wizard.ui.widgets.person_row import PersonWords, RowAction

__all__ = [
    "RESEND",
    "REVOKE",
    "fault_words",
    "known_words",
    "left_words",
    "list_words",
    "outcome_words",
    "person_words",
]

RESEND, REVOKE = "resend", "revoke"


_FAULTS: Mapping[AddressFault, Message] = MappingProxyType(
    {
        AddressFault.NO_AT: N_("**{address}** has no @. Correct or remove it."),
        AddressFault.TWO_ATS: N_("**{address}** has more than one @. Correct or remove it."),
        AddressFault.NOTHING_BEFORE: N_(
            "**{address}** has no name before the @. Correct or remove it."
        ),
        AddressFault.NOTHING_AFTER: N_(
            "**{address}** has nothing after the @. Correct or remove it."
        ),
        AddressFault.NO_ENDING: N_(
            "**{address}** has no ending, such as .com. Correct or remove it."
        ),
        AddressFault.DOTS: N_("**{address}** has a dot too many. Correct or remove it."),
        AddressFault.CHARACTER: N_(
            "**{address}** has a “{character}” that can’t be there. Correct or remove it."
        ),
        AddressFault.TOO_LONG: N_("**{address}** is too long. Correct or remove it."),
    }
)
_SHOWN = 44
"""Letters of an address in a sentence; the chip has the whole."""


def fault_words(typed: TypedAddress) -> str:
    """What keeps this from being an address, and the cure; '' where it is one."""
    if typed.fault is None:
        return ""
    address = typed.text
    if len(address) > _SHOWN:
        address = f"{address[: _SHOWN - 20]}…{address[-19:]}"
    return t(_FAULTS[typed.fault], address=address, character=typed.piece)


def known_words(address: str, person: InvitedView | None) -> str:
    """Why an address needs no invitation; `person` is None for the person here."""
    if person is None:
        return t("**{address}** is you, and you are an owner already.", address=address)
    if person.state is InvitedState.PENDING:
        return t(
            "**{address}** is invited already and can still accept. Resend is below.",
            address=address,
        )
    if person.state is InvitedState.ACCEPTED:
        return t("**{address}** has accepted already. Nothing to send.", address=address)
    if person.state is InvitedState.INACTIVE:
        return t(
            "**{address}** was deactivated here. Another owner has to activate them first.",
            address=address,
        )
    return t("**{address}** is an owner already. Nothing to send.", address=address)


def left_words(until: datetime, now: datetime) -> str:
    """How long an invitation is still good."""
    minutes = int((until - now).total_seconds() // 60)
    if minutes >= 60:
        return t("expires in {count} h", count=minutes // 60)
    if minutes >= 1:
        return t("expires in {count} min", count=minutes)
    return t("expires in a moment")


def person_words(person: InvitedView, now: datetime) -> PersonWords:
    """One row of “Invited so far”; `now` is aware."""
    resend = RowAction(
        key=RESEND, words=t("Resend"), spoken=t("Resend to {address}", address=person.address)
    )
    again = RowAction(
        key=RESEND,
        words=t("Invite again"),
        spoken=t("Invite {address} again", address=person.address),
    )
    revoke = RowAction(
        key=REVOKE, words=t("Revoke"), spoken=t("Revoke for {address}", address=person.address)
    )
    state = person.state
    if state is InvitedState.PENDING and person.expires_at and person.expires_at <= now:
        state = InvitedState.EXPIRED
    who = person.name or person.address
    if state is InvitedState.PENDING and person.expires_at:
        return PersonWords(
            who=who,
            name=person.name,
            state=t("Pending"),
            icon="clock",
            token=Token.WARN,
            detail=left_words(person.expires_at, now),
            actions=(resend, revoke),
        )
    if state is InvitedState.EXPIRED:
        return PersonWords(
            who=who,
            name=person.name,
            state=t("Expired"),
            icon="alert",
            token=Token.BAD,
            detail=t("not accepted within 48 hours"),
            actions=(again,),
        )
    if state is InvitedState.REVOKED:
        return PersonWords(
            who=who,
            name=person.name,
            state=t("Revoked"),
            icon="close",
            token=Token.INK_3,
            detail=t("the link no longer works"),
            actions=(again,),
        )
    if state is InvitedState.LEFT:
        return PersonWords(
            who=who,
            name=person.name,
            state=t("No longer an owner"),
            icon="leave",
            token=Token.INK_3,
            detail=t("came once, and can’t set anything up now"),
            actions=(again,),
        )
    return _came_words(person, now)


def _came_words(person: InvitedView, now: datetime) -> PersonWords:
    """One row for somebody who belongs to the unit, by whatever way they came."""
    who, state = person.name or person.address, person.state
    beside = person.address if person.name else ""
    if state is InvitedState.INACTIVE:
        return PersonWords(
            who=who,
            name=person.name,
            state=t("Deactivated"),
            icon="minus",
            token=Token.INK_3,
            detail=" · ".join(part for part in (t("can’t sign in there"), beside) if part),
        )
    accepted = state is InvitedState.ACCEPTED
    when = _when(person.accepted_at, now) if accepted and person.accepted_at else ""
    return PersonWords(
        who=who,
        name=person.name,
        state=t("Accepted") if accepted else t("Owner already"),
        icon="ok",
        token=Token.OK,
        detail=" · ".join(part for part in (when, beside) if part),
    )


def _when(moment: datetime, now: datetime) -> str:
    """A past moment as one says it: today and yesterday by name."""
    local, today = moment.astimezone(), now.astimezone()
    days = (today.date() - local.date()).days
    time = clock_time(moment)
    if days <= 0:
        return t("today at {time}", time=time)
    if days == 1:
        return t("yesterday at {time}", time=time)
    return tn("{count} day ago", "{count} days ago", days)


def list_words(fresh: Sequence[str], doubles: Sequence[str], room: int) -> list[tuple[str, bool]]:
    """What is to be said of a list as a whole."""
    told: list[tuple[str, bool]] = []
    if len(doubles) == 1:
        told.append(
            (
                t("**{address}** stood there twice. It gets one invitation.", address=doubles[0]),
                False,
            )
        )
    elif doubles:
        told.append(
            (
                tn(
                    "{count} address stood there twice. It gets one invitation.",
                    "{count} addresses stood there twice. Each gets one invitation.",
                    len(doubles),
                ),
                False,
            )
        )
    if len(fresh) > room:
        told.append(
            (
                tn(
                    "{count} address has no room here and was left out.",
                    "{count} addresses have no room here and were left out.",
                    len(fresh) - room,
                ),
                True,
            )
        )
    return told


def waiting_words(count: int) -> str:
    """So many addresses stand in the field and went nowhere yet."""
    return tn(
        "{count} address was not sent yet. Send it, or remove it.",
        "{count} addresses were not sent yet. Send them, or remove them.",
        count,
    )


def outcome_words(result: InviteResult) -> str:
    """What became of a list, where it is not simply that all were sent."""
    parts: list[str] = []
    if result.sent and (result.left or result.members):
        parts.append(
            tn(
                "**{count} invitation was sent.**",
                "**{count} invitations were sent.**",
                len(result.sent),
            )
        )
    if len(result.members) == 1:
        parts.append(
            t(
                "{address} belongs to your organization here already and got none.",
                address=result.members[0],
            )
        )
    elif result.members:
        parts.append(
            tn(
                "{count} person belongs to your organization here already and got none.",
                "{count} people belong to your organization here already and got none.",
                len(result.members),
            )
        )
    if result.left:
        parts.append(
            tn(
                "{count} address is still in the field. Send it again.",
                "{count} addresses are still in the field. Send them again.",
                len(result.left),
            )
        )
    return " ".join(parts)
