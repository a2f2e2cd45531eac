"""Reads a TOML table key by key, and tells file, line and key of whatever is wrong."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from wizard.core.files import read_beginning
from wizard.core.trouble import Code, Fact, Trouble
from wizard.net.addresses import Origin

__all__ = ["LARGEST", "Document", "Table"]

LARGEST = 32 * 1024
_MOST_LINES = 400
_SECRETS = re.compile(
    r"secret|password|passphrase|token(?!_uri$)|private_key|api_key", re.IGNORECASE
)

E = TypeVar("E", bound=StrEnum)


class Document:
    """One TOML file as text and as tables, which knows on which line a key stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: list[str] = []
        content = self._content()
        try:
            text = content.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as problem:
            line = content[: problem.start].count(b"\n") + 1
            raise self._invalid("not-utf8", line=line, key="") from problem
        self._lines = text.splitlines()
        if len(self._lines) > _MOST_LINES:
            raise self._invalid("too-large", line=_MOST_LINES + 1, key="")
        try:
            self.root = Table(self, (), tomllib.loads(text))
        except tomllib.TOMLDecodeError as problem:
            raise self._invalid("syntax", line=_line_in(problem, self._lines), key="") from problem
        except RecursionError as problem:  # brackets within brackets, thousands of them
            raise self._invalid("syntax", line=1, key="") from problem

    def _content(self) -> bytes:
        try:
            content = read_beginning(self.path, LARGEST + 1)
        except OSError as problem:
            raise Trouble(Code.PROFILE_NOT_FOUND, file=str(self.path)) from problem
        if len(content) > LARGEST:
            raise self._invalid("too-large", line=1, key="")
        return content

    def _invalid(self, problem: str, *, line: int, key: str, **facts: Fact) -> Trouble:
        return Trouble(
            Code.PROFILE_INVALID,
            retry_after=None,
            file=str(self.path),
            line=line,
            key=key,
            problem=problem,
            **facts,
        )

    def refuse(self, keys: tuple[str, ...], problem: str, **facts: Fact) -> NoReturn:
        """Raise `Trouble(PROFILE_INVALID)` for this key, with its line; see `wizard.content`."""
        raise self._invalid(problem, line=self.line_of(keys), key=".".join(keys), **facts)

    def line_of(self, keys: tuple[str, ...]) -> int:
        """The line on which a key's statement begins; that of its table where it is missing.

        The TOML reader itself is asked, with ever more lines: the first readable beginning of
        the file that holds the key ends with the key's statement.
        """
        wanted = keys
        while wanted:
            readable = 0
            for count in range(1, len(self._lines) + 1):
                try:
                    so_far = tomllib.loads("\n".join(self._lines[:count]) + "\n")
                except tomllib.TOMLDecodeError:
                    continue
                if _holds(so_far, wanted):
                    return readable + 1
                readable = count
            wanted = wanted[:-1]
        return 1


def _holds(tree: object, keys: tuple[str, ...]) -> bool:
    for key in keys:
        if isinstance(tree, list):
            if not key.isdecimal() or int(key) >= len(tree):
                return False
            tree = tree[int(key)]
        elif isinstance(tree, dict) and key in tree:
            tree = tree[key]
        else:
            return False
    return True


def _line_in(problem: tomllib.TOMLDecodeError, lines: list[str]) -> int:
    found = re.search(r"at line (\d+)", str(problem))
    return int(found.group(1)) if found else max(1, len(lines))


class Table:
    """One table of a document. Keys that nobody asked for are refused by `done`."""

    def __init__(
        self, document: Document, keys: tuple[str, ...], tree: Mapping[str, object]
    ) -> None:
        self._document = document
        self._keys = keys
        self._tree = tree
        self._asked: set[str] = set()

    def refuse(self, key: str, problem: str, **facts: Fact) -> NoReturn:
        """Raise `Trouble(PROFILE_INVALID)` for a key of this table."""
        self._document.refuse((*self._keys, key), problem, **facts)

    def has(self, key: str) -> bool:
        """Whether the file gives this key."""
        return key in self._tree

    def done(self) -> None:
        """Refuse what was not asked for: secrets first, then unknown keys."""
        for key in self._tree:
            if key in self._asked:
                continue
            if _SECRETS.search(key):
                self.refuse(key, "secret")
            near = difflib.get_close_matches(key, sorted(self._asked), n=1)
            self.refuse(key, "unknown-key", meant=near[0] if near else "")

    def _value(self, key: str) -> object:
        self._asked.add(key)
        return self._tree.get(key)

    def table(self, key: str) -> Table:
        """The table of this name; an empty one where the file has none."""
        value = self._value(key)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            self.refuse(key, "not-a-table")
        return Table(self._document, (*self._keys, key), value)

    def tables(self, key: str) -> list[Table]:
        """The tables of an array of tables; none where the file has none."""
        value = self._value(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.refuse(key, "not-tables")
        return [
            Table(self._document, (*self._keys, key, str(number)), one)
            for number, one in enumerate(value)
        ]

    def number(self, key: str) -> int:
        """A whole number that must be there."""
        value = self._value(key)
        if value is None:
            self.refuse(key, "missing")
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(key, "not-a-number")
        return value

    def text(self, key: str, *, needed: bool = False, longest: int = 200) -> str:
        """A text of one line; '' where it may be missing and is."""
        value = self._value(key)
        if value is None and not needed:
            return ""
        if value is None:
            self.refuse(key, "missing")
        if not isinstance(value, str):
            self.refuse(key, "not-text")
        if len(value) > longest:
            self.refuse(key, "too-long", longest=longest)
        if needed and not value.strip():
            self.refuse(key, "empty")
        if not value.isprintable():
            self.refuse(key, "strange-characters")
        return value

    def matching(self, key: str, pattern: str, problem: str) -> str:
        """A text that must be there and look like this."""
        value = self.text(key, needed=True)
        if not re.fullmatch(pattern, value):
            self.refuse(key, problem)
        return value

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """One of the names of an enum."""
        value = self.text(key, needed=default is None)
        if not value and default is not None:
            return default
        try:
            return kind(value)
        except ValueError:
            names = ", ".join(one.value for one in kind)
            self.refuse(key, "unknown-choice", choices=names)

    def address(
        self,
        key: str,
        *,
        needed: bool = False,
        query: bool = False,
        allowed: Callable[[Origin], str] = lambda _: "",
    ) -> str:
        """A web address without trailing slash: https, or http to this machine.

        `allowed` gives a problem's word for an origin that may not stand here, '' otherwise.
        """
        value = self.text(key, needed=needed, longest=500)
        if not value:
            return ""
        try:
            origin = Origin.of(value)
        except Trouble as trouble:
            self.refuse(key, str(trouble.facts.get("problem", "not-an-address")))
        if "#" in value or ("?" in value and not query):
            self.refuse(key, "has-query")
        if not origin.is_safe:
            self.refuse(key, "not-https", host=origin.shown)
        if problem := allowed(origin):
            self.refuse(key, problem, host=origin.shown)
        return value.rstrip("/")
