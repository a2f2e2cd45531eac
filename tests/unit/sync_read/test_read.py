from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.sync_read.conftest import (
    CUSTOMER,
    RIGHTS,
    Directory,
    ids,
    person,
    pin,
    read,
    tables,
)
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.directory import (
    DirectoryGroup,
    MemberEdge,
    MemberKind,
    ProviderId,
    UserState,
)
from wizard.core.trouble import Code, Trouble
from wizard.store.database import Database
from wizard.sync.read import allowed_shrinkage, read_directory
from wizard.sync.snapshot import Staging, pin_connection, pinned_connection


def refused(database: Database, directory: Directory, cancel: Cancel | None = None) -> Trouble:
    with pytest.raises(Trouble) as caught:
        read(database, directory, cancel=cancel)
    return caught.value


def test_everybody_read_is_in_the_snapshot_as_the_directory_told_it(
    database: Database, directory: Directory
) -> None:
    directory.hire(120)
    directory.suspend("u000007")
    directory.deleted.add("u999999")
    result = read(database, directory)
    assert (result.people, result.generation, result.requests) == (120, 1, 6)
    assert ids(database) == set(directory.people)
    with database.read() as reading:
        row = reading.first(dict, "SELECT * FROM snap_user WHERE id = 'u000007'")
        assert row is not None
        assert row.pop("digest") != ""
        assert row == {
            "id": "u000007",
            "address": "Person7@nordby.example",
            "address_key": "person7@nordby.example",
            "given_name": "Ana",
            "family_name": "Ødegård 7",
            "state": "suspended",
            "unit_path": "/Sales",
            "aliases": "p7@nordby.example",
            "is_admin": 0,
        }
        assert list(reading.values(str, "SELECT id FROM snap_deleted")) == ["u999999"]
        assert list(reading.values(str, "SELECT path FROM snap_unit ORDER BY 1")) == ["/", "/Sales"]
    pinned = pinned_connection(database)
    assert pinned is not None
    assert pinned.people == 120
    assert pinned.rights == RIGHTS
    assert pinned.domains == {"nordby.example"}
    assert pinned.read_at is not None


def test_the_digest_changes_with_the_person_and_with_nothing_else(
    database: Database, directory: Directory
) -> None:
    def digests() -> dict[str, str]:
        with database.read() as reading:
            rows = reading.all(dict, "SELECT id, digest FROM snap_user")
            return {row["id"]: row["digest"] for row in rows}

    directory.hire(3)
    read(database, directory)
    before = digests()
    directory.people["u000001"] = replace(person(1), family_name="Berg")
    read(database, directory)
    after = digests()
    assert {key for key in before if before[key] != after[key]} == {"u000001"}


def test_only_the_newest_generation_is_kept(database: Database, directory: Directory) -> None:
    directory.hire(10)
    read(database, directory)
    directory.hire(1, start=10)
    assert read(database, directory).generation == 2
    assert len(ids(database)) == 11
    assert tables(database) == {
        f"{kind}_g2" for kind in ("user", "deleted", "unit", "group", "member", "walked")
    }


def test_progress_tells_how_many_and_how_many_last_time(
    database: Database, directory: Directory
) -> None:
    directory.hire(120)
    heard: list[tuple[int, int]] = []
    for _ in range(2):
        read_directory(
            database,
            directory,
            needs_groups=False,
            cancel=Cancel(),
            progress=lambda done, total: heard.append((done, total)),
        )
    assert heard[:4] == [(0, 0), (50, 0), (100, 0), (120, 0)]
    assert heard[4:] == [(0, 120), (50, 120), (100, 120), (120, 120)]


def test_somebody_listed_twice_counts_once_and_as_told_last(
    database: Database, directory: Directory
) -> None:
    directory.hire(60)
    directory.told_twice = [replace(person(3), family_name="Later"), person(4)]
    assert read(database, directory).people == 60
    with database.read() as reading:
        found = reading.value(str, "SELECT family_name FROM snap_user WHERE id = 'u000003'")
    assert found == "Later"


