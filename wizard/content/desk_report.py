"""The helpdesk report: one page, read without a network, that says why somebody isn't here.

The rows and answers may come from a directory that anybody can write their name into, so all of it
is escaped and on one line; the page loads nothing, and its one script is the one we wrote.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from types import MappingProxyType

from wizard.content.moments import dated, day, since
from wizard.content.people import STANDINGS
from wizard.content.person_reasons import (
    LineState,
    answer_verdict,
    next_words,
    reason_lines,
    to_do_words,
    who_words,
)
from wizard.content.text import N_, Message, language, t, tn
from wizard.core.people import Answered, Explanation, Standing
from wizard.core.resources import resource

__all__ = [
    "ADDRESS",
    "GROUPS",
    "WHO",
    "DeskFacts",
    "DeskRow",
    "answer_html",
    "before_answers",
    "foot",
    "group_foot",
    "group_head",
    "head",
    "row_html",
    "until_words",
]

WHO, ADDRESS = "\ufffc", "\u2bd1"
"""In an answer: whoever it is about, and their address. Many people share one answer."""
GROUPS: Mapping[Standing, Message] = MappingProxyType(
    {
        Standing.TO_DECIDE: N_("Somebody has to decide"),
        Standing.LEAVING: N_("Leaving"),
        Standing.WAITING: N_("Waiting for an account"),
        Standing.NO_ACCOUNT: N_("Without an account"),
        Standing.ENDED: N_("Deactivated"),
        Standing.NEW: N_("New in the last 7 days"),
        Standing.ACTIVE: N_("With an account"),
    }
)
"""The tables of the page, in the order in which people ask about them."""
_MARKS = {
    LineState.YES: ("yes", "✓"),
    LineState.NO: ("no", "✗"),
    LineState.WARN: ("look", "!"),
    LineState.NONE: ("", "·"),
}
_AT_START = re.compile(rf"(^|[.!?] ){WHO}")


@dataclass(frozen=True, kw_only=True)
class DeskFacts:
    """What stands around the people. `salt` is '' where people are named, else hexadecimal.

    `tone` is how the health sentence is drawn: good, quiet, warn or bad. `stale_minutes`: older
    than that, the page says so. `last_run` is None where none came to its end.
    """

    organization: str
    service: str
    host: str
    made_at: datetime
    title: str
    reason: str
    tone: str
    counts: Mapping[Standing, int]
    read_at: datetime | None
    last_run: datetime | None
    stale_minutes: int
    version: str
    salt: str = ""
    rounds: int = 0
    practice: bool = False
    workspace: str = "Google"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskRow:
    """One person. `until` is the day on which a leaver's account ends; `hashes` of all addresses.

    `why` is the reason in half a sentence, '' where the answer says it best.

    `others` are further addresses by which somebody may be looked for, `account_address` the
    account's where it is another one.
    """

    number: int
    answer: int
    name: str
    address: str
    unit: str
    until: str
    why: str = ""
    others: str = ""
    account_address: str = ""
    hashes: tuple[str, ...] = ()


def _clean(words: str) -> str:
    """Words of somebody else on one line: a control character shows as a space."""
    if words.isprintable() and "  " not in words:
        return words.strip()
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _own(words: str) -> str:
    """Escaped, and apart from the direction in which the words around it run."""
    return f"<bdi>{escape(_clean(words))}</bdi>"


def _about(words: str) -> str:
    """An answer's sentence as HTML, with places for name and address."""
    first, later = escape(t("This person")), escape(t("this person"))
    told = escape(_clean(words))
    told = _AT_START.sub(rf'\g<1><span class="w">{first}</span>', told)
    told = told.replace(WHO, f'<span class="w">{later}</span>')
    return told.replace(ADDRESS, f'<span class="m">{escape(t("this address"))}</span>')


# ------------------------------------------------------------------ the page


