"""Everything that window and command line may ask of one set-up.

Every call that takes a `Cancel` may block on the network, the keyring or the disk and belongs
into a job (`wizard.services.jobs`); the others answer at once from memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.runs import (
    HeldKind,
    PersonPlan,
    PlanKind,
    RunReport,
)
from wizard.core.settings import ProvisioningSettings
from wizard.core.trouble import Trouble
from wizard.flow.answers import Answers
from wizard.flow.graph import Walk
from wizard.services.contract.background import BackgroundCalls
from wizard.services.contract.checking import CheckingCalls
from wizard.services.contract.drafts import DraftCalls
from wizard.services.contract.hand_over import HandOverCalls
from wizard.services.contract.home import HomeCalls
from wizard.services.contract.installing import InstallingCalls
from wizard.services.contract.inviting import InvitingCalls
from wizard.services.contract.live_check import LiveCheckCalls
from wizard.services.contract.people import PeopleCalls
from wizard.services.contract.placing import PlacingCalls
from wizard.services.contract.previewing import PreviewCalls
from wizard.services.contract.scoping import ScopingCalls
from wizard.services.contract.undoing import UndoingCalls
from wizard.services.contract.views import (
    AuthorizedView,
    ConnectionView,
    HeldView,
    Listen,
    NetworkView,
    PermissionView,
    PreviewView,
    ProblemView,
    ProfileView,
    ProxyMode,
    SecretsChoice,
    SettingsView,
    SignedInView,
    UnitView,
)
from wizard.services.schedule import SyncSchedule

__all__ = ["Workbench"]


class Workbench(Protocol):
    """One set-up in progress, on one profile."""

    @property
    def profile(self) -> ProfileView:
        """The profile in use."""
        ...

    def real_profiles(self) -> Sequence[ProfileView]:
        """What an administrator installed on this computer for a real set-up. Reads the disk."""
        ...

    def forget_practice(self) -> None:
        """Let the next start without a profile's name not begin with practice again."""
        ...

    @property
    def answers(self) -> Answers:
        """What is known so far."""
        ...

    def change(self, answers: Answers) -> None:
        """Replace the answers; saved within moments, off this thread (`background` tells)."""
        ...

    @property
    def walk(self) -> Walk:
        """Where the person stands: step, answers, and the steps behind (`wizard.flow.graph`)."""
        ...

    def go(self, walk: Walk) -> None:
        """Stand there from now on, saved as by `change`, which sees the same answers."""
        ...

    @property
    def notices(self) -> Sequence[Trouble]:
        """What went wrong at the start and was put right, such as a file that was set aside."""
        ...

    def network(self, cancel: Cancel) -> NetworkView:
        """Ask the account service whether it answers; raises `Trouble` when it does not."""
        ...

    def set_proxy(self, mode: ProxyMode, address: str) -> None:
        """Use this proxy from now on; `Trouble(PROXY_INVALID)`."""
        ...

    def keep_secrets(self, choice: SecretsChoice, passphrase: str, cancel: Cancel) -> None:
        """Keep sign-ins this way; nothing changes where they are open already.

        For a person whom a call answered with one of the troubles that
        `wizard.services.keeping.asks_person` knows; the call is then made again. Where nothing
        is kept this way yet, the answers say that nobody is signed in. `passphrase` is '' where
        the choice needs none. Raises `Trouble`: keyring-missing, -locked, -timeout;
        passphrase-wrong (`problem`: wrong, empty, short); vault-locked; those of the disk.
        """
        ...

    def sign_in(self, listen: Listen, cancel: Cancel, *, create: bool) -> SignedInView:
        """Sign in, or up, in the person's browser; events: `BrowserWaiting`.

        `Trouble(SET_UP_STANDS)` for whoever doesn't own the unit whose set-up stands here: it
        stays as it is, and so does who is signed in. To set up another one, `home.erase` comes
        first.
        """
        ...

    def signed_in(self, cancel: Cancel) -> SignedInView:
        """Who is signed in already; `Trouble`: sign-in-needed, set-up-stands."""
        ...

    def choose_unit(self, unit: UnitView) -> None:
        """Set up for this organizational unit; `Trouble(SET_UP_STANDS)` where another one is."""
        ...

    def create_unit(self, name: str, cancel: Cancel) -> UnitView:
        """Make an organizational unit and choose it; `Trouble(SET_UP_STANDS)`, as to choose."""
        ...

    @property
    def hand_over(self) -> HandOverCalls:
        """The kit, the mail, waiting for IT, and the resume file. Not on the GUI thread."""
        ...

    @property
    def inviting(self) -> InvitingCalls:
        """Inviting people to the unit; may build the engine, so ask for it in a job."""
        ...

    @property
    def installing(self) -> InstallingCalls:
        """Choosing the workspace and installing the app there; ask for it in a job."""
        ...

    @property
    def live_check(self) -> LiveCheckCalls:
        """Why nothing happens; ask for it in a job."""
        ...

    def open_browser(self, url: str) -> bool:
        """Open a page in the person's browser; False where none started; `UNSAFE_ADDRESS`."""
        ...

    def permissions(self) -> Sequence[PermissionView]:
        """What Google will be asked for."""
        ...

    def authorize(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """Authorize in the browser, check, connect, and wait until the service says active.

        Events: `BrowserWaiting`, `CheckRunning`, `FindingView`, `WaitingForService`. A check
        that failed is in the view, not raised; raised is what kept the checks from running.
        Where the view `needs_confirmation`, nothing was made at the service.
        """
        ...

    def connect_anyway(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """Go on with the directory that `authorize` asked about, without the browser.

        Events as there. What is raised may be tried again; `Trouble(SIGN_IN_NEEDED)` where
        nothing is asked, or unit or person are others by now.
        """
        ...

    def decline_connection(self, cancel: Cancel) -> None:
        """It is not theirs: end the authorization at Google and forget it; nothing asked: nothing.

        An authorization that can't be ended at Google now is forgotten all the same.
        """
        ...

    def wait_until_active(self, listen: Listen, cancel: Cancel) -> AuthorizedView:
        """Wait for a connection that was made before, without the browser; its view has no checks.

        Events: `WaitingForService`. Raises `Trouble`: connection-not-active, connection-failed,
        app-not-installed.
        """
        ...

    def settings(self, cancel: Cancel) -> SettingsView:
        """The settings from the service."""
        ...

    def save_settings(self, draft: ProvisioningSettings, cancel: Cancel) -> SettingsView:
        """Save a draft; `Trouble(SETTINGS_CHANGED)` where somebody else saved in between."""
        ...

    def preview(
        self, draft: ProvisioningSettings | None, listen: Listen, cancel: Cancel
    ) -> PreviewView:
        """Plan without writing, with a draft or the service's settings; events: `RunProgress`."""
        ...

    def last_preview(self) -> PreviewView | None:
        """The newest preview that is still stored."""
        ...

    def plan_rows(
        self,
        run_id: str,
        *,
        kinds: frozenset[PlanKind],
        search: str,
        offset: int,
        limit: int,
    ) -> tuple[Sequence[PersonPlan], int]:
        """A window of the plan's rows and how many match; no kinds: all. Not on the GUI thread."""
        ...

    def save_plan(self, run_id: str, path: Path) -> int:
        """Write the plan as CSV, cells that a spreadsheet would run quoted; how many rows."""
        ...

    def held(self) -> tuple[HeldView, ...]:
        """What a person may approve of the newest plan of a run; () for nothing. Reads the disk."""
        ...

    def held_rows(
        self, run_id: str, kind: HeldKind, *, search: str, offset: int, limit: int
    ) -> tuple[Sequence[PersonPlan], int]:
        """A window of those whom the guard holds, and how many match. Reads the disk."""
        ...

    def approve(self, run_id: str, kind: HeldKind, typed: int, cancel: Cancel) -> None:
        """Let the next run go on with these people, once and within a day; `typed` is how many.

        `Trouble(APPROVAL_OUTDATED)` when so many are not held there, or no longer.
        """
        ...

    def reports(self, limit: int = 50) -> Sequence[RunReport]:
        """The newest runs first, those of earlier starts too. Reads the disk."""

    def problems(self, run_id: str) -> Sequence[ProblemView]:
        """People that a run could not put right."""

    @property
    def previews(self) -> PreviewCalls:
        """More about previews; may build the engine, so ask for it in a job."""
        ...

    @property
    def drafts(self) -> DraftCalls:
        """The settings draft; may read the disk, so ask for it in a job."""
        ...

    @property
    def scoping(self) -> ScopingCalls:
        """Choosing who is synced; may read the disk, so ask for it in a job."""
        ...

    @property
    def people(self) -> PeopleCalls:
        """Everybody whom the sync knows; reads the disk, so ask for it in a job."""
        ...

    @property
    def undoing(self) -> UndoingCalls:
        """Taking past runs back; may read the disk, so ask for it in a job."""
        ...

    @property
    def checking(self) -> CheckingCalls:
        """Checks, the support file and the helpdesk report; imports much, so ask in a job."""
        ...

    @property
    def placing(self) -> PlacingCalls:
        """Choosing the computer that syncs; may read the disk, so ask for it in a job."""
        ...

    def take_over(self, cancel: Cancel) -> ConnectionView:
        """Make this computer the one that syncs, in place of another; a person was asked.

        It is logged. The next run looks at every account anew. Raises `Trouble`.
        """

    @property
    def home(self) -> HomeCalls:
        """How things stand, the runs and the connections; ask for it in a job."""
        ...

    @property
    def background(self) -> BackgroundCalls:
        """What the background sync does without a window, and what could not be saved."""
        ...

    @property
    def schedule(self) -> SyncSchedule:
        """The background sync; the first sync runs there too, by `run_now(Trigger.FIRST)`."""
        ...

    def close(self) -> None:
        """Stop everything that runs and wait for it."""
        ...
