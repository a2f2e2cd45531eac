"""The limits that stop a plan before it does harm: each kind of change for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from wizard.core.clock import to_text
from wizard.core.runs import HeldCause, HeldKind, PlanKind, Reason
from wizard.core.settings import Limits, ProvisioningSettings
from wizard.store.statements import Cell, Writing
from wizard.sync.approval import covering_approval, use_approval
from wizard.sync.causes import change_causes, leave_causes
from wizard.sync.parts import Cause, Held, SyncParts
from wizard.sync.runs import is_first, matching_preview, plan_counts

__all__ = ["Guarded", "change_limit", "guard", "leave_limit"]

_DAY = timedelta(days=1)
_LEAST_LEAVE = 5
_FIRST_EXTRA_PERCENT = 2
_KINDS = {
    HeldKind.CREATE: (PlanKind.CREATE, PlanKind.ADOPT, PlanKind.REACTIVATE),
    HeldKind.UPDATE: (PlanKind.UPDATE,),
}

# Whom a limit on leavers counts: those due, those whose grace would begin with this run, and
# anyone protected; not those of whom a person said so before. People whose grace has begun
# already were counted then, and are counted again on the day that they are due.
_LEAVING = """
FROM plan_leaver x JOIN plan_item i ON i.run_id = :run AND i.user_id = x.user_id
WHERE NOT x.approved AND i.reason <> :kept
    AND (i.kind = :deactivate OR x.since = '' OR x.protected <> '')
"""

_COUNT_LEAVING = f"""
SELECT coalesce(sum(i.kind = :deactivate), 0) AS due,
    coalesce(sum(i.kind <> :deactivate AND x.protected = ''), 0) AS entering,
    coalesce(sum(x.protected <> ''), 0) AS protected
{_LEAVING}
"""

_HOLD_LEAVING = f"""
UPDATE plan_item SET held = 1 WHERE run_id = :run AND user_id IN (SELECT x.user_id {_LEAVING})
"""  # noqa: S608 - put together from constants of this module

_DONE_TODAY = """
SELECT count(DISTINCT user_id) FROM journal
WHERE counted AND state IN ('sent', 'done') AND coalesce(answered_at, sent_at) > :day_ago
    AND kind IN (SELECT value FROM json_each(:kinds))
"""

# Who left, or whose grace began, in the last day, beside those that this plan counts.
_LEFT_TODAY = f"""
SELECT count(*) FROM (
    SELECT user_id FROM journal
    WHERE kind = :deactivate AND counted AND state IN ('sent', 'done')
        AND coalesce(answered_at, sent_at) > :day_ago
    UNION
    SELECT user_id FROM plan_leaver
    WHERE NOT approved AND protected = '' AND NOT due AND since > :day_ago)
WHERE user_id NOT IN (SELECT x.user_id {_LEAVING})
"""  # noqa: S608 - put together from constants of this module

# What the leavers of a day are a share of: everyone linked and active, and who left in that day.
_BASE = """
SELECT count(*) FROM link WHERE active OR user_id IN (SELECT user_id FROM journal
    WHERE kind = 'deactivate' AND counted AND state IN ('sent', 'done')
        AND coalesce(answered_at, sent_at) > :day_ago)
