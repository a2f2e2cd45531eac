"""What a session needs to know about tokens, and no more."""

from __future__ import annotations

from typing import Protocol

from wizard.core.cancel import Cancel

__all__ = ["Bearer", "FixedBearer"]


class Bearer(Protocol):
    """Gives the access token for a request, and hears when the other side refused it."""

    def token(self, cancel: Cancel) -> str:
        """A token that should work now, refreshed if need be; `Trouble(SIGN_IN_EXPIRED)`."""
        ...

    def rejected(self, token: str) -> None:
        """The other side answered 401 to this token; the next `token` is another or raises."""
        ...


class FixedBearer:
    """A token that cannot be refreshed, such as a provisioning token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self, cancel: Cancel) -> str:
        """See `Bearer.token`."""
        cancel.check()
        return self._token

    def rejected(self, token: str) -> None:
        """See `Bearer.rejected`; there is no other token, so the 401 stands."""
