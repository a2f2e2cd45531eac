"""The command line of the development commands."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Sequence

from devtools.speech import Failed, Missing, warn


def _run(options: argparse.Namespace) -> int:
    from devtools import starting

    return starting.run(people=options.people, fresh=options.fresh)


def _test(options: argparse.Namespace) -> int:
    from devtools import testing

    return testing.test(quick=options.quick, full=options.full)


def _prove(options: argparse.Namespace) -> int:
    from devtools import proving

    return proving.prove(options.name)


def _lock(options: argparse.Namespace) -> int:
    from devtools import locking

    return locking.lock(upgrade=options.upgrade)


def _build(_options: argparse.Namespace) -> int:
    from devtools import building

    return building.build()


def _screens(options: argparse.Namespace) -> int:
    from devtools import showing

    return showing.screens(options.folder)


def _words(_options: argparse.Namespace) -> int:
    from devtools import showing

    return showing.words()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev.py", description="Development commands of Enterprise Connect Setup."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(
        name: str, what: str, does: Callable[[argparse.Namespace], int]
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=what, description=what)
        command.set_defaults(does=does)
        return command

    run = add("run", "Start the practice organization and the window.", _run)
    run.add_argument("--people", type=int, default=480, help="how many sample people (480)")
    run.add_argument("--fresh", action="store_true", help="forget earlier practice first")
    test = add("test", "Install what the tests need and run all of them.", _test)
    pace = test.add_mutually_exclusive_group()
    pace.add_argument("--quick", action="store_true", help="only the checks and the unit tests")
    pace.add_argument("--full", action="store_true", help="the long campaigns, too")
    prove = add("prove", "Run one proof by name, or list them.", _prove)
    prove.add_argument("name", nargs="?", help="the proof to run")
    lock = add("lock", "Write the requirements locks anew.", _lock)
    lock.add_argument("--upgrade", action="store_true", help="take newer releases, too")
    add("build", "Build the program folder and check it.", _build)
    screens = add("screens", "Draw every page into picture files.", _screens)
    screens.add_argument("folder", nargs="?", help="where to (.work/screens)")
    add("words", "Write the catalog of all words, for translators.", _words)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns 0 when it succeeded, 1 when not, 130 when interrupted."""
    options = _parser().parse_args(arguments)
    # Asked to end, it ends like after Ctrl+C: whatever it started is ended first.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    does: Callable[[argparse.Namespace], int] = options.does
    try:
        return does(options)
    except Missing as lacking:
        warn(str(lacking))
    except Failed as failure:
        warn(str(failure))
    except KeyboardInterrupt:
        warn("Stopped.")
        return 130
    return 1
