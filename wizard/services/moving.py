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
from wizard.core.files import disk_trouble
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers
from wizard.services.access import ServiceAccess
from wizard.services.contract.moving import MovedInView, MovedOutView
from wizard.services.ground import Ground
from wizard.services.keeping import SHORTEST_PASSPHRASE, sign_ins
from wizard.services.lock import UnitLock
from wizard.services.made_tokens import MadeTokens
from wizard.services.move_file import About, Contents, refuse_taken, take_back, write_contents
from wizard.services.moved import Moved
from wizard.services.moving_in import BESIDE, PATIENCE, MovingIn
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.store.copying import copied
from wizard.vault.vault import Vault

__all__ = ["Moving"]

log = logging.getLogger(__name__)
_LARGEST_BESIDE = 16 * 1024 * 1024
_LARGEST_DATABASE = 512 * 1024 * 1024
"""A larger one stays behind: the links are rebuilt from the service, as after damage."""


class Moving:
    """Moving out, and what a crash or a failure after each step leaves. O is this computer.

    | after | who can sync | the file |
    |---|---|---|
    | a refusal, or a failure up to here | O | there is none |
    | the file is on the disk, its name, too, and it was read back | O | whole; see below |
    | O noted that it was moved away | nobody | whole, and what counts |
    | the lease was given up | nobody | the same, taken up at once |
    | the sign-ins are forgotten | nobody | the same |
    | O noted that none is left | nobody | the same |

    A crash just before O's note leaves a file that may be deleted; whoever moves it in all the
    same takes lease and keys, and O has neither.
    Once O has noted that it was moved away nothing fails any more: what could not be told or
    forgotten is left to the new computer, which takes the lease over and changes the keys, and to
    the next start here, which forgets sign-ins before anything else. Moving in: `MovingIn`.
    """

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
        self._set_up.look_again()
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
            contents = self._contents(answers, vault, names)
            write_contents(path, contents, passphrase)
            moved = Moved(id=contents.about.id, at=contents.about.at, file=path.name, to=to)
            try:
                self._ground.moved.remember(moved)
            except Trouble:
                # This computer goes on, and so nobody else may.
                take_back(path)
                raise
            # From here on the file is what counts: this computer stops, whatever comes.
            given_up = self._give_up(service, answers, cancel)
            forgotten = self._forget(answers, vault, names)
        if forgotten:
            forgotten = self._note_left(answers, moved)
        log.info("the set-up of %s was moved out of this computer", answers.ou_id)
        return MovedOutView(
            file=path,
            unit=answers.ou_name,
            lease_given_up=given_up,
            with_database=f"{answers.provider.value}.db" in contents.files,
            forgotten=forgotten,
        )

    def _forget(self, answers: Answers, vault: Vault, names: Sequence[str]) -> bool:
        """Forget the sign-ins, whose locks are held; False where that waits for the next start."""
        try:
            for name in names:
                vault.delete(name)
            MadeTokens(self._folder(answers)).remember(answers.organization_account_id, ())
        except Trouble as trouble:
            log.warning("the sign-ins are not forgotten yet: %s", trouble.code)
            return False
        return True

    def _note_left(self, answers: Answers, moved: Moved) -> bool:
        """Forget what is in memory, too, and note that nothing is left."""
        try:
            self._access.forget_copies(answers, Cancel())
            self._ground.moved.remember(replace(moved, left=True))
        except Trouble as trouble:
            log.warning("the sign-ins are not forgotten yet: %s", trouble.code)
            return False
        return True

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
        found = {name: content for name in BESIDE if (content := _content(folder / name))}
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
        moving_in = MovingIn(self._ground, self._set_up, self._access, self._syncing)
        return moving_in.move_in(path, passphrase, cancel)

    # ------------------------------------------------------------ both

    def _folder(self, answers: Answers) -> Path:
        return self._ground.unit_folder(answers.ou_id)

    @contextmanager
    def _alone(self, answers: Answers, cancel: Cancel) -> Iterator[None]:
        lock = UnitLock(self._folder(answers), self._ground.clock)
        with lock.holding(cancel, seconds=PATIENCE):
            yield


@contextmanager
def _held(vault: Vault, cancel: Cancel) -> Iterator[tuple[str, ...]]:
    """All sign-ins, while nobody else may change one: each refresh token is good once."""
    names = sign_ins(vault)
    with ExitStack() as locks:
        for name in names:
            locks.enter_context(vault.locked(name, cancel))
        yield names


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_BESIDE)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
