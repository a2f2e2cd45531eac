"""One sync at a time on this computer, and one window: the second copy brings the first forward."""

from __future__ import annotations

import hmac
import logging
import re
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.files import replace_file
from wizard.core.locks import FileLock
from wizard.core.trouble import Code, Trouble

__all__ = ["FirstWindow", "UnitLock", "WindowLock"]

log = logging.getLogger(__name__)
_NOTE_LIMIT = 4096
_PATIENCE = 5.0
_ASK = b"to-front "
_ANSWER = b"coming\n"
_UNIT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._:-]{0,127}")


class UnitLock:
    """Held by whoever reads or writes an organizational unit's local state, in any process."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._lock = FileLock(folder / "sync.lock", clock=clock)

    @contextmanager
    def holding(self, cancel: Cancel, *, seconds: float = 0.0) -> Iterator[None]:
        """Hold it for a block; `Trouble(SYNC_ALREADY_RUNNING)` when it was not free in time."""
        with self._lock.holding(seconds=seconds, cancel=cancel, busy=Code.SYNC_ALREADY_RUNNING):
            yield


class WindowLock:
    """What an open window of a profile holds: it saves what it knows of the set-up at any time."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._lock = FileLock(folder / "window.lock", clock=clock)

    @contextmanager
    def without_window(self, cancel: Cancel) -> Iterator[None]:
        """Keep windows away for a block; `Trouble(MOVE_NOT_POSSIBLE)`, `problem` window-open."""
        if not self._lock.acquire(seconds=0, cancel=cancel):
            raise Trouble(Code.MOVE_NOT_POSSIBLE, problem="window-open")
        try:
            yield
        finally:
            self._lock.release()


class _Note(msgspec.Struct, kw_only=True):
    """Where the first window can be reached; the word proves that the asker may read our files."""

    port: int
    word: str


class FirstWindow:
    """Makes sure of one window a profile. Use `take` once, then `close`.

    The first copy holds a lock for as long as it lives and listens on loopback for a word that
    only this person's other copies can read.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._lock = FileLock(folder / "window.lock", clock=clock)
        self._note = folder / "window.json"
        self._word = secrets.token_urlsafe(24)
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def take(self, to_front: Callable[[str], None], unit: str = "") -> bool:
        """Become the first window; False when there is one, which was asked to come forward.

        `unit` is what a resume file names (up to 128 plain letters), '' without one; the first
        window's `to_front` gets it, on a thread of its own. Raises `Trouble(ALREADY_RUNNING)` when
        the other copy has the lock and does not answer, and what the disk says.
        """
        if not self._lock.acquire(seconds=0):
            if self._ask(unit):
                return False
            # The other copy may be at its very end, or at its very beginning.
            if not self._lock.acquire(seconds=_PATIENCE):
                if self._ask(unit):
                    return False
                raise Trouble(Code.ALREADY_RUNNING)
        try:
            self._listen(to_front)
        except BaseException:
            self._lock.release()
            raise
        return True

    def close(self) -> None:
        """Stop listening and let another copy be the first."""
        listener, self._listener = self._listener, None
        if listener is not None:
            self._note.unlink(missing_ok=True)
            # Wakes the accept on every system; closing alone does not.
            self._knock(listener.getsockname()[1], b"")
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if listener is not None:
            listener.close()
        self._lock.release()

    def _listen(self, to_front: Callable[[str], None]) -> None:
        try:
            listener = socket.create_server(("127.0.0.1", 0))
        except OSError as problem:
            raise Trouble(Code.LISTENER_FAILED, reason=problem.strerror or "") from problem
        note = _Note(port=int(listener.getsockname()[1]), word=self._word)
        try:
            replace_file(self._note, msgspec.json.encode(note))
        except Trouble:
            listener.close()
            raise
        self._listener = listener
        self._thread = threading.Thread(
            target=self._answer, args=(listener, to_front), name="window-listener"
        )
        self._thread.start()

    def _answer(self, listener: socket.socket, to_front: Callable[[str], None]) -> None:
        expected = _ASK + self._word.encode()
        while True:
            try:
                asker, _ = listener.accept()
            except OSError:
                log.info("the window's listener ended")
                return
            with asker:
                if self._listener is None:
                    return
                line = _line(asker)
                if hmac.compare_digest(line[: len(expected)], expected):
                    unit = line[len(expected) :].decode("ascii", "replace").strip()
                    to_front(unit if _UNIT.fullmatch(unit) else "")
                    _send(asker, _ANSWER)

    def _ask(self, unit: str) -> bool:
        """Ask the first window to come forward; whether it answered."""
        try:
            with self._note.open("rb") as file:
                note = msgspec.json.decode(file.read(_NOTE_LIMIT), type=_Note)
        except (OSError, ValueError):
            return False
        message = f"{note.word} {unit}".strip().encode()
        return self._knock(note.port, _ASK + message + b"\n") == _ANSWER.strip()

    def _knock(self, port: int, message: bytes) -> bytes:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as line:
                line.sendall(message)
                return _line(line) if message else b""
        except OSError:
            return b""


def _line(connection: socket.socket) -> bytes:
    """One line, without its end; what came so far when the other side is slow or gone."""
    connection.settimeout(_PATIENCE)
    received = b""
    try:
        while b"\n" not in received and len(received) < 256:
            part = connection.recv(256)
            if not part:
                break
            received += part
    except OSError:
        log.debug("a line was cut short")
    return received.split(b"\n")[0]


def _send(connection: socket.socket, message: bytes) -> None:
    try:
        connection.sendall(message)
    except OSError:
        log.debug("the asking copy did not wait")