def head(facts: DeskFacts) -> str:
    """Everything above the tables."""
    style, script = _resource("report.css"), _resource("report.js")
    policy = (
        f"default-src 'none'; style-src 'sha256-{_digest(style)}'; "
        f"script-src 'sha256-{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )
    title = t("Why isn’t somebody here?")
    data = (
        f'data-made="{facts.made_at.isoformat()}" data-stale="{facts.stale_minutes}" '
        f'data-salt="{escape(facts.salt)}" data-rounds="{facts.rounds}"'
    )
    practice = (
        f'<p class="practice">{escape(t("Practice: nothing of this is real."))}</p>\n'
        if facts.practice
        else ""
    )
    with dated():
        made = since(facts.made_at, facts.made_at)
    organization = escape(_clean(facts.organization))
    return (
        f'<!doctype html>\n<html lang="{escape(language())}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)} · {organization}</title>\n<style>{style}</style>\n</head>\n"
        f'<body {data}>\n<header>\n{practice}<p class="kind">{organization}</p>\n'
        f"<h1>{escape(title)}</h1>\n"
        f"<p>{escape(t('Made {when} on {computer}.', when=made, computer=_clean(facts.host)))} "
        f"{escape(_privacy(facts))}</p>\n"
        f'<div class="health old" id="old" hidden><p class="title">'
        f"{escape(t('This page is old'))}</p><p>"
        f"{escape(t('Newer syncs may have changed this. Ask for a newer one.'))}</p></div>\n"
        f'<div class="health {escape(facts.tone)}"><p class="title">{escape(_clean(facts.title))}'
        f"</p>\n<p>{escape(_clean(facts.reason))}</p></div>\n</header>\n<main>\n"
        f"{_ask(facts)}{_counts(facts)}"
        f'<div id="everybody">\n'
    )


def _privacy(facts: DeskFacts) -> str:
    if facts.salt:
        return t(
            "It holds no name and no address. Type somebody’s whole address to see what is known."
        )
    return t("It names people: keep it where only your helpdesk can read it.")


def _ask(facts: DeskFacts) -> str:
    label = t("Whole address") if facts.salt else t("Name or address")
    said = {
        "whole": t("Type the whole address, as in name@company.example."),
        "more": t("{count} people fit; the first {shown} are shown. Type more of it."),
    }
    words = "".join(
        f'<span id="w-{name}" hidden>{escape(one)}</span>' for name, one in said.items()
    )
    nobody = _nobody("address", f"{ADDRESS}@", facts) + _nobody("name", ADDRESS, facts)
    return (
        f'<div id="ask" hidden>\n<label for="ask-for">{escape(label)}</label>\n'
        '<input id="ask-for" type="search" autocomplete="off" spellcheck="false" autofocus>\n'
        f'<p id="told" role="status"></p>\n{words}\n'
        f'<div id="found" aria-live="polite"></div>\n'
        f"{nobody}</div>\n"
    )


def _nobody(kind: str, query: str, facts: DeskFacts) -> str:
    """What is said where an address, or a name, fits nobody."""
    told = Explanation(query=query, answered=Answered.NOBODY, read_at=facts.read_at)
    with dated():
        answer = _answer(told, facts).replace("</span>@", "</span>")
    return f'<template id="nobody-{kind}"><article>{answer}</article></template>\n'


def _counts(facts: DeskFacts) -> str:
    links = "".join(
        f'<li><a href="#{standing.value}">{escape(t(words))} {facts.counts[standing]:,}</a></li>'
        for standing, words in GROUPS.items()
        if facts.counts.get(standing)
    )
    told = []
    with dated():
        if facts.read_at is not None:
            read = since(facts.read_at, facts.made_at)
            told.append(t("{workspace} was read {moment}.", workspace=facts.workspace, moment=read))
        if facts.last_run is not None:
            ran = since(facts.last_run, facts.made_at)
            told.append(t("The last good sync was {moment}.", moment=ran))
    everybody = sum(facts.counts.values())
    told.append(tn("{count} person is known.", "{count} people are known.", everybody))
    return f"<nav><ul>{links}</ul></nav>\n<p>{escape(' '.join(told))}</p>\n"


def group_head(standing: Standing, facts: DeskFacts) -> str:
    """The head of one table."""
    columns = (t("Account"), "") if facts.salt else (t("Person"), t("Address"), t("Unit"), "")
    if standing is Standing.LEAVING:
        columns = (*columns[:-1], t("Account ends"), columns[-1])
    heads = "".join(f'<th scope="col">{escape(one or t("Why"))}</th>' for one in columns)
    title = f"{t(GROUPS[standing])} ({facts.counts.get(standing, 0):,})"
    return (
        f'<section class="group"><h2 id="{standing.value}">{escape(title)}</h2>\n'
        f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
    )


def group_foot() -> str:
    """The end of one table."""
    return "</tbody>\n</table></section>\n"


def row_html(row: DeskRow, standing: Standing, facts: DeskFacts) -> str:
    """One person as a row, with the way to the answer."""
    until = f"<td>{escape(row.until or '–')}</td>" if standing is Standing.LEAVING else ""
    why = f'<td><a href="#a{row.answer}">{escape(_clean(row.why) or t("Why"))}</a></td></tr>\n'
    if facts.salt:
        hashes = " ".join(row.hashes)
        word = escape(t(STANDINGS[standing]))
        return f'<tr id="p{row.number}" data-h="{hashes}"><td>{word}</td>{until}{why}'
    others = f' data-k="{escape(_clean(row.others))}"' if row.others else ""
    account = f' data-m="{escape(_clean(row.account_address))}"' if row.account_address else ""
    return (
        f'<tr id="p{row.number}"{others}{account}><td>{_own(row.name)}</td>'
        f"<td>{_own(row.address)}</td><td>{_own(row.unit)}</td>{until}{why}"
    )


def answer_html(told: Explanation, number: int, facts: DeskFacts) -> str:
    """One answer, which everybody shares of whom the same is to be said."""
    with dated():
        return f'<article id="a{number}">{_answer(told, facts)}</article>\n'


def _answer(told: Explanation, facts: DeskFacts) -> str:
    now, workspace = facts.made_at, facts.workspace
    said = answer_verdict(told, now, workspace=workspace)
    parts = [f'<p class="says">{_about(said.headline)}</p>']
    if said.sentence:
        parts.append(f"<p>{_about(said.sentence)}</p>")
    if told.person is not None:
        lines = "".join(
            f'<li class="{_MARKS[line.state][0]}"><i>{_MARKS[line.state][1]}</i>'
            f"<b>{_about(line.title)}</b> {_about(line.sentence)}</li>"
            for line in reason_lines(told.person, now, workspace=workspace)
        )
        parts.append(f"<ul>{lines}</ul>")
    todo = to_do_words(told, now, workspace=workspace)
    if todo is not None:
        parts.append(
            f"<p><b>{escape(t('What to do'))}:</b> {_about(todo[0])} {escape(who_words(todo[1]))}"
            "</p>"
        )
    coming = next_words(told, now)
    if coming:
        parts.append(f"<p>{_about(coming)}</p>")
    return "".join(parts)


def until_words(ends_at: datetime | None, now: datetime) -> str:
    """The day on which a leaver's account ends, '' where none is known."""
    return day(ends_at, now) if ends_at is not None else ""


def before_answers() -> str:
    """The head of the answers, which come after the last table."""
    return f'</div>\n<section id="answers"><h2>{escape(t("The answers"))}</h2>\n'


def foot(facts: DeskFacts) -> str:
    """Everything below the answers."""
    made = t(
        "Made by Enterprise Connect Setup {version}. This page loads nothing and changes nothing.",
        version=facts.version,
    )
    return (
        f"</section>\n</main>\n<footer>{_limits(facts)}<p>{escape(made)}</p>"
        f"</footer>\n{script_html()}</body>\n</html>\n"
    )


def script_html() -> str:
    """The page's one script."""
    return f"<script>{_resource('report.js')}</script>\n"


def _limits(facts: DeskFacts) -> str:
    if not facts.salt:
        return ""
    told = (
        t("Addresses are in this page as salted hashes alone, so nobody can read who is here."),
        t("Whoever guesses an address can ask for it, so keep the page within your helpdesk."),
        t("Names of units and groups, days and numbers are told as they are."),
    )
    return f"<p>{escape(' '.join(told))}</p>"


def _resource(name: str) -> str:
    return resource("report", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
