"""Finds the passphrase for a computer without a keyring and without a person at it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from wizard.core.trouble import Code, Trouble

__all__ = ["CREDENTIAL", "MOVE_CREDENTIAL", "passphrase_from"]

CREDENTIAL = "enterprise-connect-passphrase"
"""The name of the credential that a service manager hands over (systemd.exec, LoadCredential)."""

MOVE_CREDENTIAL = "enterprise-connect-move-passphrase"
"""The same for the passphrase of a set-up that is moved to another computer."""

_LARGEST = 4096


def passphrase_from(
    file: Path | None,
    environment: Mapping[str, str] | None = None,
    *,
    credential: str = CREDENTIAL,
) -> str:
    """The passphrase from an owner-only file, or from the service manager's credentials.

    '' when neither is there. Raises `Trouble(VAULT_LOCKED)` with `problem` (passphrase-file-gone,
    -shared, -empty) for a file that was named and cannot serve.
    """
    names = os.environ if environment is None else environment
    if file is not None:
        return _read(file, owner_only=True)
    folder = names.get("CREDENTIALS_DIRECTORY", "")
    if not folder:
        return ""
    given = Path(folder) / credential
    # The service manager's folder is readable by the service alone, whatever the file's mode.
    return _read(given, owner_only=False) if given.exists() else ""


def _read(path: Path, *, owner_only: bool) -> str:
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            content = file.read(_LARGEST)
    except OSError as problem:
        raise Trouble(
            Code.VAULT_LOCKED, problem="passphrase-file-gone", file=str(path)
        ) from problem
    if owner_only and _others_may_read(found):
        raise Trouble(Code.VAULT_LOCKED, problem="passphrase-file-shared", file=str(path))
    text = content.decode("utf-8", errors="replace").strip("\r\n")
    if not text:
        raise Trouble(Code.VAULT_LOCKED, problem="passphrase-file-empty", file=str(path))
    return text


def _others_may_read(found: os.stat_result) -> bool:
    """Whether somebody else than the owner (or the administrator) can read a file.

    On Windows the file inherits the rights of the person's own folders, and modes tell nothing.
    """
    if sys.platform == "win32":
        shared = False
    else:
        others = found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        shared = bool(others) or found.st_uid not in {0, os.geteuid()}
    return shared
