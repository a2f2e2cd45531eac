"""A set-up moved to another computer: out into a sealed file here, in from it there."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from wizard.accounts.base import AccountService
from wizard.core.cancel import Cancel
from wizard.core.clock import to_text
from wizard.core.files import disk_trouble, replace_file
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, Place
from wizard.services.access import ServiceAccess
from wizard.services.contract.moving import MovedInView, MovedOutView
from wizard.services.ground import Ground
from wizard.services.keeping import (
    SHORTEST_PASSPHRASE,
    SIGN_INS,
    forget_sign_ins,
    sign_ins,
)
from wizard.services.lock import UnitLock
from wizard.services.made_tokens import MadeTokens
from wizard.services.move_file import (
    About,
    Contents,
    read_contents,
    refuse_taken,
    write_contents,
)
from wizard.services.moved import Moved
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.store.copying import copied
from wizard.sync.match import distrust_links
from wizard.vault.vault import Vault, VaultChoice

__all__ = ["Moving"]

log = logging.getLogger(__name__)
_PATIENCE = 60.0
"""Seconds until a run in another process should have let go of the folder."""
_BESIDE = ("owners.json", "settings-versions.json", "tokens.json", "untold-runs.json")
_LARGEST_BESIDE = 16 * 1024 * 1024
_LARGEST_DATABASE = 512 * 1024 * 1024
"""A larger one stays behind: the links are rebuilt from the service, as after damage."""
_USED = frozenset({Code.PROVISIONING_TOKEN_REVOKED, Code.SIGN_IN_EXPIRED, Code.SIGN_IN_NEEDED})
_IN = "moved-in"


class Moving:
    """See `wizard.services.contract.moving.MovingCalls`."""

    def __init__(
        self, ground: Ground, set_up: SetUp, access: ServiceAccess, syncing: Syncing
    ) -> None:
        self._ground = ground
        self._set_up = set_up
        self._access = access
        self._syncing = syncing

    # ------------------------------------------------------------ out

    def move_out(
        self, path: Path, passphrase: str, cancel: Cancel, *, to: str = ""
    ) -> MovedOutView:
        """See `MovingCalls.move_out`."""
        answers = self._set_up.answers
        self._access.refuse_moved(cancel)
        if not answers.organization_account_id:
            raise Trouble(Code.CONNECTION_NOT_ACTIVE, problem="none")
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise Trouble(Code.PASSPHRASE_WRONG, problem="short")
        refuse_taken(path)
        vault = self._ground.vault(cancel)
        if not sign_ins(vault):
            raise Trouble(Code.MOVE_NOT_POSSIBLE, problem="nothing-kept")
        service = self._access.as_sync(answers, cancel)
        with self._alone(answers, cancel), _held(vault, cancel) as names:
            self._set_up.flush()
            contents = self._contents(answers, vault, names)
            write_contents(path, contents, passphrase)
            # From here on the file is what counts: this computer stops, whatever comes.
            moved = Moved(id=contents.about.id, at=contents.about.at, file=path.name, to=to)
            self._ground.moved.remember(moved)
            given_up = self._give_up(service, answers, cancel)
            for name in names:
                vault.delete(name)
            self._ground.moved.remember(replace(moved, left=True))
            MadeTokens(self._folder(answers)).remember(answers.organization_account_id, ())
        self._access.forget_copies(answers, Cancel())
        log.info("the set-up of %s was moved out of this computer", answers.ou_id)
        return MovedOutView(
            file=path,
            unit=answers.ou_name,
            lease_given_up=given_up,
            with_database=f"{answers.provider.value}.db" in contents.files,
        )

    def _contents(self, answers: Answers, vault: Vault, names: Sequence[str]) -> Contents:
        here = self._ground.installation
        about = About(
            id=str(uuid.uuid4()),
            at=to_text(self._ground.clock.now()),
            profile=self._ground.folder.name,
            profile_name=self._ground.profile.name,
            host=here.host,
            installation=here.id,
        )
        secrets = {name: value for name in names if (value := vault.get(name)) is not None}
        return Contents(
            about=about, walk=self._set_up.walk, secrets=secrets, files=self._files(answers)
        )

    def _files(self, answers: Answers) -> Mapping[str, bytes]:
        folder = self._folder(answers)
        found = {name: content for name in _BESIDE if (content := _content(folder / name))}
        name = f"{answers.provider.value}.db"
        database = copied(folder / name, largest=_LARGEST_DATABASE)
        return {**found, name: database} if database is not None else found

    def _give_up(self, service: AccountService, answers: Answers, cancel: Cancel) -> bool:
        """Let the new computer take the task at once; whether the service was told."""
        try:
            service.give_up_lease(
                answers.ou_id,
                answers.organization_account_id,
                installation_id=self._ground.installation.id,
                cancel=cancel.without_pause(),
            )
        except Trouble as trouble:
            # Another computer has it, or nobody can be asked: the file says whom it may replace.
            log.info("the lease could not be given up: %s", trouble.code)
            return trouble.code is Code.NOT_THE_SYNCER
        return True

    # ------------------------------------------------------------ in

    def move_in(self, path: Path, passphrase: str, cancel: Cancel) -> MovedInView:
        """See `MovingCalls.move_in`."""
        contents = read_contents(path, passphrase)
        about, answers = contents.about, contents.walk.answers
        if about.profile != self._ground.folder.name:
            raise Trouble(
                Code.MOVE_FILE_REFUSED, problem="other-profile", profile=about.profile_name
            )
        folder = self._folder(answers)
        again = _content(folder / _IN) == about.id.encode()
        known = self._set_up.answers
        if known.ou_id and not again and self._ground.moved.known() is None:
            raise Trouble(Code.MOVE_FILE_REFUSED, problem="set-up-here", name=known.ou_name)
        vault = self._ground.vault(cancel)
        if vault.choice is VaultChoice.MEMORY:
            raise Trouble(Code.MOVE_NOT_POSSIBLE, problem="nowhere-to-keep")
        with self._alone(answers, cancel):
            if not (again and known.ou_id):
                _keep(vault, contents.secrets, cancel)
            syncer = self._take_lease(about, answers, vault, cancel)
            if not (again and known.ou_id):
                self._settle(contents, folder, here=not syncer)
        renewed = self._renew(answers, cancel)
        log.info("the set-up of %s was moved in, from %s", answers.ou_id, about.host)
        return MovedInView(
            unit=answers.ou_name,
            from_host=about.host,
            syncs_here=not syncer,
            syncer=syncer,
            renewed=renewed,
        )

    def _take_lease(self, about: About, answers: Answers, vault: Vault, cancel: Cancel) -> str:
        """Take the lease from the old computer, or from nobody; who else holds it, '' for us.

        Where it can't be taken, what was kept for it is forgotten again.
        """
        try:
            service = self._access.as_moved_in(answers, cancel)
            return self._hold(service, about, answers, cancel)
        except Trouble as trouble:
            if not self._set_up.answers.ou_id or self._ground.moved.known() is not None:
                forget_sign_ins(vault, Cancel())
                self._access.forget_copies(answers, Cancel())
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

    def _settle(self, contents: Contents, folder: Path, *, here: bool) -> None:
        """Put everything into its place; the set-up itself comes last, and makes it count."""
        answers = contents.walk.answers
        name = f"{answers.provider.value}.db"
        self._syncing.erase(answers)
        for beside in (*_BESIDE, name):
            if beside in contents.files:
                replace_file(folder / beside, contents.files[beside])
        replace_file(folder / _IN, contents.about.id.encode())
        placed = replace(
            answers,
            place=Place.THIS_COMPUTER if here else None,
            place_ready=here,
            kept_elsewhere=not here,
        )
        self._set_up.go(replace(contents.walk, answers=placed))
        self._set_up.flush()
        self._ground.moved.clear()
        # Between the two computers anybody may have written.
        distrust_links(self._syncing.database(placed))

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

    # ------------------------------------------------------------ both

    def _folder(self, answers: Answers) -> Path:
        return self._ground.unit_folder(answers.ou_id)

    @contextmanager
    def _alone(self, answers: Answers, cancel: Cancel) -> Iterator[None]:
        lock = UnitLock(self._folder(answers), self._ground.clock)
        with lock.holding(cancel, seconds=_PATIENCE):
            yield


@contextmanager
def _held(vault: Vault, cancel: Cancel) -> Iterator[tuple[str, ...]]:
    """All sign-ins, while nobody else may change one: each refresh token is good once."""
    names = sign_ins(vault)
    with ExitStack() as locks:
        for name in names:
            locks.enter_context(vault.locked(name, cancel))
        yield names


def _keep(vault: Vault, secrets: Mapping[str, bytes], cancel: Cancel) -> None:
    for name in sorted(secrets):
        if name.startswith(SIGN_INS):
            with vault.locked(name, cancel):
                vault.set(name, secrets[name])


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_BESIDE)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
