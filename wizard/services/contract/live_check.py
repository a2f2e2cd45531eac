"""“Why does nothing happen?”: a check of everything in order, by real questions, and its view."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.services.contract.views import FindingView, Listen

__all__ = ["LiveCheckCalls", "LiveCheckId", "LiveCheckView"]


class LiveCheckId(StrEnum):
    """What is looked at, in this order; the words are in `wizard.content.live_check`."""

    SERVICE = "service"
    SIGNED_IN = "signed-in"
    UNIT = "unit"
    APP = "app"
    CONNECTION = "connection"
    AUTHORIZATION = "authorization"
    TEST_READ = "test-read"
    SETTINGS = "settings"
    SYNCER = "syncer"
    LAST_RUN = "last-run"


@dataclass(frozen=True, kw_only=True)
class LiveCheckView:
    """What was found, in order. `stop` is the first thing in the way, None where nothing is.

    Checks that make no sense after one that failed are left out. The facts of a finding fill
    its words, in which `who` (a `wizard.content.trouble_entry.Who`) can put it right.
    """

    findings: tuple[FindingView, ...]
    stop: FindingView | None = None


class LiveCheckCalls(Protocol):
    """See `Workbench.live_check`."""

    def look(self, listen: Listen, cancel: Cancel) -> LiveCheckView:
        """Check everything now; works at any point of a set-up, and changes nothing.

        Events: `CheckRunning`, `FindingView`, both with a `LiveCheckId`. What is in the way is
        told in the view; raised is `Trouble(CANCELLED)`, and what asks a person how sign-ins
        are kept.
        """
        ...
