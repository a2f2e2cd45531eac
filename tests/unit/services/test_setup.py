"""The set-up in progress: choices saved soon, what happened saved before anybody goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ExpectedLogs
from tests.unit.services.scheduler_world import HandClock
from wizard.core.files import replace_file
from wizard.core.trouble import Code, Trouble
from wizard.flow import saved
from wizard.flow.answers import Answers, Role, StepId
from wizard.flow.graph import Walk, forward
from wizard.services.setup import SetUp

ROOT = Path(__file__).resolve().parents[3]
CHOSEN = Answers(role=Role.IT, service_answered=True)


def on_disk(folder: Path) -> Walk:
    return saved.load(folder / "setup.json", HandClock()).walk


def test_a_choice_is_known_at_once_and_on_the_disk_after_a_flush(tmp_path: Path) -> None:
    set_up = SetUp(tmp_path, HandClock())
    set_up.change(CHOSEN)
    assert set_up.answers == CHOSEN
    set_up.go(forward(set_up.walk))
    set_up.flush()
    assert on_disk(tmp_path) == set_up.walk
    assert set_up.walk.step is StepId.SIGN_IN


def test_what_happened_is_on_the_disk_when_the_call_returns(tmp_path: Path) -> None:
    set_up = SetUp(tmp_path, HandClock())
    set_up.change(CHOSEN)
    set_up.happened(lambda answers: replace(answers, signed_in_as="owner@nordby.example"))
    assert on_disk(tmp_path).answers.signed_in_as == "owner@nordby.example"
    assert on_disk(tmp_path).answers.role is Role.IT


def test_what_happened_is_raised_when_it_cannot_be_saved_and_known_all_the_same(
    tmp_path: Path, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.saver", "set-up could not be saved")
    set_up = SetUp(tmp_path, HandClock())
    (tmp_path / "setup.json").mkdir()
    told: list[Code] = []
    set_up.when_unsaved(lambda trouble: told.append(trouble.code))
    with pytest.raises(Trouble) as caught:
        set_up.happened(lambda answers: replace(answers, ou_id="ou-1"))
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE
    assert told[0] is Code.FOLDER_NOT_WRITABLE
    assert set_up.answers.ou_id == "ou-1"
    (tmp_path / "setup.json").rmdir()
    set_up.flush()
    assert on_disk(tmp_path).answers.ou_id == "ou-1"


_KILLED = """
import sys
from dataclasses import replace
from pathlib import Path
from wizard.core.clock import SystemClock
from wizard.services.setup import SetUp

set_up = SetUp(Path(sys.argv[1]), SystemClock())
count = 0
while True:
    count += 1
    set_up.change(replace(set_up.answers, scope_people=count))
    if count % 50 == 0:
        set_up.flush()
        print(count, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process by a signal")
def test_a_killed_program_comes_back_with_a_whole_file_and_all_that_was_flushed(
    tmp_path: Path,
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    told = [int(child.stdout.readline()) for _ in range(3)]
    os.kill(child.pid, signal.SIGKILL)
    told += [int(line) for line in child.stdout.read().split()]
    child.stdout.close()
    child.wait()
    kept = saved.load(tmp_path / "setup.json", HandClock())
    assert kept.trouble is None
    assert kept.walk.answers.scope_people >= max(told)


def test_a_file_of_a_newer_kind_is_set_aside_and_told(tmp_path: Path) -> None:
    replace_file(tmp_path / "setup.json", b'{"version": 99}')
    set_up = SetUp(tmp_path, HandClock())
    assert [trouble.code for trouble in set_up.notices] == [Code.ANSWERS_DAMAGED]
