"""How the set-up may end, and previews that tell more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.ui import halden
from tests.ui import placing_scenes as placing
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.stage import Stage
from wizard.core.runs import PlanKind, RunPhase
from wizard.flow.answers import Answers, Role
from wizard.services.contract import SchedulerState
from wizard.services.contract.hand_over import Halt, ItPart
from wizard.services.contract.previewing import Outdated, WideningView
from wizard.ui.pages.preview import PreviewPage

__all__ = [
    "leaver",
    "made_again",
    "nobody_took_it",
    "owner",
    "owner_halted",
    "paused_late",
    "rehearse",
    "server",
    "wider",
]


def owner(bench: FakeWorkbench) -> None:
    """IT has done everything, elsewhere; this is the owner's window."""
    bench.hand_over.done = len(ItPart)
    bench.answers = Answers(
        role=Role.OWNER,
        service_answered=True,
        signed_in_as="ingrid.solberg@halden-freight.example",
        signed_in_name="Ingrid Solberg",
        ou_id="ou-1",
        ou_name="Halden Freight",
        invited=1,
        handed_over=True,
        it_finished=True,
    )


def owner_halted(bench: FakeWorkbench) -> None:
    """IT has done everything, and the sync asks IT now."""
    owner(bench)
    bench.hand_over.halted = Halt.GUARD


def server(bench: FakeWorkbench) -> None:
    """A server does it."""
    placing.server_has_it(bench)


def nobody_took_it(bench: FakeWorkbench) -> None:
    """A server was chosen, and none does it any more."""
    placing.server_has_it(bench)
    bench.placing.syncer = None


def paused_late(stage: Stage) -> None:
    """The first sync came through, and what follows is paused."""
    schedule = stage.bench.schedule
    stage.until(lambda: "run:first" in schedule.asked)
    schedule.progress(RunPhase.WRITE, 261, halden.WRITES, created=255)
    stage.until(lambda: stage.words("sync-percent") == "61 %")
    later = datetime.now(UTC)
    schedule.finish(halden.FIRST, started_at=later, finished_at=later + timedelta(minutes=2))
    stage.until(lambda: stage.frame.page.offer.valid)
    schedule.show(replace(schedule.view(), state=SchedulerState.PAUSED))
    stage.until(lambda: stage.shown("sync-pause"))


def rehearse(stage: Stage) -> None:
    """The question before another rehearsal is open."""
    stage.until(lambda: stage.shown("rehearse-again"))
    stage.press("rehearse-again")


def made_again(bench: FakeWorkbench) -> None:
    """The preview before tells no longer what would happen."""
    bench.previews.outdated = Outdated.SCOPE


def wider(bench: FakeWorkbench) -> None:
    """Something is in place, and the scope was widened."""
    bench.previews.against = WideningView(in_place=2, more=halden.IN_SCOPE - 2, fewer=0)


def leaver(stage: Stage) -> None:
    """The row of somebody who would leave is open."""
    page = stage.frame.page
    assert isinstance(page, PreviewPage)
    stage.until(lambda: page.offer.valid and page.table.view.plan.person(0) is not None)
    people = [page.table.view.plan.person(number) for number in range(5)]
    kinds = [one.kind if one is not None else None for one in people]
    page.table.view.open_row(kinds.index(PlanKind.DEACTIVATE))
    stage.until(lambda: "preview_person" in stage.bench.called)
