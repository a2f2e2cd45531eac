"""Plans to look at: made behind the wall, paged, searched, saved as a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from wizard.content.reasons import REASONS, kind_label
from wizard.content.text import N_, t
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.files import disk_trouble
from wizard.core.runs import PersonPlan, PlanKind, Reason
from wizard.core.settings import ProvisioningSettings
from wizard.services.contract import Listen, PreviewView, ProblemView
from wizard.services.provisioning import Provisioning
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.services.views import preview_view
from wizard.sync import plan_view

__all__ = ["Previews"]

_HEADING = (
    N_("Person"),
    N_("Address"),
    N_("Plan"),
    N_("Why"),
    N_("Name before"),
    N_("Address before"),
    N_("In scope by"),
    N_("Detail"),
)


_KEEPS = timedelta(hours=1)
"""How long a plan tells what a sync would do: a directory changes over a day, not at once."""


class Previews:
    """The preview page's work."""

    def __init__(
        self, set_up: SetUp, syncing: Syncing, provisioning: Provisioning, clock: Clock
    ) -> None:
        self._clock = clock
        self._set_up = set_up
        self._syncing = syncing
        self._provisioning = provisioning
        self._last: PreviewView | None = None

    def make(
        self, draft: ProvisioningSettings | None, listen: Listen, cancel: Cancel
    ) -> PreviewView:
        """Plan without writing; a new plan has to be looked at anew."""
        summary = self._syncing.preview(draft, cancel, listen)
        self._provisioning.in_scope = summary.counts.in_scope
        kept = self._syncing.kept()
        settings = draft or (kept.settings if kept is not None else None)
        self._last = preview_view(summary, settings.grace_days if settings is not None else None)
        self._set_up.happened(
            lambda answers: replace(answers, preview_run_id=summary.run_id, preview_seen=False)
        )
        return self._last

    def last(self) -> PreviewView | None:
        """The newest one, of this start or an earlier, where it still tells what would happen.

        None for one that these answers do not know, that is older than an hour, or that a run
        came after.
        """
        answers = self._set_up.answers
        if not answers.organization_account_id or not answers.preview_run_id:
            return None
        if self._last is None:
            summary = plan_view.stored_summary(self._syncing.database(answers))
            if summary is None:
                return None
            self._provisioning.in_scope = summary.counts.in_scope
            self._last = preview_view(summary)
        return self._last if self._holds(self._last) else None

    def _holds(self, view: PreviewView) -> bool:
        age = self._clock.now() - view.made_at
        if not timedelta(0) <= age <= _KEEPS:
            return False
        ran = self._syncing.last_report()
        return ran is None or ran.finished_at <= view.made_at

    def rows(
        self, run_id: str, *, kinds: frozenset[PlanKind], search: str, offset: int, limit: int
    ) -> tuple[Sequence[PersonPlan], int]:
        """See `Workbench.plan_rows`."""
        database = self._syncing.database(self._set_up.answers)
        return plan_view.plan_rows(
            database, run_id, kinds=kinds, search=search, offset=offset, limit=limit
        )

    def problems(self, run_id: str) -> Sequence[ProblemView]:
        """See `Workbench.problems`."""
        found = plan_view.problems(self._syncing.database(self._set_up.answers), run_id)
        return [
            ProblemView(
                name=problem.name,
                address=problem.address,
                code=problem.code,
                facts=(
                    ("name", problem.name),
                    ("address", problem.address),
                    ("detail", problem.detail),
                ),
            )
            for problem in found
        ]

    def save(self, run_id: str, path: Path) -> int:
        """See `Workbench.save_plan`; the file is there whole or not at all, for its owner alone."""
        database = self._syncing.database(self._set_up.answers)
        temporary: str | None = None
        try:
            handle, temporary = tempfile.mkstemp(prefix=".plan.", dir=path.parent)
            # A byte order mark tells spreadsheets that names are in UTF-8.
            with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
                people = plan_view.write_csv(
                    database,
                    run_id,
                    file,
                    heading=[t(words) for words in _HEADING],
                    words=_plan_words(),
                )
            Path(temporary).replace(path)
            temporary = None
        except OSError as problem:
            raise disk_trouble(problem, path) from problem
        finally:
            if temporary is not None:
                Path(temporary).unlink(missing_ok=True)
        return people


def _plan_words() -> dict[PlanKind | Reason, str]:
    """Kinds and reasons as people read them; what a scope names stands in a column of its own."""
    words: dict[PlanKind | Reason, str] = {kind: kind_label(kind) for kind in PlanKind}
    for reason, message in REASONS.items():
        words[reason] = t(message, workspace="Google", scope_by="").rstrip(": ")
    words[Reason.NEW_IN_SCOPE] = t("New in your scope")
    words[Reason.EXCLUDED] = t("Left out of your scope")
    return words
