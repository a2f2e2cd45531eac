"""The account service as a person and as a sync see it, with the secrets behind both."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from wizard.accounts.base import AccountService, UserAccounts
from wizard.accounts.registry import open_service
from wizard.auth.code_flow import CodeFlow
from wizard.auth.openid import OpenIdClient, OpenIdSettings
from wizard.auth.tokens import TokenSet, TokenSource
from wizard.core.cancel import Cancel
from wizard.core.network_troubles import NETWORK_TROUBLES
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.net.bearer import Bearer, FixedBearer
from wizard.providers.base import DirectoryReader
from wizard.services.directory_access import DirectoryAccess
from wizard.services.ground import Ground
from wizard.services.keeping import forget_sign_ins
from wizard.services.made_tokens import MadeTokens
from wizard.vault.names import entry_name
from wizard.vault.vault import Vault

__all__ = ["ServiceAccess"]

log = logging.getLogger(__name__)
_PATIENCE = 10.0
"""Seconds for ending a sign-in that was replaced."""


class ServiceAccess:
    """One account service on one ground. Safe to use from any thread."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        service = ground.profile.service
        self._openid = OpenIdClient(
            ground.net,
            OpenIdSettings(
                issuer=service.issuer, client_id=service.client_id, trusted=(service.api,)
            ),
            clock=ground.clock,
        )
        self.directory = DirectoryAccess(ground)
        self._lock = threading.Lock()
        self._source: TokenSource | None = None
        self._person: AccountService | None = None
        self._syncs: dict[str, AccountService] = {}
        self._users: dict[tuple[str, str, str, bool], UserAccounts] = {}

    # ------------------------------------------------------------ the person

    def anyone(self) -> AccountService:
        """The service for whom nobody has signed in, to ask whether it answers."""
        return self._seen_with(FixedBearer(""))

    def source(self, cancel: Cancel) -> TokenSource:
        """The person's tokens."""
        vault = self._ground.vault(cancel)
        with self._lock:
            if self._source is None:
                self._source = TokenSource(
                    vault=vault,
                    entry=f"service/{self._ground.profile.id}",
                    refresher=self._openid,
                    clock=self._ground.clock,
                )
            return self._source

    def sign_in(
        self,
        flow: CodeFlow,
        cancel: Cancel,
        *,
        create: bool,
        check: Callable[[AccountService, Cancel], None],
    ) -> None:
        """Sign in, or up, and keep the tokens once `check` has seen who it is.

        `check` gets the service as this person sees it. What it raises leaves everything as it
        was: whoever was signed in before still is. Else that sign-in is ended at the service, and
        `Trouble(SIGN_IN_EXPIRED)` says where the service ended the new one by that, too.
        """
        source = self.source(cancel)
        tokens = self._openid.sign_in(flow, cancel, create=create).tokens
        try:
            check(self._seen_with(FixedBearer(tokens.access_token)), cancel)
            cancel.check()
        except Trouble as trouble:
            if trouble.code not in NETWORK_TROUBLES:
                self._end_sign_in(tokens, Cancel())
            raise
        replaced = source.keep(tokens, Cancel())
        # A provider that knows the person may have given the same ones again.
        if replaced is not None and not _same(replaced, tokens):
            self._end_replaced(replaced, cancel)
            self._still_there(source, tokens, cancel)

    def _end_replaced(self, tokens: TokenSet, cancel: Cancel) -> None:
        """End the sign-in that another one took the place of: nobody has its tokens anymore.

        Whoever still goes on with its access token, a sync in another process, finds the new ones
        in the vault. A service that does not answer must not keep anybody from signing in.
        """
        try:
            with cancel.at_most(_PATIENCE) as brief:
                self._end_sign_in(tokens, brief)
        except Trouble as trouble:
            log.info("the sign-in before this one was not ended: %s", trouble.code)

    def _still_there(self, source: TokenSource, tokens: TokenSet, cancel: Cancel) -> None:
        """Make certain that the new sign-in outlived the end of the one before it.

        A service may end the whole session with one of its tokens (RFC 7009 section 2.1 lets it),
        and which tokens share one can't be seen from here. A copy of the old ones that stayed good
        would be worse, so they end all the same; somebody who would have been signed out by that
        hears it now, not in the middle of a sync. Only new tokens prove it: access tokens may
        still be taken for a while.
        """
        if not tokens.refresh_token:
            return
        source.rejected(tokens.access_token)
        try:
            # In the network's own time: an answer that is cut off may have used the token up.
            source.token(cancel)
        except Trouble as trouble:
            if trouble.code is Code.SIGN_IN_EXPIRED:
                # The next sign-in has nothing left to end, and stays.
                source.forget(Cancel())
                raise
            log.info("whether the new sign-in is still there is not known: %s", trouble.code)

    def _end_sign_in(self, tokens: TokenSet, cancel: Cancel) -> None:
        """End a sign-in at the service; raises nothing but `Trouble(CANCELLED)`."""
        try:
            self._openid.revoke(tokens, cancel)
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            # What is forgotten here is of no more use to anybody on this computer.
            log.info("the sign-in could not be ended at the service: %s", trouble.code)

    def _seen_with(self, bearer: Bearer) -> AccountService:
        service = self._ground.profile.service
        return open_service(
            service.kind.value,
            self._ground.net,
            service.api,
            bearer=bearer,
            clock=self._ground.clock,
        )

    def sign_out(self, cancel: Cancel) -> None:
        """End the person's sign-in, there and here; the sync goes on with its own token."""
        source = self.source(cancel)
        tokens = source.tokens()
        if tokens is not None:
            self._end_sign_in(tokens, cancel)
        source.forget(cancel)

    def is_signed_in(self, cancel: Cancel) -> bool:
        """Whether the person's tokens are kept here; asks nobody but the vault."""
        return self.source(cancel).tokens() is not None

    def as_person(self, cancel: Cancel) -> AccountService:
        """See `syncing.Access.as_person`."""
        source = self.source(cancel)
        if source.tokens() is None:
            raise Trouble(Code.SIGN_IN_NEEDED, connection="service")
        with self._lock:
            if self._person is None:
                self._person = self._seen_with(source)
            return self._person

    # ------------------------------------------------------------ the directory

    def reader(self, answers: Answers, cancel: Cancel) -> DirectoryReader:
        """See `syncing.Access.reader`."""
        return self.directory.reader(answers, cancel)

    def may_read(self, answers: Answers, customer_id: str, cancel: Cancel) -> bool:
        """See `sign_in.SignInAccess.may_read`."""
        return self.directory.may_read(answers, customer_id, cancel)

    # ------------------------------------------------------------ the sync

    def as_sync(self, answers: Answers, cancel: Cancel) -> AccountService:
        """See `syncing.Access.as_sync`."""
        self.refuse_moved(cancel)
        return self._sync_with(self.provisioning_token(answers, cancel))

    def as_moved_in(self, token: str) -> AccountService:
        """The same with the token that is moved in; nothing is kept of it."""
        return self._sync_with(token)

    def refuse_moved(self, cancel: Cancel) -> None:
        """Raise `Trouble(MOVED_AWAY)` where the set-up was moved to another computer.

        Sign-ins that a crash left here go first: they are the other computer's.
        """
        moved = self._ground.moved.known()
        if moved is None:
            return
        if not moved.left:
            forget_sign_ins(self._ground.vault(cancel), cancel)
            self._ground.moved.remember(replace(moved, left=True))
        raise moved.trouble()

    def _sync_with(self, token: str) -> AccountService:
        with self._lock:
            known = self._syncs.get(token)
            if known is None:
                # Any view of the service can make the sync's; the person need not be signed in.
                known = self._seen_with(FixedBearer(token)).as_sync(token)
                self._syncs = {token: known}
            return known

    def users(self, answers: Answers, cancel: Cancel, *, read_only: bool) -> UserAccounts:
        """See `syncing.Access.users`."""
        token = self.provisioning_token(answers, cancel)
        key = (token, answers.ou_id, answers.organization_account_id, read_only)
        sync = self._sync_with(token)
        with self._lock:
            known = self._users.get(key)
            if known is None:
                known = sync.users(
                    answers.ou_id,
                    answers.organization_account_id,
                    token=token,
                    installation_id=self._ground.installation.id,
                    read_only=read_only,
                )
                self._users[key] = known
            return known

    def provisioning_token(self, answers: Answers, cancel: Cancel) -> str:
        """The connection's provisioning token, made once by the signed-in person.

        Raises `Trouble(SIGN_IN_NEEDED)` where there is none and nobody is signed in.
        """
        vault = self._ground.vault(cancel)
        entry = entry_name("provisioning", answers.organization_account_id)
        with vault.locked(entry, cancel), cancel.unpaused() as unpaused:
            kept = vault.get_text(entry)
            if kept:
                return kept
            return self._make_token(answers, vault, entry, unpaused)

    def _make_token(self, answers: Answers, vault: Vault, entry: str, cancel: Cancel) -> str:
        """Make a token and keep it, with its entry held; the older ones end then."""
        person = self.as_person(cancel)
        made = person.create_provisioning_token(
            answers.ou_id,
            answers.organization_account_id,
            label=self._ground.installation.host,
            cancel=cancel,
        )
        vault.set(entry, made.secret)
        log.info("a provisioning token was made: %s", made.id)
        self._end_older(person, answers, made.id, cancel)
        return made.secret

    def _end_older(
        self, person: AccountService, answers: Answers, made: str, cancel: Cancel
    ) -> None:
        """End the tokens that this installation made before: nobody has their secrets anymore.

        Each start that keeps secrets in memory makes a token, and none may outlive its use by
        long. What can't be ended now is tried again with the next token.
        """
        ou, account = answers.ou_id, answers.organization_account_id
        tokens = MadeTokens(self._ground.unit_folder(ou))
        left = [made]
        try:
            older = [one for one in tokens.of(account) if one != made]
            tokens.remember(account, [*older, made])
            for number, one in enumerate(older):
                left = [*older[number:], made]
                person.revoke_provisioning_token(ou, account, one, cancel)
                log.info("a provisioning token made here before was ended: %s", one)
            tokens.remember(account, [made])
        except Trouble as trouble:
            # The new token works all the same, and the ids are known for the next time.
            log.warning("%s older tokens could not be ended: %s", len(left) - 1, trouble.code)

    def forget_provisioning_token(self, answers: Answers, cancel: Cancel) -> None:
        """Forget the connection's token here; the service ends it with the connection."""
        vault = self._ground.vault(cancel)
        entry = entry_name("provisioning", answers.organization_account_id)
        with vault.locked(entry, cancel):
            vault.delete(entry)
        with self._lock:
            self._syncs.clear()
            self._users.clear()

    def renew_all(self, answers: Answers, cancel: Cancel) -> None:
        """Change the person's tokens and the provisioning token; copies of them end by that.

        Raises `Trouble` (sign-in-needed, sign-in-expired, those of network, vault and disk); what
        was not changed goes on working.
        """
        source = self.source(cancel)
        tokens = source.tokens()
        if tokens is None:
            raise Trouble(Code.SIGN_IN_NEEDED, connection="service")
        source.rejected(tokens.access_token)
        source.token(cancel)
        vault = self._ground.vault(cancel)
        entry = entry_name("provisioning", answers.organization_account_id)
        with vault.locked(entry, cancel), cancel.unpaused() as unpaused:
            self._make_token(answers, vault, entry, unpaused)
        with self._lock:
            self._syncs.clear()
            self._users.clear()

    def forget_copies(self, answers: Answers, cancel: Cancel) -> None:
        """Forget every token here, also those in memory; the other sides are not told."""
        self.source(cancel).forget(cancel)
        self.directory.end(answers, cancel, revoke=False)
        self.forget_provisioning_token(answers, cancel)

    def renew_provisioning_token(self, answers: Answers, cancel: Cancel) -> None:
        """Forget a token that the service no longer takes, and make another; authorizing does."""
        vault = self._ground.vault(cancel)
        vault.delete(entry_name("provisioning", answers.organization_account_id))
        self.provisioning_token(answers, cancel)


def _same(before: TokenSet, now: TokenSet) -> bool:
    """Whether ending the one sign-in would end the other."""
    if before.refresh_token or now.refresh_token:
        return before.refresh_token == now.refresh_token
    return before.access_token == now.access_token