"""


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """What the guard decided. `uncounted` kinds are allowed by a preview or an approval."""

    held: tuple[Held, ...]
    leave_limit: int
    uncounted: frozenset[HeldKind]


@dataclass(frozen=True, kw_only=True)
class _Leaving:
    due: int
    entering: int
    protected: int


def leave_limit(active: int, limits: Limits) -> int:
    """How many of so many active links may leave in a day without asking.

    At most min(max(5, 5 %), 500), and where two or more leave, less than a quarter; never
    everybody, be it one person.
    """
    share = min(max(_LEAST_LEAVE, active * limits.leave_percent // 100), limits.leave_max)
    return min(share, max(1, (active - 1) // 4), max(0, active - 1))


def change_limit(active: int, limits: Limits) -> int:
    """How many people may be created, or changed, in a day without asking: 10 %, at least 50."""
    return max(limits.change_min, active * limits.change_percent // 100)


def guard(
    writing: Writing,
    parts: SyncParts,
    settings: ProvisioningSettings,
    run_id: str,
    *,
    links_known: bool,
    preview: bool,
    undoes: bool = False,
) -> Guarded:
    """Mark as held, in the stored plan, every row of a kind that broke its limit.

    Limits hold over a sliding day: what the journal says was done in the last 24 hours counts,
    except what a preview or an approval had allowed. A preview uses no approval up. What
    `undoes` a run is never the first one, and its cause is known.
    """
    watch = _Watch(writing, parts, settings, run_id, preview=preview, undoes=undoes)
    held = [watch.leavers(links_known=links_known), *(watch.changes(kind) for kind in _KINDS)]
    return Guarded(
        held=tuple(item for item in held if item is not None),
        leave_limit=leave_limit(watch.to_tell(), settings.limits),
        uncounted=frozenset(watch.uncounted),
    )


class _Watch:
    """The guard at work on one plan, inside one transaction."""

    def __init__(
        self,
        writing: Writing,
        parts: SyncParts,
        settings: ProvisioningSettings,
        run_id: str,
        *,
        preview: bool,
        undoes: bool,
    ) -> None:
        self._writing = writing
        self._parts = parts
        self._settings = settings
        self._run_id = run_id
        self._preview = preview
        self._undoes = undoes
        self._now = parts.clock.now()
        self.uncounted: set[HeldKind] = set()
        self.active = writing.value(int, "SELECT count(*) FROM link WHERE active")
        self.changes_allowed = change_limit(self.active, settings.limits)
        self.first = not undoes and is_first(writing, within=self.changes_allowed)
        self.base = writing.value(int, _BASE, {"day_ago": to_text(self._now - _DAY)})

    def to_tell(self) -> int:
        """Of how many links the limit is told: before the first run, of those that it will make."""
        if self._preview and self.first:
            return plan_counts(self._writing, self._run_id).in_scope
        return self.base

    def _done_today(self, kinds: tuple[PlanKind, ...]) -> int:
        listed = '["' + '","'.join(kinds) + '"]'
        return self._writing.value(
            int, _DONE_TODAY, {"day_ago": to_text(self._now - _DAY), "kinds": listed}
        )

    # ------------------------------------------------------------------ leavers

    def leavers(self, *, links_known: bool) -> Held | None:
        values = {
            "run": self._run_id,
            "deactivate": PlanKind.DEACTIVATE,
            "kept": Reason.LEAVERS_KEPT,
        }
        unsure = self._unsure(links_known=links_known)
        if unsure is not None:
            return self._hold_every_leaver(unsure, values)
        found = self._writing.first(_Leaving, _COUNT_LEAVING, values)
        people = found.due + found.entering + found.protected if found else 0
        if found is None or not people:
            return None
        limit = leave_limit(self.base, self._settings.limits)
        today = self._left_today(values)
        if not found.protected and people + today <= limit:
            return None
        members = f"SELECT x.user_id {_LEAVING}"
        if self._approved(HeldKind.LEAVE, members, values):
            return None
        causes: tuple[Cause, ...] = ()
        if not self._undoes:
            causes = leave_causes(
                self._writing, self._settings, self._run_id, members=members, values=values
            )
        if not found.protected and people <= limit:
            causes = (Cause(cause=HeldCause.BUSY_DAY, people=today), *causes)
        self._writing.execute(_HOLD_LEAVING, values)
        return Held(kind=HeldKind.LEAVE, people=people, limit=limit, causes=causes)

    def _hold_every_leaver(self, unsure: HeldCause, values: Mapping[str, Cell]) -> Held | None:
        """Hold also those of whom a person said earlier that they may leave."""
        self._writing.execute(_HOLD_LEAVING, values)
        self._writing.execute(
            "UPDATE plan_item SET held = 1 WHERE run_id = ? AND kind = ?",
            (self._run_id, PlanKind.DEACTIVATE),
        )
        people = self._writing.value(
            int,
            "SELECT count(*) FROM plan_item WHERE run_id = ? AND held AND user_id IN"
            " (SELECT user_id FROM plan_leaver)",
            (self._run_id,),
        )
        if not people:
            return None
        causes = (Cause(cause=unsure, people=people),)
        return Held(kind=HeldKind.LEAVE, people=people, limit=0, causes=causes)

    def _unsure(self, *, links_known: bool) -> HeldCause | None:
        """Why nobody may be removed at all, whatever the numbers."""
        if not links_known:
            return HeldCause.LINKS_NOT_REBUILT
        if not self._parts.settings_live:
            return HeldCause.SETTINGS_UNREADABLE
        return None

    def _left_today(self, values: Mapping[str, Cell]) -> int:
        return self._writing.value(
            int, _LEFT_TODAY, {**values, "day_ago": to_text(self._now - _DAY)}
        )

    # ------------------------------------------------------------------ creates and updates

    def changes(self, kind: HeldKind) -> Held | None:
        listed = ", ".join(f"'{name.value}'" for name in _KINDS[kind])
        members = f"SELECT user_id FROM plan_item WHERE run_id = :run AND kind IN ({listed})"  # noqa: S608 - names of an enum
        people = self._count(members, run=self._run_id)
        if not people or (self.first and self._preview):
            return None
        today = self._done_today(_KINDS[kind])
        limit = self.changes_allowed
        cause = HeldCause.MANY_NEW if kind is HeldKind.CREATE else HeldCause.MANY_CHANGED
        shown = matching_preview(self._writing, self._settings) if self.first else None
        if shown is not None:
            within, limit = self._as_shown(members, shown)
            cause = HeldCause.NOT_IN_PREVIEW
            if within:
                self.uncounted.add(kind)
        else:
            within = people + today <= limit
            cause = HeldCause.NO_PREVIEW if self.first else cause
        if within or self._approved(kind, members, {"run": self._run_id}):
            return None
        self._writing.execute(
            f"UPDATE plan_item SET held = 1 WHERE run_id = ? AND kind IN ({listed})",  # noqa: S608 - names of an enum
            (self._run_id,),
        )
        causes: tuple[Cause, ...] = ()
        if not self._undoes:
            causes = change_causes(cause, people=people, today=today, limit=limit)
        return Held(kind=kind, people=people, limit=limit, causes=causes)

    def _as_shown(self, members: str, shown: str) -> tuple[bool, int]:
        """Whether the first run does what its preview showed plus 2 %, and how many that is."""
        before = self._count(members, run=shown)
        both = f"{members} INTERSECT {members.replace(':run', ':shown')}"
        others = self._count(members, run=self._run_id) - self._count(
            both, run=self._run_id, shown=shown
        )
        writes = plan_counts(self._writing, shown).writes
        extra = max(1, -(-writes * _FIRST_EXTRA_PERCENT // 100))
        return others <= extra, before + extra

    def _count(self, members: str, **values: str) -> int:
        return self._writing.value(int, f"SELECT count(*) FROM ({members})", values)  # noqa: S608 - SQL of this module

    def _approved(self, kind: HeldKind, members: str, values: Mapping[str, Cell]) -> bool:
        """Whether a person approved all of them, in which case the approval is used up."""
        approval = covering_approval(self._writing, kind, members, values, now=self._now)
        if approval is None:
            return False
        self.uncounted.add(kind)
        if not self._preview:
            use_approval(self._writing, approval, self._run_id)
            if kind is HeldKind.LEAVE:
                self._writing.execute(
                    f"UPDATE link SET leave_approved = 1 WHERE user_id IN ({members})",  # noqa: S608 - SQL of this module
                    values,
                )
        return True
