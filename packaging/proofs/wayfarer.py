"""Somebody who never saw the window and goes by what stands on the screen alone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from devtools.proving import Short
from proofs.desktop import Node
from proofs.person import BUTTON, Person

__all__ = ["Choice", "Errand", "Field", "Sight", "Wayfarer"]

_STEP = re.compile(r"(?P<name>.+), step (?P<number>\d+) of \d+, (?P<state>[a-z ]+), ")
_FOOT = 76
"""Pixels from the lower end of the window in which the page's own buttons stand."""
_LINE = 40
"""Pixels above them in which a sentence says what the page waits for."""
_PATIENCE = 150.0
_MOST = 80
_BAND = 44
"""Pixels at the upper end of the window where the practice band is."""
_LEVEL = 3
"""Pixels by which the middles of two buttons in one row may differ."""
_LEAVING = frozenset({"Back", "Save and close", "Back to Home"})
"""Buttons at the foot of every page: they lead back or away, and are no way on."""
_UNDER_WAY = "Under way"
"""What a screen reader is told of a main button that is at work."""
_WORKED = "You’ll know it worked when"
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEWEST_WORDS = 2
_WAYS = frozenset({BUTTON, "radio button", "check box", "text"})
_TROUBLE = "What happened"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What somebody would choose, by the words on it; `decides` where that is a decision."""

    words: str
    role: str = "radio button"
    decides: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """What somebody types where they are asked for it."""

    words: str
    types: str
    decides: str = ""


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A button on the page that says what somebody came for; `do` presses it another way."""

    words: str
    decides: str = ""
    do: Callable[[Person], object] | None = None


Knows = Choice | Field | Errand


