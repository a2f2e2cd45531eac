"""A word that has to be typed: what counts as the same, and what does not."""

from __future__ import annotations

import pytest

from wizard.ui.widgets.typed_word import same_words


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("halden freight", "Halden Freight"),
        ("Halden Freight", " Halden  Freight "),
        ("Halden Freight", "Halden\u00a0Freight"),
        ("Halden Freight", "Halden\nFreight"),
        ("H\u00e5lden", "Ha\u030alden"),
        ("Ha\u030alden", "H\u00e5lden"),
        ("Halden", "Hal\u200bden\u200e"),
        ("STRASSE", "Stra\u00dfe"),
    ],
)
def test_what_a_person_types_from_what_they_see_fits(typed: str, wanted: str) -> None:
    assert same_words(typed, wanted)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("HaldenFreight", "Halden Freight"),
        ("Halden", "Halden Freight"),
        ("Halden", "H\u00e5lden"),
        ("", "Halden"),
        ("", ""),
        ("", "   "),
    ],
)
def test_another_word_or_none_does_not_fit(typed: str, wanted: str) -> None:
    assert not same_words(typed, wanted)
