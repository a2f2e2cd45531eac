from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.auth.browser import LONGEST_MAIL, BrowserOpener, mail_address
from wizard.core.trouble import Code, Trouble


def parts(link: str) -> tuple[list[str], dict[str, str]]:
    """Recipients and fields as a mail program reads them (RFC 6068)."""
    split = urlsplit(link)
    assert split.scheme == "mailto"
    fields = parse_qsl(split.query, keep_blank_values=True, strict_parsing=True)
    assert len(fields) == len(dict(fields))
    return [unquote(one) for one in split.path.split(",") if one], dict(fields)


def test_a_mail_has_its_people_its_subject_and_its_lines() -> None:
    link = mail_address(["ana@nordby.example", "o'neil+it@nordby.example"], "A & B", "One\nTwo ä")
    assert parts(link) == (
        ["ana@nordby.example", "o'neil+it@nordby.example"],
        {"subject": "A & B", "body": "One\r\nTwo ä"},
    )


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example?bcc=evil@evil.example",
        "a@b.example&attach=/etc/passwd",
        "a@b.example,evil@evil.example",
        "a@b.example\r\nbcc: evil@evil.example",
        "a%0d%0a@b.example",
        "nobody",
        "ann e@b.example",
        "a@b",
        "",
    ],
)
def test_an_address_that_could_be_more_is_left_out(address: str) -> None:
    people, fields = parts(mail_address([address, "ana@nordby.example"], "S", "B"))
    assert people == ["ana@nordby.example"]
    assert set(fields) == {"subject", "body"}


@given(subject=st.text(max_size=80), body=st.text(max_size=200))
def test_no_subject_and_no_text_adds_a_field_or_a_line_to_the_head(subject: str, body: str) -> None:
    link = mail_address(["ana@nordby.example"], subject, body)
    assert link.isascii()
    assert link.isprintable()
    people, fields = parts(link)
    assert people == ["ana@nordby.example"]
    assert set(fields) == {"subject", "body"}
    assert fields["subject"] == " ".join(subject.split())
    assert "\n" not in fields["subject"]


def test_a_mail_program_is_started_with_the_link_and_nobody_can_hand_one_over() -> None:
    started: list[str] = []

    def start(address: str) -> bool:
        started.append(address)
        return True

    opener = BrowserOpener(start=start)
    assert opener.open_mail(["ana@nordby.example"], "S", "B")
    assert started == ["mailto:ana@nordby.example?subject=S&body=B"]
    with pytest.raises(Trouble) as caught:
        opener.open("mailto:ana@nordby.example?subject=S")
    assert caught.value.code is Code.UNSAFE_ADDRESS
    assert len(started) == 1


def test_a_mail_that_some_systems_would_cut_is_not_opened() -> None:
    started: list[str] = []

    def start(address: str) -> bool:
        started.append(address)
        return True

    opener = BrowserOpener(start=start)
    assert not opener.open_mail([], "S", "x" * LONGEST_MAIL)
    assert not started


def test_without_a_mail_program_it_is_told() -> None:
    assert not BrowserOpener(start=lambda _address: False).open_mail([], "S", "B")
