"""The proof that the guard is sensible in organizations of 1 to 40 people, as a table."""

from __future__ import annotations

from devtools.proving import Context, Figures, Short
from tests.unit.sync.guard_table import LARGEST, Leaving, Mark, Table, page, run_marks

SAYS = (
    "Organizations of 1 to 40 people and every number of leavers: what the engine does in a run "
    "of its own, written to docs/guard-table.md; one may leave, everybody never, the owner never."
)

_PAGE = "docs/guard-table.md"


def run(context: Context) -> Figures:
    """Ask the engine for every cell, hold the table against common sense, and write it."""
    tables: dict[Leaving, Table] = {}
    for leaving in Leaving:
        context.progress(f"{leaving.value}: 1 to {LARGEST} people …")
        tables[leaving] = {people: run_marks(people, leaving) for people in range(1, LARGEST + 1)}
    cells = "".join(row for table in tables.values() for row in table.values())
    figures: dict[str, object] = {
        "organizations": LARGEST,
        "runs": len(cells),
        **{mark.name.casefold(): cells.count(mark) for mark in Mark},
    }
    senseless = [words for leaving, table in tables.items() for words in _senseless(leaving, table)]
    if senseless:
        raise Short(f"not sensible: {senseless[:5]}", figures)
    target = context.root / _PAGE
    text = page(tables)
    figures["page_was_up_to_date"] = target.exists() and target.read_text("utf-8") == text
    target.write_text(text, encoding="utf-8")
    return figures


def _senseless(leaving: Leaving, table: Table) -> list[str]:
    """What nobody would expect of a table, in words."""
    found = []
    before = 0
    for people, row in sorted(table.items()):
        most = row.rfind(Mark.GOES)
        told = f"{people} people, {leaving.value}"
        if row[0] != Mark.GOES:
            found.append(f"{told}: nobody leaves, and it stops")
        if row[people] == Mark.GOES:
            found.append(f"{told}: everybody leaves, and it goes through")
        if leaving is Leaving.OWNER_FIRST:
            if most:
                found.append(f"{told}: the owner leaves")
            continue
        if people > 1 and row[1] != Mark.GOES:
            found.append(f"{told}: one leaves, and it stops")
        if Mark.GOES in row[most:].lstrip(Mark.GOES):
            found.append(f"{told}: more go through where fewer are stopped")
        if most > 1 and most * 4 >= people:
            found.append(f"{told}: a quarter goes through")
        if most < before:
            found.append(f"{told}: fewer go through than in a smaller organization")
        before = most
    return found
