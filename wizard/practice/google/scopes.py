"""The scopes that the Google stand-in knows, and how its consent page words them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["IDENTITY", "PREFIX", "SCOPES", "Scope", "answered"]

PREFIX = "https://www.googleapis.com/auth/"
# Google answers the short names by their long ones.
IDENTITY = {"openid": "openid", "email": f"{PREFIX}userinfo.email"} | {
    "profile": f"{PREFIX}userinfo.profile",
    f"{PREFIX}userinfo.email": f"{PREFIX}userinfo.email",
    f"{PREFIX}userinfo.profile": f"{PREFIX}userinfo.profile",
}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A scope that the person can untick."""

    name: str
    words: str


def _directory(name: str, words: str) -> Scope:
    return Scope(name=f"{PREFIX}admin.directory.{name}.readonly", words=words)


SCOPES: dict[str, Scope] = {
    scope.name: scope
    for scope in (
        _directory("user", "See info about users on your domain"),
        _directory("group", "View groups on your domain"),
        _directory("group.member", "View group subscriptions on your domain"),
        _directory("orgunit", "View organization units on your domain"),
        _directory("domain", "View domains related to your customers"),
        _directory("customer", "View customer related information"),
        _directory("rolemanagement", "View delegated admin roles for your domain"),
    )
}


def answered(name: str) -> str:
    """A scope as it stands in an answer."""
    return IDENTITY.get(name, name)
