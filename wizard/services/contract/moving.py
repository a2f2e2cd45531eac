"""Moving a set-up to another computer: what window and command line may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from wizard.core.cancel import Cancel

__all__ = ["MovedAwayView", "MovedInView", "MovedOutView", "MovingCalls"]


@dataclass(frozen=True, kw_only=True)
class MovedAwayView:
    """A move out of this computer: `to` is the name that a person gave, or ''; `at` is None where
    that is not known.
    """

    file: str
    to: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MovedOutView:
    """`lease_given_up` is False where the service could not be told; the new computer takes it
    all the same. Without `with_database` the new one learns from the service who has which
    account, and past runs stay behind. `forgotten` is False where the sign-ins could not be
    deleted here; the next start does it before anything else.
    """

    file: Path
    unit: str
    lease_given_up: bool
    with_database: bool
    forgotten: bool = True


@dataclass(frozen=True, kw_only=True)
class MovedInView:
    """`syncs_here`: this computer holds the lease now; else `syncer` names the computer that does.

    `from_host` is the old computer. `renewed`: the tokens were changed, so that those on the old
    one are of no use to anybody; it is False where nobody is signed in, or the service could not
    be asked.
    """

    unit: str
    from_host: str
    syncs_here: bool
    syncer: str
    renewed: bool


class MovingCalls(Protocol):
    """Both are called off the GUI thread."""

    def move_out(
        self, path: Path, passphrase: str, cancel: Cancel, *, to: str = ""
    ) -> MovedOutView:
        """Seal the set-up into a new file; then give up lease and tokens here.

        `to` is what a person calls the new computer. Until the file is on the disk and was read
        back nothing is given up; what is raised leaves no file behind, and everything as it was.
        Raises `Trouble`: move-not-possible (`problem`: file-there, nothing-kept, not-whole,
        file-left), connection-not-active, passphrase-wrong (short), moved-away,
        sync-already-running, those of vault and disk.
        """
        ...

    def move_in(self, path: Path, passphrase: str, cancel: Cancel) -> MovedInView:
        """Take a set-up out of its file, and the lease with it.

        Raises `Trouble`: move-file-refused (`problem`: gone, damaged, too-new, other-profile,
        set-up-here, used), move-not-possible (nowhere-to-keep, window-open), passphrase-wrong,
        those of vault, disk and network; nothing is set up here then, and the file is as good as
        before, also after a crash.
        """
        ...
