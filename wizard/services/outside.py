"""How things stand for a person on whose computer nothing is connected: the service's word."""

from __future__ import annotations

from datetime import datetime, timedelta

from wizard.content.text import t
from wizard.content.times import at_words
from wizard.content.troubles import trouble_words
from wizard.core.runs import RunOutcome, RunSummary
from wizard.core.trouble import Code
from wizard.services.contract.home import AccountState, UnitWord
from wizard.services.verdicts import Cure, Situation, Tone, Verdict, who_can

__all__ = ["OUT_OF_REACH", "outside_verdict"]

_LATE = timedelta(hours=6)
"""Without a good sync elsewhere for longer than this, and than four intervals, it is told."""


def outside_verdict(at: Situation) -> Verdict:
    """What the service tells a person on whose computer nothing is connected."""
    unit = at.unit
    if unit is None:
        return _untold(at)
    account = unit.account
    if account is None:
        return Verdict(
            title=t("No workspace is connected"),
            reason=t("People get accounts once IT has authorized it."),
            tone=Tone.QUIET,
            cure=Cure.SET_UP if unit.may_manage else Cure.NOTHING,
        )
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
    return _runs_elsewhere(at, unit, account.syncer_host)


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


def _runs_elsewhere(at: Situation, unit: UnitWord, host: str) -> Verdict:
    last = next(iter(unit.runs), None)
    if last is None:
        return Verdict(
            title=t("Nothing has been synced yet"),
            reason=t("The first sync has not come through."),
            tone=Tone.QUIET,
        )
    when = at_words(last.finished_at, at.now)
    where = (
        t("Last sync {when}, by {host}.", when=when, host=host)
        if host
        else t("Last sync {when}.", when=when)
    )
    if last.outcome is RunOutcome.STOPPED_BY_GUARD:
        return Verdict(
            title=t("The sync waits for a decision"),
            reason=f"{where} {who_can(unit, t('decide'))}".strip(),
            tone=Tone.WARN,
        )
    if _too_old(last, unit, at.now):
        return Verdict(
            title=t("It has been too long since a sync"),
            reason=f"{where} {who_can(unit, t('look at it'))}".strip(),
            tone=Tone.BAD,
        )
    if last.outcome is RunOutcome.FAILED:
        return Verdict(
            title=t("The last sync could not be done"),
            reason=f"{where} {t('It tries again by itself.')}",
            tone=Tone.WARN,
        )
    return Verdict(title=t("In step"), reason=where, tone=Tone.GOOD)


def _too_old(last: RunSummary, unit: UnitWord, now: datetime) -> bool:
    allowed = max(_LATE, 4 * timedelta(minutes=unit.interval_minutes or 0))
    return now - last.finished_at > allowed
