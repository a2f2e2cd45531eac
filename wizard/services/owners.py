"""Remembers an organizational unit's owners, so that a sync protects them when signed out, too."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from wizard.accounts.base import Member, Role
from wizard.core.files import disk_trouble, replace_file
from wizard.core.trouble import Code, Trouble

__all__ = ["Owners"]

log = logging.getLogger(__name__)
_LARGEST = 4 * 1024 * 1024


class _File(msgspec.Struct, kw_only=True):
    """The file as it lies on disk."""

    version: int
    owners: tuple[Member, ...]


class Owners:
    """The owners of the unit whose folder this is."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "owners.json"

    def remember(self, members: Sequence[Member]) -> None:
        """Keep the owners among these; raises `Trouble` (disk-full, folder-not-writable)."""
        owners = tuple(member for member in members if member.role is Role.OWNER)
        replace_file(self._path, msgspec.json.encode(_File(version=1, owners=owners)))

    def known(self) -> list[Member]:
        """The owners as last seen.

        Raises `Trouble(SIGN_IN_NEEDED)` where they are not known: a sync that can't tell whom
        to protect must not begin.
        """
        try:
            with self._path.open("rb") as file:
                content = file.read(_LARGEST)
        except FileNotFoundError as problem:
            raise Trouble(Code.SIGN_IN_NEEDED) from problem
        except OSError as problem:
            raise disk_trouble(problem, self._path) from problem
        try:
            return list(msgspec.json.decode(content, type=_File).owners)
        except ValueError as problem:
            log.info("the owners last known could not be read")
            raise Trouble(Code.SIGN_IN_NEEDED) from problem
