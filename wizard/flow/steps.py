"""The steps of a set-up as data: who does each, what must hold to leave it, where it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from wizard.content.text import N_, Message
from wizard.flow.answers import Answers, Role, StepId

__all__ = [
    "FIRST",
    "MISSING_WORDS",
    "STEPS",
    "Leave",
    "Missing",
    "MissingReason",
    "Step",
    "StepVerdict",
    "Who",
]

FIRST = StepId.WELCOME
"""Where every set-up begins."""


class Who(StrEnum):
    """Who can do a step; shown as its role badge."""

    ANYONE = "anyone"
    OWNER = "owner"
    IT = "it"


class MissingReason(StrEnum):
    """What keeps a person on a step; the words are in `MISSING_WORDS`."""

    ROLE = "role"
    SERVICE_ANSWER = "service-answer"
    SIGN_IN = "sign-in"
    UNIT = "unit"
    INVITATION = "invitation"
    IT_PART = "it-part"
    WORKSPACE = "workspace"
    APP = "app"
    AUTHORIZATION = "authorization"
    ACTIVE_CONNECTION = "active-connection"
    SCOPE = "scope"
    PREVIEW = "preview"
    PREVIEW_SEEN = "preview-seen"
    SAVED_SETTINGS = "saved-settings"
    PLACE = "place"
    LEASE = "lease"
    FIRST_SYNC = "first-sync"


MISSING_WORDS: MappingProxyType[MissingReason, Message] = MappingProxyType(
    {
        MissingReason.ROLE: N_("Choose who is setting this up."),
        MissingReason.SERVICE_ANSWER: N_("The account service has to answer first."),
        MissingReason.SIGN_IN: N_("Sign in with your browser first."),
        MissingReason.UNIT: N_("Choose an organizational unit."),
        MissingReason.INVITATION: N_("Invite at least one person from IT."),
        MissingReason.IT_PART: N_("IT has not finished their part yet."),
        MissingReason.WORKSPACE: N_("Choose where your people are."),
        MissingReason.APP: N_("The app has to be installed in Google Workspace first."),
        MissingReason.AUTHORIZATION: N_("Authorize Google Workspace first."),
        MissingReason.ACTIVE_CONNECTION: N_(
            "The account service is still making the connection active."
        ),
        MissingReason.SCOPE: N_("Confirm how many people get an account."),
        MissingReason.PREVIEW: N_("Make the preview first."),
        MissingReason.PREVIEW_SEEN: N_("Look at the preview and confirm it."),
        MissingReason.SAVED_SETTINGS: N_("Save the settings."),
        MissingReason.PLACE: N_("Choose where the sync runs."),
        MissingReason.LEASE: N_("The chosen computer has to take on the sync first."),
        MissingReason.FIRST_SYNC: N_("The first sync has to add up."),
    }
)
"""One sentence for each reason; shown through `wizard.content.text.t`."""


@dataclass(frozen=True, kw_only=True)
class Leave:
    """The step may be left."""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """The step can't be left yet, and the first thing that is missing."""

    reason: MissingReason


StepVerdict = Leave | Missing


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. `key` names its words in `wizard.content.steps`, `topics` its FAQ topics.

    `verdict` and `leads` are pure functions of the answers; `leads` is None at the end. `done`
    tells whether the step's effect on the outside has happened, which Back never undoes.
    """

    id: StepId
    who: Who
    minutes: int
    topics: tuple[str, ...]
    verdict: Callable[[Answers], StepVerdict]
    leads: Callable[[Answers], StepId | None]
    done: Callable[[Answers], bool]

    @property
    def key(self) -> str:
        """The key of the step's words."""
        return self.id.value


def _first_missing(*asked: tuple[bool, MissingReason]) -> StepVerdict:
    """Leave, or the first reason whose condition does not hold."""
    for holds, reason in asked:
        if not holds:
            return Missing(reason=reason)
    return Leave()


def _welcome(answers: Answers) -> StepVerdict:
    return _first_missing(
        (answers.role is not None, MissingReason.ROLE),
        (answers.service_answered, MissingReason.SERVICE_ANSWER),
    )


