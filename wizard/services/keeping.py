"""Which troubles a person settles by choosing how sign-ins are kept on this computer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Fact

if TYPE_CHECKING:
    from wizard.vault.vault import Vault

__all__ = [
    "NO_KEY",
    "SHORTEST_PASSPHRASE",
    "SIGN_INS",
    "asks_person",
    "forget_sign_ins",
    "sign_ins",
]

SIGN_INS = ("service/", "google/", "provisioning/")
"""How the names of secrets begin without which a set-up has to sign in; a proxy's is none."""

SHORTEST_PASSPHRASE = 12
"""Characters that a new passphrase needs at least, where a person sets it."""

NO_KEY = frozenset({"key-gone", "other-key"})
"""Facts `problem` of a vault whose key the password store does not have."""

_CODES = frozenset(
    {
        Code.KEYRING_MISSING,
        Code.KEYRING_LOCKED,
        Code.KEYRING_TIMEOUT,
        Code.PASSPHRASE_WRONG,
    }
)


def sign_ins(vault: Vault) -> tuple[str, ...]:
    """The names of the sign-ins that are kept, in the order in which they are to be locked."""
    return tuple(sorted(name for name in vault.names() if name.startswith(SIGN_INS)))


def forget_sign_ins(vault: Vault, cancel: Cancel) -> None:
    """Forget them all here; nobody else is told."""
    for name in sign_ins(vault):
        with vault.locked(name, cancel):
            vault.delete(name)


def asks_person(code: Code | None, facts: Mapping[str, Fact]) -> bool:
    """Whether `Workbench.keep_secrets` is what makes the call behind this trouble work."""
    if code is Code.VAULT_LOCKED:
        # Other locked vaults are of a later version, or in use: no choice opens those.
        return facts.get("problem") in {"no-passphrase", *NO_KEY}
    return code in _CODES
