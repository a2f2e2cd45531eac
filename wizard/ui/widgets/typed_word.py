"""A word that has to be typed before something ends for good, and whether it was."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from wizard.ui.widgets.fields import Field

__all__ = ["TypedWord", "same_words"]


def same_words(typed: str, wanted: str) -> bool:
    """Whether a person who reads `wanted` and types it has typed this.

    A line of text takes what can't be seen away, or another keyboard writes it differently: how
    a letter is put together, capitals, spaces around and between words, and joiners don't count.
    """
    return bool(_seen(wanted)) and _seen(typed) == _seen(wanted)


def _seen(words: str) -> str:
    whole = unicodedata.normalize("NFC", words)
    shown = "".join(one for one in whole if unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFC", " ".join(shown.split()).casefold())


class TypedWord(Field):
    """Asks for one word.

    `hint` gets the word; `not_so` gets what was typed and the word, and says that it is another.
    """

    def __init__(
        self,
        label: str,
        *,
        name: str,
        hint: Callable[[str], str],
        not_so: Callable[[str, str], str],
    ) -> None:
        super().__init__(label, name=name)
        self.line.setMaximumWidth(320)
        self._hint_for = hint
        self._not_so = not_so
        self._wanted = ""
        self.changed.connect(lambda _words: self._judge())

    def begin(self, wanted: str) -> None:
        """Ask for this word, with an empty line."""
        self._wanted = unicodedata.normalize("NFC", " ".join(wanted.split()))
        self.set_value("")
        self.show_wrong("")
        self.say_hint(self._hint_for(self._wanted))

    @property
    def fits(self) -> bool:
        """Whether the word is typed."""
        return same_words(self.value, self._wanted)

    def _judge(self) -> None:
        if len(self.value) >= len(self._wanted) and not self.fits:
            self.show_wrong(self._not_so(self.value, self._wanted))
