"""The words of Home's pages: their names on the rail, their titles, and their questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.content.text import N_, Message

__all__ = ["HOME_WORDS", "HomeWords"]


@dataclass(frozen=True, kw_only=True)
class HomeWords:
    """A page of Home: its name, its icon, the ids of the questions asked on it, most asked first.

    `name` is shown with `t`, on the rail and as the title.
    """

    name: Message
    icon: str
    topics: tuple[str, ...]


HOME_WORDS: Mapping[str, HomeWords] = MappingProxyType(
    {
        "overview": HomeWords(
            name=N_("Overview"),
            icon="home",
            topics=(
                "is-it-healthy",
                "why-not-here",
                "check-everything",
                "how-often",
                "may-i-close",
                "interviewers",
                "do-i-pay",
            ),
        ),
        "members": HomeWords(
            name=N_("Members"),
            icon="people",
            topics=(
                "why-not-here",
                "members-words",
                "protect-one",
                "left-and-still-there",
                "address-claimed-twice",
                "wrong-name",
            ),
        ),
        "organization-account": HomeWords(
            name=N_("Organization account"),
            icon="link",
            topics=(
                "how-to-authorize-again",
                "disconnect",
                "change-scope",
                "authorized-but-nothing-happened",
                "safety-limits",
                "how-many-connections",
            ),
        ),
        "activity": HomeWords(
            name=N_("Activity"),
            icon="pulse",
            topics=(
                "activity-words",
                "why-did-the-sync-stop",
                "what-problems-means",
                "stop-and-go-on",
            ),
        ),
        "settings": HomeWords(
            name=N_("Settings"),
            icon="sliders",
            topics=(
                "proxies",
                "saved-sign-ins",
                "helpdesk-report",
                "check-everything",
                "erase-set-up",
                "what-is-stored",
                "profiles",
            ),
        ),
    }
)
"""Words and questions of each page of Home, by the value of its `HomeId`."""
