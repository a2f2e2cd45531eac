"""A sync as a service manager starts it: its log, its credentials, and how it ends."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.bench_world import computer
from tests.practice.test_commands import Shell
from tests.practice.visitor import World, practice


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("service"), people=40) as running:
        yield running


@pytest.fixture
def ready(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Set up until before the first sync; the passphrase is a credential from then on."""
    shell = Shell(world, tmp_path / "home")
    with computer(
        world, shell.home, person=f"tora.{tmp_path.name}@bench.example".replace("_", "-")
    ) as one:
        one._passphrase = shell.home / "word"
        one.restart()
        one.set_up("Tora")
    credentials = tmp_path / "credentials"
    credentials.mkdir(mode=0o700)
    (shell.home / "word").rename(credentials / "enterprise-connect-passphrase")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    shell._options = shell._options[:-2]
    return shell


def test_one_sync_is_told_in_lines_that_a_program_reads(ready: Shell) -> None:
    code, out, err = ready.run("sync", "--once", "--log-format", "json")
    assert (code, out) == (0, "")
    lines = [json.loads(line) for line in err.splitlines()]
    (began,) = [line for line in lines if line["event"] == "run-started"]
    (ended,) = [line for line in lines if line["event"] == "run-ended"]
    assert began["run"] == ended["run"] != ""
    assert (ended["outcome"], ended["code"], ended["failed"]) == ("done", "", 0)
    assert ended["written"] > 0


def test_a_trouble_is_a_line_with_its_code(ready: Shell, world: World) -> None:
    world.tell("outage", {"stand_in": "account", "on": True})
    try:
        code, out, err = ready.run("sync", "--once", "--log-format", "json")
    finally:
        world.tell("outage", {"stand_in": "account", "on": False})
    assert (code, out) == (1, "")
    assert [json.loads(line)["code"] for line in err.splitlines()][-1]


def test_told_to_end_it_ends_in_order_and_goes_on_at_the_next_start(ready: Shell) -> None:
    for _ in range(2):
        process = ready.start("sync", "--every", "--log-format", "json")
        assert process.stderr is not None
        events: list[str] = []
        for line in process.stderr:
            events.append(json.loads(line)["event"])
            if events[-1] == "waiting":
                break
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=60)
        events += [json.loads(line)["event"] for line in rest.splitlines()]
        assert process.returncode == 130
        assert "run-ended" in events
        assert events[-1] == "stopped"


def test_nothing_is_signed_in_without_the_credential(
    ready: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    code, _, err = ready.run("sync", "--once", "--log-format", "json")
    assert code == 5
    assert json.loads(err.splitlines()[-1])["code"] == "vault-locked"
