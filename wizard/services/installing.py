"""Choosing the workspace, and waiting until the account service sees its app installed there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from wizard.accounts.base import AccountService, Capability, Support
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock, to_text
from wizard.core.directory import ProviderId
from wizard.core.domains import domain_of, is_public_mail
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.profile.model import Profile
from wizard.services.contract import Listen
from wizard.services.contract.installing import AppLooked, AppView, WorkspacesView
from wizard.services.setup import SetUp

__all__ = ["Installing", "InstallingAccess"]

log = logging.getLogger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = 4.0, 60.0
_SLOWER = 1.4
_PATIENT_AFTER, _PATIENT_PAUSE = 30 * 60.0, 5 * 60.0
"""Seconds: who waits for half an hour waits for Google, and asking often would not help."""
_PASSES = frozenset(
    {
        Code.OFFLINE,
        Code.HOST_NOT_FOUND,
        Code.CONNECTION_REFUSED,
        Code.CONNECTION_LOST,
        Code.TIMED_OUT,
        Code.SERVICE_UNAVAILABLE,
        Code.RATE_LIMITED,
    }
)
"""What another look may well put right."""


class InstallingAccess(Protocol):
    """The account service, as far as this needs it."""

    def anyone(self) -> AccountService:
        """The service for whom nobody has signed in, to ask what it can do."""
        ...

    def as_person(self, cancel: Cancel) -> AccountService:
        """The service as the signed-in person sees it; `Trouble(SIGN_IN_NEEDED)`."""
        ...


class Installing:
    """See `InstallingCalls`. `providers` are the workspaces that can be connected."""

    def __init__(
        self,
        set_up: SetUp,
        access: InstallingAccess,
        *,
        profile: Profile,
        providers: tuple[ProviderId, ...],
        clock: Clock,
        open_browser: Callable[[str], bool],
    ) -> None:
        self._profile = profile
        self._clock = clock
        self._open_browser = open_browser
        self._set_up = set_up
        self._access = access
        self._providers = providers

    # ------------------------------------------------------------ the workspace

    def workspaces(self, cancel: Cancel) -> WorkspacesView:
        """See `InstallingCalls.workspaces`."""
        del cancel  # answered from memory
        answers = self._set_up.answers
        own = domain_of(answers.signed_in_as)
        public = own if is_public_mail(own) else ""
        suggested = "" if public else own
        return WorkspacesView(
            providers=self._providers,
            address=answers.signed_in_as,
            domain=answers.domain or suggested,
            suggested=suggested,
            public=public,
        )

    def choose(self, provider: ProviderId, domain: str, cancel: Cancel) -> None:
        """See `InstallingCalls.choose`."""
        del cancel  # only the answers' file is written
        if provider not in self._providers:
            raise ValueError(f"{provider} can't be connected")
        skipped = not self._has_app()

        def chosen(answers: Answers) -> Answers:
            if (provider, domain) != (answers.provider, answers.domain):
                answers = replace(answers, app_opened_at="", app_claimed=False, app_installed=False)
            return replace(
                answers,
                provider=provider,
                domain=domain,
                workspace_chosen=True,
                app_skipped=skipped,
            )

        self._set_up.happened(chosen)

    # ------------------------------------------------------------ the app

    def app(self, cancel: Cancel) -> AppView:
        """See `InstallingCalls.app`."""
        del cancel  # answered from memory
        profile = self._profile
        google = profile.google
        return AppView(
            name=google.app_name or profile.service_name,
            service=profile.service_name,
            url=google.marketplace,
            seen=self._can_be_seen(),
            client_id=google.client_id,
            console_url=google.admin_console if google.client_id else "",
        )

    def open_page(self, cancel: Cancel) -> bool:
        """See `InstallingCalls.open_page`; the first time is kept."""
        del cancel  # a browser starts by itself
        opened = self._open_browser(self._profile.google.marketplace)
        now = to_text(self._clock.now())
        self._set_up.happened(
            lambda answers: replace(answers, app_opened_at=answers.app_opened_at or now)
        )
        return opened

    def look(self, cancel: Cancel) -> bool:
        """See `InstallingCalls.look`."""
        answers = self._set_up.answers
        if not answers.ou_id:
            raise Trouble(Code.NO_ORGANIZATIONAL_UNIT)
        service = self._access.as_person(cancel)
        seen = service.app_installed(answers.ou_id, answers.provider, answers.domain, cancel)
        self._set_up.happened(lambda known: replace(known, app_installed=seen))
        return seen

    def wait(self, listen: Listen, cancel: Cancel) -> None:
        """See `InstallingCalls.wait`."""
        clock = self._clock
        began, pause = clock.monotonic(), _FIRST_PAUSE
        while True:
            trouble: Trouble | None = None
            try:
                if self.look(cancel):
                    log.info("the service sees its app")
                    return
            except Trouble as met:
                if met.code not in _PASSES:
                    raise
                trouble = met
            now = clock.now()
            listen(AppLooked(at=now, next_at=_after(now, pause), trouble=trouble))
            clock.sleep(pause, cancel)
            patient = clock.monotonic() - began > _PATIENT_AFTER
            pause = _PATIENT_PAUSE if patient else min(pause * _SLOWER, _LONGEST_PAUSE)

    def claim(self, cancel: Cancel) -> None:
        """See `InstallingCalls.claim`."""
        del cancel  # only the answers' file is written
        self._set_up.happened(lambda answers: replace(answers, app_claimed=True))

    def _can_be_seen(self) -> bool:
        can = self._access.anyone().capabilities
        return can.get(Capability.CONNECTIONS) is Support.AUTOMATIC

    def _has_app(self) -> bool:
        """Whether there is anything to install: a page that says so, or a service that looks."""
        google = self._profile.google
        return bool(google.marketplace or (google.app_name and self._can_be_seen()))


def _after(moment: datetime, seconds: float) -> datetime:
    return moment + timedelta(seconds=seconds)
