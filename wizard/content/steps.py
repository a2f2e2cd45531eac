"""The words of each step: its name on the rail, its title and lead, and what proves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.content.text import N_, Message

__all__ = ["STEP_WORDS", "StepWords"]


@dataclass(frozen=True, kw_only=True)
class StepWords:
    """What a step is called on the rail, and what stands on its page. All to be shown with `t`.

    `proof` ends the sentence “You’ll know it worked when …”.
    """

    rail: Message
    title: Message
    lead: Message
    proof: Message


STEP_WORDS: Mapping[str, StepWords] = MappingProxyType(
    {
        "welcome": StepWords(
            rail=N_("Welcome"),
            title=N_("Who is setting this up?"),
            lead=N_(
                "We turn your user directory into accounts, so that nobody has to be invited by "
                "hand. Your answer decides which steps are yours."
            ),
            proof=N_("a role is chosen and the account service answers."),
        ),
        "sign_in": StepWords(
            rail=N_("Sign in"),
            title=N_("Sign in with your browser"),
            lead=N_(
                "We open a page in your usual browser. Sign in there, or create an account. "
                "This window carries on by itself."
            ),
            proof=N_("this window greets you by name."),
        ),
        "google_authorize": StepWords(
            rail=N_("Authorize"),
            title=N_("Authorize Google Workspace"),
            lead=N_("One connection covers both your directory and your calendars."),
            proof=N_("Google Workspace says Active."),
        ),
        "preview": StepWords(
            rail=N_("Preview"),
            title=N_("Check the preview"),
            lead=N_("This is what the first sync would do. Nothing has been changed yet."),
            proof=N_("people you know stand where you expect them."),
        ),
        "provisioning": StepWords(
            rail=N_("Provisioning"),
            title=N_("Turn on provisioning"),
            lead=N_("The settings of the connection that reaches your directory."),
            proof=N_("the account service confirms the setting."),
        ),
        "first_sync": StepWords(
            rail=N_("First sync"),
            title=N_("Setting up your accounts"),
            lead=N_("You can leave this page. The sync goes on while the window is open."),
            proof=N_("as many people are accounted for as were planned."),
        ),
        "done": StepWords(
            rail=N_("Done"),
            title=N_("Everything is in place"),
            lead=N_("Accounts are kept in step from here on. Nobody has to do anything."),
            proof=N_("the next sync finds nothing to change."),
        ),
    }
)
"""By the value of a step's id (`wizard.flow.answers.StepId`), which stands above this layer."""
