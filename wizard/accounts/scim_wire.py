"""SCIM 2.0 as it stands on the wire: what comes back as types, what is sent as bytes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wizard.accounts.base import Account, AccountWrite, AsBefore, WriteKind

__all__ = [
    "ATTRIBUTES",
    "BULK_SCHEMA",
    "CONTENT_TYPE",
    "BulkResponse",
    "ListResponse",
    "ScimError",
    "ServiceProviderConfig",
    "User",
    "account_of",
    "creation",
    "patch",
    "quoted",
    "status_number",
]

CONTENT_TYPE = "application/scim+json"
"""RFC 7644, section 8.1."""

ATTRIBUTES = "id,externalId,userName,active,name,displayName,emails,roles"
"""What a listing asks for: all that an `Account` needs, and no more."""

USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"

Status = str | int
"""RFC 7644 says string (section 3.12); some services send a number."""


class _Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Names on the wire are camel-case."""


class Name(_Wire, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 7643, section 4.1.1."""

    given_name: str | None = None
    family_name: str | None = None


class Email(_Wire, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 7643, section 4.1.2."""

    value: str | None = None
    display: str | None = None
    type: str | None = None
    primary: bool | None = None


class ValueOnly(_Wire, frozen=True, kw_only=True):
    """An entry of a multi-valued attribute of which only the value counts here."""

    value: str | None = None


class User(_Wire, frozen=True, kw_only=True):
    """RFC 7643, section 4.1, as far as the product reads it."""

    id: str
    external_id: str | None = None
    user_name: str | None = None
    active: bool | str | None = None
    name: Name | None = None
    display_name: str | None = None
    emails: tuple[Email, ...] | None = None
    roles: tuple[ValueOnly, ...] | None = None


class ListResponse(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 7644, section 3.4.2; `Resources` may be absent when there are none."""

    total: int = msgspec.field(name="totalResults")
    users: tuple[User, ...] | None = msgspec.field(name="Resources", default=None)


class ScimError(_Wire, frozen=True, kw_only=True):
    """RFC 7644, section 3.12. `code` and `syncer` are members of the product's own contract."""

    status: Status | None = None
    scim_type: str | None = None
    detail: str | None = None
    code: str | None = None
    syncer: msgspec.Raw = msgspec.Raw(b"null")


class BulkAnswer(_Wire, frozen=True, kw_only=True):
    """One operation of a bulk answer (RFC 7644, section 3.7)."""

    method: str = ""
    status: Status
    bulk_id: str | None = None
    location: str | None = None
    response: msgspec.Raw = msgspec.Raw(b"null")


class BulkResponse(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 7644, section 3.7."""

    operations: tuple[BulkAnswer, ...] = msgspec.field(name="Operations")


class Bulk(_Wire, frozen=True, kw_only=True):
    """How much one bulk request may carry."""

    supported: bool = False
    max_operations: int = 0
    max_payload_size: int = 0


class Filter(_Wire, frozen=True, kw_only=True):
    """How many resources one page may carry."""

    supported: bool = False
    max_results: int = 0


class ServiceProviderConfig(_Wire, frozen=True, kw_only=True):
    """RFC 7643, section 5, as far as the product reads it."""

    bulk: Bulk = Bulk()
    filter: Filter = Filter()


class _PatchOperation(_Wire, frozen=True, kw_only=True):
    op: str
    path: str
    value: object = msgspec.UNSET


class _Patch(msgspec.Struct, frozen=True, kw_only=True):
    operations: tuple[_PatchOperation, ...] = msgspec.field(name="Operations")
    schemas: tuple[str, ...] = (PATCH_SCHEMA,)


class _Details(_Wire, frozen=True, kw_only=True, omit_defaults=True):
    """`Account.details` as kept: what an account has of all that a write replaces."""

    name: Name = Name()
    display_name: str | None = None
    emails: tuple[Email, ...] = ()


class _NewUser(_Wire, frozen=True, kw_only=True):
    schemas: tuple[str, ...] = (USER_SCHEMA,)
    external_id: str
    user_name: str
    active: bool = True
    display_name: str
    name: Name | msgspec.UnsetType = msgspec.UNSET
    emails: tuple[Email, ...]


def status_number(status: Status | None, otherwise: int = 0) -> int:
    """A status as a number, `otherwise` where it is none."""
    try:
        return int(status) if status is not None else otherwise
    except ValueError:
        return otherwise


def quoted(value: str) -> str:
    """A value inside a filter: a JSON string (RFC 7644, section 3.4.2.2), so quotes are safe."""
    return msgspec.json.encode(value).decode()


def account_of(user: User) -> Account:
    """An account as the sync sees it.

    The address is `userName` where that is an address, else the primary email, else the first
    one. An account that doesn't say whether it is active counts as active (`active` is optional).
    """
    name = user.name or Name()
    address = _address(user)
    return Account(
        id=user.id,
        external_id=user.external_id or "",
        address=address,
        given_name=name.given_name or "",
        family_name=name.family_name or "",
        active=str(user.active).casefold() != "false",
        is_owner=any((role.value or "").casefold() == "owner" for role in user.roles or ()),
        details=_details(user, name, address),
    )


def _details(user: User, name: Name, address: str) -> str:
    """See `Account.details`."""
    found = _Details(name=name, display_name=user.display_name, emails=user.emails or ())
    given, family = name.given_name or "", name.family_name or ""
    ours = _Details(
        name=Name(given_name=given or None, family_name=family or None),
        display_name=_display_name(given, family, address),
        emails=(Email(value=address, type="work", primary=True),),
    )
    return "" if found == ours else msgspec.json.encode(found).decode()


def _address(user: User) -> str:
    login = user.user_name or ""
    if "@" in login:
        return login
    emails = sorted(user.emails or (), key=lambda email: not email.primary)
    return next((email.value for email in emails if email.value), login)


def creation(write: AccountWrite) -> bytes:
    """The body of a POST that makes an account (RFC 7644, section 3.3), without empty names."""
    name = Name(given_name=write.given_name or None, family_name=write.family_name or None)
    return msgspec.json.encode(
        _NewUser(
            external_id=write.external_id,
            user_name=write.address,
            display_name=_display_name(write.given_name, write.family_name, write.address),
            name=name if write.given_name or write.family_name else msgspec.UNSET,
            emails=(Email(value=write.address, type="work", primary=True),),
        )
    )


def patch(write: AccountWrite, *, add_email: bool) -> bytes:
    """The body of a PATCH (RFC 7644, section 3.5.2), all or nothing for this account.

    A work address is replaced in place, so that other addresses of the person stay. Where the
    account has none (`noTarget`) it is added instead: `add_email`.
    """
    if write.as_before is not None:
        return _restoring(write, write.as_before, add_email=add_email)
    operations: list[_PatchOperation] = []
    if write.kind is WriteKind.ADOPT:
        operations.append(_replace("externalId", write.external_id))
    if write.kind in {WriteKind.ADOPT, WriteKind.REACTIVATE}:
        operations.append(_replace("active", value=True))
    if write.kind is WriteKind.DEACTIVATE:
        operations.append(_replace("active", value=False))
    elif write.address:
        operations.extend(_profile(write, add_email=add_email))
    return msgspec.json.encode(_Patch(operations=tuple(operations)))


def _restoring(write: AccountWrite, before: AsBefore, *, add_email: bool) -> bytes:
    """The body of a PATCH that gives an account back what it was."""
    operations = [_replace("active", value=before.active)]
    if before.profile:
        operations.append(_put("externalId", before.external_id or None))
    if before.profile and not before.details:
        operations.append(_replace("userName", write.address))
        shown = _display_name(write.given_name, write.family_name, write.address)
        operations.append(_replace("displayName", shown))
        operations.append(_put("name.givenName", write.given_name or None))
        operations.append(_put("name.familyName", write.family_name or None))
        operations.append(_work_address(write.address, add_email=add_email))
    elif before.profile:
        kept = msgspec.json.decode(before.details, type=_Details)
        operations.append(_replace("userName", write.address))
        operations.append(_put("displayName", kept.display_name))
        operations.append(_put("name.givenName", kept.name.given_name))
        operations.append(_put("name.familyName", kept.name.family_name))
        operations.append(_put("emails", kept.emails or None))
    return msgspec.json.encode(_Patch(operations=tuple(operations)))


def _profile(write: AccountWrite, *, add_email: bool) -> Sequence[_PatchOperation]:
    return (
        _replace("userName", write.address),
        _replace("displayName", _display_name(write.given_name, write.family_name, write.address)),
        _replace("name.givenName", write.given_name),
        _replace("name.familyName", write.family_name),
        _work_address(write.address, add_email=add_email),
    )


def _work_address(address: str, *, add_email: bool) -> _PatchOperation:
    if add_email:
        emails = (Email(value=address, type="work", primary=True),)
        return _PatchOperation(op="add", path="emails", value=emails)
    return _replace('emails[type eq "work"].value', address)


def _replace(path: str, value: object) -> _PatchOperation:
    return _PatchOperation(op="replace", path=path, value=value)


def _put(path: str, value: object) -> _PatchOperation:
    """Give an attribute this value, or take it away."""
    if value is None:
        return _PatchOperation(op="remove", path=path)
    return _replace(path, value)


def _display_name(given_name: str, family_name: str, address: str) -> str:
    return f"{given_name} {family_name}".strip() or address
