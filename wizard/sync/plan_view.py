"""Looking at a stored plan: windows of rows, counts, problems, and the plan as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

import msgspec

from wizard.content.search import wanted_words
from wizard.core.runs import PersonPlan, PlanCounts, PlanKind, Reason
from wizard.core.tables import write_rows
from wizard.core.trouble import Code
from wizard.store.database import Database
from wizard.store.statements import Cell
from wizard.sync.parts import Held, PlanSummary
from wizard.sync.runs import plan_counts

__all__ = [
    "Named",
    "RunProblem",
    "counts",
    "held_of",
    "plan_rows",
    "problems",
    "stored_summary",
    "write_csv",
]

Named = Callable[[str], Iterable[Reason]]
"""The reasons that a person may mean by a word, in the language that they read."""
_CODE_OF = {
    Reason.CLAIMED_TWICE: Code.ADDRESS_CLAIMED_TWICE,
    Reason.ACCOUNT_CLAIMED: Code.ACCOUNT_CLAIMED,
    Reason.DOMAIN_NOT_VERIFIED: Code.DOMAIN_NOT_VERIFIED,
}

# What somebody looks for first stands first; the same order on every page of the view.
_ORDER = """
CASE kind WHEN 'problem' THEN 0 WHEN 'deactivate' THEN 1 WHEN 'update' THEN 2 WHEN 'adopt' THEN 3
    WHEN 'reactivate' THEN 4 WHEN 'create' THEN 5 WHEN 'skip' THEN 6 ELSE 7 END, search, user_id
"""


_HAS_WORD = """
 AND (instr(search, :word0) OR instr(lower(scope_by), :word0)
    OR CASE WHEN held THEN 'held' ELSE reason END IN (SELECT value FROM json_each(:named0)))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    user_id: str
    external_id: str
    account_id: str
    kind: PlanKind
    reason: Reason
    address: str
    name: str
    old_address: str
    old_name: str
    scope_by: str
    detail: str


_COLUMNS = """
user_id, external_id, account_id, kind, CASE WHEN held THEN 'held' ELSE reason END AS reason,
address, coalesce(nullif(trim(given_name || ' ' || family_name), ''), address) AS name,
old_address, trim(old_given_name || ' ' || old_family_name) AS old_name, scope_by, detail
"""


def plan_rows(
    database: Database,
    run_id: str,
    *,
    kinds: frozenset[PlanKind],
    search: str,
    offset: int,
    limit: int,
    held: bool = False,
    named: Named = lambda _word: (),
) -> tuple[Sequence[PersonPlan], int]:
    """A window of a plan's rows, and how many match in all.

    No kinds: all of them. `held`: only those whom the guard holds. `search` finds parts of name
    and address, however they are spelled in upper and lower case, and the reasons that `named`
    tells for a word; every word of it must be there. A row that the guard holds has the reason
    `HELD`.
    """
    where, values = _filter(run_id, kinds, search, named)
    if held:
        where += " AND held"
    with database.read() as reading:
        total = reading.value(int, f"SELECT count(*) FROM plan_item WHERE {where}", values)  # noqa: S608 - constants of this module
        found = reading.all(
            _Row,
            f"SELECT {_COLUMNS} FROM plan_item WHERE {where}"  # noqa: S608 - same
            f" ORDER BY {_ORDER} LIMIT :limit OFFSET :offset",
            {**values, "limit": limit, "offset": offset},
        )
    return [_plan(row) for row in found], total


def counts(database: Database, run_id: str) -> PlanCounts:
    """How many people a stored plan puts where."""
    with database.read() as reading:
        return plan_counts(reading, run_id)


def stored_summary(database: Database) -> PlanSummary | None:
    """The newest finished preview that is still kept."""
    with database.read() as reading:
        text = next(
            reading.values(
                str,
                "SELECT report FROM run WHERE preview AND undoes = '' AND report IS NOT NULL"
                " ORDER BY started_at DESC, id DESC LIMIT 1",
            ),
            None,
        )
    return None if text is None else msgspec.json.decode(text, type=PlanSummary)


