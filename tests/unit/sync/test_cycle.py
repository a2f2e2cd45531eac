from __future__ import annotations

from tests.unit.sync.world import World
from wizard.core.runs import PlanCounts, RunOutcome


def test_the_first_sync_gives_everyone_an_account_and_the_second_writes_nothing(
    world: World,
) -> None:
    world.directory.hire_many(120)
    report = world.first_sync()
    assert report.outcome is RunOutcome.DONE
    assert report.planned == report.done == PlanCounts(create=120)
    assert world.service.active_ids() == set(world.directory.people)

    world.service.calls.clear()
    again = world.run()
    assert again.outcome is RunOutcome.DONE
    assert again.planned == PlanCounts(unchanged=120)
    assert world.service.calls == []
