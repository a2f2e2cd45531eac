"""The background's own choices, held in memory."""

from __future__ import annotations

from collections.abc import Callable

from wizard.core.trouble import Code, Trouble
from wizard.services.contract import SessionStart, SessionStartState


class FakeBackground:
    """`wizard.services.contract.BackgroundCalls`, with a disk that can be full."""

    def __init__(self) -> None:
        self.keep_running: bool | None = None
        self.state = SessionStartState.OFF
        self.fails: Trouble | None = None
        self._listeners: list[Callable[[Trouble], None]] = []

    def choose_keep_running(self, *, on: bool) -> None:
        self.keep_running = on

    def session_start(self) -> SessionStart:
        if self.fails is not None:
            raise self.fails
        return SessionStart(state=self.state, place="~/.config/autostart/set-up.desktop")

    def start_with_session(self, *, on: bool) -> SessionStart:
        if self.fails is not None:
            raise self.fails
        if self.state is not SessionStartState.ABSENT:
            self.state = SessionStartState.ON if on else SessionStartState.OFF
        return self.session_start()

    def forget(self) -> None:
        self.keep_running = None

    def when_unsaved(self, listener: Callable[[Trouble], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def could_not_save(self) -> None:
        """The disk is full now: everybody hears it."""
        for listener in tuple(self._listeners):
            listener(Trouble(Code.DISK_FULL, folder="/home/person"))
