"""The command line as people and service managers use it, each command a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.practice.bench_world import PASSWORD, computer
from tests.practice.visitor import ADMIN, ROOT, World, practice
from wizard.services.scripted_browser import Manners, ScriptedBrowser


class Shell:
    """A terminal with no display and no keyring, on one home."""

    def __init__(self, world: World, home: Path) -> None:
        self.world = world
        self.home = home
        word = home / "word"
        home.mkdir(parents=True, exist_ok=True)
        word.write_text("correct horse battery staple")
        word.chmod(0o600)
        self._options = [
            "--profile", str(world.home / "profile.toml"), "--home", str(home),
            "--passphrase-file", str(word),
        ]  # fmt: skip

    def start(self, *words: str, stdin: int | None = None) -> subprocess.Popen[str]:
        hidden = {"DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"}
        return subprocess.Popen(
            [sys.executable, "-m", "wizard", *words, *self._options],
            cwd=ROOT,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if name not in hidden},
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        process = self.start(*words)
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in out + err
        return process.returncode, out, err

    def asked(self, *words: str) -> tuple[int, Any]:
        """The exit code and the object that came."""
        code, out, _ = self.run(*words, "--json")
        return code, json.loads(out)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A practice organization of this module's own: people are hired and let go here."""
    with practice(tmp_path_factory.mktemp("organization"), people=300) as running:
        yield running


@pytest.fixture
def world(organization: World) -> Iterator[World]:
    """The same, healed before and after."""
    organization.tell("clear-faults")
    yield organization
    organization.tell("clear-faults")


@pytest.fixture
def shell(world: World, tmp_path: Path) -> Shell:
    return Shell(world, tmp_path / "home")


@pytest.fixture
def ready(world: World, shell: Shell) -> Shell:
    """Set up until before the first sync, by another program on the same home."""
    person = f"siri.{shell.home.parent.name}@bench.example".replace("_", "-")
    with computer(world, shell.home, person=person) as one:
        one._passphrase = shell.home / "word"
        one.restart()
        one.set_up(f"Unit of {person}")
    return shell


