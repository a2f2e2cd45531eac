"""Words for the workspaces that can be connected, their domains, and why a button can be gray."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.content.text import N_, Message, t
from wizard.core.domains import DomainProblem

__all__ = ["GRAY_BUTTON", "GrayCause", "WorkspaceWords", "domain_problem_words", "workspace_words"]


@dataclass(frozen=True, kw_only=True)
class WorkspaceWords:
    """What a workspace is called, and how people recognize that it is theirs."""

    name: str
    sign: str


@dataclass(frozen=True, kw_only=True)
class GrayCause:
    """One reason for a gray button: a question to oneself, and the cure. Show both with `t`."""

    id: str
    question: Message
    cure: Message


_WORKSPACES: Mapping[str, tuple[Message, Message]] = MappingProxyType(
    {
        "google": (
            N_("Google Workspace"),
            N_("Your people have Gmail and Google Calendar with your own domain."),
        ),
    }
)
_PROBLEMS: Mapping[DomainProblem, Message] = MappingProxyType(
    {
        DomainProblem.EMPTY: N_("Enter what stands after the @ in your people’s addresses."),
        DomainProblem.NO_ENDING: N_("{domain} has no ending, such as .com. Correct it."),
        DomainProblem.CHARACTERS: N_(
            "{domain} has characters that no domain has. Correct or remove them."
        ),
        DomainProblem.TOO_LONG: N_("This is longer than any domain. Enter the domain alone."),
        DomainProblem.PUBLIC: N_(
            "{domain} is a public mail service, where anybody has an address. Enter the domain "
            "of your organization."
        ),
    }
)

GRAY_BUTTON: tuple[GrayCause, ...] = (
    GrayCause(
        id="other-account",
        question=N_("Is another Google account active, top right on the page?"),
        cure=N_("Press the picture top right on Google’s page and switch to your admin account."),
    ),
    GrayCause(
        id="not-an-admin",
        question=N_("Are you signed in with an account that isn’t a super admin?"),
        cure=N_(
            "Only a super admin, or an admin whose role includes the Google Workspace Marketplace "
            "settings, may install for everyone. Send that person the link to the app’s page."
        ),
    ),
    GrayCause(
        id="not-allowed",
        question=N_("Does your organization allow only some apps?"),
        cure=N_(
            "In Google’s Admin console open **Apps**, **Google Workspace Marketplace apps**, "
            "**Settings**, and allow this app, or all. It can take up to 24 hours."
        ),
    ),
    GrayCause(
        id="store-off",
        question=N_("Is the Marketplace off for your organizational unit?"),
        cure=N_(
            "In the Admin console open **Apps**, **Additional Google services**, and turn on "
            "**Google Workspace Marketplace** for your unit. It can take up to 24 hours."
        ),
    ),
    GrayCause(
        id="installed",
        question=N_("Is it installed already?"),
        cure=N_(
            "Then there is nothing to press. Look in the Admin console under **Apps**, **Google "
            "Workspace Marketplace apps**, and press “Check now” below."
        ),
    ),
)
"""The likeliest first. https://support.google.com/a/answer/172931 and /6089179 tell the settings;
no page of Google's lists the causes."""


def workspace_words(provider: str) -> WorkspaceWords:
    """The words for a workspace (a `ProviderId` value); one without words shows its id."""
    known = _WORKSPACES.get(provider)
    if known is None:
        return WorkspaceWords(name=provider, sign="")
    return WorkspaceWords(name=t(known[0]), sign=t(known[1]))


def domain_problem_words(problem: DomainProblem, domain: str) -> str:
    """What is wrong with a typed domain, and the cure, in a sentence or two."""
    shown = domain if len(domain) <= 60 else f"{domain[:57]}…"
    return t(_PROBLEMS[problem], domain=shown)
