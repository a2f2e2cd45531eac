"""Who we are to the account service: this installation's id, this computer, this person."""

from __future__ import annotations

import getpass
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path

import msgspec

from wizard.core.files import disk_trouble, replace_file

__all__ = ["Installation", "installation"]

_SIZE_LIMIT = 4096


class _File(msgspec.Struct, kw_only=True):
    """The file as it lies on disk."""

    version: int
    id: str


@dataclass(frozen=True, kw_only=True)
class Installation:
    """`id` never changes on this computer for this person; `host` and `person` are for showing."""

    id: str
    host: str
    person: str


def installation(config: Path) -> Installation:
    """This installation, its id made and kept at the first call.

    A file that can't be understood gets a new id: the service then sees another installation
    and asks a person to take over, which is safe. Raises `Trouble` (disk-full,
    folder-not-writable).
    """
    path = config / "installation.json"
    known = _read(path)
    if not known:
        known = str(uuid.uuid4())
        replace_file(path, msgspec.json.encode(_File(version=1, id=known)))
    return Installation(id=known, host=_host(), person=_person())


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_SIZE_LIMIT)
    except FileNotFoundError:
        return ""
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    try:
        return str(uuid.UUID(msgspec.json.decode(content, type=_File).id))
    except ValueError:
        return ""


def _host() -> str:
    """This computer's short name, as its people know it."""
    return socket.gethostname().split(".")[0][:100] or "this-computer"


def _person() -> str:
    try:
        return getpass.getuser()[:100]
    except (OSError, KeyError, ImportError):
        # A service account may have no name at all; the computer's name then says enough.
        return ""
