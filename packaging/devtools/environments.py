"""The virtual environments: made once, filled from the hash-checked locks, kept current."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from devtools import debian
from devtools.places import (
    MAIN_ENVIRONMENT,
    REQUIREMENTS,
    UNIT_ENVIRONMENT,
    program,
    shown,
)
from devtools.speech import Failed, Missing, say

_STAMP = ".installed-locks.json"
_COVERED_BY = {"dev": ("dev", "unit", "runtime"), "unit": ("unit",), "runtime": ("runtime",)}
"""Which locks are satisfied once one is installed: `dev` is a superset of the two others."""


def digest_of(lock: str) -> str:
    """The SHA-256 of a lock file and the Python it was installed for, in hexadecimal."""
    content = (REQUIREMENTS / f"{lock}.txt").read_bytes()
    return hashlib.sha256(content + repr(sys.version_info[:2]).encode()).hexdigest()


def _stamped(environment: Path) -> dict[str, str]:
    try:
        found = json.loads((environment / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in dict(found).items()}


def prepare(environment: Path, lock: str) -> Path:
    """Make the environment where it is missing, install the lock where it changed.

    Returns the environment's Python.  Raises `Missing` in words, or `Failed`.
    """
    python = program(environment, "python")
    if not _answers(python):
        _create(environment)
    if _stamped(environment).get(lock) == digest_of(lock):
        return python
    say(f"Installing what requirements/{lock}.txt lists into {shown(environment)} …")
    # Every file is checked against the lock.  Only finished packages are taken: building one
    # would run somebody's code and need a compiler.
    command = [
        str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check",
        "--no-input", "--require-hashes", "--only-binary=:all:",
        "--requirement", str(REQUIREMENTS / f"{lock}.txt"),
    ]  # fmt: skip
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode:
        raise Failed(
            "The packages could not be installed; what pip said stands above. "
            "Is the network reachable, and does pip know its proxy?"
        )
    stamps = {name: digest_of(name) for name in _COVERED_BY[lock]}
    (environment / _STAMP).write_text(json.dumps(stamps, indent=1), encoding="utf-8")
    return python


def main_environment(lock: str) -> Path:
    """The environment of the product (`runtime`) or of its development (`dev`)."""
    return prepare(MAIN_ENVIRONMENT, lock)


def unit_environment() -> Path:
    """The environment without Qt, in which the unit tests must pass."""
    return prepare(UNIT_ENVIRONMENT, "unit")


def _answers(python: Path) -> bool:
    """Tell whether an environment's Python is there and of this Python's version."""
    if not python.exists():
        return False
    asked = "import sys, pip; print(sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(python), "-c", asked],
            check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == repr(sys.version_info[:2])


def _create(environment: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        debian.install_or_name(
            ["python3-venv", f"python{version}-venv"],
            because="This Python cannot make virtual environments: its venv module is missing.",
        )
    say(f"Making the virtual environment {shown(environment)} …")
    if environment.exists():
        shutil.rmtree(environment)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(environment)],
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if made.returncode:
        raise Missing(f"Python could not make the virtual environment {shown(environment)}.")


def variables(**more: str) -> dict[str, str]:
    """The environment variables for a program of ours: this process's, with UTF-8 output."""
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", **more}
