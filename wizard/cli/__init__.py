"""The command line: every command, no Qt, one exit code each."""

from wizard.cli.entry import main

__all__ = ["main"]
