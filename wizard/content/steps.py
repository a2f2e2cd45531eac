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
        "organizational_unit": StepWords(
            rail=N_("Organizational unit"),
            title=N_("Your organization"),
            lead=N_(
                "Your organization has a place of its own here, called an organizational unit."
            ),
            proof=N_("your organization is chosen."),
        ),
        "invite_it": StepWords(
            rail=N_("Invite IT"),
            title=N_("Invite your IT representative"),
            lead=N_("They join as Owner, so that they can connect your directory."),
            proof=N_("each person says Pending or Accepted."),
        ),
        "hand_over": StepWords(
            rail=N_("Hand over"),
            title=N_("Hand over to IT"),
            lead=N_("Give IT what they need. Then there is nothing more for you to do."),
            proof=N_("every line above has a check mark."),
        ),
        "workspace": StepWords(
            rail=N_("Choose workspace"),
            title=N_("Where are your people?"),
            lead=N_("Choose the workspace that your organization signs in to every day."),
            proof=N_("your workspace and its domain are chosen."),
        ),
        "google_app": StepWords(
            rail=N_("Install the app"),
            title=N_("Install the app in Google Workspace"),
            lead=N_("The app lets the account service reach calendars. An admin installs it once."),
            proof=N_("the account service sees the app."),
        ),
        "google_authorize": StepWords(
            rail=N_("Authorize"),
            title=N_("Authorize Google Workspace"),
            lead=N_("One connection covers both your directory and your calendars."),
            proof=N_("Google Workspace says Active."),
        ),
        "scope": StepWords(
            rail=N_("Who is synced"),
            title=N_("Who should have an account?"),
            lead=N_("Whoever enters the scope later gets an account with the next sync."),
            proof=N_("the count is about the number that you expect."),
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
        "where_it_runs": StepWords(
            rail=N_("Where it runs"),
            title=N_("Where should the sync run?"),
            lead=N_("One computer keeps the accounts in step. It has to be on for that."),
            proof=N_("the chosen computer has taken on the sync."),
        ),
        "first_sync": StepWords(
            rail=N_("First sync"),
            title=N_("Setting up your accounts"),
            lead=N_("You can leave this page. The sync goes on while the window is open."),
            proof=N_("everybody that was planned is accounted for."),
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