def test_groups_are_read_only_when_the_scope_needs_them(
    database: Database, directory: Directory
) -> None:
    directory.hire(2)
    directory.groups_ = [
        DirectoryGroup(id="g1", address="all@nordby.example", name="All"),
        DirectoryGroup(id="g2", address="none@nordby.example", name="None"),
    ]
    edge = MemberEdge(group_id="g1", member_id="u000000", kind=MemberKind.USER)
    everyone = MemberEdge(group_id="g1", member_id="", kind=MemberKind.EVERYONE)
    directory.edges = [edge, edge, everyone]
    read(database, directory)
    assert "groups" not in directory.told
    with database.read() as reading:
        assert reading.value(int, "SELECT count(*) FROM snap_group") == 0
    read(database, directory, needs_groups=True)
    with database.read() as reading:
        assert reading.value(int, "SELECT count(*) FROM snap_group") == 2
        kinds = list(reading.values(str, "SELECT kind FROM snap_member ORDER BY kind"))
    assert kinds == ["everyone", "user"]


def test_only_the_groups_of_the_scope_and_those_within_them_are_read(
    database: Database, directory: Directory
) -> None:
    directory.hire(3)
    directory.groups_ = [
        DirectoryGroup(id=f"g{number}", address=f"g{number}@nordby.example", name=f"{number}")
        for number in range(50)
    ]

    def edge(group_id: str, member_id: str, kind: MemberKind) -> MemberEdge:
        return MemberEdge(group_id=group_id, member_id=member_id, kind=kind)

    directory.edges = [
        edge("g1", "g2", MemberKind.GROUP),
        edge("g2", "g3", MemberKind.GROUP),
        edge("g3", "g1", MemberKind.GROUP),
        edge("g3", "u000001", MemberKind.USER),
        edge("g9", "u000002", MemberKind.USER),
    ]
    read_directory(
        database,
        directory,
        needs_groups=True,
        groups=frozenset({"g1", "gone"}),
        cancel=Cancel(),
        progress=lambda _done, _total: None,
    )
    assert directory.told.count("members") == 4
    with database.read() as reading:
        found = reading.values(str, "SELECT DISTINCT group_id FROM snap_member ORDER BY 1")
        assert list(found) == ["g1", "g2", "g3"]
        assert reading.value(int, "SELECT count(*) FROM snap_group") == 50


def test_a_page_that_fails_leaves_the_snapshot_as_it_was(
    database: Database, directory: Directory
) -> None:
    directory.hire(200)
    read(database, directory)
    before = tables(database)
    directory.hire(100, start=200)
    directory.fail_on_page = 4
    assert refused(database, directory).code is Code.CONNECTION_LOST
    assert len(ids(database)) == 200
    assert tables(database) == before


def test_a_cancelled_read_leaves_the_snapshot_as_it_was(
    database: Database, directory: Directory
) -> None:
    directory.hire(200)
    read(database, directory)
    before = tables(database)
    directory.hire(100, start=200)
    directory.cancel_on_page = 3
    assert refused(database, directory).code is Code.CANCELLED
    assert len(ids(database)) == 200
    assert tables(database) == before


def test_a_cancel_before_the_first_request_asks_nothing(
    database: Database, directory: Directory
) -> None:
    cancel = Cancel()
    cancel.stop()
    assert refused(database, directory, cancel).code is Code.CANCELLED
    assert directory.told == []


def test_a_directory_that_reads_empty_is_not_believed(
    database: Database, directory: Directory
) -> None:
    assert refused(database, directory).code is Code.READ_EMPTY
    directory.hire(3)
    read(database, directory)
    directory.people.clear()
    assert refused(database, directory).code is Code.READ_EMPTY
    assert len(ids(database)) == 3


