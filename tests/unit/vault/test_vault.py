"""Secrets are sealed, survive restarts and other processes, and are never in the open."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import keyring.errors
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyring.backend import KeyringBackend

from tests.unit.vault.fakes import Chain, Desktop, Keys, PlainFile, none_at_all
from wizard.core.cancel import Cancel
from wizard.core.clock import SystemClock
from wizard.core.trouble import Code, Trouble
from wizard.vault import vault as vault_module
from wizard.vault.keyrings import SystemKeyring
from wizard.vault.passphrase import CREDENTIAL, passphrase_from
from wizard.vault.sealed import Header, MadeByNewer, NotReadable, Stretching, seal, unseal
from wizard.vault.vault import (
    MemoryVault,
    Vault,
    VaultChoice,
    existing_choice,
    open_vault,
    put_aside,
)

ROOT = Path(__file__).resolve().parents[3]
WORD = "an invented passphrase"


def sealed(folder: Path, keys: Keys | None = None) -> Vault:
    return open_vault(folder, VaultChoice.KEYRING, keys=keys or Keys())


def by_word(folder: Path, word: str = WORD) -> Vault:
    return open_vault(folder, VaultChoice.PASSPHRASE, passphrase=word, log_n=14)


def code_of(trouble: pytest.ExceptionInfo[Trouble]) -> Code:
    return trouble.value.code


# ------------------------------------------------------------------ keeping


def test_what_is_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    keys = Keys()
    vault = sealed(tmp_path, keys)
    vault.set("google/C01abc", b"\x00\xff")
    vault.set("service/nordby", "wört")
    again = sealed(tmp_path, keys)
    assert again.get("google/C01abc") == b"\x00\xff"
    assert again.get_text("service/nordby") == "wört"
    assert again.names() == ("google/C01abc", "service/nordby")
    again.delete("google/C01abc")
    again.delete("google/C01abc")
    assert vault.get("google/C01abc") is None
    assert vault.get_text("google/C01abc") is None
    assert vault.choice is VaultChoice.KEYRING


def test_the_file_shows_neither_names_nor_values_and_is_the_owners_alone(tmp_path: Path) -> None:
    sealed(tmp_path).set("google/C01abc", "a-secret-value")
    content = (tmp_path / "vault").read_bytes()
    assert b"secret" not in content
    assert b"C01abc" not in content
    assert stat.S_IMODE((tmp_path / "vault").stat().st_mode) == 0o600
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_only_a_small_key_is_in_the_keyring(tmp_path: Path) -> None:
    keys = Keys()
    sealed(tmp_path, keys).set("service/nordby", "x" * 100_000)
    assert [len(key) for key in keys.kept.values()] == [32]


def test_where_open_files_stay_readers_take_turns_with_writers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault_module, "_OPEN_FILES_STAY", True)
    vault = sealed(tmp_path)
    vault.set("service/nordby", "word")
    with vault.locked("service/nordby", Cancel()):
        assert vault.get_text("service/nordby") == "word"
    assert vault.names() == ("service/nordby",)


def test_a_nonce_is_never_used_twice(tmp_path: Path) -> None:
    vault = sealed(tmp_path)
    contents = set()
    for _ in range(20):
        vault.set("service/nordby", "the same")
        contents.add((tmp_path / "vault").read_bytes())
    assert len(contents) == 20


@pytest.mark.parametrize("name", ["", "../x", "A", "a b", "x" * 300, "a\n"])
def test_a_name_that_is_none_is_a_mistake_of_ours(tmp_path: Path, name: str) -> None:
    for vault in (sealed(tmp_path), MemoryVault()):
        with pytest.raises(ValueError, match="not usable"):
            vault.get(name)


def test_a_vault_prints_no_secret(tmp_path: Path) -> None:
    assert repr(sealed(tmp_path)) == "SealedVault(keyring)"


def test_a_memory_vault_leaves_nothing_behind(tmp_path: Path) -> None:
    vault = open_vault(tmp_path, VaultChoice.MEMORY)
    vault.set("service/nordby", "word")
    assert vault.get_text("service/nordby") == "word"
    assert vault.names() == ("service/nordby",)
    with vault.locked("service/nordby", Cancel()):
        vault.delete("service/nordby")
    assert vault.get("service/nordby") is None
    assert list(tmp_path.iterdir()) == []
    assert vault.choice is VaultChoice.MEMORY


# ------------------------------------------------------------------ several at a time


def test_writers_in_several_threads_lose_nothing(tmp_path: Path) -> None:
    vault = sealed(tmp_path)

    def write(worker: int) -> None:
        for number in range(10):
            vault.set(f"worker{worker}/{number}", str(number))

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(vault.names()) == 40


WRITER = """
import sys
from pathlib import Path
from wizard.vault.vault import VaultChoice, open_vault
vault = open_vault(Path(sys.argv[1]), VaultChoice.PASSPHRASE, passphrase=sys.argv[2])
for number in range(15):
    vault.set(f"{sys.argv[3]}/{number}", "x")
