"""The proof that whatever goes wrong on the Google path is told in words, with help beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from devtools.proving import Context, Figures
from proofs import google_steps as steps
from proofs.code_tables import NOT_ON_THIS_PATH, PROVOKED
from proofs.desktop import Desktop
from proofs.organization import Organization
from proofs.person import Person
from proofs.two_people import prepared
from proofs.word_google import google_path
from proofs.word_home import at_home
from proofs.word_network import ways_out
from proofs.word_others import other_people
from proofs.word_page import write_page
from proofs.word_play import Play
from proofs.word_secrets import saved_sign_ins
from proofs.word_starts import never_chosen, starts
from proofs.word_table import WordTable, expect_all

SAYS = (
    "Every code stands in one of two tables: provoked in the real window, where it is told in "
    "words with its help topic and a picture, or not to be met there, with the reason; no sentence "
    "is longer than 200 characters, and none names a class or a number without meaning."
)
_TITLE = "What the window says when something goes wrong"


def run(context: Context) -> Figures:
    """Two desks beside each other: one walks the path, the other meets what lies around it."""
    prepared(context)
    table = WordTable(_made(context.folder / "desk"))
    try:
        with ThreadPoolExecutor(2, "desk") as desks:
            around = desks.submit(
                _at_a_desk,
                context,
                table,
                "around",
                # The last one leaves this desk's password store locked.
                (starts, never_chosen, ways_out, other_people, saved_sign_ins),
                people=10,
            )
            path = desks.submit(
                _at_a_desk, context, table, "path", (google_path, at_home), people=120
            )
            codes = [around.result(), path.result()]
    finally:
        table.write(_TITLE, NOT_ON_THIS_PATH)
        write_page(context.folder / "desk", table.rows, NOT_ON_THIS_PATH)
    expect_all(table, PROVOKED)
    return {
        **table.figures(),
        "never": sorted(NOT_ON_THIS_PATH),
        "exit_codes": codes,
        "table": "desk/troubles.md",
    }


def _at_a_desk(
    context: Context,
    table: WordTable,
    name: str,
    parts: tuple[Callable[[Play], None], ...],
    *,
    people: int,
) -> int:
    """Play these parts with an organization and a desktop of their own; how the window ended."""
    folder = context.folder / name
    with (
        Organization(context, folder / "organization", people=people) as organization,
        Desktop(_made(context.folder / "desk" / name), size="1100x720") as desktop,
    ):
        person = Person(context, desktop, folder / "home", service=steps.OWNER)
        play = Play(
            context=context,
            organization=organization,
            desktop=desktop,
            folder=_made(folder / "given"),
            table=table,
            person=person,
        )
        try:
            for part in parts:
                play.go_on(part)
            return person.close_window()
        finally:
            person.leave()


def _made(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
