"""Why somebody is here or isn't, told from what this computer knows and never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from wizard.content.search import plain
from wizard.core.cancel import Cancel
from wizard.core.clock import from_text
from wizard.core.people import Answered, Explanation, MemberRow, MembersFound
from wizard.core.runs import RunOutcome, RunReport
from wizard.core.settings import ProvisioningSettings
from wizard.services.people_list import bring_up_to_date, find, matches, rows
from wizard.services.people_story import Signers, tell_story
from wizard.store.database import Database
from wizard.store.statements import Reading
from wizard.sync.runs import last_report

__all__ = ["CHOICES", "explain", "keeper_in"]

CHOICES = 8
"""So many people are offered where more than one fits."""
_NEAR = 5
_NEAR_LOOKED_AT = 400
_PARTS = re.compile(r"[\w’'-]+")

_BY_ADDRESS = """
SELECT id FROM snap_user WHERE address_key = :key
UNION SELECT user_id FROM link WHERE address_key = :key
UNION SELECT user_id FROM verdict WHERE address_key = :key
UNION SELECT id FROM snap_user WHERE aliases <> ''
    AND instr(' ' || fold(aliases) || ' ', ' ' || :key || ' ')
UNION SELECT id FROM snap_user WHERE id = :query
UNION SELECT user_id FROM link WHERE user_id = :query OR account_id = :query
LIMIT 20
"""


def explain(
    database: Database,
    query: str,
    settings: ProvisioningSettings | None,
    signers: Signers,
    keeper: str,
    cancel: Cancel,
) -> Explanation:
    """Look for somebody by address, id or name; see `Explanation`.

    An exact address wins over names. `keeper` is the computer that is known to keep this unit in
    step in place of this one.
    """
    words = query.strip()
    report = last_report(database)
    keeper = keeper or _keeper(report)
    view = bring_up_to_date(database, cancel)
    answered, user_id, found = Answered.NOBODY, "", MembersFound(rows=(), more=False)
    if view.read_at is None and view.total == 0:
        answered = Answered.NOT_READ
    elif words:
        user_id, found = _look(database, words)
        if user_id:
            answered = Answered.PERSON
        elif found.rows:
            answered = Answered.SEVERAL
    with database.read() as reading:
        person = tell_story(reading, user_id, settings, signers) if user_id else None
        last_run = _last_run(reading)
    more = 0
    if answered is Answered.SEVERAL:
        shown = len(found.rows)
        more = len(matches(database, frozenset(), words)) - shown if found.more else 0
    return Explanation(
        query=words,
        answered=answered,
        person=person,
        choices=found.rows if answered is Answered.SEVERAL else (),
        more_choices=max(0, more),
        near=_near(database, words) if answered is Answered.NOBODY and words else (),
        read_at=view.read_at,
        last_run_at=last_run,
        interval_minutes=settings.interval_minutes if settings is not None else None,
        enabled=settings.enabled if settings is not None else None,
        keeper=keeper,
    )


def _look(database: Database, words: str) -> tuple[str, MembersFound]:
    """The one person meant, or those who fit."""
    with database.read() as reading:
        ids = list(reading.values(str, _BY_ADDRESS, {"key": words.casefold(), "query": words}))
    nobody = MembersFound(rows=(), more=False)
    if len(ids) == 1:
        return ids[0], nobody
    if ids:
        return "", MembersFound(rows=tuple(_rows_of(database, ids)), more=False)
    found = find(database, frozenset(), words, CHOICES)
    if len(found.rows) == 1 and not found.more:
        return found.rows[0].user_id, nobody
    named = [row for row in found.rows if plain(row.name) == plain(words)]
    if len(named) == 1 and not found.more:
        return named[0].user_id, nobody
    return "", found


def _rows_of(database: Database, ids: Sequence[str]) -> Sequence[MemberRow]:
    with database.read() as reading:
        marks = ", ".join("?" * len(ids))
        places = list(
            reading.values(
                int,
                f"SELECT place FROM person WHERE user_id IN ({marks}) ORDER BY place",  # noqa: S608 - question marks alone
                tuple(ids),
            )
        )
    return rows(database, places)


def _near(database: Database, words: str) -> tuple[MemberRow, ...]:
    """Those with a name or address much alike: who share the most beginnings of its parts."""
    local = words.partition("@")[0]
    parts = [part for part in _PARTS.findall(plain(local).replace(".", " ")) if len(part) >= 3]
    best: dict[str, tuple[int, MemberRow]] = {}
    for part in parts:
        start = part if len(part) <= 4 else part[: max(4, len(part) - 2)]
        for row in find(database, frozenset(), start, _NEAR_LOOKED_AT).rows:
            said, _ = best.get(row.user_id, (0, row))
            best[row.user_id] = (said + len(start), row)
    ranked = sorted(best.values(), key=lambda one: (-one[0], one[1].place))
    return tuple(row for _, row in ranked[:_NEAR])


def _keeper(report: RunReport | None) -> str:
    """Who keeps the unit in step, where the last run from here was turned away."""
    if report is None or report.outcome is not RunOutcome.NOT_THE_SYNCER:
        return ""
    return keeper_in(dict(report.trouble_facts))


def keeper_in(facts: Mapping[str, str]) -> str:
    """The computer that these facts of `NOT_THE_SYNCER` name.

    Without a holder, `host` is the service's own.
    """
    return facts.get("host", "") if "person" in facts else ""


def _last_run(reading: Reading) -> datetime | None:
    text = next(
        reading.values(
            str,
            "SELECT finished_at FROM run WHERE NOT preview AND finished_at IS NOT NULL"
            " AND generation > 0 ORDER BY started_at DESC LIMIT 1",
        ),
        None,
    )
    return from_text(text) if text is not None else None
