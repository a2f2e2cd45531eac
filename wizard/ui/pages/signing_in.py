"""Where a page stopped because the sign-in is over: its button leads to the sign-in, not again."""

from __future__ import annotations

from wizard.core.trouble import Trouble
from wizard.services.overview import Cure, cure_of

__all__ = ["wants_sign_in"]


def wants_sign_in(trouble: Trouble | None) -> bool:
    """Whether trying again can't help before the person has signed in to the account service."""
    return trouble is not None and cure_of(trouble.code, dict(trouble.facts)) is Cure.SIGN_IN
