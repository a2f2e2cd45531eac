"""The workspaces that can be connected: adding one is a folder here and a line below."""

from __future__ import annotations

from importlib import import_module

from wizard.core.clock import Clock
from wizard.core.directory import ProviderId
from wizard.net.sessions import Net
from wizard.profile.model import Profile
from wizard.providers.base import Connector

__all__ = ["connector", "known_providers"]

_CONNECTORS = {
    ProviderId.GOOGLE: ("wizard.providers.google.connector", "GoogleConnector"),
}
"""By name, so that a provider's libraries are loaded only when it is used."""


def known_providers() -> tuple[ProviderId, ...]:
    """The workspaces that can be connected, in the order to offer them."""
    return tuple(_CONNECTORS)


def connector(provider: ProviderId, net: Net, profile: Profile, clock: Clock) -> Connector:
    """The connector of a workspace; `KeyError` for one that is not in the registry."""
    module, name = _CONNECTORS[provider]
    made: Connector = getattr(import_module(module), name)(net, profile, clock)
    return made
