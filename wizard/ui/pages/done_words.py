"""What the last page says: what is in place, and how the background sync stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from wizard.content.it_parts import HALT_WORDS
from wizard.content.settings_words import interval_words
from wizard.content.text import N_, Message, t, tn
from wizard.content.troubles import trouble_words
from wizard.core.runs import RunReport
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Code, Fact
from wizard.flow.answers import StepId
from wizard.services.contract import SchedulerState, SchedulerView
from wizard.services.contract.hand_over import WaitingView
from wizard.services.contract.placing import PlacingView
from wizard.services.overview import Cure, cure_of
from wizard.ui.durations import clock_time
from wizard.ui.widgets.track import Mark, Stop

__all__ = [
    "CureHere",
    "background_lead",
    "background_words",
    "cure_here",
    "it_stops",
    "owner_stops",
    "server_words",
]


@dataclass(frozen=True, kw_only=True)
class CureHere:
    """What a person can do about what stopped the background sync: a button, and its step."""

    words: Message
    step: StepId


_CURES: Mapping[Cure, CureHere] = MappingProxyType(
    {
        Cure.SIGN_IN: CureHere(words=N_("Sign in"), step=StepId.SIGN_IN),
        Cure.AUTHORIZE: CureHere(words=N_("Authorize again"), step=StepId.GOOGLE_AUTHORIZE),
        Cure.TURN_ON: CureHere(words=N_("Turn it on"), step=StepId.PROVISIONING),
    }
)


def cure_here(view: SchedulerView) -> CureHere | None:
    """The step that puts right what keeps the background sync from running; None for none."""
    if view.state is not SchedulerState.NEEDS_PERSON or view.trouble is None:
        return None
    facts: dict[str, Fact] = dict(view.last.trouble_facts) if view.last is not None else {}
    return _CURES.get(cure_of(view.trouble, facts))


def background_lead(view: SchedulerView) -> str:
    """The page's lead where accounts are not just kept in step; '' where they are."""
    if view.stands_for:
        return t("A sync was taken back: nothing looks for changes until you let it go on.")
    if view.state is SchedulerState.PAUSED:
        return t("The sync is paused: nothing looks for changes until you let it go on.")
    if view.state is SchedulerState.NEEDS_PERSON:
        if view.trouble is Code.NOT_THE_SYNCER:
            return t("Another computer keeps accounts in step. Nobody has to do anything here.")
        return t("The set-up is done. One thing keeps the sync from going on.")
    return ""


def it_stops(
    report: RunReport | None, settings: ProvisioningSettings | None, *, on: bool
) -> list[Stop]:
    """What is in place for whoever set it up; `report` of a run of this computer."""
    account = t("Google Workspace, for directory and calendars")
    stops = [Stop(title=t("An organization account"), mark=Mark.DONE, sentence=account)]
    if report is not None and (report.came_through or report.done.writes):
        stops.append(_brought(report))
    if not on:
        off = t("No account is made or changed until somebody turns it on.")
        return [*stops, Stop(title=t("Provisioning is off"), mark=Mark.WARN, sentence=off)]
    if settings is not None:
        words = interval_words(settings.interval_minutes)
        stops.append(
            Stop(
                title=t("A sync {interval}", interval=words[:1].lower() + words[1:]),
                mark=Mark.DONE,
                sentence=t(
                    "It stops and asks when more than {percent} % would leave",
                    percent=settings.limits.leave_percent,
                ),
            )
        )
    return stops


def _brought(report: RunReport) -> Stop:
    done = report.done
    parts = [
        t(words, count=f"{count:,}")
        for words, count in (
            (N_("{count} taken over"), done.adopt),
            (N_("{count} changed"), done.update + done.reactivate),
            (N_("{count} left"), done.deactivate),
            (N_("{count} skipped"), report.planned.skip),
        )
        if count
    ]
    made = tn("{count} new account", "{count} new accounts", done.create)
    return Stop(
        title=made if done.create else t("No new accounts"),
        mark=Mark.DONE,
        sentence=t("{counts}, each with its reason", counts=", ".join(parts)) if parts else "",
    )


def owner_stops(unit: str, waiting: WaitingView | None) -> Sequence[Stop]:
    """What is in place for an owner whose IT has finished, as the service tells it."""
    who = (waiting.it_name or waiting.it_address) if waiting is not None else ""
    by = t("Set up by {person}", person=who) if who else t("Set up by your IT")
    stops = [
        Stop(title=t("Your place, {unit}", unit=unit), mark=Mark.DONE),
        Stop(title=t("Google Workspace is connected"), mark=Mark.DONE, sentence=by),
    ]
    accounts = waiting.accounts if waiting is not None else 0
    made = (
        tn("{count} person has an account", "{count} people have an account", accounts)
        if accounts
        else t("Your people have their accounts")
    )
    if waiting is not None and waiting.halted is not None:
        halted = t(HALT_WORDS[waiting.halted.value]).replace("**", "")
        stops.append(Stop(title=made, mark=Mark.DONE))
        return [*stops, Stop(title=t("Something has stopped"), mark=Mark.WARN, sentence=halted)]
    more = t("Who joins gets one, and who leaves is deactivated, without anybody doing it.")
    return [*stops, Stop(title=made, mark=Mark.DONE, sentence=more)]


def server_words(view: PlacingView | None) -> tuple[str, str]:
    """The sync on a server in two lines."""
    if view is None:
        return t("A server keeps this in step"), t("Asking the account service")
    syncer = view.syncer
    if syncer is None:
        return (
            t("No server has taken on the sync"),
            t("Nothing is synced until one does. Nobody loses an account by that."),
        )
    if syncer.here:
        return t("This computer keeps this in step"), t("It was to be a server. Choose again.")
    if syncer.last_run_at is None:
        return t("{host} keeps this in step", host=syncer.host), t("It has not synced yet.")
    last = t("Last sync at {time}", time=clock_time(syncer.last_run_at))
    return t("{host} keeps this in step", host=syncer.host), last


def background_words(view: SchedulerView) -> tuple[str, str]:
    """The background sync of this computer in two lines."""
    last = (
        t("Last sync at {time}", time=clock_time(view.last.finished_at))
        if view.last is not None
        else t("No sync yet")
    )
    if view.state is SchedulerState.RUNNING:
        told = view.progress
        if told is not None and told.total:
            done = t("{done} of {total} done", done=f"{told.done:,}", total=f"{told.total:,}")
            return t("A sync is running"), done
        return t("A sync is running"), t("Reading the directory")
    if view.state is SchedulerState.PAUSED:
        return t("The sync is paused"), last
    if view.state is SchedulerState.OFFLINE:
        return t("Waiting for the network"), last
    if view.state is SchedulerState.NEEDS_PERSON and view.trouble is not None:
        facts = dict(view.last.trouble_facts) if view.last is not None else {}
        words = trouble_words(view.trouble, facts)
        # Who keeps these people in step is what decides whether there is anything to do.
        elsewhere = view.trouble is Code.NOT_THE_SYNCER
        return words.title, words.happened if elsewhere else words.to_do
    if view.state in {SchedulerState.OFF, SchedulerState.STOPPED}:
        off = t("Another computer keeps people in step") if view.elsewhere else t("The sync is off")
        return off, last
    if view.overdue:
        return t("It has been too long since a good sync"), last
    following = t("next at {time}", time=clock_time(view.next_run_at)) if view.next_run_at else ""
    return t("Kept in step"), t("{last}, {following}", last=last, following=following).rstrip(", ")
