"""What a run did in one line: counts in words, why it ended, who asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wizard.content.held import held_title
from wizard.content.text import N_, Message, t, tn
from wizard.content.troubles import trouble_words
from wizard.core.runs import HeldKind, RunOutcome, RunReport, Trigger

__all__ = ["run_detail", "run_title", "tries_words", "trigger_words", "where_words"]

_TRIGGERS: Mapping[Trigger, Message] = MappingProxyType(
    {
        Trigger.FIRST: N_("The first sync"),
        Trigger.SCHEDULE: N_("By schedule"),
        Trigger.PERSON: N_("A person"),
        Trigger.COMMAND: N_("A command"),
    }
)


def trigger_words(trigger: Trigger) -> str:
    """Who asked for a run."""
    return t(_TRIGGERS[trigger])


def run_title(report: RunReport) -> str:
    """What a run came to, such as “2 created, 1 changed”."""
    if report.outcome is RunOutcome.CANCELLED:
        return t("Stopped by a person")
    if report.outcome is RunOutcome.OFF:
        return t("Provisioning was off")
    if report.outcome is RunOutcome.NOT_THE_SYNCER:
        return t("Another computer keeps this in step")
    if report.outcome is RunOutcome.STOPPED_BY_GUARD and report.held:
        kind, people = _first_held(report)
        return held_title(kind, people)
    if report.outcome is RunOutcome.STOPPED_BY_GUARD:
        return t("Stopped by the safety limits")
    if report.outcome is RunOutcome.FAILED:
        if report.trouble is None:  # the account service keeps no reasons
            return t("Could not be done")
        return trouble_words(report.trouble, dict(report.trouble_facts)).title
    done = counts_title(report)
    if report.undoes and done:
        done = t("Took a sync back: {counts}", counts=done)
    return done or t("Nothing to do")


def tries_words(tries: int) -> str:
    """How often something failed alike before it began, '' where it did so once, or began."""
    return tn("tried {count} time", "tried {count} times", tries) if tries > 1 else ""


def where_words(host: str) -> str:
    """Which other computer did a run; `host` is '' where the account service doesn't know."""
    return t("run on {host}", host=host) if host else t("told by the account service")


def counts_title(report: RunReport) -> str:
    """What was written, '' for nothing."""
    done = report.done
    parts = [
        (tn("{count} created", "{count} created", done.create), done.create),
        (tn("{count} taken over", "{count} taken over", done.adopt), done.adopt),
        (
            tn("{count} changed", "{count} changed", done.update + done.reactivate),
            done.update + done.reactivate,
        ),
        (tn("{count} left", "{count} left", done.deactivate), done.deactivate),
    ]
    return ", ".join(words for words, count in parts if count)


def run_detail(report: RunReport, names: tuple[str, ...] = ()) -> str:
    """What else is worth knowing, on the same line; '' for nothing."""
    problems = report.failed + report.planned.problem
    told: list[str] = []
    if report.outcome is RunOutcome.STOPPED_BY_GUARD:
        written = counts_title(report)
        told.append(t("and did the rest: {counts}", counts=written) if written else "")
        told.append("" if written else t("nobody was touched"))
    elif report.outcome is RunOutcome.FAILED:
        written = counts_title(report)
        told.append(
            t("before that: {counts}", counts=written) if written else t("nothing was changed")
        )
    elif report.outcome is RunOutcome.CANCELLED:
        told.append(counts_title(report) or t("nothing was changed"))
    elif report.outcome is RunOutcome.NOT_THE_SYNCER:
        told.append(dict(report.trouble_facts).get("host", ""))
    elif names:
        told.append(_names(names, report.done.writes))
    if problems and report.outcome is not RunOutcome.FAILED:
        told.append(tn("{count} problem", "{count} problems", problems))
    return " · ".join(part for part in told if part)


def _names(names: tuple[str, ...], written: int) -> str:
    shown = ", ".join(names)
    more = written - len(names)
    if more <= 0:
        return shown
    return tn("{names} and {count} more", "{names} and {count} more", more, names=shown)


def _first_held(report: RunReport) -> tuple[HeldKind, int]:
    """Leavers come first: they are what takes something from people."""
    ordered = sorted(report.held, key=lambda held: held[0] is not HeldKind.LEAVE)
    return ordered[0]
