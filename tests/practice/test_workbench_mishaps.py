"""What lasts when programs end, files break, services go away and computers run out of room."""

from __future__ import annotations

import errno
import itertools
import os
import queue
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ExpectedLogs
from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import ROOT, World, practice
from wizard.core.runs import RunOutcome, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Place, Role, StepId
from wizard.flow.graph import forward
from wizard.services.contract import SchedulerState, SchedulerView

_numbers = itertools.count(1)
_UNREACHED = {
    Code.CONNECTION_LOST,
    Code.CONNECTION_REFUSED,
    Code.SERVICE_UNAVAILABLE,
    Code.TIMED_OUT,
    Code.SETTINGS_UNREADABLE,
}


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
def kept(world: World, tmp_path: Path) -> Iterator[Computer]:
    """A computer whose sign-ins survive the program, set up until before the first sync."""
    person = f"per.dahl.{next(_numbers)}@bench.example"
    with computer(world, tmp_path / "here", person=person, kept=True) as one:
        one.set_up(f"Unit of {person}")
        yield one


def command(one: Computer, *words: str) -> list[str]:
    return [
        sys.executable, "-m", "wizard", *words, "--json",
        "--profile", str(one.world.home / "profile.toml"), "--home", str(one.home),
        "--passphrase-file", str(one.home / "passphrase"),
    ]  # fmt: skip