def test_signing_in_from_a_terminal_prints_the_addresses_and_connects(shell: Shell) -> None:
    person = Manners(person="rolf.vik@bench.example", password=PASSWORD, name="Rolf Vik")
    stuck: list[str] = []
    browser = ScriptedBrowser(person, stuck=stuck.append)
    process = shell.start(
        "sign-in", "--create", "--create-unit", "Vik", "--no-browser", "--workspace", "google",
        "--directory", "nordby.example",
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("  http"):
            browser.open(line.strip())
            browser.manners = Manners(person=ADMIN)
    out, _ = process.communicate(timeout=60)
    browser.close()
    assert (stuck, process.returncode) == ([], 0)
    assert "rolf.vik@bench.example" in out
    code, status = shell.asked("status")
    assert code == 0
    assert (status["signed_in_as"], status["unit"]) == ("rolf.vik@bench.example", "Vik")
    assert (status["connected"], status["domain"]) == (True, "nordby.example")


def test_a_directory_of_another_domain_that_nobody_named_is_not_connected(shell: Shell) -> None:
    person = Manners(person="liv.dahl@bench.example", password=PASSWORD, name="Liv Dahl")
    stuck: list[str] = []
    browser = ScriptedBrowser(person, stuck=stuck.append)
    process = shell.start(
        "sign-in", "--create", "--create-unit", "Dahl", "--no-browser", "--workspace", "google"
    )
    assert process.stderr is not None
    told = []
    for line in process.stderr:
        told.append(line)
        if line.startswith("  http"):
            browser.open(line.strip())
            browser.manners = Manners(person=ADMIN)
    process.communicate(timeout=60)
    browser.close()
    assert (stuck, process.returncode) == ([], 5)
    assert "--directory nordby.example" in "".join(told)
    code, status = shell.asked("status")
    assert (code, status["connected"]) == (0, False)


def test_a_right_that_was_left_out_is_not_gone_without_on_the_command_line(shell: Shell) -> None:
    person = Manners(person="eva.lund@nordby.example", password=PASSWORD, name="Eva Lund")
    stuck: list[str] = []
    browser = ScriptedBrowser(person, stuck=stuck.append)
    process = shell.start(
        "sign-in", "--create", "--create-unit", "Lund", "--no-browser", "--workspace", "google",
        "--directory", "nordby.example",
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("  http"):
            browser.open(line.strip())
            browser.manners = Manners(person=ADMIN, untick=frozenset({"directory.group"}))
    out, _ = process.communicate(timeout=60)
    browser.close()
    assert (stuck, process.returncode) == ([], 5)
    assert "Groups were not allowed" in out
    assert shell.asked("status")[1]["connected"] is False


def test_without_a_unit_signing_in_says_what_is_missing(shell: Shell) -> None:
    stuck: list[str] = []
    person = Manners(person="mona.hauge@bench.example", password=PASSWORD, name="Mona Hauge")
    browser = ScriptedBrowser(person, stuck=stuck.append)
    process = shell.start("sign-in", "--create", "--no-browser")
    assert process.stderr is not None
    address = next(line.strip() for line in process.stderr if line.startswith("  http"))
    browser.open(address)
    _, told = process.communicate(timeout=60)
    browser.close()
    assert (stuck, process.returncode) == ([], 1)
    assert "mona.hauge@bench.example" in told
    assert "no-organizational-unit" in told


def test_a_set_up_made_elsewhere_is_previewed_synced_and_told(ready: Shell) -> None:
    code, checked = ready.asked("check")
    assert (code, {check["view"]["state"] for check in checked["checks"]}) == (0, {"passed"})
    plan = ready.home / "plan.csv"
    code, told = ready.asked("preview", "--csv", str(plan), "--rows", "3")
    assert (code, len(told["rows"])) == (0, 3)
    assert told["preview"]["counts"]["create"] > 50
    assert len(plan.read_text(encoding="utf-8-sig").splitlines()) > 50
    code, first = ready.asked("sync", "--once")
    assert (code, first["outcome"]) == (0, "done")
    code, second = ready.asked("sync")
    assert (code, second["done"]["create"]) == (0, 0)
    code, told = ready.asked("runs", "--last", "5")
    assert [run["run_id"] for run in told["runs"]] == [second["run_id"], first["run_id"]]
    code, status = ready.asked("status")
    assert status["last_run"]["run_id"] == second["run_id"]
    assert status["provisioning_on"] is True
    for words in (["status"], ["runs"], ["preview"], ["check"]):
        code, out, _ = ready.run(*words)
        assert code == 0
        assert len(out.splitlines()) > 1


def test_a_run_that_could_not_begin_stands_among_the_others(ready: Shell) -> None:
    code, told = ready.asked("runs", "nowhere")
    assert (code, told["trouble"]["code"]) == (1, "run-not-known")
    assert ready.run("sync")[0] == 0
    ready.world.tell("outage", {"stand_in": "account"})
    assert ready.run("sync")[0] == 1
    ready.world.tell("outage", {"stand_in": "all", "on": False})
    code, told = ready.asked("runs")
    assert (code, [run["began"] for run in told["runs"]]) == (0, [False, True])
    failed = told["runs"][0]
    code, told = ready.asked("runs", failed["run_id"])
    assert (code, told["rows"], told["run"]["outcome"]) == (0, [], "failed")


def test_somebody_is_explained_and_a_problem_told(ready: Shell) -> None:
    code, told = ready.asked("explain", "siri@nordby.example")
    assert (code, told["answered"], told["person"]) == (1, "nobody", None)
    code, first = ready.asked("sync")
    assert code in {0, 3}
    people = ready.asked("runs", first["run_id"])[1]["rows"]
    made = next(row for row in people if (row["kind"], row["result"]) == ("create", "done"))
    code, told = ready.asked("explain", made["address"])
    assert (code, told["answered"]) == (0, "person")
    person = told["person"]
    assert person["directory_id"] == made["directory_id"]
    assert (person["directory"]["seen"], person["scope"]["inside"]) == (True, True)
    assert person["matched"]["how"] == "created-with-id"
    (operation,) = person["operations"]
    assert (operation["run_id"], operation["before"]) == (first["run_id"], None)
    assert operation["after"]["address"] == made["address"]
    assert told["next_sync"]["words"]
    code, out, _ = ready.run("explain", made["address"])
    assert (code, f"Run {first['run_id']}" in out) == (0, True)
    code, told = ready.asked("explain", "nobody.at.all@nordby.example")
    assert (code, told["answered"]) == (1, "nobody")
    code, told = ready.asked("explain", "nordby.example")
    assert (code, told["answered"], len(told["several"]) > 2) == (1, "several", True)
    code, told = ready.asked("problems")
    assert code == (3 if told["people"] else 0)
    assert all(one["reason"] and one["to_do"] and one["again"] for one in told["people"])
    table = ready.home / "problems.csv"
    code, out, _ = ready.run("problems", "--csv", str(table))
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == 1 + len(told["people"])


def test_signing_out_is_shown_and_the_sync_goes_on(ready: Shell) -> None:
    assert ready.run("sync")[0] == 0
    code, told = ready.asked("sign-out")
    assert (code, told) == (0, {"signed_out": True, "sync_goes_on": True})
    code, status = ready.asked("status")
    assert (code, status["signed_in"]) == (0, False)
    assert "signed out" in ready.run("status")[1]
    assert ready.run("sync")[0] == 0
    assert ready.run("check")[0] == 5


def test_the_guard_and_the_lease_have_exit_codes_of_their_own(ready: Shell, tmp_path: Path) -> None:
    assert ready.run("sync")[0] == 0
    ready.world.tell("let-go", {"count": 35})
    code, first = ready.asked("sync")
    assert code == 4
    people = dict(first["held"])["leave"]
    code, told = ready.asked("sync", "--approve", f"leave={people - 1}")
    assert (code, told["trouble"]["code"]) == (4, "approval-outdated")
    both = ("--approve", f"leave={people}", "--approve", "create=3")
    code, told = ready.asked("sync", *both)
    assert (code, told["trouble"]["code"]) == (4, "approval-outdated")
    code, out, _ = ready.run("sync")
    assert code == 4
    assert "Check some of them in the directory" in out
    code, status = ready.asked("status")
    plan = status["last_run"]["run_id"]
    assert f"sync --approve {people} --plan {plan}" in out
    assert f"--plan {plan}" in ready.run("status")[1]
    assert f"--plan {plan}" in ready.run("runs")[1]
    assert ready.asked("runs")[1]["held_plan"] == plan
    for number, wrong in ((people - 1, plan), (people, first["run_id"])):
        code, told = ready.asked("sync", "--approve", str(number), "--plan", wrong)
        assert (code, told["trouble"]["code"]) == (4, "approval-outdated")
    code, told = ready.asked("runs", plan)
    assert {row["result"] for row in told["rows"]} == {"held"}
    assert len(told["rows"]) == people
    code, done = ready.asked("sync", "--approve", str(people), "--plan", plan)
    assert (code, done["done"]["deactivate"]) == (0, people)
    code, told = ready.asked("sync", "--approve", str(people), "--plan", plan)
    assert (code, told["trouble"]["title"]) == (4, "Nothing waits for that")
    code, told = ready.asked("runs", done["run_id"])
    assert {(row["kind"], row["result"]) for row in told["rows"]} == {("deactivate", "done")}
    assert {row["evidence"] for row in told["rows"]} <= {"gone", "suspended"}
    table = ready.home / "run.csv"
    code, out, _ = ready.run("runs", done["run_id"][:18], "--csv", str(table))
    assert (code, len(table.read_text(encoding="utf-8-sig").splitlines())) == (0, people + 1)
    assert out.count("Done") > people
    ready.world.tell("let-go", {"count": 30})
    assert ready.run("sync")[0] == 4
    installation = next(ready.home.rglob("installation.json"))
    installation.unlink()
    code, out, _ = ready.run("sync")
    assert code == 6
    assert "Another computer" in out
    assert ready.run("sync", "--take-over")[0] == 4


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
def test_staying_runs_until_it_is_told_to_end(ready: Shell) -> None:
    process = ready.start("sync", "--every", "5m", "--json")
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    assert first["outcome"] == "done"
    assert first["done"]["create"] > 50
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert ready.run("sync")[0] == 0


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
def test_staying_takes_over_and_never_syncs_too_seldom_to_keep_the_task(ready: Shell) -> None:
    assert ready.run("sync")[0] == 0
    # Whoever has the task now is another installation.
    next(ready.home.rglob("installation.json")).unlink()
    process = ready.start("sync", "--every", "4h", "--take-over", "--json")
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    assert first["outcome"] == "done"
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert "It syncs every 60 minutes, not every 240" in err
    assert ready.run("sync")[0] == 0


def test_a_sync_is_taken_back_once_its_people_are_counted(ready: Shell) -> None:
    code, first = ready.asked("sync")
    assert code == 0
    code, told = ready.asked("undo", first["run_id"], "--preview")
    people = told["undo"]["people"]
    assert (code, told["undo"]["made"]) == (4, people)
    code, out, _ = ready.run("undo", "last")
    assert (code, f"undo {first['run_id']} --yes {people}" in out) == (4, True)
    code, told = ready.asked("undo", "last", "--yes", str(people + 1))
    assert (code, told["trouble"]["code"]) == (4, "approval-outdated")
    code, told = ready.asked("undo", "last", "--yes", str(people))
    # The admin is protected: left alone, and named.
    assert (code, told["report"]["done"]["deactivate"]) == (3, people)
    assert len(told["left_alone"]) == 1
    assert told["report"]["undoes"] == first["run_id"]
    code, told = ready.asked("undo", "20260101T000000-none")
    assert (code, told["trouble"]["code"]) == (1, "run-not-known")
    code, out, _ = ready.run("runs")
    assert first["run_id"] in out


def test_what_a_clock_begins_stands_still_after_a_sync_was_taken_back(ready: Shell) -> None:
    assert ready.asked("sync", "--once", "--scheduled")[1]["outcome"] == "done"
    people = ready.asked("undo", "last", "--preview")[1]["undo"]["people"]
    code, back = ready.asked("undo", "last", "--yes", str(people))
    assert (code, back["report"]["done"]["deactivate"]) == (3, people)
    code, told = ready.asked("sync", "--once", "--scheduled")
    assert (code, told["stands_still_for"]) == (0, back["report"]["run_id"])
    code, out, _ = ready.run("sync", "--scheduled")
    assert (code, "Then go on: enterprise-connect sync" in out) == (0, True)
    person = ready.asked("sync")[1]["run_id"]
    code, told = ready.asked("sync", "--once", "--scheduled")
    assert ("stands_still_for" in told, told["run_id"] > person) == (False, True)


def test_a_clock_neither_stays_nor_takes_over_nor_approves(ready: Shell) -> None:
    for more in (("--every", "30m"), ("--take-over",), ("--approve", "leave=3")):
        code, _, err = ready.run("sync", "--scheduled", *more)
        assert (code, "--scheduled goes with one run alone" in err) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
def test_staying_stands_still_after_a_sync_was_taken_back(ready: Shell) -> None:
    ready.run("sync")
    people = ready.asked("undo", "last", "--preview")[1]["undo"]["people"]
    assert ready.asked("undo", "last", "--yes", str(people))[0] == 3
    process = ready.start("sync", "--every", "5m", "--json")
    assert process.stderr is not None
    assert "taken back" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
