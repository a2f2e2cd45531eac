"""Files that only their owner may read, replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from itertools import takewhile
from pathlib import Path

from wizard.core.trouble import Code, Trouble

__all__ = ["disk_trouble", "private_folder", "read_beginning", "replace_file"]

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_NO_FOLDER = {errno.ENOENT, errno.ENOTDIR, errno.EEXIST}


def disk_trouble(problem: OSError, path: Path) -> Trouble:
    """The `Trouble` that an operating-system error on this path means."""
    if problem.errno in _FULL:
        return Trouble(Code.DISK_FULL, folder=str(path.parent))
    reason = problem.strerror or str(problem)
    if problem.errno in _NO_FOLDER:
        # It is not for want of a right: what is to hold the file isn't there, or is no folder.
        return Trouble(
            Code.FOLDER_NOT_WRITABLE, folder=str(path.parent), reason=reason, problem="no-folder"
        )
    return Trouble(Code.FOLDER_NOT_WRITABLE, folder=str(path.parent), reason=reason)


def private_folder(path: Path) -> Path:
    """Make the folder, and those above it that are missing, for the owner alone; return it.

    On Windows the folder inherits the rights of the person's own profile folder.
    Raises `Trouble` (disk-full, folder-not-writable).
    """
    try:
        # One by one: `parents=True` makes those above with whatever rights the umask leaves.
        for folder in (*_missing_above(path), path):
            folder.mkdir(mode=0o700, exist_ok=True)
        if os.name == "posix":
            path.chmod(0o700)
    except OSError as problem:
        # As of something in it: the folder itself is what is to be named.
        raise disk_trouble(problem, path / path.name) from problem
    return path


def read_beginning(path: Path, most: int) -> bytes:
    """The first bytes of a file that somebody else may have made, at most so many.

    Never waits: a pipe that nobody writes to is an empty file here. Raises `OSError`.
    """

    def opened(name: str, flags: int) -> int:
        return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))

    with open(path, "rb", opener=opened) as file:
        # A file that is shorter is not worth the room for a longer one.
        size = os.fstat(file.fileno()).st_size or most
        return file.read(min(size + 1, most)) or b""


def _missing_above(path: Path) -> list[Path]:
    """The folders above this one that are not there, the uppermost first."""
    above = takewhile(lambda folder: not folder.exists(), path.absolute().parents)
    return list(above)[::-1]


def replace_file(path: Path, content: bytes) -> None:
    """Write a file for the owner alone, so that a crash leaves the old or the new one whole.

    Raises `Trouble` (disk-full, folder-not-writable); the old file is then untouched.
    """
    private_folder(path.parent)
    temporary: str | None = None
    try:
        # mkstemp makes the file 0600 from the start: there is no moment when others may read it.
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
