from __future__ import annotations

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


@pytest.mark.parametrize("content", [b"", b"{}", b'{"version":1,"id":"../x"}', b"\xff" * 9000])
def test_a_damaged_file_makes_a_new_installation(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "installation.json").write_bytes(content)
    first = installation(tmp_path)
    assert installation(tmp_path) == first


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
