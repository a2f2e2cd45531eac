"""Before a connection ends: what that means, what is erased, and its domain typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.services.contract.home import DisconnectedView
from wizard.services.jobs import JobContext
from wizard.ui.home.typed_panel import Point, TypedPanel, TypedWords
from wizard.ui.lasting import with_sync_stopped
from wizard.ui.layouts import column, row
from wizard.ui.page import Heading, Page
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.choice import Toggle
from wizard.ui.widgets.text import Text

__all__ = ["DisconnectPanel"]


def _words(*, before_first_sync: bool) -> TypedWords:
    lead, points = _of_a_sync()
    if before_first_sync:
        lead, points = _before_any_sync()
    return TypedWords(
        heading=Heading(title=t("Disconnect Google Workspace"), lead=lead),
        points=points,
        ask=t("Type the domain"),
        hint=lambda domain: t("It is {domain}.", domain=domain),
        not_so=lambda typed, domain: t(
            "{typed} is not the domain. It is {domain}.", typed=typed, domain=domain
        ),
        press=t("Disconnect"),
        busy=t("Disconnecting"),
        leave=t("Stay connected"),
    )


def _before_any_sync() -> tuple[str, tuple[Point, ...]]:
    """In the set-up, where the wrong organization was connected: nothing came of it yet."""
    return (
        t("Then another organization can be connected. Nothing was synced yet."),
        (
            Point(
                icon="people",
                title=t("Nobody loses anything"),
                sentence=t("No account was made or changed through this connection."),
            ),
            Point(
                icon="link",
                title=t("The connection ends at the account service and at Google"),
                sentence=t("What was read of its directory is erased on this computer."),
            ),
            Point(
                icon="again",
                title=t("You stay at this step"),
                sentence=t("Who is synced, and the preview, are asked anew."),
            ),
        ),
    )


def _of_a_sync() -> tuple[str, tuple[Point, ...]]:
    return (
        t("The sync ends, here and on every other computer."),
        (
            Point(
                icon="people",
                title=t("People keep their accounts"),
                sentence=t(
                    "Nobody is deactivated. From then on nobody new gets one, and nobody leaves."
                ),
            ),
            Point(
                icon="link",
                title=t("The connection ends at the account service and at Google"),
                sentence=t("Interviewers’ calendars can’t be reached through it anymore."),
            ),
            Point(
                icon="again",
                title=t("It can be connected again"),
                sentence=t("The set-up goes back to the step Authorize. Its settings begin anew."),
            ),
        ),
    )


class DisconnectPanel(TypedPanel):
    """Ends the connection of a domain, and what was read through it where that is chosen.

    `before_first_sync`: it is ended in the set-up, and what was read goes with it.
    """

    disconnected = Signal(object)
    """It is done (`DisconnectedView`)."""

    def __init__(self, page: Page, *, before_first_sync: bool = False) -> None:
        chosen = Toggle(t("Erase what was read here"), name="disconnect-erase")
        chosen.setChecked(True)
        erase = QWidget()
        texts = column(
            Text(t("Erase what was read here"), Letters.BODY_STRONG),
            Text(
                t("The copy of the directory, the links to accounts, and past syncs."),
                Letters.SECOND,
                Token.INK_2,
            ),
        )
        line = row(gap=16, margins=(16, 12, 16, 12), inside=erase)
        line.addLayout(texts, 1)
        line.addWidget(chosen)
        words = _words(before_first_sync=before_first_sync)
        super().__init__(page, "disconnect", words, () if before_first_sync else (erase,))
        if before_first_sync:
            erase.setParent(self)
            erase.hide()
        self._erase = chosen

    def carry_out(self) -> Callable[[JobContext], DisconnectedView]:
        bench, erase = self._page.desk.bench, self._erase.isChecked()
        return lambda job: with_sync_stopped(
            bench, lambda: bench.home.disconnect(job.cancel, erase=erase)
        )

    def came_through(self, outcome: object) -> None:
        self.disconnected.emit(outcome)

    def allow(self, *, allowed: bool) -> None:
        super().allow(allowed=allowed)
        self._erase.setEnabled(allowed)
