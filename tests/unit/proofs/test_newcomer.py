"""What the proof `newcomer` sees as a wrong turn, as a decision, and as words of nobody's voice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from proofs.desktop import Node
from proofs.person import BUTTON, Person
from proofs.voice import objections
from proofs.wayfarer import Choice, Errand, Field, Knows, Wayfarer

WIDTH, HEIGHT = 1100, 720
WORKED = "You’ll know it worked when the number of people is the one you expect."


def node(
    role: str, name: str, y: int, *, x: int = 300, off: bool = False, told: str = "", h: int = 20
) -> Node:
    states = frozenset() if off else frozenset({"sensitive", "enabled"})
    return Node(
        role=role, name=name, text="", x=x, y=y, w=120, h=h, states=states, description=told
    )


def page(*parts: Node) -> list[Node]:
    """A window with this on its one page, which is called “Who is synced”."""
    return [
        Node(
            role="frame", name="Program", text="", x=0, y=0, w=WIDTH, h=HEIGHT, states=frozenset()
        ),
        node("label", "Who is synced", 60, h=30),
        node("filler", "Who is synced", 44, h=560),
        *parts,
    ]


def closed(*beside: Node, told: str = "") -> list[Node]:
    return page(node(BUTTON, "Continue", 668, x=900, off=True, told=told), *beside)


class Window:
    """A desktop that shows one page, and the same after whatever is pressed."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes

    def nodes(self) -> Sequence[Node]:
        return self._nodes


class Somebody:
    """Presses and types, and remembers what was decided."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.desktop = Window(nodes)
        self.decisions: list[str] = []
        self.pressed: list[str] = []

    def press(self, name: str, *, role: str = BUTTON, seconds: float = 30.0) -> None:
        del role, seconds
        self.pressed.append(name)

    def write(self, field: str, words: str) -> None:
        self.pressed.append(f"{field}: {words}")

    def picture(self, name: str) -> None:
        """Nobody looks at it."""


def wayfarer(nodes: Sequence[Node], *knows: Knows) -> Wayfarer:
    return Wayfarer(person=cast("Person", Somebody(nodes)), knows=knows)


def turns(nodes: Sequence[Node]) -> list[str]:
    far = wayfarer(nodes)
    looks = iter((False, True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("proofs.wayfarer._PATIENCE", -1.0)
        patch.setattr(far, "_wait", lambda *_: None)
        far.go(lambda _: next(looks), what="somebody")
    return far.turns


SILENT = ["“Continue” on “Who is synced” is closed without a word why"]


@pytest.mark.parametrize("strip", ["", WORKED, "0 of 0", "Page 3"])
def test_a_closed_page_is_a_wrong_turn_whatever_else_stands_above_its_button(strip: str) -> None:
    assert turns(closed(node("label", strip, 632))) == SILENT


@pytest.mark.parametrize("told", [WORKED, "0 of 0", "Page 3"])
def test_what_is_no_reason_does_not_become_one_by_being_told_with_the_button(told: str) -> None:
    assert turns(closed(node("label", told, 672, x=700), told=told)) == SILENT


def test_a_reason_that_only_a_screen_reader_hears_is_none_for_everybody_else() -> None:
    assert turns(closed(told="Choose one first")) == SILENT


@pytest.mark.parametrize("y", [672, 640])
def test_a_closed_page_with_its_reason_beside_or_above_the_button_is_fine(y: int) -> None:
    reason = "Choose one first"
    assert turns(closed(node("label", reason, y, x=700), told=reason)) == []


def decided(nodes: Sequence[Node], *knows: Knows) -> list[str]:
    """What was decided in as many moves as this person knows things, and the main button."""
    far = wayfarer(nodes, *knows)
    looks = iter([False] * (len(knows) + 1) + [True])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(far, "_changed", lambda before: before)
        far.go(lambda _: next(looks), what="somebody")
    return far.person.decisions


MAIN = node(BUTTON, "Continue", 668, x=900)


def test_everything_chosen_typed_or_pressed_is_a_decision_named_or_not() -> None:
    nodes = page(
        node("radio button", "I own it", 200),
        node("text", "Name", 240),
        node(BUTTON, "Send 1 invitation", 280),
        MAIN,
    )
    told = decided(
        nodes,
        Choice(words="I own it", decides="who I am"),
        Field(words="Name", types="Nordby"),
        Errand(words="Send 1 invitation"),
    )
    assert told == ["who I am", "Name", "Send 1 invitation"]


def test_going_on_with_what_was_preselected_is_a_decision() -> None:
    nodes = page(node("radio button", "Everybody", 200), MAIN)
    assert decided(nodes) == ["“Continue” on “Who is synced”"]


def test_another_way_beside_the_main_button_has_to_be_decided_on_every_time() -> None:
    nodes = page(
        node("text", "Name", 240),
        node(BUTTON, "Skip this", 668, x=700),
        MAIN,
    )
    told = decided(nodes, Field(words="Name", types="Nordby"))
    assert told == ["Name", "“Continue” on “Who is synced”"]


def test_the_only_way_on_is_no_decision() -> None:
    assert decided(page(node(BUTTON, "Back", 668), MAIN)) == []


@pytest.mark.parametrize("y", [676, 660, 730])
def test_a_button_of_a_page_that_goes_on_below_its_foot_is_not_the_main_button(y: int) -> None:
    below = node(BUTTON, "Edit the list", y, x=950)
    nodes = page(node("text", "Name", 240), node(BUTTON, "Back", 668), below, MAIN)
    told = decided(nodes, Field(words="Name", types="Nordby"))
    assert told == ["Name"]
    assert decided(nodes) == ["“Continue” on “Who is synced”"]


@pytest.mark.parametrize(
    "text",
    [
        "Fatal fault 12: contact your administrator",
        "Retry the idempotent upsert",
        "Das Problem ist aufgetreten",
        "An “error” has come up",
        "The frobnicator says no",
    ],
)
def test_what_is_not_the_voice_of_the_window_is_objected_to(text: str) -> None:
    assert objections([text], frozenset())


def test_what_people_call_themselves_is_theirs_also_in_quotes() -> None:
    text = "“Nullify Error GmbH” is your organization here."
    assert objections([text], frozenset())
    assert objections([text], {"Nullify Error GmbH"}) == []


def test_a_name_does_not_excuse_the_letters_of_another_word() -> None:
    assert objections(["Choose one of these upserts first."], {"ups"})


def test_a_things_name_is_known_whole_and_none_of_its_words_alone() -> None:
    things = {"Moss and Ferries", "Error 400"}
    assert objections(["Moss and Ferries, 12, not chosen"], frozenset(), things=things) == []
    assert objections(["“Error 400”"], frozenset(), things=things) == []
    assert objections(["The ferries are chosen"], frozenset(), things=things)
    assert objections(["“Error” is shown"], frozenset(), things=things)