def test_people_in_units_of_whom_none_was_told_are_no_complete_read(
    database: Database, directory: Directory
) -> None:
    directory.hire(3)
    read(database, directory)
    directory.units_ = []
    assert refused(database, directory).code is Code.READ_INCOMPLETE
    for user in list(directory.people.values()):
        directory.people[user.id] = replace(user, unit_path="/")
    read(database, directory)  # nobody is in a unit, and there is none


def test_another_customers_directory_is_refused_before_anything_is_read(
    database: Database, directory: Directory
) -> None:
    directory.hire(3)
    directory.customer_id = "C0other99"
    trouble = refused(database, directory)
    assert trouble.code is Code.OTHER_CUSTOMER
    assert dict(trouble.facts) == {"expected": CUSTOMER, "found": "C0other99"}
    assert directory.told == ["customer"]


def test_fewer_rights_than_at_the_last_good_read_are_refused(
    database: Database, directory: Directory
) -> None:
    directory.hire(3)
    read(database, directory)
    directory.granted = frozenset({"users.read"})
    trouble = refused(database, directory)
    assert trouble.code is Code.SCOPES_MISSING
    assert dict(trouble.facts) == {"missing": "groups.read"}
    directory.granted = RIGHTS | {"more.read"}
    assert read(database, directory).people == 3


@pytest.mark.parametrize(
    ("people", "allowed"), [(0, 5), (100, 5), (119, 5), (120, 6), (1000, 50), (100_000, 5000)]
)
def test_five_people_or_five_percent_may_be_missing(people: int, allowed: int) -> None:
    assert allowed_shrinkage(people) == allowed


def test_a_listing_that_lost_a_page_is_not_believed(
    database: Database, directory: Directory
) -> None:
    directory.hire(200)
    read(database, directory)
    directory.dropped_from_listing = {f"u{number:06}" for number in range(50)}
    trouble = refused(database, directory)
    assert trouble.code is Code.READ_SHRUNK
    assert dict(trouble.facts) == {"before": 200, "now": 150}
    assert len(ids(database)) == 200


def test_new_people_do_not_make_up_for_those_who_are_missing(
    database: Database, directory: Directory
) -> None:
    directory.hire(200)
    read(database, directory)
    directory.hire(100, start=200)
    directory.dropped_from_listing = {f"u{number:06}" for number in range(50)}
    assert refused(database, directory).code is Code.READ_SHRUNK


def test_as_few_as_may_be_missing_are_believed_without_a_question(
    database: Database, directory: Directory
) -> None:
    directory.hire(200)
    read(database, directory)
    directory.let_go(*[f"u{number:06}" for number in range(10)], remembered=False)
    assert read(database, directory).people == 190
    assert "look-up" not in directory.told


def test_people_whom_the_directory_itself_reports_as_deleted_are_believed(
    database: Database, directory: Directory
) -> None:
    directory.hire(200)
    read(database, directory)
    directory.let_go(*[f"u{number:06}" for number in range(150)])
    assert read(database, directory).people == 50
    assert "look-up" not in directory.told


def test_suspended_people_are_still_read_and_so_never_missing(
    database: Database, directory: Directory
) -> None:
    directory.hire(100)
    read(database, directory)
    for number in range(90):
        directory.suspend(f"u{number:06}")
    assert read(database, directory).people == 100


def test_people_deleted_so_long_ago_that_the_directory_forgot_are_looked_up(
    database: Database, directory: Directory
) -> None:
    directory.hire(200)
    read(database, directory)
    directory.let_go(*[f"u{number:06}" for number in range(30)], remembered=False)
    assert read(database, directory).people == 170
    assert directory.told.count("look-up") == 30


def test_of_very_many_who_are_gone_a_part_is_asked_for(
    database: Database, directory: Directory
) -> None:
    directory.page = 500
    directory.hire(2500)
    read(database, directory)
    directory.let_go(*[f"u{number:06}" for number in range(1500)], remembered=False)
    assert read(database, directory).people == 1000
    assert directory.told.count("look-up") == 1000


