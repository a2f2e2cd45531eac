"""Which kinds of account service there are: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wizard.accounts.base import AccountService
from wizard.accounts.calls import Opener
from wizard.accounts.enterprise_connect import EnterpriseConnect
from wizard.accounts.scim import ScimService
from wizard.core.clock import Clock
from wizard.core.trouble import Code, Trouble
from wizard.net.bearer import Bearer

__all__ = ["SERVICES", "open_service"]

Open = Callable[[Opener, str, Bearer, Clock | None], AccountService]

SERVICES: Mapping[str, Open] = MappingProxyType(
    {
        "enterprise_connect": lambda net, address, bearer, clock: EnterpriseConnect(
            net, address, bearer=bearer, clock=clock
        ),
        "scim": lambda net, address, bearer, clock: ScimService(
            net, address, bearer=bearer, clock=clock
        ),
    }
)
"""Service kind, as a profile names it, to what opens it."""


def open_service(
    kind: str, net: Opener, address: str, *, bearer: Bearer, clock: Clock | None = None
) -> AccountService:
    """The service of a profile; `Trouble(PROFILE_INVALID)` for a kind that is not built in."""
    try:
        build = SERVICES[kind]
    except KeyError as missing:
        raise Trouble(Code.PROFILE_INVALID, key="kind", problem="unknown-value") from missing
    return build(net, address, bearer, clock)
