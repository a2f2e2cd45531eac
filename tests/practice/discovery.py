"""Google's own description of its Directory API, as a judge of the stand-in's answers."""

from __future__ import annotations

import importlib.util
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

Json = dict[str, Any]


def _described() -> Json:
    found = importlib.util.find_spec("googleapiclient")
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent / "discovery_cache" / "documents"
    described: Json = json.loads((folder / "admin.directory_v1.json").read_text())
    return described


def _translated(node: object) -> object:
    """Discovery's schema language as JSON Schema; members that it does not name are refused."""
    if isinstance(node, list):
        return [_translated(one) for one in node]
    if not isinstance(node, dict):
        return node
    made: Json = {}
    for name, value in node.items():
        if name == "$ref":
            made[name] = f"#/$defs/{value}"
        elif name == "type" and value == "any":
            continue
        elif name == "properties":
            made[name] = {key: _translated(inner) for key, inner in value.items()}
        elif name in {"type", "items", "enum", "pattern", "additionalProperties", "required"}:
            made[name] = _translated(value) if name in {"items", "additionalProperties"} else value
        elif name == "id" and isinstance(value, str):
            continue
    if "properties" in made and "additionalProperties" not in made:
        made["additionalProperties"] = False
    return made


@cache
def _judge(schema: str) -> Draft202012Validator:
    translated = {name: _translated(one) for name, one in _described()["schemas"].items()}
    return Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": translated})


def objections(schema: str, page: object) -> list[str]:
    """What Google's description of this schema has against an answer."""
    return [f"{one.json_path}: {one.message}" for one in _judge(schema).iter_errors(page)]


_SCHEMAS = (
    (r"/users", "Users"),
    (r"/users/[^/]+", "User"),
    (r"/groups", "Groups"),
    (r"/groups/[^/]+/members", "Members"),
    (r"/customer/[^/]+/orgunits", "OrgUnits"),
    (r"/customer/[^/]+/domains", "Domains2"),
    (r"/customers/[^/]+", "Customer"),
)
_BASE = "/admin/directory/v1"


def judge_answer(path: str, status: int, body: bytes) -> None:
    """Hold an answer of the Directory API, whoever asked, against Google's description.

    Where `GOOGLE_PAGES_JUDGED` names a file, each judged page is noted there by its schema.
    """
    if status != 200 or not path.startswith(_BASE):
        return
    rest = path.removeprefix(_BASE)
    schema = next((name for form, name in _SCHEMAS if re.fullmatch(form, rest)), "")
    assert schema, f"nobody knows what {path} answers with"
    assert objections(schema, json.loads(body)) == []
    if noted := os.environ.get("GOOGLE_PAGES_JUDGED"):
        with Path(noted).open("a", encoding="utf-8") as file:
            file.write(f"{schema}\n")


@cache
def parameters(resource: str, method: str) -> frozenset[str]:
    """The parameters that a method takes, with those that every method takes."""
    described = _described()
    own = described["resources"][resource]["methods"][method]["parameters"]
    return frozenset(own) | frozenset(described["parameters"])
