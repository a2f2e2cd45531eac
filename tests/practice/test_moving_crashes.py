"""A crash, and a full disk, at every step of moving a set-up: one computer syncs, or none does yet
and the file is good.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import ExpectedLogs
from tests.practice.bench_world import Computer, computer
from tests.practice.visitor import World, practice
from wizard.accounts.enterprise_connect.service import EnterpriseConnect
from wizard.core.runs import RunOutcome, Trigger
from wizard.core.trouble import Code, Trouble
from wizard.services import move_file, moved, moving_in
from wizard.services.access import ServiceAccess
from wizard.services.keeping import sign_ins
from wizard.services.made_tokens import MadeTokens
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.vault.names import entry_name
from wizard.vault.packed import pack
from wizard.vault.vault import SealedVault

WORD = "a sentence for the road"
PERSON = "moving.crash@bench.example"
_STEPS: tuple[tuple[object, str], ...] = (
    (move_file, "pack"),
    (move_file, "_write"),
    (move_file, "_keep_names"),
    (move_file, "unpack"),
    (moved.MovedAway, "remember"),
    (moved.MovedAway, "clear"),
    (moved.MovedIn, "remember"),
    (EnterpriseConnect, "give_up_lease"),
    (EnterpriseConnect, "hold_lease"),
    (moving_in, "replace_file"),
    (moving_in, "distrust_links"),
    (MadeTokens, "remember"),
    (Syncing, "erase"),
    (SetUp, "go"),
    (SetUp, "flush"),
    (SealedVault, "set"),
    (SealedVault, "delete"),
    (ServiceAccess, "renew_all"),
    (ServiceAccess, "forget_copies"),
)
"""Whatever a move does that lasts. What it did before the n-th of them has happened then."""


class Killed(BaseException):
    """The program ends here, as by a power cut."""


class Steps:
    """Counts the steps of a move as they come, and lets one of them end it."""

    def __init__(self, at: int, end: Callable[[str], BaseException]) -> None:
        self._at = at
        self._end = end
        self.came: list[str] = []

    @property
    def reached(self) -> bool:
        return len(self.came) >= self._at

    def at(self, name: str) -> None:
        if self.reached:
            return  # what is done about it afterwards
        self.came.append(name)
        if self.reached:
            raise self._end(name)


@contextmanager
def ended_at(number: int, end: Callable[[str], BaseException] = Killed) -> Iterator[Steps]:
    """The `number`th step of what happens in this block, from 1, is not done."""
    steps = Steps(number, end)
    with pytest.MonkeyPatch.context() as patched:
        for owner, name in _STEPS:
            patched.setattr(owner, name, _counted(getattr(owner, name), steps, name))
        yield steps


def _counted(real: Callable[..., object], steps: Steps, name: str) -> Callable[..., object]:
    def step(*given: object, **named: object) -> object:
        steps.at(name)
        return real(*given, **named)

    return step


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice(tmp_path / "organization", people=12) as running:
        yield running


@pytest.fixture
def two(world: World, tmp_path: Path) -> Iterator[tuple[Computer, Computer]]:
    """A computer whose first sync is done, and one on which nothing is set up."""
    with (
        computer(world, tmp_path / "one", person=PERSON, kept=True) as one,
        computer(world, tmp_path / "two", person=PERSON, kept=True) as other,
    ):
        one.set_up("Halden Freight")
        assert one.run().outcome is RunOutcome.DONE
        yield one, other


def out(one: Computer, file: Path) -> None:
    one.bench.engine.moving.move_out(file, WORD, one.cancel)


def moved_in(one: Computer, file: Path) -> bool:
    return one.bench.engine.moving.move_in(file, WORD, one.cancel).syncs_here


def syncs(one: Computer) -> bool:
    """Whether a sync may write here now, by doing one."""
    try:
        report = one.bench.run(Trigger.COMMAND, one.cancel, one.heard.append)
    except Trouble as trouble:
        if trouble.code not in {Code.MOVED_AWAY, Code.NO_ORGANIZATIONAL_UNIT}:
            raise
        return False
    assert report.outcome is RunOutcome.DONE
    return True


def secrets(one: Computer) -> tuple[str, ...]:
    return sign_ins(one.bench.engine.ground.vault(one.cancel))


@pytest.fixture(autouse=True)
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretching a passphrase is tested elsewhere, and takes half a second each time."""
    monkeypatch.setattr(move_file, "pack", partial(pack, log_n=14))


