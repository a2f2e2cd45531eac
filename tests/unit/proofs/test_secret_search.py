"""The search for secrets finds them however they are written, and finds nothing else."""

from __future__ import annotations

import base64
import gzip
import io
import json
import sqlite3
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.secret_search import ENCODINGS, Searcher, Secret, spellings

TOKEN = "1//Q3nVb7xKQm2pLr8sTz4wYd6fHj1cGa5e-UiOpAsDfG_hJkL"
PHRASE = "four quiet rivers, é & “snow”"


def searcher() -> Searcher:
    return Searcher([Secret(kind="token", value=TOKEN), Secret(kind="phrase", value=PHRASE)])


def found(content: bytes) -> set[str]:
    return {one.kind for one in searcher().in_bytes(content, "here")}


@pytest.mark.parametrize(("kind", "secret"), [("token", TOKEN), ("phrase", PHRASE)])
@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode(),
        lambda text: quote(text, safe="").encode(),
        lambda text: json.dumps({"a": text}).encode(),
        lambda text: json.dumps(json.dumps([text])).encode(),
        lambda text: text.encode().hex().encode(),
        lambda text: base64.b64encode(text.encode()),
        lambda text: base64.b64encode(b"x" + text.encode()),
        lambda text: base64.urlsafe_b64encode(b"xy" + text.encode() + b"z"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: gzip.compress(text.encode()),
        lambda text: zlib.compress(text.encode()),
    ],
)
def test_a_secret_is_found_however_it_is_written(kind: str, secret: str, written: object) -> None:
    assert callable(written)
    content = written(secret)
    assert isinstance(content, bytes)
    assert found(content) == {kind}


@given(st.binary(max_size=8), st.binary(max_size=8), st.sampled_from([TOKEN, PHRASE]))
def test_in_base64_it_is_found_whatever_stands_around_it(
    before: bytes, after: bytes, secret: str
) -> None:
    assert found(base64.b64encode(before + secret.encode() + after))


@pytest.mark.parametrize("part", [TOKEN[:20], TOKEN[-20:]])
def test_a_piece_of_a_long_secret_gives_it_away(part: str) -> None:
    assert found(f"Bearer {part}…".encode()) == {"token"}


def test_a_signed_token_is_known_by_what_no_other_one_has() -> None:
    head = base64.urlsafe_b64encode(b'{"alg":"RS256","kid":"one-key-for-all"}').decode().rstrip("=")
    one = Secret(kind="id", value=f"{head}.{'a1B2' * 30}.{'c3D4' * 30}")
    another = f"{head}.{'e5F6' * 30}.{'g7H8' * 30}".encode()
    assert not Searcher([one]).in_bytes(another, "here")
    assert Searcher([one]).in_bytes(one.value[-40:].encode(), "here")


def test_an_archive_is_looked_into(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("logs/one.txt", gzip.compress(TOKEN.encode()))
    (tmp_path / "support.zip").write_bytes(inner.getvalue())
    places = {one.place for one in searcher().in_folder(tmp_path)}
    assert places == {f"{tmp_path.name}/support.zip › zip:logs/one.txt › gzip"}


def test_a_name_of_a_file_may_give_a_secret_away(tmp_path: Path) -> None:
    (tmp_path / f"page-{TOKEN[-20:]}").touch()
    assert {one.place for one in searcher().in_folder(tmp_path)} == {f"{tmp_path.name}: names"}


def test_what_was_deleted_from_a_database_is_found(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    with closing(sqlite3.connect(path)) as rows:
        rows.execute("PRAGMA secure_delete = OFF")
        rows.execute("CREATE TABLE kept (value TEXT)")
        rows.execute("INSERT INTO kept VALUES (?)", (TOKEN,))
        rows.commit()
        rows.execute("DELETE FROM kept")
        rows.commit()
    assert {one.kind for one in searcher().in_folder(tmp_path)} == {"token"}


def test_a_long_value_is_read_whole_and_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    with closing(sqlite3.connect(path)) as rows:
        rows.execute("PRAGMA page_size = 512")
        rows.execute("CREATE TABLE kept (value BLOB)")
        for length in range(380, 520):  # wherever a page ends
            rows.execute("INSERT INTO kept VALUES (?)", ("." * length + TOKEN,))
        rows.execute("INSERT INTO kept VALUES (?)", (gzip.compress(PHRASE.encode()),))
        rows.commit()
    kinds = {one.kind for one in searcher().in_folder(tmp_path)}
    assert kinds == {"token", "phrase"}


def test_what_waits_in_the_log_of_a_database_is_found(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "people.db")) as rows:
        rows.execute("PRAGMA journal_mode = WAL")
        rows.execute("CREATE TABLE kept (value TEXT)")
        rows.execute("INSERT INTO kept VALUES (?)", (TOKEN,))
        rows.commit()
        places = {one.place for one in searcher().in_folder(tmp_path)}
    assert f"{tmp_path.name}/people.db-wal" in places


@given(st.text(max_size=200))
def test_other_words_are_no_find(words: str) -> None:
    assert not found(words.encode("utf-8", "surrogatepass"))


def test_every_spelling_has_a_name_and_some_letters() -> None:
    for name, ways in spellings(TOKEN[:20]).items():
        assert name in ENCODINGS
        assert all(len(way) >= 20 for way in ways)
