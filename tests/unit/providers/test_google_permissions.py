from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from wizard.core.clock import SystemClock
from wizard.core.directory import ProviderId
from wizard.net.sessions import Net, NetSettings
from wizard.profile.load import load_built_in
from wizard.providers.google.permissions import (
    DIRECTORY_SCOPES,
    PERMISSIONS,
    directory_rights,
    missing_permissions,
    short_scope,
)
from wizard.providers.registry import connector, known_providers


def test_everything_that_google_is_asked_for_only_reads() -> None:
    assert all(permission.scope.endswith(".readonly") for permission in PERMISSIONS)


def test_what_was_not_granted_is_named_in_the_order_asked() -> None:
    assert missing_permissions(DIRECTORY_SCOPES | {"openid"}) == ()
    assert [one.reason for one in missing_permissions(())] == [
        "people",
        "groups",
        "units",
        "domains",
    ]
    users = PERMISSIONS[0].scope
    assert directory_rights([users, "openid"]) == {users}
    assert short_scope(users) == "admin.directory.user.readonly"


def test_the_registry_makes_a_connector_that_knows_itself() -> None:
    assert ProviderId.GOOGLE in known_providers()
    with Net(NetSettings()) as net:
        for provider in known_providers():
            made = connector(provider, net, load_built_in("cronofy"), SystemClock())
            assert made.provider is provider
            assert made.permissions
            assert made.address.startswith("https://")


def test_no_provider_is_loaded_before_it_is_used() -> None:
    asked = (
        "import sys, wizard.providers.registry\n"
        "print(*[name for name in sys.modules if name.startswith(('google', 'requests_oauthlib'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=Path(__file__).parents[3],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == []
