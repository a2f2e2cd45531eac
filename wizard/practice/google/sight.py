"""Whom the Google stand-in shows: an admin of a part sees that part, and a list may miss people."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from wizard.practice.google.store import DirectoryStore
from wizard.practice.google.tokens import Caller

__all__ = ["Sight"]


@dataclass(kw_only=True)
class Sight:
    """What is out of sight.

    Delegated admins see the people of the unit `below` and of those under it ('' for all units).
    The ids in `hidden` are missing from every list, for everybody, and are found by id.
    """

    below: str = ""
    hidden: frozenset[str] = frozenset()

    def clear(self) -> None:
        """Everybody is seen again."""
        self.below, self.hidden = "", frozenset()

    def narrow(self, caller: Caller, where: str, values: list[object]) -> tuple[str, list[object]]:
        """The condition of a list of people, as far as this caller sees them."""
        if self._sees_a_part(caller):
            below = self.below.rstrip("/") + "/"
            where += (
                " AND unit IN (SELECT number FROM units WHERE customer = people.customer"
                " AND (path = ? OR substr(path, 1, ?) = ?))"
            )
            values = [*values, self.below, len(below), below]
        if self.hidden:
            where += " AND id NOT IN (SELECT value FROM json_each(?))"
            values = [*values, json.dumps(sorted(self.hidden))]
        return where, values

    def shows(self, store: DirectoryStore, caller: Caller, row: sqlite3.Row) -> bool:
        """Whether the caller may see this person's entry; one's own always."""
        if not self._sees_a_part(caller) or row["id"] == caller.row["id"]:
            return True
        where, values = self.narrow(caller, "id = ?", [row["id"]])
        # The condition is put together from fixed words; ids and paths are parameters.
        return store.maybe(f"SELECT 1 FROM people WHERE {where}", *values) is not None  # noqa: S608

    def _sees_a_part(self, caller: Caller) -> bool:
        return bool(self.below) and not caller.row["admin"]
