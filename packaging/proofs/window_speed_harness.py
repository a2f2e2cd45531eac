"""A program that opens the real window or an empty one and writes down what its thread did.

`MODE FILE [ARGUMENTS]`: `start` opens the product with these arguments, `empty` a plain Qt window;
both write the moment of the first painted frame (seconds of the monotonic clock, which all
processes of a machine share) and end. `stall` opens the product, beats in the window's thread
until the first sync has ended, and writes the longest pauses between two beats. `beat` is an empty
window that beats until its standard input ends: what the machine itself is capable of.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder


class AtImport(MetaPathFinder):
    """Calls once when a module is about to be imported, and finds nothing itself."""

    def __init__(self, name: str, call: Callable[[], None]) -> None:
        self._name = name
        self._call = call

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Leave the finding to the others."""
        del path, target
        if fullname == self._name:
            sys.meta_path.remove(self)
            self._call()


def _product(arguments: list[str], watch: Callable[[], None]) -> int:
    """Run the product as `python -m wizard` does, watched from when its application is there.

    Nothing of Qt is loaded before the product does so itself.
    """
    sys.argv[1:] = arguments
    sys.meta_path.insert(0, AtImport("wizard.ui.program", watch))
    try:
        runpy.run_module("wizard", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def main(arguments: list[str]) -> int:
    """Do what the first argument says."""
    mode, target, rest = arguments[0], arguments[1], arguments[2:]
    if mode in {"start", "stall"}:

        def watch() -> None:
            from proofs import window_watch

            (window_watch.watch_start if mode == "start" else window_watch.watch_stall)(target)

        return _product(rest, watch)
    from proofs import window_watch

    return window_watch.empty(target) if mode == "empty" else window_watch.beat(target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
