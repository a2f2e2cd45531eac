"""The words of IT's part, for an owner who waits: what is done, what is under way, what comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.content.text import N_, Message

__all__ = ["HALT_WORDS", "PART_WORDS", "RUN_FAILED", "STOPPED_WORDS", "PartWords"]


@dataclass(frozen=True, kw_only=True)
class PartWords:
    """One part when it is done, under way and to come; `waits` says what is normal meanwhile.

    All to be shown with `t`; `waits` is '' where there is nothing to say.
    """

    done: Message
    now: Message
    todo: Message
    waits: Message


PART_WORDS: Mapping[str, PartWords] = MappingProxyType(
    {
        "accepted": PartWords(
            done=N_("Accepted your invitation"),
            now=N_("Waiting for your invitation to be accepted"),
            todo=N_("Accept your invitation"),
            waits=N_("It went out by mail, and is valid for 48 hours. A day of silence is normal."),
        ),
        "workspace": PartWords(
            done=N_("Chose Google Workspace"),
            now=N_("Choosing the workspace"),
            todo=N_("Choose the workspace"),
            waits=N_(
                "We see it once the app is installed there. Google can take a few minutes to pass "
                "that on. That is normal."
            ),
        ),
        "app": PartWords(
            done=N_("Installed the app in Google Workspace"),
            now=N_("Installing the app in Google Workspace"),
            todo=N_("Install the app in Google Workspace"),
            waits=N_("Google can take a few minutes to pass this on. That is normal."),
        ),
        "authorized": PartWords(
            done=N_("Authorized the connection"),
            now=N_("Authorizing the connection"),
            todo=N_("Authorize the connection"),
            waits=N_("A full admin signs in at Google for it. A few minutes is normal."),
        ),
        "scope": PartWords(
            done=N_("Chose who gets an account"),
            now=N_("Choosing who gets an account"),
            todo=N_("Choose who gets an account"),
            waits=N_("Google Workspace is connected. IT may want to talk this over with you."),
        ),
        "preview": PartWords(
            done=N_("Looked at the preview"),
            now=N_("Looking at the preview"),
            todo=N_("Look at the preview"),
            waits=N_("Nothing has been changed yet. We see it when provisioning is turned on."),
        ),
        "provisioning": PartWords(
            done=N_("Turned on provisioning"),
            now=N_("Turning on provisioning"),
            todo=N_("Turn on provisioning"),
            waits=N_("Nothing has been changed yet."),
        ),
        "first-sync": PartWords(
            done=N_("Finished the first sync"),
            now=N_("Running the first sync"),
            todo=N_("Finish the first sync"),
            waits=N_("Some minutes for some hundred people. Accounts appear while it runs."),
        ),
    }
)
"""By the value of a part (`wizard.services.contract.hand_over.ItPart`)."""

STOPPED_WORDS: Mapping[str, Message] = MappingProxyType(
    {
        "authorized": N_(
            "The account service could not make the connection. IT sees why, and can try again."
        ),
        "first-sync": N_("It stopped and asks IT before it goes on. Nobody lost an account."),
    }
)
"""What an owner reads where IT has to put something right."""

RUN_FAILED = N_("It did not come through. IT sees why there, and what to do.")
"""What an owner reads of a first sync that failed, for whatever reason."""

HALT_WORDS: Mapping[str, Message] = MappingProxyType(
    {
        "connection": N_(
            "**The connection to Google Workspace no longer works.** Nobody new gets an account "
            "until IT has put it right. IT sees why."
        ),
        "guard": N_(
            "**The sync stopped and asks IT before it goes on.** Nobody lost an account by that."
        ),
        "run": N_(
            "**The last sync did not come through.** IT sees why there, and what to do. Everybody "
            "keeps their account."
        ),
    }
)
"""What an owner reads beside a set-up that is done, by `contract.hand_over.Halt`."""
