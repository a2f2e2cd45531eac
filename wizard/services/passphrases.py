"""Where the passphrase of a moved set-up is found, before anybody is asked."""

from __future__ import annotations

from pathlib import Path

from wizard.vault.passphrase import MOVE_CREDENTIAL, passphrase_from

__all__ = ["move_passphrase"]


def move_passphrase(file: Path | None) -> str:
    """From an owner-only file, or the service manager's credentials; '' where neither is there.

    Raises `Trouble(VAULT_LOCKED)` for a file that cannot serve.
    """
    return passphrase_from(file, credential=MOVE_CREDENTIAL)
