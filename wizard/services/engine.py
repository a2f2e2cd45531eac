"""The parts behind a workbench that need network, keyring or database, put together once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from wizard.core.cancel import Cancel
from wizard.core.runs import RunReport
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Place
from wizard.net.proxies import ProxyMode as NetProxyMode
from wizard.net.proxies import ProxySettings
from wizard.providers.registry import known_providers
from wizard.services.access import ServiceAccess
from wizard.services.contract import ConnectionView, NetworkView, ProxyMode
from wizard.services.desk_reporting import DeskReporting
from wizard.services.drafts import Drafts
from wizard.services.ground import Ground
from wizard.services.hand_over import HandOver
from wizard.services.holding import Holding
from wizard.services.home import Home
from wizard.services.installing import Installing
from wizard.services.inviting import Inviting
from wizard.services.live_check import LiveCheck
from wizard.services.moving import Moving
from wizard.services.people import People
from wizard.services.placing import Placing
from wizard.services.previews import Previews
from wizard.services.provisioning import Provisioning
from wizard.services.scoping import Scoping
from wizard.services.setup import SetUp
from wizard.services.sign_in import SignIn
from wizard.services.syncing import Syncing
from wizard.services.told_runs import ToldRuns
from wizard.services.undoing import Undoing
from wizard.services.views import connection_view
from wizard.services.workspace import Workspace
from wizard.sync.match import distrust_links
from wizard.sync.runs import reports

__all__ = ["Engine"]

log = logging.getLogger(__name__)


class Engine:
    """Made off the GUI thread. Its parts share one ground and one set-up."""

    def __init__(self, ground: Ground, set_up: SetUp) -> None:
        self.ground = ground
        self._set_up = set_up
        self.access = ServiceAccess(ground)
        self.sign_in = SignIn(ground, set_up, self.access)
        self.inviting = Inviting(set_up, self.access, ground.clock)
        self.hand_over = HandOver(ground, set_up, self.access)
        self.installing = Installing(
            set_up,
            self.access,
            profile=ground.profile,
            providers=known_providers(),
            clock=ground.clock,
            open_browser=ground.browser.open,
        )
        self.workspace = Workspace(ground, set_up, self.access)
        self.syncing = Syncing(ground, set_up, self.access)
        self.provisioning = Provisioning(ground, set_up, self.access, self.syncing)
        self.drafts = Drafts(set_up, self.provisioning)
        self.scoping = Scoping(
            ground, set_up, self.access, self.syncing, self.provisioning, self.drafts
        )
        self.previews = Previews(
            set_up, self.access, self.syncing, self.provisioning, self.drafts, ground.clock
        )
        self.holding = Holding(ground, set_up, self.syncing)
        self.people = People(ground, set_up, self.access, self.syncing, self.provisioning)
        self.home = Home(
            *(ground, set_up, self.access, self.syncing),
            previews=self.previews,
            holding=self.holding,
            people=self.people,
        )
        self.desk = DeskReporting(ground, set_up, self.syncing, self.people, self.home.facts)
        self.syncing.after = self.desk.after
        self.live_check = LiveCheck(
            set_up,
            self.access,
            clock=ground.clock,
            installation_id=ground.installation.id,
            last_report=self.syncing.last_report,
            taken_back=self.syncing.taken_back,
        )
        self.undoing = Undoing(ground, set_up, self.syncing)
        self.told_runs = ToldRuns(set_up, self.syncing)
        self.placing = Placing(ground, set_up, self.access, self.syncing)
        self.moving = Moving(ground, set_up, self.access, self.syncing)

    @property
    def notices(self) -> Sequence[Trouble]:
        """What was put right on the way, such as a damaged file that was set aside."""
        return (*self.ground.notices, *self.syncing.set_aside)

    def network(self, cancel: Cancel) -> NetworkView:
        """See `Workbench.network`."""
        self.ground.ready_proxy(cancel)
        answers = self.access.anyone().answers(cancel)
        in_use = self.ground.net.proxy_in_use(self.ground.profile.service.api)
        return NetworkView(
            mode=ProxyMode(self.ground.proxy.mode.value), proxy=in_use.shown, answers=answers
        )

    def set_proxy(self, mode: ProxyMode, address: str) -> None:
        """See `Workbench.set_proxy`."""
        proxy = ProxySettings(mode=NetProxyMode(mode.value), address=address)
        self.ground.use_proxy(proxy, Cancel())

    def take_over(self, cancel: Cancel) -> ConnectionView:
        """See `Workbench.take_over`: take the syncer lease from another computer."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            raise Trouble(Code.CONNECTION_NOT_ACTIVE, problem="none")
        service = self.access.as_sync(answers, cancel)
        here = self.ground.installation
        # The other computer has written since; what is known of accounts here may be old. First
        # of all: a crash must not leave the lease here with links from before it.
        distrust_links(self.syncing.database(answers))
        service.hold_lease(
            answers.ou_id,
            answers.organization_account_id,
            installation_id=here.id,
            host=here.host,
            person=answers.signed_in_as or here.person or here.host,
            take_over=True,
            cancel=cancel,
        )
        log.info("this computer took over the sync of %s", answers.ou_id)
        self._set_up.happened(
            lambda known: replace(known, place=Place.THIS_COMPUTER, place_ready=True)
        )
        account = service.organization_account(
            answers.ou_id, answers.organization_account_id, cancel
        )
        return connection_view(account, here.id, self.ground.clock.now())

    def reports(self, limit: int) -> Sequence[RunReport]:
        """The newest runs of the connection."""
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return ()
        return reports(self.syncing.database(answers), limit=limit)

    def close(self) -> None:
        """Close databases and connections; nothing may run any more."""
        self.syncing.close()
        self.ground.close()
