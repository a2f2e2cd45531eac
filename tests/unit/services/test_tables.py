"""Tables that are saved: harmless in a spreadsheet, whole or not at all, for their owner alone."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from wizard.core.trouble import Code, Trouble
from wizard.services.tables import write_table


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    rows = [('Zoë "Zo" Ny', "a,b", "=SUM(A1)"), ("由紀", "two\nlines", "")]
    assert write_table(target, ("Name", "Note", "Formula"), rows) == 2
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["Name", "Note", "Formula"],
            ['Zoë "Zo" Ny', "a,b", "'=SUM(A1)"],
            ["由紀", "two\nlines", ""],
        ]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_table_that_breaks_off_leaves_the_old_one_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    target.write_text("before", encoding="utf-8")

    def rows() -> Iterator[tuple[str, ...]]:
        yield ("one",)
        raise Trouble(Code.CANCELLED)

    with pytest.raises(Trouble):
        write_table(target, ("Name",), rows())
    assert target.read_text(encoding="utf-8") == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["people.csv"]


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        write_table(tmp_path / "nowhere" / "people.csv", ("Name",), ())
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE
