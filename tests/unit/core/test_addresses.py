from __future__ import annotations

import pytest

from wizard.core.addresses import listed_addresses


@pytest.mark.parametrize(
    "words",
    [
        "ana@nordby.example Ben@nordby.example",
        "ana@nordby.example,ben@nordby.example",
        "Ana Silva <ana@nordby.example>; Ben <BEN@nordby.example>",
        "ana@nordby.example\n\tben@nordby.example\nana@NORDBY.example",
    ],
)
def test_a_list_is_taken_apart_however_it_was_copied(words: str) -> None:
    assert listed_addresses(words) == ("ana@nordby.example", "ben@nordby.example")


@pytest.mark.parametrize(
    "words", ["", "ana", "ana@nordby.example", "ana silva", "@ @", "ana@ @nordby", "<a@b.example>"]
)
def test_what_is_no_list_is_searched_as_it_is(words: str) -> None:
    assert listed_addresses(words) == ()
