"""How the program starts: which of its two faces, and what is loaded for it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.__main__ import wants_window

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
