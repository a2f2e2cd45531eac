"""The practice profile: what a client needs to know to speak to the practice organization."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from wizard.practice.account.openid import CLIENT_ID
from wizard.practice.google import oauth as google
from wizard.practice.google.marketplace import APP_NAME, LISTING
from wizard.practice.google.trusting import APP_CONTROLS

__all__ = ["Addresses", "profile_text"]


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The origins, from the ports they got."""

    ports: dict[str, int]
    secret: str

    @property
    def account_api(self) -> str:
        """Where programs reach the account service; its issuer, too."""
        return f"https://127.0.0.1:{self.ports['account_api']}"

    @property
    def account_pages(self) -> str:
        """Where a browser reaches the account service."""
        return f"http://127.0.0.1:{self.ports['account_pages']}"

    @property
    def google_api(self) -> str:
        """Where programs reach Google."""
        return f"https://127.0.0.1:{self.ports['google_api']}"

    @property
    def google_pages(self) -> str:
        """Where a browser reaches Google."""
        return f"http://127.0.0.1:{self.ports['google_pages']}"

    @property
    def control(self) -> str:
        """The control page and, below it, the control interface."""
        return f"http://127.0.0.1:{self.ports['control']}/control/{self.secret}/"


def profile_text(addresses: Addresses, trust_root: Path) -> str:
    """The profile as TOML."""
    tables: dict[str, dict[str, str]] = {
        "service": {
            "kind": "enterprise_connect",
            "api": addresses.account_api,
            "pages": addresses.account_pages,
            "issuer": addresses.account_api,
            "client_id": CLIENT_ID,
        },
        "google": {
            "client_id": google.CLIENT_ID,
            "auth_uri": f"{addresses.google_api}/o/oauth2/v2/auth",
            "token_uri": f"{addresses.google_api}/token",
            "revoke_uri": f"{addresses.google_api}/revoke",
            "api": addresses.google_api,
            "issuer": google.ISSUER,
            "pages": addresses.google_pages,
            "marketplace": f"{addresses.google_pages}{LISTING}",
            "app_name": APP_NAME,
            "admin_console": f"{addresses.google_pages}{APP_CONTROLS}",
        },
        "trust": {"trust_root": str(trust_root)},
        "links": {
            "support": f"{addresses.account_pages}/support",
            "privacy_notice": f"{addresses.account_pages}/privacy",
            "data_management": f"{addresses.account_pages}/data-management",
            "compliance": f"{addresses.account_pages}/compliance",
        },
        "practice": {"control": addresses.control},
    }
    lines = [
        "schema = 1",
        'id = "practice"',
        'name = "Practice organization"',
        'kind = "practice"',
    ]
    for table, values in tables.items():
        lines += ["", f"[{table}]"]
        # A JSON text without \/ escapes is a TOML basic string, too.
        lines += [
            f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()
        ]
    return "\n".join(lines) + "\n"
