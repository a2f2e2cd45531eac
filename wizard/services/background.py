"""The background sync's own choices: goes on with the window closed, starts with the session."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack

from wizard.core.trouble import Trouble
from wizard.services.contract.background import SessionStart, SessionStartState
from wizard.services.kept_background import KeptBackground
from wizard.services.options import Options
from wizard.services.session_start import Place, place_here, start_command
from wizard.services.setup import SetUp

__all__ = ["Background"]

log = logging.getLogger(__name__)


class Background:
    """See `wizard.services.contract.BackgroundCalls`. `place` None: looked for on this system."""

    def __init__(
        self,
        kept: KeptBackground,
        set_up: SetUp,
        options: Options,
        *,
        profile: str,
        place: Place | None = None,
    ) -> None:
        self._kept = kept
        self._set_up = set_up
        self._options = options
        self._place = place if place is not None else place_here(profile)

    @property
    def keep_running(self) -> bool | None:
        """See `BackgroundCalls.keep_running`."""
        try:
            return self._kept.keep_running
        except Trouble as trouble:
            log.info("the kept choices could not be read: %s", trouble.code)
            return None

    def choose_keep_running(self, *, on: bool) -> None:
        """See `BackgroundCalls.choose_keep_running`."""
        self._kept.choose_keep_running(on=on)

    def session_start(self) -> SessionStart:
        """See `BackgroundCalls.session_start`."""
        # Sign-ins that end with the program leave a start nothing to work with.
        if self._place is None or self._options.forget:
            return SessionStart(state=SessionStartState.ABSENT)
        return self._place.look(start_command(self._options))

    def start_with_session(self, *, on: bool) -> SessionStart:
        """See `BackgroundCalls.start_with_session`."""
        if self._place is not None and not self._options.forget:
            if on:
                self._place.write(start_command(self._options))
                log.info("the program starts with the session from now on")
            else:
                self._place.erase()
                log.info("the program starts with the session no longer")
        return self.session_start()

    def forget(self) -> None:
        """See `BackgroundCalls.forget`."""
        self._kept.forget()

    def when_unsaved(self, listener: Callable[[Trouble], None]) -> Callable[[], None]:
        """See `BackgroundCalls.when_unsaved`."""
        ends = ExitStack()
        ends.callback(self._set_up.when_unsaved(listener))
        ends.callback(self._kept.saver.listen(listener))
        return ends.close

    def flush(self) -> None:
        """Wait until the choices are on the disk; raises `Trouble`."""
        self._kept.saver.flush()