def gone_on(here: Computer, there: Computer, file: Path, number: int) -> str:
    """Move from here to there, with a crash before this step; its name, '' where none was left."""
    out(here, file)
    with ended_at(number) as steps:
        try:
            assert moved_in(there, file)
        except Killed:
            there.restart()
    assert not syncs(here)
    syncs(there)
    assert moved_in(there, file), steps.came
    assert syncs(there), steps.came
    assert not syncs(here)
    return steps.came[-1] if steps.reached else ""


def test_a_crash_at_any_step_of_moving_in_is_gone_on_from(
    world: World, two: tuple[Computer, Computer], tmp_path: Path
) -> None:
    one, _ = two
    met = []
    with ExitStack() as computers:
        for number in range(1, 60):
            home = tmp_path / f"new-{number}"
            new = computers.enter_context(computer(world, home, person=PERSON, kept=True))
            met.append(gone_on(one, new, tmp_path / f"file-{number}", number))
            if not met[-1]:
                break
            one = new
    assert len(met) > 14, met
    assert {"hold_lease", "erase", "replace_file", "set", "go", "clear", "remember"} <= set(met)


def test_a_crash_at_any_step_of_moving_back_is_gone_on_from(
    two: tuple[Computer, Computer], tmp_path: Path
) -> None:
    here, there = two
    out(here, tmp_path / "first")
    assert moved_in(there, tmp_path / "first")
    met = []
    for number in range(1, 60):
        here, there = there, here
        met.append(gone_on(here, there, tmp_path / f"file-{number}", number))
        if not met[-1]:
            break
    assert len(met) > 14, met


def test_a_crash_at_any_step_of_moving_out_leaves_the_old_one_or_a_whole_file(
    two: tuple[Computer, Computer], tmp_path: Path
) -> None:
    here, there = two
    met = []
    for number in range(1, 60):
        file = tmp_path / f"file-{number}"
        with ended_at(number) as steps:
            try:
                out(here, file)
            except Killed:
                here.restart()
        if syncs(here):
            file.unlink(missing_ok=True)
            out(here, file)
        assert not syncs(here)
        assert secrets(here) == (), steps.came
        assert moved_in(there, file), steps.came
        assert syncs(there)
        met.append(steps.came[-1] if steps.reached else "")
        if not met[-1]:
            break
        here, there = there, here
    assert len(met) > 9, met
    assert {
        "pack",
        "_write",
        "_keep_names",
        "unpack",
        "remember",
        "give_up_lease",
        "delete",
    } <= set(met)


def full(step: str) -> Exception:
    if step == "_keep_names":
        return OSError(errno.ENOSPC, "full")
    return Trouble(Code.DISK_FULL, folder="here")


def test_a_failure_at_any_step_of_moving_out_leaves_no_file_or_has_moved(
    two: tuple[Computer, Computer], tmp_path: Path, expect_log: ExpectedLogs
) -> None:
    expect_log("wizard.services.moving", "not forgotten yet")
    here, there = two
    met = set()
    for number in range(1, 60):
        file = tmp_path / f"file-{number}"
        with ended_at(number, full) as steps:
            try:
                out(here, file)
            except Trouble:
                met.add(steps.came[-1])
                assert not list(tmp_path.glob(f"*{file.name}*")), "no file, also none half made"
                assert syncs(here), steps.came
                out(here, file)
        assert not syncs(here)
        assert secrets(here) == (), steps.came
        assert moved_in(there, file), steps.came
        if not steps.reached:
            break
        here, there = there, here
    assert met == {"flush", "pack", "_write", "_keep_names", "unpack", "remember"}, met


def test_a_failure_at_any_step_of_moving_in_leaves_nothing_and_the_file_good(
    world: World, two: tuple[Computer, Computer], tmp_path: Path
) -> None:
    one, other = two
    met = []
    file = tmp_path / "file"
    out(one, file)
    for number in range(1, 60):
        with ended_at(number, full) as steps:
            try:
                assert moved_in(other, file)
            except Trouble:
                met.append(steps.came[-1])
                assert not other.bench.answers.ou_id
                assert secrets(other) == (), steps.came
                other.restart()
                assert not syncs(other)
                assert not holder(other, file), "anybody may take the lease"
                continue
        break
    assert {"hold_lease", "erase", "replace_file", "distrust_links", "set", "go", "flush"} <= set(
        met
    )
    assert syncs(other)


def holder(one: Computer, file: Path) -> bool:
    contents = move_file.read_contents(file, WORD)
    answers = contents.walk.answers
    key = contents.secrets[entry_name("provisioning", answers.organization_account_id)].decode()
    account = one.bench.engine.access.as_moved_in(key).organization_account(
        answers.ou_id, answers.organization_account_id, one.cancel
    )
    return account.syncer is not None
