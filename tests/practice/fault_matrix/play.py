"""Plays one cell: a spoiled run, what it did, and whether the quiet ones after it end exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from tests.practice.fault_matrix.cells import Cell, nth
from tests.practice.fault_matrix.cells import Moment as When
from tests.practice.fault_matrix.faults import FAULTS, Fault, Sort, Where
from tests.practice.fault_matrix.ground import Ground, Ran
from tests.practice.fault_matrix.judge import (
    Difference,
    Known,
    after_quiet,
    after_run,
    difference,
    exact,
    silent,
)
from tests.practice.fault_matrix.line import Trap, filled
from tests.practice.fault_matrix.stages import STAGES, Kind, Stage
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code, Trouble
from wizard.services.exits import Exit

__all__ = ["Played", "baseline", "play"]

_REPEATED = {Kind.READ, Kind.LEASE, Kind.WRITE}
_TRIES = 3
_GROUPS_READ = 6
"""The two that the scope names, and those within them."""
_BEGUN = "customer"
"""From here on a run has begun, and whatever happens ends in its report."""


@dataclass(kw_only=True)
class Played:
    """What became of a cell; `wrong` is empty where all is well."""

    cell: Cell
    outcome: str = ""
    code: str = ""
    exit: int = 0
    done: int = 0
    planned: int = 0
    later: int = 0
    repaired: str = ""
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def baseline(ground: Ground) -> dict[str, int]:
    """How many requests each stage has in a run that nothing spoils."""
    found: dict[str, int] = {}
    for needs in sorted({stage.needs for stage in STAGES.values()}, key=sorted):
        ground.change()
        ground.make_so(needs)
        ground.line.begin()
        ran = ground.run()
        assert ran.outcome == "done", ran
        for name, stage in STAGES.items():
            if stage.needs == needs and stage.kind is not Kind.LOCAL:
                found[name] = ground.line.counts[name]
    missing = [
        name for name, stage in STAGES.items()
        if stage.kind is not Kind.LOCAL and not found.get(name)
    ]  # fmt: skip
    assert not missing, f"no run asks for {missing}"
    return found


def play(ground: Ground, cell: Cell, requests: dict[str, int]) -> Played:
    """Play it and judge."""
    played = Played(cell=cell)
    if ground.desk.clock.ahead:
        # A week later everybody is listed, whom this cell may want looked up one by one.
        ground.desk.clock.ahead = timedelta(0)
        ground.a_day_passes()
        ground.run()
    stage, fault = STAGES[cell.stage], FAULTS[cell.fault]
    before = ground.accounts()
    ground.change()
    # A program that was once told that there are no batches sends none until it is started anew.
    anew = frozenset({"service unknown"}) if fault.sort is Sort.BULK else frozenset()
    ground.make_so(stage.needs | anew)
    _set(ground, stage, fault, cell.moment, requests)
    ran = ground.run(slow=fault.slow)
    _struck(ground, fault, cell, played)
    ground.heal()
    after = ground.accounts()
    really = difference(before, after)
    expected = ground.expected()
    run_id = ran.report.run_id if ran.report is not None else ""
    known = _known(ground, run_id)
    played.wrong += after_run(ran, really, before, after, expected=expected, known=known)
    late = fault.name == "somebody is hired"  # who came after the read waits for the next run
    if not late and silent(ran, exact(after, expected, ground.families)):
        played.wrong.append("it ends with 0, and not everything is done")
    _tell(played, ran, really)
    _expected_of(fault, stage, cell, ran, ground, played)
    _quiet(ground, ran, really, run_id, played)
    return played


def _known(ground: Ground, run_id: str) -> Known | None:
    try:
        if ground.database.set_aside is not None:
            return None
        return Known(
            journal=ground.journal(run_id),
            held=ground.held(run_id),
            proven=frozenset(ground.proven(run_id)),
        )
    except Trouble as trouble:
        if trouble.code is not Code.DATABASE_DAMAGED:
            raise
        return None


def _tell(played: Played, ran: Ran, really: Difference) -> None:
    played.outcome, played.code = ran.outcome, ran.code.value if ran.code else ""
    played.exit, played.seconds = int(ran.exit), ran.seconds
    played.planned = ran.report.planned.writes if ran.report is not None else 0
    played.done = really.writes


def _set(ground: Ground, stage: Stage, fault: Fault, when: When, requests: dict[str, int]) -> None:
    trap: Trap | None = None
    if fault.where is Where.HERE:

        def begins() -> None:
            ground.troubled.begins(fault.name)

        if stage.phase is not None:
            trap = Trap(phase=stage.phase, act=begins)
        elif stage.after:
            trap = Trap(stage=stage.after, nth=requests[stage.after], act=begins, after=True)
        else:
            trap = Trap(stage=stage.name, nth=nth(when, requests[stage.name]), act=begins)
    else:
        ground.world.tell("faults", [_asked(ground, stage, fault, when, requests)])
    ground.line.begin(trap)
    ground.desk.clock.asked.clear()  # type: ignore[attr-defined] # a patient one


def _asked(
    ground: Ground, stage: Stage, fault: Fault, when: When, requests: dict[str, int]
) -> dict[str, object]:
    contains = stage.contains
    path = filled(stage.path, ground.unit, ground.connection)
    if fault.sort is Sort.PAGES:
        contains = "pageToken="
    if fault.sort is Sort.BULK:
        path = f"{path}Bulk"
    if fault.sort is Sort.MEMBERS:
        path = (
            f"{path}{ground.groups[0]}/"  # the one that everybody is in: several are read at once
        )
    number = nth(when, requests[stage.name])
    if fault.sort is Sort.PAGES:
        # The first page of a list is asked for without a token, and every group has a list.
        number = max(1, number - (_GROUPS_READ if stage.name == "members" else 1))
    return {
        "stand_in": stage.stand_in, "method": stage.method, "path_prefix": path,
        "contains": contains, "nth": number, "times": 0 if when is When.ALL else 1, **fault.ask,
    }  # fmt: skip


def _struck(ground: Ground, fault: Fault, cell: Cell, played: Played) -> None:
    """A fault that met nobody proves nothing."""
    if fault.where is Where.HERE:
        trap = ground.line.trap
        struck = trap is not None and trap.sprung
    else:
        (told,) = ground.world.ask("state")["faults"]
        struck = bool(told["struck"])
    if not struck:
        played.wrong.append("the fault met nobody")


def _expected_of(
    fault: Fault, stage: Stage, cell: Cell, ran: Ran, ground: Ground, played: Played
) -> None:
    """What passes by itself must cost nothing, and who asks to be waited for is."""
    order = list(STAGES)
    if ran.report is None and order.index(cell.stage) >= order.index(_BEGUN):
        played.wrong.append("it had begun, and there is no report of it")
    once = cell.moment is not When.ALL
    if fault.passes and once and stage.kind in _REPEATED and ran.outcome != "done":
        played.wrong.append("it passes by itself, and the run was not done")
    if fault.waits and once and stage.kind in _REPEATED:
        longest = max(ground.desk.clock.asked, default=0.0)  # type: ignore[attr-defined] # same
        if longest < fault.waits - 0.5:  # what went by meanwhile is waited for, too
            played.wrong.append(f"asked to wait {fault.waits} s, waited {longest:.1f} s")


def _quiet(ground: Ground, ran: Ran, really: Difference, run_id: str, played: Played) -> None:
    """The next run, with nothing in the way, ends exact; the one after it writes nothing."""
    before = ground.accounts()
    quiet = _until_quiet(ground, ran, played)
    accounts, expected = ground.accounts(), ground.expected()
    played.later = difference(before, accounts).writes
    if quiet.outcome != "done":
        code = quiet.code.value if quiet.code else ""
        played.wrong.append(f"the quiet run: {quiet.outcome} {code} {dict(quiet.facts)}")
    played.wrong += [f"in the end {one}" for one in exact(accounts, expected, ground.families)]
    if run_id and ran.report is not None and ground.database.set_aside is None:
        told = ground.told().get(run_id)
        played.wrong += after_quiet(really, ground.journal(run_id), told)
    again = ground.run()
    if again.outcome != "done" or again.report is None or again.report.planned.writes:
        played.wrong.append(f"once more: {again.outcome}, {again.report}")
    if ground.accounts() != accounts:
        played.wrong.append("once more, and accounts were written")


def _until_quiet(ground: Ground, ran: Ran, played: Played) -> Ran:
    """The next run, after what the last one asks a person for; and the next but one, where the
    first of them was the one to ask."""
    repaired: list[str] = []
    last = ran
    for _ in range(_TRIES):
        repair = _repair(ground, last, asked=last is not ran)
        if last is not ran and not repair:
            break
        repaired += [repair] if repair else []
        ground.line.begin()
        last = ground.run(take_over=repair == "taken over")
        if last.outcome == "done":
            break
    ground.switch_on()
    played.repaired = ", ".join(repaired)
    return last


def _repair(ground: Ground, last: Ran, *, asked: bool) -> str:
    """Do what an exit code asks for; a sign-in and a day's wait only where it says so again."""
    if last.exit is Exit.NOT_THE_SYNCER:
        return "taken over"
    if last.outcome == RunOutcome.OFF.value or last.code is Code.PROVISIONING_OFF:
        ground.switch_on()
        return "switched on"
    if last.code is Code.DATABASE_DAMAGED:
        return "set aside"
    if last.exit is Exit.SIGN_IN_NEEDED and asked:
        ground.desk.sign_in()
        ground.desk.authorize()
        return "signed in"
    if last.exit is Exit.STOPPED_BY_GUARD and asked:
        ground.a_day_passes()
        return "a day later"
    return ""
