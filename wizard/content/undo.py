"""Words for taking a past sync back: what it would do, and what comes next."""

from __future__ import annotations

from typing import Protocol

from wizard.content.text import t, tn

__all__ = ["Effects", "effect_words", "undo_title"]


class Effects(Protocol):
    """How many people taking a sync back puts where; see `UndoView`."""

    @property
    def made(self) -> int:
        """Got their account in that sync."""
        ...

    @property
    def returned(self) -> int:
        """Were inactive before that sync, and are again."""
        ...

    @property
    def reactivated(self) -> int:
        """Are active again."""
        ...

    @property
    def given_back(self) -> int:
        """Had an account before; nobody keeps it in step any more."""
        ...

    @property
    def changed(self) -> int:
        """Get values from before."""
        ...

    @property
    def left_alone(self) -> int:
        """Can't be taken back."""
        ...


def undo_title(people: int) -> str:
    """How many people it is about."""
    if not people:
        return t("There is nothing to take back")
    return tn(
        "Taking it back changes {count} account",
        "Taking it back changes {count} accounts",
        people,
    )


def effect_words(view: Effects) -> list[tuple[int, str]]:
    """Each effect with its number, the heaviest first; none for nobody."""
    told = [
        (view.made, t("made by that sync: deactivated, never deleted")),
        (view.returned, t("inactive before that sync: deactivated again")),
        (view.reactivated, t("deactivated by that sync: active again")),
        (view.given_back, t("there before that sync: as they were, and no longer kept in step")),
        (view.changed, t("changed by that sync: as they were before")),
        (view.left_alone, t("left as they are: each says why")),
    ]
    return [(number, words) for number, words in told if number > 0]
