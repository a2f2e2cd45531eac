"""Why somebody is here or isn't, where no directory is connected: as far as the service tells."""

from __future__ import annotations

from wizard.content.person_story import Verdict
from wizard.content.text import t
from wizard.content.trouble_entry import Who
from wizard.core.people import Explanation

__all__ = ["seen_from_outside", "where_to_ask"]


def seen_from_outside(told: Explanation) -> Verdict:
    """The answer on a computer that reads no directory."""
    word = told.service
    if word is None or word.has_account is None:
        return Verdict(
            headline=t("This computer can’t tell."),
            sentence=t("No directory is connected from here, so nobody is known by name."),
        )
    if not word.has_account:
        return Verdict(
            headline=t("Nobody has an account with {address}.", address=told.query),
            sentence=t("Provisioning is off, so no account is made.")
            if word.provisioning_on is False
            else _where_known(word.syncer_host),
        )
    if word.active is False:
        return Verdict(
            headline=t("The account of {address} is off.", address=told.query),
            sentence=_where_known(word.syncer_host),
        )
    return Verdict(
        headline=t("{address} has an account.", address=told.query),
        sentence=t("The account service says so. They can sign in with it."),
    )


def _where_known(host: str) -> str:
    """Who knows the reason."""
    if host:
        return t("Why is known on {computer}, which keeps people in step.", computer=host)
    return t("The account service isn’t told why.")


def where_to_ask(told: Explanation) -> tuple[str, Who] | None:
    """What to do there, and who can; None where the account is there and on."""
    word = told.service
    if word is None and "@" not in told.query:
        return t("Type the whole address. Then the account service can be asked."), Who.ANYONE
    if word is None:
        return t("Ask the account service, or ask whoever set up the sync."), Who.ANYONE
    if word.has_account and word.active is not False:
        return None
    if word.provisioning_on is False:
        return t("Turn provisioning on, and press Save."), Who.OWNER
    if word.syncer_host:
        return (
            t(
                "On {computer}, look this person up under Members. The reason stands there.",
                computer=word.syncer_host,
            ),
            Who.IT,
        )
    return t("Ask whoever set up the sync."), Who.ANYONE
