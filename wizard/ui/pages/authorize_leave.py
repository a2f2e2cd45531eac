"""Out of the wrong organization's connection: ended in the set-up, before anything was synced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.flow.answers import Answers
from wizard.services.contract.home import DisconnectedView
from wizard.ui.layouts import column
from wizard.ui.page import Heading, Offer, Page

if TYPE_CHECKING:
    from wizard.ui.home.disconnect_panel import DisconnectPanel

__all__ = ["WayOut", "ends"]


def ends(answers: Answers) -> str:
    """The domain whose connection may be ended in the set-up, '' for none.

    Home, which ends connections else, is not reached before the first sync.
    """
    known = answers.organization_account_id and not answers.first_sync_done
    return answers.domain if known else ""


class WayOut(QWidget):
    """A state of the page, which shows it alone; `ended` tells what to know of the end."""

    changed = Signal()
    ended = Signal(str)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._panel: DisconnectPanel | None = None
        self._inside = column(inside=self)
        self.hide()

    @property
    def asks(self) -> bool:
        """Whether it is this that the page shows."""
        return not self.isHidden()

    def ask(self, domain: str) -> None:
        """Say what ends, and want this domain typed."""
        if self._panel is not None:
            self._panel.deleteLater()
            self._panel = None
        self.show()
        self._shown().begin(domain)
        self.changed.emit()

    def press(self) -> None:
        """The page's dangerous button."""
        self._shown().press()

    def heading(self) -> Heading:
        """The page's words meanwhile."""
        return self._shown().heading()

    def offer(self) -> Offer:
        """The page's offer meanwhile."""
        proof = t("**You’ll know it worked when** this page asks you to sign in with Google.")
        return replace(self._shown().offer(), proof=proof)

    def _shown(self) -> DisconnectPanel:
        if self._panel is None:
            # What hardly anybody needs costs nobody a start.
            from wizard.ui.home.disconnect_panel import DisconnectPanel

            # A first sync that never came to its end may have made accounts.
            nothing = not self._page.answers.provisioning_on
            self._panel = DisconnectPanel(self._page, before_first_sync=nothing)
            self._panel.changed.connect(self.changed)
            self._panel.left.connect(self._leave)
            self._panel.disconnected.connect(self._done)
            self._inside.addWidget(self._panel)
        return self._panel

    def _leave(self) -> None:
        self.hide()
        self.changed.emit()

    def _done(self, view: DisconnectedView) -> None:
        self.hide()
        told = [t("It is disconnected. Sign in with a full admin of the right organization.")]
        if not view.ended_at_google:
            told.append(
                t(
                    "Google could not be told. Take the app’s access away in the Admin console, "
                    "under Security, API controls."
                )
            )
        self.ended.emit(" ".join(told))
