"""Tables for spreadsheets: every cell comes back, and none of them is run."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.core.tables import harmless, write_rows

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.mark.parametrize("begin", DANGEROUS)
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(begin: str) -> None:
    assert harmless(f"{begin}1+1") == f"'{begin}1+1"


@pytest.mark.parametrize("cell", ["Ana", "", "a=b", "1", "’", "Łukasz", "x\ty"])
def test_an_ordinary_cell_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text())
@example("=HYPERLINK(1)")
@example("+1")
@example("-1")
@example("@SUM(A1)")
@example("\t=1")
@example("\r=1")
@example("'=1")
@example("")
def test_no_cell_begins_with_what_a_spreadsheet_runs_and_none_is_lost(cell: str) -> None:
    made = harmless(cell)
    assert not made.startswith(DANGEROUS)
    assert made in {cell, f"'{cell}"}
    assert (made != cell) is cell.startswith(DANGEROUS)


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1))
def test_a_row_comes_back_from_the_file_as_it_went_in(cells: list[str]) -> None:
    file = io.StringIO(newline="")
    assert write_rows(file, ["Heading"], [cells]) == 1
    file.seek(0)
    _, back = list(csv.reader(file))
    assert [cell.removeprefix("'") for cell in back] == [
        cell if not cell.startswith("'") else cell[1:] for cell in cells
    ]
