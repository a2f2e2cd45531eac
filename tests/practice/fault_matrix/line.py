"""What the product sends, seen where it leaves: counted by stage, with a trap at one of them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote_plus, urlsplit

import pytest
import requests

from tests.practice.fault_matrix.stages import BATCH, STAGES, Stage
from wizard.accounts import scim_client
from wizard.core.runs import RunPhase, RunProgress
from wizard.net import transport
from wizard.net.transport import Transport
from wizard.providers.google import reader
from wizard.store import database
from wizard.sync import executor

__all__ = ["Line", "Trap", "filled", "small_pages"]

SHORT, USUAL = 0.6, 30.0
_SMALL = (
    (reader, "_USERS_AT_ONCE", 12),
    (reader, "_GROUPS_AT_ONCE", 6),
    (reader, "_MEMBERS_AT_ONCE", 2),
    (scim_client, "_PAGE", 20),
    (executor, "_LARGEST_BATCH", BATCH),
    (database, "_BUSY_SECONDS", 0.4),
)


@contextmanager
def small_pages() -> Iterator[None]:
    """Pages and batches so small that fifty people have several of each, and short patience."""
    patch = pytest.MonkeyPatch()
    for module, name, few in _SMALL:
        patch.setattr(module, name, few)
    try:
        yield
    finally:
        patch.undo()


@dataclass(kw_only=True)
class Trap:
    """Something that happens here at the `nth` request of a stage: before it, or `after` it.

    With `phase` it happens when the run tells of that phase for the first time.
    """

    stage: str = ""
    nth: int = 1
    phase: RunPhase | None = None
    act: Callable[[], None]
    after: bool = False
    sprung: bool = False


@dataclass(kw_only=True)
class Line:
    """Everything that left in this run, by stage."""

    unit: str = ""
    connection: str = ""
    google: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)
    trap: Trap | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def begin(self, trap: Trap | None = None) -> None:
        """A run begins."""
        self.counts.clear()
        self.unknown.clear()
        self.trap = trap

    @contextmanager
    def watched(self, *, slow: bool) -> Iterator[None]:
        """The product's requests pass by here for the time of a block."""
        patch = pytest.MonkeyPatch()
        send, line = Transport.send, self

        def seen(
            self: Transport, request: requests.PreparedRequest, *given: object, **more: object
        ) -> requests.Response:
            trap = line._passes(request)
            if trap is not None and not trap.after:
                trap.act()
            answer = send(self, request, *given, **more)  # type: ignore[arg-type] # as it came
            if trap is not None and trap.after:
                trap.act()
            return answer

        patch.setattr(Transport, "send", seen)
        patch.setattr(transport, "READ_SECONDS", SHORT if slow else USUAL)
        try:
            yield
        finally:
            patch.undo()

    def hears(self, event: object) -> None:
        """The run tells something."""
        trap = self.trap
        if trap is None or trap.sprung or trap.phase is None:
            return
        if isinstance(event, RunProgress) and event.phase is trap.phase:
            trap.sprung = True
            trap.act()

    def _passes(self, request: requests.PreparedRequest) -> Trap | None:
        """Count the request; the trap that it springs."""
        stage = self._stage(request)
        with self._lock:
            self.counts[stage] += 1
            trap = self.trap
            if trap is None or trap.sprung or trap.stage != stage:
                return None
            if self.counts[stage] != trap.nth:
                return None
            trap.sprung = True
            return trap

    def _stage(self, request: requests.PreparedRequest) -> str:
        target = urlsplit(request.url or "")
        end = "google" if target.netloc == self.google else "account"
        body = request.body or b""
        said = body if isinstance(body, str) else bytes(body).decode(errors="replace")
        said = f"{unquote_plus(target.query)}\n{said}"
        for stage in STAGES.values():
            if stage.stand_in == end and self._fits(stage, request.method or "", target.path, said):
                return stage.name
        self.unknown.append(f"{request.method} {target.path}")
        return ""

    def _fits(self, stage: Stage, method: str, path: str, said: str) -> bool:
        return (
            stage.method in {"*", method}
            and path.startswith(filled(stage.path, self.unit, self.connection))
            and stage.contains in said
        )


def filled(path: str, unit: str, connection: str) -> str:
    """A stage's path with the ids of this set-up."""
    return path.format(unit=unit, connection=connection)
