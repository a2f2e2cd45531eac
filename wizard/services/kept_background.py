"""What a person chose about the background sync, kept for the next start of the program."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from wizard.core.files import disk_trouble, replace_file
from wizard.core.trouble import Trouble
from wizard.services.saver import Saver
from wizard.services.schedule import Pause

__all__ = ["KeptBackground"]

log = logging.getLogger(__name__)
_LARGEST = 4096


@dataclass(frozen=True, kw_only=True)
class _Choices:
    """The file as it lies on disk. `keep_running` is None until the person was asked.

    `went_on_from` is the run that took one back from which a person went on.
    """

    version: int = 1
    paused: bool = False
    paused_until: datetime | None = None
    went_on_from: str = ""
    keep_running: bool | None = None


class KeptBackground:
    """One profile's choices, read when they are first asked for. Safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "background.json"
        self._lock = threading.Lock()
        self._choices: _Choices | None = None
        path = self._path
        self.saver: Saver[_Choices] = Saver(
            lambda choices: _write(path, choices), name="background"
        )

    def pause(self) -> Pause | None:
        """See `KeptPause.pause`; raises `Trouble` where the file can't even be looked at."""
        kept = self._now()
        return Pause(until=kept.paused_until) if kept.paused else None

    def keep_pause(self, pause: Pause | None) -> None:
        """See `KeptPause.keep_pause`."""
        until = pause.until.astimezone(UTC) if pause is not None and pause.until else None
        self._change(paused=pause is not None, paused_until=until)

    def went_on(self) -> str:
        """See `KeptPause.went_on`; raises `Trouble` where the file can't even be looked at."""
        return self._now().went_on_from

    def keep_went_on(self, run_id: str) -> None:
        """See `KeptPause.keep_went_on`."""
        self._change(went_on_from=run_id)

    @property
    def keep_running(self) -> bool | None:
        """Whether the sync goes on when the window is closed; None until the person was asked."""
        return self._now().keep_running

    def choose_keep_running(self, *, on: bool) -> None:
        """Keep this answer; returns at once."""
        self._change(keep_running=on)

    def forget(self) -> None:
        """Choose nothing any more, and wait until no file says otherwise; raises `Trouble`."""
        with self._lock:
            self._choices = _Choices()
            self.saver.put(self._choices)
        self.saver.flush()

    def _now(self) -> _Choices:
        with self._lock:
            if self._choices is None:
                self._choices = _read(self._path)
            return self._choices

    def _change(self, **fields: bool | datetime | str | None) -> None:
        try:
            before = self._now()
        except Trouble as trouble:
            # A choice is made whether or not the last one can be read; saving tells what is wrong.
            log.info("the kept choices could not be read: %s", trouble.code)
            before = _Choices()
        with self._lock:
            before = self._choices or before
            self._choices = replace(before, **fields)  # type: ignore[arg-type] # fields by name
            if self._choices != before:
                self.saver.put(self._choices)


def _write(path: Path, choices: _Choices) -> None:
    if choices != _Choices():
        replace_file(path, msgspec.json.encode(choices))
        return
    # Who has chosen nothing leaves nothing behind.
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise disk_trouble(problem, path) from problem


def _read(path: Path) -> _Choices:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_LARGEST), type=_Choices)
    except FileNotFoundError:
        return _Choices()
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    except (ValueError, msgspec.MsgspecError) as problem:
        # Without it nothing is lost but a choice that can be made again.
        log.info("the kept choices could not be understood: %s", type(problem).__name__)
        return _Choices()
