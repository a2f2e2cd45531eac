"""Which troubles lie between this computer and a service, rather than with either."""

from __future__ import annotations

from wizard.core.trouble import Code

__all__ = ["NETWORK_TROUBLES"]

NETWORK_TROUBLES = frozenset(
    {
        Code.OFFLINE,
        Code.HOST_NOT_FOUND,
        Code.CONNECTION_REFUSED,
        Code.CONNECTION_LOST,
        Code.TIMED_OUT,
        Code.TLS_UNTRUSTED,
        Code.TLS_FAILED,
        Code.PROXY_UNREACHABLE,
        Code.PROXY_SIGN_IN_NEEDED,
        Code.PROXY_NTLM,
        Code.PROXY_INVALID,
        Code.UNEXPECTED_REDIRECT,
    }
)
"""Other network settings may well put these right."""
