"""Which troubles a person settles by choosing how sign-ins are kept on this computer."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.core.trouble import Code, Fact

__all__ = ["NO_KEY", "SHORTEST_PASSPHRASE", "SIGN_INS", "asks_person"]

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


def asks_person(code: Code | None, facts: Mapping[str, Fact]) -> bool:
    """Whether `Workbench.keep_secrets` is what makes the call behind this trouble work."""
    if code is Code.VAULT_LOCKED:
        # Other locked vaults are of a later version, or in use: no choice opens those.
        return facts.get("problem") in {"no-passphrase", *NO_KEY}
    return code in _CODES
