"""The operating system's keyring, which holds one small key and may make a person wait."""

from __future__ import annotations

import base64
import logging
import queue
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

import keyring.core
import keyring.errors
from keyring.backend import KeyringBackend

from wizard.core.trouble import Code, Trouble

__all__ = ["KeyStore", "SystemKeyring"]

log = logging.getLogger("wizard.vault")

SERVICE = "Enterprise Connect Setup"
_PATIENCE = 30.0
_SYSTEMS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.Windows",
    "keyring.backends.macOS",
)
"""Those that really seal what they keep. Others, such as plain files, count as none."""

T = TypeVar("T")


class KeyStore(Protocol):
    """Keeps keys, each under a name."""

    def read(self, name: str) -> bytes | None:
        """The key, or None; `Trouble` (keyring-missing, -locked, -timeout)."""
        ...

    def write(self, name: str, key: bytes) -> None:
        """Keep a key; `Trouble` as `read`."""
        ...


def _foreign_errors() -> tuple[type[Exception], ...]:
    """What a backend may raise beside keyring's own errors, where that library is here."""
    found: list[type[Exception]] = [Trouble, keyring.errors.KeyringError, OSError, RuntimeError]
    try:
        from jeepney.wrappers import DBusErrorResponse
        from secretstorage.exceptions import SecretStorageException
    except ImportError:
        return tuple(found)
    return (*found, DBusErrorResponse, SecretStorageException)


class SystemKeyring:
    """The keyring of this system, asked in a thread of its own with a time limit.

    A locked keyring opens a window and waits for a person, possibly for ever; that must hold
    up neither the program nor its end.
    """

    def __init__(
        self,
        *,
        backend: Callable[[], KeyringBackend] = keyring.core.get_keyring,
        seconds: float = _PATIENCE,
    ) -> None:
        self._backend = backend
        self._seconds = seconds

    def read(self, name: str) -> bytes | None:
        """See `KeyStore.read`."""
        text = self._ask(lambda backend: backend.get_password(SERVICE, name))
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except ValueError:
            return b""  # it is no key of ours: it will not fit, and that is told

    def write(self, name: str, key: bytes) -> None:
        """See `KeyStore.write`."""
        text = base64.b64encode(key).decode("ascii")
        self._ask(lambda backend: backend.set_password(SERVICE, name, text))

    def _ask(self, question: Callable[[KeyringBackend], T]) -> T:
        answers: queue.SimpleQueue[tuple[T] | Exception] = queue.SimpleQueue()
        expected = _foreign_errors()

        def ask() -> None:
            try:
                answers.put((question(self._usable()),))
            except expected as problem:
                answers.put(problem)

        # The one daemon thread of the product: a prompt of the system cannot be withdrawn, and
        # quitting must not wait for it. It holds nothing but the question.
        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            answer = answers.get(timeout=self._seconds)
        except queue.Empty as problem:
            raise Trouble(Code.KEYRING_TIMEOUT, seconds=round(self._seconds)) from problem
        if isinstance(answer, tuple):
            return answer[0]
        raise _as_trouble(answer) from answer

    def _usable(self) -> KeyringBackend:
        chosen = self._backend()
        parts = getattr(chosen, "backends", None)
        for candidate in parts if isinstance(parts, list) else [chosen]:
            if type(candidate).__module__ in _SYSTEMS and isinstance(candidate, KeyringBackend):
                return candidate
        raise Trouble(Code.KEYRING_MISSING, backend=type(chosen).__module__)


def _as_trouble(problem: Exception) -> Trouble:
    if isinstance(problem, Trouble):
        return problem
    locked = keyring.errors.KeyringLocked, keyring.errors.PasswordSetError
    code = Code.KEYRING_LOCKED if isinstance(problem, locked) else Code.KEYRING_MISSING
    return Trouble(code, reason=type(problem).__name__)
