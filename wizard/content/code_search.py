"""Finding a trouble by its code, its title, or what a screenshot or a log line shows of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.content.person_reasons import who_words
from wizard.content.search import Query, Words, found_in, plain
from wizard.content.text import t
from wizard.content.troubles import TABLE, trouble_words
from wizard.core.trouble import Code

__all__ = ["OUTSIDE_WORDS", "CodeTopic", "code_of_topic", "code_topic", "codes_in"]

_PREFIX = "code-"
_BETWEEN = re.compile(r"[\s_\-]+")
_LONGEST_NAME = 4
"""So many words a code's name has at most; a fifth belongs to something else."""

OUTSIDE_WORDS: Mapping[str, tuple[Code, ...]] = MappingProxyType(
    {
        "admin_policy_enforced": (Code.ADMIN_POLICY_ENFORCED,),
        "org_internal": (Code.APP_INTERNAL,),
        "access_denied": (Code.SIGN_IN_REFUSED,),
        "invalid_grant": (Code.SIGN_IN_EXPIRED,),
        "invalid_client": (Code.SIGN_IN_FAILED,),
        "accessnotconfigured": (Code.API_NOT_ENABLED,),
        "domaincannotuseapis": (Code.DOMAIN_CANNOT_USE_APIS,),
        "insufficientpermissions": (Code.SCOPES_MISSING, Code.DIRECTORY_FORBIDDEN),
        "authorized_to_access": (Code.DIRECTORY_FORBIDDEN,),
        "ratelimitexceeded": (Code.RATE_LIMITED,),
        "quotaexceeded": (Code.RATE_LIMITED,),
        "certificate_verify_failed": (Code.TLS_UNTRUSTED,),
        "enospc": (Code.DISK_FULL,),
        "401": (Code.SIGN_IN_EXPIRED, Code.PROVISIONING_TOKEN_REVOKED),
        "403": (Code.NOT_ALLOWED, Code.NOT_A_FULL_ADMIN, Code.DIRECTORY_FORBIDDEN),
        "404": (Code.NOT_FOUND_AT_SERVICE,),
        "407": (Code.PROXY_SIGN_IN_NEEDED,),
        "409": (Code.NOT_THE_SYNCER, Code.ADDRESS_TAKEN),
        "412": (Code.SETTINGS_CHANGED,),
        "429": (Code.RATE_LIMITED,),
        "500": (Code.SERVICE_UNAVAILABLE,),
        "502": (Code.SERVICE_UNAVAILABLE,),
        "503": (Code.SERVICE_UNAVAILABLE,),
        "504": (Code.TIMED_OUT, Code.SERVICE_UNAVAILABLE),
    }
)
"""What pages and logs of others say, and what it is here; the likeliest first."""

_OUTSIDE = {_BETWEEN.sub("-", word): codes for word, codes in OUTSIDE_WORDS.items()}
_NUMBER = re.compile(r"(?<![\d.:\-])(\d{3})(?![\d.:%\-])")
_COMMON = frozenset({Code.CANCELLED, Code.OFFLINE, Code.INTERNAL})
"""Codes that are ordinary words: found where they stand alone."""


@dataclass(frozen=True, kw_only=True)
class CodeTopic:
    """A trouble as a help topic: what happened, what to do, who can do it."""

    id: str
    title: str
    answer: str


def code_topic(code: Code) -> CodeTopic:
    """What is said of a code where nothing more is known than the code."""
    words = trouble_words(code)
    parts = [
        t("**What happened.** {words}", words=words.happened),
        t("**What to do.** {words}", words=words.to_do),
        t("**Who can do it.** {words}", words=who_words(TABLE[code].who)),
    ]
    if words.safe:
        parts.append(t("**Nothing is lost.** {words}", words=words.safe))
    parts.append(t("The code is {code}.", code=code.value))
    return CodeTopic(id=f"{_PREFIX}{code.value}", title=words.title, answer="\n\n".join(parts))


def code_of_topic(topic_id: str) -> Code | None:
    """The code that a topic made by `code_topic` is about."""
    name = topic_id.removeprefix(_PREFIX)
    return Code(name) if name != topic_id and name in set(Code) else None


def codes_in(text: str) -> tuple[Code, ...]:
    """The codes that a text names: by name, by what others call them, or by a title.

    Names may be spelled `guard-stopped`, `GUARD_STOPPED` or “guard stopped”; in a longer text,
    such as a log line, only whole names count. The likeliest first.
    """
    parts = [part for part in re.findall(r"[A-Za-z0-9]+", text.casefold()) if part]
    found: dict[Code, None] = {}
    _by_name(parts, found, text)
    for size in range(_LONGEST_NAME, 0, -1):
        for at in range(len(parts) - size + 1):
            for code in _OUTSIDE.get("-".join(parts[at : at + size]), ()):
                if size > 1 or not parts[at].isdigit() or _stands_alone(parts[at], text):
                    found.setdefault(code)
    for code in _by_title(text):
        found.setdefault(code)
    return tuple(found)


def _by_name(parts: list[str], found: dict[Code, None], text: str) -> None:
    """Names of codes among the words, a longer name before a shorter one within it."""
    names = {code.value: code for code in Code}
    at = 0
    while at < len(parts):
        for size in range(min(_LONGEST_NAME, len(parts) - at), 0, -1):
            code = names.get("-".join(parts[at : at + size]))
            if code is not None and (code not in _COMMON or _is_a_mark(code, parts, text)):
                found.setdefault(code)
                at += size - 1
                break
        at += 1


def _is_a_mark(code: Code, parts: list[str], text: str) -> bool:
    """Whether an ordinary word is meant as a code: alone, or behind `code=` and the like."""
    if len(parts) == 1:
        return True
    return bool(
        re.search(rf"(?:code|trouble|stopped|ended)\W{{1,6}}{code.value}\b", text, re.IGNORECASE)
    )


def _stands_alone(number: str, text: str) -> bool:
    """A number that is no part of a time, an address or a count."""
    return number in _NUMBER.findall(text)


def _by_title(text: str) -> tuple[Code, ...]:
    """Codes whose title is in the text, or that has all its words, small misspellings included."""
    said = plain(text).replace("’", "'")
    whole = [code for code in Code if _title(code) in said]
    if whole:
        return tuple(whole)
    query = Query(text)
    if query.terms < 2:
        return ()
    fitting = [
        code for code in Code if len(found_in(Words(_title(code)), query).terms) == query.terms
    ]
    return tuple(fitting[:3])


def _title(code: Code) -> str:
    return plain(trouble_words(code).title).replace("’", "'")
