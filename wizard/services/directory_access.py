"""The Google directory as this computer may read it: its tokens, and readers over them."""

from __future__ import annotations

import logging
import threading

from wizard.auth.code_flow import CodeFlow
from wizard.auth.tokens import TokenSet, TokenSource
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.net.api import Api
from wizard.net.bearer import Bearer, FixedBearer
from wizard.providers.google.permissions import DIRECTORY_SCOPES, directory_rights
from wizard.providers.google.reader import GoogleReader, directory_api, directory_budget
from wizard.providers.google.sign_in import GoogleAccount, GoogleSignIn
from wizard.providers.google.tokens import GoogleRefresher
from wizard.services.ground import Ground
from wizard.vault.names import entry_name

__all__ = ["DirectoryAccess"]

log = logging.getLogger(__name__)


class DirectoryAccess:
    """Google, for one profile. Safe to use from any thread.

    An authorization belongs to one unit and one customer, never to a person: another admin of
    the same customer may renew it.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._google = ground.profile.google
        self._sign_in = GoogleSignIn(ground.net, self._google, clock=ground.clock)
        self._budget = directory_budget(ground.clock)
        self._lock = threading.Lock()
        self._sources: dict[str, TokenSource] = {}
        self._apis: dict[str, Api] = {}

    @property
    def proxy(self) -> str:
        """The proxy on the way to Google, '' for none."""
        return self._ground.net.proxy_in_use(self._google.api).shown

    def sign_in(self, flow: CodeFlow, cancel: Cancel, *, login_hint: str) -> GoogleAccount:
        """Let an admin sign in; nothing is kept yet."""
        return self._sign_in.sign_in(flow, cancel, login_hint=login_hint)

    def revoke(self, tokens: TokenSet, cancel: Cancel) -> None:
        """End an authorization at Google, too."""
        self._sign_in.revoke(tokens, cancel)

    def keep(self, answers: Answers, customer_id: str, tokens: TokenSet, cancel: Cancel) -> None:
        """Keep an authorization that passed its checks."""
        self._source(answers, customer_id, cancel).keep(tokens, cancel)
        # Whoever authorizes here sets it up here again, wherever it was moved before.
        self._ground.moved.clear()

    def may_read(self, answers: Answers, customer_id: str, cancel: Cancel) -> bool:
        """Whether an authorization for this customer is kept here."""
        return self._source(answers, customer_id, cancel).tokens() is not None

    def end(self, answers: Answers, cancel: Cancel, *, revoke: bool) -> bool:
        """Forget this unit's authorization; whether Google was told, too, and took it.

        Google ends all that a person allowed this program at once: where another unit here lives
        on an authorization, nothing is revoked. What Google can't be told now is forgotten all
        the same, for it is of no more use to anybody on this computer.
        """
        source = self._source(answers, answers.customer_id, cancel)
        tokens = source.tokens()
        own = _entry(answers, answers.customer_id)
        kept = self._ground.vault(cancel).names()
        shared = any(name.startswith("google/") and name != own for name in kept)
        told = False
        if tokens is not None and revoke and not shared:
            try:
                self.revoke(tokens, cancel)
                told = True
            except Trouble as trouble:
                if trouble.code is Code.CANCELLED:
                    raise
                log.info("the authorization could not be ended at Google: %s", trouble.code)
        source.forget(cancel)
        with self._lock:
            self._sources.pop(own, None)
            self._apis.pop(own, None)
        return told

    def kept_reader(self, answers: Answers, cancel: Cancel) -> tuple[GoogleReader, frozenset[str]]:
        """A reader with what is kept, and what was allowed; `Trouble(SIGN_IN_NEEDED)`."""
        reader = self.reader(answers, cancel)
        tokens = self._source(answers, answers.customer_id, cancel).tokens()
        granted = tokens.scopes if tokens is not None else frozenset()
        return reader, granted or DIRECTORY_SCOPES

    def rights(self, answers: Answers, customer_id: str, cancel: Cancel) -> frozenset[str]:
        """The rights of the authorization that is kept here; none where none is."""
        tokens = self._source(answers, customer_id, cancel).tokens()
        if tokens is None:
            return frozenset()
        return directory_rights(tokens.scopes or DIRECTORY_SCOPES)

    def trial_reader(self, account: GoogleAccount) -> GoogleReader:
        """A reader for somebody who has just signed in, before anything is kept."""
        api = self._api(FixedBearer(account.tokens.access_token))
        return self._reader(api, account.address, account.granted)

    def reader(self, answers: Answers, cancel: Cancel) -> GoogleReader:
        """See `syncing.Access.reader`."""
        source = self._source(answers, answers.customer_id, cancel)
        tokens = source.tokens()
        if tokens is None:
            raise Trouble(Code.SIGN_IN_NEEDED, connection="google")
        entry = _entry(answers, answers.customer_id)
        with self._lock:
            if entry not in self._apis:
                self._apis[entry] = self._api(source)
            api = self._apis[entry]
        return self._reader(api, answers.authorized_as, tokens.scopes or DIRECTORY_SCOPES)

    def _source(self, answers: Answers, customer_id: str, cancel: Cancel) -> TokenSource:
        vault = self._ground.vault(cancel)
        entry = _entry(answers, customer_id)
        with self._lock:
            if entry not in self._sources:
                self._sources[entry] = TokenSource(
                    vault=vault,
                    entry=entry,
                    refresher=GoogleRefresher(self._ground.net, self._google),
                    clock=self._ground.clock,
                )
            return self._sources[entry]

    def _api(self, bearer: Bearer) -> Api:
        return directory_api(self._ground.net, self._google.api, bearer, self._budget)

    def _reader(self, api: Api, address: str, granted: frozenset[str]) -> GoogleReader:
        def requests_so_far() -> int:
            host = self._ground.net.traffic.snapshot().get(api.host)
            return host.requests if host is not None else 0

        return GoogleReader(api, address=address, granted=granted, requests_so_far=requests_so_far)


def _entry(answers: Answers, customer_id: str) -> str:
    return entry_name("google", answers.ou_id, customer_id)
