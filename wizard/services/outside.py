"""How things stand where another computer keeps people in step: the service's word alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from wizard.content.text import t
from wizard.content.times import at_words
from wizard.content.troubles import trouble_words
from wizard.core.runs import RunOutcome, RunSummary
from wizard.core.trouble import Code
from wizard.services.contract.home import AccountState, OrganizationAccountView, UnitWord
from wizard.services.contract.moving import MovedAwayView
from wizard.services.verdicts import Cure, Situation, Tone, Verdict, who_can

__all__ = ["OUT_OF_REACH", "elsewhere_verdict", "moved_verdict", "outside_verdict", "too_old"]

_LATE = timedelta(hours=6)
"""Without a good sync elsewhere for longer than this, and than four intervals, it is told."""


def outside_verdict(at: Situation) -> Verdict:
    """What the service tells a person on whose computer nothing is connected."""
    unit = at.unit
    if unit is None:
        return _untold(at)
    account = unit.account
    if account is None:
        return _unconnected(unit)
    return _not_running(unit, account) or _runs_elsewhere(at, unit, account)


def elsewhere_verdict(at: Situation) -> Verdict:
    """What the service tells where this computer is connected, and another one has the task.

    Nothing that once ran here counts: only a lease that is held, and a run that is not old, say
    that people are in step.
    """
    unit = at.unit
    if unit is None:
        return _untold(at)
    account = unit.account
    if account is None:
        return _unconnected(unit)
    found = _not_running(unit, account)
    if found is not None:
        off = unit.enabled is False and unit.may_manage
        return replace(found, cure=Cure.TURN_ON, code=Code.PROVISIONING_OFF) if off else found
    held = bool(account.syncer_host) and not account.syncer_is_us
    cure = Cure.TAKE_OVER if held else Cure.START_HERE if at.elsewhere else Cure.SYNC
    return replace(
        _runs_elsewhere(at, unit, account, here=True),
        cure=cure if unit.may_manage else Cure.NOTHING,
        # What somebody chose is no message that needs help.
        code=Code.NOT_THE_SYNCER if held and not at.elsewhere else None,
    )


def moved_verdict(moved: MovedAwayView, at: Situation) -> Verdict:
    """This computer's set-up is another one's now: when, where to, and what there is to do.

    Once another computer is known to sync, the file has done its work.
    """
    there = at.unit.account if at.unit is not None else None
    host = there.syncer_host if there is not None and not there.syncer_is_us else ""
    when = at_words(moved.at, at.now) if moved.at is not None else ""
    if moved.to and when:
        title = t("Moved to {host} {when}", host=moved.to, when=when)
    else:
        title = t("Moved {when}", when=when) if when else t("Moved to another computer")
    if host:
        reason = t(
            "{host} syncs now. Delete the file of the move, if it is still there.", host=host
        )
    elif moved.file:
        reason = t("Move {file} in there, if that isn’t done yet.", file=moved.file)
    else:
        reason = t("Move the file in there, if that isn’t done yet.")
    back = t("To sync from here again, move it back, or authorize the workspace anew.")
    return Verdict(title=title, reason=f"{reason} {back}", tone=Tone.QUIET, code=Code.MOVED_AWAY)


def _unconnected(unit: UnitWord) -> Verdict:
    return Verdict(
        title=t("No workspace is connected"),
        reason=t("People get accounts once IT has authorized it."),
        tone=Tone.QUIET,
        cure=Cure.SET_UP if unit.may_manage else Cure.NOTHING,
    )


def _not_running(unit: UnitWord, account: OrganizationAccountView) -> Verdict | None:
    """Why nothing can run, from whichever computer; None where it can."""
    if account.state is not AccountState.ACTIVE:
        failed = account.state is AccountState.FAILED
        return Verdict(
            title=t("The connection is not active")
            if failed
            else t("The connection is being made"),
            reason=who_can(unit, t("authorize it again"))
            if failed
            else t("A few minutes is normal."),
            tone=Tone.BAD if failed else Tone.QUIET,
        )
    if unit.enabled is False:
        return Verdict(
            title=t("Provisioning is off"),
            reason=who_can(unit, t("turn it on")),
            tone=Tone.QUIET,
        )
    return None


_SIGNED_OUT = frozenset({Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED})
OUT_OF_REACH = frozenset(
    {
        Code.OFFLINE,
        Code.HOST_NOT_FOUND,
        Code.CONNECTION_REFUSED,
        Code.CONNECTION_LOST,
        Code.TIMED_OUT,
        Code.PROXY_UNREACHABLE,
        Code.SERVICE_UNAVAILABLE,
        Code.RATE_LIMITED,
    }
)
"""What may pass by itself, so that asking again is worth it."""


def _untold(at: Situation) -> Verdict:
    """What can be said while the service has said nothing: that it is asked, or why not."""
    trouble = at.untold
    if trouble is None:
        return Verdict(title=t("Asking the account service"), reason="", tone=Tone.QUIET)
    goes_on = t("The sync runs on another computer and goes on without this one.")
    if trouble.code in _SIGNED_OUT:
        return Verdict(
            title=t("You are signed out"),
            reason=t("Sign in to see how it stands. {goes_on}", goes_on=goes_on),
            tone=Tone.QUIET,
            cure=Cure.SIGN_IN,
            code=trouble.code,
        )
    if trouble.code in OUT_OF_REACH:
        again = t("We ask again by ourselves.")
        return Verdict(
            title=t("Can’t reach the account service"),
            reason=f"{goes_on} {again}",
            tone=Tone.QUIET,
            code=trouble.code,
        )
    words = trouble_words(trouble.code, trouble.facts)
    reason = f"{words.happened} {words.to_do}"
    return Verdict(title=words.title, reason=reason, tone=Tone.WARN, code=trouble.code)


def _runs_elsewhere(
    at: Situation, unit: UnitWord, account: OrganizationAccountView, *, here: bool = False
) -> Verdict:
    """What the runs say; `here`: this computer could do it, too."""
    host = "" if here and account.syncer_is_us else account.syncer_host
    last = next(iter(unit.runs), None)
    ended = _last_end(last, account)
    to_do = _start_words(at, unit) if here else who_can(unit, t("look at it"))
    if ended is None:
        return _nothing_yet(host, to_do, here=here)
    when = at_words(ended, at.now)
    where = (
        t("Last sync {when}, by {host}.", when=when, host=host)
        if host
        else t("Last sync {when}.", when=when)
    )
    outcome = last.outcome if last is not None else None
    held = outcome is RunOutcome.STOPPED_BY_GUARD and bool(host)
    if held:
        decides = t("It is decided there.") if here else who_can(unit, t("decide"))
        return Verdict(
            title=t("The sync waits for a decision"), reason=f"{where} {decides}", tone=Tone.WARN
        )
    if too_old(ended, unit.interval_minutes, at.now):
        return Verdict(
            title=t("It has been too long since a sync"),
            reason=f"{where} {to_do}".strip(),
            tone=Tone.BAD,
        )
    if not host:
        return Verdict(
            title=t("No computer keeps this in step now"),
            reason=f"{where} {to_do}".strip(),
            tone=Tone.WARN,
        )
    if outcome is RunOutcome.FAILED:
        return Verdict(
            title=t("The last sync could not be done"),
            reason=f"{where} {t('It tries again by itself.')}",
            tone=Tone.WARN,
        )
    if not here:
        return Verdict(title=t("In step"), reason=where, tone=Tone.GOOD)
    return Verdict(
        title=t("Kept in step by {host}", host=host),
        reason=t("Its last sync was {when}. This computer only watches.", when=when),
        tone=Tone.GOOD,
    )


def _nothing_yet(host: str, to_do: str, *, here: bool) -> Verdict:
    first = t("The first sync has not come through.")
    if here:
        first = t("{host} has taken it on.", host=host) if host else to_do
    return Verdict(
        title=t("Nothing has been synced yet"),
        reason=first,
        tone=Tone.WARN if here and not host else Tone.QUIET,
    )


def _start_words(at: Situation, unit: UnitWord) -> str:
    """What to do about a computer that is silent, for whoever may do it here."""
    if not unit.may_manage or not at.elsewhere:
        return ""
    return t("Look whether the other computer is on, or let this one do it.")


def _last_end(last: RunSummary | None, account: OrganizationAccountView) -> datetime | None:
    """When the newest run ended that the service knows of."""
    ends = [last.finished_at] if last is not None else []
    if account.last_run_at is not None:
        ends.append(account.last_run_at)
    return max(ends, default=None)


def too_old(ended: datetime, interval_minutes: int | None, now: datetime) -> bool:
    """Whether a last run that ended then is one that somebody has to look at."""
    return now - ended > max(_LATE, 4 * timedelta(minutes=interval_minutes or 0))
