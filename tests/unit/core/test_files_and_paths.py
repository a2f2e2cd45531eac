"""Owner-only files and the product's folders."""

from __future__ import annotations

import errno
import os
import stat
import tracemalloc
from pathlib import Path

import pytest

from wizard.content.troubles import trouble_words
from wizard.core.files import disk_trouble, private_folder, read_beginning, replace_file
from wizard.core.paths import Folders
from wizard.core.trouble import Code, Trouble

posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights by folder")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix_only
def test_files_and_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "settings.json"
    replace_file(path, b"{}")
    assert _mode(path) == 0o600
    assert _mode(path.parent) == 0o700


@posix_only
def test_every_folder_that_is_made_on_the_way_is_for_its_owner_alone_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    before = os.umask(0)
    try:
        private_folder(tmp_path / "a" / "b" / "c")
        private_folder(Path("here") / "below")
    finally:
        os.umask(before)
    made = [tmp_path / name for name in ("a", "a/b", "a/b/c", "here", "here/below")]
    assert [_mode(folder) for folder in made] == [0o700] * 5


def test_a_replaced_file_is_the_new_one_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    replace_file(path, b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.json"]


def test_the_beginning_of_a_file_is_read_and_room_is_made_for_no_more(tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"abcdef")
    tracemalloc.start()
    try:
        assert read_beginning(path, 2**30) == b"abcdef"
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
    assert read_beginning(path, 4) == b"abcd"
    path.write_bytes(b"")
    assert read_beginning(path, 4) == b""
    with pytest.raises(OSError, match="small"):
        read_beginning(path / "below", 4)


@posix_only
def test_a_pipe_that_nobody_writes_to_is_an_empty_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_beginning(tmp_path / "pipe", 4) == b""


def test_a_full_disk_leaves_the_old_file_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.json"
    replace_file(path, b"old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Trouble) as stopped:
        replace_file(path, b"new")
    assert stopped.value.code is Code.DISK_FULL
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.json"]


def test_a_folder_that_cannot_be_made_says_which_one(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(Trouble) as stopped:
        private_folder(tmp_path / "taken" / "below")
    assert stopped.value.code is Code.FOLDER_NOT_WRITABLE
    words = trouble_words(stopped.value.code, stopped.value.facts)
    assert words.happened == f"There is no folder at {tmp_path / 'taken' / 'below'}."


def test_a_missing_folder_is_not_told_as_one_without_rights(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        (tmp_path / "gone" / "page.html").touch()
    trouble = disk_trouble(missing.value, tmp_path / "gone" / "page.html")
    words = trouble_words(trouble.code, trouble.facts)
    assert words.title == "This folder isn’t there"
    assert str(tmp_path / "gone") in words.happened


def test_other_disk_mistakes_name_the_folder_and_the_reason(tmp_path: Path) -> None:
    trouble = disk_trouble(PermissionError(errno.EACCES, "Permission denied"), tmp_path / "x")
    assert trouble.code is Code.FOLDER_NOT_WRITABLE
    assert trouble.facts == {"folder": str(tmp_path), "reason": "Permission denied"}


def test_a_home_of_ones_own_holds_everything(tmp_path: Path) -> None:
    folders = Folders.of_person(tmp_path)
    assert folders.of_unit("practice", "ou_1").is_relative_to(tmp_path)
    assert folders.of_unit("practice", "ou_1").is_dir()


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", ".hidden", "a..b", "x" * 81, "a\0b"])
def test_a_name_that_could_leave_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not usable"):
        Folders.of_person(tmp_path).of_profile(name)
