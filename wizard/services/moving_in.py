"""A set-up taken out of its file here: in an order in which any crash can be gone on from."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from wizard.accounts.base import AccountService
from wizard.core.cancel import Cancel
from wizard.core.files import replace_file
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, Place
from wizard.flow.graph import Walk
from wizard.services.access import ServiceAccess
from wizard.services.contract.moving import MovedInView
from wizard.services.ground import Ground
from wizard.services.keeping import SIGN_INS, forget_sign_ins, sign_ins
from wizard.services.lock import UnitLock, WindowLock
from wizard.services.move_file import About, Contents, read_contents
from wizard.services.moved import MovedIn
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.sync.match import distrust_links
from wizard.vault.names import entry_name
from wizard.vault.vault import Vault, VaultChoice

__all__ = ["BESIDE", "PATIENCE", "MovingIn"]

log = logging.getLogger(__name__)
PATIENCE = 60.0
"""Seconds until a run in another process should have let go of the folder."""
BESIDE = ("owners.json", "settings-versions.json", "tokens.json", "untold-runs.json")
"""What comes along of a unit's folder, beside the connection's database."""
_USED = frozenset({Code.PROVISIONING_TOKEN_REVOKED, Code.SIGN_IN_EXPIRED, Code.SIGN_IN_NEEDED})


@dataclass(frozen=True, kw_only=True)
class _Standing:
    """How far an earlier try with the same file came: `known` it was begun here, and the set-up is
    `placed`, in force on this computer. `files` are in their places, and newer than in the file.
    """

    known: bool
    placed: bool
    files: bool


class MovingIn:
    """Steps, and what a crash after each leaves. N is this computer, F the file.

    | after | who can sync | F, tried again on N |
    |---|---|---|
    | F was read and checked | nobody | begins |
    | the lease was taken, with F's own key | nobody | begins; N has the lease |
    | F was noted as begun | nobody | begins |
    | database and what is beside it lie in N's folder, not trusted | nobody | puts them anew |
    | sign-ins are in N's vault | nobody | keeps those that are there |
    | the set-up is on N's disk | N, where nothing was moved away from it | goes on behind that |
    | N's own note that it was moved away is gone | N | goes on behind that |
    | F was noted as settled | N | changes the tokens once more |
    | the tokens were changed | N alone has any that work | changes them once more |

    On a computer that the set-up once left, its note to have been moved away stands until
    everything else does, and keeps every sync there from beginning. A failure that is no crash puts
    back what came into vault, set-up and lease.
    """

    def __init__(
        self, ground: Ground, set_up: SetUp, access: ServiceAccess, syncing: Syncing
    ) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._syncing = syncing

    def move_in(self, path: Path, passphrase: str, cancel: Cancel) -> MovedInView:
        """See `MovingCalls.move_in`."""
        contents = read_contents(path, passphrase)
        about, answers = contents.about, contents.walk.answers
        if about.profile != self._ground.folder.name:
            raise Trouble(
                Code.MOVE_FILE_REFUSED, problem="other-profile", profile=about.profile_name
            )
        with self._no_window(cancel), self._alone(answers, cancel):
            self._set_up.look_again()
            standing = self._standing(contents)
            vault = self._ground.vault(cancel)
            if vault.choice is VaultChoice.MEMORY:
                raise Trouble(Code.MOVE_NOT_POSSIBLE, problem="nowhere-to-keep")
            service = self._access.as_moved_in(_key(contents, vault, standing))
            syncer = self._take_lease(service, about, answers, cancel)
            if not standing.placed:
                self._settle(contents, standing, vault, service, here=not syncer)
            self._note_settled(contents)
        renewed = self._renew(answers, cancel)
        log.info("the set-up of %s was moved in, from %s", answers.ou_id, about.host)
        return MovedInView(
            unit=answers.ou_name,
            from_host=about.host,
            syncs_here=not syncer,
            syncer=syncer,
            renewed=renewed,
        )

    # ------------------------------------------------------------ before anything is changed

    @contextmanager
    def _no_window(self, cancel: Cancel) -> Iterator[None]:
        """Keep windows of this profile from opening; one that is open saves what it knows."""
        lock = WindowLock(self._ground.folder, self._ground.clock)
        with lock.without_window(cancel):
            yield

    @contextmanager
    def _alone(self, answers: Answers, cancel: Cancel) -> Iterator[None]:
        folder = self._ground.unit_folder(answers.ou_id)
        with UnitLock(folder, self._ground.clock).holding(cancel, seconds=PATIENCE):
            yield

    def _mark(self, answers: Answers) -> MovedIn:
        return MovedIn(self._ground.unit_folder(answers.ou_id))

    def _standing(self, contents: Contents) -> _Standing:
        """How far it came before; raises `Trouble` where this file may not be moved in here."""
        answers, known = contents.walk.answers, self._set_up.answers
        mark, file = self._mark(answers), contents.about.id
        begun, settled = mark.begun(file), mark.settled(file)
        moved = self._ground.moved.known()
        if moved is not None:
            if settled:
                # It was here, and has gone on from here since.
                raise Trouble(Code.MOVE_FILE_REFUSED, problem="used")
            return _Standing(known=begun, placed=False, files=False)
        same = known.ou_id == answers.ou_id
        if known.ou_id and not (same and (begun or settled)):
            raise Trouble(Code.MOVE_FILE_REFUSED, problem="set-up-here", name=known.ou_name)
        return _Standing(known=begun or settled, placed=bool(known.ou_id), files=settled)

    # ------------------------------------------------------------ the lease

    def _take_lease(
        self, service: AccountService, about: About, answers: Answers, cancel: Cancel
    ) -> str:
        """Take the lease from the old computer, or from nobody; who else holds it, '' for us."""
        try:
            return self._hold(service, about, answers, cancel)
        except Trouble as trouble:
            if trouble.code in _USED:
                raise Trouble(Code.MOVE_FILE_REFUSED, problem="used") from trouble
            raise

    def _hold(self, service: AccountService, about: About, answers: Answers, cancel: Cancel) -> str:
        account = service.organization_account(
            answers.ou_id, answers.organization_account_id, cancel
        )
        here, lease = self._ground.installation, account.syncer
        held = lease is not None and lease.expires_at > self._ground.clock.now()
        if (
            lease is not None
            and held
            and lease.installation_id not in {here.id, about.installation}
        ):
            return lease.host
        service.hold_lease(
            answers.ou_id,
            answers.organization_account_id,
            installation_id=here.id,
            host=here.host,
            person=answers.signed_in_as or here.person or here.host,
            take_over=held,
            cancel=cancel,
        )
        return ""

    # ------------------------------------------------------------ into its place

    def _settle(
        self,
        contents: Contents,
        standing: _Standing,
        vault: Vault,
        service: AccountService,
        *,
        here: bool,
    ) -> None:
        """Put everything into its place, in the order of the table.

        Nothing of it waits long, and so it is not cancelled.
        """
        walk = self._set_up.walk
        secrets: dict[str, bytes] = {}
        answers = replace(
            contents.walk.answers,
            place=Place.THIS_COMPUTER if here else None,
            place_ready=here,
            kept_elsewhere=not here,
        )
        try:
            self._forget_left(vault)
            secrets = _kept(vault)
            self._mark(answers).remember(contents.about.id, settled=standing.files)
            if not standing.files:
                self._put_files(contents, answers)
            _keep(vault, contents.secrets, anew=not standing.known)
            self._set_up.go(replace(contents.walk, answers=answers))
            self._set_up.flush()
            self._ground.moved.clear()
        except Trouble:
            self._put_back(walk, vault, secrets)
            if here:
                self._let_others(service, answers)
            raise

    def _forget_left(self, vault: Vault) -> None:
        """Forget what a crash of moving out left here: it is older than what the file holds."""
        moved = self._ground.moved.known()
        if moved is not None and not moved.left:
            forget_sign_ins(vault, Cancel())
            self._ground.moved.remember(replace(moved, left=True))

    def _put_files(self, contents: Contents, answers: Answers) -> None:
        folder = self._ground.unit_folder(answers.ou_id)
        self._syncing.erase(answers)
        for name in (*BESIDE, f"{answers.provider.value}.db"):
            if name in contents.files:
                replace_file(folder / name, contents.files[name])
        # Between the two computers anybody may have written.
        distrust_links(self._syncing.database(answers))

    def _put_back(self, walk: Walk, vault: Vault, secrets: Mapping[str, bytes]) -> None:
        """After a failure nothing is set up here that was not."""
        try:
            self._set_up.go(walk)
            self._set_up.flush()
            for name in sign_ins(vault):
                with vault.locked(name, Cancel()):
                    if name in secrets:
                        vault.set(name, secrets[name])
                    else:
                        vault.delete(name)
        except Trouble as trouble:
            # The same file goes on from wherever this stands.
            log.warning("what was moved in could not be put back: %s", trouble.code)

    def _let_others(self, service: AccountService, answers: Answers) -> None:
        try:
            service.give_up_lease(
                answers.ou_id,
                answers.organization_account_id,
                installation_id=self._ground.installation.id,
                cancel=Cancel(),
            )
        except Trouble as trouble:
            log.info("the lease could not be given up: %s", trouble.code)

    def _note_settled(self, contents: Contents) -> None:
        """Note that the file is of no more use elsewhere; it is in force either way."""
        try:
            self._mark(contents.walk.answers).remember(contents.about.id, settled=True)
        except Trouble as trouble:
            log.info("that the file was moved in could not be noted: %s", trouble.code)

    def _renew(self, answers: Answers, cancel: Cancel) -> bool:
        """Change the tokens, so that copies of the old ones are of no use; whether it was done.

        Those of the file go on working where it could not be.
        """
        try:
            self._access.renew_all(answers, cancel)
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            log.info("the tokens could not be changed: %s", trouble.code)
            return False
        return True


def _key(contents: Contents, vault: Vault, standing: _Standing) -> str:
    """The provisioning token to begin with: changed since an earlier try, or the file's own."""
    name = entry_name("provisioning", contents.walk.answers.organization_account_id)
    kept = vault.get(name) if standing.known else None
    key = kept or contents.secrets.get(name, b"")
    if not key:
        raise Trouble(Code.MOVE_FILE_REFUSED, problem="used")
    return key.decode("utf-8", "replace")


def _kept(vault: Vault) -> dict[str, bytes]:
    return {name: value for name in sign_ins(vault) if (value := vault.get(name)) is not None}


def _keep(vault: Vault, secrets: Mapping[str, bytes], *, anew: bool) -> None:
    """Keep these sign-ins; those that an earlier try kept may have been changed since, and stay."""
    there = frozenset(() if anew else sign_ins(vault))
    for name in sorted(secrets):
        if name.startswith(SIGN_INS) and name not in there:
            with vault.locked(name, Cancel()):
                vault.set(name, secrets[name])
