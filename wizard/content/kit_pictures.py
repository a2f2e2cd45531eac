"""The kit's pictures: each step as the window looks there, drawn from the step's own words.

They are inline SVG, so they follow the language, print sharply, and take their colors from the
page around them. Widths are estimated, for nothing here may ask a font.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from html import escape
from types import MappingProxyType

from wizard.content.steps import STEP_WORDS, StepWords
from wizard.content.text import t

__all__ = ["brand_mark", "step_picture"]

_WIDE, _HIGH = 420, 240
_RAIL = 132
_LEFT, _RIGHT = _RAIL + 18, _WIDE - 18
_LETTER = 0.5
"""The average letter's width as a part of the font size; wide letters count double."""

Draw = Callable[[float], str]
"""The middle of a page, drawn from this height on."""


def brand_mark(size: int) -> str:
    """The program's mark, as it stands at the top of the window."""
    return (
        f'<svg width="{size}" height="{size}" viewBox="0 0 28 28" aria-hidden="true">'
        f"{_brand(0, 0, 1)}</svg>"
    )


def step_picture(key: str, rail: Sequence[str]) -> str:
    """The step `key` (of `STEP_WORDS`) as one picture; `rail` are the keys of the steps around.

    The picture has a description for screen readers; every word in it is escaped.
    """
    words = STEP_WORDS[key]
    name = t("The page “{title}”, as the window shows it", title=t(words.title))
    parts = [
        f'<rect class="page" x="0.5" y="0.5" width="{_WIDE - 1}" height="{_HIGH - 1}" rx="10"/>',
        f'<path class="rail" d="M10 1H{_RAIL}V{_HIGH - 1}H10a9 9 0 0 1-9-9V10a9 9 0 0 1 9-9Z"/>',
        _rail(key, rail),
        _page(key, words),
    ]
    return (
        f'<svg class="step" viewBox="0 0 {_WIDE} {_HIGH}" role="img" '
        f'aria-label="{escape(name)}">{"".join(parts)}</svg>'
    )


def _brand(x: float, y: float, scale: float) -> str:
    return (
        f'<g transform="translate({x} {y}) scale({scale})">'
        '<rect class="accent" x="1" y="1" width="26" height="26" rx="7"/>'
        '<g class="on" stroke-width="1.8"><circle cx="9.5" cy="14" r="3.6"/>'
        '<circle cx="19" cy="9.3" r="2.3"/><circle cx="19" cy="18.7" r="2.3"/>'
        '<path d="M12.8 12.4l4-2M12.8 15.6l4 2"/></g></g>'
    )


def _text(x: float, y: float, words: str, size: float, look: str, anchor: str = "") -> str:
    place = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{look}" x="{x}" y="{y}" font-size="{size}"{place}>{escape(words)}</text>'


def _measure(words: str, size: float) -> float:
    """About how wide the words are."""
    units = sum(
        2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in words
        if not unicodedata.combining(letter)
    )
    return units * _LETTER * size


