"""A set-up in progress on disk: versioned, owner-only, replaced whole, checked when read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from wizard.core.clock import Clock
from wizard.core.files import disk_trouble, replace_file
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, StepId
from wizard.flow.graph import Snapshot, Walk, resume

__all__ = ["SIZE_LIMIT", "VERSION", "Loaded", "decoded", "encoded", "erase", "load", "save"]

VERSION = 1
"""The file's format; a reader knows the versions up to its own."""

SIZE_LIMIT = 8 * 1024 * 1024
"""Bytes that a saved set-up may have. A usual one has a few thousand; each step behind keeps the
draft as it was, and a scope may name 5,000 people to count and 5,000 to leave out."""


class _File(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The file as it lies on disk."""

    version: int
    step: StepId
    answers: Answers
    behind: tuple[Snapshot, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What was read. `trouble` is `ANSWERS_DAMAGED` where the file was set aside."""

    walk: Walk
    found: bool
    trouble: Trouble | None = None


def save(path: Path, walk: Walk) -> None:
    """Write the set-up; raises `Trouble` (disk-full, folder-not-writable), the old file stays."""
    replace_file(path, encoded(walk))


def encoded(walk: Walk) -> bytes:
    """The file's content, which a person can read."""
    content = msgspec.json.encode(
        _File(version=VERSION, step=walk.step, answers=walk.answers, behind=walk.behind)
    )
    return msgspec.json.format(content, indent=1)


def decoded(content: bytes) -> Walk:
    """A file's content as it was saved; `ValueError` or `RecursionError` where it is none."""
    saved = _decode(content)
    return resume(Walk(step=saved.step, answers=saved.answers, behind=saved.behind))


def load(path: Path, clock: Clock) -> Loaded:
    """Read the set-up; a new one where there is none.

    A file that can't be understood is set aside beside itself, never deleted, and told as
    `trouble`; the set-up then begins anew and learns from the service what is done already.
    Raises `Trouble(FOLDER_NOT_WRITABLE)` where the file can't even be looked at.
    """
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        return Loaded(walk=Walk(), found=False)
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    try:
        walk = decoded(content)
    except (ValueError, RecursionError):
        aside = _set_aside(path, clock.now())
        trouble = Trouble(Code.ANSWERS_DAMAGED, file=str(aside))
        return Loaded(walk=Walk(), found=False, trouble=trouble)
    return Loaded(walk=walk, found=True)


def erase(path: Path) -> None:
    """Forget the set-up; nothing happens where there is none."""
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise disk_trouble(problem, path) from problem


def _decode(content: bytes) -> _File:
    """The file's content in its types; msgspec's errors and wrong UTF-8 are `ValueError`, too."""
    if len(content) > SIZE_LIMIT:
        raise ValueError("too large")
    saved = msgspec.json.decode(content, type=_File)
    if not 1 <= saved.version <= VERSION:
        raise ValueError("unknown version")
    return saved


def _set_aside(path: Path, now: datetime) -> Path:
    """Rename the file so that it is out of the way and still there; the new name."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    try:
        path.replace(aside)
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    return aside
