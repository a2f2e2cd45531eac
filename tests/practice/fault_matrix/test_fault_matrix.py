"""Every fault, at every stage: nobody is lost or doubled, the report adds up, quiet ends exact."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.practice.fault_matrix.campaign import measured, play_all
from tests.practice.fault_matrix.cells import cells, quick, why_not
from tests.practice.fault_matrix.faults import FAULTS, Fault, Where
from tests.practice.fault_matrix.line import small_pages
from tests.practice.fault_matrix.stages import STAGES, Kind
from tests.practice.fault_matrix.table import mark_of, marks_of, page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "fault-matrix.md"
_MANY = dict.fromkeys((name for name, one in STAGES.items() if one.kind is not Kind.LOCAL), 3)


def test_every_fault_and_every_stage_has_cells_and_what_has_none_says_why() -> None:
    every = list(cells(_MANY))
    assert {cell.stage for cell in every} == set(STAGES)
    assert {cell.fault for cell in every} == set(FAULTS)
    played = {(cell.stage, cell.fault) for cell in every}
    for stage in STAGES.values():
        for fault in FAULTS.values():
            assert bool(why_not(stage, fault)) != ((stage.name, fault.name) in played)


def _depends(fault: Fault) -> bool:
    """Whether how it ends depends on how fast this computer is, and whose disk it is."""
    return fault.slow or fault.where is Where.HERE


def test_the_quick_part_leaves_no_fault_and_no_stage_out() -> None:
    chosen = quick(list(cells(_MANY)))
    assert {cell.stage for cell in chosen} == set(STAGES)
    assert {cell.fault for cell in chosen} == set(FAULTS)
    assert len(chosen) < 80


@pytest.mark.timeout(900)
@pytest.mark.parametrize("half", [0, pytest.param(1, marks=pytest.mark.full)])
def test_one_cell_of_every_fault_and_stage_harms_nobody_and_ends_exact(half: int) -> None:
    """One half with every change; the other one where there is time, and before the whole."""
    with small_pages():
        requests = measured()
        chosen = quick(list(cells(requests)))[half::2]
        played = list(play_all(chosen, requests, own_disk=False))
    assert not {one.cell.name: one.wrong for one in played if one.wrong}
    marks = marks_of(PAGE.read_text(encoding="utf-8"))
    found = {one.cell: mark_of(one) for one in played if not _depends(FAULTS[one.cell.fault])}
    assert found == {cell: marks.get(cell) for cell in found}


@pytest.mark.full
@pytest.mark.timeout(7200)
def test_the_whole_matrix_harms_nobody_and_ends_exact() -> None:
    with small_pages():
        requests = measured()
        wrong = {
            played.cell.name: played.wrong
            for played in play_all(list(cells(requests)), requests, own_disk=True)
            if played.wrong
        }
    assert not wrong


def test_the_page_tells_of_every_cell_and_is_what_is_made_of_its_entries() -> None:
    text = PAGE.read_text(encoding="utf-8")
    marks = marks_of(text)
    assert page(marks) == text
    told = {(cell.stage, cell.fault) for cell in marks}
    for stage in STAGES.values():
        for fault in FAULTS.values():
            assert bool(why_not(stage, fault)) != ((stage.name, fault.name) in told)
