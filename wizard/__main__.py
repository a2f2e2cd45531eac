"""One program under two names: the window when nothing is asked, else the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import PurePath

WINDOW_NAME = "enterprise-connect-setup"
"""The windowed program's name; the console program is `enterprise-connect`."""

_WITH_VALUE = frozenset(
    {"--home", "--passphrase-file", "--profile", "--proxy", "--resume", "--theme"}
)
_WINDOWS_OWN = "--theme"
"""Of these, what only the window knows: who says it means the window, whatever else is said."""
_RESUME_SUFFIX = ".ecsetup"
"""How a resume file ends, which the window opens without any option."""
_FLAGS = frozenset({"--background", "--forget", "--trust-profile"})
"""What may be said to the window as well; anything else is for the command line."""


def wants_window(program: str, arguments: Sequence[str]) -> bool:
    """Tell whether this start opens the window.

    Under the windowed name every start does.  Under the console name a start does when it
    names no command: nothing at all, or only options that the window takes, too.  With a theme
    among them a question about the options, or a mistake in them, is for the window to answer.
    """
    if PurePath(program.replace("\\", "/")).stem == WINDOW_NAME:
        return True
    rest, themed = list(arguments), False
    while rest:
        argument = rest.pop(0)
        name, equals, _ = argument.partition("=")
        themed = themed or name == _WINDOWS_OWN
        if name in _WITH_VALUE:
            if not equals and not rest:
                return themed
            if not equals:
                rest.pop(0)
        elif argument.lower().endswith(_RESUME_SUFFIX) and not argument.startswith("-"):
            continue
        elif not (name in _FLAGS and not equals) and not (themed and name.startswith("-")):
            return False
    return True


def _give_streams() -> None:
    """Give a windowed program the streams that the operating system withheld.

    A windowed Windows program starts with `sys.stdout` and `sys.stderr` set to None, and the
    first line anything logs would then end it.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - lives as long as the process


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the window or the command line, importing only the one that is asked for.

    Returns the process's exit code (design section 10 lists them).
    """
    _give_streams()
    from wizard.core.crashes import DiscreetCrashes, no_core_file

    given = list(sys.argv[1:] if arguments is None else arguments)
    no_core_file()
    with DiscreetCrashes():
        if wants_window(sys.argv[0], given):
            from wizard import app

            return app.main(given)
        from wizard import cli

        return cli.main(given)


if __name__ == "__main__":
    sys.exit(main())
