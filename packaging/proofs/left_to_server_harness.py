"""The product's command line on a server, where a browser signs in by itself and time flies.

`SPEED WORD...`: the words of one command. The steady clock, by which runs are due, goes so many
times as fast as the time of day, which stays what it is.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from wizard import cli
from wizard.cli import bench
from wizard.core.clock import SystemClock
from wizard.services.scripted_browser import Manners, ScriptedBrowser

_PEOPLE = (Manners(person="owner@nordby.example"), Manners(person="tomasz.wilk@nordby.example"))
"""Who signs in: first the owner at the account service, then a full admin at Google."""


class _Browser(ScriptedBrowser):
    """Each page that is opened is somebody's."""

    def __init__(self) -> None:
        super().__init__(_PEOPLE[0], stuck=_gave_up)
        self._next = iter(_PEOPLE)

    def open(self, address: str) -> bool:
        self.manners = next(self._next)
        return super().open(address)


def _gave_up(reason: str) -> None:
    print(reason, file=sys.stderr, flush=True)


def main(speed: int, words: Sequence[str]) -> int:
    """Run the command; returns its exit code."""

    def fast(_clock: SystemClock) -> float:
        return time.monotonic() * speed

    browser = _Browser()
    setattr(SystemClock, "monotonic", fast)  # noqa: B010 - a method is replaced on purpose
    setattr(bench, "_browser", lambda _given: browser.open)  # noqa: B010 - the person's browser
    try:
        return cli.main(list(words))
    finally:
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), sys.argv[2:]))
