"""Words of the check list: what it comes to, and all of it as text for a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.content.cli import STATE_WORDS
from wizard.content.text import t, tn

__all__ = ["checks_summary", "checks_text"]


def checks_summary(*, failed: int, warnings: int, stopped: bool) -> str:
    """What the checks come to."""
    if stopped:
        return t("**Stopped.** What was looked at by then stands below.")
    if failed:
        told = tn("**{count} thing is wrong.**", "**{count} things are wrong.**", failed)
        return f"{told} {t('Begin with the first: others may come of it.')}"
    if warnings:
        told = tn("**{count} thing to look at.**", "**{count} things to look at.**", warnings)
        return f"{told} {t('Nothing keeps the sync from working.')}"
    return t("**Everything is fine.**")


def checks_text(checks: Sequence[tuple[str, str, str, str, str]]) -> str:
    """All checks as text; each is its state, title, what was found, what to do, and a code."""
    lines = []
    for state, title, detail, to_do, code in checks:
        found = f": {detail}" if detail else ""
        lines.append(f"{t(STATE_WORDS[state])} – {title}{found}{f' [{code}]' if code else ''}")
        if to_do and state != "passed":
            lines.append(f"    {t('What to do')}: {to_do}")
    return "\n".join(lines)
