"""`/v1`: provisioning settings with versions; the service's copy is the only truth."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wizard.practice.account.database import Database
from wizard.practice.account.gate import Gate
from wizard.practice.account.intake import read_json
from wizard.practice.account.problems import Problem, refuse
from wizard.practice.account.units import UNIT, Address
from wizard.practice.messages import json_answer
from wizard.practice.routing import Router

__all__ = ["Settings", "SettingsPatch", "SettingsStore"]

PATCH_TYPES = frozenset({"application/merge-patch+json", "application/json"})

Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
People = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Minutes = Annotated[int, msgspec.Meta(ge=5, le=1440)]
Days = Annotated[int, msgspec.Meta(ge=0, le=90)]
Ids = Annotated[
    tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=256)], ...],
    msgspec.Meta(max_length=5000),
]
_IN_DOMAIN = r"[^\sA-Z@]"
Domains = Annotated[
    tuple[Annotated[str, msgspec.Meta(max_length=253, pattern=f"^{_IN_DOMAIN}+$")], ...],
    msgspec.Meta(max_length=1000),
]
AddressDomain = Annotated[str, msgspec.Meta(max_length=253, pattern=f"^{_IN_DOMAIN}*$")]
NotActive = Literal["leave-out", "keep-inactive"]
AddressChoice = Literal["primary", "in-domain"]
AddressFallback = Literal["primary", "leave-out"]
Unset = msgspec.UnsetType
_NEEDS_DOMAIN = "in-domain needs an address_domain."


class Limits(msgspec.Struct, frozen=True):
    """What the guard lets through."""

    leave_percent: Percent = 5
    leave_max: People = 500
    change_percent: Percent = 10
    change_min: People = 50


class Scope(msgspec.Struct, frozen=True):
    """Which directory users count."""

    kind: Literal["everyone", "rules"] = "everyone"
    unit_ids: Ids = ()
    group_ids: Ids = ()
    user_ids: Ids = ()
    exclude_unit_ids: Ids = ()
    exclude_group_ids: Ids = ()
    exclude_user_ids: Ids = ()
    domains: Domains = ()
    exclude_domains: Domains = ()
    suspended: NotActive = "leave-out"
    archived: NotActive = "leave-out"


class Settings(msgspec.Struct, frozen=True):
    """Everything that can be set, with its defaults."""

    enabled: bool = False
    interval_minutes: Minutes = 30
    leavers: Literal["deactivate", "keep"] = "deactivate"
    grace_days: Days = 7
    limits: Limits = Limits()
    scope: Scope = Scope()
    address: AddressChoice = "primary"
    address_domain: AddressDomain = ""
    address_otherwise: AddressFallback = "primary"
    protected: tuple[str, ...] = ()


class LimitsPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Some of the limits."""

    leave_percent: Percent | Unset = msgspec.UNSET
    leave_max: People | Unset = msgspec.UNSET
    change_percent: Percent | Unset = msgspec.UNSET
    change_min: People | Unset = msgspec.UNSET


class ScopePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Some of the scope."""

    kind: Literal["everyone", "rules"] | Unset = msgspec.UNSET
    unit_ids: Ids | Unset = msgspec.UNSET
    group_ids: Ids | Unset = msgspec.UNSET
    user_ids: Ids | Unset = msgspec.UNSET
    exclude_unit_ids: Ids | Unset = msgspec.UNSET
    exclude_group_ids: Ids | Unset = msgspec.UNSET
    exclude_user_ids: Ids | Unset = msgspec.UNSET
    domains: Domains | Unset = msgspec.UNSET
    exclude_domains: Domains | Unset = msgspec.UNSET
    suspended: NotActive | Unset = msgspec.UNSET
    archived: NotActive | Unset = msgspec.UNSET


class SettingsPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Body of PATCH settings: what is left out stays."""

    enabled: bool | Unset = msgspec.UNSET
    interval_minutes: Minutes | Unset = msgspec.UNSET
    leavers: Literal["deactivate", "keep"] | Unset = msgspec.UNSET
    grace_days: Days | Unset = msgspec.UNSET
    limits: LimitsPatch | Unset = msgspec.UNSET
    scope: ScopePatch | Unset = msgspec.UNSET
    address: AddressChoice | Unset = msgspec.UNSET
    address_domain: AddressDomain | Unset = msgspec.UNSET
    address_otherwise: AddressFallback | Unset = msgspec.UNSET
    protected: Annotated[tuple[Address, ...], msgspec.Meta(max_length=1000)] | Unset = msgspec.UNSET


