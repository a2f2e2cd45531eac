"""When the background sync needs a person: said once for each cause, not at every run."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.content.text import t
from wizard.content.troubles import trouble_words
from wizard.core.clock import Clock
from wizard.core.runs import RunOutcome
from wizard.core.trouble import Code, Fact
from wizard.services.schedule import SchedulerState, SchedulerView

__all__ = ["Attention", "Notice"]

_OVERDUE = "overdue"
_OVER = frozenset({SchedulerState.WAITING, SchedulerState.OFF})
"""States that a cause does not outlive: the next time it is news again."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a person is told; `cause` is the same for as long as nothing about it is news."""

    cause: str
    title: str
    words: str
    topic: str


class Attention:
    """Looks at every view of the background sync; owned by one thread."""

    def __init__(self, clock: Clock, *, service: str) -> None:
        self._clock = clock
        self._service = service
        self._told: set[str] = set()

    def look(self, view: SchedulerView) -> Notice | None:
        """What a person has to be told now, None for nothing new."""
        if view.state in _OVER:
            self._told = {_OVERDUE} & self._told
        if not view.overdue:
            self._told.discard(_OVERDUE)
        notice = self._needed(view) or self._overdue(view)
        if notice is None or notice.cause in self._told:
            return None
        self._told.add(notice.cause)
        return notice

    def _needed(self, view: SchedulerView) -> Notice | None:
        if view.state is not SchedulerState.NEEDS_PERSON or view.last is None:
            return None
        code = view.trouble
        held = view.last.outcome is RunOutcome.STOPPED_BY_GUARD
        if held:
            code = Code.GUARD_STOPPED
        if code is None:
            return None
        facts: dict[str, Fact] = {"service": self._service, **dict(view.last.trouble_facts)}
        cause = code.value
        if held:
            # Another number of people is another question.
            kinds = ",".join(f"{kind.value}={people}" for kind, people in view.last.held)
            cause = f"{cause} {kinds}"
            for kind, people in view.last.held:
                facts.setdefault("what", kind.value)
                facts.setdefault("people", people)
        words = trouble_words(code, facts)
        return Notice(cause=cause, title=words.title, words=words.to_do, topic=words.topic)

    def _overdue(self, view: SchedulerView) -> Notice | None:
        if not view.overdue or view.state in {SchedulerState.PAUSED, SchedulerState.RUNNING}:
            return None
        if view.last_good_at is None:
            words = t("No sync has come through yet. Open the window to see why.")
        else:
            hours = round((self._clock.now() - view.last_good_at).total_seconds() / 3600)
            words = t(
                "The last good sync was {hours} hours ago. Open the window to see why.",
                hours=f"{hours:,}",
            )
        return Notice(
            cause=_OVERDUE,
            title=t("It has been too long since a good sync"),
            words=words,
            topic="may-i-close",
        )
