"""Remembers the settings as they were read, so that a draft's beginning is known later on."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from wizard.core.files import disk_trouble, replace_file
from wizard.core.settings import ProvisioningSettings

__all__ = ["SettingsVersions"]

log = logging.getLogger(__name__)
_KEPT = 12
_LARGEST = 4 * 1024 * 1024


class _File(msgspec.Struct, kw_only=True):
    """The file as it lies on disk: per organization account the newest versions read."""

    version: int = 1
    read: dict[str, tuple[ProvisioningSettings, ...]] = {}


class SettingsVersions:
    """The settings as the service had them, by version, so that a draft's beginning is known."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "settings-versions.json"

    def remember(self, account: str, settings: ProvisioningSettings) -> None:
        """Keep these; raises `Trouble` (disk-full, folder-not-writable)."""
        file = self._read()
        before = file.read.get(account, ())
        if settings in before:
            return
        others = tuple(one for one in before if one.version != settings.version)
        file.read[account] = (*others, settings)[-_KEPT:]
        replace_file(self._path, msgspec.json.encode(file))

    def of(self, account: str, version: int) -> ProvisioningSettings | None:
        """What the service had in this version, None where nobody here has read it."""
        known = self._read().read.get(account, ())
        return next((one for one in known if one.version == version), None)

    def _read(self) -> _File:
        try:
            with self._path.open("rb") as file:
                content = file.read(_LARGEST)
        except FileNotFoundError:
            return _File()
        except OSError as problem:
            raise disk_trouble(problem, self._path) from problem
        try:
            return msgspec.json.decode(content, type=_File)
        except ValueError:
            log.info("the versions of the settings could not be read, and begin anew")
            return _File()
