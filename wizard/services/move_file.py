"""What a moved set-up's file holds, how it is written for certain, and how it is read."""

from __future__ import annotations

import errno
import logging
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from wizard.core.files import disk_trouble, read_beginning
from wizard.core.trouble import Code, Trouble
from wizard.flow import saved
from wizard.flow.graph import Walk
from wizard.vault.packed import LARGEST, pack, unpack
from wizard.vault.sealed import MadeByNewer, NotReadable

__all__ = ["About", "Contents", "read_contents", "refuse_taken", "take_back", "write_contents"]

log = logging.getLogger(__name__)

_VERSION = 1
_ABOUT, _SET_UP, _SECRET, _UNIT = "about", "set-up", "secret/", "unit/"
_CANNOT = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM})
"""Not every file system lets a folder be synced, nor every folder be opened; the file itself is."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Where the set-up comes from. `profile` is the name that its files have on every computer.

    `installation` is the id of the old computer at the account service, `host` its name; `at` is
    RFC 3339.
    """

    version: int = _VERSION
    id: str
    at: str
    profile: str
    profile_name: str
    host: str
    installation: str


@dataclass(frozen=True, kw_only=True)
class Contents:
    """A whole set-up. `secrets` by their names in the vault, `files` by theirs in the unit's
    folder.
    """

    about: About
    walk: Walk
    secrets: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Contents({self.about.id})"


def refuse_taken(path: Path) -> None:
    """Raise `Trouble` where something has this name already: nothing is written over."""
    try:
        taken = path.exists() or path.is_symlink()
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    if taken:
        raise Trouble(Code.MOVE_NOT_POSSIBLE, problem="file-there", file=str(path))


def write_contents(path: Path, contents: Contents, passphrase: str) -> None:
    """Write the file, for its owner alone, and make certain that it can be read back.

    Returns only once it is on the disk and holds what it is to hold. Raises `Trouble`
    (move-not-possible, disk-full, folder-not-writable); nothing of that name is there then.
    """
    refuse_taken(path)
    entries = _entries(contents)
    _write(path, pack(entries, passphrase))
    try:
        whole = unpack(_read(path), passphrase) == entries
    except (OSError, NotReadable, MadeByNewer, Trouble):
        whole = False
    if not whole:
        take_back(path)
        raise Trouble(Code.MOVE_NOT_POSSIBLE, problem="not-whole", file=str(path))


def take_back(path: Path) -> None:
    """Delete a file that was written and is not to be used: the sign-ins in it still work.

    Where it can't be deleted it is emptied. Raises `Trouble(MOVE_NOT_POSSIBLE)`, `problem`
    file-left, where neither can be done: a person has to do it.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError:
        log.info("the file of a move that was refused can't be deleted, and is emptied")
        try:
            with path.open("r+b") as file:
                file.truncate(0)
        except OSError as problem:
            raise Trouble(Code.MOVE_NOT_POSSIBLE, problem="file-left", file=str(path)) from problem
        return
    try:
        _keep_names(path.parent)
    except OSError as problem:
        log.info("a power cut could bring a deleted file back: %s", problem.strerror)


def read_contents(path: Path, passphrase: str) -> Contents:
    """What a file holds.

    Raises `Trouble`: move-file-refused (`problem`: gone, damaged, too-new), passphrase-wrong.
    """
    try:
        content = _read(path)
    except OSError as problem:
        raise Trouble(Code.MOVE_FILE_REFUSED, problem="gone", file=str(path)) from problem
    try:
        return _contents(unpack(content, passphrase))
    except MadeByNewer as problem:
        raise Trouble(Code.MOVE_FILE_REFUSED, problem="too-new", file=str(path)) from problem
    except (NotReadable, KeyError, ValueError, RecursionError) as problem:
        raise Trouble(Code.MOVE_FILE_REFUSED, problem="damaged", file=str(path)) from problem


def _entries(contents: Contents) -> dict[str, bytes]:
    return {
        _ABOUT: msgspec.json.encode(contents.about),
        _SET_UP: saved.encoded(contents.walk),
        **{f"{_SECRET}{name}": value for name, value in contents.secrets.items()},
        **{f"{_UNIT}{name}": value for name, value in contents.files.items()},
    }


def _contents(entries: Mapping[str, bytes]) -> Contents:
    about = msgspec.json.decode(entries[_ABOUT], type=About)
    if about.version > _VERSION:
        raise MadeByNewer
    return Contents(
        about=about,
        walk=saved.decoded(entries[_SET_UP]),
        secrets=_below(entries, _SECRET),
        files=_below(entries, _UNIT),
    )


def _below(entries: Mapping[str, bytes], start: str) -> dict[str, bytes]:
    return {
        name.removeprefix(start): value for name, value in entries.items() if name.startswith(start)
    }


def _read(path: Path) -> bytes:
    return read_beginning(path, LARGEST + 1)


def _write(path: Path, content: bytes) -> None:
    """Onto the disk under this name, whole or not at all; its folder is left as it is."""
    temporary = ""
    try:
        # mkstemp makes the file 0600 from the start: there is no moment when others may read it.
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = ""
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    finally:
        if temporary:
            take_back(Path(temporary))
    try:
        _keep_names(path.parent)
    except OSError as problem:
        take_back(path)
        raise disk_trouble(problem, path) from problem


def _keep_names(folder: Path) -> None:
    """Let the names in it, too, survive a power cut; Windows does it by itself."""
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as problem:
        if problem.errno not in _CANNOT:
            raise
        log.info("this folder can't be synced: %s", problem.strerror)
