"""How sign-ins are kept: the person chooses in the window, the command line goes on in memory."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Condition

import pytest

from tests.unit.services.test_sign_in import SYNCED
from wizard.core.cancel import Cancel
from wizard.core.runs import Trigger
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Role, StepId
from wizard.flow.graph import resume_point
from wizard.services.contract import SchedulerState, SecretsChoice
from wizard.services.environment import open_workbench
from wizard.services.ground import Ground
from wizard.services.keeping import asks_person
from wizard.services.options import Options
from wizard.services.workbench import LocalWorkbench
from wizard.vault.vault import VaultChoice

GOOD = "a boat on the fjord"
ENTRY = "service/nordby"
PROFILE = """schema = 1
id = "nordby"
name = "Nordby"
[service]
kind = "enterprise_connect"
api = "https://connect.nordby.example"
issuer = "https://connect.nordby.example"
client_id = "setup"
"""


class Store:
    """The system's password store: it keeps keys, and fails while `problem` stands."""

    def __init__(self, problem: Code | None = None) -> None:
        self.problem = problem
        self.kept: dict[str, bytes] = {}

    def _answer(self) -> None:
        if self.problem is not None:
            raise Trouble(self.problem, seconds=30)

    def read(self, name: str) -> bytes | None:
        self._answer()
        return self.kept.get(name)

    def write(self, name: str, key: bytes) -> None:
        self._answer()
        self.kept[name] = key


