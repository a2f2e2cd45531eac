from __future__ import annotations

import os
import sqlite3
import stat
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from tests.unit.store.conftest import OpenDatabase, StillClock
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.store import database
from wizard.store.database import Database

NOTES = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, done INTEGER) STRICT;"


class Mood(StrEnum):
    GOOD = "good"


@dataclass(frozen=True, kw_only=True)
class Note:
    id: int
    text: str
    done: bool


@pytest.fixture
def notes(open_database: OpenDatabase) -> Database:
    return open_database(steps=(NOTES,))


def add(database: Database, *texts: str, durable: bool = True) -> None:
    with database.transaction(durable=durable) as work:
        work.many("INSERT INTO note (text, done) VALUES (?, 0)", [(text,) for text in texts])


def count(database: Database) -> int:
    with database.read() as read:
        return read.value(int, "SELECT count(*) FROM note")


def test_rows_come_back_as_the_shape_that_was_asked_for(notes: Database) -> None:
    add(notes, "one", "two")
    with notes.read() as read:
        assert read.all(Note, "SELECT * FROM note ORDER BY id") == [
            Note(id=1, text="one", done=False),
            Note(id=2, text="two", done=False),
        ]
        assert read.first(Note, "SELECT * FROM note WHERE id = 9") is None
        assert list(read.values(str, "SELECT text FROM note ORDER BY id DESC")) == ["two", "one"]
        assert read.value(Mood, "SELECT 'good'") is Mood.GOOD
        with pytest.raises(LookupError):
            read.value(int, "SELECT id FROM note WHERE id = :id", {"id": 9})


def test_a_cell_that_does_not_fit_its_shape_counts_as_damage(notes: Database) -> None:
    with notes.read() as read, pytest.raises(Trouble) as caught:
        read.value(Mood, "SELECT 'bad'")
    assert caught.value.code is Code.DATABASE_DAMAGED


def test_a_transaction_that_raises_leaves_nothing_behind(notes: Database) -> None:
    def half() -> None:
        with notes.transaction() as work:
            work.execute("INSERT INTO note (text) VALUES ('half')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert count(notes) == 0
    add(notes, "whole")
    assert count(notes) == 1


def test_a_read_keeps_its_state_while_others_write(notes: Database) -> None:
    add(notes, "before")
    with notes.read() as read:
        assert read.value(int, "SELECT count(*) FROM note") == 1
        writer = threading.Thread(target=add, args=(notes, "meanwhile"))
        writer.start()
        writer.join()
        assert read.value(int, "SELECT count(*) FROM note") == 1
    assert count(notes) == 2


def test_rows_can_be_walked_while_a_transaction_changes_them(notes: Database) -> None:
    add(notes, *[f"note {number}" for number in range(2000)])
    with notes.transaction() as work:
        seen = 0
        for note in work.rows(Note, "SELECT * FROM note"):
            seen += 1
            assert not note.done
    assert seen == 2000


def test_a_read_inside_a_transaction_sees_its_changes(notes: Database) -> None:
    with notes.transaction() as work:
        work.execute("INSERT INTO note (text, done) VALUES ('mine', 0)")
        assert count(notes) == 1


def test_a_transaction_inside_a_transaction_is_our_own_mistake(notes: Database) -> None:
    with notes.transaction(), pytest.raises(RuntimeError), notes.transaction():
        raise AssertionError("never reached")


def test_a_read_cannot_write(notes: Database) -> None:
    with notes.read() as read, pytest.raises(Trouble):
        list(read.values(int, "INSERT INTO note (text) VALUES ('no') RETURNING id"))
    assert count(notes) == 0


def test_a_broken_constraint_stays_what_it_is(notes: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError), notes.transaction() as work:
        work.execute("INSERT INTO note (text) VALUES (NULL)")


def test_many_threads_can_read_and_write_at_once(notes: Database) -> None:
    counts: list[int] = []

    def work() -> None:
        for number in range(20):
            add(notes, f"{number}", durable=False)
            counts.append(count(notes))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(notes) == 120
    assert len(counts) == 120
    assert max(counts) == 120


def test_a_durable_transaction_waits_for_the_disk_and_a_cache_does_not(notes: Database) -> None:
    with notes.transaction() as work:
        assert work.value(int, "PRAGMA synchronous") == 2
    with notes.transaction(durable=False) as work:
        assert work.value(int, "PRAGMA synchronous") == 1
    with notes.transaction() as work:
        assert work.value(int, "PRAGMA synchronous") == 2
        assert work.value(str, "PRAGMA journal_mode") == "wal"
        assert work.value(int, "PRAGMA foreign_keys") == 1


def test_a_long_statement_ends_soon_after_it_is_cancelled(notes: Database) -> None:
    cancel = Cancel()
    timer = threading.Timer(0.2, cancel.stop)
    timer.start()
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    def forever() -> None:
        with notes.transaction(cancel=cancel) as work:
            work.execute("INSERT INTO note (text) VALUES ('gone again')")
            work.value(int, endless)

    with pytest.raises(Trouble) as caught:
        forever()
    timer.join()
    assert caught.value.code is Code.CANCELLED
    assert count(notes) == 0
    add(notes, "goes on")
    assert count(notes) == 1


@pytest.mark.skipif(os.name != "posix", reason="rights are told otherwise on Windows")
def test_the_file_and_its_log_are_for_the_owner_alone(notes: Database) -> None:
    add(notes, "secretish")
    files = list(notes.path.parent.iterdir())
    assert {file.name for file in files} >= {"sync.db", "sync.db-wal"}
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(notes.path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="rights are told otherwise on Windows")
def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path, clock: StillClock) -> None:
    path = tmp_path / "open.db"
    Database.open(path, clock).close()
    path.chmod(0o644)
    Database.open(path, clock).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_lock_that_is_held_elsewhere_is_told_as_busy(notes: Database) -> None:
    other = sqlite3.connect(notes.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with notes.read() as read:
        assert read.value(int, "SELECT count(*) FROM note") == 0
    with pytest.raises(Trouble) as caught, _impatient(notes).transaction():
        raise AssertionError("never reached")
    other.close()
    assert caught.value.code is Code.DATABASE_BUSY


def _impatient(database: Database) -> Database:
    connection = database._writer
    assert connection is not None
    connection.execute("PRAGMA busy_timeout = 100")
    return database


def test_a_full_disk_is_told_and_takes_nothing_away(notes: Database) -> None:
    add(notes, "kept")
    connection = notes._writer
    assert connection is not None
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Trouble) as caught:
        add(notes, *["x" * 4000] * 50)
    assert caught.value.code is Code.DISK_FULL
    assert caught.value.facts["folder"] == str(notes.path.parent)
    assert count(notes) == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, clock: StillClock) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(Trouble) as caught:
        Database.open(tmp_path / "taken" / "sync.db", clock)
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path, clock: StillClock) -> None:
    (tmp_path / "sync.db").mkdir()
    with pytest.raises(Trouble) as caught:
        Database.open(tmp_path / "sync.db", clock)
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE


