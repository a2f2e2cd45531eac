"""Before a set-up is erased from this computer: what goes, what stays, and its name typed."""

from __future__ import annotations

from collections.abc import Callable

from wizard.content.text import t
from wizard.services.contract.home import ErasedView
from wizard.services.jobs import JobContext
from wizard.ui.home.page import HomePage
from wizard.ui.home.typed_panel import Point, TypedPanel, TypedWords
from wizard.ui.page import Heading
from wizard.ui.start_again import begin_anew, erase_here

__all__ = ["ErasePanel"]


def _words() -> TypedWords:
    return TypedWords(
        heading=Heading(
            title=t("Erase this set-up"),
            lead=t("This computer forgets everything that it knows of it."),
        ),
        points=(
            Point(
                icon="minus",
                title=t("Erased on this computer"),
                sentence=t(
                    "Sign-ins and keys, the copy of the directory, links, past syncs, the "
                    "answers. Its key also ends at the account service."
                ),
            ),
            Point(
                icon="people",
                title=t("Stays at the account service"),
                sentence=t(
                    "Accounts, the connection and its settings. Disconnect first to end those, too."
                ),
            ),
            Point(
                icon="again",
                title=t("Nothing is synced from here anymore"),
                sentence=t(
                    "Another computer may take over at once, or this one after a new set-up."
                ),
            ),
        ),
        ask=t("Type the name of the organizational unit"),
        hint=lambda name: t("It is {name}.", name=name),
        not_so=lambda typed, name: t(
            "{typed} is not the name. It is {name}.", typed=typed, name=name
        ),
        press=t("Erase"),
        busy=t("Erasing"),
        leave=t("Keep it"),
    )


class ErasePanel(TypedPanel):
    """Erases the set-up for an organizational unit from this computer."""

    def __init__(self, page: HomePage) -> None:
        super().__init__(page, "erase", _words())

    def carry_out(self) -> Callable[[JobContext], ErasedView]:
        bench = self._page.desk.bench
        return lambda job: erase_here(bench, job)

    def came_through(self, outcome: object) -> None:
        if isinstance(outcome, ErasedView):
            begin_anew(self._page.desk, outcome)
