"""Words for the checks before a workspace is connected: running, passed, to know, to put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wizard.content.permissions import joined_permissions, permission_words
from wizard.content.text import N_, Message, t, tn
from wizard.content.troubles import trouble_words
from wizard.core.trouble import Code, Fact

__all__ = ["CHECKS", "FindingWords", "check_title", "finding_words", "summary"]

CHECKS: Mapping[str, Message] = MappingProxyType(
    {
        "full-admin": N_("Full admin"),
        "scopes": N_("Permissions"),
        "domain": N_("Domain"),
        "second-domain": N_("Second domain"),
        "customer": N_("Organization"),
        "reachable": N_("Google answers"),
        "clock": N_("Clock"),
        "test-read": N_("Test read"),
    }
)
"""Short names by `FindingId` value, as they stand while a check runs and when it passed."""


@dataclass(frozen=True, kw_only=True)
class FindingWords:
    """A passed check shows `title` and `value`; any other one `title` and `sentence`."""

    title: str
    value: str = ""
    sentence: str = ""


def check_title(check: str) -> str:
    """The short name of a check (a `FindingId` value)."""
    return t(CHECKS[check]) if check in CHECKS else check


def finding_words(
    check: str, state: str, facts: Mapping[str, Fact], code: Code | None = None
) -> FindingWords:
    """The words for one finding: its id, its state (`passed`, `warning`, `failed`), its facts."""
    if state == "passed":
        return FindingWords(title=check_title(check), value=_value(check, facts))
    if check == "scopes":
        return _scopes(str(facts.get("missing", "")), known=state == "warning")
    if check == "second-domain":
        return _second_domain(facts)
    if check == "clock":
        return _clock(facts)
    if check == "domain" and state == "warning":
        return _strange_domain(facts)
    if code is not None:
        words = trouble_words(code, facts)
        return FindingWords(title=words.title, sentence=f"{words.happened} {words.to_do}")
    return FindingWords(title=check_title(check))


def summary(*, failed: int, warnings: int, passed: int) -> str:
    """One line over all findings, such as “1 to put right, 1 to know, 4 passed”."""
    parts = []
    if failed:
        parts.append(tn("{count} to put right", "{count} to put right", failed))
    if warnings:
        parts.append(tn("{count} to know", "{count} to know", warnings))
    parts.append(tn("{count} passed", "{count} passed", passed))
    return ", ".join(parts)


def _value(check: str, facts: Mapping[str, Fact]) -> str:
    if check == "full-admin":
        return str(facts.get("address", "")).partition("@")[0]
    if check == "scopes":
        return t("all allowed")
    if check in {"domain", "second-domain", "customer"}:
        return str(facts.get("domain", ""))
    if check == "reachable":
        proxy = str(facts.get("proxy", ""))
        return t("through {proxy}", proxy=proxy) if proxy else t("no proxy")
    if check == "clock":
        return _off(facts)
    if check == "test-read":
        return tn("{count} person", "{count} people", _number(facts, "people"))
    return ""


def _scopes(missing: str, *, known: bool) -> FindingWords:
    """What was left empty, and what can't work without it; `known`: they went on without."""
    names = joined_permissions(missing)
    if not names:
        words = trouble_words(Code.SCOPES_MISSING)
        return FindingWords(title=words.title, sentence=f"{words.happened} {words.to_do}")
    if "," in missing:
        left = t("On Google’s page the boxes for {names} were left empty.", names=names)
    else:
        left = t("On Google’s page the box for {names} was left empty.", names=names)
    keys = (key.strip() for key in missing.split(","))
    lacks = [lack for key in keys if (lack := permission_words(key).without)]
    cure = t("Sign in again and tick every box.")
    if known:
        cure = t("To change that, authorize again and tick every box.")
    title = t("{names} were not allowed", names=names)
    sentence = ("\n" if len(lacks) > 1 else " ").join([left, *lacks, cure])
    return FindingWords(title=title[:1].upper() + title[1:], sentence=sentence)


def _strange_domain(facts: Mapping[str, Fact]) -> FindingWords:
    named = str(facts.get("named", ""))
    if named:
        return FindingWords(
            title=t("Another domain than the one you named"),
            sentence=t(
                "You named {named}. This directory is {domain}, and {named} is not part of it.",
                named=named,
                domain=str(facts.get("domain", "")),
            ),
        )
    return FindingWords(
        title=t("Another domain than yours"),
        sentence=t(
            "This directory is {domain}. You are signed in as {person}.",
            domain=str(facts.get("domain", "")),
            person=str(facts.get("person", "")),
        ),
    )


def _second_domain(facts: Mapping[str, Fact]) -> FindingWords:
    domain, count = str(facts.get("domain", "")), max(1, _number(facts, "count"))
    if count == 1:
        return FindingWords(
            title=t("You have a second domain"),
            sentence=t(
                "People at {domain} get accounts, too. You can leave them out in the scope.",
                domain=domain,
            ),
        )
    return FindingWords(
        title=tn("You have {count} more domain", "You have {count} more domains", count),
        sentence=t(
            "People at {domain} and your other domains get accounts, too. "
            "You can leave them out in the scope.",
            domain=domain,
        ),
    )


def _clock(facts: Mapping[str, Fact]) -> FindingWords:
    return FindingWords(
        title=t("This computer’s clock is wrong"),
        sentence=t(
            "It is {off}. Sign-ins need the right time: let the system set the clock by itself.",
            off=_off(facts),
        ),
    )


def _off(facts: Mapping[str, Fact]) -> str:
    seconds = _number(facts, "seconds")
    if seconds == 0:
        return t("right")
    if seconds < 120:
        return tn("{count} second off", "{count} seconds off", seconds)
    return tn("{count} minute off", "{count} minutes off", round(seconds / 60))


def _number(facts: Mapping[str, Fact], name: str) -> int:
    value = facts.get(name, 0)
    return int(value) if isinstance(value, int | float) else 0