def _given(patch: msgspec.Struct) -> dict[str, object]:
    return {
        name: value
        for name in patch.__struct_fields__
        if (value := getattr(patch, name)) is not msgspec.UNSET
    }


def merged(settings: Settings, patch: SettingsPatch) -> Settings:
    """The settings with the patch applied (RFC 7396)."""
    changes = _given(patch)
    if isinstance(patch.limits, LimitsPatch):
        changes["limits"] = msgspec.structs.replace(settings.limits, **_given(patch.limits))
    if isinstance(patch.scope, ScopePatch):
        changes["scope"] = msgspec.structs.replace(settings.scope, **_given(patch.scope))
    return msgspec.structs.replace(settings, **changes)


class SettingsStore:
    """Reads and saves settings."""

    def __init__(self, database: Database, gate: Gate) -> None:
        self._db = database
        self._gate = gate

    def add_to(self, router: Router) -> None:
        """Answer at these paths."""
        path = f"{UNIT}/organization_accounts/{{organization_account_id}}/settings"
        router.add("GET", path, self.get)
        router.add("PATCH", path, self.patch)

    def interval(self, connection: str) -> int:
        """Minutes between two runs."""
        row = self._db.maybe("SELECT body FROM settings WHERE connection = ?", connection)
        if row is None:
            return Settings().interval_minutes
        return msgspec.json.decode(row["body"], type=Settings).interval_minutes

    def _checked(self, unit: str, connection: str) -> None:
        row = self._db.maybe(
            "SELECT purposes FROM connections WHERE unit = ? AND id = ?", unit, connection
        )
        if row is None:
            raise refuse(Problem.NOT_FOUND)
        if "directory" not in row["purposes"].split():
            raise refuse(Problem.NO_DIRECTORY_PURPOSE)

    def _answer(self, connection: str) -> Response:
        row = self._db.one("SELECT * FROM settings WHERE connection = ?", connection)
        content = {
            **msgspec.json.decode(row["body"], type=dict[str, object]),
            "version": row["version"],
            "updated_by": row["updated_by"],
            "updated_at": row["updated_at"],
        }
        return json_answer(content, headers={"etag": f'"v{row["version"]}"'})

    async def get(self, request: Request) -> Response:
        """The settings."""
        unit = request.path_params["organizational_unit_id"]
        connection = request.path_params["organization_account_id"]
        self._gate.sync(request, unit, connection, write=False)
        self._checked(unit, connection)
        return self._answer(connection)

    async def patch(self, request: Request) -> Response:
        """Save a draft that was made from the current version."""
        unit = request.path_params["organizational_unit_id"]
        connection = request.path_params["organization_account_id"]
        person = self._gate.owner(request, unit)
        wanted = request.headers.get("if-match")
        if wanted is None:
            raise refuse(Problem.PRECONDITION_REQUIRED)
        self._checked(unit, connection)
        patch, _ = await read_json(request, SettingsPatch, PATCH_TYPES)
        if patch.address == "in-domain" and not patch.address_domain:
            raise refuse(Problem.INVALID_REQUEST, _NEEDS_DOMAIN)
        row = self._db.one("SELECT * FROM settings WHERE connection = ?", connection)
        current = f'"v{row["version"]}"'
        if wanted.strip() != "*" and current not in {part.strip() for part in wanted.split(",")}:
            raise refuse(
                Problem.VERSION_CHANGED,
                f"The settings are at version {row['version']}.",
                current_version=row["version"],
                updated_by=row["updated_by"],
                updated_at=row["updated_at"],
            )
        self.save(connection, patch, person.email)
        return self._answer(connection)

    def save(self, connection: str, patch: SettingsPatch, person: str) -> int:
        """Apply a patch whatever the version; the version afterwards."""
        with self._db.transaction():
            row = self._db.one("SELECT * FROM settings WHERE connection = ?", connection)
            before = msgspec.json.decode(row["body"], type=Settings)
            after = merged(before, patch)
            if after == before:
                return int(row["version"])
            if after.address == "in-domain" and not after.address_domain:
                raise refuse(Problem.INVALID_REQUEST, _NEEDS_DOMAIN)
            self._db.run(
                "UPDATE settings SET version = version + 1, body = ?, updated_by = ?,"
                " updated_at = ? WHERE connection = ?",
                msgspec.json.encode(after),
                person,
                self._db.now(),
                connection,
            )
            return int(row["version"]) + 1
