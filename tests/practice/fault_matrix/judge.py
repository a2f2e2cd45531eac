"""Holds what the service has, what the run says, and what should be against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.practice.fault_matrix.ground import Account, Ran
from tests.practice.fault_matrix.stages import BATCH
from wizard.content.troubles import trouble_words
from wizard.core.runs import PlanCounts, RunOutcome
from wizard.core.trouble import Code

__all__ = [
    "Difference",
    "Known",
    "after_quiet",
    "after_run",
    "difference",
    "exact",
    "words_missing",
]

_KINDS = ("create", "adopt", "update", "deactivate", "reactivate")
_CAME_TO_A_PLAN = {RunOutcome.DONE, RunOutcome.PARTLY, RunOutcome.STOPPED_BY_GUARD}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What really happened to the accounts, by the service: ids of accounts by kind."""

    create: tuple[str, ...]
    deactivate: tuple[str, ...]
    reactivate: tuple[str, ...]
    update: tuple[str, ...]
    writes: int

    def count(self, kind: str) -> int:
        """How many of a kind; nobody here had an account before."""
        return 0 if kind == "adopt" else len(getattr(self, kind))

    def __add__(self, other: Difference) -> Difference:
        return Difference(
            create=self.create + other.create,
            deactivate=self.deactivate + other.deactivate,
            reactivate=self.reactivate + other.reactivate,
            update=self.update + other.update,
            writes=self.writes + other.writes,
        )


@dataclass(frozen=True, kw_only=True)
class Known:
    """What this computer wrote down of a run.

    `journal` counts its operations by kind and state, `held` are the writes that were held, and
    `proven` those with evidence that they left.
    """

    journal: Mapping[str, Mapping[str, int]]
    held: int
    proven: frozenset[str]

    def unsure(self, kind: str) -> int:
        """How many were sent and have no answer."""
        return sum(self.journal.get(kind, {}).get(state, 0) for state in ("planned", "sent"))


def difference(before: Mapping[str, Account], after: Mapping[str, Account]) -> Difference:
    """What changed between two looks at the service."""
    both = [(before[one], after[one]) for one in after if one in before]
    return Difference(
        create=tuple(one for one in after if one not in before),
        deactivate=tuple(new.id for old, new in both if old.active and not new.active),
        reactivate=tuple(new.id for old, new in both if new.active and not old.active),
        update=tuple(
            new.id
            for old, new in both
            if old.active and new.active and (old.address, old.name) != (new.address, new.name)
        ),
        writes=sum(new.version - (before[one].version if one in before else 0)
                   for one, new in after.items()),
    )  # fmt: skip


def doubled(accounts: Iterable[Account]) -> list[str]:
    """Whoever is there twice."""
    people = Counter(one.person for one in accounts if one.person)
    names = Counter(one.address.casefold() for one in accounts)
    return [f"{one} has {many} accounts" for one, many in (people + names).items() if many > 1]


def exact(
    accounts: Mapping[str, Account], expected: Mapping[str, str], families: Mapping[str, str]
) -> list[str]:
    """What differs from what should be: everyone in scope, once, as the directory has them."""
    held = {one.person: one for one in accounts.values() if one.person and one.active}
    wrong = [f"{person} has no account" for person in expected if person not in held]
    wrong += [f"{person} should have none" for person in held if person not in expected]
    for person, account in held.items():
        address = expected.get(person, account.address)
        if account.address.casefold() != address.casefold():
            wrong.append(f"{person} has {account.address}, not {address}")
        if families.get(person, "") not in account.name:
            wrong.append(f"{person} is called {account.name}, not {families[person]}")
    return wrong + doubled(accounts.values())


def after_run(
    ran: Ran,
    really: Difference,
    before: Mapping[str, Account],
    after: Mapping[str, Account],
    *,
    expected: Mapping[str, str],
    known: Known | None,
) -> list[str]:
    """What a spoiled run did that no run may do; `known` is None where its database is lost."""
    wrong = doubled(after.values())
    wrong += [f"{one} is gone" for one in before if one not in after]
    wrong += [
        f"{after[one].person} got an account" for one in really.create
        if after[one].person not in expected
    ]  # fmt: skip
    for one in really.deactivate:
        account = after[one]
        if account.person in expected:
            wrong.append(f"{account.person} lost an account and is in scope")
        if known is not None and account.person not in known.proven:
            wrong.append(f"{account.person} lost an account without evidence")
        if account.role == "owner" or not account.person:
            wrong.append(f"{account.address} is protected and lost an account")
    if ran.endless:
        wrong.append("the run did not end")
    return wrong + _numbers(ran, really, known) + words_missing(ran)


def _numbers(ran: Ran, really: Difference, known: Known | None) -> list[str]:
    """Whether the report says what was done, no more and, but for what is open, no less."""
    report = ran.report
    if report is None:
        return [f"{really.writes} writes of a run that did not begin"] if really.writes else []
    wrong = []
    for kind in _KINDS:
        done, real = getattr(report.done, kind), really.count(kind)
        # With the database its open entries are lost, of which there is a batch at most.
        unsure = known.unsure(kind) if known is not None else BATCH
        if not done <= real <= done + unsure:
            wrong.append(f"{kind}: the report says {done}, the service {real} ({unsure} open)")
    if report.outcome in _CAME_TO_A_PLAN and known is not None:
        told = report.done.writes + report.failed + known.held
        if report.planned.writes != told:
            wrong.append(f"{report.planned.writes} planned, but {told} accounted for")
    return wrong


def words_missing(ran: Ran) -> list[str]:
    """Whether a run that did not do everything says so, in words."""
    if ran.code is None:
        report = ran.report
        silent = report is None or (report.outcome is not RunOutcome.DONE and not report.failed)
        return ["it says nothing of what is wrong"] if silent else []
    words = trouble_words(ran.code, ran.facts)  # type: ignore[arg-type] # as the report keeps them
    said = (words.title, words.happened, words.to_do)
    if not all(said) or any("{" in one for one in said):
        return [f"no words for {ran.code}"]
    return []


def after_quiet(
    really: Difference, counts: Mapping[str, Mapping[str, int]], told: Mapping[str, object] | None
) -> list[str]:
    """Whether the journal and the service's record of a spoiled run are right in the end."""
    wrong = []
    for kind in _KINDS:
        done, real = counts.get(kind, {}).get("done", 0), really.count(kind)
        if done != real:
            wrong.append(f"{kind}: the journal says {done} in the end, the service {real}")
    if told is None:
        wrong.append("the service was never told of the run")
    return wrong


def silent(ran: Ran, wrong: list[str]) -> bool:
    """Whether everybody was told that all is well, and it is not."""
    return ran.exit == 0 and bool(wrong) and ran.code is not Code.PROVISIONING_OFF


def same(counts: PlanCounts, really: Difference) -> bool:
    """Whether a report's numbers are what really happened."""
    return all(getattr(counts, kind) == really.count(kind) for kind in _KINDS)
