"""Where every secret lives: sealed on disk, or in memory until the program closes."""

from __future__ import annotations

import logging
import os
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, SystemClock
from wizard.core.files import disk_trouble, private_folder, replace_file
from wizard.core.locks import FileLock
from wizard.core.trouble import Code, Trouble
from wizard.vault.keyrings import KeyStore, SystemKeyring
from wizard.vault.sealed import (
    KEY_BYTES,
    Header,
    MadeByNewer,
    NotReadable,
    Stretching,
    seal,
    unseal,
)

__all__ = [
    "MemoryVault",
    "SealedVault",
    "Vault",
    "VaultChoice",
    "existing_choice",
    "open_vault",
    "put_aside",
    "put_back",
]

log = logging.getLogger("wizard.vault")

FILE = "vault"
_NAME = re.compile(r"[a-z0-9][A-Za-z0-9._@:/-]{0,199}")
_LARGEST = 4 * 1024 * 1024
_LOCK_SECONDS = 30.0
_OPEN_FILES_STAY = os.name == "nt"
"""Windows refuses to replace a file that somebody is reading."""


class VaultChoice(StrEnum):
    """How secrets are kept. There is no choice without encryption."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a choice
    MEMORY = "memory"


class Vault(Protocol):
    """Keeps secrets under names such as 'service/practice' or 'google/C01abc'."""

    @property
    def choice(self) -> VaultChoice:
        """How it keeps them."""
        ...

    def get(self, name: str) -> bytes | None:
        """What is kept now, by whichever process; `Trouble` (vault-damaged, vault-locked)."""
        ...

    def get_text(self, name: str) -> str | None:
        """The same, as text."""
        ...

    def set(self, name: str, value: bytes | str) -> None:
        """Keep this, and everything else as it is; `Trouble` of vault and disk."""
        ...

    def delete(self, name: str) -> None:
        """Forget this; nothing happens when it was not kept."""
        ...

    def names(self) -> tuple[str, ...]:
        """What is kept, without looking at it."""
        ...

    def locked(self, name: str, cancel: Cancel) -> AbstractContextManager[None]:
        """Be the only one, in every process, who works on this entry within the block.

        For "read, ask the other side, keep the answer", such as a token that changes with
        every use. Others may go on with other entries. Not re-entrant.
        """
        ...


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not usable as the name of a secret: {name!r}")
    return name


class MemoryVault:
    """Forgets everything when the program closes; for who has no keyring and no passphrase."""

    choice = VaultChoice.MEMORY

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, bytes] = {}
        self._locks: dict[str, threading.Lock] = {}

    def get(self, name: str) -> bytes | None:
        """See `Vault.get`."""
        with self._lock:
            return self._entries.get(_checked(name))

    def get_text(self, name: str) -> str | None:
        """See `Vault.get_text`."""
        value = self.get(name)
        return None if value is None else value.decode("utf-8")

    def set(self, name: str, value: bytes | str) -> None:
        """See `Vault.set`."""
        with self._lock:
            self._entries[_checked(name)] = value.encode() if isinstance(value, str) else value

    def delete(self, name: str) -> None:
        """See `Vault.delete`."""
        with self._lock:
            self._entries.pop(_checked(name), None)

    def names(self) -> tuple[str, ...]:
        """See `Vault.names`."""
        with self._lock:
            return tuple(sorted(self._entries))

    @contextmanager
    def locked(self, name: str, cancel: Cancel) -> Iterator[None]:
        """See `Vault.locked`; there are no other processes to keep out."""
        with self._lock:
            lock = self._locks.setdefault(_checked(name), threading.Lock())
        while not lock.acquire(timeout=0.1):
            cancel.check()
        try:
            yield
        finally:
            lock.release()


class SealedVault:
    """One encrypted file in a folder; several processes may use it at the same time.

    Made by `open_vault`. A write reads the file as it is now, changes one entry, and replaces
    the file whole, all under a lock across processes.
    """

    def __init__(self, folder: Path, key: bytes, choice: VaultChoice, clock: Clock) -> None:
        self._path = folder / FILE
        self._key = key
        self._choice = choice
        self._clock = clock
        self._guard = threading.Lock()
        self._locks: dict[str, FileLock] = {}

    def __repr__(self) -> str:
        return f"SealedVault({self._choice.value})"

    @property
    def choice(self) -> VaultChoice:
        """See `Vault.choice`."""
        return self._choice

    def get(self, name: str) -> bytes | None:
        """See `Vault.get`."""
        return self._entries().get(_checked(name))

    def get_text(self, name: str) -> str | None:
        """See `Vault.get_text`."""
        value = self.get(name)
        return None if value is None else value.decode("utf-8")

    def set(self, name: str, value: bytes | str) -> None:
        """See `Vault.set`."""
        self._change(_checked(name), value.encode() if isinstance(value, str) else value)

    def delete(self, name: str) -> None:
        """See `Vault.delete`."""
        self._change(_checked(name), None)

    def names(self) -> tuple[str, ...]:
        """See `Vault.names`."""
        return tuple(sorted(self._entries()))

    @contextmanager
    def locked(self, name: str, cancel: Cancel) -> Iterator[None]:
        """See `Vault.locked`; waits until it is free or `cancel` is stopped."""
        lock = self._lock_of(sha256(_checked(name).encode()).hexdigest()[:16])
        while not lock.acquire(seconds=1.0, cancel=cancel):
            cancel.check()
        try:
            yield
        finally:
            lock.release()

    def _lock_of(self, part: str) -> FileLock:
        with self._guard:
            if part not in self._locks:
                path = self._path.with_name(f"{FILE}.{part}.lock")
                self._locks[part] = FileLock(path, clock=self._clock)
            return self._locks[part]

    def _change(self, name: str, value: bytes | None) -> None:
        with self._lock_of("file").holding(seconds=_LOCK_SECONDS, busy=Code.VAULT_LOCKED):
            header, entries = self._read(locked=True)
            if value is None:
                entries.pop(name, None)
            else:
                entries[name] = value
            replace_file(self._path, seal(entries, self._key, header, name=FILE))

    def _entries(self) -> dict[str, bytes]:
        """What is kept now. Needs no lock where a file can be replaced while it is read."""
        if not _OPEN_FILES_STAY:
            return self._read()[1]
        with self._lock_of("file").holding(seconds=_LOCK_SECONDS, busy=Code.VAULT_LOCKED):
            return self._read(locked=True)[1]

    def _read(self, *, locked: bool = False) -> tuple[Header, dict[str, bytes]]:
        content = _content(self._path)
        if content is None:
            raise Trouble(Code.VAULT_DAMAGED, problem="gone", file=str(self._path), reason="gone")
        try:
            with _understood(self._path):
                header = Header.of(content)
                if not header.fits(self._key):
                    # Another process made a new vault here: it is good, and not ours to move.
                    raise Trouble(Code.VAULT_LOCKED, problem="locked-anew", file=str(self._path))
                return header, unseal(content, self._key, name=FILE)
        except NotReadable as problem:
            if locked:
                raise set_aside(self._path, problem.reason, self._clock.now()) from problem
        # Once more under the lock: somebody may have put a good file in its place meanwhile.
        with self._lock_of("file").holding(seconds=_LOCK_SECONDS, busy=Code.VAULT_LOCKED):
            return self._read(locked=True)


@contextmanager
def _understood(path: Path) -> Iterator[None]:
    """Tell a file of a later version apart from a damaged one; it is left where it is."""
    try:
        yield
    except MadeByNewer as problem:
        raise Trouble(Code.VAULT_LOCKED, problem="too-new", file=str(path)) from problem


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem


def set_aside(path: Path, reason: str, now: datetime) -> Trouble:
    """Move an unreadable vault out of the way, never delete it; the trouble to raise."""
    aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}")
    try:
        path.rename(aside)
    except OSError as problem:
        return disk_trouble(problem, path)
    log.warning("a vault that could not be read was set aside: %s", reason)
    return Trouble(Code.VAULT_DAMAGED, file=str(path), reason=reason, set_aside=str(aside))


def existing_choice(folder: Path) -> VaultChoice | None:
    """How the vault in this folder is kept, None where there is none that can be read."""
    content = _content(folder / FILE)
    if content is None:
        return None
    try:
        header = Header.of(content)
    except (NotReadable, MadeByNewer):
        return None
    return VaultChoice.PASSPHRASE if header.stretching else VaultChoice.KEYRING


def put_aside(folder: Path, *, clock: Clock, cancel: Cancel | None = None) -> Path | None:
    """Move the vault of a folder out of the way as it is, so that a new one can be made there.

    For who has lost the way to open it. Where it lies now, None where there was none. Raises
    `Trouble` (vault-locked while another process opens it, those of the disk).
    """
    private_folder(folder)
    lock = FileLock(folder / f"{FILE}.open.lock", clock=clock)
    path = folder / FILE
    with lock.holding(seconds=_LOCK_SECONDS + 30, cancel=cancel, busy=Code.VAULT_LOCKED):
        if not path.exists():
            return None
        aside = path.with_name(f"{FILE}.locked-{clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(2)}")
        try:
            path.rename(aside)
        except OSError as problem:
            raise disk_trouble(problem, path) from problem
    log.info("a vault that could not be opened was set aside")
    return aside


def put_back(aside: Path) -> None:
    """Let a vault that was put aside be found again, where no other has taken its place."""
    path = aside.with_name(FILE)
    try:
        if not path.exists():
            aside.rename(path)
    except OSError as problem:
        raise disk_trouble(problem, path) from problem


def open_vault(
    folder: Path,
    choice: VaultChoice,
    *,
    passphrase: str = "",
    keys: KeyStore | None = None,
    clock: Clock | None = None,
    cancel: Cancel | None = None,
    log_n: int = 17,
) -> Vault:
    """Open the vault of a folder, or make one.

    Raises `Trouble`: keyring-missing, -locked or -timeout; passphrase-wrong; vault-locked when
    the vault there is kept the other way or by a later version, or when the keyring has no key
    or another one for it; vault-damaged after setting an unreadable file aside, and then a
    second call makes a new vault. Whatever a keyring tells, the file stays where it is: it may
    be the keyring that is another one today. `log_n` is the scrypt cost of a new vault.
    """
    clock = clock or SystemClock()
    keys = SystemKeyring() if keys is None else keys
    if choice is VaultChoice.MEMORY:
        return MemoryVault()
    private_folder(folder)
    lock = FileLock(folder / f"{FILE}.open.lock", clock=clock)
    with lock.holding(seconds=_LOCK_SECONDS + 30, cancel=cancel, busy=Code.VAULT_LOCKED):
        path = folder / FILE
        content = _content(path)
        if content is None:
            key = _make(path, choice, passphrase, keys, log_n)
        else:
            try:
                with _understood(path):
                    header = Header.of(content)
                    key = _key_for(header, choice, passphrase, keys)
                    unseal(content, key, name=FILE)
            except NotReadable as problem:
                raise set_aside(path, problem.reason, clock.now()) from problem
    return SealedVault(folder, key, choice, clock)


def _make(path: Path, choice: VaultChoice, passphrase: str, keys: KeyStore, log_n: int) -> bytes:
    """Make an empty vault with a new key."""
    if choice is VaultChoice.PASSPHRASE:
        if not passphrase:
            raise Trouble(Code.PASSPHRASE_WRONG, problem="empty")
        stretching = Stretching.fresh(log_n)
        header, key = Header.fresh(stretching), stretching.key(passphrase)
    else:
        header, key = Header.fresh(), secrets.token_bytes(KEY_BYTES)
        keys.write(_entry(header), key)
        # Some keyrings say yes and keep nothing: better to learn that before anything is sealed.
        if keys.read(_entry(header)) != key:
            raise Trouble(Code.KEYRING_MISSING, reason="not-kept")
    replace_file(path, seal({}, key, header, name=FILE))
    return key


def _key_for(header: Header, choice: VaultChoice, passphrase: str, keys: KeyStore) -> bytes:
    """The key of an existing vault."""
    if (header.stretching is not None) != (choice is VaultChoice.PASSPHRASE):
        kept = VaultChoice.PASSPHRASE if header.stretching else VaultChoice.KEYRING
        raise Trouble(Code.VAULT_LOCKED, problem="other-choice", kept=kept.value)
    if header.stretching is not None:
        key = header.stretching.key(passphrase)
        if not header.fits(key):
            raise Trouble(Code.PASSPHRASE_WRONG, problem="wrong")
        return key
    found = keys.read(_entry(header))
    if found is None:
        raise Trouble(Code.VAULT_LOCKED, problem="key-gone")
    if not header.fits(found):
        raise Trouble(Code.VAULT_LOCKED, problem="other-key")
    return found


def _entry(header: Header) -> str:
    return f"vault {header.id}"
