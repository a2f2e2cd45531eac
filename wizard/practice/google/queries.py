"""The `query` parameter of users.list and groups.list, as SQL with parameters."""

from __future__ import annotations

import re

from wizard.practice.google.errors import invalid_input

__all__ = ["group_clause", "user_clause"]

_CLAUSE = re.compile(
    r"\s*(?P<field>[A-Za-z]+)(?P<sign>[=:])(?P<value>'(?:[^'\\]|\\.)*'|\"[^\"]*\"|[^\s'\"]+)"
)
_USER_TEXT = {
    "email": "address_key",
    "givenname": "given",
    "familyname": "family",
    "name": "given || ' ' || family",
}
_USER_FLAGS = {
    "issuspended": "suspended",
    "isarchived": "archived",
    "isadmin": "admin",
    "isdelegatedadmin": "delegated",
}
_GROUP_TEXT = {"email": "email", "name": "name"}


def _clauses(text: str) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        clause = _CLAUSE.match(text, position)
        if clause is None:
            raise invalid_input("query")
        value = clause.group("value")
        if value[0] in "'\"":
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        found.append((clause.group("field").lower(), clause.group("sign"), value))
        position = clause.end()
    return found


def _text(column: str, sign: str, value: str) -> tuple[str, list[object]]:
    """`=` compares whole, `:` finds a part, `:…*` a beginning; none looks at case."""
    low = value.lower()
    if sign == "=":
        return f"lower({column}) = ?", [low]
    if low.endswith("*"):
        begin = low[:-1]
        return f"substr(lower({column}), 1, ?) = ?", [len(begin), begin]
    return f"instr(lower({column}), ?) > 0", [low]


def _joined(parts: list[tuple[str, list[object]]]) -> tuple[str, list[object]]:
    values = [value for _, given in parts for value in given]
    return " AND ".join(sql for sql, _ in parts), values


def user_clause(text: str) -> tuple[str, list[object]]:
    """SQL over the columns of people; the answer 400 when the query cannot be read."""
    parts: list[tuple[str, list[object]]] = []
    for field, sign, value in _clauses(text):
        if field in _USER_TEXT:
            parts.append(_text(_USER_TEXT[field], sign, value))
        elif field in _USER_FLAGS and value.lower() in {"true", "false"}:
            parts.append((f"{_USER_FLAGS[field]} = ?", [value.lower() == "true"]))
        elif field == "orgunitpath":
            # A unit stands for everybody in it and below it.
            parts.append(
                (
                    "unit IN (SELECT number FROM units WHERE path = ? OR substr(path, 1, ?) = ?)",
                    [value, len(value.rstrip("/")) + 1, value.rstrip("/") + "/"],
                )
            )
        else:
            raise invalid_input("query")
    return _joined(parts) if parts else ("1", [])


def group_clause(text: str) -> tuple[str, list[object]]:
    """SQL over the columns of groups; the answer 400 when the query cannot be read."""
    parts: list[tuple[str, list[object]]] = []
    for field, sign, value in _clauses(text):
        if field not in _GROUP_TEXT:
            raise invalid_input("query")
        parts.append(_text(_GROUP_TEXT[field], sign, value))
    return _joined(parts) if parts else ("1", [])
