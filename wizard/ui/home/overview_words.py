"""What Overview shows of facts: counts, what needs a decision, what happened lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wizard.content.held import consequence_words, held_title
from wizard.content.runs import run_detail, run_title, tries_words
from wizard.content.text import t, tn
from wizard.content.times import short_words
from wizard.content.troubles import trouble_words
from wizard.core.runs import RunOutcome, RunReport, RunSummary
from wizard.services.contract import HeldView, ProblemView
from wizard.services.contract.home import HomeFacts, RunRow, UnitWord
from wizard.services.overview import TO_DECIDE, Tone
from wizard.ui.home.parts import Line
from wizard.ui.tokens import Token
from wizard.ui.widgets.counts import Count

__all__ = [
    "MARKS",
    "Decision",
    "counts",
    "cure_words",
    "decisions",
    "lines",
    "lines_there",
    "result_of",
]

_NAMED = 2
_PAIR = 2
_SHOWN = 4

MARKS: dict[Tone, tuple[str, Token, Token]] = {
    Tone.GOOD: ("check", Token.OK, Token.OK_SOFT),
    Tone.BUSY: ("again", Token.ACCENT_INK, Token.ACCENT_SOFT),
    Tone.QUIET: ("clock", Token.INK_2, Token.HOVER),
    Tone.WARN: ("pause", Token.WARN, Token.WARN_SOFT),
    Tone.BAD: ("warn", Token.BAD, Token.BAD_SOFT),
}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One thing that waits for a person. `held` or `problems` say which, or it is in Settings."""

    title: str
    sentence: str
    held: HeldView | None = None
    problems: tuple[ProblemView, ...] = ()
    in_settings: bool = False


def counts(facts: HomeFacts) -> list[Count]:
    """The strip of numbers."""
    return [
        Count(key="members", words=t("Members"), number=facts.members or 0),
        Count(key="new", words=t("New in 7 days"), number=facts.new),
        Count(key="changed", words=t("Changed"), number=facts.changed),
        Count(key="leaving", words=t("Leaving"), number=facts.leaving),
    ]


def decisions(facts: HomeFacts) -> list[Decision]:
    """What waits for a person: what is held first, then addresses, then what failed."""
    told = [
        Decision(
            title=held_title(held.kind, held.people),
            sentence=consequence_words(held.kind, held.grace_days),
            held=held,
        )
        for held in facts.held
    ]
    by_address: dict[str, list[ProblemView]] = {}
    others: list[ProblemView] = []
    for problem in facts.problems:
        if problem.code in TO_DECIDE:
            by_address.setdefault(problem.address.casefold(), []).append(problem)
        else:
            others.append(problem)
    told += [_claimed(found) for found in by_address.values()]
    if len(others) > _NAMED:
        words = tn("{count} person has a problem", "{count} people have a problem", len(others))
        sentence = t("Everybody else is in step. The next sync tries them again.")
        told.append(Decision(title=words, sentence=sentence, problems=tuple(others)))
    else:
        told += [_problem(problem) for problem in others]
    if facts.report_trouble is not None:
        why = trouble_words(facts.report_trouble.code, facts.report_trouble.facts)
        title = t("The page for your helpdesk could not be written")
        sentence = f"{why.happened} {t('The sync goes on all the same.')}"
        told.append(Decision(title=title, sentence=sentence, in_settings=True))
    return told


def _claimed(found: Sequence[ProblemView]) -> Decision:
    address = found[0].address
    names = [problem.name for problem in found if problem.name]
    if len(found) == _PAIR:
        title = t("Two people use {address}", address=address)
    else:
        title = tn(
            "Somebody else uses {address}",
            "{count} people use {address}",
            len(found),
            address=address,
        )
    kept = t("Nobody is changed until one of them has another address.")
    if len(names) == _PAIR:
        kept = t("{first} and {second}. {kept}", first=names[0], second=names[1], kept=kept)
    return Decision(title=title, sentence=kept, problems=tuple(found))


def _problem(problem: ProblemView) -> Decision:
    words = trouble_words(problem.code, dict(problem.facts))
    who = problem.name or problem.address
    return Decision(title=f"{who}: {words.title}", sentence=words.to_do, problems=(problem,))


def lines(rows: Sequence[RunRow], now: datetime) -> list[Line]:
    """The last runs from here."""
    return [_line(row, now) for row in rows[:_SHOWN]]


def _line(row: RunRow, now: datetime) -> Line:
    report = row.report
    icon, tint = result_of(report)
    title = run_title(report)
    detail = " · ".join(part for part in (tries_words(row.tries), run_detail(report)) if part)
    if row.break_since is not None and report.came_through:
        since = short_words(row.break_since, now)
        icon, tint = "clock", Token.INK_2
        slept = t("after this computer slept or was off from {when}", when=since)
        done = f": {title}" if report.done.writes else ""
        title, detail = t("Caught up"), f"{slept}{done}"
    return Line(
        icon=icon,
        tint=tint,
        title=title,
        detail=detail,
        when=short_words(report.finished_at, now),
    )


def lines_there(unit: UnitWord, now: datetime) -> list[Line]:
    """The last runs from anywhere, as the service remembers them."""
    return [_line_there(summary, now) for summary in unit.runs[:_SHOWN]]


def _line_there(summary: RunSummary, now: datetime) -> Line:
    done = summary.done
    parts = [
        tn("{count} created", "{count} created", done.create) if done.create else "",
        tn("{count} changed", "{count} changed", done.update) if done.update else "",
        tn("{count} left", "{count} left", done.deactivate) if done.deactivate else "",
    ]
    icon, tint = (
        _RESULTS.get(summary.outcome, ("ok", Token.OK))
        if summary.outcome
        else (
            "info",
            Token.INK_2,
        )
    )
    title = ", ".join(part for part in parts if part) or t("Nothing to do")
    if summary.outcome is RunOutcome.STOPPED_BY_GUARD:
        title = t("Stopped by the safety limits")
    elif summary.outcome is RunOutcome.FAILED:
        title = t("Could not be done")
    return Line(
        icon=icon, tint=tint, title=title, detail="", when=short_words(summary.finished_at, now)
    )


_RESULTS: dict[RunOutcome, tuple[str, Token]] = {
    RunOutcome.DONE: ("ok", Token.OK),
    RunOutcome.PARTLY: ("warn", Token.WARN),
    RunOutcome.STOPPED_BY_GUARD: ("pause", Token.WARN),
    RunOutcome.FAILED: ("stop", Token.BAD),
    RunOutcome.CANCELLED: ("skip", Token.INK_2),
    RunOutcome.NOT_THE_SYNCER: ("info", Token.INK_2),
    RunOutcome.OFF: ("skip", Token.INK_2),
}


def result_of(report: RunReport) -> tuple[str, Token]:
    """The icon of how a run ended, and its color."""
    return _RESULTS[report.outcome]


def cure_words(cure: str) -> tuple[str, str]:
    """What the button beside the title says, and its icon; '' for no button."""
    return {
        "sync": (t("Sync now"), "again"),
        "resume": (t("Resume"), "play"),
        "sign-in": (t("Sign in"), "outside"),
        "authorize": (t("Authorize again"), "outside"),
        "unlock": (t("Open it"), "lock"),
        "take-over": (t("Take over here"), ""),
        "start-here": (t("Let this computer do it"), ""),
        "turn-on": (t("Turn it on"), ""),
        "set-up": (t("Continue set-up"), "arrow-right"),
    }.get(cure, ("", ""))