"""


def test_writers_in_several_processes_lose_nothing(tmp_path: Path) -> None:
    vault = by_word(tmp_path)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), WORD, name], cwd=ROOT)
        for name in ("one", "two", "three")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(vault.names()) == 45


@pytest.mark.parametrize("kind", [VaultChoice.MEMORY, VaultChoice.KEYRING])
def test_an_entry_is_locked_for_one_at_a_time_and_others_are_free(
    tmp_path: Path, kind: VaultChoice
) -> None:
    vault = open_vault(tmp_path, kind, keys=Keys())
    order: list[str] = []
    inside, release = threading.Event(), threading.Event()

    def first() -> None:
        with vault.locked("a/1", Cancel()):
            inside.set()
            release.wait(10)
            vault.set("a/1", "x")  # writing under the lock is what it is for
            order.append("first")

    def second() -> None:
        with vault.locked("a/1", Cancel()):
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    inside.wait(10)
    threads[1].start()
    with vault.locked("b/1", Cancel()):
        order.append("another entry")
    cancel = Cancel()
    stopper = threading.Timer(0.1, cancel.stop)
    stopper.start()
    with pytest.raises(Trouble) as trouble, vault.locked("a/1", cancel):
        pytest.fail("it is locked")
    assert code_of(trouble) is Code.CANCELLED
    release.set()
    for thread in (*threads, stopper):
        thread.join()
    assert order == ["another entry", "first", "second"]


# ------------------------------------------------------------------ damage


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_is_never_accepted(position: int, change: int) -> None:
    key = bytes(range(32))
    content = bytearray(seal({"a/1": b"value"}, key, Header.fresh(), name="vault"))
    content[position % len(content)] ^= change
    # A changed version number reads as a later version, which isn't accepted either.
    with pytest.raises((NotReadable, MadeByNewer)):
        unseal(bytes(content), key, name="vault")


def test_a_sealed_file_is_good_under_its_own_name_and_key_only() -> None:
    key = bytes(range(32))
    content = seal({"a/1": b"value"}, key, Header.fresh(), name="vault")
    assert unseal(content, key, name="vault") == {"a/1": b"value"}
    for other_key, name in ((key, "other"), (bytes(32), "vault")):
        with pytest.raises(NotReadable):
            unseal(content, other_key, name=name)


@pytest.mark.parametrize("damage", ["end", "start", "empty"])
def test_a_damaged_vault_is_set_aside_and_never_deleted(
    tmp_path: Path, damage: str, expect_log: Callable[..., None]
) -> None:
    keys = Keys()
    sealed(tmp_path, keys).set("service/nordby", "word")
    file = tmp_path / "vault"
    content = file.read_bytes()
    content = {"end": content[:-1], "start": b"x" + content, "empty": b""}[damage]
    file.write_bytes(content)
    expect_log("wizard.vault", "set aside")
    with pytest.raises(Trouble) as trouble:
        sealed(tmp_path, keys)
    assert code_of(trouble) is Code.VAULT_DAMAGED
    aside = Path(str(trouble.value.facts["set_aside"]))
    assert aside.read_bytes() == content
    assert not file.exists()
    assert sealed(tmp_path, keys).names() == ()


@pytest.mark.parametrize("problem", ["key-gone", "other-key"])
def test_a_keyring_without_the_key_leaves_a_good_vault_where_it_is(
    tmp_path: Path, problem: str
) -> None:
    """A new keyring, or another one, has no key yet; the right one may be back tomorrow."""
    keys = Keys()
    sealed(tmp_path, keys).set("service/nordby", "word")
    content = (tmp_path / "vault").read_bytes()
    today = Keys()
    if problem == "other-key":
        today.kept = dict.fromkeys(keys.kept, bytes(32))
    with pytest.raises(Trouble) as trouble:
        sealed(tmp_path, today)
    assert (code_of(trouble), trouble.value.facts["problem"]) == (Code.VAULT_LOCKED, problem)
    assert (tmp_path / "vault").read_bytes() == content
    assert not list(tmp_path.glob("vault.damaged-*"))
    assert sealed(tmp_path, keys).get_text("service/nordby") == "word"


def test_a_new_vault_that_another_process_made_is_not_set_aside(tmp_path: Path) -> None:
    before = sealed(tmp_path)
    put_aside(tmp_path, clock=SystemClock())
    by_word(tmp_path).set("service/nordby", "word")
    ways: list[Callable[[], object]] = [
        lambda: before.get("service/nordby"),
        lambda: before.set("service/nordby", "old"),
    ]
    for way in ways:
        with pytest.raises(Trouble) as trouble:
            way()
        assert code_of(trouble) is Code.VAULT_LOCKED
        assert trouble.value.facts["problem"] == "locked-anew"
    assert by_word(tmp_path).get_text("service/nordby") == "word"


def test_damage_that_happens_while_it_is_open_is_noticed(
    tmp_path: Path, expect_log: Callable[..., None]
) -> None:
    vault = sealed(tmp_path)
    (tmp_path / "vault").write_bytes(b"nonsense")
    expect_log("wizard.vault", "set aside")
    with pytest.raises(Trouble) as trouble:
        vault.get("service/nordby")
    assert code_of(trouble) is Code.VAULT_DAMAGED
    with pytest.raises(Trouble) as gone:
        vault.get("service/nordby")
    assert gone.value.facts["reason"] == "gone"


def test_a_vault_of_a_later_version_is_left_where_it_is(tmp_path: Path) -> None:
    keys = Keys()
    vault = sealed(tmp_path, keys)
    file = tmp_path / "vault"
    later = file.read_bytes().replace(b"ECSVAULT\x01", b"ECSVAULT\x02")
    file.write_bytes(later)
    ways: list[Callable[[], object]] = [
        lambda: sealed(tmp_path, keys),
        lambda: vault.get("service/nordby"),
        lambda: vault.set("service/nordby", "word"),
    ]
    for way in ways:
        with pytest.raises(Trouble) as trouble:
            way()
        assert (code_of(trouble), trouble.value.facts["problem"]) == (Code.VAULT_LOCKED, "too-new")
    assert file.read_bytes() == later
    assert existing_choice(tmp_path) is None


def test_a_good_file_that_came_meanwhile_is_not_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = sealed(tmp_path)
    vault.set("service/nordby", "word")
    whole = (tmp_path / "vault").read_bytes()
    answers = [whole[:-1], whole]
    monkeypatch.setattr(vault_module, "_content", lambda _: answers.pop(0))
    assert vault.get_text("service/nordby") == "word"
    assert answers == []


def test_a_disk_that_refuses_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    vault = sealed(tmp_path)
    (tmp_path / "vault").unlink()
    (tmp_path / "vault").mkdir()
    with pytest.raises(Trouble) as trouble:
        vault.get("service/nordby")
    assert code_of(trouble) is Code.FOLDER_NOT_WRITABLE


# ------------------------------------------------------------------ passphrases


def test_a_passphrase_opens_its_vault_and_no_other_does(tmp_path: Path) -> None:
    by_word(tmp_path).set("service/nordby", "word")
    assert by_word(tmp_path).get_text("service/nordby") == "word"
    before = (tmp_path / "vault").read_bytes()
    for wrong in ("another", ""):
        with pytest.raises(Trouble) as trouble:
            by_word(tmp_path, wrong)
        assert code_of(trouble) is Code.PASSPHRASE_WRONG
    assert (tmp_path / "vault").read_bytes() == before


def test_an_empty_passphrase_makes_no_vault(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        by_word(tmp_path, "")
    assert trouble.value.facts["problem"] == "empty"
    assert not (tmp_path / "vault").exists()


def test_a_vault_is_opened_the_way_it_is_kept(tmp_path: Path) -> None:
    assert existing_choice(tmp_path) is None
    by_word(tmp_path)
    assert existing_choice(tmp_path) is VaultChoice.PASSPHRASE
    with pytest.raises(Trouble) as trouble:
        sealed(tmp_path)
    assert (code_of(trouble), trouble.value.facts["kept"]) == (Code.VAULT_LOCKED, "passphrase")
    other = tmp_path / "other"
    sealed(other)
    assert existing_choice(other) is VaultChoice.KEYRING
    (other / "vault").write_bytes(b"nonsense")
    assert existing_choice(other) is None


def test_a_forged_header_cannot_ask_for_a_cheap_key_or_all_memory() -> None:
    for log_n, salt in ((1, bytes(16)), (30, bytes(16)), (14, b"short")):
        with pytest.raises(NotReadable):
            Stretching(salt=salt, log_n=log_n).key("word")
    assert Stretching.fresh().log_n == 17


def test_a_passphrase_comes_from_an_owner_only_file_or_the_service_manager(tmp_path: Path) -> None:
    file = tmp_path / "word"
    file.write_text(f"{WORD}\n")
    file.chmod(0o600)
    assert passphrase_from(file, {}) == WORD
    assert passphrase_from(None, {}) == ""
    assert passphrase_from(None, {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == ""
    (tmp_path / CREDENTIAL).write_text("from the manager")
    assert passphrase_from(None, {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "from the manager"


@pytest.mark.parametrize(
    ("mode", "text", "problem"),
    [
        (0o644, WORD, "passphrase-file-shared"),
        (0o620, WORD, "passphrase-file-shared"),
        (0o600, "\n", "passphrase-file-empty"),
        (None, "", "passphrase-file-gone"),
    ],
)
def test_a_passphrase_file_that_cannot_serve_is_refused(
    tmp_path: Path, mode: int | None, text: str, problem: str
) -> None:
    file = tmp_path / "word"
    if mode is not None:
        file.write_text(text)
        file.chmod(mode)
    with pytest.raises(Trouble) as trouble:
        passphrase_from(file, {})
    assert (code_of(trouble), trouble.value.facts["problem"]) == (Code.VAULT_LOCKED, problem)


# ------------------------------------------------------------------ the system's keyring


def store(backend: KeyringBackend, seconds: float = 10.0) -> SystemKeyring:
    return SystemKeyring(backend=lambda: backend, seconds=seconds)


def test_a_key_is_kept_by_the_systems_keyring(tmp_path: Path) -> None:
    desktop = Desktop()
    vault = open_vault(tmp_path, VaultChoice.KEYRING, keys=store(desktop))
    vault.set("service/nordby", "word")
    again = open_vault(tmp_path, VaultChoice.KEYRING, keys=store(Chain(PlainFile(), desktop)))
    assert again.get_text("service/nordby") == "word"
    assert all(len(text) == 44 for text in desktop.kept.values())


@pytest.mark.parametrize("backend", [none_at_all(), PlainFile(), Chain(PlainFile())])
def test_a_keyring_that_does_not_seal_counts_as_none(
    tmp_path: Path, backend: KeyringBackend
) -> None:
    with pytest.raises(Trouble) as trouble:
        open_vault(tmp_path, VaultChoice.KEYRING, keys=store(backend))
    assert code_of(trouble) is Code.KEYRING_MISSING
    assert not (tmp_path / "vault").exists()


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (keyring.errors.NoKeyringError(), Code.KEYRING_MISSING),
        (keyring.errors.InitError(), Code.KEYRING_MISSING),
        (keyring.errors.KeyringLocked(), Code.KEYRING_LOCKED),
        (keyring.errors.PasswordSetError(), Code.KEYRING_LOCKED),
        (OSError("no bus"), Code.KEYRING_MISSING),
    ],
)
def test_a_keyring_that_refuses_is_told_as_what_it_is(
    tmp_path: Path, problem: Exception, code: Code
) -> None:
    desktop = Desktop()
    desktop.problem = problem
    with pytest.raises(Trouble) as trouble:
        open_vault(tmp_path, VaultChoice.KEYRING, keys=store(desktop))
    assert code_of(trouble) is code
    assert trouble.value.__cause__ is problem


def test_a_keyring_that_waits_for_a_person_is_not_waited_for(tmp_path: Path) -> None:
    desktop = Desktop()
    desktop.prompt = threading.Event()
    with pytest.raises(Trouble) as trouble:
        open_vault(tmp_path, VaultChoice.KEYRING, keys=store(desktop, seconds=0.1))
    desktop.prompt.set()
    assert code_of(trouble) is Code.KEYRING_TIMEOUT


def test_a_keyring_that_keeps_nothing_is_noticed_before_anything_is_sealed(tmp_path: Path) -> None:
    keys = Keys()
    keys.forgetful = True
    with pytest.raises(Trouble) as trouble:
        sealed(tmp_path, keys)
    assert (code_of(trouble), trouble.value.facts["reason"]) == (Code.KEYRING_MISSING, "not-kept")
    assert not (tmp_path / "vault").exists()


def test_a_keyring_entry_that_is_no_key_does_not_open_a_vault(tmp_path: Path) -> None:
    desktop = Desktop()
    open_vault(tmp_path, VaultChoice.KEYRING, keys=store(desktop))
    desktop.kept = dict.fromkeys(desktop.kept, "no key!")
    with pytest.raises(Trouble) as trouble:
        open_vault(tmp_path, VaultChoice.KEYRING, keys=store(desktop))
    assert (code_of(trouble), trouble.value.facts["problem"]) == (Code.VAULT_LOCKED, "other-key")


class Counted(Keys):
    """A key store that tells how many keys it has, as a mapping does."""

    def __len__(self) -> int:
        return len(self.kept)


def test_a_key_store_that_is_still_empty_is_used_all_the_same(tmp_path: Path) -> None:
    keys = Counted()
    open_vault(tmp_path, VaultChoice.KEYRING, keys=keys).set("service/nordby", "word")
    assert len(keys) == 1
