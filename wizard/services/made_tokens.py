"""Remembers which provisioning tokens this installation made, by id, so that old ones are ended."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from wizard.core.files import disk_trouble, replace_file

__all__ = ["MadeTokens"]

log = logging.getLogger(__name__)
_LARGEST = 64 * 1024
_MOST = 20
"""Ids kept for one connection; whoever collects more than this has no way to end them."""


class _File(msgspec.Struct, kw_only=True):
    """The file as it lies on disk: token ids, which are no secrets, by connection."""

    version: int
    made: dict[str, tuple[str, ...]]


class MadeTokens:
    """The tokens of the organizational unit whose folder this is."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "tokens.json"

    def of(self, account: str) -> tuple[str, ...]:
        """The ids made for this connection, the oldest first; () where none is known."""
        return self._read().get(account, ())

    def remember(self, account: str, ids: Sequence[str]) -> None:
        """Know exactly these from now on; raises `Trouble` (disk-full, folder-not-writable)."""
        made = {**self._read(), account: tuple(ids)[-_MOST:]}
        replace_file(self._path, msgspec.json.encode(_File(version=1, made=made)))

    def _read(self) -> dict[str, tuple[str, ...]]:
        try:
            with self._path.open("rb") as file:
                content = file.read(_LARGEST)
        except FileNotFoundError:
            return {}
        except OSError as problem:
            raise disk_trouble(problem, self._path) from problem
        try:
            return msgspec.json.decode(content, type=_File).made
        except ValueError:
            # What is lost can still be ended at the service, where all of them are listed.
            log.info("the tokens that were made here could not be read")
            return {}
