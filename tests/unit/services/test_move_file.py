"""The file of a moved set-up: on the disk for certain, or not there at all."""

from __future__ import annotations

import errno
import os
from functools import partial
from pathlib import Path

import pytest

from wizard.core.trouble import Code, Trouble
from wizard.flow.graph import Walk
from wizard.services import move_file
from wizard.services.move_file import About, Contents, read_contents, take_back, write_contents
from wizard.vault.packed import pack

WORD = "a sentence for the road"
CONTENTS = Contents(
    about=About(
        id="move-1",
        at="2026-11-23T02:00:00.000Z",
        profile="nordby",
        profile_name="Nordby",
        host="HF-LAPTOP-12",
        installation="here",
    ),
    walk=Walk(),
    secrets={"service/nordby": b"still works"},
)


@pytest.fixture(autouse=True)
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(move_file, "pack", partial(pack, log_n=14))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "set-up.ecsmove"


@pytest.fixture(autouse=True)
def folder(file: Path) -> Path:
    file.parent.mkdir()
    return file.parent


def refused(file: Path) -> Trouble:
    """Writing it is refused, and nothing of it is left, whole or in part."""
    with pytest.raises(Trouble) as caught:
        write_contents(file, CONTENTS, WORD)
    assert not list(file.parent.iterdir())
    return caught.value


def fails(monkeypatch: pytest.MonkeyPatch, name: str, number: int, *, at: int = 1) -> None:
    """The `at`th such call of the system fails with this number."""
    real, calls = getattr(os, name), iter(range(1, 100))

    def call(*given: object, **named: object) -> object:
        if next(calls) == at:
            raise OSError(number, os.strerror(number))
        return real(*given, **named)

    monkeypatch.setattr(os, name, call)


def test_what_was_written_is_read_back_and_is_its_owners_alone(file: Path) -> None:
    write_contents(file, CONTENTS, WORD)
    assert read_contents(file, WORD) == CONTENTS
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, Code.DISK_FULL), (errno.EIO, Code.FOLDER_NOT_WRITABLE)],
)
def test_where_file_or_folder_are_not_on_the_disk_nothing_is_left(
    file: Path, monkeypatch: pytest.MonkeyPatch, at: int, number: int, code: Code
) -> None:
    fails(monkeypatch, "fsync", number, at=at)
    assert refused(file).code is code


@pytest.mark.skipif(os.name != "posix", reason="Windows syncs no folders")
@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_folder_that_cannot_be_synced_takes_the_file_all_the_same(
    file: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fails(monkeypatch, "fsync", number, at=2)
    write_contents(file, CONTENTS, WORD)
    assert read_contents(file, WORD) == CONTENTS


def test_a_file_that_cannot_be_read_back_is_not_left(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_path: Path) -> bytes:
        raise OSError(errno.EIO, "bad sector")

    monkeypatch.setattr(move_file, "_read", unreadable)
    assert refused(file).facts["problem"] == "not-whole"


def test_a_name_that_no_disk_takes_is_told(file: Path) -> None:
    assert refused(file.with_name("x" * 300)).code is Code.FOLDER_NOT_WRITABLE


def test_a_link_that_leads_nowhere_is_not_written_over(file: Path) -> None:
    file.symlink_to(file.with_name("gone"))
    with pytest.raises(Trouble) as caught:
        write_contents(file, CONTENTS, WORD)
    assert caught.value.facts["problem"] == "file-there"
    assert file.is_symlink()


def test_a_file_that_cannot_be_deleted_is_emptied(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_contents(file, CONTENTS, WORD)
    fails(monkeypatch, "unlink", errno.EPERM)
    take_back(file)
    assert file.read_bytes() == b""


def test_a_file_that_can_be_neither_is_named_for_a_person_to_delete(file: Path) -> None:
    file.mkdir()
    with pytest.raises(Trouble) as caught:
        take_back(file)
    assert (caught.value.facts["problem"], caught.value.facts["file"]) == ("file-left", str(file))
