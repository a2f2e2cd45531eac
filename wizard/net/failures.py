"""Turns what the network libraries raise into the product's own troubles."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

from wizard.core.trouble import Code, Trouble
from wizard.net.connections import TunnelRefused

__all__ = ["BEFORE_SENDING", "has_route", "network_trouble", "proxy_refusal"]

BEFORE_SENDING = frozenset(
    {Code.OFFLINE, Code.HOST_NOT_FOUND, Code.CONNECTION_REFUSED, Code.PROXY_UNREACHABLE}
)
"""What can only happen before anything was sent, and may pass."""

_NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}
# Addresses for documentation (RFC 5737, RFC 3849): asking for a way there sends nothing.
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


def has_route() -> bool:
    """Whether this computer knows any way out; nothing is sent to find out."""
    for family, address in _ELSEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return True
        except OSError:
            continue
    return False


def _chain(problem: BaseException) -> Iterator[BaseException]:
    """An exception and everything inside it, each once."""
    waiting: list[object] = [problem]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [
            *one.args,
            getattr(one, "reason", None),
            getattr(one, "original_error", None),
            one.__cause__,
            one.__context__,
        ]


def proxy_refusal(host: str, proxy: str, status: int, offered: tuple[str, ...]) -> Trouble:
    """The trouble that a proxy's refusal means; `offered` are its Proxy-Authenticate values."""
    if status != 407:
        return Trouble(Code.PROXY_UNREACHABLE, host=host, proxy=proxy, status=status)
    schemes = {
        scheme.strip().partition(" ")[0].lower() for value in offered for scheme in value.split(",")
    }
    if schemes & {"negotiate", "ntlm"} and "basic" not in schemes:
        return Trouble(Code.PROXY_NTLM, host=host, proxy=proxy)
    return Trouble(Code.PROXY_SIGN_IN_NEEDED, host=host, proxy=proxy)


def network_trouble(problem: BaseException, *, host: str, proxy: str) -> Trouble:
    """The `Trouble` for an exception of requests, urllib3 or the system.

    Facts: `host` with its port where unusual (never a path or query), `proxy` where one is
    used, and for certificates `reason`.
    """
    chain = list(_chain(problem))

    def within(*kinds: type[BaseException]) -> BaseException | None:
        return next((one for one in chain if isinstance(one, kinds)), None)

    refused = within(TunnelRefused)
    if isinstance(refused, TunnelRefused):
        return proxy_refusal(host, proxy, refused.status, refused.schemes)
    if within(requests.exceptions.ProxyError, urllib3.exceptions.ProxyError):
        return Trouble(Code.PROXY_UNREACHABLE, host=host, proxy=proxy)
    untrusted = within(ssl.SSLCertVerificationError)
    if isinstance(untrusted, ssl.SSLCertVerificationError):
        return Trouble(Code.TLS_UNTRUSTED, host=host, reason=_certificate_reason(untrusted))
    if (broken := within(ssl.SSLError)) and not isinstance(broken, ssl.SSLEOFError):
        return Trouble(Code.TLS_FAILED, host=host, reason=getattr(broken, "reason", None) or "tls")
    unresolved = within(socket.gaierror)
    if unresolved is not None:
        again = unresolved.args[:1] == (socket.EAI_AGAIN,)
        offline = again or not has_route()
        return Trouble(Code.OFFLINE if offline else Code.HOST_NOT_FOUND, host=host)
    if any(isinstance(one, OSError) and one.errno in _NO_WAY for one in chain):
        return Trouble(Code.OFFLINE, host=host)
    return _broken_connection(chain, host)


def _broken_connection(chain: list[BaseException], host: str) -> Trouble:
    """What is left: refused, too slow, or cut in the middle."""
    if any(isinstance(one, urllib3.exceptions.ConnectTimeoutError) for one in chain) and not any(
        isinstance(one, urllib3.exceptions.NewConnectionError) for one in chain
    ):
        return Trouble(Code.TIMED_OUT, host=host, phase="connect")
    if any(isinstance(one, urllib3.exceptions.NewConnectionError) for one in chain):
        return Trouble(Code.CONNECTION_REFUSED, host=host)
    if any(
        isinstance(one, TimeoutError | urllib3.exceptions.ReadTimeoutError | requests.Timeout)
        for one in chain
    ):
        return Trouble(Code.TIMED_OUT, host=host, phase="answer")
    if any(isinstance(one, urllib3.exceptions.DecodeError) for one in chain):
        return Trouble(Code.ANSWER_NOT_UNDERSTOOD, host=host, path="", status=0)
    return Trouble(Code.CONNECTION_LOST, host=host)


def _certificate_reason(problem: ssl.SSLCertVerificationError) -> str:
    """One word for what is wrong with a certificate, where OpenSSL's numbers tell."""
    known = {9: "not-yet-valid", 10: "expired", 18: "self-signed", 19: "unknown-authority",
             20: "unknown-authority", 47: "outside-constraints", 62: "other-host",
             64: "other-host"}  # fmt: skip
    return known.get(getattr(problem, "verify_code", 0), "untrusted")