def _sign_in(answers: Answers) -> StepVerdict:
    return _first_missing((bool(answers.signed_in_as), MissingReason.SIGN_IN))


def _unit(answers: Answers) -> StepVerdict:
    return _first_missing((bool(answers.ou_id), MissingReason.UNIT))


def _invite_it(answers: Answers) -> StepVerdict:
    asked = answers.invited > 0 or answers.invites_nobody
    return _first_missing((asked, MissingReason.INVITATION))


def _hand_over(answers: Answers) -> StepVerdict:
    return _first_missing((answers.it_finished, MissingReason.IT_PART))


def _workspace(answers: Answers) -> StepVerdict:
    chosen = answers.workspace_chosen or bool(answers.organization_account_id)
    return _first_missing((chosen, MissingReason.WORKSPACE))


def _google_app(answers: Answers) -> StepVerdict:
    # What a person says lets them go on; authorizing then tells whether it is so. A connection
    # that the service made active needs nothing more of the app's page.
    installed = answers.app_installed or answers.app_claimed or answers.organization_account_active
    return _first_missing((installed, MissingReason.APP))


def _authorize(answers: Answers) -> StepVerdict:
    return _first_missing(
        (bool(answers.organization_account_id), MissingReason.AUTHORIZATION),
        (answers.organization_account_active, MissingReason.ACTIVE_CONNECTION),
    )


def _scope(answers: Answers) -> StepVerdict:
    confirmed = answers.scope_confirmed or answers.settings_version > 0
    return _first_missing((confirmed, MissingReason.SCOPE))


def _preview(answers: Answers) -> StepVerdict:
    # Provisioning that is on was looked at before, maybe on another computer, which keeps it.
    on = answers.provisioning_on or answers.first_sync_done
    return _first_missing(
        (bool(answers.preview_run_id) or on, MissingReason.PREVIEW),
        (answers.preview_seen or on, MissingReason.PREVIEW_SEEN),
    )


def _provisioning(answers: Answers) -> StepVerdict:
    return _first_missing((answers.settings_version > 0, MissingReason.SAVED_SETTINGS))


def _where_it_runs(answers: Answers) -> StepVerdict:
    return _first_missing(
        (answers.place is not None or answers.first_sync_done, MissingReason.PLACE),
        (answers.place_ready or answers.first_sync_done, MissingReason.LEASE),
    )


def _first_sync(answers: Answers) -> StepVerdict:
    return _first_missing((answers.first_sync_done, MissingReason.FIRST_SYNC))


def _after_unit(answers: Answers) -> StepId:
    # Who is IT, too, invites nobody and hands nothing over.
    return StepId.INVITE_IT if answers.role is Role.OWNER else StepId.WORKSPACE


def _after_workspace(answers: Answers) -> StepId:
    return StepId.GOOGLE_AUTHORIZE if answers.app_skipped else StepId.GOOGLE_APP


def _after_provisioning(answers: Answers) -> StepId:
    # Saved but switched off: there is nothing to sync, and the end says that it is off.
    return StepId.WHERE_IT_RUNS if answers.provisioning_on else StepId.DONE


def _after_where(answers: Answers) -> StepId:
    # A server makes its first sync by itself; this window has nothing to show of it.
    return StepId.DONE if answers.elsewhere else StepId.FIRST_SYNC


