"""Domains as people type and paste them: made plain, checked, and told from public mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["DomainProblem", "TypedDomain", "domain_of", "is_public_mail", "read_domain"]

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST = 253
"""Characters of a host name (RFC 1035 section 3.1, less the length bytes)."""

_PUBLIC = frozenset(
    {
        "163.com", "126.com", "aol.com", "att.net", "bluewin.ch", "btinternet.com", "comcast.net",
        "duck.com", "fastmail.com", "fastmail.fm", "free.fr", "freenet.de", "gmail.com",
        "googlemail.com", "hey.com", "hushmail.com", "icloud.com", "laposte.net", "libero.it",
        "mac.com", "mail.com", "mail.ru", "mailbox.org", "me.com", "msn.com", "naver.com",
        "orange.fr", "passport.com", "pm.me", "posteo.de", "proton.me", "protonmail.com", "qq.com",
        "rediffmail.com", "rocketmail.com", "seznam.cz", "sky.com", "t-online.de", "telenet.be",
        "tuta.com", "tutanota.com", "verizon.net", "virgilio.it", "wanadoo.fr", "web.de", "wp.pl",
        "ya.ru", "ymail.com", "zoho.com", "zohomail.com",
    }
)  # fmt: skip
"""Where anybody gets an address, and so nobody's own workspace."""

_FAMILIES = frozenset({"gmx", "hotmail", "live", "outlook", "yahoo", "yandex"})
"""Public mail under many endings, such as yahoo.co.uk; see `is_public_mail`."""
_ENDINGS = re.compile(r"com|net|[a-z]{2}|(com?)\.[a-z]{2}")


class DomainProblem(StrEnum):
    """What is wrong with a typed domain; the words are in `wizard.content.workspaces`."""

    EMPTY = "empty"
    NO_ENDING = "no-ending"
    CHARACTERS = "characters"
    TOO_LONG = "too-long"
    PUBLIC = "public"


@dataclass(frozen=True, kw_only=True)
class TypedDomain:
    """A domain in small ASCII letters (IDNA, RFC 3490) and what is wrong with it, if anything."""

    name: str
    problem: DomainProblem | None = None


def domain_of(address: str) -> str:
    """The domain of an email address in small letters; '' where it has none."""
    return address.strip().rpartition("@")[2].casefold() if "@" in address else ""


def is_public_mail(domain: str) -> bool:
    """Whether anybody may have an address there, so that it is no organization's workspace."""
    name = domain.casefold().strip(".")
    first, _, ending = name.partition(".")
    return name in _PUBLIC or (first in _FAMILIES and _ENDINGS.fullmatch(ending) is not None)


def read_domain(typed: str) -> TypedDomain:
    """What a person meant: a web or email address pasted whole is cut to its domain."""
    text = typed.strip().casefold()
    text = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text)
    text = re.split(r"[/?#]", text, maxsplit=1)[0].rpartition("@")[2]
    text = re.sub(r":\d*$", "", text).strip(".").removeprefix("www.")
    try:
        name = text.encode("idna").decode("ascii") if len(text) <= _LONGEST else text
    except UnicodeError:
        return TypedDomain(name=text, problem=DomainProblem.CHARACTERS)
    problem = _problem(name)
    return TypedDomain(
        name=name if problem in {None, DomainProblem.PUBLIC} else text, problem=problem
    )


def _problem(name: str) -> DomainProblem | None:
    """What is wrong with a name in ASCII letters."""
    labels = name.split(".")
    checks = (
        (not name, DomainProblem.EMPTY),
        (len(name) > _LONGEST, DomainProblem.TOO_LONG),
        (len(labels) < 2, DomainProblem.NO_ENDING),
        (not all(_LABEL.fullmatch(label) for label in labels), DomainProblem.CHARACTERS),
        (labels[-1].isdecimal() or len(labels[-1]) < 2, DomainProblem.NO_ENDING),
        (is_public_mail(name), DomainProblem.PUBLIC),
    )
    return next((problem for holds, problem in checks if holds), None)
