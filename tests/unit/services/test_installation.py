from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wizard.core.trouble import Code, Trouble
from wizard.services.installation import installation


def test_an_installation_keeps_its_id(tmp_path: Path) -> None:
    first = installation(tmp_path / "config")
    assert installation(tmp_path / "config") == first
    assert len(first.id) == 36
    assert first.host


def test_two_homes_are_two_installations(tmp_path: Path) -> None:
    assert installation(tmp_path / "a").id != installation(tmp_path / "b").id


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"version":1,"id":"../x"}',
        b'{"version":2,"id":"6c0d6f3a-6a1f-4f0b-9b0c-2a1c4f7d1e55","places":{"a":"../x"}}',
        b"\xff" * 9000,
    ],
)
def test_a_damaged_file_makes_a_new_installation(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "installation.json").write_bytes(content)
    first = installation(tmp_path)
    assert installation(tmp_path) == first


def test_a_copy_of_a_home_is_an_installation_of_its_own(tmp_path: Path) -> None:
    first = installation(tmp_path / "config")
    shutil.copytree(tmp_path / "config", tmp_path / "copy")
    copy = installation(tmp_path / "copy")
    assert copy.id != first.id
    assert installation(tmp_path / "copy") == copy
    assert installation(tmp_path / "config") == first


def test_a_home_on_another_computer_is_another_installation_and_the_first_again_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home = installation(tmp_path)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("wizard.core.machine._machine_id", lambda: "another computer")
        away = installation(tmp_path)
        assert away.id != at_home.id
        assert installation(tmp_path) == away
    assert installation(tmp_path) == at_home


def test_a_link_to_a_home_is_the_same_installation(tmp_path: Path) -> None:
    first = installation(tmp_path / "config")
    (tmp_path / "link").symlink_to(tmp_path / "config", target_is_directory=True)
    assert installation(tmp_path / "link") == first


def test_a_file_of_an_earlier_version_goes_on_as_what_it_was(tmp_path: Path) -> None:
    known = "6c0d6f3a-6a1f-4f0b-9b0c-2a1c4f7d1e55"
    (tmp_path / "installation.json").write_text(f'{{"version":1,"id":"{known}"}}')
    assert installation(tmp_path).id == known
    assert installation(tmp_path).id == known
    shutil.copytree(tmp_path, tmp_path / "copy", ignore=shutil.ignore_patterns("copy"))
    assert installation(tmp_path / "copy").id != known


def test_a_home_that_goes_around_remembers_only_its_last_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(number: int) -> str:
        monkeypatch.setattr("wizard.core.machine._machine_id", lambda: f"computer {number}")
        return installation(tmp_path).id

    ids = [at(number) for number in range(100)]
    assert len(set(ids)) == 100
    assert at(99) == ids[99]
    assert at(60) == ids[60]
    assert at(0) != ids[0]


def test_the_machine_id_itself_is_nowhere_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.core.machine._machine_id", lambda: "3d1219c7c4c5404a")
    installation(tmp_path)
    assert b"3d1219c7c4c5404a" not in (tmp_path / "installation.json").read_bytes()


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "installation.json").mkdir()
    with pytest.raises(Trouble) as caught:
        installation(tmp_path)
    assert caught.value.code is Code.FOLDER_NOT_WRITABLE


def test_a_person_without_a_name_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise OSError("no such user")

    monkeypatch.setattr("wizard.services.installation.getpass.getuser", nobody)
    assert installation(tmp_path).person == ""
