"""Writes the catalog of all words that a person sees, for translators; run by `dev.py words`."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from wizard import __version__
from wizard.content.faq import read_sources

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "resources" / "translations" / "enterprise-connect.pot"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"t": None, "tn": (1, 2), "N_": None}
"""The functions that mark words (`wizard.content.text`); `tn` takes one form and many."""


def catalog() -> Catalog:
    """Every marked word of the program and every topic of the FAQ, with where it is said."""
    found = Catalog(
        header_comment="# All words of Enterprise Connect Setup, for translators.",
        version=__version__,
        last_translator="",
        language_team="",
        project="Enterprise Connect Setup",
        copyright_holder="Enterprise Connect Setup authors",
        msgid_bugs_address="translations@connect.example",
        # Not the time of writing: the same words give the same file.
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        revision_date=datetime(2026, 1, 1, tzinfo=UTC),
        fuzzy=False,
    )
    for name, _line, message, comments, context in extract_from_dir(
        str(ROOT / "wizard"), method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        if message:
            place = (f"wizard/{Path(name).as_posix()}", 0)
            found.add(message, locations=[place], auto_comments=comments, context=context)
    for path, sources in read_sources():
        for source in sources:
            for words in source.messages:
                found.add(words, locations=[(f"resources/faq/{path.name}", 0)])
    return found


def main() -> int:
    """Write the template anew and say how many messages it holds."""
    words = catalog()
    buffer = io.BytesIO()
    write_po(buffer, words, width=100, sort_output=True, include_lineno=False)
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_bytes(buffer.getvalue())
    print(f"{len(words)} messages in {TEMPLATE.relative_to(ROOT).as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
