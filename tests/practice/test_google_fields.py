"""What is asked of Google exists in Google's own description of its API."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from wizard.providers.google import wire
from wizard.providers.google.permissions import DIRECTORY_SCOPES


@cache
def discovery() -> Any:  # noqa: ANN401 - a document of Google's
    folder = files("googleapiclient").joinpath("discovery_cache", "documents")
    return json.loads(folder.joinpath("admin.directory_v1.json").read_text("utf-8"))


def asked(mask: str) -> list[tuple[str, ...]]:
    """The paths of fields in a mask, such as ('users', 'name', 'givenName')."""
    paths: list[tuple[str, ...]] = []
    above: list[str] = []
    for name, sign in re.findall(r"(\w*)([,()]|$)", mask):
        if name:
            paths.append((*above, name))
        if sign == "(":
            above.append(name)
        elif sign == ")":
            above.pop()
    return paths


def has(schema: str, path: tuple[str, ...]) -> bool:
    field = discovery()["schemas"][schema]["properties"].get(path[0])
    if field is None:
        return False
    inner = field.get("items", field)
    if len(path) == 1:
        return True
    # The description calls a user's name "any"; its shape stands in a schema of its own.
    name = inner.get("$ref") or {"name": "UserName"}.get(path[0], "")
    return has(name, path[1:])


@pytest.mark.parametrize(
    ("schema", "mask"),
    [
        ("User", wire.USER_FIELDS),
        ("Users", wire.USERS_FIELDS),
        ("Users", wire.IDS_FIELDS),
        ("Users", wire.CUSTOMER_FIELDS),
        ("Groups", wire.GROUPS_FIELDS),
        ("Members", wire.MEMBERS_FIELDS),
        ("OrgUnits", wire.UNITS_FIELDS),
        ("Domains2", wire.DOMAINS_FIELDS),
    ],
)
def test_every_field_that_is_asked_for_exists(schema: str, mask: str) -> None:
    paths = asked(mask)
    assert len(paths) == len(re.findall(r"\w+", mask))
    assert [path for path in paths if not has(schema, path)] == []


def test_every_scope_that_is_asked_for_exists() -> None:
    assert set(discovery()["auth"]["oauth2"]["scopes"]) >= DIRECTORY_SCOPES


@pytest.mark.parametrize(
    ("resource", "method", "most"),
    [("users", "list", 500), ("groups", "list", 200), ("members", "list", 200)],
)
def test_no_page_is_asked_for_that_is_larger_than_allowed(
    resource: str, method: str, most: int
) -> None:
    parameters = discovery()["resources"][resource]["methods"][method]["parameters"]
    limit = parameters["maxResults"].get("maximum")
    assert limit is None or int(limit) >= most
