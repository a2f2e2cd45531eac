"""`dev.py lock`: write the hash-checked requirements locks, naming no package index."""

from __future__ import annotations

import os
import subprocess

from devtools import environments, node
from devtools.places import MAIN_ENVIRONMENT, REQUIREMENTS, ROOT, program
from devtools.speech import Failed, say

_QT = ("pyside6-essentials", "shiboken6")

LOCKS: dict[str, tuple[str, ...]] = {
    "runtime": (),
    "unit": ("--extra", "unit", *(f"--no-emit-package={name}" for name in _QT)),
    "dev": ("--extra", "dev"),
}
"""Each lock and what it asks of the resolver: the product, its unit tests without Qt, all."""

_HEADER = (
    "# Exact releases with their hashes for Linux, Windows and macOS, Python 3.11 and newer.\n"
    "# Written by `python3 packaging/dev.py lock`; not edited by hand.\n"
)


def lock(*, upgrade: bool) -> int:
    """Write every lock anew.  Without `upgrade` a release that still fits is kept."""
    # An outdated environment will do: the lock that would renew it is what is being written.
    uv = program(MAIN_ENVIRONMENT, "uv")
    if not uv.exists():
        uv = program(environments.main_environment("dev"), "uv")
    # `dev` comes first and the others follow it, so that no two locks differ in a release.
    for name in ("dev", "runtime", "unit"):
        say(f"Locking {name} …")
        _compile(str(uv), name, upgrade=upgrade and name == "dev")
    say("Locking the sign-in server of the interop tests …")
    environments.main_environment("dev")
    node.lock_oidc_provider(upgrade=upgrade)
    return 0


def _compile(uv: str, name: str, *, upgrade: bool) -> None:
    target = REQUIREMENTS / f"{name}.txt"
    draft = REQUIREMENTS / f".{name}.draft"
    kept = "" if upgrade or not target.exists() else target.read_text(encoding="utf-8")
    draft.write_text(kept, encoding="utf-8")
    command = [
        uv, "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11",
        "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate",
        "--no-header", "--quiet", *LOCKS[name], "--output-file", str(draft),
    ]  # fmt: skip
    if name != "dev":
        command += ["--constraint", str(REQUIREMENTS / "dev.txt")]
    try:
        done = subprocess.run(command, cwd=ROOT, check=False, env=os.environ)
        if done.returncode:
            raise Failed("The lock could not be written; what uv said stands above.")
        target.write_text(_HEADER + draft.read_text(encoding="utf-8"), encoding="utf-8")
    finally:
        draft.unlink(missing_ok=True)
