"""Words of the support file: what is in it, what is not, and what its marks stand for."""

from __future__ import annotations

import textwrap

from wizard.content.text import t, tn

__all__ = ["heading", "note_lines"]

_WIDE = 96


def heading(title: str) -> tuple[str, str]:
    """The head of a part."""
    return title, "-" * len(title)


def note_lines(*, made: str, people: int) -> list[str]:
    """The note on privacy at the top; `people` is how many addresses have a mark."""
    title = t("Support file of Enterprise Connect Setup")
    inside = t(
        "In it: the versions of program and system, the profile and its hosts, checks, settings "
        "and steps, the numbers and codes of the last syncs, counts of what is stored, the log."
    )
    ids = t(
        "The ids of your organizational unit, connection and workspace are in it, too: by them "
        "support finds you."
    )
    outside = t(
        "Not in it: names and addresses of people, what is stored of them, passwords, sign-ins, "
        "tokens, codes, and the names of your units, groups and organization."
    )
    return [
        title,
        "=" * len(title),
        t("Made {when}. Nothing was sent: it goes where you send it.", when=made),
        "",
        *textwrap.wrap(f"{inside} {ids}", _WIDE),
        "",
        *textwrap.wrap(outside, _WIDE),
        "",
        t("Marks stand in their place, the same one for the same thing in the whole file:"),
        f"  p1, p2 …  {t('an address of a person')}",
        f"  s1, s2 …  {t('an address that the log had shortened; it may be several people')}",
        f"  h1, h2 …  {t('a computer or domain of yours')}",
        f"  n1, n2 …  {t('a number of your network')}",
        f"  [name]    {t('a word that is, or looks like, part of a name')}",
        "",
        tn("{count} address has a mark.", "{count} addresses have a mark.", people),
        t("Read it whole before you send it. You may take lines out."),
    ]
