"""What a set-up knows so far, typed; the next step is a pure function of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from wizard.core.directory import ProviderId
from wizard.core.settings import AddressRule, ProvisioningSettings, ScopeRule

__all__ = ["Answers", "ChosenScope", "Place", "Role", "StepId"]


class Role(StrEnum):
    """Who sits in front of the window."""

    OWNER = "owner"
    IT = "it"
    BOTH = "both"


class Place(StrEnum):
    """Where the background sync runs."""

    THIS_COMPUTER = "this-computer"
    SERVER = "server"


class StepId(StrEnum):
    """The steps of the set-up; never renamed, they stand in saved set-ups."""

    WELCOME = "welcome"
    SIGN_IN = "sign_in"
    ORGANIZATIONAL_UNIT = "organizational_unit"
    INVITE_IT = "invite_it"
    HAND_OVER = "hand_over"
    WORKSPACE = "workspace"
    GOOGLE_APP = "google_app"
    GOOGLE_AUTHORIZE = "google_authorize"
    SCOPE = "scope"
    PREVIEW = "preview"
    PROVISIONING = "provisioning"
    WHERE_IT_RUNS = "where_it_runs"
    FIRST_SYNC = "first_sync"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class ChosenScope:
    """Who is to be synced, as chosen on the scope page, from the service's settings `version`."""

    scope: ScopeRule = field(default_factory=ScopeRule)
    address: AddressRule = field(default_factory=AddressRule)
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Everything that was decided or happened. Never a secret: tokens live in the vault.

    Effects (`signed_in_as`, `organization_account_id`, `settings_version`, `first_run_id`)
    are facts that Back shows and never takes back. `invited` is how many people besides the
    person here are invited, have accepted, or own the unit, `invites_nobody` that this service
    takes no invitations; `it_finished` that the service says
    IT's part is done. `draft` is what the scope, preview and provisioning pages edit, made from
    the service's `draft.version`; None: nothing
    was edited. `domain` is what the person named until the directory says its own. `app_skipped`:
    this profile has no app to install. `app_opened_at` (RFC 3339) is when its page was first
    opened, `app_claimed` that a person says it is installed, `app_installed` that the service
    sees it. `wanted_ou` is the unit that a resume file names, taken as soon as somebody signs in
    who may; `connected_elsewhere` is who authorized (or the domain), where the connection stands
    and Google's permission for it lies on another computer. `scope_people` is the count that was
    confirmed on the scope page. `place` is what somebody chose here, `place_ready`: that place
    holds the syncer lease; `kept_elsewhere` that another computer held it when the service was
    last asked, which nobody here has chosen. `looks_at`
    is the unit that the person only looks at, on Home and without setting it up.

    What is half done: `unsent` are addresses typed on the invite page and not sent, `chosen` is a
    scope that waits to be confirmed (None: what is shown is the draft's).
    """

    role: Role | None = None
    service_answered: bool = False
    signed_in_as: str = ""
    signed_in_name: str = ""
    wanted_ou: str = ""
    ou_id: str = ""
    ou_name: str = ""
    looks_at: str = ""
    looks_at_name: str = ""
    invited: int = 0
    invites_nobody: bool = False
    unsent: tuple[str, ...] = ()
    handed_over: bool = False
    it_finished: bool = False
    provider: ProviderId = ProviderId.GOOGLE
    workspace_chosen: bool = False
    app_skipped: bool = False
    app_opened_at: str = ""
    app_claimed: bool = False
    app_installed: bool = False
    connected_elsewhere: str = ""
    customer_id: str = ""
    domain: str = ""
    authorized_as: str = ""
    organization_account_id: str = ""
    organization_account_active: bool = False
    draft: ProvisioningSettings | None = None
    chosen: ChosenScope | None = None
    scope_confirmed: bool = False
    scope_people: int = 0
    preview_run_id: str = ""
    preview_seen: bool = False
    settings_version: int = 0
    provisioning_on: bool = False
    place: Place | None = None
    place_ready: bool = False
    kept_elsewhere: bool = False
    first_run_id: str = ""
    first_sync_done: bool = False

    @property
    def elsewhere(self) -> bool:
        """Whether another computer's task it is: it was left to one, or has been one's so far."""
        if self.place is None:
            return self.kept_elsewhere
        return self.place is Place.SERVER

    @property
    def unit_seen(self) -> str:
        """The unit that Home tells about: the one that is set up, or looked at; '' for none."""
        return self.ou_id or self.looks_at
