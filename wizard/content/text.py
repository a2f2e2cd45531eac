"""The one catalogue of words, with plural forms, for window, command line, FAQ and kit."""

from __future__ import annotations

import gettext
from pathlib import Path

from wizard.core.resources import resource

__all__ = ["N_", "Message", "language", "set_language", "t", "tn"]

DOMAIN = "enterprise-connect"
Value = str | int | float
_translations: gettext.NullTranslations = gettext.NullTranslations()


class Message(str):
    """Words marked for translation where the language is not known yet; show with `t`."""

    __slots__ = ()


def N_(message: str) -> Message:  # noqa: N802 - the name that gettext tools look for
    """Mark words in a table for the catalogue; they are translated when shown."""
    return Message(message)


def set_language(languages: list[str] | None = None, folder: Path | None = None) -> None:
    """Choose the catalogue: the languages wanted, best first; English where none fits."""
    global _translations  # noqa: PLW0603 - one language a process, set once at the start
    _translations = gettext.translation(
        DOMAIN, folder or resource("translations"), languages=languages, fallback=True
    )


def language() -> str:
    """The language in use, as HTML names it (BCP 47), such as 'en' or 'pt-BR'."""
    told = _translations.info().get("language", "")
    return told.replace("_", "-") or "en"


def t(message: str, **values: Value) -> str:
    """The words in the person's language, with `{name}` places filled in."""
    words = _translations.gettext(message) if message else ""
    return words.format(**values) if values else words


def tn(one: str, many: str, count: int, **values: Value) -> str:
    """As `t`, in the form that fits `count`, which also fills `{count}` with thousands marks."""
    words = _translations.ngettext(one, many, count)
    return words.format(count=f"{count:,}", **values)