@dataclass(frozen=True, kw_only=True)
class Sight:
    """The window at one moment, as somebody sees it."""

    nodes: Sequence[Node]
    title: str
    number: int
    done: frozenset[int]
    primary: Node | None

    @property
    def texts(self) -> list[str]:
        """Everything that can be read."""
        return [text for node in self.nodes for text in (node.name, node.text) if text]

    @property
    def troubled(self) -> bool:
        """Whether the page tells of a trouble."""
        return _TROUBLE in self.texts

    def shows(self, words: str) -> bool:
        """Whether these words stand there."""
        return any(words in text for text in self.texts)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells one moment from another."""
        texts = {
            (node.role, node.name, node.enabled, node.states & _MATTERS) for node in self.nodes
        }
        return self.title, self.number, frozenset(texts)


_MATTERS = frozenset({"checked"})


@dataclass(kw_only=True)
class Wayfarer:
    """Goes on by the page's main button, choosing and typing what this person knows.

    `turns` are wrong turns: a page that is closed without a word why, an action that leads to a
    page that the list of steps did not announce, a trouble that somebody met.

    Everything chosen, typed or pressed on a page is a decision, and so is the main button where
    there are other ways on: beside it always, elsewhere on the page unless the person has just
    decided something there. `acts` counts every press and text, those without another way, too.
    """

    person: Person
    knows: Sequence[Knows]
    turns: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    acts: int = 0
    _decided_on: str = ""
    _done: set[tuple[str, Knows]] = field(default_factory=set)

    def look(self) -> Sight:
        """What stands there now."""
        nodes = self.person.desktop.nodes()
        steps = [found for node in nodes if (found := _STEP.match(node.name)) is not None]
        current = next((int(one["number"]) for one in steps if "current" in one["state"]), 0)
        done = frozenset(int(one["number"]) for one in steps if one["state"] == "done")
        sight = Sight(
            nodes=nodes,
            title=_title(nodes),
            number=current,
            done=done,
            primary=_primary(nodes),
        )
        self.texts.update(text for text in sight.texts if not text.startswith("http"))
        return sight

    def go(self, until: Callable[[Sight], bool], *, what: str) -> Sight:
        """Go on until somebody is where they wanted; raises `Short` where there is no way on."""
        for _ in range(_MOST):
            sight = self.look()
            if until(sight):
                self._note(sight)
                return sight
            self._note(sight)
            act = self._next(sight)
            if act is None:
                self._wait(sight, until)
                continue
            pressed, do = act
            if do() is False:
                continue
            self._count(sight, pressed)
            self._judge(sight, self._changed(sight), pressed)
        raise Short(f"{what}: no end after {_MOST} moves", self._so_far())

    # ---------------------------------------------------------------- deciding

    def _next(self, sight: Sight) -> tuple[Knows | None, Callable[[], object]] | None:
        """What is done next: what the person knows first, then the page's own button."""
        for known in self.knows:
            if self._mark(sight, known) in self._done:
                continue
            node = _find(sight.nodes, known)
            if node is not None and not _there_already(node, known):
                return known, partial(self._apply, sight, known)
        primary = sight.primary
        if primary is not None and primary.enabled and primary.description != _UNDER_WAY:
            return None, partial(self._press_main, primary.name)
        return None

    def _press_main(self, name: str) -> bool:
        """Press the page's own button, unless the page went on by itself meanwhile."""
        try:
            self.person.press(name, seconds=3)
        except Short:
            if _words(self.look().primary) == name:
                raise
            return False
        return True

    @staticmethod
    def _mark(sight: Sight, known: Knows) -> tuple[str, Knows]:
        """An errand is run once; a choice may be asked for on more pages than one."""
        return "" if isinstance(known, Errand) else sight.title, known

    def _apply(self, sight: Sight, known: Knows) -> None:
        self._done.add(self._mark(sight, known))
        person = self.person
        if isinstance(known, Choice):
            person.press(known.words, role=known.role)
        elif isinstance(known, Field):
            person.write(known.words, known.types)
        elif known.do is not None:
            known.do(person)
        else:
            person.press(known.words)

    def _count(self, sight: Sight, pressed: Knows | None) -> None:
        self.acts += 1
        decisions = self.person.decisions
        if pressed is not None:
            self._decided_on = sight.title
            decisions.append(pressed.decides or pressed.words)
            return
        beside, elsewhere = _other_ways(sight)
        if beside or (elsewhere and self._decided_on != sight.title):
            decisions.append(f"“{_words(sight.primary)}” on “{sight.title}”")

    # ---------------------------------------------------------------- judging

    def _changed(self, before: Sight) -> Sight:
        """The window once it is another than before, and stands still."""
        limit = time.monotonic() + 5
        sight = self.look()
        while sight.key == before.key and time.monotonic() < limit:
            time.sleep(0.2)
            sight = self.look()
        return sight

    def _judge(self, before: Sight, after: Sight, pressed: Knows | None) -> None:
        if after.number and before.number and after.number != before.number:
            ahead = [n for n in range(before.number + 1, after.number) if n not in before.done]
            led_on = pressed is None or isinstance(pressed, Errand)
            if not led_on or after.number < before.number or ahead:
                words = pressed.words if pressed is not None else _words(before.primary)
                self._turn(f"“{words}” on “{before.title}” led to “{after.title}”")
        if after.troubled and not before.troubled:
            self._turn(f"“{after.title}” tells of a trouble")

    def _wait(self, before: Sight, until: Callable[[Sight], bool]) -> None:
        """Nothing can be done now: the page has to say why, and to open by itself."""
        limit = time.monotonic() + _PATIENCE
        while time.monotonic() < limit:
            sight = self.look()
            if until(sight) or self._next(sight) is not None:
                return
            self._hear(sight)
            time.sleep(0.3)
        self.person.picture("no-way-on")
        self._turn(f"“{before.title}” stays closed")
        raise Short(f"there is no way on from “{before.title}”", self._so_far())

    def _note(self, sight: Sight) -> None:
        if sight.title and (not self.pages or self.pages[-1] != sight.title):
            self.pages.append(sight.title)
            self.person.picture(re.sub(r"\W+", "-", sight.title.casefold()).strip("-")[:40])
            self.look()
        self._hear(sight)

    def _hear(self, sight: Sight) -> None:
        """A closed page has to say why. What changes while it is read is read once more."""
        if not _silent(sight):
            return
        again = self.look()
        if _silent(again) and again.title == sight.title:
            words = _words(again.primary)
            self._turn(f"“{words}” on “{again.title}” is closed without a word why")

    def _turn(self, words: str) -> None:
        if words not in self.turns:
            self.turns.append(words)

    def _so_far(self) -> dict[str, object]:
        return {
            "wrong_turns": list(self.turns),
            "pages": list(self.pages),
            "decided": list(self.person.decisions),
        }