def test_a_closed_database_answers_nobody(notes: Database) -> None:
    notes.close()
    with pytest.raises(RuntimeError), notes.read():
        raise AssertionError("never reached")
    with pytest.raises(RuntimeError), notes.transaction():
        raise AssertionError("never reached")


def count_often(database: Database) -> None:
    for _ in range(100_000):
        count(database)


def test_closing_waits_for_whoever_reads_and_cancels_whoever_comes_later(notes: Database) -> None:
    add(notes, *(f"note {number}" for number in range(2000)))
    reading_now, go_on, read = threading.Event(), threading.Event(), list[str]()

    def reader() -> None:
        with notes.read() as reading:
            rows = reading.values(str, "SELECT text FROM note ORDER BY rowid")
            read.append(next(rows))
            reading_now.set()
            assert go_on.wait(10)
            read.extend(rows)

    asking = threading.Thread(target=reader)
    closing = threading.Thread(target=notes.retire)
    asking.start()
    assert reading_now.wait(10)
    closing.start()
    with pytest.raises(Trouble) as caught:
        count_often(notes)
    assert caught.value.code is Code.CANCELLED
    go_on.set()
    asking.join()
    closing.join()
    assert len(read) == 2000
    with pytest.raises(Trouble) as caught, notes.transaction():
        raise AssertionError("never reached")
    assert caught.value.code is Code.CANCELLED


class Slow:
    """Somebody who reads on a thread of their own for longer than closing waits."""

    def __init__(self, database: Database, ask: str) -> None:
        self._database = database
        self._ask = ask
        self.began, self.go_on = threading.Event(), threading.Event()
        self.ended: Trouble | int | None = None
        self.thread = threading.Thread(target=self._read)
        self.thread.start()
        assert self.began.wait(10)

    def _read(self) -> None:
        try:
            with self._database.read() as reading:
                self.began.set()
                assert self.go_on.wait(10)
                self.ended = reading.value(int, self._ask)
        except Trouble as trouble:
            self.ended = trouble

    def end(self) -> None:
        self.go_on.set()
        self.thread.join()


def test_a_reader_who_asks_nothing_for_long_keeps_the_connection_until_the_end(
    notes: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    monkeypatch.setattr(database, "_ENDING_SECONDS", 0.05)
    slow = Slow(notes, "SELECT 7")
    notes.retire()
    slow.end()
    assert slow.ended == 7
    with pytest.raises(Trouble) as caught, notes.read():
        raise AssertionError("never reached")
    assert caught.value.code is Code.CANCELLED
    assert notes._all == []


def test_a_question_that_takes_too_long_is_cancelled_by_closing(
    notes: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.3)
    monkeypatch.setattr(database, "_ENDING_SECONDS", 10.0)
    slow = Slow(
        notes,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    )
    slow.go_on.set()
    notes.retire()
    slow.end()
    assert isinstance(slow.ended, Trouble)
    assert slow.ended.code is Code.CANCELLED


@pytest.mark.skipif(os.name != "posix", reason="an open file can't be taken away there")
def test_a_database_that_another_process_put_in_its_place_is_noticed(
    notes: Database, open_database: OpenDatabase
) -> None:
    assert not notes.replaced
    notes.path.unlink()
    assert not notes.replaced, "there is nothing to turn to"
    there = open_database(steps=(NOTES,))
    assert there.path == notes.path
    assert (notes.replaced, there.replaced) == (True, False)
