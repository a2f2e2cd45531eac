"""Any SCIM 2.0 service with a token."""

from __future__ import annotations

from wizard.accounts.scim.service import ScimService

__all__ = ["ScimService"]
