"""What window and command line may ask about people: the list, one story, why somebody isn't here.

Everything but `ask_service` and `protect` answers from this computer alone: the directory as last
read, the links, the journal and the plans. What is not known here is said to be not known. What
they are told is made of the types in `wizard.core.people`.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from wizard.core.cancel import Cancel
from wizard.core.people import (
    Explanation,
    MemberRow,
    MembersFound,
    MembersView,
    PersonStory,
    ServiceWord,
    Standing,
)

__all__ = ["PeopleCalls"]


class PeopleCalls(Protocol):
    """Everybody whom the sync knows. Every call reads the disk: not for the GUI thread."""

    def view(self, cancel: Cancel) -> MembersView:
        """Bring the list up to date where something changed, and count; a second for 100,000."""
        ...

    def find(
        self, standings: frozenset[Standing], search: str, limit: int, cancel: Cancel
    ) -> MembersFound:
        """The first who fit, by name; no standings: all. Every word of `search` must be there."""
        ...

    def matches(self, standings: frozenset[Standing], search: str, cancel: Cancel) -> array[int]:
        """The places of all who fit, in order (unsigned integers, four bytes a person)."""
        ...

    def rows(self, places: Sequence[int]) -> Sequence[MemberRow]:
        """The rows at these places, in the order asked for; who is gone meanwhile is left out."""
        ...

    def save(self, standings: frozenset[Standing], search: str, path: Path, cancel: Cancel) -> int:
        """Write those who fit as CSV, cells that a spreadsheet would run quoted; how many."""
        ...

    def story(self, user_id: str) -> PersonStory | None:
        """Everything known of one person; None for an id that nobody has."""
        ...

    def explain(self, query: str, cancel: Cancel) -> Explanation:
        """Why somebody, by address or name, is here or isn't."""
        ...

    def ask_service(self, address: str, cancel: Cancel) -> ServiceWord:
        """What the account service says of one address; asks the network, raises `Trouble`."""
        ...

    def protect(self, user_id: str, cancel: Cancel, *, on: bool = True) -> PersonStory | None:
        """Put the account on the service's protected list, or take it off; asks the network.

        What somebody else saved meanwhile stays. Raises `Trouble`, not-allowed among others.
        """
        ...
