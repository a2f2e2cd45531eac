"""What a set-up knows so far, typed; the next step is a pure function of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wizard.core.directory import ProviderId

__all__ = ["Answers", "Role", "StepId"]


class Role(StrEnum):
    """Who sits in front of the window."""

    OWNER = "owner"
    IT = "it"
    BOTH = "both"


class StepId(StrEnum):
    """The steps of the set-up; never renamed, they stand in saved set-ups."""

    WELCOME = "welcome"
    SIGN_IN = "sign_in"
    GOOGLE_AUTHORIZE = "google_authorize"
    PREVIEW = "preview"
    PROVISIONING = "provisioning"
    FIRST_SYNC = "first_sync"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Everything that was decided or happened. Never a secret: tokens live in the vault.

    Effects (`signed_in_as`, `organization_account_id`, `settings_version`, `first_run_id`)
    are facts that Back shows and never takes back.
    """

    role: Role | None = None
    service_answered: bool = False
    signed_in_as: str = ""
    signed_in_name: str = ""
    ou_id: str = ""
    ou_name: str = ""
    provider: ProviderId = ProviderId.GOOGLE
    customer_id: str = ""
    domain: str = ""
    authorized_as: str = ""
    organization_account_id: str = ""
    organization_account_active: bool = False
    preview_run_id: str = ""
    preview_seen: bool = False
    settings_version: int = 0
    provisioning_on: bool = False
    first_run_id: str = ""
    first_sync_done: bool = False
