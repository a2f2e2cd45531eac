"""Every fault at every stage: a cell to play, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.practice.fault_matrix.faults import FAULTS, Fault, Sort, Where
from tests.practice.fault_matrix.stages import STAGES, Kind, Stage

__all__ = ["Cell", "Moment", "cells", "moments", "nth", "quick", "why_not"]


class Moment(StrEnum):
    """Which of a stage's requests it strikes."""

    FIRST = "first"
    MIDDLE = "middle"
    LAST = "last"
    ALL = "from the first on"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One run to be spoiled."""

    stage: str
    fault: str
    moment: Moment

    @property
    def name(self) -> str:
        return f"{self.stage} / {self.fault} / {self.moment}"


_LIKE_ANOTHER = {
    "403 quotaExceeded", "403 rateLimitExceeded", "429 rateLimitExceeded", "500 internalError",
    "403 dailyLimitExceeded", "403 notAuthorized", "403 domainPolicy", "403 domainCannotUseApis",
    "403 insufficientPermissions", "403 accessNotConfigured", "403", "409", "412", "429", "502",
    "504", "503 with Retry-After", "302", "another answer", "too much to read",
}  # fmt: skip
_KEPT_ONE_BY_ONE = {"people", "members", "evidence"}
_DOING = {Kind.WRITE, Kind.TOKEN, Kind.LEASE, Kind.REPORT}


def why_not(stage: Stage, fault: Fault) -> str:
    """Why this fault can't be at this stage, '' where it can."""
    if stage.kind is Kind.LOCAL:
        return "" if fault.where is Where.HERE else "nobody is asked anything at this stage"
    if fault.where is Where.GOOGLE and stage.stand_in != "google":
        return "only Google says so"
    if fault.where is Where.ACCOUNT and stage.stand_in != "account":
        return "only the account service says so"
    if fault.where is Where.GOOGLE and stage.kind is Kind.TOKEN:
        return "the Directory API says so, not the sign-in"
    if fault.name.startswith("400 the sign-in") and stage.kind is not Kind.TOKEN:
        return "only where tokens are renewed is it said so"
    return _why_not_these_requests(stage, fault)


def _why_not_these_requests(stage: Stage, fault: Fault) -> str:
    reasons = {
        Sort.PAGES: ("" if stage.pages else "this list has no pages"),
        Sort.MEMBERS: ("" if stage.name == "members" else "no group is asked for by its id"),
        Sort.DOING: ("" if stage.kind in _DOING else "a question changes nothing"),
        Sort.BULK: ("" if stage.kind is Kind.WRITE else "nothing is written in batches"),
    }
    return reasons.get(fault.sort, "")


def moments(stage: Stage, fault: Fault, requests: int) -> tuple[Moment, ...]:
    """When it strikes, for a stage of so many requests: only moments that differ.

    Of a list the last page differs from the first, and one between them where rows are kept page
    by page. What ends a run at once is not met a second time, and of refusals that are one to the
    reader one is told of the last page.
    """
    if fault.sort is Sort.MEMBERS:
        return (Moment.FIRST,)
    if fault.sort is Sort.BULK:
        return (Moment.FIRST, Moment.ALL)  # what is left for the last request may be no batch
    world = fault.where in {Where.HERE, Where.WORLD}
    chosen = [Moment.FIRST]
    if world and stage.kind is Kind.READ and stage.name != "people":
        return (Moment.FIRST,)
    if stage.kind is Kind.READ and fault.name in _LIKE_ANOTHER:
        return (Moment.FIRST,)
    if requests > 2 and (stage.kind is Kind.WRITE or stage.name in _KEPT_ONE_BY_ONE):
        chosen.append(Moment.MIDDLE)
    if requests > 1:
        chosen.append(Moment.LAST)
    if world:
        return tuple(chosen)
    goes_on = stage.kind is not Kind.READ or stage.name == "evidence"
    if fault.passes or goes_on or fault.name.startswith("401"):
        chosen.append(Moment.ALL)
    return tuple(chosen)


def nth(moment: Moment, requests: int) -> int:
    """Its number among so many requests, from 1."""
    return {Moment.MIDDLE: requests // 2 + 1, Moment.LAST: requests}.get(moment, 1)


def cells(requests: dict[str, int]) -> Iterator[Cell]:
    """Every cell, where a stage has so many requests in a run that nothing spoils."""
    for stage in STAGES.values():
        for fault in FAULTS.values():
            if why_not(stage, fault):
                continue
            for moment in moments(stage, fault, requests.get(stage.name, 1)):
                if fault.sort is Sort.PAGES and moment is Moment.FIRST:
                    continue  # the first page is asked for without a token
                yield Cell(stage=stage.name, fault=fault.name, moment=moment)


def quick(every: list[Cell]) -> list[Cell]:
    """About sixty of them in which every stage and every fault is at least once."""
    chosen: list[Cell] = []
    stages: dict[str, int] = dict.fromkeys(STAGES, 0)
    order = sorted(
        every, key=lambda cell: (FAULTS[cell.fault].slow, cell.moment is Moment.ALL, cell.fault)
    )
    for fault in FAULTS:
        mine = [cell for cell in order if cell.fault == fault]
        if mine:
            best = min(mine, key=lambda cell: (stages[cell.stage], cell.moment is Moment.ALL))
            stages[best.stage] += 1
            chosen.append(best)
    for stage, count in stages.items():
        mine = [cell for cell in order if cell.stage == stage and cell not in chosen]
        chosen += mine[len(mine) // 2 :][: max(0, 2 - count)]
    return chosen
