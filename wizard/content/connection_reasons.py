"""Why the account service could not make a connection active, in words: one table of reasons."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wizard.content.text import N_
from wizard.content.trouble_variants import Variant

__all__ = ["REASONS", "UNKNOWN_REASON"]

_AGAIN = N_("Authorize again as a full admin, and allow everything that the page asks for.")
_LATER = N_("Authorize again in a few minutes. If it stays so, contact support.")

REASONS: Mapping[str, Variant] = MappingProxyType(
    {
        "": Variant(
            happened=N_("{service} tried, and gave no reason why it could not."),
            to_do=_LATER,
        ),
        "app-not-installed": Variant(
            happened=N_("The app of {service} is not installed in your workspace."),
            to_do=N_("Install the app in the Google Workspace Marketplace, then authorize again."),
        ),
        "app-removed": Variant(
            happened=N_("The app of {service} was there, and was removed from your workspace."),
            to_do=N_("Install the app in the Google Workspace Marketplace, then authorize again."),
        ),
        "authorization-expired": Variant(
            happened=N_("The authorization had run out before {service} could use it."),
            to_do=_AGAIN,
        ),
        "authorization-revoked": Variant(
            happened=N_("Somebody ended the authorization in your workspace."),
            to_do=_AGAIN,
        ),
        "not-a-full-admin": Variant(
            happened=N_("Whoever authorized is no full admin of your workspace."),
            to_do=_AGAIN,
        ),
        "scopes-missing": Variant(
            happened=N_("Some of what {service} needs was not allowed in your workspace."),
            to_do=_AGAIN,
        ),
        "another-customer": Variant(
            happened=N_("The authorization is for another organization’s workspace."),
            to_do=N_("Authorize again with an account of the organization that this is for."),
        ),
        "internal": Variant(
            happened=N_("Something went wrong inside {service}. It isn’t about your workspace."),
            to_do=_LATER,
        ),
    }
)
"""By the reason that the service gives with a failed connection (`status_code`), '' for none."""

UNKNOWN_REASON = Variant(
    happened=N_(
        "{service} gave a reason that this program has no words for. It stands in the details."
    ),
    to_do=N_("Authorize again. If it stays so, contact support and give them the details."),
)
"""For a reason of a later service; its own word is for support, and never in a sentence."""
