"""What a start of the program may choose, for window and command line alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Options"]


@dataclass(frozen=True, kw_only=True)
class Options:
    """`profile` is an id or a file, '' for the obvious one; `home` None for the person's own.

    `trust_profile` is the person's agreement to a given profile. Without `passphrase_file` the
    system's keyring keeps the sign-ins; `forget` keeps them in memory alone. `proxy` is '' for
    the system's, 'none', or an address such as 'proxy:3128'. `background` starts the sync
    without the window. `resume` is a resume file to go on with. `port` is where a sign-in waits
    for the browser, 0 for another one each time.
    """

    profile: str = ""
    home: Path | None = None
    trust_profile: bool = False
    passphrase_file: Path | None = None
    forget: bool = False
    proxy: str = ""
    background: bool = False
    resume: Path | None = None
    port: int = 0
