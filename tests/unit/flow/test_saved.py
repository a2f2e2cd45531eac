from __future__ import annotations

import errno
import os
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.core.cancel import Cancel
from wizard.core.settings import ProvisioningSettings, ScopeKind, ScopeRule
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, ChosenScope, Role, StepId
from wizard.flow.graph import Snapshot, Walk, forward
from wizard.flow.saved import SIZE_LIMIT, erase, load, save


class StoppedClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 3, 10, 31, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float, cancel: Cancel) -> None:
        cancel.wait(0)


CLOCK = StoppedClock()
WALK = forward(Walk(answers=Answers(role=Role.IT, service_answered=True, domain="nordby.example")))


def test_a_set_up_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    save(tmp_path / "setup.json", WALK)
    loaded = load(tmp_path / "setup.json", CLOCK)
    assert loaded.found
    assert loaded.trouble is None
    assert loaded.walk == WALK
    assert loaded.walk.step is StepId.SIGN_IN


def test_a_set_up_with_the_longest_scope_on_every_step_comes_back(tmp_path: Path) -> None:
    ids = tuple(f"{number:021}" for number in range(5_000))
    scope = ScopeRule(kind=ScopeKind.RULES, user_ids=ids, exclude_user_ids=ids[::-1])
    answers = replace(
        WALK.answers,
        draft=ProvisioningSettings(scope=scope),
        chosen=ChosenScope(scope=scope, version=3),
        unsent=tuple(f"person{number}@nordby.example" for number in range(200)),
    )
    behind = tuple(
        Snapshot(step=step, answers=replace(answers, chosen=None, unsent=())) for step in StepId
    )
    walk = replace(WALK, answers=answers, behind=behind)
    save(tmp_path / "setup.json", walk)
    loaded = load(tmp_path / "setup.json", CLOCK)
    assert loaded.trouble is None
    assert loaded.walk.answers == answers


def test_without_a_file_a_set_up_begins_at_the_beginning(tmp_path: Path) -> None:
    loaded = load(tmp_path / "setup.json", CLOCK)
    assert not loaded.found
    assert loaded.trouble is None
    assert loaded.walk == Walk()


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    save(tmp_path / "deep" / "setup.json", WALK)
    assert (tmp_path / "deep" / "setup.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"version": 1}',
        b'{"version": 99, "step": "welcome", "answers": {}}',
        b'{"version": 0, "step": "welcome", "answers": {}}',
        b'{"version": 1, "step": "nowhere", "answers": {}}',
        b'{"version": 1, "step": "welcome", "answers": {"settings_version": "two"}}',
        b'{"version": 1, "step": "welcome", "answers": {}, "token": "x"}',
        b'{"version": 1, "behind": ' + b"[" * 100_000,
        b" " * (SIZE_LIMIT + 1),
    ],
)
def test_a_damaged_file_is_set_aside_and_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "setup.json"
    path.write_bytes(content)
    loaded = load(path, CLOCK)
    assert loaded.walk == Walk()
    assert loaded.trouble is not None
    assert loaded.trouble.code is Code.ANSWERS_DAMAGED
    assert not path.exists()
    assert Path(str(loaded.trouble.facts["file"])).read_bytes() == content


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_no_content_at_all_ends_the_program(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "setup.json"
        path.write_bytes(content)
        assert isinstance(load(path, CLOCK).walk, Walk)


def test_a_full_disk_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "setup.json"
    save(path, WALK)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Trouble) as caught:
            save(path, Walk())
    assert caught.value.code is Code.DISK_FULL
    assert load(path, CLOCK).walk == WALK
    assert [entry.name for entry in tmp_path.iterdir()] == ["setup.json"]


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "setup.json").mkdir()
    with pytest.raises(Trouble) as caught:
        load(tmp_path / "setup.json", CLOCK)
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE


def test_a_set_up_can_be_forgotten(tmp_path: Path) -> None:
    save(tmp_path / "setup.json", WALK)
    erase(tmp_path / "setup.json")
    erase(tmp_path / "setup.json")
    assert not load(tmp_path / "setup.json", CLOCK).found
