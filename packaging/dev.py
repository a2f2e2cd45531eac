"""The development commands: `run`, `test`, `prove`, `lock`, `build`, `screens`, `words`.

This file alone must be understood by an old Python 3, so that it can say in words what is
missing.  Everything else lies in `devtools` beside it and needs the standard library only.
"""

import os
import sys

OLDEST = (3, 11)


def main() -> int:
    """Check the Python version, then hand over to `devtools`."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.stderr.write(
            "Python 3.11 or newer is needed; this is Python " + found + ".\n"
            "Install a newer one, then start this command with it, for example:\n"
            "    python3.11 packaging/dev.py " + " ".join(sys.argv[1:]) + "\n"
        )
        return 2
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from devtools.commands import main as run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
