"""What the SCIM end says of itself: ServiceProviderConfig, ResourceTypes, Schemas."""

from __future__ import annotations

from wizard.practice.scim.schema import USER_ATTRIBUTES, USER_URN, Attributes

__all__ = [
    "MAX_BYTES",
    "MAX_OPERATIONS",
    "MAX_RESULTS",
    "configuration",
    "list_response",
    "resource_type",
    "user_schema",
]

MAX_RESULTS = 1000
MAX_OPERATIONS = 1000
MAX_BYTES = 1024 * 1024
_CORE = "urn:ietf:params:scim:schemas:core:2.0:"


def list_response(resources: list[Attributes], total: int, start: int = 1) -> Attributes:
    """RFC 7644, section 3.4.2."""
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }


def configuration(base: str) -> Attributes:
    """RFC 7643, section 5."""
    return {
        "schemas": [f"{_CORE}ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {
            "supported": True,
            "maxOperations": MAX_OPERATIONS,
            "maxPayloadSize": MAX_BYTES,
        },
        "filter": {"supported": True, "maxResults": MAX_RESULTS},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Provisioning token",
                "description": "A provisioning token of an organization account, as bearer token.",
                "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
                "primary": True,
            }
        ],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": f"{base}/ServiceProviderConfig",
        },
    }


def resource_type(base: str) -> Attributes:
    """The one resource type (RFC 7643, section 6)."""
    return {
        "schemas": [f"{_CORE}ResourceType"],
        "id": "User",
        "name": "User",
        "description": "Account",
        "endpoint": "/Users",
        "schema": USER_URN,
        "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/User"},
    }


def user_schema(base: str) -> Attributes:
    """The one schema (RFC 7643, section 7)."""
    return {
        "schemas": [f"{_CORE}Schema"],
        "id": USER_URN,
        "name": "User",
        "description": "An account of the organizational unit",
        "attributes": [attribute.described() for attribute in USER_ATTRIBUTES],
        "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{USER_URN}"},
    }
