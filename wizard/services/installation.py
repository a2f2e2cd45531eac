"""Who we are to the account service: this installation's id, this computer, this person."""

from __future__ import annotations

import getpass
import os
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path

import msgspec

from wizard.core.files import disk_trouble, replace_file
from wizard.core.machine import machine_mark

__all__ = ["Installation", "installation"]

_SIZE_LIMIT = 16_384
_MOST_PLACES = 64
"""So many computers and folders are remembered; the oldest goes first."""


class _File(msgspec.Struct, kw_only=True):
    """The file as it lies on disk.

    `id` is the one in use where the file was written last. `places` has the id of every computer
    and folder that the file has lain in, by a keyed hash of both.
    """

    version: int
    id: str
    places: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Installation:
    """`id` never changes on this computer for this folder; `host` and `person` are for showing."""

    id: str
    host: str
    person: str


def installation(config: Path) -> Installation:
    """This installation, its id made and kept at the first call.

    A file that can't be understood gets a new id, and so does one that was copied here from
    another folder or computer: two copies that both run must not pass for one. The service then
    sees another installation and asks a person to take over, which is safe. Raises `Trouble`
    (disk-full, folder-not-writable).
    """
    path = config / "installation.json"
    here = machine_mark(os.path.realpath(config))
    file = _read(path)
    known = file.places.get(here, "") if file is not None else ""
    if file is not None and not file.places:
        # Written before places were remembered: it goes on as what it was.
        known = file.id
    if not known:
        known = str(uuid.uuid4())
    if file is None or file.places.get(here) != known or file.id != known:
        before = [
            one for one in (file.places.items() if file is not None else ()) if one[0] != here
        ]
        places = dict([*before[1 - _MOST_PLACES :], (here, known)])
        replace_file(path, msgspec.json.encode(_File(version=2, id=known, places=places)))
    return Installation(id=known, host=_host(), person=_person())


def _read(path: Path) -> _File | None:
    """What the file says; None where there is none, or it can't be understood."""
    try:
        with path.open("rb") as opened:
            content = opened.read(_SIZE_LIMIT)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    try:
        file = msgspec.json.decode(content, type=_File)
        places = {place: str(uuid.UUID(one)) for place, one in file.places.items()}
        return _File(version=file.version, id=str(uuid.UUID(file.id)), places=places)
    except ValueError:
        return None


def _host() -> str:
    """This computer's short name, as its people know it."""
    return socket.gethostname().split(".")[0][:100] or "this-computer"


def _person() -> str:
    try:
        return getpass.getuser()[:100]
    except (OSError, KeyError, ImportError):
        # A service account may have no name at all; the computer's name then says enough.
        return ""
