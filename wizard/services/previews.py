"""Plans to look at: made behind the wall, paged, searched, saved as a file."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from wizard.accounts.base import Capability, Support
from wizard.content.reasons import REASONS, kind_label
from wizard.content.text import N_, t
from wizard.core.cancel import Cancel
from wizard.core.clock import Clock
from wizard.core.runs import PersonPlan, PlanKind, Reason
from wizard.core.settings import ProvisioningSettings
from wizard.core.settings_fields import changed_fields
from wizard.core.trouble import Code, Trouble
from wizard.services.access import ServiceAccess
from wizard.services.contract import Listen, PreviewView, ProblemView
from wizard.services.contract.drafts import DraftView
from wizard.services.contract.previewing import (
    Evidence,
    FoundPreview,
    Outdated,
    PersonView,
    WideningView,
)
from wizard.services.drafts import Drafts
from wizard.services.kept_settings import UNREADABLE
from wizard.services.provisioning import Provisioning
from wizard.services.setup import SetUp
from wizard.services.syncing import Syncing
from wizard.services.tables import table_file
from wizard.services.views import preview_view
from wizard.sync import plan_view
from wizard.sync.plan_person import PlannedPerson, compared, planned_person, prove_gone

__all__ = ["Previews"]

log = logging.getLogger(__name__)

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


_TELLS_NOTHING = UNREADABLE | {Code.SIGN_IN_NEEDED, Code.SIGN_IN_EXPIRED}
"""What keeps the settings from being read, which a preview does not need: it has its own token."""
_KEEPS = timedelta(hours=1)
"""How long a plan tells what a sync would do: a directory changes over a day, not at once."""


class Previews:
    """The preview page's work."""

    def __init__(
        self,
        set_up: SetUp,
        access: ServiceAccess,
        syncing: Syncing,
        provisioning: Provisioning,
        drafts: Drafts,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._set_up = set_up
        self._access = access
        self._syncing = syncing
        self._provisioning = provisioning
        self._drafts = drafts
        self._last: PreviewView | None = None
        self._made_with: ProvisioningSettings | None = None

    def make(
        self, draft: ProvisioningSettings | None, listen: Listen, cancel: Cancel
    ) -> PreviewView:
        """Plan without writing; a new plan has to be looked at anew."""
        summary = self._syncing.preview(draft, cancel, listen)
        self._provisioning.in_scope = summary.counts.in_scope
        kept = self._syncing.kept()
        settings = draft or (kept.settings if kept is not None else None)
        self._last = preview_view(summary, settings.grace_days if settings is not None else None)
        self._made_with = summary.settings
        self._set_up.happened(
            lambda answers: replace(answers, preview_run_id=summary.run_id, preview_seen=False)
        )
        return self._last

    def last(self) -> PreviewView | None:
        """The newest one, of this start or an earlier, where it still tells what would happen.

        None for one that these answers do not know, that is older than an hour, or that a run
        came after.
        """
        view = self._stored()
        return view if view is not None and self._outdated(view) is None else None

    def found(self, cancel: Cancel) -> FoundPreview:
        """See `PreviewCalls.found`.

        A service that can't be reached now tells nothing against a preview: the settings as
        drafted or last read here then count.
        """
        draft: DraftView | None = None
        try:
            draft = self._drafts.look(cancel)
        except Trouble as trouble:
            if trouble.code not in _TELLS_NOTHING:
                raise
            log.info("a preview is held against the settings last read: %s", trouble.code)
        view = self._stored()
        if view is None:
            return FoundPreview(view=None, draft=draft)
        outdated = self._outdated(view) or self._other_settings(draft)
        return FoundPreview(view=None if outdated else view, outdated=outdated, draft=draft)

    def _stored(self) -> PreviewView | None:
        answers = self._set_up.answers
        if not answers.organization_account_id or not answers.preview_run_id:
            return None
        if self._last is None:
            summary = plan_view.stored_summary(self._syncing.database(answers))
            if summary is None:
                return None
            self._provisioning.in_scope = summary.counts.in_scope
            self._last, self._made_with = preview_view(summary), summary.settings
        return self._last

    def _outdated(self, view: PreviewView) -> Outdated | None:
        age = self._clock.now() - view.made_at
        if not timedelta(0) <= age <= _KEEPS:
            return Outdated.OLD
        ran = self._syncing.last_report()
        return None if ran is None or ran.finished_at <= view.made_at else Outdated.RAN

    def _other_settings(self, draft: DraftView | None) -> Outdated | None:
        """Whether other settings count now than the plan was made with."""
        wanted = draft.draft if draft is not None else self._set_up.answers.draft
        if wanted is None:
            kept = self._syncing.kept()
            wanted = kept.settings if kept is not None else None
        if wanted is None:
            return None
        if self._made_with is None:
            return Outdated.SETTINGS
        changed = [one for one in changed_fields(self._made_with, wanted) if one.changes_plan]
        if not changed:
            return None
        merged = draft.merge if draft is not None else None
        if merged is not None and set(changed) & set(merged.by_them):
            return Outdated.SAVED
        return Outdated.SCOPE if any(one.in_scope for one in changed) else Outdated.SETTINGS

    @property
    def notifies(self) -> bool:
        """See `PreviewCalls.notifies`."""
        told = self._access.anyone().capabilities.get(Capability.NOTIFY, Support.ABSENT)
        return told is not Support.ABSENT

    def widening(self, run_id: str) -> WideningView:
        """See `PreviewCalls.widening`."""
        found = compared(self._syncing.database(self._set_up.answers), run_id)
        return WideningView(in_place=found.in_place, more=found.more, fewer=found.fewer)

    def person(self, run_id: str, user_id: str, cancel: Cancel) -> PersonView | None:
        """See `PreviewCalls.person`."""
        answers = self._set_up.answers
        database = self._syncing.database(answers)
        known = planned_person(database, run_id, user_id)
        if known is None:
            return None
        view = PersonView(
            kind=known.kind,
            reason=known.reason,
            held=known.held,
            unit=known.unit_path or "",
            state=known.state,
            aliases=tuple((known.aliases or "").split()),
            leaves_at=self._leaves_at(known),
        )
        try:
            reader = self._access.reader(answers, cancel)
            proof = prove_gone(database, reader, run_id, user_id, cancel)
        except Trouble as trouble:
            if trouble.code is Code.CANCELLED:
                raise
            leaves = known.kind is PlanKind.DEACTIVATE
            return replace(view, evidence_trouble=trouble) if leaves else view
        return replace(view, evidence=Evidence(proof.value) if proof is not None else None)

    def _leaves_at(self, known: PlannedPerson) -> datetime | None:
        """When a person in grace is deactivated, by the settings that the plan was made with."""
        if known.reason is not Reason.IN_GRACE or self._made_with is None:
            return None
        since = known.absent_since or self._clock.now()
        return since + timedelta(days=self._made_with.grace_days)

    def rows(
        self, run_id: str, *, kinds: frozenset[PlanKind], search: str, offset: int, limit: int
    ) -> tuple[Sequence[PersonPlan], int]:
        """See `Workbench.plan_rows`."""
        database = self._syncing.database(self._set_up.answers)
        return plan_view.plan_rows(
            database,
            run_id,
            kinds=kinds,
            search=search,
            offset=offset,
            limit=limit,
            named=_reasons_named,
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

    def save(
        self,
        run_id: str,
        path: Path,
        *,
        kinds: frozenset[PlanKind] = frozenset(),
        search: str = "",
    ) -> int:
        """See `PreviewCalls.save`; the file is there whole or not at all, for its owner alone."""
        database = self._syncing.database(self._set_up.answers)
        with table_file(path) as file:
            return plan_view.write_csv(
                database,
                run_id,
                file,
                heading=[t(words) for words in _HEADING],
                words=_plan_words(),
                kinds=kinds,
                search=search,
                named=_reasons_named,
            )


def _reasons_named(word: str) -> tuple[Reason, ...]:
    """The reasons whose words have this in them, as people read them."""
    return tuple(
        reason
        for reason, message in REASONS.items()
        if word in t(message, workspace="Google", scope_by="").casefold()
    )


def _plan_words() -> dict[PlanKind | Reason, str]:
    """Kinds and reasons as people read them; what a scope names stands in a column of its own."""
    words: dict[PlanKind | Reason, str] = {kind: kind_label(kind) for kind in PlanKind}
    for reason, message in REASONS.items():
        words[reason] = t(message, workspace="Google", scope_by="").rstrip(": ")
    words[Reason.NEW_IN_SCOPE] = t("New in your scope")
    words[Reason.EXCLUDED] = t("Left out of your scope")
    return words
