"""`dev.py build`: the program folder by PyInstaller, checked by its own console program."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from devtools import children, debian, environments
from devtools.places import ROOT, WINDOWS
from devtools.speech import Failed, say

_BUILD_LIMIT = 600.0
_REHEARSAL_LIMIT = 300.0
FOLDER = ROOT / "dist" / "enterprise-connect-setup"


def console_program() -> Path:
    """The built console program."""
    return FOLDER / ("enterprise-connect.exe" if WINDOWS else "enterprise-connect")


def build() -> int:
    """Build, then let the built program check itself and rehearse a whole set-up."""
    python = environments.main_environment("dev")
    lacking = debian.lacking_for_qt() + debian.lacking_programs(debian.BUILD_PROGRAMS)
    debian.install_or_name(lacking, because="Building needs system packages that are not here.")
    say("Building by wizard.spec …")
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--log-level=WARN", "wizard.spec"]
    code = children.run(command, environment=environments.variables(), seconds=_BUILD_LIMIT)
    if code != 0:
        raise Failed("The program could not be built; what PyInstaller said stands above.")
    size = sum(
        file.stat().st_size
        for file in FOLDER.rglob("*")
        if file.is_file() and not file.is_symlink()
    )
    say(f"Built {FOLDER.relative_to(ROOT)}: {size / 2**20:.0f} MiB.")
    check_built()
    return 0


def check_built() -> None:
    """Run the built console program away from the sources; raises `Failed`."""
    with tempfile.TemporaryDirectory(prefix="built-") as folder:
        _checked(["check", "--self", "--json"], folder)
        said = _checked(
            ["practice", "rehearse", "--provider", "google", "--people", "60", "--json"], folder
        )
    figures = json.loads(said.splitlines()[-1])
    say(
        f"The built program rehearsed: {figures['accounts_at_service']} accounts for "
        f"{figures['in_scope']} people in scope."
    )


def _checked(arguments: list[str], folder: str) -> str:
    command = [str(console_program()), *arguments]
    say(f"Checking: {' '.join(['enterprise-connect', *arguments])}")
    # A home of its own, and no trace of this development environment.
    environment = {
        name: value
        for name, value in environments.variables().items()
        if name not in {"PYTHONPATH", "VIRTUAL_ENV", "DISPLAY", "WAYLAND_DISPLAY"}
    } | {"HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, check=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, text=True, timeout=_REHEARSAL_LIMIT,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise Failed(f"Not done within {_REHEARSAL_LIMIT:.0f} s.") from late
    if done.returncode:
        raise Failed(f"{done.stdout}\nThe built program ended with exit code {done.returncode}.")
    return done.stdout.strip()
