"""Where a command speaks: lines for people, or one object for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from wizard.cli.typed import TypedLines
from wizard.core.cancel import Cancel
from wizard.core.runs import RunProgress

__all__ = ["Terminal"]

_ANEW = "\r\033[K"
"""Back to the start of the line, and what stands there away."""


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """Lines for people, or one object for a program; `cancel` is what Ctrl+C stops.

    `logs`: a service manager reads along, and what would be told to people is a line of the log.
    """

    as_json: bool
    cancel: Cancel
    logs: bool = False
    typed: TypedLines = field(default_factory=TypedLines)

    def say(self, *lines: str) -> None:
        """Tell a person something; nothing where a program reads."""
        if not self.as_json and not self.logs:
            for line in lines:
                print(line)

    def note(self, *lines: str) -> None:
        """Tell a person something beside the answer, whoever reads the answer."""
        if self.logs:
            from wizard.services.json_log import event

            event("note", " ".join(line.strip() for line in lines))
            return
        for line in lines:
            print(line, file=sys.stderr, flush=True)

    def answer(self, value: object, lines: Sequence[str] = ()) -> None:
        """The command's answer: the object for a program, the lines for a person."""
        from wizard.services.telling import plain

        if self.as_json:
            print(json.dumps(plain(value), ensure_ascii=False))
        else:
            self.say(*lines)

    def progress(self) -> Callable[[RunProgress], None]:
        """Shows progress on one line of a terminal; silent where nobody watches."""
        from wizard.services.telling import progress_line

        def heard(progress: RunProgress) -> None:
            print(f"{_ANEW}{progress_line(progress)}", end="", file=sys.stderr, flush=True)

        def silent(progress: RunProgress) -> None:
            del progress

        watched = sys.stderr.isatty() and not self.as_json and not self.logs
        return heard if watched else silent

    def end_progress(self) -> None:
        """Take the line of progress away."""
        if sys.stderr.isatty() and not self.logs:
            print(_ANEW, end="", file=sys.stderr, flush=True)
