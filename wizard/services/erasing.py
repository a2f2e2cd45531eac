"""What lies of a connection in its unit's folder: erased with it, and copies that grew old."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from wizard.core.directory import ProviderId
from wizard.core.files import disk_trouble

__all__ = ["erase_files", "forget_copies"]

log = logging.getLogger(__name__)
_STAYS = (".opening", ".reading")
"""Locks between processes: they are empty, and removing one would let two holders in."""
_BESIDE = ("owners.json", "settings-versions.json", "untold-runs.json")
"""What is remembered beside a database, about the same connection."""
_LONG_ENOUGH = timedelta(days=30)
"""How long the copy from before an update is kept: until its successor has proved itself."""


def erase_files(folder: Path, provider: ProviderId) -> None:
    """Delete the closed database, each copy of it, set aside or half made, and what is beside it.

    Raises `Trouble` of the disk.
    """
    try:
        for path in _of_connection(folder, provider):
            path.unlink(missing_ok=True)
    except OSError as problem:
        raise disk_trouble(problem, folder / f"{provider.value}.db") from problem


def _of_connection(folder: Path, provider: ProviderId) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in list(folder.iterdir()):
        # `.owners.json.ab12` is what a crash left of writing it.
        beside = any(
            path.name in {one, f"{one}.damaged"} or path.name.startswith(f".{one}.")
            for one in _BESIDE
        )
        if beside or (path.name.startswith(f"{provider.value}.") and path.suffix not in _STAYS):
            yield path


def forget_copies(folder: Path, provider: ProviderId, now: datetime) -> None:
    """Delete the copies from before an update that have lain for a month; `now` is aware.

    They hold people's addresses, and nobody goes back to them anymore. What can't be deleted is
    tried again at the next start.
    """
    for path in folder.glob(f"{provider.value}.before-*.db*"):
        try:
            if now.timestamp() - path.stat().st_mtime > _LONG_ENOUGH.total_seconds():
                path.unlink(missing_ok=True)
                log.info("a copy from before an update was deleted")
        except OSError as problem:
            log.info("a copy from before an update is still there: %s", problem.strerror)
