"""What stays on the disk of a connection that was erased, and of copies that grew old."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from tests.unit.services.scheduler_world import START, HandClock
from wizard.core.clock import Clock
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.ground import Ground
from wizard.services.setup import SetUp
from wizard.services.syncing import Access, Syncing
from wizard.store.database import Database
from wizard.store.schema import MIGRATIONS

ADDRESS = "ana.secret@nordby.example"
ANSWERS = Answers(ou_id="ou-1", organization_account_id="oa-1", customer_id="C0nordby")
_LINK = (
    "INSERT INTO link (external_id, user_id, account_id, address, address_key, given_name,"
    " family_name, active, linked_at) VALUES ('e', 'u', 'a', ?, ?, 'Ana', 'Secret', 1, '')"
)


@dataclass(kw_only=True)
class FakeGround:
    """A unit's folder and a clock."""

    folder: Path
    clock: Clock = field(default_factory=HandClock)

    def unit_folder(self, ou_id: str) -> Path:
        assert ou_id == ANSWERS.ou_id
        return self.folder


@pytest.fixture
def ground(tmp_path: Path) -> FakeGround:
    return FakeGround(folder=tmp_path)


def syncing(ground: FakeGround) -> Syncing:
    """The sync's storage; neither the set-up nor the service is asked for anything here."""
    return Syncing(cast("Ground", ground), cast("SetUp", None), cast("Access", None))


def migrated(ground: FakeGround) -> None:
    """A program that an update replaced wrote somebody's address; the new one opened it."""
    path = ground.folder / "google.db"
    old = Database.open(path, ground.clock, steps=MIGRATIONS[:-1])
    with old.transaction() as work:
        work.execute(_LINK, (ADDRESS, ADDRESS))
    old.close()
    Database.open(path, ground.clock).close()


def holding_address(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if ADDRESS.encode() in one.read_bytes())


def test_nothing_that_was_read_lies_in_the_folder_after_it_was_erased(ground: FakeGround) -> None:
    migrated(ground)
    copy = f"google.before-{len(MIGRATIONS)}.db"
    assert holding_address(ground.folder) == sorted([copy, "google.db"])
    for name in (
        "google.damaged-20260101T000000Z.db",
        "google.damaged-20260101T000000Z.db-wal",
        f"{copy}.part",
        "owners.json",
        ".owners.json.ab12",
        "settings-versions.json",
        "untold-runs.json",
        "untold-runs.json.damaged",
    ):
        (ground.folder / name).write_text(ADDRESS)
    ours = syncing(ground)
    ours.database(ANSWERS)
    ours.erase(ANSWERS)
    assert holding_address(ground.folder) == []
    left = {one.name: one.stat().st_size for one in ground.folder.iterdir()}
    assert set(left) <= {"google.db.opening", "google.db.reading"}
    assert not any(left.values())


def test_what_belongs_to_another_connection_or_to_nobody_stays(ground: FakeGround) -> None:
    migrated(ground)
    kept = ("microsoft.db", "made-tokens.json", "google", "unit.lock")
    for name in kept:
        (ground.folder / name).write_text(ADDRESS)
    syncing(ground).erase(ANSWERS)
    assert holding_address(ground.folder) == sorted(kept)


def test_a_set_up_that_never_read_anything_can_be_erased(ground: FakeGround) -> None:
    ground.folder = ground.folder / "never-made"
    syncing(ground).erase(ANSWERS)
    assert not ground.folder.exists()


def test_a_folder_that_does_not_let_go_is_told(ground: FakeGround) -> None:
    migrated(ground)
    (ground.folder / "google.damaged-20260101T000000Z.db").mkdir()
    with pytest.raises(Trouble) as caught:
        syncing(ground).erase(ANSWERS)
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE
    assert caught.value.facts["folder"] == str(ground.folder)


@pytest.mark.parametrize(("days", "there"), [(29, True), (31, False)])
def test_the_copy_from_before_an_update_goes_when_its_successor_has_stood_for_a_month(
    ground: FakeGround, days: int, there: bool
) -> None:
    migrated(ground)
    copy = ground.folder / f"google.before-{len(MIGRATIONS)}.db"
    made = (START - timedelta(days=days)).timestamp()
    os.utime(copy, (made, made))
    ours = syncing(ground)
    ours.database(ANSWERS)
    ours.close()
    assert copy.exists() is there
    assert (ground.folder / "google.db").exists()
