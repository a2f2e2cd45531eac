"""Remembers an organizational unit's owners, so that a sync protects them when signed out, too."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from wizard.accounts.base import Member, Role
from wizard.core.clock import from_text, to_text
from wizard.core.files import disk_trouble, replace_file
from wizard.core.trouble import Code, Trouble

__all__ = ["LastKnown", "Owners"]

log = logging.getLogger(__name__)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_LARGEST = 4 * 1024 * 1024


class _File(msgspec.Struct, kw_only=True):
    """The file as it lies on disk."""

    version: int
    owners: tuple[Member, ...]
    read_at: str = ""
    signed_in: str = ""


@dataclass(frozen=True, kw_only=True)
class LastKnown:
    """The owners as the service last told them, when that was, and to whom."""

    owners: tuple[Member, ...]
    read_at: datetime
    signed_in: str


class Owners:
    """The owners of the unit whose folder this is."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "owners.json"

    def remember(self, members: Sequence[Member], *, at: datetime, signed_in: str) -> None:
        """Keep the owners among these, and the address of the person whom the service told them.

        Raises `Trouble` (disk-full, folder-not-writable).
        """
        owners = tuple(member for member in members if member.role is Role.OWNER)
        file = _File(version=1, owners=owners, read_at=to_text(at), signed_in=signed_in)
        replace_file(self._path, msgspec.json.encode(file))

    def known(self) -> LastKnown:
        """The owners as last seen; a copy that doesn't say when is as old as can be.

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
            file = msgspec.json.decode(content, type=_File)
            return LastKnown(
                owners=file.owners,
                read_at=from_text(file.read_at) if file.read_at else _LONG_AGO,
                signed_in=file.signed_in,
            )
        except ValueError as problem:
            log.info("the owners last known could not be read")
            raise Trouble(Code.SIGN_IN_NEEDED) from problem
