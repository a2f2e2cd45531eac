"""The page on small organizations says what the engine does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.sync.guard_table import LARGEST, Leaving, page, preview_marks, rows_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "guard-table.md"
_LOOKED_AT = (1, 2, 3, 4, 5, 8, 9, 13, 17, 21, LARGEST)


def test_the_page_is_what_is_made_of_its_tables() -> None:
    text = PAGE.read_text(encoding="utf-8")
    tables = rows_of(text)
    assert {leaving: list(table) for leaving, table in tables.items()} == {
        leaving: list(range(1, LARGEST + 1)) for leaving in Leaving
    }
    assert all(len(row) == people + 1 for t in tables.values() for people, row in t.items())
    assert page(tables) == text


@pytest.mark.parametrize("leaving", list(Leaving))
def test_the_engine_decides_as_the_page_says_where_its_verdict_changes(leaving: Leaving) -> None:
    table = rows_of(PAGE.read_text(encoding="utf-8"))[leaving]
    for people in _LOOKED_AT:
        row = table[people]
        changes = [n for n in range(1, people + 1) if row[n] != row[n - 1]]
        numbers = sorted({number for n in changes for number in (n - 1, n)} | {people})
        found = preview_marks(people, leaving, numbers)
        assert "".join(found.values()) == "".join(row[number] for number in numbers), people
