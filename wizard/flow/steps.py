"""The steps of a set-up as data: who does each, what must hold to leave it, where it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from wizard.content.text import N_, Message
from wizard.flow.answers import Answers, StepId

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
    AUTHORIZATION = "authorization"
    ACTIVE_CONNECTION = "active-connection"
    PREVIEW = "preview"
    PREVIEW_SEEN = "preview-seen"
    SAVED_SETTINGS = "saved-settings"
    FIRST_SYNC = "first-sync"


MISSING_WORDS: MappingProxyType[MissingReason, Message] = MappingProxyType(
    {
        MissingReason.ROLE: N_("Choose who is setting this up."),
        MissingReason.SERVICE_ANSWER: N_("The account service has to answer first."),
        MissingReason.SIGN_IN: N_("Sign in with your browser first."),
        MissingReason.UNIT: N_("Choose an organizational unit."),
        MissingReason.AUTHORIZATION: N_("Authorize Google Workspace first."),
        MissingReason.ACTIVE_CONNECTION: N_(
            "The account service is still making the connection active."
        ),
        MissingReason.PREVIEW: N_("Make the preview first."),
        MissingReason.PREVIEW_SEEN: N_("Look at the preview and confirm it."),
        MissingReason.SAVED_SETTINGS: N_("Save the settings."),
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
    return _first_missing(
        (bool(answers.signed_in_as), MissingReason.SIGN_IN),
        (bool(answers.ou_id), MissingReason.UNIT),
    )


def _authorize(answers: Answers) -> StepVerdict:
    return _first_missing(
        (bool(answers.organization_account_id), MissingReason.AUTHORIZATION),
        (answers.organization_account_active, MissingReason.ACTIVE_CONNECTION),
    )


def _preview(answers: Answers) -> StepVerdict:
    return _first_missing(
        (bool(answers.preview_run_id), MissingReason.PREVIEW),
        (answers.preview_seen, MissingReason.PREVIEW_SEEN),
    )


def _provisioning(answers: Answers) -> StepVerdict:
    return _first_missing((answers.settings_version > 0, MissingReason.SAVED_SETTINGS))


def _first_sync(answers: Answers) -> StepVerdict:
    return _first_missing((answers.first_sync_done, MissingReason.FIRST_SYNC))


def _after_provisioning(answers: Answers) -> StepId:
    # Saved but switched off: there is nothing to sync, and the end says that it is off.
    return StepId.FIRST_SYNC if answers.provisioning_on else StepId.DONE


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
                who=Who.OWNER,
                minutes=2,
                topics=("browser-did-not-open", "no-account-yet", "page-shows-a-message"),
                verdict=_sign_in,
                leads=lambda _: StepId.GOOGLE_AUTHORIZE,
                done=lambda answers: bool(answers.signed_in_as),
            ),
            Step(
                id=StepId.GOOGLE_AUTHORIZE,
                who=Who.IT,
                minutes=5,
                topics=("authorized-but-nothing-happened", "which-admin-account", "greyed-out"),
                verdict=_authorize,
                leads=lambda _: StepId.PREVIEW,
                done=lambda answers: answers.organization_account_active,
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
                done=lambda answers: answers.first_sync_done,
            ),
        )
    }
)
"""Every step of this set-up by its id, in the order of the rail."""
