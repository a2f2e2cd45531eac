"""The sample people: the same from the same seed, all different, at any size."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.practice.google.sample import ADMIN, people, person_id
from wizard.practice.google.store import DirectoryStore


def _store(path: Path, count: int, seed: int = 7) -> DirectoryStore:
    return DirectoryStore(path=path, count=count, seed=seed, announce=lambda _: None)


@given(count=st.integers(10, 3000), seed=st.integers(0, 2**32))
def test_ids_and_addresses_are_never_used_twice(count: int, seed: int) -> None:
    crowd = list(people(count, seed))
    live = [one for one in crowd if not one.deleted]
    assert len(live) == count
    assert len({one.address.lower() for one in live}) == count
    assert len({person_id(seed, one.number) for one in crowd}) == len(crowd)
    assert live[0].address == ADMIN


def test_the_same_seed_gives_the_same_people_and_another_one_others() -> None:
    first, again, other = (list(people(500, seed)) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_even_ten_people_hold_the_telling_ones() -> None:
    crowd = list(people(10, 7))
    assert any(one.suspended for one in crowd)
    assert any(one.archived for one in crowd)
    assert any(not one.given and not one.family and not one.deleted for one in crowd)
    assert any(one.address != one.address.lower() for one in crowd)
    assert any(one.deleted for one in crowd)


def test_people_are_made_one_at_a_time_however_many_there_are() -> None:
    far = next(itertools.islice(people(1_000_000_000, 7), 5000, None))
    assert far.number == 5000


@pytest.mark.parametrize("count", [10, 480, 20_000])
def test_the_expected_people_are_those_of_the_sample_itself(tmp_path: Path, count: int) -> None:
    with closing(_store(tmp_path / "d.sqlite", count)) as store:
        stored = {(one.id, one.address) for one in store.expected_in_scope()}
        figures = store.count_people()
    drawn = {
        (person_id(7, one.number), one.address)
        for one in people(count, 7)
        if not (one.deleted or one.suspended or one.archived)
    }
    assert stored == drawn
    assert (figures["people"], figures["in_scope"]) == (count, len(drawn))


def test_a_folder_keeps_its_sample_whatever_a_later_start_asks_for(tmp_path: Path) -> None:
    said: list[str] = []
    with closing(_store(tmp_path / "d.sqlite", 30)):
        pass
    store = DirectoryStore(path=tmp_path / "d.sqlite", count=500, seed=1, announce=said.append)
    with closing(store):
        assert store.count_people()["people"] == 30
    assert "It is kept" in said[0]


def test_a_start_that_was_cut_short_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_short(rows: sqlite3.Connection, *, seed: int, units: dict[str, int]) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "d.sqlite"
    with monkeypatch.context() as patch:
        patch.setattr("wizard.practice.google.store.make_groups", cut_short)
        with pytest.raises(KeyboardInterrupt):
            _store(path, 30)
    with closing(_store(path, 30)) as store:
        assert store.count_people()["people"] == 30
        assert store.one("SELECT count(*) FROM groups")[0] > 10
