"""Remembers that a set-up was moved away from here, when and where to, and which was moved in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from wizard.core.clock import from_text
from wizard.core.files import disk_trouble, replace_file
from wizard.core.trouble import Code, Trouble
from wizard.services.contract.moving import MovedAwayView

__all__ = ["Moved", "MovedAway", "MovedIn"]

_LARGEST = 16 * 1024


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A move out of this computer: `at` is RFC 3339, `to` the name that a person gave, or ''.

    `left`: the sign-ins are gone from here, too. Else a crash came between, and it is done later.
    """

    version: int = 1
    id: str
    at: str
    file: str
    to: str = ""
    left: bool = False

    def view(self) -> MovedAwayView:
        """The same for a window."""
        try:
            at = from_text(self.at)
        except ValueError:
            at = None
        return MovedAwayView(file=self.file, to=self.to, at=at)

    def trouble(self) -> Trouble:
        """What whoever would sync here has to know."""
        facts = {"host": self.to} if self.to else {}
        return Trouble(Code.MOVED_AWAY, retry_after=None, file=self.file, moved_at=self.at, **facts)


class MovedAway:
    """Of the profile whose folder this is. The file is read anew each time: a window may be open
    while a command moves everything away.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "moved.json"

    def known(self) -> Moved | None:
        """The move, None where nothing was moved away. Raises `Trouble` of the disk.

        A file that can't be understood says all the same that it happened.
        """
        try:
            with self._path.open("rb") as file:
                return msgspec.json.decode(file.read(_LARGEST), type=Moved)
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise disk_trouble(problem, self._path) from problem
        except ValueError:
            return Moved(id="", at="", file="")

    def remember(self, moved: Moved) -> None:
        """Nobody syncs here from now on; raises `Trouble` of the disk."""
        replace_file(self._path, msgspec.json.encode(moved))

    def clear(self) -> None:
        """Somebody set it up here again, moved it back, or erased what was left of it."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as problem:
            raise disk_trouble(problem, self._path) from problem


class _In(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    settled: bool


class MovedIn:
    """Which file was moved in here last, in the folder of its organizational unit.

    It is begun before anything is changed here and settled after everything, so that whoever comes
    after a crash knows whether the same file has to be gone on with.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "moved-in"

    def begun(self, file: str) -> bool:
        """Whether the file with this id was begun here, and not settled. Raises `Trouble`."""
        return self._read() == _In(id=file, settled=False)

    def settled(self, file: str) -> bool:
        """Whether the file with this id was settled here. Raises `Trouble` of the disk."""
        return self._read() == _In(id=file, settled=True)

    def remember(self, file: str, *, settled: bool) -> None:
        """Know that from now on; raises `Trouble` of the disk."""
        replace_file(self._path, msgspec.json.encode(_In(id=file, settled=settled)))

    def _read(self) -> _In | None:
        try:
            with self._path.open("rb") as file:
                content = file.read(_LARGEST)
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise disk_trouble(problem, self._path) from problem
        try:
            return msgspec.json.decode(content, type=_In)
        except ValueError:
            # A version before this one wrote the id alone, in the middle of it: to be gone on with.
            return _In(id=content.decode("utf-8", "replace"), settled=False)
