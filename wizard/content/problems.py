"""People with a problem in words: what is the matter, what to do, since when, what happens next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from wizard.content.moments import day, since
from wizard.content.person_reasons import who_words
from wizard.content.text import N_, Message, t, tn
from wizard.content.trouble_entry import Who
from wizard.core.problems import Again, PersonProblem, ProblemKind
from wizard.core.trouble import Code

__all__ = [
    "ProblemWords",
    "again_words",
    "problem_cells",
    "problem_heading",
    "problem_words",
    "since_words",
    "told_to_do",
]


@dataclass(frozen=True, kw_only=True)
class ProblemWords:
    """One problem: a title of a few words, the reason in sentences, what to do, and who can."""

    title: str
    reason: str
    to_do: str
    who: Who


_TITLES: Mapping[ProblemKind, Message] = MappingProxyType(
    {
        ProblemKind.DUPLICATE: N_("Two people, one address"),
        ProblemKind.TWO_ACCOUNTS: N_("More than one account"),
        ProblemKind.ADDRESS_SWAP: N_("Swapped addresses"),
        ProblemKind.ADDRESS_HELD: N_("Address still in use"),
        ProblemKind.ACCOUNT_OF_ANOTHER: N_("Somebody else’s account"),
        ProblemKind.FOREIGN_ADDRESS: N_("Domain not verified"),
        ProblemKind.NO_ADDRESS: N_("No address"),
        ProblemKind.NO_ADDRESS_IN_DOMAIN: N_("No address in the chosen domain"),
        ProblemKind.NO_EVIDENCE: N_("Leaving not confirmed"),
        ProblemKind.REFUSED: N_("Refused by the service"),
        ProblemKind.NOT_ANSWERED: N_("Not answered"),
    }
)
_REFUSALS: Mapping[Code, tuple[Message, Message, Who]] = MappingProxyType(
    {
        Code.ADDRESS_TAKEN: (
            N_("Another account at the service uses {address}."),
            N_("Find out whose account it is. Free the address, or change it in {workspace}."),
            Who.OWNER,
        ),
        Code.LAST_OWNER: (
            N_("This is the last owner. Without one nobody could manage the unit."),
            N_("Make somebody else an owner first."),
            Who.OWNER,
        ),
        Code.NOT_ALLOWED: (
            N_("The service doesn’t allow this change."),
            N_("Ask an owner of the unit what stands in the way, or send support these words."),
            Who.OWNER,
        ),
        Code.NOT_FOUND_AT_SERVICE: (
            N_("The account is no longer at the service. Somebody may have removed it."),
            N_("Nothing has to be done: the next sync makes it anew."),
            Who.ANYONE,
        ),
        Code.ACCOUNT_CLAIMED: (
            N_("More than one account carries this person’s id."),
            N_("Have one of the accounts removed at the service."),
            Who.OWNER,
        ),
    }
)
_REFUSED_SOMEHOW = (
    N_("The service didn’t take the change."),
    N_("Correct what its words name, or send them to support."),
    Who.SUPPORT,
)


def problem_words(problem: PersonProblem, *, workspace: str = "Google") -> ProblemWords:
    """One person's problem."""
    title = t(_TITLES[problem.kind], workspace=workspace)
    reason, to_do, who = _SENTENCES[problem.kind](problem, workspace)
    return ProblemWords(title=title, reason=reason, to_do=to_do, who=who)


_Told = tuple[str, str, Who]


def _others(problem: PersonProblem) -> str:
    return ", ".join(problem.others)


def _duplicate(problem: PersonProblem, workspace: str) -> _Told:
    reason = t(
        "{others} and {name} both claim {address}. Neither account is touched.",
        others=_others(problem),
        name=problem.name,
        address=problem.address,
    )
    to_do = t("Give one of them another address in {workspace}.", workspace=workspace)
    return reason, to_do, Who.FULL_ADMIN


def _two_accounts(problem: PersonProblem, workspace: str) -> _Told:
    del workspace
    reason = t("More than one account at the service is meant for {name}.", name=problem.name)
    return reason, t("Have one of the accounts removed at the service."), Who.OWNER


def _swap(problem: PersonProblem, workspace: str) -> _Told:
    reason = t(
        "{name} and {others} are to get each other’s address. No account can have both meanwhile.",
        name=problem.name,
        others=_others(problem),
    )
    to_do = t(
        "Give one of them a third address in {workspace}, let a sync run, then the right one.",
        workspace=workspace,
    )
    return reason, to_do, Who.FULL_ADMIN


def _held(problem: PersonProblem, workspace: str) -> _Told:
    reason = t(
        "The account of {others} still has {address}.",
        others=_others(problem),
        address=problem.address,
    )
    to_do = t(
        "Give {others} another address in {workspace}, or have their account’s address changed at "
        "the service.",
        others=_others(problem),
        workspace=workspace,
    )
    return reason, to_do, Who.FULL_ADMIN


def _another(problem: PersonProblem, workspace: str) -> _Told:
    reason = t("The account with {address} belongs to somebody else.", address=problem.address)
    to_do = t("Free the address at the service, or change it in {workspace}.", workspace=workspace)
    return reason, to_do, Who.OWNER