def test_a_lost_page_among_very_many_who_are_gone_is_noticed(
    database: Database, directory: Directory
) -> None:
    directory.page = 500
    directory.hire(2500)
    read(database, directory)
    directory.let_go(*[f"u{number:06}" for number in range(1500)], remembered=False)
    directory.dropped_from_listing = {f"u{number:06}" for number in range(2000, 2500)}
    assert refused(database, directory).code is Code.READ_SHRUNK
    assert len(ids(database)) == 2500


def test_a_look_up_that_is_refused_explains_nobody(
    database: Database, directory: Directory
) -> None:
    directory.hire(200)
    read(database, directory)
    directory.let_go(*[f"u{number:06}" for number in range(30)], remembered=False)
    directory.look_up_code = Code.DIRECTORY_FORBIDDEN
    assert refused(database, directory).code is Code.DIRECTORY_FORBIDDEN
    assert len(ids(database)) == 200


@settings(max_examples=60, deadline=None)
@given(
    people=st.integers(1, 260),
    dropped=st.sets(st.integers(0, 259)),
    deleted=st.sets(st.integers(0, 259)),
    hired=st.integers(0, 60),
)
def test_a_read_counts_only_when_nobody_is_missing_without_a_word(
    tmp_path_factory: pytest.TempPathFactory,
    people: int,
    dropped: set[int],
    deleted: set[int],
    hired: int,
) -> None:
    directory = Directory()
    directory.hire(people)
    database = Database.open(tmp_path_factory.mktemp("read") / "sync.db", SystemClock())
    pin(database)
    read(database, directory)
    before = ids(database)
    directory.hire(hired, start=1000)
    directory.let_go(*[f"u{n:06}" for n in deleted if n < people])
    directory.dropped_from_listing = {f"u{n:06}" for n in dropped if n < people}
    missing = directory.dropped_from_listing - directory.deleted
    listed = set(directory.people) - directory.dropped_from_listing
    if listed and len(missing) <= allowed_shrinkage(people):
        read(database, directory)
        assert ids(database) == listed
    else:
        assert refused(database, directory).code in {Code.READ_SHRUNK, Code.READ_EMPTY}
        assert ids(database) == before
    database.close()


def test_a_database_stays_with_the_customer_it_was_pinned_to(database: Database) -> None:
    pin(database)
    with pytest.raises(Trouble) as caught:
        pin(database, customer_id="C0other99")
    assert caught.value.code is Code.OTHER_CUSTOMER
    with pytest.raises(Trouble):
        pin_connection(
            database,
            provider=ProviderId.MICROSOFT,
            customer_id=CUSTOMER,
            ou_id="ou-1",
            account_id="oa-1",
        )


def test_a_connection_made_anew_at_the_service_has_its_links_rebuilt(database: Database) -> None:
    with database.transaction() as work:
        work.execute("UPDATE connection SET links_rebuilt_at = '2026-01-01T00:00:00.000Z'")
    pin(database)
    with database.read() as reading:
        rebuilt = "SELECT links_rebuilt_at IS NOT NULL FROM connection"
        assert reading.value(bool, rebuilt)
        pin(database, account_id="oa-2")
    with database.read() as reading:
        assert not reading.value(bool, rebuilt)


def test_a_database_that_is_not_pinned_is_not_read_into(
    tmp_path: Path, directory: Directory
) -> None:
    loose = Database.open(tmp_path / "loose.db", SystemClock())
    with pytest.raises(RuntimeError):
        read(loose, directory)
    loose.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.unit.sync_read.conftest import Directory, pin, read
from wizard.core.clock import SystemClock
from wizard.store.database import Database

database = Database.open(Path(sys.argv[1]), SystemClock())
pin(database)
directory = Directory()
directory.hire(200)
read(database, directory)
directory.hire(300, start=200)


