"""The practice organization is a world of its own: it loads nothing of the client."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import wizard.practice

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = ("wizard.core", "wizard.practice")


def test_every_module_of_it_loads_with_the_core_alone() -> None:
    modules = [
        found.name for found in pkgutil.walk_packages(wizard.practice.__path__, "wizard.practice.")
    ]
    asked = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "print(*sorted(name for name in sys.modules if name.split('.')[0] == 'wizard'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split()) - {"wizard"}
    assert [name for name in sorted(loaded) if not name.startswith(ALLOWED)] == []
