"""Remembers the settings as they were read, so that a draft's beginning is known later on."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from wizard.core.files import disk_trouble, replace_file
from wizard.core.settings import ProvisioningSettings

__all__ = ["SIZE_LIMIT", "SettingsVersions"]

log = logging.getLogger(__name__)
SIZE_LIMIT = 1024 * 1024
"""Bytes of the file, read or written. A usual copy of the settings has less than a thousand, and
one that names 10,000 people to count or to leave out a quarter of this."""
_KEPT = 12
_ACCOUNTS = 4
"""Organization accounts whose settings are remembered: a unit has one, and those it had before."""


class _File(msgspec.Struct, kw_only=True):
    """The file as it lies on disk: per organization account the newest versions read.

    Whatever was read last is last, the account as well as the version.
    """

    version: int = 1
    read: dict[str, tuple[ProvisioningSettings, ...]] = {}


class SettingsVersions:
    """The settings as the service had them, by version, so that a draft's beginning is known."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "settings-versions.json"

    def remember(self, account: str, settings: ProvisioningSettings) -> None:
        """Keep these; raises `Trouble` (disk-full, folder-not-writable).

        The oldest go where there are too many, or the file would be too large.
        """
        file = self._read()
        before = file.read.pop(account, ())
        if settings in before:
            return
        others = tuple(one for one in before if one.version != settings.version)
        file.read[account] = (*others, settings)[-_KEPT:]
        for forgotten in list(file.read)[:-_ACCOUNTS]:
            del file.read[forgotten]
        replace_file(self._path, _fitting(file))

    def of(self, account: str, version: int) -> ProvisioningSettings | None:
        """What the service had in this version, None where nobody here has read it."""
        known = self._read().read.get(account, ())
        return next((one for one in known if one.version == version), None)

    def _read(self) -> _File:
        try:
            with self._path.open("rb") as file:
                content = file.read(SIZE_LIMIT + 1)
        except FileNotFoundError:
            return _File()
        except OSError as problem:
            raise disk_trouble(problem, self._path) from problem
        if len(content) > SIZE_LIMIT:
            log.info("the versions of the settings are too many to read, and begin anew")
            return _File()
        try:
            return msgspec.json.decode(content, type=_File)
        except (ValueError, RecursionError):
            log.info("the versions of the settings could not be read, and begin anew")
            return _File()


def _fitting(file: _File) -> bytes:
    """The file's content within its limit: what was read longest ago is left out of it."""
    content = msgspec.json.encode(file)
    while len(content) > SIZE_LIMIT and file.read:
        oldest, *_ = file.read
        rest = file.read[oldest][1:]
        if rest:
            file.read[oldest] = rest
        else:
            del file.read[oldest]
        content = msgspec.json.encode(file)
    return content
