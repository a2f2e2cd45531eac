"""The syncer lease while a run goes on: taken, renewed, and let go where it was left meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from wizard.accounts.base import AccountService
from wizard.core.cancel import Cancel
from wizard.core.runs import RunProgress
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.ground import Ground
from wizard.services.kept_settings import UNREADABLE
from wizard.sync.parts import Listen

__all__ = ["Lease"]

log = logging.getLogger(__name__)
_TRY_AGAIN = 30.0
"""Seconds until a lease that could not be renewed is tried again."""
_TO_SPARE = timedelta(minutes=2)
"""A lease that ends sooner than this is as good as gone: a batch may still be under way."""
_RENEWALS = 4
"""A lease is renewed this many times within its life while a run goes on."""


class Lease:
    """The syncer lease of one run, renewed by its progress.

    `left` tells whether it was left to another computer meanwhile: it is renewed no more then.
    """

    def __init__(
        self,
        ground: Ground,
        service: AccountService,
        answers: Answers,
        cancel: Cancel,
        *,
        left: Callable[[], bool] = lambda: False,
    ) -> None:
        self._left = left
        self._ground = ground
        self._service = service
        self._answers = answers
        self._cancel = cancel.without_pause()
        self._renew_at: datetime | None = None
        self._ends_at: datetime | None = None

    def take(self, *, take_over: bool = False) -> None:
        """Take or renew it; `Trouble(NOT_THE_SYNCER)` names who holds it."""
        if self._ends_at is not None and not take_over and self._left():
            raise Trouble(Code.NOT_THE_SYNCER, retry_after=None)
        here = self._ground.installation
        lease = self._service.hold_lease(
            self._answers.ou_id,
            self._answers.organization_account_id,
            installation_id=here.id,
            host=here.host,
            person=self._answers.signed_in_as or here.person or here.host,
            take_over=take_over,
            cancel=self._cancel,
        )
        if take_over:
            log.info("this computer took over the sync of %s", self._answers.ou_id)
        now = self._ground.clock.now()
        self._ends_at = lease.expires_at
        self._renew_at = now + max(timedelta(seconds=1), (lease.expires_at - now) / _RENEWALS)

    def renewing(self, listen: Listen) -> Listen:
        """A listener that keeps the lease while the run tells how it goes on."""

        def heard(progress: RunProgress) -> None:
            if self._renew_at is not None and self._ground.clock.now() >= self._renew_at:
                self._renew()
            listen(progress)

        return heard

    def _renew(self) -> None:
        """Renew it; while it still lasts, a service that can't be reached is asked again later."""
        try:
            self.take()
        except Trouble as trouble:
            now = self._ground.clock.now()
            lasts = self._ends_at is not None and now + _TO_SPARE < self._ends_at
            if trouble.code not in UNREADABLE or not lasts:
                raise
            log.info("the lease could not be renewed yet: %s", trouble.code)
            self._renew_at = now + timedelta(seconds=max(_TRY_AGAIN, trouble.retry_after or 0.0))
