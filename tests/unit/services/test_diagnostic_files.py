"""Support file and helpdesk report on the disk: whole or not at all, and never over a stranger."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wizard.core.trouble import Code, Trouble
from wizard.services.checking import save_text
from wizard.services.desk_reporting import new_page, report_name
from wizard.services.kept_report import (
    KeptReport,
    LastReport,
    ReportChoice,
    failed_report,
    forget_report,
)
from wizard.services.log_tail import last_lines


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A disk that takes nothing more."""

    def no_room(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    return iter(())


@pytest.mark.parametrize("replace", [False, True])
def test_a_full_disk_leaves_no_half_support_file(
    full: None, tmp_path: Path, *, replace: bool
) -> None:
    path = tmp_path / "x.txt"
    with pytest.raises(Trouble) as told:
        save_text(path, "content", replace=replace)
    assert told.value.code is Code.DISK_FULL
    assert list(tmp_path.iterdir()) == []


def test_where_a_person_agreed_the_old_one_stays_if_the_new_one_does_not_fit(
    full: None, tmp_path: Path
) -> None:
    path = tmp_path / "x.txt"
    path.write_text("old")
    with pytest.raises(Trouble):
        save_text(path, "new", replace=True)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_that_lies_there_is_not_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "x.txt"
    link.symlink_to(target)
    with pytest.raises(Trouble) as told:
        save_text(link, "content", replace=False)
    assert told.value.code is Code.FILE_THERE
    assert not target.exists()
    target.write_text("precious")
    save_text(link, "content", replace=True)
    assert target.read_text() == "precious"
    assert not link.is_symlink()


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as told:
        save_text(tmp_path / "a\0b", "content", replace=False)
    assert told.value.code is Code.FOLDER_NOT_WRITABLE


def test_a_page_that_does_not_fit_leaves_the_one_before(full: None, tmp_path: Path) -> None:
    page = tmp_path / "a-helpdesk.html"
    page.write_text("before")
    with pytest.raises(Trouble) as told, new_page(page) as file:
        file.write("half")
    assert told.value.code is Code.DISK_FULL
    assert page.read_text() == "before"
    assert list(tmp_path.iterdir()) == [page]


def test_a_mistake_in_between_leaves_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "a-helpdesk.html"
    page.write_text("before")
    with pytest.raises(LookupError), new_page(page) as file:
        file.write({"half": "a page"}["whole"])
    assert page.read_text() == "before"
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
@pytest.mark.parametrize(("folder", "page"), [(0o755, 0o600), (0o777, 0o600), (0o2750, 0o640)])
def test_only_a_folder_made_for_a_group_opens_the_page_to_it(
    tmp_path: Path, folder: int, page: int
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    share.chmod(folder)
    with new_page(share / "x.html") as file:
        file.write("whole")
    assert stat.S_IMODE((share / "x.html").stat().st_mode) == page


@pytest.mark.parametrize(
    ("organization", "name"),
    [
        ("Halden Freight", "halden-freight-helpdesk.html"),
        ("../../etc/passwd", "etc-passwd-helpdesk.html"),
        ("海運", "helpdesk.html"),
        ("a" * 200, f"{'a' * 40}-helpdesk.html"),
    ],
)
def test_the_page_has_a_harmless_name(organization: str, name: str) -> None:
    assert report_name(organization) == name


def test_the_choice_is_kept_and_forgotten_with_its_page(tmp_path: Path) -> None:
    kept, page = KeptReport(tmp_path), tmp_path / "page.html"
    assert kept.choice() is None
    kept.choose(ReportChoice(folder="/srv/x", private=True))
    page.write_text("x")
    now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    kept.went(LastReport(file=str(page), written_at=now, people=3, size=9))
    assert KeptReport(tmp_path).choice() == ReportChoice(folder="/srv/x", private=True)
    assert KeptReport(tmp_path).last().written_at == now
    assert forget_report(tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_why_it_failed_is_known_with_its_facts(tmp_path: Path) -> None:
    kept = KeptReport(tmp_path)
    kept.went(LastReport(code="disk-full", facts=(("folder", "/srv/x"),)))
    assert failed_report(tmp_path) is None, "nobody wants a report"
    kept.choose(ReportChoice(folder="/srv/x"))
    told = failed_report(tmp_path)
    assert told is not None
    assert (told.code, told.facts["folder"]) == (Code.DISK_FULL, "/srv/x")


def test_a_choice_that_cannot_be_understood_is_none(tmp_path: Path) -> None:
    (tmp_path / "helpdesk-report.json").write_text("{]")
    (tmp_path / "helpdesk-report-last.json").write_text('{"code": 3}')
    assert KeptReport(tmp_path).choice() is None
    assert KeptReport(tmp_path).last() == LastReport()


def test_the_end_of_the_log_goes_on_in_the_file_before(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    assert last_lines(log, at_most=3) == []
    (tmp_path / "x.log.1").write_text("one\ntwo\n")
    log.write_text("three\n\n" + "x" * 5_000 + "\n")
    assert last_lines(log, at_most=3) == ["two", "three", "x" * 2_000]


def test_a_huge_log_is_not_read_whole(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("a line of the log\n" * 100_000)
    assert last_lines(log, at_most=400) == ["a line of the log"] * 400
