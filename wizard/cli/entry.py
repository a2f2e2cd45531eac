"""Read what was typed, run that command, and answer its exit code."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

from wizard.cli.commands.registry import COMMANDS
from wizard.cli.parser import build_parser
from wizard.cli.terminal import Terminal
from wizard.content.text import set_language, t
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.services.exits import Exit, exit_of_trouble

__all__ = ["main"]


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code (design: 0, 1, 2, 3, 4, 5, 6 and 130)."""
    set_language()
    parser = build_parser(COMMANDS)
    try:
        given = parser.parse_args(list(arguments))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else Exit.USAGE
    command: Callable[[argparse.Namespace, Terminal], int] | None
    command = getattr(given, "command", None)
    if command is None:
        parser.print_help()
        return Exit.USAGE
    logs = getattr(given, "log_format", "text") == "json"
    with _interruptible() as cancel, _logged(logs):
        terminal = Terminal(as_json=bool(given.json), cancel=cancel, logs=logs)
        try:
            return int(command(given, terminal))
        except Trouble as trouble:
            _tell_trouble(trouble, terminal)
            return exit_of_trouble(trouble.code)
        except KeyboardInterrupt:
            return Exit.CANCELLED
        except BrokenPipeError:
            # The reader went away, as `head` does; there is nobody left to tell.
            sys.stderr.close()
            return Exit.FAILED


def _logged(logs: bool) -> contextlib.AbstractContextManager[None]:
    """Lines of a log on standard error, where a service manager asked for them."""
    if not logs:
        return contextlib.nullcontext()
    from wizard.services.json_log import logging_lines

    return logging_lines()


@contextlib.contextmanager
def _interruptible() -> Iterator[Cancel]:
    """A cancel that Ctrl+C and termination stop; a second Ctrl+C ends at once."""
    cancel = Cancel()
    if threading.current_thread() is not threading.main_thread():
        yield cancel
        return

    stopping: list[threading.Thread] = []

    def asked(number: int, _frame: FrameType | None) -> None:
        if stopping and number == signal.SIGINT:
            raise KeyboardInterrupt
        # The interrupted code may hold the very lock that stopping takes, so another thread
        # does it.
        thread = threading.Thread(target=cancel.stop, name="stopping")
        stopping.append(thread)
        thread.start()

    wanted = [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.signal(number, asked) for number in wanted}
    try:
        yield cancel
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for thread in stopping:
            thread.join()


def _tell_trouble(trouble: Trouble, terminal: Terminal) -> None:
    from wizard.services.telling import trouble_lines, trouble_object

    if terminal.logs:
        _log_trouble(trouble)
    if terminal.as_json:
        terminal.answer({"trouble": trouble_object(trouble)})
        return
    if terminal.logs:
        return
    terminal.note(*trouble_lines(trouble))
    if trouble.code is Code.PROFILE_NOT_TRUSTED:
        terminal.note("  " + t("Give --trust-profile once you agree."))


def _log_trouble(trouble: Trouble) -> None:
    import logging

    from wizard.services.json_log import event
    from wizard.services.telling import trouble_lines

    told = " ".join(line.strip() for line in trouble_lines(trouble))
    event("failed", told, level=logging.ERROR, code=trouble.code.value)
