"""The command line: every command, no Qt, one exit code each."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from wizard import __version__


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="enterprise-connect")
    parser.add_argument("--version", action="version", version=__version__)
    parser.parse_args(list(arguments))
    return 2