STEPS: MappingProxyType[StepId, Step] = MappingProxyType(
    {
        step.id: step
        for step in (
            Step(
                id=StepId.WELCOME,
                who=Who.ANYONE,
                minutes=1,
                topics=("admin-but-not-it", "full-admin", "what-it-does"),
                verdict=_welcome,
                leads=lambda _: StepId.SIGN_IN,
                done=lambda answers: isinstance(_welcome(answers), Leave),
            ),
            Step(
                id=StepId.SIGN_IN,
                who=Who.ANYONE,
                minutes=2,
                topics=("browser-did-not-open", "no-account-yet", "page-shows-a-message"),
                verdict=_sign_in,
                leads=lambda _: StepId.ORGANIZATIONAL_UNIT,
                done=lambda answers: bool(answers.signed_in_as),
            ),
            Step(
                id=StepId.ORGANIZATIONAL_UNIT,
                who=Who.ANYONE,
                minutes=1,
                topics=("organizational-unit", "unit-not-owned", "unit-missing"),
                verdict=_unit,
                leads=_after_unit,
                done=lambda answers: bool(answers.ou_id),
            ),
            Step(
                id=StepId.INVITE_IT,
                who=Who.OWNER,
                minutes=3,
                topics=(
                    "whom-to-invite",
                    "why-owner",
                    "invitation-did-not-arrive",
                    "invitation-expires",
                ),
                verdict=_invite_it,
                leads=lambda _: StepId.HAND_OVER,
                done=lambda answers: answers.invited > 0,
            ),
            Step(
                id=StepId.HAND_OVER,
                who=Who.OWNER,
                minutes=2,
                topics=("hand-over-kit", "how-long-it-takes", "remind-it", "it-is-away"),
                verdict=_hand_over,
                leads=lambda _: StepId.DONE,
                done=lambda answers: answers.it_finished,
            ),
            Step(
                id=StepId.WORKSPACE,
                who=Who.IT,
                minutes=1,
                topics=("which-workspace", "microsoft-or-exchange", "several-domains"),
                verdict=_workspace,
                leads=_after_workspace,
                done=lambda answers: isinstance(_workspace(answers), Leave),
            ),
            Step(
                id=StepId.GOOGLE_APP,
                who=Who.IT,
                minutes=5,
                topics=("greyed-out", "install-takes-long", "who-may-install", "what-the-app-may"),
                verdict=_google_app,
                leads=lambda _: StepId.GOOGLE_AUTHORIZE,
                done=lambda answers: answers.app_installed or answers.organization_account_active,
            ),
            Step(
                id=StepId.GOOGLE_AUTHORIZE,
                who=Who.IT,
                minutes=5,
                topics=(
                    "authorized-but-nothing-happened",
                    "which-admin-account",
                    "what-we-read",
                    "what-is-stored",
                ),
                verdict=_authorize,
                leads=lambda _: StepId.SCOPE,
                done=lambda answers: answers.organization_account_active,
            ),
            Step(
                id=StepId.SCOPE,
                who=Who.IT,
                minutes=5,
                topics=(
                    "units-or-groups",
                    "pilot",
                    "leave-out-one",
                    "which-address",
                    "count-unexpected",
                ),
                verdict=_scope,
                leads=lambda _: StepId.PREVIEW,
                done=lambda answers: isinstance(_scope(answers), Leave),
            ),
            Step(
                id=StepId.PREVIEW,
                who=Who.IT,
                minutes=5,
                topics=("what-the-preview-shows", "why-skipped", "safety-limits"),
                verdict=_preview,
                leads=lambda _: StepId.PROVISIONING,
                done=lambda answers: answers.preview_seen,
            ),
            Step(
                id=StepId.PROVISIONING,
                who=Who.IT,
                minutes=3,
                topics=("what-provisioning-does", "someone-leaves", "safety-limits"),
                verdict=_provisioning,
                leads=_after_provisioning,
                done=lambda answers: answers.settings_version > 0,
            ),
            Step(
                id=StepId.WHERE_IT_RUNS,
                who=Who.IT,
                minutes=2,
                topics=("here-or-server", "while-it-is-off", "server-needs", "server-does-not"),
                verdict=_where_it_runs,
                leads=_after_where,
                done=lambda answers: isinstance(_where_it_runs(answers), Leave),
            ),
            Step(
                id=StepId.FIRST_SYNC,
                who=Who.IT,
                minutes=10,
                topics=("may-i-close", "what-problems-means", "what-people-notice"),
                verdict=_first_sync,
                leads=lambda _: StepId.DONE,
                done=lambda answers: answers.first_sync_done,
            ),
            Step(
                id=StepId.DONE,
                who=Who.ANYONE,
                minutes=0,
                topics=("interviewers", "do-i-pay", "practice"),
                verdict=lambda _: Leave(),
                leads=lambda _: None,
                done=lambda answers: answers.first_sync_done or answers.it_finished,
            ),
        )
    }
)
"""Every step of this set-up by its id, in the order of the rail."""