def _cut(words: str, size: float, room: float) -> str:
    """The words, shortened where they would not fit."""
    if _measure(words, size) <= room:
        return words
    kept = words
    while kept and _measure(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _wrapped(words: str, size: float, room: float, most: int) -> list[str]:
    """The words in at most so many lines; the last is shortened where more would follow."""
    lines: list[str] = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _measure(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [_cut(line, size, room) for line in lines]


def _rail(key: str, rail: Sequence[str]) -> str:
    at = rail.index(key)
    parts = [_brand(12, 11, 0.57), _text(34, 22, t("Enterprise Connect"), 8, "t1 b")]
    gap = min(17.0, (_HIGH - 48) / max(1, len(rail)))
    for number, step in enumerate(rail):
        middle = 42 + number * gap
        words = _cut(t(STEP_WORDS[step].rail), 8, _RAIL - 46)
        if number < len(rail) - 1:
            parts.append(f'<path class="track" d="M18 {middle + 5}V{middle + gap - 5}"/>')
        if number == at:
            parts.append(
                f'<rect class="page" x="8" y="{middle - 8}" width="{_RAIL - 14}" height="16" '
                'rx="4"/>'
                f'<circle class="ring" cx="18" cy="{middle}" r="4.5"/>'
                f'<circle class="accent" cx="18" cy="{middle}" r="2"/>'
            )
        elif number < at:
            parts.append(
                f'<circle class="accent" cx="18" cy="{middle}" r="5"/>'
                f'<path class="on" d="M15.8 {middle + 0.2}l1.6 1.7 2.9-3.6"/>'
            )
        else:
            parts.append(f'<circle class="todo" cx="18" cy="{middle}" r="4.5"/>')
        look = "t1 b" if number == at else ("t2" if number < at else "t3")
        parts.append(_text(30, middle + 2.8, words, 8, look))
    return "".join(parts)


def _page(key: str, words: StepWords) -> str:
    room = _RIGHT - _LEFT
    parts: list[str] = []
    y = 28.0
    for line in _wrapped(t(words.title), 14, room, 2):
        parts.append(_text(_LEFT, y, line, 14, "t1 b"))
        y += 17
    y += 1
    for line in _wrapped(t(words.lead), 8.5, room, 3):
        parts.append(_text(_LEFT, y, line, 8.5, "t2"))
        y += 12
    parts.append(_BODIES.get(key, _cards)(y + 2))
    parts.append(f'<path class="track" d="M{_RAIL} {_HIGH - 49}H{_WIDE - 1}"/>')
    proof = t("You’ll know it worked when {proof}", proof=t(words.proof))
    parts.append(_text(_LEFT, _HIGH - 36, _cut(proof, 8, room), 8, "t3"))
    parts.append(_button(_RIGHT - 78, _HIGH - 28, 78, t("Continue"), 8.5, 19))
    return "".join(parts)


def _button(x: float, y: float, wide: float, words: str, size: float, high: float) -> str:
    label = _cut(words, size, wide - 8)
    return f'<rect class="accent" x="{x}" y="{y}" width="{wide}" height="{high}" rx="5"/>' + _text(
        x + wide / 2, y + high / 2 + 3, label, size, "to b", "middle"
    )


def _line(x: float, y: float, wide: float) -> str:
    return f'<rect class="words" x="{x}" y="{y}" width="{wide}" height="4" rx="2"/>'


def _cards(y: float) -> str:
    """Two answers to choose from, the first chosen."""
    parts: list[str] = []
    for number, look in enumerate(("soft", "box")):
        top = y + number * 33
        parts.append(
            f'<rect class="{look}" x="{_LEFT}" y="{top}" width="{_RIGHT - _LEFT}" height="27" '
            f'rx="6"/><circle class="{"ring" if not number else "todo"}" cx="{_LEFT + 14}" '
            f'cy="{top + 13.5}" r="5"/>'
            + _line(_LEFT + 28, top + 7, 90)
            + _line(_LEFT + 28, top + 16, 150)
        )
    parts.append(f'<circle class="accent" cx="{_LEFT + 14}" cy="{y + 13.5}" r="2.4"/>')
    return "".join(parts)


def _browser(y: float) -> str:
    """The person's own browser, which comes to the front."""
    wide = _RIGHT - _LEFT
    return (
        f'<rect class="box" x="{_LEFT}" y="{y}" width="{wide}" height="62" rx="6"/>'
        f'<path class="track" d="M{_LEFT} {y + 14}H{_RIGHT}"/>'
        f'<rect class="soft" x="{_LEFT + 40}" y="{y + 4}" width="{wide - 80}" height="6" rx="3"/>'
        f'<circle class="ring" cx="{_LEFT + wide / 2}" cy="{y + 27}" r="6"/>'
        + _line(_LEFT + wide / 2 - 45, y + 40, 90)
        + f'<rect class="accent" x="{_LEFT + wide / 2 - 24}" y="{y + 49}" width="48" height="8" '
        'rx="3"/>'
    )


def _checks(y: float) -> str:
    """Lines with a check mark each."""
    parts = [f'<rect class="box" x="{_LEFT}" y="{y}" width="{_RIGHT - _LEFT}" height="62" rx="6"/>']
    for number, wide in enumerate((150, 110, 132)):
        middle = y + 12 + number * 19
        parts.append(
            f'<circle class="accent" cx="{_LEFT + 14}" cy="{middle}" r="5"/>'
            f'<path class="on" d="M{_LEFT + 11.8} {middle + 0.2}l1.6 1.7 2.9-3.6"/>'
            + _line(_LEFT + 28, middle - 2, wide)
        )
    return "".join(parts)


def _counts(y: float) -> str:
    """Numbers over a table of people."""
    wide = (_RIGHT - _LEFT) / 4
    parts = [f'<rect class="box" x="{_LEFT}" y="{y}" width="{_RIGHT - _LEFT}" height="26" rx="6"/>']
    for number in range(4):
        left = _LEFT + number * wide
        parts.append(_line(left + 8, y + 6, 24) + _line(left + 8, y + 15, 38))
        if number:
            parts.append(f'<path class="track" d="M{left} {y}V{y + 26}"/>')
    for row in range(3):
        top = y + 34 + row * 12
        parts.append(_line(_LEFT + 4, top, 70) + _line(_LEFT + 110, top, 100))
    return "".join(parts)


def _toggle(y: float) -> str:
    """A switch that is on, and two settings below it."""
    return (
        f'<rect class="box" x="{_LEFT}" y="{y}" width="{_RIGHT - _LEFT}" height="26" rx="6"/>'
        + _line(_LEFT + 10, y + 11, 120)
        + f'<rect class="accent" x="{_RIGHT - 36}" y="{y + 6}" width="26" height="14" rx="7"/>'
        f'<circle class="page" cx="{_RIGHT - 17}" cy="{y + 13}" r="5"/>'
        + _line(_LEFT + 4, y + 38, 100)
        + _line(_LEFT + 4, y + 52, 150)
    )


def _progress(y: float) -> str:
    """A bar on its way."""
    wide = _RIGHT - _LEFT
    return (
        _line(_LEFT, y + 6, 60)
        + f'<rect class="words" x="{_LEFT}" y="{y + 18}" width="{wide}" height="6" rx="3"/>'
        f'<rect class="accent" x="{_LEFT}" y="{y + 18}" width="{wide * 0.7}" height="6" rx="3"/>'
        + _line(_LEFT, y + 38, 120)
        + _line(_LEFT, y + 50, 90)
    )


_BODIES: Mapping[str, Draw] = MappingProxyType(
    {
        "sign_in": _browser,
        "google_app": _browser,
        "google_authorize": _checks,
        "scope": _checks,
        "preview": _counts,
        "provisioning": _toggle,
        "first_sync": _progress,
        "done": _checks,
    }
)
