"""Looks for secrets in whatever was written: in every spelling, and inside what was packed."""

from __future__ import annotations

import base64
import gzip
import io
import json
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

__all__ = ["ENCODINGS", "Found", "Searcher", "Secret", "spellings"]

_PIECE = 20
"""Letters of a piece: nobody writes so many of a drawn secret by chance."""
_LARGEST = 64 * 1024 * 1024
_DEEPEST = 3
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, kw_only=True)
class Secret:
    """Something that nobody may find, and what kind of thing it is."""

    kind: str
    value: str

    def __repr__(self) -> str:
        return f"Secret({self.kind})"

    @property
    def pieces(self) -> tuple[str, ...]:
        """What gives it away: all of it where it is short, else where it begins and ends.

        A signed token begins like every other one of its issuer, and ends like none.
        """
        value = self.value
        if len(value) <= 2 * _PIECE:
            return (value,)
        begin = value.find(".") + 1 if value.startswith("eyJ") else 0
        middle = begin + (len(value) - begin) // 2
        return tuple({value[at : at + _PIECE] for at in (begin, middle)} | {value[-_PIECE:]})


@dataclass(frozen=True, kw_only=True, order=True)
class Found:
    """A secret that stands where it must not."""

    place: str
    kind: str
    spelling: str


def _base64(text: bytes, shift: int) -> Iterator[bytes]:
    """The letters of base64 that this text alone decides, wherever in a triple it begins."""
    encoded = base64.b64encode(bytes(shift) + text)
    first = (0, 2, 3)[shift]
    last = len(encoded) - (0, 3, 2)[(len(text) + shift) % 3]
    sure = encoded[first + (1 if shift else 0) : last - (1 if last != len(encoded) else 0)]
    yield sure
    yield sure.translate(bytes.maketrans(b"+/", b"-_"))


def spellings(piece: str) -> dict[str, set[bytes]]:
    """Every way in which these letters may be written, by the name of the way."""
    plain = piece.encode()
    escaped = {json.dumps(piece)[1:-1].encode(), json.dumps(json.dumps(piece))[3:-3].encode()}
    every = "".join(f"%{byte:02X}" for byte in plain)
    return {
        "plain": {plain},
        "other case": {piece.upper().encode(), piece.lower().encode()},
        "address": {quote(piece, safe="").encode(), quote_plus(piece).encode(), every.encode()},
        "twice in an address": {quote(quote(piece, safe=""), safe="").encode()},
        "json": escaped | {"".join(f"\\u{ord(sign):04x}" for sign in piece).encode()},
        "hex": {plain.hex().encode(), plain.hex().upper().encode()},
        "base64": {one for shift in range(3) for one in _base64(plain, shift)},
        "two bytes a letter": {piece.encode("utf-16-le")[:-1], piece.encode("utf-16-be")[1:]},
        "backwards": {plain[::-1]},
    }


ENCODINGS = tuple(spellings("x"))
"""The names of the spellings."""


class Searcher:
    """Knows the secrets, and looks for them in bytes, files, folders, archives and databases."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self.bytes_seen = 0
        self.files_seen = 0
        self.databases_seen = 0
        self.packed_seen = 0
        needles: dict[bytes, tuple[str, str]] = {}
        for secret in secrets:
            for piece in secret.pieces:
                for name, ways in spellings(piece).items():
                    for way in ways:
                        needles.setdefault(way, (secret.kind, name))
        self._needles = needles

    @property
    def needles(self) -> int:
        """How many different sequences of bytes are looked for."""
        return len(self._needles)

    def in_bytes(self, content: bytes, place: str, *, depth: int = 0) -> set[Found]:
        """What stands in these bytes, or in what they hold packed."""
        self.bytes_seen += len(content)
        found = {
            Found(place=place, kind=kind, spelling=spelling)
            for needle, (kind, spelling) in self._needles.items()
            if needle in content
        }
        if depth < _DEEPEST:
            for name, inner in _unpacked(content):
                self.packed_seen += 1
                found |= self.in_bytes(inner, f"{place} › {name}", depth=depth + 1)
        return found

    def in_text(self, texts: Iterable[str], place: str) -> set[Found]:
        """What stands in these texts together."""
        return self.in_bytes("\n".join(texts).encode("utf-8", "surrogateescape"), place)

    def in_file(self, path: Path, place: str) -> set[Found]:
        """What stands in a file, and in the values of the database that it is."""
        self.files_seen += 1
        content = path.read_bytes()
        found = self.in_bytes(content, place)
        if content.startswith(_SQLITE):
            self.databases_seen += 1
            found |= self.in_bytes(b"\n".join(_values(path)), f"{place} › values")
            found |= self._packed_values(path, place)
        return found

    def in_folder(self, folder: Path, *, passing: Mapping[str, str] | None = None) -> set[Found]:
        """What stands in a folder, names included; `passing` names folders and why not."""
        found: set[Found] = set()
        names: list[str] = []
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            if any(name == one or name.startswith(f"{one}/") for one in passing or ()):
                continue
            names.append(name)
            if path.is_symlink():
                names.append(str(path.readlink()))
            elif path.is_file():
                found |= self.in_file(path, f"{folder.name}/{name}")
        return found | self.in_text(names, f"{folder.name}: names")

    def _packed_values(self, path: Path, place: str) -> set[Found]:
        found: set[Found] = set()
        for value in _values(path):
            for name, inner in _unpacked(value):
                self.packed_seen += 1
                found |= self.in_bytes(inner, f"{place} › value › {name}", depth=_DEEPEST)
        return found


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """What these bytes hold packed: gzip, zip and zlib."""
    if content.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(content)) as file:
                yield "gzip", file.read(_LARGEST)
        except (OSError, EOFError, zlib.error):
            return
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                with archive.open(member) as file:
                    yield f"zip:{member.filename}", file.read(_LARGEST)
    elif content[:1] == b"\x78" and len(content) > 2 and int.from_bytes(content[:2]) % 31 == 0:
        try:
            yield "zlib", zlib.decompressobj().decompress(content, _LARGEST)
        except zlib.error:
            return


def _values(path: Path) -> Iterator[bytes]:
    """Every value of every table, from a copy, so that nobody is disturbed.

    A long value lies in pieces all over its file; here it is whole.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copyfile(path, copy)
        beside = path.with_name(f"{path.name}-wal")
        if beside.exists():
            shutil.copyfile(beside, copy.with_name("copy-wal"))
        with closing(sqlite3.connect(copy)) as rows:
            rows.text_factory = bytes
            try:
                names = rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                for (name,) in names.fetchall():
                    table = name.decode().replace('"', '""')
                    for row in rows.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - quoted
                        yield from (value for value in row if isinstance(value, bytes))
            except sqlite3.DatabaseError:
                return  # not one of ours, such as one with a module of its own