class Killing(Directory):
    def users(self, cancel):
        for number, page in enumerate(super().users(cancel)):
            yield page
            if number == 4:
                os.kill(os.getpid(), signal.SIGKILL)


read(database, Killing(people=directory.people))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_read_killed_half_way_shows_nothing_and_is_cleared_by_the_next(
    tmp_path: Path, directory: Directory
) -> None:
    path = tmp_path / "sync.db"
    command = [sys.executable, "-c", KILLED, str(path)]
    ended = subprocess.run(command, check=False, timeout=60, cwd=Path(__file__).parents[3])
    assert ended.returncode == -9
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT count(*) FROM user_g2").fetchone()[0] >= 200
    raw.close()

    database = Database.open(path, SystemClock())
    assert len(ids(database)) == 200
    directory.hire(500)
    assert read(database, directory).people == 500
    assert {int(name.rsplit("_g", 1)[1]) for name in tables(database)} == {2}
    database.close()


def test_a_disk_that_fills_up_in_mid_read_is_told_and_leaves_the_snapshot_as_it_was(
    database: Database, directory: Directory
) -> None:
    directory.hire(100)
    read(database, directory)
    directory.hire(5000, start=100)
    connection = database._writer
    assert connection is not None
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 8}")
    assert refused(database, directory).code is Code.DISK_FULL
    assert len(ids(database)) == 100
    connection.execute("PRAGMA max_page_count = 1000000")
    assert read(database, directory).people == 5100


def test_a_cancel_while_the_indexes_are_made_ends_the_read(
    database: Database, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.hire(100)
    read(database, directory)
    cancel = Cancel()
    finish = Staging.finish

    def stopped(staging: Staging, given: Cancel) -> None:
        cancel.stop()
        finish(staging, given)

    monkeypatch.setattr(Staging, "finish", stopped)
    directory.hire(100, start=100)
    assert refused(database, directory, cancel).code is Code.CANCELLED
    assert len(ids(database)) == 100
    assert len(tables(database)) == 6


def test_a_second_read_at_the_same_time_is_refused_and_disturbs_nothing(
    database: Database, directory: Directory
) -> None:
    directory.hire(120)
    second = Database.open(database.path, SystemClock())
    codes: list[Code] = []

    def meanwhile(done: int, _total: int) -> None:
        if done == 50:
            pin(second)
            codes.append(refused(second, directory).code)

    read_directory(database, directory, needs_groups=False, cancel=Cancel(), progress=meanwhile)
    second.close()
    assert codes == [Code.SYNC_ALREADY_RUNNING]
    assert len(ids(database)) == 120


def test_leftovers_of_a_crash_are_cleared_when_the_connection_is_opened(
    database: Database, directory: Directory
) -> None:
    directory.hire(5)
    read(database, directory)
    Staging(database).add_users([person(1)])
    assert len(tables(database)) == 12
    pin(database)
    assert len(tables(database)) == 6
    assert len(ids(database)) == 5


def test_a_page_token_that_grew_old_makes_the_listing_begin_anew_once(
    database: Database, directory: Directory
) -> None:
    directory.hire(200)
    directory.stale_on_page = 3
    directory.stale_times = 1
    assert read(database, directory).people == 200
    assert {int(name.rsplit("_g", 1)[1]) for name in tables(database)} == {1}
    directory.stale_times = 2
    assert refused(database, directory).code is Code.PAGE_TOKEN_STALE
    assert len(ids(database)) == 200


def test_states_are_kept_as_told(database: Database, directory: Directory) -> None:
    told = (person(1), person(2, UserState.ARCHIVED), person(3, UserState.SUSPENDED))
    directory.people = {user.id: user for user in told}
    read(database, directory)
    with database.read() as reading:
        states = list(reading.values(UserState, "SELECT state FROM snap_user ORDER BY id"))
    assert states == [UserState.ACTIVE, UserState.ARCHIVED, UserState.SUSPENDED]
