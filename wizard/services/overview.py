"""How things stand, in one sentence with its reason and its cure: a pure function over facts."""

from __future__ import annotations

from wizard.content.held import held_title
from wizard.content.text import t, tn
from wizard.content.times import ago_words, at_words
from wizard.content.troubles import trouble_words
from wizard.core.runs import HeldKind, RunOutcome, RunReport
from wizard.core.trouble import Code, Fact
from wizard.services.contract.home import HomeFacts
from wizard.services.keeping import asks_person
from wizard.services.outside import elsewhere_verdict, moved_verdict, outside_verdict
from wizard.services.schedule import SchedulerState
from wizard.services.verdicts import Cure, Situation, Tone, Verdict, names_in_words, who_can

__all__ = [
    "TO_DECIDE",
    "Cure",
    "Situation",
    "Tone",
    "Verdict",
    "cure_of",
    "names_in_words",
    "open_decisions",
    "verdict",
]

TO_DECIDE = frozenset({Code.ADDRESS_CLAIMED_TWICE, Code.ACCOUNT_CLAIMED})
"""Problems that no other try puts right: somebody has to say whose an address is."""


def verdict(at: Situation) -> Verdict:
    """How things stand. What needs somebody comes before what is only news."""
    moved = at.facts.moved if at.facts is not None else None
    if moved is not None:
        return moved_verdict(moved, at)
    if not at.connected:
        return outside_verdict(at)
    for look in (_busy, _elsewhere, _held, _off, _needs_person, _offline, _never, _late):
        found = look(at)
        if found is not None:
            return _for_person(found, at)
    return _in_step(at)


# ---------------------------------------------------------------- from this computer


def _last(at: Situation) -> RunReport | None:
    if at.view.last is not None:
        return at.view.last
    lately = at.facts.lately if at.facts is not None else ()
    return lately[0].report if lately else None


def _times(at: Situation) -> str:
    """When it last synced and does next, such as “Last sync at 10:42. Next one at 11:12.”."""
    last = _last(at)
    told = []
    if last is not None:
        told.append(t("Last sync {when}.", when=at_words(last.finished_at, at.now)))
    if at.view.next_run_at is not None and at.view.state is SchedulerState.WAITING:
        told.append(t("Next one {when}.", when=at_words(at.view.next_run_at, at.now)))
    return " ".join(told)


def _stands_still() -> Verdict:
    return Verdict(
        title=t("The sync stands still"),
        reason=t("A sync was taken back. Put right what led to it, then press Resume."),
        tone=Tone.WARN,
        cure=Cure.RESUME,
    )


def _busy(at: Situation) -> Verdict | None:
    if at.view.stands_for:
        return _stands_still()
    if at.view.state is SchedulerState.PAUSED:
        until = at.view.paused_until
        reason = (
            t("It goes on by itself {when}.", when=at_words(until, at.now))
            if until is not None
            else t("Nothing changes until somebody presses Resume.")
        )
        return Verdict(
            title=t("The sync is paused"), reason=reason, tone=Tone.WARN, cure=Cure.RESUME
        )
    if at.view.state is not SchedulerState.RUNNING:
        return None
    told = at.view.progress
    reason = t("Reading the directory.")
    if told is not None and told.total:
        reason = t("{done} of {total} done.", done=f"{told.done:,}", total=f"{told.total:,}")
    elif told is not None and told.done:
        reason = tn("{count} person read so far.", "{count} people read so far.", told.done)
    return Verdict(title=t("A sync is running"), reason=reason, tone=Tone.BUSY)


def _held(at: Situation) -> Verdict | None:
    held = at.facts.held if at.facts is not None else ()
    if not held:
        return None
    first = min(held, key=lambda one: one.kind is not HeldKind.LEAVE)
    return Verdict(
        title=t("The sync waits for your decision"),
        reason=t("{what}. Everything else goes on.", what=held_title(first.kind, first.people)),
        tone=Tone.WARN,
        cure=Cure.DECIDE,
        code=Code.GUARD_STOPPED,
    )


def _elsewhere(at: Situation) -> Verdict | None:
    """By the service's word, where another computer has the task, or none has it."""
    if at.elsewhere:
        return elsewhere_verdict(at)
    last = _last(at)
    refused = last is not None and last.trouble is Code.NOT_THE_SYNCER
    unit = at.unit
    there = unit.account if unit is not None else None
    if last is not None and (unit is None or there is None or unit.asked_at < last.finished_at):
        # What the service said is older than the run that was turned away.
        return _turned_away(last) if refused else None
    if there is None:
        return None
    if refused and there.syncer_is_us:
        return Verdict(
            title=t("This computer keeps it in step from now on"),
            reason=_times(at),
            tone=Tone.QUIET,
            cure=Cure.SYNC,
        )
    other = bool(there.syncer_host) and not there.syncer_is_us
    rests = at.view.state is SchedulerState.STOPPED and last is not None and not there.syncer_host
    return elsewhere_verdict(at) if other or refused or rests else None


def _turned_away(last: RunReport) -> Verdict:
    """What the last run from here learned, while the service has told nothing since."""
    host = dict(last.trouble_facts).get("host", "")
    return Verdict(
        title=t("Kept in step by {host}", host=host) if host else t("Kept in step elsewhere"),
        reason=t("This computer only watches."),
        tone=Tone.QUIET,
        cure=Cure.TAKE_OVER,
        code=Code.NOT_THE_SYNCER,
    )


