"""Takes people and their network out of text: stable short marks stand where they stood."""

from __future__ import annotations

import ipaddress
import re
import sys
from collections.abc import Callable, Collection, Iterable

from wizard.core.redact import without_secrets

__all__ = ["NAME", "Marks", "name_words"]

NAME = "[name]"
"""What stands for a word of somebody's name."""

_SHORTENED = re.compile(r"[^\s<>\"'(),;:=\[\]…]?…@[\w-]+(?:\.[\w-]+)*")
_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+@[\w-]+(?:\.[\w-]+)*")
_HOST = re.compile(r"(?<![\w./\\-])(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{0,61}\.?(?![\w(])")
_IN_URL = re.compile(r"(?<=://)[^\s/?#\"'<>@]+")
_V4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
_V6 = re.compile(r"(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}(?![\w:])")
_HOME = re.compile(
    r"(?<![\w~/.-])(?:/home/|/Users/|[A-Za-z]:\\+(?:Users|Documents and Settings)\\+)[^\s/\\\"']+"
)
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_FILES = frozenset(
    {
        *("cfg", "conf", "css", "csv", "db", "dll", "ecsetup", "ecsmove", "exe", "html", "ini"),
        *("json", "lock", "log", "md", "pem", "plist", "pot", "pth", "py", "pyc", "pyd", "pyi"),
        *("service", "shm", "so", "sock", "sql", "svg", "timer", "tmp", "toml", "txt", "wal"),
        *("xml", "yaml", "zip"),
    }
)
"""Endings of files, which look like those of hosts."""
_ALONE = frozenset({"127.0.0.1", "::1", "localhost", "0.0.0.0"})  # noqa: S104 - not listened on


def name_words(names: Iterable[str]) -> frozenset[str]:
    """The words that names are made of, as `Marks` looks for them.

    One Latin letter by itself is left out: it says nothing, and stands everywhere.
    """
    words = {word for name in names for word in _parts(name)}
    return frozenset(word for word in words if len(word) > 1 or not word.isascii())


def _parts(name: str) -> Iterable[str]:
    for word in _WORD.findall(name):
        yield word
        yield from re.split(r"[’'-]", word)


class Marks:
    """One file's marks: the same address is `p1` wherever it stands in it.

    `kept` are hosts that may be told in full (the service's own); what lies below them is kept,
    too. `hosts` are names of this computer and its network that have no dot, `names` words of
    people's names (`name_words`), `home` the folder of the person, `replaced` texts with what
    stands for them, the longest first.
    """

    def __init__(
        self,
        *,
        kept: Collection[str] = (),
        hosts: Collection[str] = (),
        names: frozenset[str] = frozenset(),
        home: str = "",
        replaced: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._kept = frozenset(host.casefold() for host in kept) | _ALONE
        self._names = names
        self._home = home if len(home) > 1 else ""
        self._replaced = sorted(
            (one for one in replaced if len(one[0]) > 1), key=lambda one: -len(one[0])
        )
        self._given: dict[tuple[str, str], str] = {}
        self._roots = frozenset(sys.stdlib_module_names) | {"wizard", "urllib3", "truststore"}
        bare = sorted((host for host in hosts if len(host) > 1), key=len, reverse=True)
        self._bare = (
            re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, bare))})(?![\w-])", re.IGNORECASE)
            if bare
            else None
        )

    # ------------------------------------------------------------ single things

    def person(self, address: str) -> str:
        """The mark of an address of a person; '' for none."""
        return self._mark("p", address.strip().casefold()) if address.strip() else ""

    def host(self, host: str) -> str:
        """A host that may be told as it is, any other one's mark; '' for none."""
        bare = host.strip().rstrip(".").casefold()
        if not bare or self._is_kept(bare):
            return host
        return self._mark("h", bare)

    def people(self) -> int:
        """How many addresses have a mark so far."""
        return sum(kind == "p" for kind, _ in self._given)

    def _mark(self, kind: str, what: str) -> str:
        known = self._given.get((kind, what))
        if known is None:
            number = 1 + sum(one == kind for one, _ in self._given)
            known = self._given[kind, what] = f"{kind}{number}"
        return known

    def _is_kept(self, host: str) -> bool:
        return any(host == kept or host.endswith(f".{kept}") for kept in self._kept)

    # ------------------------------------------------------------ whole texts

    def text(self, words: str) -> str:
        """The text on one line without secrets, people and their network.

        It errs on the side of removing too much: a word that is also somebody's name goes.
        """
        words = "".join(sign if sign.isprintable() else " " for sign in words)
        words = without_secrets(words)
        for old, new in self._replaced:
            words = words.replace(old, new)
        for pattern, mark in self._patterns():
            words = pattern.sub(mark, words)
        if self._home:
            words = words.replace(self._home, "~")
        words = _HOME.sub("~", words)
        return _WORD.sub(self._without_name, words) if self._names else words

    def _patterns(self) -> Iterable[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]:
        yield _SHORTENED, lambda found: self._mark("s", found[0].casefold())
        yield _ADDRESS, lambda found: self.person(found[0])
        yield _IN_URL, self._url_host
        yield _V4, self._number
        yield _V6, self._number
        yield _HOST, self._looks_like_host
        if self._bare is not None:
            yield self._bare, lambda found: self.host(found[0])

    def _url_host(self, found: re.Match[str]) -> str:
        host, colon, port = found[0].rpartition(":")
        if colon and port.isdigit():
            return f"{self.host(host)}:{port}"
        return self.host(found[0])

    def _number(self, found: re.Match[str]) -> str:
        try:
            number = ipaddress.ip_address(found[0])
        except ValueError:
            return found[0]
        return found[0] if number.is_loopback else self._mark("n", str(number))

    def _looks_like_host(self, found: re.Match[str]) -> str:
        first, _, rest = found[0].rstrip(".").partition(".")
        last = rest.rpartition(".")[2].casefold()
        if last in _FILES or (first in self._roots and first != "test"):
            return found[0]
        dot = "." if found[0].endswith(".") else ""
        return f"{self.host(found[0])}{dot}" if not self._is_kept(found[0]) else found[0]

    def _without_name(self, found: re.Match[str]) -> str:
        word = found[0]
        if word in self._names or any(part in self._names for part in re.split(r"[’'-]", word)):
            return NAME
        return word