Start = Callable[..., LocalWorkbench]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the program on one computer, as a window (`asks`) or a command does."""
    opened: list[LocalWorkbench] = []
    profile = tmp_path / "nordby.toml"
    profile.write_text(PROFILE, encoding="utf-8")

    def open_it(
        keys: Store, *, asks: bool = True, passphrase_file: Path | None = None
    ) -> LocalWorkbench:
        options = Options(
            profile=str(profile),
            home=tmp_path / "home",
            trust_profile=True,
            passphrase_file=passphrase_file,
        )
        bench = open_workbench(options, keys=keys, asks=asks)
        opened.append(bench)
        return bench

    yield open_it
    for bench in opened:
        bench.close()


def ground_of(bench: LocalWorkbench) -> Ground:
    return bench.engine.ground


def keep(bench: LocalWorkbench, choice: SecretsChoice, passphrase: str = "") -> None:
    bench.keep_secrets(choice, passphrase, Cancel())


def how(bench: LocalWorkbench) -> VaultChoice:
    return ground_of(bench).vault(Cancel()).choice


def trouble_of(call: Callable[[], object]) -> Trouble:
    with pytest.raises(Trouble) as raised:
        call()
    return raised.value


def sealed_files(bench: LocalWorkbench) -> list[Path]:
    return [path for path in ground_of(bench).folder.glob("vault*") if path.suffix != ".lock"]


@pytest.mark.parametrize("code", [Code.KEYRING_MISSING, Code.KEYRING_LOCKED, Code.KEYRING_TIMEOUT])
def test_in_the_window_nothing_is_decided_for_the_person(start: Start, code: Code) -> None:
    bench = start(Store(code))
    met = trouble_of(lambda: how(bench))
    assert met.code is code
    assert asks_person(met.code, met.facts)
    assert not bench.notices


def test_a_command_has_nobody_to_ask_goes_on_in_memory_and_says_so(start: Start) -> None:
    bench = start(Store(Code.KEYRING_MISSING), asks=False)
    assert how(bench) is VaultChoice.MEMORY
    assert [notice.code for notice in bench.notices] == [Code.KEYRING_MISSING]


@pytest.mark.parametrize("code", [Code.KEYRING_LOCKED, Code.KEYRING_TIMEOUT])
def test_a_command_does_not_pass_by_a_store_that_is_only_locked(start: Start, code: Code) -> None:
    bench = start(Store(code), asks=False)
    assert trouble_of(lambda: how(bench)).code is code


def test_kept_in_memory_is_kept_for_this_start_alone(start: Start) -> None:
    store = Store(Code.KEYRING_MISSING)
    bench = start(store)
    trouble_of(lambda: how(bench))
    keep(bench, SecretsChoice.MEMORY)
    vault = ground_of(bench).vault(Cancel())
    vault.set(ENTRY, "a refresh token")
    assert ground_of(bench).vault(Cancel()).get_text(ENTRY) == "a refresh token"
    assert not sealed_files(bench)
    bench.close()
    assert trouble_of(lambda: how(start(store))).code is Code.KEYRING_MISSING


def test_a_store_that_was_unlocked_meanwhile_is_used(start: Start) -> None:
    store = Store(Code.KEYRING_LOCKED)
    bench = start(store)
    trouble_of(lambda: how(bench))
    assert trouble_of(lambda: keep(bench, SecretsChoice.KEYRING)).code is Code.KEYRING_LOCKED
    store.problem = None
    keep(bench, SecretsChoice.KEYRING)
    assert how(bench) is VaultChoice.KEYRING
    assert store.kept


def test_a_passphrase_opens_at_the_next_start_what_was_kept(start: Start) -> None:
    store = Store(Code.KEYRING_MISSING)
    bench = start(store)
    keep(bench, SecretsChoice.NEW_PASSPHRASE, GOOD)
    ground_of(bench).vault(Cancel()).set(ENTRY, "a refresh token")
    bench.close()
    again = start(store)
    met = trouble_of(lambda: how(again))
    assert (met.code, met.facts["problem"]) == (Code.VAULT_LOCKED, "no-passphrase")
    assert asks_person(met.code, met.facts)
    wrong = trouble_of(lambda: keep(again, SecretsChoice.PASSPHRASE, "a boot on the fjord"))
    assert (wrong.code, wrong.facts["problem"]) == (Code.PASSPHRASE_WRONG, "wrong")
    keep(again, SecretsChoice.PASSPHRASE, GOOD)
    assert ground_of(again).vault(Cancel()).get_text(ENTRY) == "a refresh token"


def test_a_passphrase_is_made_where_none_was_set(start: Start) -> None:
    bench = start(Store(Code.KEYRING_MISSING))
    keep(bench, SecretsChoice.PASSPHRASE, GOOD)
    assert how(bench) is VaultChoice.PASSPHRASE


@pytest.mark.parametrize("choice", [SecretsChoice.PASSPHRASE, SecretsChoice.NEW_PASSPHRASE])
def test_a_short_passphrase_is_refused_before_anything_is_made(
    start: Start, choice: SecretsChoice
) -> None:
    bench = start(Store(Code.KEYRING_MISSING))
    met = trouble_of(lambda: keep(bench, choice, "elf letters"))
    assert (met.code, met.facts["problem"]) == (Code.PASSPHRASE_WRONG, "short")
    assert not sealed_files(bench)


def test_who_lost_the_passphrase_starts_anew_and_nothing_is_deleted(start: Start) -> None:
    store = Store(Code.KEYRING_MISSING)
    bench = start(store)
    keep(bench, SecretsChoice.NEW_PASSPHRASE, "long forgotten words")
    ground_of(bench).vault(Cancel()).set(ENTRY, "a refresh token")
    (old,) = sealed_files(bench)
    content = old.read_bytes()
    bench.close()
    again = start(store)
    keep(again, SecretsChoice.NEW_PASSPHRASE, GOOD)
    assert ground_of(again).vault(Cancel()).get(ENTRY) is None
    assert content in [path.read_bytes() for path in sealed_files(again)]
    assert len(sealed_files(again)) == 2


def test_a_passphrase_takes_the_place_of_a_store_that_is_gone(start: Start) -> None:
    store = Store()
    bench = start(store)
    ground_of(bench).vault(Cancel()).set(ENTRY, "a refresh token")
    bench.close()
    store.problem = Code.KEYRING_MISSING
    again = start(store)
    keep(again, SecretsChoice.NEW_PASSPHRASE, GOOD)
    assert how(again) is VaultChoice.PASSPHRASE
    assert len(sealed_files(again)) == 2


@pytest.mark.parametrize("key", [None, bytes(32)])
def test_a_store_without_the_right_key_lets_the_person_begin_anew(
    start: Start, key: bytes | None
) -> None:
    store = Store()
    bench = start(store)
    ground_of(bench).vault(Cancel()).set(ENTRY, "a refresh token")
    bench.close()
    store.kept = {name: key for name in store.kept if key is not None}
    again = start(store)
    met = trouble_of(lambda: how(again))
    assert met.code is Code.VAULT_LOCKED
    assert asks_person(met.code, met.facts)
    assert trouble_of(lambda: keep(again, SecretsChoice.KEYRING)).code is Code.VAULT_LOCKED
    keep(again, SecretsChoice.NEW_KEYRING)
    assert how(again) is VaultChoice.KEYRING
    assert ground_of(again).vault(Cancel()).get(ENTRY) is None
    assert len(sealed_files(again)) == 2


def test_a_locked_store_takes_nothing_away_from_who_would_begin_anew(start: Start) -> None:
    store = Store()
    bench = start(store)
    ground_of(bench).vault(Cancel()).set(ENTRY, "a refresh token")
    bench.close()
    store.problem = Code.KEYRING_LOCKED
    again = start(store)
    assert trouble_of(lambda: keep(again, SecretsChoice.NEW_KEYRING)).code is Code.KEYRING_LOCKED
    store.problem = None
    assert ground_of(again).vault(Cancel()).get_text(ENTRY) == "a refresh token"


def test_what_is_open_already_is_not_opened_in_another_way(start: Start) -> None:
    bench = start(Store())
    assert how(bench) is VaultChoice.KEYRING
    keep(bench, SecretsChoice.MEMORY)
    assert how(bench) is VaultChoice.KEYRING


def test_the_passphrase_is_nowhere_but_in_the_persons_head(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bench = start(Store(Code.KEYRING_MISSING))
    keep(bench, SecretsChoice.NEW_PASSPHRASE, GOOD)
    bench.change(replace(bench.answers, service_answered=True))
    told = [record.getMessage() for record in caplog.records]
    parts = (bench, ground_of(bench), ground_of(bench).vault(Cancel()), bench.answers)
    told += [repr(part) + repr(vars(part)) for part in parts if hasattr(part, "__dict__")]
    assert not [words for words in told if GOOD in words]
    home = ground_of(bench).folder.parent.parent
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if GOOD.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "problem", ["too-new", "other-choice", "locked-anew", "passphrase-file-gone"]
)
def test_a_vault_that_no_choice_opens_asks_nobody(problem: str) -> None:
    assert not asks_person(Code.VAULT_LOCKED, {"problem": problem})
    assert not asks_person(Code.VAULT_LOCKED, {"file": "vault.file.lock"})
    assert not asks_person(None, {})


def test_a_sync_that_waited_for_the_answer_begins(start: Start) -> None:
    store = Store()
    first = start(store)
    ground_of(first).vault(Cancel()).set("google/ou-9/C09", "what an earlier start kept")
    first.close()
    store.problem = Code.KEYRING_LOCKED
    bench = start(store)
    bench.change(SYNCED)
    bench.schedule.run_now(Trigger.SCHEDULE)
    wait_for(bench, Code.KEYRING_LOCKED)
    heard: list[SchedulerState] = []
    bench.schedule.listen(lambda view: heard.append(view.state))
    store.problem = None
    keep(bench, SecretsChoice.KEYRING)
    # Nobody is signed in: the run gets as far as the vault, which is open now.
    wait_for(bench, Code.SIGN_IN_NEEDED)
    assert SchedulerState.RUNNING in heard
    assert bench.answers == SYNCED


@pytest.mark.parametrize("choice", [SecretsChoice.MEMORY, SecretsChoice.NEW_PASSPHRASE])
def test_where_nothing_is_kept_signing_in_comes_first(start: Start, choice: SecretsChoice) -> None:
    bench = start(Store(Code.KEYRING_MISSING))
    bench.change(replace(SYNCED, role=Role.BOTH))
    ground_of(bench).keep_secrets(choice, GOOD, Cancel())
    ground_of(bench).vault(Cancel()).set("proxy/address", "no sign-in of the set-up's")
    keep(bench, choice, GOOD)
    assert not bench.answers.signed_in_as
    assert resume_point(bench.answers) is StepId.SIGN_IN
    assert bench.answers.ou_id == SYNCED.ou_id


def wait_for(bench: LocalWorkbench, code: Code) -> None:
    """Until the background sync needs a person for this."""
    met: list[Code | None] = []
    change = Condition()

    def hear(view: object) -> None:
        with change:
            met.append(bench.schedule.view().trouble)
            change.notify_all()

    end = bench.schedule.listen(hear)
    with change:
        met.append(bench.schedule.view().trouble)
        assert change.wait_for(lambda: code in met, 10), met
    end()
