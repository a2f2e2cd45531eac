"""Everybody with a problem, as a person looks for them: searched, told in words, saved."""

from __future__ import annotations

from pathlib import Path

from wizard.content.problems import problem_cells, problem_heading, problem_words
from wizard.content.search import plain, wanted_words
from wizard.core.cancel import Cancel
from wizard.core.problems import PersonProblem, ProblemsView
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.services.tables import write_table
from wizard.store.database import Database
from wizard.sync.problem_list import judged_by, people_with_problems

__all__ = ["ProblemList"]


class ProblemList:
    """Reads the connection's database, and asks nobody."""

    def __init__(self, set_up: SetUp, syncing: Syncing) -> None:
        self._set_up = set_up
        self._syncing = syncing

    def found(self, search: str, cancel: Cancel) -> ProblemsView:
        """See `HomeCalls.people_with_problems`."""
        database = self._database()
        if database is None:
            return ProblemsView()
        with database.read(cancel=cancel) as reading:
            plan = judged_by(reading)
            if plan is None:
                return ProblemsView()
            people = people_with_problems(reading, plan)
        words = wanted_words(plain(search))
        return ProblemsView(
            people=tuple(one for one in people if _fits(one, words)),
            total=len(people),
            run_id=plan.id,
            looked_at=plan.started_at,
            preview=plan.preview,
        )

    def save(self, search: str, path: Path, cancel: Cancel) -> int:
        """See `HomeCalls.save_problems`."""
        people = self.found(search, cancel).people
        return write_table(path, problem_heading(), map(problem_cells, people))

    def _database(self) -> Database | None:
        answers = self._set_up.answers
        if not answers.organization_account_id:
            return None
        return self._syncing.database(answers)


def _fits(problem: PersonProblem, words: tuple[str, ...]) -> bool:
    """Whether every word is in somebody's name or address, or in what is the matter."""
    if not words:
        return True
    told = problem_words(problem)
    code = problem.code.value if problem.code is not None else ""
    texts = (
        *(problem.name, problem.address, problem.account_address, *problem.others),
        *(told.title, told.reason, problem.kind.value, code),
    )
    whole = plain(" ".join(texts))
    return all(word in whole for word in words)
