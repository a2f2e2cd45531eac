"""`check`, `support-file` and `report` as people and service managers use them."""

from __future__ import annotations

import json
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.bench_world import computer
from tests.practice.test_commands import Shell
from tests.practice.visitor import World, practice


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own."""
    with practice(tmp_path_factory.mktemp("organization"), people=200) as running:
        yield running


@pytest.fixture
def shell(organization: World, tmp_path: Path) -> Shell:
    return Shell(organization, tmp_path / "home")


@pytest.fixture
def ready(organization: World, shell: Shell) -> Shell:
    """Set up until before the first sync, by another program on the same home."""
    person = f"{shell.home.parent.name}@desk.example".replace("_", "-")
    with computer(organization, shell.home, person=person) as one:
        one._passphrase = shell.home / "word"
        one.restart()
        one.set_up("Fjordheim Rederi")
    return shell


def test_a_support_file_is_written_before_anything_is_set_up(shell: Shell, tmp_path: Path) -> None:
    place = tmp_path / "here"
    place.mkdir()
    code, told = shell.asked("support-file", str(place))
    assert code == 0
    path = Path(told["file"])
    assert path.parent == place
    assert path.read_text(encoding="utf-8") == told["text"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Not in it:" in told["text"]


def test_a_file_that_is_there_stays_and_a_missing_folder_is_told(
    shell: Shell, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    code, _, err = shell.run("support-file", "--no-checks", str(mine))
    assert code == 1
    assert "file-there" in err
    assert mine.read_text() == "mine"
    code, _, err = shell.run("support-file", "--no-checks", str(tmp_path / "no" / "x.txt"))
    assert code == 1
    assert "folder-not-writable" in err
    code, _, err = shell.run("support-file", "--no-checks", str(tmp_path / ("a" * 300)))
    assert code == 1
    assert "folder-not-writable" in err
    assert "Traceback" not in err


def test_it_is_shown_without_being_written(ready: Shell) -> None:
    code, out, _ = ready.run("support-file", "-")
    assert code == 0
    assert "Signed in as             p1" in out
    assert list(ready.home.rglob("*.txt")) == []


def test_where_nothing_is_connected_the_check_does_not_say_to_wait(shell: Shell) -> None:
    _, told = shell.asked("check")
    (connection,) = (one for one in told["checks"] if one["view"]["id"] == "connection")
    assert "Authorize Google Workspace first" in connection["to_do"]
    assert "Wait" not in connection["to_do"]


def test_the_check_says_what_to_do(ready: Shell) -> None:
    ready.world.tell(
        "faults",
        [{"stand_in": "account", "path_prefix": "/v1/me", "times": 0, "status": 503}],
    )
    try:
        code, told = ready.asked("check")
        assert code == 1
        (person,) = (one for one in told["checks"] if one["view"]["id"] == "person")
        assert person["view"]["state"] == "failed"
        assert person["to_do"]
        assert person["topic"]
    finally:
        ready.world.tell("clear-faults")


def test_each_sync_writes_the_report_until_it_is_switched_off(ready: Shell, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    code, told = ready.asked("report", str(share))
    assert code == 0
    path = Path(told["file"])
    assert path == share / "fjordheim-rederi-helpdesk.html"
    first = path.read_text(encoding="utf-8")
    assert ready.run("sync", "--once")[0] == 0
    second = path.read_text(encoding="utf-8")
    assert "In step" in second
    assert second != first
    assert ready.run("report")[1].splitlines()[0].endswith(f"{share}.")
    assert ready.run("report", "--private")[0] == 2
    code, told = ready.asked("report", str(share), "--private")
    assert (code, told["private"]) == (0, True)
    assert "nordby.example" not in path.read_text(encoding="utf-8")
    code, told = ready.asked("report", "--off")
    assert (code, told["folder"]) == (0, None)
    assert list(share.iterdir()) == []
    assert ready.run("sync", "--once")[0] == 0
    assert list(share.iterdir()) == []


def test_a_share_that_went_away_is_a_warning_of_a_staying_sync(
    ready: Shell, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    assert ready.run("report", str(share))[0] == 0
    next(share.iterdir()).unlink()
    share.rmdir()
    process = ready.start("sync", "--every", "--log-format", "json")
    assert process.stderr is not None
    noted = ended = False
    for line in process.stderr:
        told = json.loads(line)
        noted = noted or (told["level"] == "warning" and "helpdesk report" in told["message"])
        ended = ended or (told["event"] == "run-ended" and told["outcome"] == "done")
        if ended and told["event"] == "note":
            assert "folder-not-writable" in told["message"]
            break
    process.send_signal(signal.SIGINT)
    process.stderr.read()
    process.wait(timeout=30)
    assert (noted, ended, process.returncode) == (True, True, 130)
    assert process.stdout is not None
    process.stdout.close()
    process.stderr.close()
    code, out, err = ready.run("sync", "--once")
    assert code == 0, out
    assert "The helpdesk report could not be written." in err
    code, told = ready.asked("report")
    assert (code, told["folder"]) == (1, str(share))
    assert told["trouble"]["code"] == "folder-not-writable"
