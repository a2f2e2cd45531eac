"""What the hand-over page says of IT's part: each line of it, for the rail, and what has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from wizard.content.it_parts import PART_WORDS, RUN_FAILED, STOPPED_WORDS
from wizard.content.text import t
from wizard.content.times import short_words
from wizard.flow.answers import StepId
from wizard.services.contract.hand_over import ItPart, PartState, PartView, WaitingView
from wizard.services.contract.inviting import InvitedState
from wizard.ui.page import OthersTold
from wizard.ui.widgets.track import Mark, Stop

__all__ = ["ended_words", "first_name", "it_stop", "others_told"]

_MARKS = {
    PartState.DONE: Mark.DONE,
    PartState.NOW: Mark.NOW,
    PartState.TODO: Mark.TODO,
    PartState.STOPPED: Mark.WARN,
}
_STEPS = {
    ItPart.WORKSPACE: StepId.WORKSPACE,
    ItPart.APP: StepId.GOOGLE_APP,
    ItPart.AUTHORIZED: StepId.GOOGLE_AUTHORIZE,
    ItPart.SCOPE: StepId.SCOPE,
    ItPart.PREVIEW: StepId.PREVIEW,
    ItPart.PROVISIONING: StepId.PROVISIONING,
    ItPart.FIRST_SYNC: StepId.FIRST_SYNC,
}


def it_stop(one: PartView, view: WaitingView, now: datetime) -> Stop:
    """One part of IT's as a line of the track."""
    words = PART_WORDS[one.part.value]
    titles: dict[PartState, Callable[[], str]] = {
        PartState.DONE: lambda: t(words.done),
        PartState.TODO: lambda: t(words.todo),
    }
    title = titles.get(one.state, lambda: t(words.now))()
    sentence = ""
    if one.state is PartState.NOW:
        sentence = t(words.waits)
        if one.part is ItPart.AUTHORIZED and view.pending:
            sentence = t("The account service is making it active. A few minutes is normal.")
    elif one.state is PartState.STOPPED:
        unsaid = one.part is ItPart.FIRST_SYNC and one.trouble is None
        sentence = t(RUN_FAILED) if unsaid else t(STOPPED_WORDS[one.part.value])
    note = short_words(one.at, now) if one.at is not None else ""
    if note and one.state is PartState.NOW:
        note = t("since {time}", time=note)
    return Stop(title=title, mark=_MARKS[one.state], sentence=sentence, note=note)


def ended_words(view: WaitingView) -> str:
    """What to say where an invitation ran out before anybody came; '' else."""
    if view.parts and view.parts[0].state is PartState.DONE:
        return ""
    if any(one.state is InvitedState.PENDING for one in view.people):
        return ""
    gone = [one.address for one in view.people if one.state is InvitedState.EXPIRED]
    if gone:
        return t(
            "**The invitation to {address} has ended.** It was not accepted within 48 hours.",
            address=gone[0],
        )
    return t("**Nobody is invited now.** Your IT representative can’t begin without it.")


def first_name(view: WaitingView) -> str:
    """What to call whoever came; '' while nobody has."""
    names = (view.it_name or view.it_address).split()
    return names[0] if names else ""


def others_told(view: WaitingView) -> OthersTold:
    """How far IT is, for the rail."""
    done = [
        _STEPS[one.part] for one in view.parts if one.part in _STEPS and one.state is PartState.DONE
    ]
    current = next(
        (
            _STEPS[one.part]
            for one in view.parts
            if one.part in _STEPS and one.state in {PartState.NOW, PartState.STOPPED}
        ),
        None,
    )
    if view.finished:
        done.append(StepId.WHERE_IT_RUNS)
    return OthersTold(done=tuple(done), current=current, name=first_name(view))
