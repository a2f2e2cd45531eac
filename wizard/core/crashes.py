"""What a mistake of the program's own leaves behind: words without secrets, and no core file."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Self

from wizard.core.redact import redact

__all__ = ["DiscreetCrashes", "no_core_file"]

log = logging.getLogger(__name__)
_FAILED = 1
"""The exit code of what could not be done."""


def no_core_file() -> None:
    """Ask the system to keep no copy of our memory, which holds tokens and keys.

    The programs that we start, such as a browser, ask for the same; each may ask otherwise.
    """
    if sys.platform == "win32":
        return
    import resource

    _, highest = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, highest))


class DiscreetCrashes:
    """Tells of exceptions that nobody caught, redacted as a log is.

    Python itself would print them as they are, with whatever an address or an answer held. The
    one of the block's own thread goes to standard error and ends the program with exit code 1;
    those of other threads go to the log, where there is one.
    """

    def __init__(self) -> None:
        self._before = threading.excepthook, sys.unraisablehook

    def __enter__(self) -> Self:
        self._before = threading.excepthook, sys.unraisablehook
        threading.excepthook = _of_thread
        sys.unraisablehook = _of_nobody
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        threading.excepthook, sys.unraisablehook = self._before
        if kind is None or problem is None or not issubclass(kind, Exception):
            return
        _tell("", kind, problem, where)
        raise SystemExit(_FAILED) from None


def _tell(
    about: str,
    kind: type[BaseException],
    problem: BaseException | None,
    where: TracebackType | None,
) -> None:
    lines = traceback.format_exception(kind, problem, where)
    sys.stderr.write(redact(about + "".join(lines)))
    sys.stderr.flush()


def _tell_or_log(
    about: str,
    kind: type[BaseException],
    problem: BaseException | None,
    where: TracebackType | None,
) -> None:
    # Without a handler of ours, logging prints what it gets as it is.
    if log.hasHandlers():
        told = problem if problem is not None else kind()
        log.error("%s", about, exc_info=(kind, told, where))
    else:
        _tell(f"{about}: ", kind, problem, where)


def _of_thread(told: threading.ExceptHookArgs) -> None:
    if issubclass(told.exc_type, SystemExit):
        return
    name = told.thread.name if told.thread is not None else "?"
    about = f"a mistake of the program's own in the thread {name}"
    _tell_or_log(about, told.exc_type, told.exc_value, told.exc_traceback)


def _of_nobody(told: sys.UnraisableHookArgs) -> None:
    # The object itself is not printed: its text may be anything.
    about = f"a mistake that nobody could be told of ({type(told.object).__name__})"
    _tell_or_log(about, told.exc_type, told.exc_value, told.exc_traceback)
