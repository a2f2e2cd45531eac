"""Lines that a person types or pastes, read so that Ctrl+C is heard meanwhile."""

from __future__ import annotations

import getpass
import io
import os
import selectors
import sys

from wizard.core.cancel import Cancel

__all__ = ["TypedLines"]

_LOOK = 0.3
"""Seconds between two looks at whether it was cancelled."""
_LONGEST = 64 * 1024


class TypedLines:
    """Standard input, a line at a time. What came beyond a line is kept for the next one."""

    def __init__(self) -> None:
        self._rest = b""

    @property
    def by_person(self) -> bool:
        """Whether somebody sits at a terminal, who can be asked."""
        return sys.stdin is not None and sys.stdin.isatty()

    def line(self, cancel: Cancel) -> str | None:
        """The next line without its end; None where the input has ended.

        Raises `Trouble(CANCELLED)`.
        """
        number = _descriptor()
        if number is None:
            text = sys.stdin.readline(_LONGEST) if sys.stdin is not None else ""
            cancel.check()
            return text.rstrip("\r\n") if text else None
        while b"\n" not in self._rest and len(self._rest) < _LONGEST:
            _wait_for(number, cancel)
            piece = os.read(number, _LONGEST)
            if not piece:
                break
            self._rest += piece
        if not self._rest:
            return None
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")

    def secret(self, prompt: str) -> str:
        """A passphrase, typed at the terminal without being shown."""
        return getpass.getpass(prompt, stream=sys.stderr)


def _descriptor() -> int | None:
    """The input's descriptor where it can be waited on, None where it can only be read."""
    if sys.platform == "win32" or sys.stdin is None:
        return None
    try:
        return sys.stdin.fileno()
    except (OSError, ValueError, io.UnsupportedOperation):
        return None


def _wait_for(number: int, cancel: Cancel) -> None:
    """Wait until something came; a file has always come."""
    with selectors.DefaultSelector() as selector:
        try:
            selector.register(number, selectors.EVENT_READ)
        except PermissionError:  # epoll knows no plain files, which never make anybody wait
            return
        while not selector.select(_LOOK):
            cancel.check()
    cancel.check()
