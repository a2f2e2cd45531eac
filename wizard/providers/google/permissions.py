"""What Google is asked for, and why: scopes with the keys of their reasons."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.providers.base import Permission

__all__ = [
    "DIRECTORY_SCOPES",
    "GROUPS",
    "PERMISSIONS",
    "SIGN_IN_SCOPES",
    "directory_rights",
    "missing_permissions",
    "short_scope",
]

_PREFIX = "https://www.googleapis.com/auth/"

GROUPS = f"{_PREFIX}admin.directory.group.readonly"

PERMISSIONS: tuple[Permission, ...] = (
    Permission(scope=f"{_PREFIX}admin.directory.user.readonly", reason="people"),
    Permission(scope=GROUPS, reason="groups", optional=True),
    Permission(scope=f"{_PREFIX}admin.directory.orgunit.readonly", reason="units"),
    Permission(scope=f"{_PREFIX}admin.directory.domain.readonly", reason="domains"),
)
"""Read-only, all of them. The group scope covers members, too; the domain scope tells which
domains Google has verified, and only there an existing account may be taken over. Units and
domains are part of every read; groups are read only where the scope names one, so a person who
leaves that box empty can do without choosing people by group.
https://developers.google.com/workspace/admin/directory/v1/guides/authorizing"""

DIRECTORY_SCOPES = frozenset(permission.scope for permission in PERMISSIONS)

SIGN_IN_SCOPES = ("openid", f"{_PREFIX}userinfo.email")
"""Who signed in. Google answers `email` under its long name, so it is asked for by that."""


def short_scope(scope: str) -> str:
    """The part of a scope that people read, such as `admin.directory.user.readonly`."""
    return scope.removeprefix(_PREFIX)


def directory_rights(granted: Iterable[str]) -> frozenset[str]:
    """Those of the granted scopes that a read needs, to compare from read to read."""
    return DIRECTORY_SCOPES.intersection(granted)


def missing_permissions(granted: Iterable[str]) -> tuple[Permission, ...]:
    """What was asked for and not granted: a person may untick single boxes."""
    has = frozenset(granted)
    return tuple(permission for permission in PERMISSIONS if permission.scope not in has)
