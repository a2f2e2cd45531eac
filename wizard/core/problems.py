"""People whom a sync can't bring in step by itself: what is the matter, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wizard.core.trouble import Code

__all__ = ["Again", "PersonProblem", "ProblemKind", "ProblemsView"]


class ProblemKind(StrEnum):
    """What is the matter with one person; the words are in `wizard.content.problems`."""

    DUPLICATE = "duplicate"
    """Two or more people in scope claim one address."""
    TWO_ACCOUNTS = "two-accounts"
    """More than one account is meant for this person."""
    ADDRESS_SWAP = "address-swap"
    """Two people have each other's address."""
    ADDRESS_HELD = "address-held"
    """Somebody else's account still has the address, as after it was used again."""
    ACCOUNT_OF_ANOTHER = "account-of-another"
    """The account with the address belongs to somebody whom this directory doesn't know."""
    FOREIGN_ADDRESS = "foreign-address"
    """There is an account, in a domain that the directory has not verified."""
    NO_ADDRESS = "no-address"
    NO_ADDRESS_IN_DOMAIN = "no-address-in-domain"
    NO_EVIDENCE = "no-evidence"
    """Somebody seems to have left, and nothing proves it."""
    REFUSED = "refused"
    """The account service did not take the change; `code` and `detail` are its answer."""
    NOT_ANSWERED = "not-answered"
    """The change was sent, and did not arrive."""


class Again(StrEnum):
    """What ends a problem without more being said here."""

    NEXT_RUN = "next-run"
    """Every sync tries it again as it is."""
    ON_CHANGE = "on-change"
    """Every sync looks again, and goes on once the directory or the service says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonProblem:
    """One person. `address` is the one wanted, '' for none; `account_address` what they have now.

    `others` are the names of those whom it is about, too. `since` is when a sync first met it,
    None where that was before anything is known; `tries` how often in a row it was refused.
    """

    user_id: str
    name: str
    address: str
    kind: ProblemKind
    again: Again
    since: datetime | None = None
    account_address: str = ""
    others: tuple[str, ...] = ()
    code: Code | None = None
    detail: str = ""
    tries: int = 0


@dataclass(frozen=True, kw_only=True)
class ProblemsView:
    """Everybody with a problem by the newest plan, those first who fit `search`'s every word.

    `looked_at` is when that plan was made, None where there is none; `preview`: by a preview,
    because no sync has run. `total` counts them without the search.
    """

    people: tuple[PersonProblem, ...] = ()
    total: int = 0
    run_id: str = ""
    looked_at: datetime | None = None
    preview: bool = False
