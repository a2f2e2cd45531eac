"""No secret reaches a log, however it is written down."""

from __future__ import annotations

import json
import logging
import string
import time
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.core.redact import REMOVED, RedactingFormatter, redact

SECRET_NAMES = [
    "access_token",
    "refresh_token",
    "id_token",
    "token",
    "client_secret",
    "code",
    "code_verifier",
    "password",
    "state",
    "passphrase",
    "assertion",
]
# A digit first: a secret that is spelled like a part of its own name can't be told from it.
secrets = st.text(
    alphabet=string.ascii_letters + string.digits + "-_~.", min_size=12, max_size=60
).map(lambda text: f"7{text}")
names = st.sampled_from(SECRET_NAMES)


@given(names, secrets)
def test_a_secret_in_a_query_or_form_is_removed(name: str, secret: str) -> None:
    text = "GET https://connect.example/cb?" + urlencode({"a": "1", name: secret, "b": "2"})
    assert secret not in redact(text)
    assert "a=1" in redact(text)
    assert redact(text).endswith("&b=2")


@given(names, secrets)
def test_a_secret_in_json_is_removed(name: str, secret: str) -> None:
    for text in (
        json.dumps({"a": 1, name: secret, "b": "kept"}),
        json.dumps(json.dumps({name: secret, "b": "kept"})),
        repr({name: secret, "b": "kept"}),
        repr({name: secret.encode(), "b": "kept"}),
    ):
        assert secret not in redact(text), text
        assert "kept" in redact(text)


awkward = st.text(alphabet="\"'\\ab ", max_size=12).map(lambda text: f"7first{text}8second")


@given(names, awkward)
def test_a_quote_within_a_secret_does_not_end_it(name: str, secret: str) -> None:
    as_json = json.dumps({"a": 1, name: secret, "b": "kept"})
    for text in (as_json, json.dumps({"body": as_json}), repr({name: secret})):
        assert "first" not in redact(text)
        assert "second" not in redact(text)
    assert "kept" in redact(as_json)


@given(names, awkward)
def test_nor_does_one_in_a_value_that_is_printed_with_its_name(name: str, secret: str) -> None:
    said = redact(f"Sent({name}={secret!r})")
    assert "first" not in said
    assert "second" not in said


@given(names, secrets)
def test_a_secret_in_a_cut_json_text_is_removed(name: str, secret: str) -> None:
    text = json.dumps({"a": 1, name: secret})[:-3]
    assert secret[:-2] not in redact(text)


@given(secrets)
def test_a_token_in_a_header_is_removed(secret: str) -> None:
    for text in (
        f"Authorization: Bearer {secret}",
        f"{{'Authorization': 'Bearer {secret}'}}",
        f"sent bearer {secret} to it",
        f"Cookie: session={secret}; other=1",
        f"Proxy-Authorization: Basic {secret}",
    ):
        assert secret not in redact(text), text


@given(secrets)
def test_a_password_inside_an_address_is_removed(secret: str) -> None:
    text = redact(f"proxy http://ana:{secret}@proxy.nordby.example:3128/ in use")
    assert secret not in text
    assert "proxy.nordby.example:3128" in text


@pytest.mark.parametrize(
    "token",
    [
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXNpZ25hdHVyZQ",
        "ya29.a0AfH6SMBx-invented_only",
        "1//0gInventedRefreshToken-abc",
        "4/0AInventedCodeForATest",
    ],
)
def test_a_token_that_stands_alone_is_known_by_its_looks(token: str) -> None:
    assert redact(f"got {token} back") == f"got {REMOVED} back"


@pytest.mark.parametrize(
    "drawn",
    [
        "Q3nVb7xKQm2pLr8sTz4wYd6fHj1cGa5e",
        "vN0_wqM3-t2yR8uIoPaSdFgHjKlZxCvBnM1234567890abcdefgh",
        "QeRtYuIoPaSdFgHjKlZxCvBnMqWeRtYuIoPaSdFgHj_",
        "_-_-Q3nVb7xKQm2pLr8sTz4wYd6fHj1cGa5e-_",
    ],
)
def test_a_long_word_that_was_drawn_is_removed_without_any_name_in_front(drawn: str) -> None:
    assert redact(f"no answer to {drawn}, twice") == f"no answer to {REMOVED}, twice"
    assert redact(f"KeyError: '{drawn}'") == f"KeyError: '{REMOVED}'"


@pytest.mark.parametrize(
    "known",
    [
        "0f8c1d2e3b4a59687786959493a2b1c00f8c1d2e3b4a59687786959493a2b1c0",
        "01HZX3N9",
        "c0ffee00-0000-4000-8000-00000000c0de",
        "wizard.services.people_story.PeopleStoryThatIsVeryLongIndeed",
        "test_a_long_name_of_a_function_without_capitals_v2",
    ],
)
def test_what_names_a_run_or_a_place_in_the_program_stays(known: str) -> None:
    assert redact(f"at {known}.") == f"at {known}."


def test_an_address_is_shortened_and_its_domain_stays() -> None:
    assert redact("looked up tomasz.wilk@nordby.example.") == "looked up t…@nordby.example."


@given(st.text(max_size=300))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "again",
    [
        "a-",
        "a.",
        "aB",
        "A_",
        "token",
        "eyJaaaaaaaa.",
        'state="',
        "'code':'",
        "Bearer ",
        "a@",
        "://",
    ],
)
def test_a_long_line_of_others_holds_no_log_up(again: str) -> None:
    line = again * (60_000 // len(again))
    began = time.process_time()
    redact(line)
    assert time.process_time() - began < 5


def test_plain_words_stay_as_they_are() -> None:
    text = "read 480 people in 3 pages, 2 groups; generation 7 is current (0.4 s)"
    assert redact(text) == text


def test_a_traceback_is_redacted_and_the_record_is_left_alone() -> None:
    logger = logging.getLogger("wizard.test")

    def fail() -> None:
        raise ValueError("refused access_token=abcdefghijkl")

    with pytest.raises(ValueError, match="refused") as failure:
        fail()
    record = logger.makeRecord(
        "wizard.test",
        logging.INFO,
        __file__,
        1,
        "failed for %s",
        ("kari@nordby.example",),
        (ValueError, failure.value, failure.tb),
    )
    text = RedactingFormatter("%(levelname)s %(message)s").format(record)
    assert "abcdefghijkl" not in text
    assert "k…@nordby.example" in text
    assert "Traceback" in text
    assert record.args == ("kari@nordby.example",)
    assert record.exc_text is None


def test_nobody_can_forge_a_line() -> None:
    record = logging.makeLogRecord({"msg": "name: %s", "args": ("x\nINFO all is well\r\x1b",)})
    assert RedactingFormatter("%(message)s").format(record) == r"name: x\nINFO all is well\r\x1b"