@contextmanager
def program(one: Computer, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command as a process of its own, which does not outlive the block."""
    with subprocess.Popen(
        command(one, *words),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def wait_for_requests(
    one: Computer, stand_in: str, more: int, process: subprocess.Popen[bytes]
) -> None:
    """Until this many more requests have reached a stand-in, made by the process."""
    before, until = requests_at(one, stand_in), time.monotonic() + 60
    while requests_at(one, stand_in) < before + more:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until


def requests_at(one: Computer, stand_in: str) -> int:
    return int(one.world.ask("counts")[stand_in]["total"])


def database_of(one: Computer) -> Path:
    (found,) = one.home.rglob("google.db")
    return found


# ------------------------------------------------------------------ starting again


def test_a_set_up_goes_on_where_it_stopped_after_a_restart(kept: Computer) -> None:
    bench = kept.bench
    here = replace(bench.answers, place=Place.THIS_COMPUTER, place_ready=True)
    bench.change(replace(here, role=Role.BOTH, preview_seen=True))
    while (following := forward(kept.bench.walk)) != kept.bench.walk:
        kept.bench.go(following)
    before = kept.bench.walk
    assert before.step is StepId.FIRST_SYNC
    kept.restart()
    assert kept.bench.walk.step is StepId.FIRST_SYNC
    assert kept.bench.answers == before.answers
    preview = kept.bench.last_preview()
    assert preview is not None
    assert preview.run_id == kept.bench.answers.preview_run_id
    assert kept.bench.signed_in(kept.cancel).name == "Nora Lie"
    assert kept.run().outcome is RunOutcome.DONE


def test_a_damaged_set_up_file_is_told_and_the_service_knows_the_rest(kept: Computer) -> None:
    assert kept.run().outcome is RunOutcome.DONE
    before = kept.bench.answers
    (path,) = kept.home.rglob("setup.json")
    kept.close()
    path.write_bytes(b'{"version": 1, "step": "done", "answ')
    kept.restart()
    assert [notice.code for notice in kept.bench.notices] == [Code.ANSWERS_DAMAGED]
    assert kept.bench.walk.step is StepId.WELCOME
    kept.bench.signed_in(kept.cancel)
    learned = kept.bench.answers
    assert learned.ou_id == before.ou_id
    assert learned.organization_account_id == before.organization_account_id
    assert learned.organization_account_active
    assert learned.provisioning_on
    assert kept.run().done.writes == 0


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")]
)
def test_without_its_database_nobody_is_doubled_and_nobody_leaves(
    kept: Computer, damage: Callable[[Path], None]
) -> None:
    assert kept.run().outcome is RunOutcome.DONE
    before = kept.holders()
    path = database_of(kept)
    kept.close()
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    damage(path)
    kept.restart()
    report = kept.run()
    assert (report.outcome, report.done.writes) == (RunOutcome.DONE, 0)
    assert kept.holders() == before


def test_a_damaged_vault_is_told_and_signing_in_again_is_enough(
    kept: Computer, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.vault", "set aside")
    kept.run()
    (path,) = kept.home.rglob("vault")
    kept.close()
    path.write_bytes(path.read_bytes()[:-20])
    kept.restart()
    with pytest.raises(Trouble) as caught:
        kept.bench.signed_in(kept.cancel)
    assert caught.value.code is Code.SIGN_IN_NEEDED
    assert Code.VAULT_DAMAGED in {notice.code for notice in kept.bench.notices}
    kept.sign_in()
    assert kept.authorize().connection is not None
    assert kept.run().done.writes == 0


# ------------------------------------------------------------------ services that go away


def test_with_the_service_down_every_step_says_so_and_works_again_afterwards(
    kept: Computer,
) -> None:
    def sign_in_anew() -> None:
        kept.restart()
        kept.sign_in()

    steps: list[Callable[[], object]] = [
        lambda: kept.bench.network(kept.cancel),
        sign_in_anew,
        kept.authorize,
        kept.preview,
        kept.settings,
    ]
    answers = kept.bench.answers
    for step in steps:
        kept.world.tell("outage", {"stand_in": "account"})
        with pytest.raises(Trouble) as caught:
            step()
        assert caught.value.code in _UNREACHED
        kept.world.tell("clear-faults")
        step()
    assert kept.bench.answers.organization_account_id == answers.organization_account_id


def test_with_google_down_authorizing_and_syncing_say_so_and_change_nothing(
    kept: Computer,
) -> None:
    kept.run()
    before = kept.holders()
    kept.world.tell("outage", {"stand_in": "google"})
    report = kept.run()
    assert report.outcome is RunOutcome.FAILED
    assert report.trouble in _UNREACHED
    kept.world.tell("clear-faults")
    assert kept.holders() == before
    assert kept.run().outcome is RunOutcome.DONE


def test_while_the_service_is_down_a_run_says_so_and_the_next_one_goes_on(kept: Computer) -> None:
    kept.run()
    kept.world.tell("hire")
    kept.world.tell("outage", {"stand_in": "account"})
    with pytest.raises(Trouble) as caught:
        kept.run()
    assert caught.value.code in _UNREACHED
    kept.world.tell("clear-faults")
    assert kept.run().done.create == 1


# ------------------------------------------------------------------ processes


def test_two_programs_never_sync_the_same_unit_at_once(kept: Computer) -> None:
    kept.world.tell("latency", {"stand_in": "google", "path_prefix": "/admin", "ms": 2000})
    with program(kept, "sync", "--once") as other:
        wait_for_requests(kept, "google", 1, other)
        with pytest.raises(Trouble) as caught:
            kept.run()
        assert caught.value.code is Code.SYNC_ALREADY_RUNNING
        kept.world.tell("clear-faults")
        assert other.wait(60) == 0
    assert kept.run().done.writes == 0
    assert set(kept.holders()) == kept.expected()


posix_alone = pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")


@posix_alone
@pytest.mark.parametrize("moment", ["/admin/directory", "/v1/organizational_units"])
def test_a_run_that_was_killed_is_finished_by_the_next(kept: Computer, moment: str) -> None:
    stand_in = "google" if "admin" in moment else "account"
    kept.world.tell("latency", {"stand_in": stand_in, "path_prefix": moment, "ms": 250})
    with program(kept, "sync", "--once") as running:
        wait_for_requests(kept, stand_in, 4, running)
        os.killpg(running.pid, signal.SIGKILL)
    kept.world.tell("clear-faults")
    assert kept.run().outcome is RunOutcome.DONE
    assert set(kept.holders()) == kept.expected()
    assert kept.run().done.writes == 0


@posix_alone
def test_control_c_ends_a_command_soon_and_cleanly(kept: Computer) -> None:
    kept.world.tell("latency", {"stand_in": "google", "path_prefix": "/admin", "ms": 30_000})
    with program(kept, "sync", "--once") as running:
        wait_for_requests(kept, "google", 1, running)
        began = time.monotonic()
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=30)
        assert running.returncode == 130
        assert b"Traceback" not in told
        assert time.monotonic() - began < 10
    kept.world.tell("clear-faults")
    assert kept.run().outcome is RunOutcome.DONE


# ------------------------------------------------------------------ no room


def test_on_a_full_disk_the_old_files_stay_and_it_is_told(
    kept: Computer, monkeypatch: pytest.MonkeyPatch, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.saver", "disk-full")
    kept.run()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (path,) = kept.home.rglob("setup.json")
    before = path.read_bytes()
    unsaved: queue.Queue[Trouble] = queue.Queue()
    stop = kept.bench.background.when_unsaved(unsaved.put)
    with monkeypatch.context() as patch:
        patch.setattr("wizard.core.files.os.fsync", full)
        kept.bench.change(replace(kept.bench.answers, role=Role.IT))
        assert unsaved.get(timeout=10).code is Code.DISK_FULL
        with pytest.raises(Trouble) as caught:
            kept.run()
        assert caught.value.code is Code.DISK_FULL
        assert path.read_bytes() == before
    stop()
    kept.restart()
    assert kept.run().outcome is RunOutcome.DONE


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MiB, where this user may mount one."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m,mode=0700", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("this user may not mount a small file system")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_that_fills_up_during_a_run_loses_nothing(world: World, small_disk: Path) -> None:
    person = f"siv.moe.{next(_numbers)}@bench.example"
    with computer(world, small_disk / "here", person=person) as one:
        one.set_up(f"Unit of {person}")
        one.bench.placing.run_here(one.cancel)
        ballast = small_disk / "ballast"
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        try:
            report = one.run()
            assert (report.outcome, report.trouble) == (RunOutcome.FAILED, Code.DISK_FULL)
        except Trouble as trouble:
            assert trouble.code is Code.DISK_FULL  # noqa: PT017 - either way of telling is right
        ballast.unlink()
        assert one.run().outcome is RunOutcome.DONE
        assert set(one.holders()) == one.expected()


# ------------------------------------------------------------------ the background


def test_the_background_keeps_people_in_step(kept: Computer) -> None:
    views: queue.Queue[SchedulerView] = queue.Queue()
    kept.bench.schedule.listen(views.put)

    def rested() -> SchedulerView:
        while True:
            view = views.get(timeout=30)
            if view.state is SchedulerState.WAITING and view.last is not None:
                return view

    kept.bench.schedule.run_now(Trigger.FIRST)
    first = rested()
    assert first.last is not None
    assert first.last.trigger is Trigger.FIRST
    assert first.next_run_at is not None
    assert set(kept.holders()) == kept.expected()
    kept.world.tell("hire")
    kept.bench.schedule.run_now()
    second = rested()
    assert second.last is not None
    assert second.last.done.create == 1
    assert kept.bench.answers.first_run_id == first.last.run_id


def test_closing_ends_a_run_in_the_background_soon(kept: Computer) -> None:
    views: queue.Queue[SchedulerView] = queue.Queue()
    kept.world.tell("latency", {"stand_in": "google", "path_prefix": "/admin", "ms": 30_000})
    kept.bench.schedule.listen(views.put)
    kept.bench.schedule.run_now(Trigger.FIRST)
    while views.get(timeout=30).state is not SchedulerState.RUNNING:
        continue
    began = time.monotonic()
    kept.bench.close()
    assert time.monotonic() - began < 5
    assert kept.bench.schedule.view().state is SchedulerState.STOPPED
