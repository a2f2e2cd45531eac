"""Lists of addresses as people type and paste them."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.services.address_list import AddressFault, address_key, read_addresses


def texts(words: str) -> list[str]:
    return [one.text for one in read_addresses(words)]


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("a@x.example", ["a@x.example"]),
        ("a@x.example,b@x.example", ["a@x.example", "b@x.example"]),
        ("a@x.example; b@x.example ;", ["a@x.example", "b@x.example"]),
        ("a@x.example b@x.example", ["a@x.example", "b@x.example"]),
        ("a@x.example\r\nb@x.example\n\n", ["a@x.example", "b@x.example"]),
        ("Tomasz Wilk <tomasz@x.example>", ["tomasz@x.example"]),
        ("Wilk, Tomasz <t@x.example>; Raman, Priya <p@x.example>", ["t@x.example", "p@x.example"]),
        ('"Wilk, Tomasz" <t@x.example>, b@x.example', ["t@x.example", "b@x.example"]),
        ('"old@x.example" <new@x.example>', ["new@x.example"]),
        ("“Wilk, Tomasz” <t@x.example>", ["t@x.example"]),
        ("a@x.example, Wilk, Tomasz <t@x.example>", ["a@x.example", "t@x.example"]),
        ("Tomasz Wilk\tt@x.example\nPriya Raman\tp@x.example", ["t@x.example", "p@x.example"]),
        ("< a@x.example >", ["a@x.example"]),
        ("<a@x.example><b@x.example>", ["a@x.example", "b@x.example"]),
        ("mailto:a@x.example?subject=Hello", ["a@x.example"]),
        ("(a@x.example).", ["a@x.example"]),
        ("'a@x.example'", ["a@x.example"]),
        ("a@x.example\u00a0b@x.example", ["a@x.example", "b@x.example"]),
        ("\ufeffa@x.example\u200b", ["a@x.example"]),
        ("a@x.example、b@x.example；c@x.example", ["a@x.example", "b@x.example", "c@x.example"]),
        ("Dr. Anne-Marie O’Neill anne@x.example", ["anne@x.example"]),
        ("", []),
        (' ,; \n<> "" ', []),
        ("it@bücher.example", ["it@bücher.example"]),
        ("o'hara+it@x.example", ["o'hara+it@x.example"]),
    ],
)
def test_addresses_are_found_in_what_people_paste(pasted: str, found: list[str]) -> None:
    read = read_addresses(pasted)
    assert [one.text for one in read] == found
    assert all(one.fault is None for one in read)


@pytest.mark.parametrize(
    ("typed", "fault", "piece"),
    [
        ("sam.okoro@halden-freight", AddressFault.NO_ENDING, ""),
        ("sam@10.0.0.1", AddressFault.NO_ENDING, ""),
        ("sam@halden.f", AddressFault.NO_ENDING, ""),
        ("sam.okoro", AddressFault.NO_AT, ""),
        ("sam@@halden.example", AddressFault.TWO_ATS, ""),
        ("sam@a.example@b.example", AddressFault.TWO_ATS, ""),
        ("@halden.example", AddressFault.NOTHING_BEFORE, ""),
        ("sam@", AddressFault.NOTHING_AFTER, ""),
        ("sam..okoro@halden.example", AddressFault.DOTS, ""),
        (".sam@halden.example", AddressFault.DOTS, ""),
        ("sam@halden..example", AddressFault.DOTS, ""),
        ("sam@.example", AddressFault.DOTS, ""),
        ("sam(okoro@halden.example", AddressFault.CHARACTER, "("),
        ("sam@halden_freight.example", AddressFault.CHARACTER, "_"),
        ("sam@-halden.example", AddressFault.CHARACTER, "-"),
        ("sam@halden:25.example", AddressFault.CHARACTER, ":"),
        ("s" * 65 + "@halden.example", AddressFault.TOO_LONG, ""),
        ("sam@" + "h" * 64 + ".example", AddressFault.TOO_LONG, ""),
        ("sam@" + "halden." * 40 + "example", AddressFault.TOO_LONG, ""),
    ],
)
def test_what_is_no_address_is_told_with_what_is_wrong(
    typed: str, fault: AddressFault, piece: str
) -> None:
    (read,) = read_addresses(typed)
    assert (read.text, read.fault, read.piece) == (typed, fault, piece)


def test_a_name_without_any_address_is_told_as_one_thing_that_is_none() -> None:
    (read,) = read_addresses("Tomasz Wilk")
    assert (read.text, read.fault) == ("Tomasz Wilk", AddressFault.NO_AT)


def test_a_broken_address_beside_a_good_one_is_not_taken_for_a_name() -> None:
    assert texts("sam.okoro(at)halden.example it@halden.example") == [
        "sam.okoro(at)halden.example",
        "it@halden.example",
    ]


def test_spelling_in_other_letters_is_the_same_address() -> None:
    assert address_key(" IT@Halden.example ") == address_key("it@halden.EXAMPLE")


# ------------------------------------------------------------------ properties

WORD = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
ADDRESS = st.builds(
    lambda local, label: f"{local}@{label}.example",
    st.lists(WORD, min_size=1, max_size=3).map(".".join),
    WORD,
)
NAME = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzåéøß", min_size=1, max_size=9).map(str.capitalize),
    min_size=1,
    max_size=3,
)
SEPARATOR = st.sampled_from([",", ";", " ", "\n", "\r\n", "\t", ", ", " ; ", ",\n", ";;", "  "])


def dressed(address: str, name: list[str], form: int) -> str:
    """An address as one of the forms in which programs copy it."""
    last, *first = name
    forms = [
        address,
        f"<{address}>",
        f"{' '.join(name)} <{address}>",
        f'"{last}, {" ".join(first)}" <{address}>',
        f"mailto:{address}",
        f"'{address}'",
    ]
    return forms[form]


ENTRY = st.tuples(ADDRESS, NAME, st.integers(0, 5))


@given(st.lists(st.tuples(ENTRY, SEPARATOR), max_size=30))
def test_every_address_of_any_list_is_found_in_its_order(
    entries: list[tuple[tuple[str, list[str], int], str]],
) -> None:
    pasted = "".join(dressed(*entry) + separator for entry, separator in entries)
    read = read_addresses(pasted)
    assert [one.text for one in read] == [entry[0] for entry, _ in entries]
    assert all(one.fault is None for one in read)


@given(st.text(max_size=300))
def test_whatever_is_pasted_gives_pieces_that_read_the_same_again(pasted: str) -> None:
    for one in read_addresses(pasted):
        assert one.text == one.text.strip()
        assert one.text
        if one.fault is None:
            assert not set(one.text) & set(" \t\n,;<>")
            assert read_addresses(one.text) == (one,)


@given(st.lists(ADDRESS, min_size=1, max_size=10), st.text("@.,;<>\"' \n", max_size=20))
def test_rubbish_behind_a_list_takes_none_of_its_addresses(
    addresses: list[str], rubbish: str
) -> None:
    found = texts("\n".join(addresses) + "\n" + rubbish)
    assert found[: len(addresses)] == addresses
