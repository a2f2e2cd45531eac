"""The words of steps and roles on rail, headings and footer."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.content.text import N_, Message
from wizard.flow.answers import StepId
from wizard.flow.steps import Who

__all__ = ["BADGES", "STEP_WORDS", "Badge", "StepWords"]


@dataclass(frozen=True, kw_only=True)
class StepWords:
    """What a step is called on the rail, and what stands on its page. All to be shown with `t`.

    `proof` ends the sentence “You’ll know it worked when …”.
    """

    rail: Message
    title: Message
    lead: Message
    proof: Message


STEP_WORDS: dict[StepId, StepWords] = {
    StepId.WELCOME: StepWords(
        rail=N_("Welcome"),
        title=N_("Who is setting this up?"),
        lead=N_(
            "We turn your user directory into accounts, so that nobody has to be invited by "
            "hand. Your answer decides which steps are yours."
        ),
        proof=N_("a role is chosen and the account service answers."),
    ),
    StepId.SIGN_IN: StepWords(
        rail=N_("Sign in"),
        title=N_("Sign in with your browser"),
        lead=N_(
            "We open a page in your usual browser. Sign in there, or create an account. "
            "This window carries on by itself."
        ),
        proof=N_("this window greets you by name."),
    ),
    StepId.GOOGLE_AUTHORIZE: StepWords(
        rail=N_("Authorize"),
        title=N_("Authorize Google Workspace"),
        lead=N_("One connection covers both your directory and your calendars."),
        proof=N_("Google Workspace says Active."),
    ),
    StepId.PREVIEW: StepWords(
        rail=N_("Preview"),
        title=N_("Check the preview"),
        lead=N_("This is what the first sync would do. Nothing has been changed yet."),
        proof=N_("people you know stand where you expect them."),
    ),
    StepId.PROVISIONING: StepWords(
        rail=N_("Provisioning"),
        title=N_("Turn on provisioning"),
        lead=N_("The settings of the connection that reaches your directory."),
        proof=N_("the account service confirms the setting."),
    ),
    StepId.FIRST_SYNC: StepWords(
        rail=N_("First sync"),
        title=N_("Setting up your accounts"),
        lead=N_("You can leave this page. The sync goes on while the window is open."),
        proof=N_("as many people are accounted for as were planned."),
    ),
    StepId.DONE: StepWords(
        rail=N_("Done"),
        title=N_("Everything is in place"),
        lead=N_("Accounts are kept in step from here on. Nobody has to do anything."),
        proof=N_("the next sync finds nothing to change."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A role as its badge shows it."""

    icon: str
    words: Message
    soft: bool = False


BADGES: dict[Who, Badge] = {
    Who.ANYONE: Badge(icon="people", words=N_("Anyone can start")),
    Who.OWNER: Badge(icon="person", words=N_("Account owner")),
    Who.IT: Badge(icon="shield", words=N_("IT representative – full admin"), soft=True),
}
