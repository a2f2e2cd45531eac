"""Tells views in lines for a terminal and as plain objects for a program that reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from wizard.content.cli import COUNT_WORDS, OUTCOME_WORDS, PHASE_WORDS, STATE_WORDS
from wizard.content.held import cause_words, held_title
from wizard.content.text import t, tn
from wizard.content.trouble_entry import SAFE_NOTHING, SAFE_STEPS
from wizard.content.troubles import trouble_words
from wizard.core.runs import HeldCause, PlanCounts, RunOutcome, RunProgress, RunReport
from wizard.core.trouble import Code, Fact, Trouble
from wizard.services.contract import FindingState, FindingView, HeldView, PreviewView

__all__ = [
    "counts_lines",
    "ended_words",
    "finding_lines",
    "go_on_lines",
    "held_lines",
    "moment",
    "plain",
    "preview_lines",
    "progress_line",
    "report_lines",
    "trouble_lines",
    "trouble_object",
]

_MARKS = {FindingState.PASSED: "✓", FindingState.WARNING: "!", FindingState.FAILED: "✗"}


def plain(value: object) -> object:
    """A view as JSON can hold it: names for enums, RFC 3339 for times, text for paths."""

    def other(found: object) -> object:
        if isinstance(found, Path | str):  # a str of a class of its own, such as a Message
            return str(found)
        raise TypeError(f"not a view: {type(found).__name__}")

    return msgspec.to_builtins(value, enc_hook=other, str_keys=True)


def moment(when: datetime | None) -> str:
    """A time of day as people here say it; a dash for none."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M") if when is not None else "–"


def trouble_lines(trouble: Trouble, service: str = "") -> list[str]:
    """What happened, what to do, what is safe, and the code to search for."""
    facts: dict[str, Fact] = dict(trouble.facts)
    if service:
        facts.setdefault("service", service)
    words = trouble_words(trouble.code, facts, retry_after=trouble.retry_after)
    code = t("Code: {code}", code=trouble.code.value)
    told = [words.happened, words.to_do, _safe_here(words.safe), code]
    return [words.title, *(f"  {line}" for line in told if line)]


def _safe_here(safe: str) -> str:
    """What is safe, without the window's steps; '' where that is all there is to say."""
    if safe == t(SAFE_STEPS):
        return ""
    return t("Nothing was changed.") if safe == t(SAFE_NOTHING) else safe


def ended_words(report: RunReport) -> str:
    """How a run ended and when it began, such as “Done, 2026-10-12 10:31”."""
    outcome = t(OUTCOME_WORDS[report.outcome])
    return t("{outcome}, {when}", outcome=outcome, when=moment(report.started_at))


def trouble_object(trouble: Trouble) -> Mapping[str, object]:
    """A trouble for a program that reads it."""
    words = trouble_words(trouble.code, trouble.facts, retry_after=trouble.retry_after)
    return {
        "code": trouble.code.value,
        "facts": dict(trouble.facts),
        "title": words.title,
        "to_do": words.to_do,
    }


def counts_lines(counts: PlanCounts) -> list[str]:
    """One line for each kind that has somebody in it."""
    told = []
    for name, words in COUNT_WORDS.items():
        number = int(getattr(counts, name))
        if number:
            told.append(f"  {number:>9,}  {t(words)}")
    return told or ["  " + t("Nobody to look at.")]


def preview_lines(view: PreviewView) -> list[str]:
    """The plan in numbers, and what the guard would hold."""
    lines = [t("This is what a sync would do. Nothing has been changed."), ""]
    lines += counts_lines(view.counts)
    return lines + held_lines(view.held)


def held_lines(views: Sequence[HeldView]) -> list[str]:
    """What the guard holds and why: every cause with its repair, the likeliest first."""
    lines: list[str] = []
    for held in views:
        lines += ["", held_title(held.kind, held.people)]
        for cause in held.causes:
            words = cause_words(HeldCause(cause.cause), cause.name)
            lines += [f"{cause.people:>9,}  {words.title}"]
            lines += [f"{'':>9}  {words.sentence}", f"{'':>9}  {words.repair}"]
    return lines


def go_on_lines(report: RunReport) -> list[str]:
    """The command that goes on with exactly those whom the safety limits held, if they did."""
    if report.outcome is not RunOutcome.STOPPED_BY_GUARD or not report.held:
        return []  # held because something could not be read: no word of a person helps
    kinds = [f"--approve {kind.value}={people}" for kind, people in report.held]
    if len(report.held) == 1:
        kinds = [f"--approve {report.held[0][1]}"]
    command = f"enterprise-connect sync {' '.join(kinds)} --plan {report.run_id}"
    return ["  " + t("To go on with exactly these people: {command}", command=command)]


def report_lines(report: RunReport, *, go_on: bool = True) -> list[str]:
    """One run in a few lines; `go_on`: with the command that goes on with those held."""
    seconds = (report.finished_at - report.started_at).total_seconds()
    head = t(
        "{when}  {outcome} ({seconds} s)",
        when=moment(report.started_at),
        outcome=t(OUTCOME_WORDS[report.outcome]),
        seconds=f"{seconds:,.1f}",
    )
    lines = [head]
    if report.outcome not in {RunOutcome.OFF, RunOutcome.NOT_THE_SYNCER}:
        done = report.done.writes
        lines.append(
            "  " + tn("{count} account was written.", "{count} accounts were written.", done)
        )
        if report.failed:
            lines.append(
                "  "
                + tn("{count} person is a problem.", "{count} people are a problem.", report.failed)
            )
    lines += ["  " + held_title(kind, people) for kind, people in report.held]
    if go_on:
        lines += go_on_lines(report)
    if report.trouble is not None and report.trouble is not Code.CANCELLED:
        words = trouble_words(report.trouble, dict(report.trouble_facts))
        lines += [f"  {words.title}", f"  {words.happened}", f"  {words.to_do}"]
    return lines


def finding_lines(findings: Sequence[tuple[FindingView, str, str]]) -> list[str]:
    """One line a check: a mark with its word, what was looked at, and what was found."""
    return [
        f"{_MARKS[finding.state]} {t(STATE_WORDS[finding.state.value]):<8} {title}"
        + (f": {detail}" if detail else "")
        for finding, title, detail in findings
    ]


def progress_line(progress: RunProgress) -> str:
    """How far a run is, on one line."""
    phase = t(PHASE_WORDS[progress.phase])
    if progress.total:
        return t(
            "{phase}: {done} of {total}",
            phase=phase,
            done=f"{progress.done:,}",
            total=f"{progress.total:,}",
        )
    return t("{phase}: {done}", phase=phase, done=f"{progress.done:,}")