def _off(at: Situation) -> Verdict | None:
    told = at.unit.enabled if at.unit is not None else None
    known = at.facts.enabled if at.facts is not None else None
    enabled = known if told is None else told
    if at.view.state is not SchedulerState.OFF and enabled is not False:
        return None
    if at.view.state is SchedulerState.OFF and told is True:
        return None  # switched on again since; the next run finds it
    return Verdict(
        title=t("Provisioning is off"),
        reason=t("No account is made or changed until somebody turns it on."),
        tone=Tone.QUIET,
        cure=Cure.TURN_ON,
        code=Code.PROVISIONING_OFF,
    )


def _needs_person(at: Situation) -> Verdict | None:
    code, facts = at.view.trouble, _facts_of(_last(at))
    if at.view.state is not SchedulerState.NEEDS_PERSON or code is None:
        return None
    words = trouble_words(code, facts)
    title, reason, cure = words.title, words.to_do, cure_of(code, facts)
    if cure is Cure.AUTHORIZE and code in {Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED}:
        title = t("Google Workspace has to be authorized again")
        reason = t("A full admin signs in once more. Until then nobody’s account changes.")
    return Verdict(title=title, reason=reason, tone=Tone.BAD, cure=cure, code=code)


def _offline(at: Situation) -> Verdict | None:
    if at.view.state is not SchedulerState.OFFLINE:
        return None
    code = at.view.trouble
    happened = trouble_words(code, _facts_of(_last(at))).happened if code is not None else ""
    if at.view.overdue:
        return _overdue(at, happened)
    again = t("It tries again by itself.")
    return Verdict(
        title=t("Waiting for the network"),
        reason=f"{happened} {again}".strip(),
        tone=Tone.WARN,
        cure=Cure.SYNC,
        code=code,
    )


def _never(at: Situation) -> Verdict | None:
    if at.facts is None or _last(at) is not None:
        return None
    cure = Cure.SYNC if at.set_up else Cure.SET_UP
    return Verdict(
        title=t("Nothing has been synced yet"),
        reason=t("The first sync makes the accounts. It starts when you say so."),
        tone=Tone.QUIET,
        cure=cure,
    )


def _late(at: Situation) -> Verdict | None:
    return _overdue(at, "") if at.view.overdue else None


def _overdue(at: Situation, because: str) -> Verdict:
    good = at.view.last_good_at
    reason = (
        t("The last good one was {ago} ago.", ago=ago_words(good, at.now))
        if good is not None
        else t("No sync has come through yet.")
    )
    return Verdict(
        title=t("It has been too long since a good sync"),
        reason=f"{reason} {because}".strip(),
        tone=Tone.BAD,
        cure=Cure.SYNC,
        code=at.view.trouble,
    )


def _in_step(at: Situation) -> Verdict:
    last = _last(at)
    if last is not None and last.outcome is RunOutcome.CANCELLED:
        return Verdict(
            title=t("The last sync was stopped"),
            reason=t("What was written stays. {times}", times=_times(at)).strip(),
            tone=Tone.QUIET,
            cure=Cure.SYNC,
        )
    if last is not None and last.outcome is RunOutcome.FAILED and last.trouble is not None:
        words = trouble_words(last.trouble, _facts_of(last))
        return Verdict(
            title=words.title,
            reason=t("It tries again by itself. {times}", times=_times(at)).strip(),
            tone=Tone.WARN,
            cure=Cure.SYNC,
            code=last.trouble,
        )
    open_now = open_decisions(at.facts) if at.facts is not None else 0
    problems = len(at.facts.problems) if at.facts is not None else 0
    title = t("In step")
    if open_now:
        title = tn("In step, {count} decision open", "In step, {count} decisions open", open_now)
    elif problems:
        title = tn("In step, {count} problem", "In step, {count} problems", problems)
    return Verdict(title=title, reason=_times(at), tone=Tone.GOOD, cure=Cure.SYNC)


def open_decisions(facts: HomeFacts) -> int:
    """How many questions only a person can answer: what is held, and addresses used twice."""
    claimed = {
        problem.address.casefold() for problem in facts.problems if problem.code in TO_DECIDE
    }
    return len(facts.held) + len(claimed)


# ---------------------------------------------------------------- who may, and how


def _for_person(found: Verdict, at: Situation) -> Verdict:
    """The verdict for a person who may not decide: it names who can, and offers nothing."""
    if at.unit is None or at.unit.may_manage or found.tone in {Tone.GOOD, Tone.BUSY}:
        return found
    reason = f"{found.reason} {who_can(at.unit, t('decide'))}".strip()
    return Verdict(title=found.title, reason=reason, tone=found.tone, code=found.code)


_AUTHORIZED_ANEW = frozenset(
    {
        Code.PROVISIONING_TOKEN_REVOKED,
        Code.DIRECTORY_TOKEN_REJECTED,
        Code.DIRECTORY_FORBIDDEN,
        Code.NOT_A_FULL_ADMIN,
        Code.DELEGATED_ADMIN,
        Code.SCOPES_MISSING,
        Code.CONNECTION_FAILED,
        Code.CONNECTION_NOT_ACTIVE,
    }
)
"""What goes away when an admin signs in at Google once more."""


def cure_of(code: Code, facts: dict[str, Fact]) -> Cure:
    """What the person can do about a trouble of the background sync."""
    if asks_person(code, facts):
        return Cure.UNLOCK
    if code in {Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED}:
        google = "google" in {facts.get("connection"), facts.get("provider")}
        return Cure.AUTHORIZE if google else Cure.SIGN_IN
    if code in _AUTHORIZED_ANEW:
        return Cure.AUTHORIZE
    if code is Code.PROVISIONING_OFF:
        return Cure.TURN_ON
    return Cure.SYNC


def _facts_of(report: RunReport | None) -> dict[str, Fact]:
    return dict(report.trouble_facts) if report is not None else {}
