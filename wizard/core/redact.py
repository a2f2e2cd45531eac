"""Takes secrets out of text, and shortens addresses, before anything is written to a log."""

from __future__ import annotations

import copy
import logging
import re

__all__ = ["REMOVED", "RedactingFormatter", "redact", "without_secrets"]

REMOVED = "[removed]"

# No repetition is without end, so that a long line of others can't hold the log up.
_NAMES = (
    r"[\w.-]{0,48}(?:secret|password|passwd|passphrase|token|assertion|verifier|api[_-]?key)"
    r"|code|state|nonce|authorization|proxy-authorization|cookie|set-cookie"
)

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # an Authorization header's value, wherever it stands
    (re.compile(r"\b(Bearer|Basic|Negotiate|NTLM)\s+[A-Za-z0-9._~+/=-]{4,}", re.IGNORECASE),
     rf"\1 {REMOVED}"),
    # user name and password inside an address
    (re.compile(r"\b([a-z][a-z0-9+.-]{0,20}://)[^\s/?#@\"'<>]+@", re.IGNORECASE), rf"\1{REMOVED}@"),
    # "name": "value" in JSON, with the quotes of JSON, of Python, or escaped ones; a quote that is
    # escaped (once more, within escaped ones) is a part of the value
    (re.compile(
        rf"((?:\\?[\"'])(?:{_NAMES})(?:\\?[\"'])\s*[:=]\s*b?)"
        r"(?P<quote>\\?[\"'])(?:\\{3}[\"']|(?!(?P=quote))(?:\\.|.))*(?:(?P=quote)|$)",
        re.IGNORECASE | re.DOTALL),
     rf"\1\g<quote>{REMOVED}\g<quote>"),
    # name=value in an address or a form, name='value' in a repr
    (re.compile(
        rf"(?<![\w-])((?:{_NAMES})=)(?:\"(?:\\.|[^\"])*(?:\"|$)|'(?:\\.|[^'])*(?:'|$)|[^\s&;,)\"'<>]+)",
        re.IGNORECASE),
     rf"\1{REMOVED}"),
    # Name: value, as headers are printed
    (re.compile(
        r"(?<![\w-])((?:proxy-)?authorization|cookie|set-cookie|x-[\w-]*token)(:\s*)[^\r\n]+",
        re.IGNORECASE),
     rf"\1\2{REMOVED}"),
    # what looks like a token on its own: JSON web tokens, and Google's tokens and codes
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){1,4}"), REMOVED),
    (re.compile(r"\bya29\.[A-Za-z0-9._-]+|\b1//[A-Za-z0-9_-]{10,}|\b4/[01][A-Za-z0-9_-]{10,}"),
     REMOVED),
    # any other long word that mixes small and capital letters (and digits, where it is not so
    # long), as drawn secrets do, and names of things in a program don't
    (re.compile(
        r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])"
        r"(?:(?=[\w-]*\d)[A-Za-z0-9_-]{32,39}|[A-Za-z0-9_-]{40,})(?![\w-])"),
     REMOVED),
)  # fmt: skip

_ADDRESS = re.compile(
    r"([\w!#$%&'*+/=?^`{|}~.-])[\w!#$%&'*+/=?^`{|}~.-]{0,63}@([\w-]+(?:\.[\w-]+)+)"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def redact(text: str) -> str:
    """The text without tokens, codes, secrets and passwords; addresses like 'a…@nordby.example'.

    It errs on the side of removing too much. Values are recognised by the names in front of
    them and by their looks, so never log a secret alone and rely on this.
    """
    return _ADDRESS.sub(r"\1…@\2", without_secrets(text))


def without_secrets(text: str) -> str:
    """The same with addresses as they are, for who replaces those in another way."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record and redacts all of it, traceback and arguments included.

    Control characters in the message are made visible, so that nobody can forge a line.
    """

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        # A copy: another handler may want the record as it was. `exc_text` is a cache that
        # would otherwise hand our unredacted traceback to whoever formats next.
        own = copy.copy(record)
        own.msg = _CONTROL.sub(lambda sign: repr(sign.group())[1:-1], record.getMessage())
        own.args = None
        own.exc_text = None
        return redact(super().format(own))
