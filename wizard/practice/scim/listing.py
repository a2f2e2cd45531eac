"""What a listing asks for: which accounts, which page, which attributes (RFC 7644, 3.4.2, 3.9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wizard.practice.scim.describe import MAX_RESULTS
from wizard.practice.scim.errors import ScimType, scim_refuse
from wizard.practice.scim.schema import USER_URN, Attributes

__all__ = ["Question", "asked_by_post", "projected", "question"]

SEARCH_URN = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
_WHOLE = re.compile(r"-?[0-9]{1,12}")


@dataclass(frozen=True, kw_only=True)
class Question:
    """A checked question; attribute names are in lower case and without the schema."""

    filter: str | None
    start: int
    count: int
    only: frozenset[str]
    without: frozenset[str]


def _number(text: str | None, name: str, default: int, least: int) -> int:
    if text is None:
        return default
    if not _WHOLE.fullmatch(text):
        raise scim_refuse(400, ScimType.INVALID_VALUE, f"{name} is a whole number.")
    return max(least, int(text))


def _names(text: str) -> frozenset[str]:
    prefix = f"{USER_URN}:".lower()
    words = {word.strip().lower().removeprefix(prefix) for word in text.split(",")}
    return frozenset(word for word in words if word)


def question(query: Mapping[str, str]) -> Question:
    """The question in a query string; 400 invalidValue."""
    return Question(
        filter=query.get("filter"),
        start=_number(query.get("startIndex"), "startIndex", 1, 1),
        count=min(_number(query.get("count"), "count", MAX_RESULTS, 0), MAX_RESULTS),
        only=_names(query.get("attributes", "")),
        without=_names(query.get("excludedAttributes", "")),
    )


def asked_by_post(body: Attributes) -> Question:
    """The question in a SearchRequest message; 400 invalidSyntax, invalidValue."""
    if body.get("schemas") != [SEARCH_URN]:
        raise scim_refuse(400, ScimType.INVALID_SYNTAX, f"schemas names {SEARCH_URN} alone.")
    query: dict[str, str] = {}
    for name in ("filter", "startIndex", "count"):
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise scim_refuse(400, ScimType.INVALID_VALUE, f"{name} has another type.")
        query[name] = str(value)
    for name in ("attributes", "excludedAttributes"):
        value = body.get(name)
        value = [] if value is None else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise scim_refuse(400, ScimType.INVALID_VALUE, f"{name} is a list of names.")
        query[name] = ",".join(str(one) for one in value)
    return question(query)


def _part(value: object, names: frozenset[str], *, keep: bool) -> object:
    """A complex value with only (or without) the named sub-attributes."""
    if isinstance(value, list):
        return [_part(one, names, keep=keep) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: held for name, held in value.items() if (name.lower() in names) is keep}


def projected(content: Attributes, asked: Question) -> Attributes:
    """The attributes that are asked for (RFC 7644, section 3.9); id and schemas always."""
    if not asked.only and not asked.without:
        return content
    chosen: Attributes = {}
    names = asked.only or asked.without
    for name, value in content.items():
        low = name.lower()
        inner = frozenset(word.partition(".")[2] for word in names if word.startswith(f"{low}."))
        if low in {"id", "schemas"}:
            chosen[name] = value
        elif low in names:
            if asked.only:
                chosen[name] = value
        elif inner:
            chosen[name] = _part(value, inner, keep=bool(asked.only))
        elif not asked.only:
            chosen[name] = value
    return chosen
