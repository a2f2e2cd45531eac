"""Greets, on the page that follows, whoever has just come back signed in from the browser."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.services.contract import SignedInView
from wizard.ui.layouts import column
from wizard.ui.widgets.boxes import Note
from wizard.ui.widgets.buttons import Button, Kind

__all__ = ["Greeting", "greeting_words"]


class Greeting(QWidget):
    """By name, with a way to be somebody else: `other` is called when that is pressed."""

    def __init__(self, who: SignedInView, other: Callable[[], None]) -> None:
        super().__init__()
        words = greeting_words(who)
        button = Button(
            t("Sign in as somebody else"),
            Kind.GHOST,
            small=True,
            flush="left",
            name="greeted-other",
        )
        button.clicked.connect(other)
        self._note = Note(words, icon="ok", action=button, tight=True, under=True)
        self._note.text.setObjectName("greeted")
        column(20, self._note, inside=self)
        self.spoken = words.replace("**", "")
        """What a screen reader is told with the page."""


def greeting_words(who: SignedInView) -> str:
    """Who is signed in: by name where there is one, and by address."""
    first = next(iter(who.name.split()), "")
    if not first:
        return t("You are signed in as **{address}**.", address=who.address)
    return t(
        "**Welcome, {name}.** You are signed in as **{address}**.", name=first, address=who.address
    )
