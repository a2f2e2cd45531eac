"""What a person chose about the background sync: kept, and no trouble to whoever chooses."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import ExpectedLogs
from wizard.core.trouble import Code, Trouble
from wizard.services.kept_background import KeptBackground
from wizard.services.schedule import Pause

UNTIL = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_choice_is_there_at_the_next_start(tmp_path: Path) -> None:
    kept = KeptBackground(tmp_path)
    kept.keep_pause(Pause(until=UNTIL))
    kept.choose_keep_running(on=True)
    kept.saver.flush()
    again = KeptBackground(tmp_path)
    assert again.pause() == Pause(until=UNTIL)
    assert again.keep_running is True


def test_a_file_of_an_earlier_version_still_tells_its_pause(tmp_path: Path) -> None:
    old = b'{"version":1,"paused":true,"paused_until":null,"keep_running":true}'
    (tmp_path / "background.json").write_bytes(old)
    kept = KeptBackground(tmp_path)
    assert (kept.pause(), kept.went_on(), kept.keep_running) == (Pause(), "", True)


def test_from_which_run_somebody_went_on_is_there_at_the_next_start(tmp_path: Path) -> None:
    kept = KeptBackground(tmp_path)
    kept.keep_went_on("undo-1")
    kept.saver.flush()
    again = KeptBackground(tmp_path)
    assert (again.went_on(), again.pause()) == ("undo-1", None)


def test_choosing_works_where_the_last_choice_cannot_be_read_and_saving_tells(
    tmp_path: Path, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.saver", "folder-not-writable")
    (tmp_path / "background.json").mkdir()
    kept = KeptBackground(tmp_path)
    with pytest.raises(Trouble):
        kept.pause()
    kept.keep_pause(Pause(until=UNTIL))
    assert kept.pause() == Pause(until=UNTIL)
    with pytest.raises(Trouble) as caught:
        kept.saver.flush()
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE


def test_what_is_forgotten_leaves_no_file(tmp_path: Path) -> None:
    kept = KeptBackground(tmp_path)
    kept.keep_pause(Pause(until=UNTIL))
    kept.choose_keep_running(on=True)
    kept.forget()
    assert list(tmp_path.iterdir()) == []
    assert (kept.pause(), kept.keep_running) == (None, None)
    kept.choose_keep_running(on=False)
    kept.saver.flush()
    assert KeptBackground(tmp_path).keep_running is False


def test_a_disk_that_keeps_what_was_chosen_is_told(
    tmp_path: Path, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.saver", "folder-not-writable")
    (tmp_path / "background.json").mkdir()
    with pytest.raises(Trouble) as caught:
        KeptBackground(tmp_path).forget()
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE
