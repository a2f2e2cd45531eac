"""Why somebody is here or isn't, as a program reads it: names that stay, whatever the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from wizard.content.person_reasons import answer_verdict, next_words, to_do_words
from wizard.core.clock import to_text
from wizard.core.people import Event, EventKind, Explanation, MemberRow, PersonStory
from wizard.core.problems import PersonProblem
from wizard.services.operations import AccountValues, Operation
from wizard.services.problem_object import problem_object

__all__ = ["explain_object"]


def explain_object(
    told: Explanation,
    operations: Sequence[Operation],
    problem: PersonProblem | None,
    now: datetime,
) -> Mapping[str, object]:
    """The whole answer. Texts are '' and times null where nothing is known."""
    said = answer_verdict(told, now)
    to_do = to_do_words(told, now)
    return {
        "query": told.query,
        "answered": told.answered.value,
        "headline": said.headline,
        "sentence": said.sentence,
        "to_do": to_do[0] if to_do is not None else "",
        "who": to_do[1].value if to_do is not None else "",
        "person": _person(told.person, operations, problem) if told.person is not None else None,
        "next_sync": _next(told, now),
        "several": [_row(row) for row in told.choices],
        "several_more": told.more_choices,
        "alike": [_row(row) for row in told.near],
        "directory_read_at": _time(told.read_at),
        "last_run_at": _time(told.last_run_at),
        "provisioning_on": told.enabled,
        "interval_minutes": told.interval_minutes,
        "kept_by": told.keeper,
    }


def _person(
    story: PersonStory, operations: Sequence[Operation], problem: PersonProblem | None
) -> Mapping[str, object]:
    scope, account, seen = story.scope, story.account, story.evidence
    return {
        "directory_id": story.user_id,
        "name": story.name,
        "address": story.address,
        "standing": story.standing.value,
        "directory": {
            "seen": story.in_directory,
            "read_at": _time(story.read_at),
            "state": story.state.value if story.state is not None else "",
            "state_since": _time(story.state_since),
            "unit": story.unit,
        },
        "scope": {
            "inside": scope.inside if scope is not None else None,
            "reason": scope.reason.value if scope is not None and scope.reason else "",
            "by": scope.by if scope is not None else "",
            "of_unsaved_draft": scope.by_draft if scope is not None else False,
        },
        "matched": {"how": _matched(story), "external_id": account.external_id if account else ""},
        "account": {
            "id": account.id,
            "address": account.address,
            "name": account.name,
            "active": account.active,
            "owner": account.is_owner,
            "since": _time(account.linked_at),
        }
        if account is not None
        else None,
        "protected_by": story.protected.value,
        "same_address": list(story.namesakes),
        "evidence": {"proof": seen.proof, "seen_at": _time(seen.seen_at)} if seen else None,
        "leaving_since": _time(story.leaving_since),
        "leaves_at": _time(story.ends_at),
        "problem": problem_object(problem) if problem is not None else None,
        "operations": [_operation(one) for one in operations],
        "seen_changes": [_event(one) for one in story.events if one.kind in _SEEN],
    }


_SEEN = frozenset(
    {
        EventKind.MOVED,
        EventKind.STATE_CHANGED,
        EventKind.RENAMED_THERE,
        EventKind.READDRESSED_THERE,
        EventKind.ARRIVED,
        EventKind.VANISHED,
    }
)


def _matched(story: PersonStory) -> str:
    """How person and account belong together; from then on always by the directory's id."""
    if story.account is None:
        return ""
    if story.account.adopted:
        return "adopted-by-address"
    made = any(event.kind is EventKind.CREATED for event in story.events)
    return "created-with-id" if made else "external-id"


def _next(told: Explanation, now: datetime) -> Mapping[str, object] | None:
    story = told.person
    if story is None:
        return None
    plan = story.planned
    return {
        "words": next_words(told, now),
        "last_plan": {
            "run_id": plan.run_id,
            "at": _time(plan.at),
            "preview": plan.preview,
            "kind": plan.kind.value,
            "reason": plan.reason.value,
            "held": plan.held,
            "detail": plan.detail,
        }
        if plan is not None
        else None,
    }


def _operation(one: Operation) -> Mapping[str, object]:
    return {
        "run_id": one.run_id,
        "kind": one.kind.value,
        "state": one.state,
        "at": to_text(one.at),
        "account_id": one.account_id,
        "before": _values(one.before),
        "after": _values(one.after),
        "code": one.code,
        "service_said": one.service_said,
        "evidence": one.evidence,
    }


def _values(values: AccountValues | None) -> Mapping[str, object] | None:
    if values is None:
        return None
    return {
        "address": values.address,
        "given_name": values.given_name,
        "family_name": values.family_name,
        "active": values.active,
    }


def _event(event: Event) -> Mapping[str, object]:
    return {"what": event.kind.value, "at": _time(event.at), "old": event.old, "new": event.new}


def _row(row: MemberRow) -> Mapping[str, object]:
    return {
        "directory_id": row.user_id,
        "name": row.name,
        "address": row.address,
        "unit": row.unit,
        "standing": row.standing.value,
    }


def _time(moment: datetime | None) -> str | None:
    return to_text(moment) if moment is not None else None
