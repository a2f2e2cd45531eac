"""What the preview page says: its numbers, why it was made again, and what is known of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from wizard.content.held import cause_words, held_title
from wizard.content.text import N_, Message, t, tn
from wizard.content.troubles import trouble_words
from wizard.core.runs import HeldCause, PlanCounts, PlanKind
from wizard.services.contract import HeldView, PreviewView
from wizard.services.contract.previewing import Evidence, Outdated, PersonView, WideningView
from wizard.ui.durations import clock_time
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button
from wizard.ui.widgets.counts import Count

__all__ = [
    "GROUPS",
    "count_cells",
    "held_note",
    "held_of_preview",
    "limit_words",
    "outdated_words",
    "person_lines",
    "shown_words",
    "widening_words",
]

GROUPS: Mapping[str, frozenset[PlanKind]] = MappingProxyType(
    {
        "create": frozenset({PlanKind.CREATE}),
        "adopt": frozenset({PlanKind.ADOPT}),
        "change": frozenset({PlanKind.UPDATE, PlanKind.REACTIVATE}),
        "leave": frozenset({PlanKind.DEACTIVATE}),
        "skip": frozenset({PlanKind.SKIP}),
        "unchanged": frozenset({PlanKind.UNCHANGED}),
        "decide": frozenset({PlanKind.PROBLEM}),
    }
)
"""The kinds of rows behind each number."""

_AGAIN: Mapping[Outdated, Message] = MappingProxyType(
    {
        Outdated.OLD: N_("**Made again.** The one before was more than an hour old."),
        Outdated.RAN: N_("**Made again.** A sync has run since the one before."),
        Outdated.SCOPE: N_("**Made again.** Other people are in your scope now than before."),
        Outdated.SETTINGS: N_("**Made again.** Other settings count now than before."),
        Outdated.SAVED: N_("**Made again.** Somebody else saved other settings meanwhile."),
    }
)

_EVIDENCE: Mapping[Evidence, Message] = MappingProxyType(
    {
        Evidence.GONE: N_("Looked up just now: no longer in Google"),
        Evidence.SUSPENDED: N_("Looked up just now: suspended in Google"),
        Evidence.ARCHIVED: N_("Looked up just now: archived in Google"),
        Evidence.OUT_OF_SCOPE: N_("Looked up just now: there, and not in your scope"),
        Evidence.NONE: N_("Looked up just now: still there, so nothing would be done"),
    }
)


def count_cells(counts: PlanCounts) -> list[Count]:
    """The strip's cells; they add up to everyone that the plan looked at."""
    cells = [Count(key="create", words=t("Create"), number=counts.create, icon="plus")]
    if counts.adopt:
        cells.append(Count(key="adopt", words=t("Take over"), number=counts.adopt, icon="link"))
    changed = counts.update + counts.reactivate
    cells += [
        Count(key="change", words=t("Change"), number=changed, icon="pencil"),
        Count(key="leave", words=t("Leave"), number=counts.deactivate, icon="leave"),
        Count(key="skip", words=t("Skipped"), number=counts.skip, icon="skip"),
        Count(key="unchanged", words=t("Unchanged"), number=counts.unchanged),
    ]
    if counts.problem:
        decide = Count(
            key="decide", words=t("To decide"), number=counts.problem, icon="warn", warn=True
        )
        cells.append(decide)
    return cells


def outdated_words(why: Outdated) -> str:
    """Why the preview was made again."""
    return t(_AGAIN[why])


def shown_words(view: PreviewView, matching: int, *, filtered: bool) -> str:
    """How many people the table shows, and of when they are."""
    whole = view.counts.total
    if filtered and not matching:
        return t("Nobody fits.")
    if filtered:
        return t("{count} of {total}", count=f"{matching:,}", total=f"{whole:,}")
    return t(
        "All {count}, made at {time}. Press a number to filter.",
        count=f"{whole:,}",
        time=clock_time(view.made_at),
    )


def widening_words(view: WideningView) -> str:
    """The difference against what is in place, '' where nothing is in place yet."""
    if not view.in_place:
        return ""
    return t(
        "Against the {count} in step now: +{more}, −{fewer}.",
        count=f"{view.in_place:,}",
        more=f"{view.more:,}",
        fewer=f"{view.fewer:,}",
    )


def limit_words(view: PreviewView, *, notifies: bool) -> str:
    """How many leave and may, and whether anybody hears of the sync by email."""
    told = (
        t("New people get an email from the account service.")
        if notifies
        else t("Nobody gets an email.")
    )
    if view.held:
        people = sum(held.people for held in view.held)
        kept = tn("{count} person is not touched.", "{count} people are not touched.", people)
        return f"{kept} {told}"
    leaving = tn("{count} leaves", "{count} leave", view.counts.deactivate)
    limit = t(
        "{leaving}; up to {limit} may without asking you.",
        leaving=leaving,
        limit=f"{view.leave_limit:,}",
    )
    return f"{limit} {told}"


def person_lines(view: PersonView, scope_by: str = "") -> tuple[tuple[str, str], ...]:
    """What an opened row says beside old and new: where, on what evidence, and when.

    `scope_by` is what the row says already of why they are in scope.
    """
    lines: list[tuple[str, str]] = []
    unit = " / ".join(part for part in view.unit.split("/") if part)
    if view.unit and not (unit and scope_by.endswith(unit)):
        lines.append((t("Unit"), unit or t("The top of your organization")))
    if view.aliases:
        lines.append((t("Other addresses"), ", ".join(view.aliases)))
    if view.evidence is not None:
        lines.append((t("Evidence"), t(_EVIDENCE[view.evidence])))
    elif view.evidence_trouble is not None:
        title = trouble_words(view.evidence_trouble.code, view.evidence_trouble.facts).title
        lines.append((t("Evidence"), t("Could not be looked up now: {why}", why=title)))
    when = _when(view)
    if when:
        lines.append((t("When"), when))
    return tuple(lines)


def _when(view: PersonView) -> str:
    if view.held:
        return t("Not before you decide")
    if view.leaves_at is not None:
        return t("Deactivated on {date}, unless they come back", date=_date(view.leaves_at))
    if view.kind is PlanKind.DEACTIVATE:
        return t("With the next sync, after one more look in Google")
    if view.kind.writes:
        return t("With the next sync")
    return ""


def _date(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d")


def held_of_preview(view: PreviewView, held: HeldView) -> HeldView:
    """What is held, with the preview that it is held in."""
    return replace(held, run_id=view.run_id, held_at=view.made_at)


def held_note(held: HeldView, look: Button) -> Note:
    """What the safety limits hold, and the likeliest cause with its repair."""
    title = held_title(held.kind, held.people)
    if not held.cause:
        limit = t("The limit is {limit}.", limit=f"{held.limit:,}")
        return Note(f"**{title}.** {limit}", icon="warn", warn=True, action=look)
    words = cause_words(HeldCause(held.cause), held.cause_name)
    return Note(
        f"**{title}.** {words.title}. {words.sentence} {words.repair}",
        icon="warn",
        warn=True,
        action=look,
    )
