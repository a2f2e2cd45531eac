"""The resume file: which set-up to go on with on another computer, and nothing else.

It holds a profile's id and an organizational unit's id: no address, no name, no secret. Whoever
finds one learns nothing and may do nothing; who may go on is decided by the account service.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from wizard.core.files import read_beginning
from wizard.core.trouble import Code, Trouble

__all__ = ["SIZE_LIMIT", "SUFFIX", "VERSION", "ResumeFile", "read_resume", "resume_bytes"]

VERSION = 1
"""The file's format; a reader knows the versions up to its own."""

SIZE_LIMIT = 4 * 1024
"""Bytes that a resume file may have; a real one has about a hundred."""

SUFFIX = ".ecsetup"

_Profile = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\Z")]
"""A profile's name: never a path, so that a file can't bring its own profile along."""
_Unit = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._:-]{0,127}\Z")]


class _File(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The file as it lies on disk."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    profile: _Profile
    organizational_unit: _Unit


class _Versioned(msgspec.Struct, kw_only=True, frozen=True):
    """What every version of the file has, whatever else a newer one may bring."""

    version: Annotated[int, msgspec.Meta(ge=1)]


@dataclass(frozen=True, kw_only=True)
class ResumeFile:
    """What a resume file says: the id of a profile, and of an organizational unit there."""

    profile_id: str
    ou_id: str


def resume_bytes(resume: ResumeFile) -> bytes:
    """The file's content; `ValueError` for ids that a reader would refuse."""
    wanted = {
        "version": VERSION,
        "profile": resume.profile_id,
        "organizational_unit": resume.ou_id,
    }
    checked = msgspec.convert(wanted, type=_File)
    return msgspec.json.format(msgspec.json.encode(checked), indent=1) + b"\n"


def read_resume(path: Path) -> ResumeFile:
    """Read and check a resume file. Raises `Trouble`, each with the fact `file` (its name).

    resume-file-unreadable (not there, or not ours to read), resume-file-too-large,
    resume-file-too-new, resume-file-damaged (also: a field that does not belong there).
    """
    try:
        content = read_beginning(path, SIZE_LIMIT + 1)
    except (OSError, ValueError) as problem:
        # ValueError: a name with a NUL in it.
        raise Trouble(Code.RESUME_FILE_UNREADABLE, file=path.name) from problem
    return _checked(content, path.name)


def _checked(content: bytes, name: str) -> ResumeFile:
    if len(content) > SIZE_LIMIT:
        raise Trouble(Code.RESUME_FILE_TOO_LARGE, file=name)
    try:
        version = msgspec.json.decode(content, type=_Versioned).version
        if version > VERSION:
            raise Trouble(Code.RESUME_FILE_TOO_NEW, file=name)
        read = msgspec.json.decode(content, type=_File)
    except (ValueError, RecursionError) as problem:
        # msgspec's errors and wrong UTF-8 are ValueErrors.
        raise Trouble(Code.RESUME_FILE_DAMAGED, file=name) from problem
    return ResumeFile(profile_id=read.profile, ou_id=read.organizational_unit)