def _foreign(problem: PersonProblem, workspace: str) -> _Told:
    domain = problem.address.rpartition("@")[2]
    reason = t(
        "There is an account with {address}, and {workspace} has not verified {domain}. So "
        "nothing proves that it is theirs.",
        address=problem.address,
        workspace=workspace,
        domain=domain,
    )
    to_do = t(
        "Verify {domain} in {workspace}, or free the address at the service.",
        domain=domain,
        workspace=workspace,
    )
    return reason, to_do, Who.FULL_ADMIN


def _no_address(problem: PersonProblem, workspace: str) -> _Told:
    del problem
    reason = t("{workspace} has no email address for them.", workspace=workspace)
    to_do = t(
        "Give them an address in {workspace}, or leave them out of the scope.", workspace=workspace
    )
    return reason, to_do, Who.FULL_ADMIN


def _no_address_in_domain(problem: PersonProblem, workspace: str) -> _Told:
    reason = t(
        "{address} is not in the domain that your settings choose for accounts.",
        address=problem.address,
    )
    to_do = t(
        "Give them an address in that domain in {workspace}, or let the settings use the primary "
        "one.",
        workspace=workspace,
    )
    return reason, to_do, Who.FULL_ADMIN


def _no_evidence(problem: PersonProblem, workspace: str) -> _Told:
    del problem
    reason = t(
        "They seem to have left, and {workspace} could not confirm it. The account stays on.",
        workspace=workspace,
    )
    to_do = t(
        "Look them up in {workspace}’s Admin console. If they are gone, check that the connection "
        "may still read.",
        workspace=workspace,
    )
    return reason, to_do, Who.FULL_ADMIN


def _refused(problem: PersonProblem, workspace: str) -> _Told:
    what, to_do, who = _REFUSED_SOMEHOW
    if problem.code is not None:
        what, to_do, who = _REFUSALS.get(problem.code, _REFUSED_SOMEHOW)
    reason = t(what, address=problem.address)
    if problem.detail:
        said = problem.detail.rstrip(".")
        reason = f"{reason} {t('It said: {detail}.', detail=said)}"
    return reason, t(to_do, workspace=workspace), who


def _not_answered(problem: PersonProblem, workspace: str) -> _Told:
    del problem, workspace
    reason = t("The change was sent, and it did not arrive.")
    return reason, t("Nothing has to be done, unless it stays so."), Who.ANYONE


_SENTENCES: Mapping[ProblemKind, Callable[[PersonProblem, str], _Told]] = MappingProxyType(
    {
        ProblemKind.DUPLICATE: _duplicate,
        ProblemKind.TWO_ACCOUNTS: _two_accounts,
        ProblemKind.ADDRESS_SWAP: _swap,
        ProblemKind.ADDRESS_HELD: _held,
        ProblemKind.ACCOUNT_OF_ANOTHER: _another,
        ProblemKind.FOREIGN_ADDRESS: _foreign,
        ProblemKind.NO_ADDRESS: _no_address,
        ProblemKind.NO_ADDRESS_IN_DOMAIN: _no_address_in_domain,
        ProblemKind.NO_EVIDENCE: _no_evidence,
        ProblemKind.REFUSED: _refused,
        ProblemKind.NOT_ANSWERED: _not_answered,
    }
)


def told_to_do(words: ProblemWords) -> str:
    """What to do, and who can, where that isn't said already."""
    told = words.who in {Who.SUPPORT, Who.ANYONE}
    return words.to_do if told else f"{words.to_do} {who_words(words.who)}"


def again_words(problem: PersonProblem) -> str:
    """What the sync does about it by itself."""
    if problem.again is Again.ON_CHANGE:
        return t("Goes on by itself with the first sync after it changes.")
    if problem.kind is ProblemKind.REFUSED and problem.tries > 1:
        return tn(
            "Refused {count} time in a row. The next sync tries again.",
            "Refused {count} times in a row. The next sync tries again.",
            problem.tries,
        )
    return t("The next sync tries again.")


def since_words(problem: PersonProblem, now: datetime) -> str:
    """Since when, such as “since yesterday at 9:05” or “since 2 October”."""
    if problem.since is None:
        return t("since before we first looked")
    days = (now.astimezone().date() - problem.since.astimezone().date()).days
    moment = since(problem.since, now) if days < 2 else day(problem.since, now)
    return t("since {moment}", moment=moment)


def problem_heading() -> tuple[str, ...]:
    """The heads of the saved table."""
    return (
        t("Person"), t("Address"), t("Problem"), t("Why"), t("What to do"), t("Since"),
        t("What comes next"), t("Address of the account"), t("Code"), t("The service’s words"),
    )  # fmt: skip


def problem_cells(problem: PersonProblem) -> tuple[str, ...]:
    """One row of the saved table."""
    words = problem_words(problem)
    began = problem.since.astimezone() if problem.since is not None else None
    return (
        problem.name,
        problem.address,
        words.title,
        words.reason,
        words.to_do,
        began.isoformat(sep=" ", timespec="seconds") if began is not None else "",
        again_words(problem),
        problem.account_address,
        problem.code.value if problem.code is not None else problem.kind.value,
        problem.detail,
    )
