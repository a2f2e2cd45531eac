"""People with a problem as a program reads them: names that stay, times in RFC 3339."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.content.problems import again_words, problem_words
from wizard.core.clock import to_text
from wizard.core.problems import PersonProblem, ProblemsView

__all__ = ["problem_object", "problems_object"]


def problems_object(view: ProblemsView) -> Mapping[str, object]:
    """The whole list. `looked_at` is null where nothing has looked at people yet."""
    return {
        "run_id": view.run_id,
        "looked_at": to_text(view.looked_at) if view.looked_at is not None else None,
        "by_preview": view.preview,
        "total": view.total,
        "people": [problem_object(one) for one in view.people],
    }


def problem_object(problem: PersonProblem) -> Mapping[str, object]:
    """One person."""
    words = problem_words(problem)
    return {
        "directory_id": problem.user_id,
        "name": problem.name,
        "address": problem.address,
        "account_address": problem.account_address,
        "problem": problem.kind.value,
        "title": words.title,
        "reason": words.reason,
        "to_do": words.to_do,
        "who": words.who.value,
        "others": list(problem.others),
        "since": to_text(problem.since) if problem.since is not None else None,
        "again": problem.again.value,
        "again_words": again_words(problem),
        "refused_times": problem.tries,
        "code": problem.code.value if problem.code is not None else "",
        "service_said": problem.detail,
    }