# -------------------------------------------------------------------------- eyes


def _title(nodes: Sequence[Node]) -> str:
    """The page's title: the name of the part that scrolls, which a label says, too."""
    labels = {node.name for node in nodes if node.role == "label" and node.h >= 26}
    return next((n.name for n in nodes if n.role == "filler" and n.name in labels), "")


def _centre(nodes: Sequence[Node]) -> tuple[int, int, int]:
    """Where the page begins and ends, from the left, and where the window ends below."""
    frame = max((n for n in nodes if n.role in {"filler", "frame"}), key=lambda n: n.w * n.h)
    left = next(
        (n.x + n.w for n in nodes if n.name in {"Steps", "Pages"} and n.role == "filler"), 0
    )
    right = next((n.x for n in nodes if n.name == "Help" and n.role == "filler"), frame.w)
    return left, right if right > left else frame.w, frame.y + frame.h


def _primary(nodes: Sequence[Node]) -> Node | None:
    """The button farthest right at the foot of the page."""
    return max(_foot(nodes), key=lambda node: node.x, default=None)


def _foot(nodes: Sequence[Node]) -> list[Node]:
    """The page's own buttons, in a row at its foot.

    A page that scrolls goes on below them, and a button of it may lie there, unseen.
    """
    if not nodes:
        return []
    left, right, end = _centre(nodes)
    there = [
        node
        for node in nodes
        if node.role == BUTTON and left <= node.x < right and end - _FOOT <= node.y < end
    ]
    rows = [node.y + node.h // 2 for node in there if node.name in _LEAVING]
    return [
        node
        for node in there
        if not rows or any(abs(node.y + node.h // 2 - row) <= _LEVEL for row in rows)
    ]


def _silent(sight: Sight) -> bool:
    """Whether the main button is closed, and nothing says why.

    The reason is what a screen reader is told of the button, and stands beside or above it for
    everybody else. How one will know later that it worked is none.
    """
    primary = sight.primary
    if primary is None or primary.enabled:
        return False
    why = primary.description
    if len(_WORD.findall(why)) < _FEWEST_WORDS or why.startswith(_WORKED):
        return True
    left, right, end = _centre(sight.nodes)
    return not any(
        node.role == "label"
        and node.name == why
        and left <= node.x < right
        and node.y >= end - _FOOT - _LINE
        for node in sight.nodes
    )


def _other_ways(sight: Sight) -> tuple[list[str], list[str]]:
    """What else could be used to go on: beside the main button, and elsewhere on the page."""
    left, right, _end = _centre(sight.nodes)
    foot = _foot(sight.nodes)
    beside: list[str] = []
    elsewhere: list[str] = []
    for node in sight.nodes:
        there = left <= node.x < right and node.y >= _BAND
        if node is sight.primary or not there or not node.enabled or node.role not in _WAYS:
            continue
        if node not in foot:
            elsewhere.append(node.name)
        elif node.name not in _LEAVING:
            beside.append(node.name)
    return beside, elsewhere


def _find(nodes: Sequence[Node], known: Knows) -> Node | None:
    role = {Choice: "", Field: "text", Errand: BUTTON}[type(known)]
    role = known.role if isinstance(known, Choice) else role
    fitting = [n for n in nodes if n.role == role and n.enabled and n.name.startswith(known.words)]
    return next((n for n in fitting if n.name == known.words), fitting[0] if fitting else None)


def _there_already(node: Node, known: Knows) -> bool:
    if isinstance(known, Choice):
        return "checked" in node.states
    return isinstance(known, Field) and bool(node.text)


def _words(node: Node | None) -> str:
    return node.name if node is not None else ""
