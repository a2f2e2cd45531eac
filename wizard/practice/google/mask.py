"""The `fields` parameter of Google's interfaces: which members of an answer are wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["SHAPES", "InvalidMaskError", "Mask", "keep", "parse"]

# A wanted member maps to what is wanted inside it; an empty mapping means everything.
Mask = dict[str, "Mask"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*|\*")
Shape = Mapping[str, "Shape"]


def _plain(names: str) -> dict[str, Shape]:
    return {name: {} for name in names.split()}


_USER: dict[str, Shape] = {
    **_plain(
        "kind id etag primaryEmail isAdmin isDelegatedAdmin agreedToTerms suspended archived "
        "suspensionReason suspensionTime archivalTime creationTime deletionTime lastLoginTime "
        "changePasswordAtNextLogin ipWhitelisted orgUnitPath aliases nonEditableAliases "
        "customerId includeInGlobalAddressList isMailboxSetup isEnrolledIn2Sv isEnforcedIn2Sv "
        "recoveryEmail recoveryPhone thumbnailPhotoUrl thumbnailPhotoEtag password hashFunction "
        "isGuestUser guestAccountInfo customSchemas gender notes"
    ),
    "name": _plain("givenName familyName fullName displayName"),
    **{
        name: _plain("address type customType primary value organization title department")
        for name in [
            "emails",
            "addresses",
            "externalIds",
            "ims",
            "keywords",
            "languages",
            "locations",
            "organizations",
            "phones",
            "posixAccounts",
            "relations",
            "sshPublicKeys",
            "websites",
        ]
    },
}
_GROUP = _plain(
    "kind id etag email name description adminCreated directMembersCount aliases "
    "nonEditableAliases externalIds"
)
_MEMBER = _plain("kind id etag email role type status delivery_settings")
_UNIT = _plain(
    "kind etag orgUnitId orgUnitPath name description parentOrgUnitId parentOrgUnitPath "
    "blockInheritance"
)
_DOMAIN = _plain("kind etag domainName isPrimary verified creationTime domainAliases")
_LIST = _plain("kind etag nextPageToken trigger_event")

SHAPES: dict[str, Shape] = {
    "user": _USER,
    "users": {**_LIST, "users": _USER},
    "groups": {**_LIST, "groups": _GROUP},
    "members": {**_LIST, "members": _MEMBER},
    "units": {**_LIST, "organizationUnits": _UNIT},
    "domains": {**_LIST, "domains": _DOMAIN},
    "customer": {
        **_plain(
            "kind etag id customerDomain alternateEmail customerCreationTime language phoneNumber"
        ),
        "postalAddress": _plain(
            "contactName organizationName addressLine1 addressLine2 addressLine3 postalCode "
            "locality region countryCode"
        ),
    },
}


class InvalidMaskError(Exception):
    """The mask names something that the answer never has, or cannot be read."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def _is(self, mark: str) -> bool:
        if self._text.startswith(mark, self._at):
            self._at += 1
            return True
        return False

    def selection(self, shape: Shape, *, inner: bool) -> Mask:
        """`a,b/c,d(e,f)`, up to the closing parenthesis or the end."""
        mask: Mask = {}
        while True:
            name, wanted = self._item(shape)
            if name not in mask:
                mask[name] = wanted
            else:
                known = mask[name]
                mask[name] = {**known, **wanted} if known and wanted else {}
            if self._is(","):
                continue
            if inner != self._is(")") or (not inner and self._at < len(self._text)):
                raise InvalidMaskError(self._text)
            return {} if "*" in mask else mask

    def _item(self, shape: Shape) -> tuple[str, Mask]:
        found = _NAME.match(self._text, self._at)
        if found is None:
            raise InvalidMaskError(self._text)
        name = found.group()
        self._at = found.end()
        if name != "*" and name not in shape:
            raise InvalidMaskError(name)
        inside = shape.get(name, {})
        if self._is("/"):
            if not inside:
                raise InvalidMaskError(name)
            part, wanted = self._item(inside)
            return name, ({} if part == "*" else {part: wanted})
        if self._is("("):
            if not inside:
                raise InvalidMaskError(name)
            return name, self.selection(inside, inner=True)
        return name, {}


def parse(text: str, shape: str) -> Mask:
    """The mask for an answer of this shape; {} wants everything. Raises `InvalidMaskError`."""
    compact = "".join(text.split())
    if not compact:
        return {}
    return _Reader(compact).selection(SHAPES[shape], inner=False)


def keep(value: object, mask: Mask) -> object:
    """The value with only the wanted members."""
    if not mask:
        return value
    if isinstance(value, list):
        return [keep(one, mask) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {name: keep(held, mask[name]) for name, held in value.items() if name in mask}
