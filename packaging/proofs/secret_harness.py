"""The program as it is, told to say all it can: every line of its logs, and of its crashes.

`secret_harness.py -m wizard ARGUMENTS…` runs the program with logs at their most talkative, with
files made for everybody unless the program says otherwise (umask 0), and with core files allowed.
`CRASH_WITH` names a file of texts, one JSON string a line; once `CRASH_WHEN` is there, each is
raised as an exception that nobody catches: in a thread, and in the window's own thread where there
is a window. With `CRASH_AT_START` the command ends by the first of them.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

_LOOK = 0.1


_SILENT = ("requests_oauthlib", "oauthlib", "google_auth_oauthlib", "google.auth")
"""Libraries that log tokens as they are, which the program therefore keeps quiet. Here they speak,
and what they say has to come out without secrets all the same."""


class Planted(RuntimeError):
    """A mistake that somebody put there, with whatever it is told to say."""


def _texts() -> list[str]:
    lines = Path(os.environ["CRASH_WITH"]).read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)) for line in lines]


def _fail(text: str) -> None:
    raise Planted(text)


def _crash_when_told() -> None:
    """Waits for its sign, then lets threads end by mistakes, and the window's thread too."""
    when = Path(os.environ["CRASH_WHEN"])
    while not when.exists():
        time.sleep(_LOOK)
    for text in _texts():
        thread = threading.Thread(target=_fail, args=(text,), name="planted")
        thread.start()
        thread.join()
        _in_window(text)


def _in_window(text: str) -> None:
    core = sys.modules.get("PySide6.QtCore")
    application = core.QCoreApplication.instance() if core is not None else None
    if core is not None and application is not None:
        core.QTimer.singleShot(0, application, lambda: _fail(text))


def _talkative() -> None:
    """Every line at DEBUG, in the log file and in the lines for a service manager."""
    from wizard.services import json_log, logs

    quiet = logs.logging_to

    @contextlib.contextmanager
    def loud(folder: Path, *, level: int = logging.DEBUG) -> Iterator[logs.LogFile | None]:
        with quiet(folder, level=level) as file:
            yield file

    class LoudLines(json_log.JsonLines):
        """Lines of every level."""

        def __init__(self, stream: TextIO) -> None:
            super().__init__(stream)
            self.setLevel(logging.DEBUG)

    for name in _SILENT:
        setattr(logging.getLogger(name), "setLevel", lambda _level: None)  # noqa: B010 - not quieter
    setattr(logs, "logging_to", loud)  # noqa: B010 - whoever asks for it gets this one
    setattr(json_log, "JsonLines", LoudLines)  # noqa: B010 - the same


def _fail_at_start() -> None:
    from wizard.services import environment

    def fails(*_: object, **__: object) -> None:
        _fail(_texts()[0])

    setattr(environment, "open_workbench", fails)  # noqa: B010 - what every command opens first


def main(arguments: list[str]) -> int:
    """Run it; its exit code."""
    os.umask(0)
    faulthandler.enable()
    if sys.platform != "win32":
        import resource

        highest = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (highest, highest))
    _talkative()
    if os.environ.get("CRASH_AT_START"):
        _fail_at_start()
    elif os.environ.get("CRASH_WHEN"):
        threading.Thread(target=_crash_when_told, name="crash", daemon=True).start()
    from wizard.__main__ import main as program

    sys.argv[0] = "enterprise-connect"
    return program(arguments)


if __name__ == "__main__":
    given = sys.argv[1:]
    raise SystemExit(main(given[given.index("wizard") + 1 :]))
