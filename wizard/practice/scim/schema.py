"""What an account is, as a SCIM schema (RFC 7643, section 7), and values brought into that form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.practice.scim.errors import ScimType, scim_refuse

__all__ = [
    "BY_NAME",
    "USER_ATTRIBUTES",
    "USER_URN",
    "Attribute",
    "Attributes",
    "clean",
    "clean_value",
    "flag",
]

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
MAX_TEXT = 1000
MAX_VALUES = 50

# A resource as JSON: names to text, whole numbers, booleans, lists and objects of the same.
Attributes = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One attribute; `sub` holds those of a complex one."""

    name: str
    about: str
    kind: str = "string"
    many: bool = False
    required: bool = False
    exact: bool = False
    mutability: str = "readWrite"
    uniqueness: str = "none"
    longest: int = MAX_TEXT
    sub: tuple[Attribute, ...] = ()

    def described(self) -> Attributes:
        """This attribute in the form of RFC 7643, section 7."""
        content: Attributes = {
            "name": self.name,
            "type": self.kind,
            "multiValued": self.many,
            "description": self.about,
            "required": self.required,
            "mutability": self.mutability,
            "returned": "default",
        }
        if self.kind == "complex":
            content["subAttributes"] = [part.described() for part in self.sub]
        else:
            content["uniqueness"] = self.uniqueness
        if self.kind == "string":
            content["caseExact"] = self.exact
        return content

    def part(self, name: str) -> Attribute | None:
        """The sub-attribute of this name in any case."""
        wanted = name.lower()
        return next((part for part in self.sub if part.name.lower() == wanted), None)


def _text(name: str, about: str) -> Attribute:
    return Attribute(name=name, about=about)


USER_ATTRIBUTES = (
    Attribute(
        name="userName",
        about="The address of the account; unique in any case.",
        required=True,
        uniqueness="server",
        longest=254,
    ),
    Attribute(
        name="name",
        about="The parts of the name.",
        kind="complex",
        sub=(
            _text("formatted", "The whole name as it is shown."),
            _text("familyName", "The family name."),
            _text("givenName", "The given name."),
            _text("middleName", "Middle names."),
            _text("honorificPrefix", "A title before the name."),
            _text("honorificSuffix", "A title after the name."),
        ),
    ),
    _text("displayName", "The name as it is shown."),
    _text("title", "What the person does."),
    # Required, because an account always is one or the other; a new one is active if left out.
    Attribute(
        name="active",
        about="Whether the account can be used.",
        kind="boolean",
        required=True,
    ),
    Attribute(
        name="emails",
        about="Addresses of the person.",
        kind="complex",
        many=True,
        sub=(
            Attribute(name="value", about="The address.", required=True, longest=254),
            _text("display", "How it is shown."),
            _text("type", "Such as work."),
            Attribute(name="primary", about="Whether it is the main one.", kind="boolean"),
        ),
    ),
    Attribute(
        name="roles",
        about="Owner or member; changed by invitations only.",
        kind="complex",
        many=True,
        mutability="readOnly",
        sub=(
            Attribute(name="value", about="owner or member.", mutability="readOnly"),
            Attribute(name="primary", about="Always true.", kind="boolean", mutability="readOnly"),
        ),
    ),
)

# Common attributes (RFC 7643, section 3.1); the schema leaves them out, requests may carry them.
EXTERNAL_ID = Attribute(
    name="externalId", about="The directory's id for the person.", exact=True, longest=400
)
BY_NAME: dict[str, Attribute] = {
    attribute.name.lower(): attribute for attribute in (*USER_ATTRIBUTES, EXTERNAL_ID)
}


def flag(value: object, where: str) -> bool:
    """A boolean; the texts "True" and "False" count, because a known client sends them."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise scim_refuse(400, ScimType.INVALID_VALUE, f"{where} is true or false.")


def clean_value(attribute: Attribute, value: object, where: str = "") -> object | None:
    """The value as this attribute holds it, or None when it is as good as not given."""
    where = where or attribute.name
    if value is None:
        return None
    if attribute.many:
        return _clean_many(attribute, value, where)
    return _clean_single(attribute, value, where)


def _clean_single(attribute: Attribute, value: object, where: str) -> object | None:
    if attribute.kind == "complex":
        if not isinstance(value, Mapping):
            raise scim_refuse(400, ScimType.INVALID_VALUE, f"{where} is an object.")
        return _clean_parts(attribute, value, where)
    if attribute.kind == "boolean":
        return flag(value, where)
    if not isinstance(value, str):
        raise scim_refuse(400, ScimType.INVALID_VALUE, f"{where} is text.")
    if attribute.required and not value:
        raise scim_refuse(400, ScimType.INVALID_VALUE, f"{where} is needed.")
    if len(value) > attribute.longest:
        raise scim_refuse(
            400, ScimType.INVALID_VALUE, f"{where} has at most {attribute.longest} letters."
        )
    return value


def _clean_parts(
    attribute: Attribute, value: Mapping[str, object], where: str
) -> Attributes | None:
    parts: Attributes = {}
    for name, given in value.items():
        part = attribute.part(name)
        if part is None:
            continue
        kept = clean_value(part, given, f"{where}.{part.name}")
        if kept is not None:
            parts[part.name] = kept
    if attribute.many and "value" not in parts:
        raise scim_refuse(400, ScimType.INVALID_VALUE, f"{where} needs a value.")
    return parts or None


def _clean_many(attribute: Attribute, value: object, where: str) -> list[object] | None:
    values = value if isinstance(value, list) else [value]
    if len(values) > MAX_VALUES:
        raise scim_refuse(400, ScimType.INVALID_VALUE, f"{where} has at most {MAX_VALUES} values.")
    kept = [
        single for given in values if (single := _clean_single(attribute, given, where)) is not None
    ]
    if sum(1 for single in kept if isinstance(single, dict) and single.get("primary")) > 1:
        raise scim_refuse(400, ScimType.INVALID_VALUE, f"Only one of {where} is the primary one.")
    return kept or None


def clean(body: Mapping[str, object]) -> Attributes:
    """A resource as sent → what is stored of it: known and writable attributes, own spelling.

    Raises the SCIM answer 400 (invalidValue, invalidSyntax) when something is of another type.
    """
    schemas = body.get("schemas")
    if not isinstance(schemas, list) or USER_URN not in schemas:
        raise scim_refuse(400, ScimType.INVALID_SYNTAX, f"schemas names {USER_URN}.")
    kept: Attributes = {}
    for name, given in body.items():
        attribute = BY_NAME.get(name.lower())
        if attribute is None or attribute.mutability == "readOnly":
            continue
        # A PATCH may add one value as it is; a whole resource holds a list of them.
        if attribute.many and given is not None and not isinstance(given, list):
            raise scim_refuse(400, ScimType.INVALID_VALUE, f"{attribute.name} is a list.")
        value = clean_value(attribute, given)
        if value is not None:
            kept[attribute.name] = value
    user_name = kept.get("userName")
    if not isinstance(user_name, str) or not user_name.strip():
        raise scim_refuse(400, ScimType.INVALID_VALUE, "userName is needed.")
    return kept
