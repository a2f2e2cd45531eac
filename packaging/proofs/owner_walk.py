"""The owner's part by the words on the pages alone: one walk, and one count of what is decided."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from devtools.proving import Short
from proofs import google_steps as steps
from proofs.person import Person
from proofs.wayfarer import Choice, Errand, Field, Knows, Wayfarer

__all__ = ["MOST_DECISIONS", "ORGANIZATION", "see_it_done", "walk_owner"]

MOST_DECISIONS = 5
ORGANIZATION = "Nordby Freight"


def walk_owner(owner: Person) -> tuple[Path, Wayfarer]:
    """From the first start until the kit is handed over; where the kit lies, and who walked."""
    folder = owner.home.parent / "kit"
    folder.mkdir()
    kits: list[Path] = []
    knows: Sequence[Knows] = (
        Choice(words="I own the account", decides="who I am"),
        Choice(words="I need an account", decides="an account of my own"),
        Field(words="Name", types=ORGANIZATION, decides="what the organization is called"),
        Field(words="Email addresses", types=f"{steps.ADMIN} ", decides="whom to invite"),
        Errand(
            words="Save the kit",
            decides="where the kit is saved",
            do=lambda person: kits.append(steps.save_kit(person, folder)),
        ),
    )
    walked = Wayfarer(person=owner, knows=knows)
    walked.go(lambda sight: sight.title == "Waiting for IT", what="the owner")
    if not kits:
        raise Short("the owner was never offered the kit", {"pages": list(walked.pages)})
    return kits[0], walked


def see_it_done(walked: Wayfarer) -> None:
    """The owner comes back to the window and is told that IT is done."""
    walked.person.see("IT is done", seconds=90)
    walked.go(lambda sight: sight.shows("IT has finished its part"), what="the owner’s end")
