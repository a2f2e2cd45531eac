from __future__ import annotations

import pytest

from tests.unit.sync_read.conftest import Directory, read
from wizard.core.cancel import Cancel
from wizard.core.directory import DirectoryGroup, MemberEdge, MemberKind
from wizard.core.trouble import Code, Trouble
from wizard.store.database import Database
from wizard.sync.read_groups import missing_groups, read_groups


def edge(group_id: str, member_id: str, kind: MemberKind = MemberKind.USER) -> MemberEdge:
    return MemberEdge(group_id=group_id, member_id=member_id, kind=kind)


@pytest.fixture
def grouped(database: Database, directory: Directory) -> Directory:
    """Twenty groups; g1, g2 and g3 contain each other in a circle, g4 is empty."""
    directory.hire(3)
    directory.groups_ = [
        DirectoryGroup(id=f"g{number}", address=f"g{number}@nordby.example", name=f"{number}")
        for number in range(20)
    ]
    directory.edges = [
        edge("g1", "g2", MemberKind.GROUP),
        edge("g2", "g3", MemberKind.GROUP),
        edge("g3", "g1", MemberKind.GROUP),
        edge("g3", "u000001"),
        edge("g3", "u000001"),
        edge("g9", "u000002"),
    ]
    read(database, directory)
    directory.told.clear()
    return directory


def members(database: Database) -> list[str]:
    with database.read() as reading:
        return list(
            reading.values(str, "SELECT group_id || ':' || member_id FROM snap_member ORDER BY 1")
        )


def test_only_what_is_missing_is_read_and_each_group_once(
    database: Database, grouped: Directory
) -> None:
    assert missing_groups(database, ["g1", "g4"]) == ["g1", "g4"]
    assert read_groups(database, grouped, ["g1", "g4"], Cancel()) == 4
    assert members(database) == ["g1:g2", "g2:g3", "g3:g1", "g3:u000001"]
    assert missing_groups(database, ["g1", "g2", "g4"]) == []
    assert grouped.told.count("members") == 4
    assert grouped.told.count("groups") == 1
    assert read_groups(database, grouped, ["g2", "g9"], Cancel()) == 1
    assert grouped.told.count("members") == 5
    assert grouped.told.count("groups") == 1
    with database.read() as reading:
        assert reading.value(int, "SELECT count(*) FROM snap_group") == 20


def test_a_group_that_is_gone_has_no_members_and_is_not_asked_for_again(
    database: Database, grouped: Directory
) -> None:
    assert read_groups(database, grouped, ["gone"], Cancel()) == 1
    assert read_groups(database, grouped, ["gone"], Cancel()) == 0


def test_a_read_of_another_customers_groups_is_refused(
    database: Database, grouped: Directory
) -> None:
    grouped.customer_id = "C0other"
    with pytest.raises(Trouble) as caught:
        read_groups(database, grouped, ["g1"], Cancel())
    assert caught.value.code is Code.OTHER_CUSTOMER
    assert members(database) == []


def test_a_full_read_knows_the_groups_that_it_read(database: Database, grouped: Directory) -> None:
    read(database, grouped, needs_groups=True)
    assert missing_groups(database, ["g1", "g9", "g4"]) == []
    read(database, grouped)
    assert missing_groups(database, ["g1"]) == ["g1"]


def test_cancelling_leaves_whole_groups_only(database: Database, grouped: Directory) -> None:
    cancel = Cancel()
    cancel.stop()
    with pytest.raises(Trouble) as caught:
        read_groups(database, grouped, ["g1"], cancel)
    assert caught.value.code is Code.CANCELLED
    assert members(database) == []
    assert read_groups(database, grouped, ["g1"], Cancel()) == 3


def test_nobody_reads_while_a_sync_does(database: Database, grouped: Directory) -> None:
    with (
        database.staging_lock.holding(seconds=1.0),
        pytest.raises(Trouble) as caught,
    ):
        read_groups(database, grouped, ["g1"], Cancel())
    assert caught.value.code is Code.SYNC_ALREADY_RUNNING
