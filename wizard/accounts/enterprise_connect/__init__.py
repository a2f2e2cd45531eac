"""The account service that speaks the Enterprise Connect contract."""

from __future__ import annotations

from wizard.accounts.enterprise_connect.service import EnterpriseConnect

__all__ = ["EnterpriseConnect"]
