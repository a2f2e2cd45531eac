"""Where things are in a copy of the repository, on every operating system."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The top of the repository."""

REQUIREMENTS = ROOT / "requirements"
MAIN_ENVIRONMENT = ROOT / ".venv"
UNIT_ENVIRONMENT = ROOT / ".venv-unit"
PRACTICE_HOME = ROOT / ".practice"
"""State of the practice organization and of the window that `dev.py run` opens."""

WINDOW_HOME = PRACTICE_HOME / "window"

WORK = ROOT / ".work"
"""Anything that a command writes for itself."""

WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")


def program(environment: Path, name: str) -> Path:
    """The path of a program in a virtual environment, `python` included."""
    if WINDOWS:
        return environment / "Scripts" / f"{name}.exe"
    return environment / "bin" / name


def shown(path: Path) -> str:
    """A path as a person in the repository would type it."""
    try:
        return str(path.relative_to(ROOT))
    except ValueError:
        return str(path)


def is_root() -> bool:
    """Tell whether this process may install system packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
