"""A program that opens the real window, looks at Members, and writes down how quick it was.

`members FILE ARGUMENTS` opens the product with these arguments; `beat FILE` is an empty window that
beats until its standard input ends: what the machine itself is capable of.
"""

from __future__ import annotations

import runpy
import sys

from proofs.window_speed_harness import AtImport


def main(arguments: list[str]) -> int:
    """Do what the first argument says."""
    mode, target, rest = arguments[0], arguments[1], arguments[2:]
    if mode == "beat":
        from proofs import window_watch

        return window_watch.beat(target)

    def watch() -> None:
        from proofs import members_watch

        members_watch.watch_members(target)

    sys.argv[1:] = rest
    sys.meta_path.insert(0, AtImport("wizard.ui.program", watch))
    try:
        runpy.run_module("wizard", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
