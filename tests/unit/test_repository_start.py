"""How the program starts: which of its two faces, and what is loaded for it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import debian, display, environments, places, starting
from devtools.speech import as_typed
from wizard.__main__ import wants_window
from wizard.cli.commands.registry import COMMANDS
from wizard.cli.parser import build_parser

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("/usr/bin/enterprise-connect-setup", ["status"]),
        ("C:\\Programs\\enterprise-connect-setup.exe", []),
        ("/usr/bin/enterprise-connect", []),
        ("wizard/__main__.py", ["--profile", "practice.toml"]),
        ("wizard/__main__.py", ["--profile=practice.toml", "--home", "somewhere"]),
        ("wizard/__main__.py", ["--profile", "practice.toml", "--trust-profile", "--forget"]),
        ("/usr/bin/enterprise-connect", ["--theme", "dark"]),
        ("/usr/bin/enterprise-connect", ["--theme=dark", "--profile", "practice.toml"]),
        ("/usr/bin/enterprise-connect", ["--home", "somewhere", "--theme", "dark", "--forget"]),
        ("/usr/bin/enterprise-connect", ["--theme", "dark", "--help"]),
        ("/usr/bin/enterprise-connect", ["--theme", "dark", "--verison"]),
        ("/usr/bin/enterprise-connect", ["--theme"]),
        ("/usr/bin/enterprise-connect", ["hand-over.ecsetup"]),
        ("/usr/bin/enterprise-connect", ["/home/a=b/Hand Over.ECSETUP", "--home", "somewhere"]),
        ("/usr/bin/enterprise-connect", ["--resume", "given.file"]),
        ("/usr/bin/enterprise-connect", ["--resume=given.file", "--profile", "cronofy"]),
    ],
)
def test_the_window_opens_when_no_command_is_named(program: str, arguments: list[str]) -> None:
    assert wants_window(program, arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["--help"],
        ["--version"],
        ["--profile", "practice.toml", "sync"],
        ["--profile"],
        ["--json"],
        ["--theme", "dark", "sync"],
        ["--help", "--theme", "dark"],
        ["--resume"],
        ["sync", "hand-over.ecsetup"],
        ["hand-over.ecsetup", "status"],
        ["--json.ecsetup"],
        ["hand-over.html"],
    ],
)
def test_a_command_or_a_question_stays_on_the_command_line(arguments: list[str]) -> None:
    assert not wants_window("/usr/bin/enterprise-connect", arguments)


@pytest.mark.skipif("EXPECT_NO_QT" not in os.environ, reason="asked of the unit stage alone")
def test_the_unit_stage_has_no_qt_at_all() -> None:
    assert importlib.util.find_spec("PySide6") is None


def test_the_command_line_answers_without_loading_qt() -> None:
    asked = (
        "import sys; sys.argv = ['enterprise-connect', '--version']\n"
        "from wizard.__main__ import main\n"
        "try:\n    main()\n"
        "finally:\n    assert 'PySide6' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "0." in done.stdout


def _line_beside_the_window() -> list[str]:
    python = places.MAIN_ENVIRONMENT / "bin" / "python"
    profile = places.PRACTICE_HOME / "organization" / "profile.toml"
    return starting.on_the_command_line(python, profile)


def test_the_line_beside_the_window_reaches_what_the_window_keeps() -> None:
    python, *module, command = _line_beside_the_window()[:4]
    assert python == str(Path(".venv", "bin", "python"))
    assert module == ["-m", "wizard"]
    given = build_parser(COMMANDS).parse_args(_line_beside_the_window()[3:])
    assert command == "status"
    assert given.home.resolve() == places.WINDOW_HOME.relative_to(ROOT).resolve()
    assert not Path(given.profile).is_absolute()
    assert not wants_window("wizard/__main__.py", [command])


def test_the_read_me_shows_the_same_line() -> None:
    line = as_typed(_line_beside_the_window()).replace("\\", "/")
    assert f"    {line}\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_window_and_its_line_are_told_before_it_opens(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told: list[str] = []

    def opened(*_given: object) -> int:
        told.append(capsys.readouterr().out)
        return 0

    practice = subprocess.Popen([sys.executable, "-c", ""], text=True)
    python = places.MAIN_ENVIRONMENT / "bin" / "python"
    profile = places.PRACTICE_HOME / "organization" / "profile.toml"
    monkeypatch.setattr(starting, "PRACTICE_HOME", tmp_path / "practice")
    monkeypatch.setattr(display, "prefix_for_window", tuple)
    monkeypatch.setattr(environments, "main_environment", lambda _kind: python)
    monkeypatch.setattr(debian, "lacking_for_qt", list)
    monkeypatch.setattr(starting, "start_practice", lambda *_given: (practice, profile))
    monkeypatch.setattr(starting, "_window", opened)
    assert starting.run(people=5, fresh=False) == 0
    practice.wait()
    assert as_typed(_line_beside_the_window()) in told[0]
