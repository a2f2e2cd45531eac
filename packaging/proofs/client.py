"""The product's command line as a proof uses it: set up once, run often, answers as JSON."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from devtools import environments
from devtools.proving import Context, Short
from proofs.organization import Organization

_PASSPHRASE = "four quiet rivers under snow"  # noqa: S105 - of an invented vault


class Client:
    """One installation of the product, headless: its home, its vault, its profile."""

    def __init__(self, context: Context, home: Path, organization: Organization) -> None:
        self._context = context
        self.home = home / "client"
        self._above = home
        self.organization = organization
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.passphrase = home / "passphrase"
        handle = os.open(self.passphrase, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(_PASSPHRASE)

    def command(self, *words: str, home: Path | None = None) -> list[str]:
        """The whole command line of one command."""
        return [
            str(self._context.python), "-m", "wizard", *words, "--json",
            "--home", str(home or self.home),
            "--profile", str(self.organization.profile),
            "--passphrase-file", str(self.passphrase),
        ]  # fmt: skip

    def set_up(self) -> None:
        """Sign in, connect, preview and switch provisioning on, without a sync."""
        self.answer("practice", "rehearse", "--only-set-up", home=self._above)

    def answer(
        self, *words: str, home: Path | None = None, seconds: float = 900
    ) -> dict[str, object]:
        """Run a command that must work; returns its object."""
        code, told, heard = self.run(*words, home=home, seconds=seconds)
        if code != 0:
            raise Short(f"{' '.join(words)} ended with {code}: {heard[-800:]}", {"said": told})
        return told

    def run(
        self, *words: str, home: Path | None = None, seconds: float = 900
    ) -> tuple[int, dict[str, object], str]:
        """Run a command; returns its exit code, its object, and what it said beside."""
        done = subprocess.run(
            self.command(*words, home=home),
            check=False,
            cwd=self._context.root,
            env=environments.variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        try:
            told = dict(json.loads(done.stdout.splitlines()[-1]))
        except (IndexError, ValueError):
            told = {}
        return done.returncode, told, done.stderr