def held_of(database: Database, run_id: str) -> tuple[Held, ...]:
    """What the guard held in a run or preview, and why; () for one that is not known."""
    with database.read() as reading:
        text = next(reading.values(str, "SELECT held FROM run WHERE id = ?", (run_id,)), "[]")
    return msgspec.json.decode(text, type=tuple[Held, ...])


@dataclass(frozen=True, kw_only=True, slots=True)
class RunProblem:
    """One person whom a run could not put right; `detail` is in words, or the service's own."""

    user_id: str
    name: str
    address: str
    code: Code
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Problem:
    user_id: str
    name: str
    address: str
    code: str
    detail: str


_PROBLEMS = """
SELECT user_id, name, address, code, detail FROM (
SELECT user_id, coalesce(nullif(trim(given_name || ' ' || family_name), ''), address) AS name,
    address, code, detail
FROM journal WHERE run_id = :run AND state = 'failed'
UNION ALL
SELECT user_id, coalesce(nullif(trim(given_name || ' ' || family_name), ''), address), address,
    reason, detail
FROM plan_item WHERE run_id = :run AND kind = 'problem'
) ORDER BY address, user_id
"""


def problems(database: Database, run_id: str) -> Sequence[RunProblem]:
    """Whose operation failed, and who could not be matched; those without evidence are skips."""
    with database.read() as reading:
        found = reading.all(_Problem, _PROBLEMS, {"run": run_id})
    reasons = {reason.value: code for reason, code in _CODE_OF.items()}
    return [
        RunProblem(
            user_id=row.user_id,
            name=row.name,
            address=row.address,
            code=reasons.get(row.code) or Code(row.code or Code.WRITE_FAILED),
            detail=row.detail,
        )
        for row in found
    ]


def write_csv(
    database: Database,
    run_id: str,
    file: TextIO,
    *,
    heading: Sequence[str],
    words: dict[PlanKind | Reason, str],
    kinds: frozenset[PlanKind] = frozenset(),
    search: str = "",
    named: Named = lambda _word: (),
) -> int:
    """Write a plan as CSV (RFC 4180), in the order and with the filter of `plan_rows`.

    A few rows are in memory at a time; the answer is how many people were written. `heading`
    names the eight columns (person, address, plan, why, before: name and address, in scope by,
    detail); `words` gives kinds and reasons as people read them, their code otherwise. A cell
    that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    where, values = _filter(run_id, kinds, search, named)

    def cells(found: Iterable[_Row]) -> Iterator[Sequence[str]]:
        for row in found:
            yield (
                row.name,
                row.address,
                words.get(row.kind, row.kind.value),
                words.get(row.reason, row.reason.value),
                row.old_name,
                row.old_address,
                row.scope_by,
                row.detail,
            )

    with database.read() as reading:
        found = reading.rows(
            _Row,
            f"SELECT {_COLUMNS} FROM plan_item WHERE {where} ORDER BY {_ORDER}",  # noqa: S608 - constants of this module
            values,
        )
        return write_rows(file, heading, cells(found))


def _filter(
    run_id: str, kinds: frozenset[PlanKind], search: str, named: Named
) -> tuple[str, dict[str, Cell]]:
    where = "run_id = :run"
    values: dict[str, Cell] = {"run": run_id}
    if kinds:
        where += " AND kind IN (SELECT value FROM json_each(:kinds))"
        values["kinds"] = msgspec.json.encode(sorted(kinds)).decode()
    for place, word in enumerate(wanted_words(search.casefold())):
        where += _HAS_WORD.replace("0", str(place))
        values[f"word{place}"] = word
        values[f"named{place}"] = msgspec.json.encode(sorted(named(word))).decode()
    return where, values


def _plan(row: _Row) -> PersonPlan:
    return PersonPlan(
        user_id=row.user_id,
        external_id=row.external_id,
        account_id=row.account_id,
        kind=row.kind,
        reason=row.reason,
        address=row.address,
        name=row.name,
        old_address=row.old_address,
        old_name=row.old_name,
        scope_by=row.scope_by,
        detail=row.detail,
    )
