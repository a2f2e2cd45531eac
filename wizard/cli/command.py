"""A command as its file describes it: its name, its words, its options and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from wizard.cli.terminal import Terminal
from wizard.content.text import Message

__all__ = ["Command", "Group"]


def _no_options(parser: argparse.ArgumentParser) -> None:
    del parser


@dataclass(frozen=True, kw_only=True)
class Group:
    """A first word that several commands share, such as `practice`."""

    name: str
    words: Message


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. `run` gets what was typed and answers an exit code; troubles it lets out.

    `words` are for the list of commands and the head of its own help. `options` adds what only
    this command takes; what all of them take is there already.
    """

    name: str
    words: Message
    run: Callable[[argparse.Namespace, Terminal], int]
    options: Callable[[argparse.ArgumentParser], None] = _no_options
    group: Group | None = None
