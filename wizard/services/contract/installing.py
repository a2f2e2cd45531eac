"""Choosing the workspace and installing the service's app there: the calls and their views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.directory import ProviderId
from wizard.core.trouble import Trouble
from wizard.services.contract.views import Listen

__all__ = ["AppLooked", "AppView", "InstallingCalls", "WorkspacesView"]


@dataclass(frozen=True, kw_only=True)
class WorkspacesView:
    """What can be connected, and the domain that is likely theirs.

    `domain` is what was named before, else `suggested`, the domain of the signed-in `address`;
    '' where that is a public mail service, which is then `public`.
    """

    providers: tuple[ProviderId, ...]
    address: str
    domain: str
    suggested: str = ""
    public: str = ""


@dataclass(frozen=True, kw_only=True)
class AppView:
    """The service's app in the workspace's store.

    `url` is its page there ('' where the profile names none), `seen` whether the service can
    be asked for it: else the person's word has to do. `client_id` is what an admin trusts on the
    page `console_url`; it belongs to this program's sign-in.
    """

    name: str
    service: str
    url: str
    seen: bool
    client_id: str = ""
    console_url: str = ""


@dataclass(frozen=True, kw_only=True)
class AppLooked:
    """Event: the service was asked; `next_at` is when it will be again.

    `trouble` is why it could not be asked this time; None: it answered, and sees no app.
    """

    at: datetime
    next_at: datetime
    trouble: Trouble | None = None


class InstallingCalls(Protocol):
    """See `Workbench.installing`. Every call belongs into a job."""

    def workspaces(self, cancel: Cancel) -> WorkspacesView:
        """What can be connected; asks nobody."""
        ...

    def choose(self, provider: ProviderId, domain: str, cancel: Cancel) -> None:
        """This workspace, with this domain (as `wizard.core.domains.read_domain` gives it).

        Another domain than before forgets what was said of the app there.
        """
        ...

    def app(self, cancel: Cancel) -> AppView:
        """What is to be installed; asks nobody."""
        ...

    def open_page(self, cancel: Cancel) -> bool:
        """Open the app's page in the person's browser; False where none started."""
        ...

    def look(self, cancel: Cancel) -> bool:
        """Ask the service once; what it sees is kept in the answers."""
        ...

    def wait(self, listen: Listen, cancel: Cancel) -> None:
        """Ask the service until it sees the app, ever more seldom; events: `AppLooked`.

        A service that can't be reached is asked again; raised is only what asking again can't
        put right, such as `Trouble(SIGN_IN_NEEDED)`, and `Trouble(CANCELLED)`.
        """
        ...

    def claim(self, cancel: Cancel) -> None:
        """The person says that it is installed, though nobody has seen it; authorizing tells."""
        ...
