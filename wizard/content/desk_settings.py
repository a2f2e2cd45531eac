"""Words of the settings of the helpdesk report."""

from __future__ import annotations

from datetime import UTC, datetime

from wizard.content.text import t, tn
from wizard.content.times import at_words

__all__ = ["report_lead", "report_words"]


def report_lead(*, here: bool) -> str:
    """What the page is for; `here`: this computer reads the directory."""
    if not here:
        return t("The computer that keeps people in step writes it.")
    return t(
        "One file in a folder of yours says why somebody isn’t here, without a network. It names "
        "people, so choose a folder that only your helpdesk may read."
    )


def report_words(people: int, written_at: datetime | None) -> str:
    """How many people the newest page tells of, and when it was written."""
    if written_at is None:
        return ""
    told = tn("{count} person", "{count} people", people)
    return t("{people}, written {when}", people=told, when=at_words(written_at, datetime.now(UTC)))
