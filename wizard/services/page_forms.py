"""Reads the forms of a web page, as far as signing in needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

__all__ = ["Button", "Field", "Form", "Page", "read_page"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """An input of a form. `ticked` counts for check boxes and radio buttons."""

    name: str
    kind: str
    value: str
    ticked: bool = False


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button that sends its form; `text` is what stands on it."""

    name: str
    value: str
    text: str


@dataclass(kw_only=True)
class Form:
    """One form with everything that it would send."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def has(self, kind: str) -> bool:
        """Whether it asks for an input of this kind."""
        return any(entry.kind == kind for entry in self.fields)


@dataclass(kw_only=True)
class Page:
    """A page's title and forms; `text` is everything that can be read on it."""

    address: str
    title: str = ""
    text: str = ""
    forms: list[Form] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page(address=address)
        self._form: Form | None = None
        self._button: dict[str, str] | None = None
        self._words: list[str] = []
        self._button_words: list[str] = []
        self._in_title = False
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                action = urljoin(self.page.address, given.get("action", "") or self.page.address)
                self._form = Form(action=action, method=given.get("method", "get").lower())
                self.page.forms.append(self._form)
            case "input" if self._form is not None:
                self._input(self._form, given, ticked="checked" in given)
            case "button":
                self._button = given
                self._button_words = []
            case "title":
                self._in_title = True
            case "script" | "style" | "svg":
                self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self._form = None
            case "button" if self._button is not None:
                if self._form is not None and self._button.get("type", "submit") == "submit":
                    self._form.buttons.append(
                        Button(
                            name=self._button.get("name", ""),
                            value=self._button.get("value", ""),
                            text=" ".join(" ".join(self._button_words).split()),
                        )
                    )
                self._button = None
            case "title":
                self._in_title = False
            case "script" | "style" | "svg":
                self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.page.title += data
        elif not self._silent:
            self._words.append(data)
            if self._button is not None:
                self._button_words.append(data)

    def close(self) -> None:
        super().close()
        self.page.text = " ".join(" ".join(self._words).split())
        self.page.title = " ".join(self.page.title.split())

    def _input(self, form: Form, given: dict[str, str], *, ticked: bool) -> None:
        kind = given.get("type", "text").lower()
        name, value = given.get("name", ""), given.get("value", "")
        if kind == "submit":
            form.buttons.append(Button(name=name, value=value, text=value))
        elif name and "disabled" not in given:
            value = value if kind not in {"checkbox", "radio"} else value or "on"
            form.fields.append(Field(name=name, kind=kind, value=value, ticked=ticked))


def read_page(address: str, text: str) -> Page:
    """The forms of an HTML page that came from this address."""
    reader = _Reader(address)
    reader.feed(text)
    reader.close()
    return reader.page
