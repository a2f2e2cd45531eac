"""Words for each right that a workspace is asked for: what it is, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.content.text import N_, Message, t

__all__ = ["PERMISSIONS", "PermissionWords", "joined_permissions", "permission_words"]


@dataclass(frozen=True, kw_only=True)
class PermissionWords:
    """`title` is a short name, `reason` a half sentence, `inline` the name inside a sentence.

    `without` is what can't work without it, a sentence; '' where there is nothing to say.
    """

    title: str
    reason: str
    inline: str
    without: str = ""


@dataclass(frozen=True, kw_only=True)
class _Entry:
    title: Message
    reason: Message
    inline: Message
    without: Message


PERMISSIONS: Mapping[str, _Entry] = MappingProxyType(
    {
        "people": _Entry(
            title=N_("People"),
            reason=N_("To make an account for each person"),
            inline=N_("people"),
            without=N_("Without people there is nobody to make an account for."),
        ),
        "groups": _Entry(
            title=N_("Groups and their members"),
            reason=N_("To let you choose people by group"),
            inline=N_("groups"),
            without=N_("Without groups you can’t choose people by group."),
        ),
        "units": _Entry(
            title=N_("Organizational units"),
            reason=N_("To let you choose people by unit"),
            inline=N_("organizational units"),
            without=N_("Without units we can’t tell where in your organization somebody is."),
        ),
        "domains": _Entry(
            title=N_("Your verified domains"),
            reason=N_("To take over an existing account only where the address is really yours"),
            inline=N_("domains"),
            without=N_("Without domains we can’t tell which addresses are really yours."),
        ),
    }
)
"""By the key that the provider gives with each right."""


def permission_words(key: str) -> PermissionWords:
    """The words for a key; one that has none is shown by its key."""
    entry = PERMISSIONS.get(key)
    if entry is None:
        return PermissionWords(title=key, reason="", inline=key)
    return PermissionWords(
        title=t(entry.title),
        reason=t(entry.reason),
        inline=t(entry.inline),
        without=t(entry.without),
    )


def joined_permissions(keys: str) -> str:
    """Keys separated by commas as a list in a sentence, such as “people, groups and domains”."""
    names = [permission_words(key.strip()).inline for key in keys.split(",") if key.strip()]
    if len(names) < 2:
        return names[0] if names else ""
    return t("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
