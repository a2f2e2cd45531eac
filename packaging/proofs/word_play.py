"""A trouble as it is provoked in front of a window: what is asked of the world, and put right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devtools.proving import Context, Short
from proofs.desktop import Desktop
from proofs.organization import Organization
from proofs.person import Person
from proofs.word_table import WordTable

__all__ = ["LATER", "USERS", "Play", "Provocation", "at_google", "at_service", "faults", "quiet"]

LATER = 900
"""Seconds to come back after: longer than the program waits by itself, so that it says so."""
USERS = "/admin/directory/v1/users"


@dataclass(frozen=True, kw_only=True)
class Provocation:
    """A trouble to provoke: what is asked of the control interface, and how it is put to people."""

    code: str
    cause: str
    name: str
    ask: dict[str, object] | list[dict[str, object]]


def faults(stand_in: str, path: str, **more: object) -> list[dict[str, object]]:
    """A fault for every request below a path."""
    return [{"stand_in": stand_in, "path_prefix": path, "times": 0, **more}]


def at_google(
    code: str, cause: str, status: int, body: str = "", *, path: str = USERS
) -> Provocation:
    """Google refuses, as a rule to list people, until it is put right."""
    ask = faults("google", path, status=status, body=body, retry_after=LATER)
    return Provocation(code=code, cause=cause, name="faults", ask=ask)


def at_service(code: str, cause: str, status: int, path: str = "/", **more: object) -> Provocation:
    """The account service refuses, until it is put right."""
    ask = faults("account", path, status=status, **more)
    return Provocation(code=code, cause=cause, name="faults", ask=ask)


@dataclass(kw_only=True)
class Play:
    """One person on the path, and what goes wrong for them."""

    context: Context
    organization: Organization
    desktop: Desktop
    folder: Path
    table: WordTable
    person: Person

    def provoke(
        self,
        page: str,
        what: Provocation,
        act: Callable[[], None],
        *,
        seconds: float = 40,
    ) -> None:
        """Let it go wrong, see what is said, and put it right."""
        self.context.progress(f"{page}: {what.code} …")
        self.organization.ask("clear-faults")
        self.organization.ask(what.name, what.ask)
        act()
        self.table.see(self.person, what.code, page=page, cause=what.cause, seconds=seconds)
        self.organization.ask("clear-faults")

    def go_on(self, part: Callable[[Play], None]) -> None:
        """Play a part that others do not hang on: what stops it is told, and the rest goes on."""
        try:
            part(self)
        except Short as short:
            told = f"{part.__name__.strip('_')} stopped: {short.reason} {short.figures}"
            self.table.silent.append(told[:900])

    def press(self, name: str) -> Callable[[], None]:
        """Pressing this, later."""
        return lambda: self.person.press(name)

    def newcomer(self, name: str, *, service: str, home: Path | None = None) -> Person:
        """Somebody else at this desktop, with a home folder and a browser of their own."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return Person(self.context, self.desktop, home or folder / "home", service=service)


def quiet(person: Person) -> None:
    """End this window, whatever it shows."""
    try:
        person.close_window()
    finally:
        person.leave()
