from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.unit.store.conftest import OpenDatabase, StillClock
from wizard.core.clock import SystemClock
from wizard.core.trouble import Code, Trouble
from wizard.store import schema
from wizard.store.database import Database

ONE = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
TWO = """
ALTER TABLE note ADD COLUMN mood TEXT NOT NULL DEFAULT 'good';
CREATE TRIGGER calm AFTER INSERT ON note BEGIN
    UPDATE note SET mood = 'calm' WHERE id = new.id; -- a semicolon inside
END;
"""
BROKEN = "CREATE TABLE extra (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1);"


def texts(database: Database) -> list[str]:
    with database.read() as read:
        return list(read.values(str, "SELECT text FROM note ORDER BY id"))


def test_the_shipped_steps_make_todays_shape(open_database: OpenDatabase) -> None:
    database = open_database()
    with database.read() as read:
        assert read.value(int, "PRAGMA user_version") == schema.VERSION
        assert read.value(str, "PRAGMA quick_check") == "ok"
        for view in ("snap_user", "snap_deleted", "snap_group", "snap_member", "snap_unit"):
            assert read.value(int, f"SELECT count(*) FROM {view}") == 0
        loose = read.values(
            str,
            "SELECT name FROM pragma_table_list"
            " WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'",
        )
        assert list(loose) == []
    assert database.set_aside is None


def test_a_new_step_keeps_what_is_there_and_leaves_a_copy_of_before(
    open_database: OpenDatabase,
) -> None:
    old = open_database(steps=(ONE,))
    with old.transaction() as work:
        work.execute("INSERT INTO note (text) VALUES ('kept')")
    old.close()

    new = open_database(steps=(ONE, TWO))
    with new.transaction() as work:
        work.execute("INSERT INTO note (text) VALUES ('later')")
        assert list(work.values(str, "SELECT mood FROM note ORDER BY id")) == ["good", "calm"]

    copy = new.path.with_name("sync.before-2.db")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    before = sqlite3.connect(copy)
    assert before.execute("SELECT * FROM note").fetchall() == [(1, "kept")]
    assert before.execute("PRAGMA user_version").fetchone() == (1,)
    before.close()


def test_opening_again_copies_nothing(open_database: OpenDatabase) -> None:
    open_database(steps=(ONE,)).close()
    database = open_database(steps=(ONE,))
    assert [file.name for file in database.path.parent.glob("*before*")] == []


def test_a_step_that_fails_half_way_changes_nothing(open_database: OpenDatabase) -> None:
    old = open_database(steps=(ONE,))
    with old.transaction() as work:
        work.execute("INSERT INTO note (text) VALUES ('kept')")
    old.close()
    with pytest.raises(sqlite3.OperationalError):
        open_database(steps=(ONE, BROKEN))
    again = open_database(steps=(ONE,))
    assert texts(again) == ["kept"]
    with again.read() as read:
        assert read.value(int, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == 0


def test_a_file_of_a_newer_program_is_refused_and_left_alone(open_database: OpenDatabase) -> None:
    newer = open_database(steps=(ONE, TWO))
    newer.close()
    content = newer.path.read_bytes()
    with pytest.raises(Trouble) as caught:
        open_database(steps=(ONE,))
    assert caught.value.code is Code.DATABASE_TOO_NEW
    assert dict(caught.value.facts) == {"file": "sync.db", "found": 2, "known": 1}
    assert newer.path.read_bytes() == content


def test_a_file_that_is_no_database_is_set_aside_and_a_new_one_begun(
    tmp_path: Path, clock: StillClock
) -> None:
    path = tmp_path / "sync.db"
    path.write_bytes(b"this was never a database, whatever its name says. " * 100)
    database = Database.open(path, clock)
    aside = tmp_path / "sync.damaged-20260302T080000Z.db"
    assert database.set_aside == aside
    assert aside.read_bytes().startswith(b"this was never")
    with database.read() as read:
        assert read.value(int, "SELECT count(*) FROM link") == 0
    database.close()


def test_a_file_with_torn_pages_is_set_aside_with_its_log(
    tmp_path: Path, clock: StillClock
) -> None:
    path = tmp_path / "sync.db"
    database = Database.open(path, clock, steps=(ONE,))
    with database.transaction() as work:
        work.many("INSERT INTO note (text) VALUES (?)", [("x" * 300,)] * 500)
    database.close()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\xff" * (4096 * 3)
    path.write_bytes(bytes(content))

    fresh = Database.open(path, clock, steps=(ONE,))
    assert fresh.set_aside is not None
    assert fresh.set_aside.read_bytes() == bytes(content)
    assert texts(fresh) == []
    fresh.close()


def test_a_database_of_another_program_is_set_aside(tmp_path: Path, clock: StillClock) -> None:
    path = tmp_path / "sync.db"
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE somebody_elses (id)")
    foreign.commit()
    foreign.close()
    database = Database.open(path, clock)
    assert database.set_aside is not None
    database.close()


def test_two_damaged_files_in_one_second_are_both_kept(tmp_path: Path, clock: StillClock) -> None:
    path = tmp_path / "sync.db"
    asides = []
    for content in (b"first garbage" * 99, b"second garbage" * 99):
        path.write_bytes(content)
        database = Database.open(path, clock)
        database.close()
        assert database.set_aside is not None
        asides.append(database.set_aside.read_bytes()[:6])
    assert asides == [b"first ", b"second"]


def test_an_empty_file_is_a_new_database(tmp_path: Path, clock: StillClock) -> None:
    (tmp_path / "sync.db").touch()
    database = Database.open(tmp_path / "sync.db", clock)
    assert database.set_aside is None
    database.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from wizard.core.clock import SystemClock
from wizard.store.database import Database

database = Database.open(Path(sys.argv[1]), SystemClock(), steps=(sys.argv[2],))
for number in range(20):
    with database.transaction() as work:
        work.execute("INSERT INTO note (text) VALUES (?)", (f"answered {number}",))
with database.transaction() as work:
    work.execute("INSERT INTO note (text) VALUES ('never committed')")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_process_loses_nothing_that_was_committed(
    tmp_path: Path, clock: StillClock
) -> None:
    path = tmp_path / "sync.db"
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path), ONE], check=False, timeout=60)
    assert ended.returncode == -9
    database = Database.open(path, clock, steps=(ONE,))
    assert database.set_aside is None
    assert texts(database) == [f"answered {number}" for number in range(20)]
    database.close()


def test_several_who_open_a_damaged_file_at_once_set_it_aside_once(tmp_path: Path) -> None:
    path = tmp_path / "sync.db"
    path.write_bytes(b"garbage of some length, and nothing else " * 200)
    opened: list[Database] = []

    def open_it() -> None:
        opened.append(Database.open(path, SystemClock(), steps=(ONE,)))

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in opened:
        database.close()
    assert len(opened) == 6
    assert [database.set_aside is not None for database in opened].count(True) == 1
    assert len(list(tmp_path.glob("*damaged*.db"))) == 1


def test_several_who_open_an_old_file_at_once_bring_it_up_to_date_once(tmp_path: Path) -> None:
    path = tmp_path / "sync.db"
    old = Database.open(path, SystemClock(), steps=(ONE,))
    with old.transaction() as work:
        work.execute("INSERT INTO note (text) VALUES ('kept')")
    old.close()
    opened: list[Database] = []

    def open_it() -> None:
        opened.append(Database.open(path, SystemClock(), steps=(ONE, TWO)))

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [texts(database) for database in opened] == [["kept"]] * 4
    for database in opened:
        database.close()
