"""The numbers of Halden Freight, the invented organization that every scene shows: they add up.

Its directory has 492 people. The scope has 430 of them, 18 more are skipped, and 44 are out of
scope. The first sync writes 421 times: 412 accounts are made, 6 changed, and 3 deactivated.
Afterwards 430 people have an account. Two weeks later eleven have come and five have left.
"""

from __future__ import annotations

from dataclasses import replace

from wizard.core.runs import PlanCounts

__all__ = ["FIRST", "FIRST_DONE", "IN_SCOPE", "MEMBERS", "READ", "WRITES", "in_step_with"]

READ = 492
IN_SCOPE = 430
MEMBERS = 436
FIRST = PlanCounts(create=412, update=6, deactivate=3, skip=18, unchanged=12)
"""What the preview shows and the first sync plans; 412, 6 and 12 are everybody in scope."""
FIRST_DONE = PlanCounts(create=412, update=6, deactivate=3)
WRITES = FIRST.writes


def in_step_with(done: PlanCounts) -> PlanCounts:
    """The plan of a later sync that did this: everybody else was in step."""
    return replace(done, unchanged=MEMBERS - done.create - done.adopt - done.update)
