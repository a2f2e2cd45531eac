"""Files for a service manager: filled in, well-formed, and never written over."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from wizard.core.resources import resource
from wizard.services import service_files
from wizard.services.service_files import write_service_files


def written(folder: Path, **given: object) -> dict[str, str]:
    asked = {"home": None, "profile": "", "minutes": 0, **given}
    made = write_service_files(folder, **asked)  # type: ignore[arg-type] # by name
    assert made.left == ()
    return {path.name: path.read_text(encoding="utf-8") for path in made.written}


def test_every_file_is_filled_in(tmp_path: Path) -> None:
    files = written(tmp_path, home=Path("/srv/ecs"), profile="nordby", minutes=45)
    assert set(files) == {path.name for path in resource("service").iterdir()}
    for text in files.values():
        assert "@" not in text.replace("@system", "")
    service = files["enterprise-connect.service"]
    assert "sync --every 45m --log-format json --profile nordby --home /srv/ecs\n" in service
    once = files["enterprise-connect-once.service"]
    assert "sync --once --scheduled --log-format json --profile nordby --home /srv/ecs\n" in once
    assert "OnUnitActiveSec=45min" in files["enterprise-connect.timer"]


def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "enterprise-connect.timer").write_text("ours")
    made = write_service_files(tmp_path, home=None, profile="", minutes=0)
    assert [path.name for path in made.left] == ["enterprise-connect.timer"]
    assert len(made.written) == 3
    assert (tmp_path / "enterprise-connect.timer").read_text() == "ours"


def test_odd_names_stay_one_word_for_each_system(tmp_path: Path) -> None:
    home, profile = Path('/srv/a "b" 100%/c&d'), "/etc/ecs/no $HOME.toml"
    files = written(tmp_path, home=home, profile=profile)
    service = files["enterprise-connect.service"]
    assert r'--home "/srv/a \"b\" 100%%/c&d"' in service
    assert '--profile "/etc/ecs/no $$HOME.toml"' in service
    task = ET.fromstring(files["enterprise-connect-task.xml"])  # noqa: S314 - a file of our own
    arguments = next(one.text or "" for one in task.iter() if one.tag.endswith("Arguments"))
    assert 'c&d"' in arguments


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_understands_the_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_files, "program_again", lambda: [sys.executable])
    files = written(tmp_path, home=Path("/srv/e c s"))
    judged = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            "--man=no",
            *(tmp_path / name for name in files if name[-3:] != "xml"),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    ours = [line for line in judged.stderr.splitlines() if str(tmp_path) in line]
    assert (judged.returncode, ours) == (0, [])
