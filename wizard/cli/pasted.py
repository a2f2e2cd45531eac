"""A sign-in on a computer without a browser: the addresses go by way of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.cli.terminal import Terminal
from wizard.content.text import t
from wizard.core.trouble import Code, Trouble

if TYPE_CHECKING:
    from wizard.services.contract import BrowserWaiting

__all__ = ["PastedAtTerminal"]


class PastedAtTerminal:
    """See `wizard.services.pasting.Pasting`: prints the address, reads the one that came back."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._told = ""

    def ask(self, waiting: BrowserWaiting) -> str:
        """See `Pasting.ask`; asks again, without the address, where this is its second time."""
        if waiting.url != self._told:
            self._told = waiting.url
            self._terminal.note(
                t("Open this address in a browser, on any computer:"),
                f"  {waiting.url}",
                t(
                    "Sign in there. At the end that browser says that it can’t open a page of "
                    "127.0.0.1: that is as it should be."
                ),
            )
        self._terminal.note(
            t("Copy the whole address of that page, paste it here and press Enter:")
        )
        while True:
            line = self._terminal.typed.line(self._terminal.cancel)
            if line is None:
                raise Trouble(Code.SIGN_IN_NEEDED, problem="nothing-pasted")
            if line.strip():
                return line

    def refused(self, trouble: Trouble) -> None:
        """See `Pasting.refused`."""
        from wizard.services.telling import trouble_lines

        self._terminal.note(*trouble_lines(trouble))
