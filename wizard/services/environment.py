"""Opens a workbench from the options of a start, for window and command line alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wizard.core.clock import Clock, SystemClock
from wizard.core.paths import Folders
from wizard.services.background import Background
from wizard.services.kept_background import KeptBackground
from wizard.services.options import Options
from wizard.services.setup import SetUp
from wizard.services.workbench import LocalWorkbench

if TYPE_CHECKING:
    from wizard.net.proxies import PacResolver
    from wizard.services.engine import Engine
    from wizard.services.pasting import Pasting
    from wizard.vault.keyrings import KeyStore

__all__ = ["Options", "open_workbench"]


def open_workbench(
    options: Options,
    *,
    browser: Callable[[str], bool] | None = None,
    resolver: PacResolver | None = None,
    keys: KeyStore | None = None,
    clock: Clock | None = None,
    asks: bool = False,
    pasting: Pasting | None = None,
) -> LocalWorkbench:
    """The workbench of the profile that the options name. Quick: it reads two small files.

    `browser` starts a browser on an address and tells whether one was found, by default the
    system's own; `resolver` asks the system for a proxy (PAC); `keys` stands in for the
    system's keyring. `asks`: a person is there to choose how sign-ins are kept where there is no
    usable keyring; else they stay in memory, and a notice says so. `pasting` signs in where the
    browser is on another computer. Raises `Trouble`:
    profile-not-found, profile-invalid, profile-forbidden, profile-not-trusted (fact `hosts`: ask,
    then open again with `trust_profile`), those of the disk.
    """
    from wizard.services.profile_views import profile_view
    from wizard.services.profiles import choose_profile, remember_profile, state_name

    clock = clock or SystemClock()
    folders = Folders.of_person(options.home)
    profile = choose_profile(options.profile, folders.config, confirmed=options.trust_profile)
    if options.profile:
        remember_profile(folders.config, options.profile)
    folder = folders.of_profile(state_name(profile))
    set_up = SetUp(folder, clock)

    def build() -> Engine:
        # Requests, keyring, cryptography and Google's libraries are imported here, after the
        # window has painted.
        from wizard.services.engine import Engine
        from wizard.services.ground import Ground

        ground = Ground(
            *(options, profile, folders, clock),
            start_browser=browser,
            resolver=resolver,
            keys=keys,
            asks=asks,
            pasting=pasting,
        )
        return Engine(ground, set_up)

    kept = KeptBackground(folder)
    background = Background(kept, set_up, options, profile=state_name(profile))
    return LocalWorkbench(
        profile_view(profile),
        set_up,
        clock,
        build,
        background=background,
        kept_pause=kept,
        folder=folder,
        config=folders.config,
    )
