"""A trouble is found by its code, however it is spelled, by a log line, or by what a page said."""

from __future__ import annotations

import pytest

from wizard.content.code_search import OUTSIDE_WORDS, code_of_topic, code_topic, codes_in
from wizard.content.faq import load_faq
from wizard.content.troubles import TABLE, trouble_words
from wizard.core.trouble import Code
from wizard.services.contract import ProfileView
from wizard.ui.help_content import ContentHelp

FAQ = load_faq(service="Enterprise Connect")
HELP = ContentHelp(
    ProfileView(id="p", name="Enterprise Connect", practice=False, hosts=("connect.example",))
)


@pytest.mark.parametrize("code", list(Code))
def test_every_code_says_what_happened_what_to_do_and_who_can(code: Code) -> None:
    topic = code_topic(code)
    assert topic.title
    for said in ("**What happened.** ", "**What to do.** ", "**Who can do it.** "):
        assert said in topic.answer
    assert code.value in topic.answer
    assert code_of_topic(topic.id) is code
    assert HELP.topic(topic.id) is not None


@pytest.mark.parametrize("code", list(Code))
def test_every_code_has_a_question_of_its_own_beside_it(code: Code) -> None:
    assert FAQ.topic(TABLE[code].topic) is not None
    assert FAQ.for_code(code)


@pytest.mark.parametrize("code", list(Code))
def test_every_code_is_found_however_it_is_spelled(code: Code) -> None:
    name = code.value
    for typed in (
        name,
        name.upper(),
        name.replace("-", "_"),
        name.replace("-", " "),
        f"  {name}. ",
        f"INFO wizard.sync.cycle [sync-0] run 20261122T200103-ab12 stopped: {name} (people=64)",
        f'{{"outcome": "failed", "trouble": "{name}", "requests": 404}}',
    ):
        assert codes_in(typed)[0] is code, typed
        assert HELP.search(typed)[0].id == f"code-{name}"


@pytest.mark.parametrize("code", list(Code))
def test_every_title_on_a_screenshot_finds_its_code(code: Code) -> None:
    title = trouble_words(code).title
    same = {one for one in Code if trouble_words(one).title == title}
    assert set(codes_in(f"{title}.")) & same
    assert set(codes_in(title.replace("’", "'").lower())) & same


def test_what_others_pages_and_logs_say_is_known() -> None:
    assert codes_in("Error 400: admin_policy_enforced")[0] is Code.ADMIN_POLICY_ENFORCED
    assert codes_in("Error 403: org_internal")[0] is Code.APP_INTERNAL
    assert codes_in("403: Not Authorized to access this resource/api")[0] in {
        Code.DIRECTORY_FORBIDDEN,
        Code.NOT_ALLOWED,
    }
    assert codes_in("HTTP 503")[0] is Code.SERVICE_UNAVAILABLE
    assert codes_in("ssl.SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED")[0] is (
        Code.TLS_UNTRUSTED
    )
    for word, codes in OUTSIDE_WORDS.items():
        assert set(codes) <= set(codes_in(f"status {word} "))


@pytest.mark.parametrize(
    "line",
    ["at 12:40:43 on line 4", "10.0.4.29 answered", "429 people", "the button is gray", "", "ana"],
)
def test_times_addresses_and_plain_questions_are_no_codes(line: str) -> None:
    wanted = {Code.RATE_LIMITED} if line.startswith("429") else set[Code]()
    assert set(codes_in(line)) <= wanted


def test_a_typing_mistake_in_a_title_is_forgiven() -> None:
    assert codes_in("not everything was alowed") == (Code.SCOPES_MISSING,)


def test_ordinary_words_are_codes_only_where_they_stand_for_one() -> None:
    assert codes_in("offline") == (Code.OFFLINE,)
    assert codes_in("what happens when my laptop is offline over night") == ()
    assert codes_in("run ended: cancelled") == (Code.CANCELLED,)
