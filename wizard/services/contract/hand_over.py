"""Handing over to IT: the kit, the mail, what the service knows of IT's part, the resume file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.trouble import Trouble
from wizard.services.contract.inviting import InvitedView

__all__ = [
    "Halt",
    "HandOverCalls",
    "ItPart",
    "KitFiles",
    "MailKind",
    "MailText",
    "PartState",
    "PartView",
    "ResumeView",
    "WaitingView",
]


class ItPart(StrEnum):
    """What IT does, in order."""

    ACCEPTED = "accepted"
    WORKSPACE = "workspace"
    APP = "app"
    AUTHORIZED = "authorized"
    SCOPE = "scope"
    PREVIEW = "preview"
    PROVISIONING = "provisioning"
    FIRST_SYNC = "first-sync"


class PartState(StrEnum):
    """How far one part is; `STOPPED`: IT has to put something right."""

    DONE = "done"
    NOW = "now"
    TODO = "todo"
    STOPPED = "stopped"


class Halt(StrEnum):
    """What has stopped since IT was done, which is for IT to put right."""

    CONNECTION = "connection"
    GUARD = "guard"
    RUN = "run"


@dataclass(frozen=True, kw_only=True)
class PartView:
    """One part. `at` is when it was done, or since when it is waited for; None: not told.

    A STOPPED one without `trouble`: the service doesn't say what stopped it.
    """

    part: ItPart
    state: PartState
    at: datetime | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, kw_only=True)
class WaitingView:
    """IT's part by the service's word at `checked_at`; moments are aware, in UTC.

    `people` are those invited and the other owners, as on the invite page. `it_name` and
    `it_address` are whoever accepted last, '' while nobody has. `pending` is True for a
    connection that the service is making active. `finished`: provisioning is on, the connection
    works and a run adds up. It stays so where one of them stops working later: `halted` says
    which. `accounts` is how many people had an account after the newest run in which nobody
    failed, 0 where no such run is known.
    """

    parts: tuple[PartView, ...]
    people: tuple[InvitedView, ...]
    checked_at: datetime
    it_name: str = ""
    it_address: str = ""
    pending: bool = False
    finished: bool = False
    halted: Halt | None = None
    accounts: int = 0


class MailKind(StrEnum):
    """What a mail to IT is for."""

    HAND_OVER = "hand-over"
    REMINDER = "reminder"


@dataclass(frozen=True, kw_only=True)
class MailText:
    """A mail to IT as it would be sent; `to` may be empty."""

    to: tuple[str, ...]
    subject: str
    body: str

    @property
    def whole(self) -> str:
        """All of it as text, to copy."""
        return f"{self.subject}\n\n{self.body}"


@dataclass(frozen=True, kw_only=True)
class KitFiles:
    """Where the kit and the resume file beside it were saved."""

    kit: Path
    resume: Path


@dataclass(frozen=True, kw_only=True)
class ResumeView:
    """A resume file that fits this profile.

    `replaces` is the name (or id) of another unit whose set-up is in progress here, '' for none;
    `erases`: that one stands, and has to be erased before. `as_it` is True where the person set
    this up as an account owner so far.
    """

    ou_id: str
    replaces: str = ""
    erases: bool = False
    as_it: bool = False

    @property
    def asks(self) -> bool:
        """Whether a person should say yes before it is taken."""
        return bool(self.replaces) or self.as_it


class HandOverCalls(Protocol):
    """The calls; all may block on the network or the disk."""

    def look(self, cancel: Cancel) -> WaitingView:
        """What the service knows of IT's part now; keeps `Answers.it_finished` true."""
        ...

    def kit_html(self) -> str:
        """The hand-over kit as one HTML page."""
        ...

    def save_kit(self, path: Path) -> KitFiles:
        """Write the kit there (HTML), and the resume file beside it; those of the disk."""
        ...

    def mail(self, kind: MailKind) -> MailText:
        """The text for IT, to whoever was invited as far as is known here."""
        ...

    def open_mail(self, kind: MailKind) -> bool:
        """Open it in the person's mail program; False where none was found."""
        ...

    def read_resume(self, path: Path) -> ResumeView:
        """Check a resume file against this set-up; changes nothing. `Trouble(RESUME_FILE_…)`."""
        ...

    def resume_for(self, ou_id: str) -> ResumeView:
        """The same for the unit of a file that was read and checked already."""
        ...

    def take_resume(self, resume: ResumeView) -> None:
        """Go on with it as IT: who signs in next takes its unit, if they are an owner of it.

        Raises `Trouble(SET_UP_STANDS)` where another unit's stands here, and those of the disk;
        everything is as it was then.
        """
        ...
