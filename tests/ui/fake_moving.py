"""Moving a set-up away, in memory: what was moved where to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wizard.core.cancel import Cancel
from wizard.services.contract.moving import MovedInView, MovedOutView

__all__ = ["FakeMoving"]


class FakeMoving:
    """`wizard.services.contract.moving.MovingCalls`; `out` is what was moved out, and how."""

    def __init__(self, step: Callable[[str, Cancel | None], None]) -> None:
        self._step = step
        self.out: list[tuple[Path, str, str]] = []
        self.told = True

    def move_out(
        self, path: Path, passphrase: str, cancel: Cancel, *, to: str = ""
    ) -> MovedOutView:
        self._step("move-out", cancel)
        self.out.append((path, passphrase, to))
        return MovedOutView(
            file=path, unit="Halden Freight", lease_given_up=self.told, with_database=True
        )

    def move_in(self, path: Path, passphrase: str, cancel: Cancel) -> MovedInView:
        self._step("move-in", cancel)
        return MovedInView(
            unit="Halden Freight", from_host="HF-LAPTOP-12", syncs_here=True, syncer="",
            renewed=True,
        )  # fmt: skip
