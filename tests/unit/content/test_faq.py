"""Every question is answered, found and opened beside what it belongs to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.content.voice import objections
from wizard.content.faq import Faq, Topic, load_faq, read_sources
from wizard.content.search import Query, Words, found_in, plain
from wizard.content.troubles import TABLE
from wizard.core.trouble import Code
from wizard.flow.answers import StepId
from wizard.flow.steps import STEPS


@pytest.fixture(scope="module")
def faq() -> Faq:
    return load_faq(service="iConnect")


TOPICS = [topic.id for topic in load_faq().topics]

GUIDE = {
    "greyed-out": ["install", "permissions", "admin"],
    "admin-but-not-it": ["best", "involve your IT"],
    "authorized-but-nothing-happened": ["few minutes later", "contact support"],
    "do-i-pay": ["don’t pay for every account", "scheduler request"],
    "data-and-privacy": ["Privacy Notice", "Data Management policies", "Compliance documents"],
    "interviewers": ["No.", "background", "recruiters and coordinators"],
    "how-many-connections": ["Google Workspace", "one connection", "two"],
    "invite-it": ["owner", "organizational unit"],
    "full-admin": ["Only a full admin can authorize"],
    "what-provisioning-does": ["toggle", "Save", "scope"],
    "what-it-does": ["user directory", "service account"],
}
"""What the set-up guide says, by the topic that says it here."""


@pytest.mark.parametrize("topic_id", list(GUIDE))
def test_what_the_guide_says_is_answered(faq: Faq, topic_id: str) -> None:
    topic = faq.topic(topic_id)
    assert topic is not None
    for words in GUIDE[topic_id]:
        assert words in topic.answer


def test_ids_are_used_once(faq: Faq) -> None:
    assert len(TOPICS) == len(set(TOPICS))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one) for one in TOPICS)


@pytest.mark.parametrize("topic_id", TOPICS)
def test_every_topic_keeps_the_voice_and_says_enough(faq: Faq, topic_id: str) -> None:
    topic = faq.topic(topic_id)
    assert topic is not None
    assert topic.question.endswith((".", "?"))
    for text in (topic.question, *topic.answer.splitlines()):
        # Names that a page of Google shows are quoted in bold, as they stand there.
        own_words = re.sub(r"\*\*.*?\*\*|port 443|at most 500", "", text)
        assert not objections(own_words)
    assert len(topic.answer.split()) >= 20
    assert topic.answer.count("**") % 2 == 0


@pytest.mark.parametrize("code", list(Code))
def test_every_trouble_opens_a_topic(faq: Faq, code: Code) -> None:
    topics = faq.for_code(code)
    assert topics
    assert topics[0].id == TABLE[code].topic


def test_an_ordinary_account_is_helped_with_more_than_one_topic(faq: Faq) -> None:
    assert [topic.id for topic in faq.for_code(Code.NOT_A_FULL_ADMIN)] == [
        "full-admin",
        "full-admin-still-refused",
        "which-admin-account",
    ]


@pytest.mark.parametrize("step", list(StepId))
def test_every_step_has_its_questions(faq: Faq, step: StepId) -> None:
    about = faq.about(step.value)
    assert len(about) >= 3
    assert set(STEPS[step].topics) <= set(TOPICS)
    others = faq.others(step.value)
    assert not {topic.id for topic in others} & {topic.id for topic in about}


def test_steps_and_codes_in_the_files_exist() -> None:
    steps = {step.value for step in StepId} | {"*"}
    codes = {code.value for code in Code}
    for _, sources in read_sources():
        for source in sources:
            assert set(source.steps) <= steps, source.id
            assert set(source.codes) <= codes, source.id


@pytest.mark.parametrize(
    "ending",
    [
        "admin_policy_enforced",
        "org_internal",
        "disallowed_useragent",
        "redirect_uri_mismatch",
        "invalid_request",
        "access_denied",
        "deleted_client",
    ],
)
def test_what_a_browser_shows_and_never_redirects_is_found(faq: Faq, ending: str) -> None:
    found = [hit.topic for hit in faq.search(ending.replace("_", " "))]
    assert any("google_authorize" in topic.steps for topic in found[:3])
    message = faq.topic("page-shows-a-message")
    assert message is not None
    if ending != "deleted_client":
        assert ending in message.answer


# ------------------------------------------------------------------ how it is shown


def test_the_service_is_called_by_its_name(faq: Faq) -> None:
    refused = faq.topic("refused-by-service")
    assert refused is not None
    assert refused.question == "iConnect refused something."
    unnamed = load_faq().topic("refused-by-service")
    assert unnamed is not None
    assert unnamed.question == "The account service refused something."


def test_a_page_that_the_profile_names_is_linked() -> None:
    faq = load_faq(urls={"privacy": "https://connect.example/privacy", "compliance": ""})
    topic = faq.topic("data-and-privacy")
    assert topic is not None
    assert [(link.text, link.url) for link in topic.links] == [
        ("Privacy Notice", "https://connect.example/privacy")
    ]
    assert "**Compliance documents**" in topic.answer


def test_each_document_on_privacy_is_named_once() -> None:
    names = ("Privacy Notice", "Data Management policies", "Compliance documents")
    urls = dict.fromkeys(("privacy", "data_management", "compliance"), "https://connect.example/x")
    for given in (urls, {"privacy": urls["privacy"]}, {}):
        topic = load_faq(urls=given).topic("data-and-privacy")
        assert topic is not None
        told = [topic.answer, *(link.text for link in topic.links)]
        for name in names:
            assert sum(part.count(name) for part in told) == 1


def test_lists_and_paragraphs_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# Title\n\n## Why?\n<!-- id: why; steps: welcome; words: reason -->\n\n"
        "Because\nof this.\n\n- one\n- two\n  more\n\nEnd.\n",
        encoding="utf-8",
    )
    (topic,) = load_faq(folder=tmp_path).topics
    assert topic.answer == "Because of this.\n\n• one\n• two more\n\nEnd."
    ((_, (source,)),) = read_sources(tmp_path)
    assert source.messages == ("Why?", "reason", "Because of this.", "one", "two more", "End.")


def test_a_topic_without_an_id_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("## Why?\n<!-- steps: welcome -->\n\nSo.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.md, line 1"):
        load_faq(folder=tmp_path)


# ------------------------------------------------------------------ search


def found(faq: Faq, words: str, step: str = "") -> list[str]:
    return [hit.topic.id for hit in faq.search(words, step=step)]


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("greyed out", "greyed-out"),
        ("GREYED", "greyed-out"),
        ("gray", "greyed-out"),
        ("pay", "do-i-pay"),
        ("price", "do-i-pay"),
        ("interveiwers", "interviewers"),
        ("ceritficate", "certificates"),
        ("proxi", "proxies"),
        ("sync stopped", "why-did-the-sync-stop"),
        ("provisionning", "what-provisioning-does"),
        ("full admin", "full-admin"),
        ("privcy", "data-and-privacy"),
        ("close window", "may-i-close"),
    ],
)
def test_a_question_is_found_by_the_words_people_use(faq: Faq, words: str, topic: str) -> None:
    assert topic in found(faq, words)[:4]


def test_the_steps_own_topic_comes_first(faq: Faq) -> None:
    assert found(faq, "grey", step="google_authorize")[0] == "greyed-out"
    assert found(faq, "grey", step="provisioning")[0] == "toggle-is-grey"


@pytest.mark.parametrize("words", ["grey", "gray", "greyed out", "grayed out"])
def test_both_spellings_find_what_is_gray(faq: Faq, words: str) -> None:
    assert "greyed-out" in found(faq, words)[:3]
    assert found(faq, words) == found(faq, words.replace("grey", "gray"))


def test_an_ou_is_first_of_all_explained(faq: Faq) -> None:
    assert found(faq, "OU")[0] == "organizational-unit"
    assert found(faq, "ou")[0] == "organizational-unit"


def test_title_hits_come_before_answers_that_mention_a_word(faq: Faq) -> None:
    hits = faq.search("preview")
    titled = [bool(hit.question_marks) for hit in hits]
    assert titled[0]
    assert titled == sorted(titled, reverse=True)


def test_every_word_has_to_be_there(faq: Faq) -> None:
    assert found(faq, "preview giraffe") == []
    assert found(faq, "") == []
    assert found(faq, " ?! ") == []


def test_marks_point_at_the_hits_in_the_text_as_shown(faq: Faq) -> None:
    hit = next(one for one in faq.search("grey") if one.topic.id == "greyed-out")
    assert [_cut(hit.topic.question, mark) for mark in hit.question_marks] == ["gray"]
    for topic_hit in faq.search("account"):
        for start, length in topic_hit.answer_marks:
            assert 0 <= start < start + length <= len(topic_hit.topic.answer)


def _cut(text: str, mark: tuple[int, int]) -> str:
    return text[mark[0] : mark[0] + mark[1]]


@pytest.mark.parametrize(
    "text", ["Łukasz Nowak", "Straße", "Ærø", "ǅ", "İstanbul", "田中 由紀", "ﬁx"]
)
def test_accents_and_other_letters_never_shift_the_marks(text: str) -> None:
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [("Łukasz", "lukasz"), ("José", "jose"), ("Straße", "STRASE"), ("Ærø", "aro")],
)
def test_letters_are_found_without_their_accents(text: str, words: str) -> None:
    assert found_in(Words(text), Query(words)).marks == ((0, len(text)),)


def test_short_words_are_not_guessed_at() -> None:
    assert not found_in(Words("pay"), Query("pat")).terms
    assert not found_in(Words("account"), Query("discount")).terms


def test_hits_side_by_side_are_one_mark() -> None:
    assert found_in(Words("sync"), Query("sync syn")).marks == ((0, 4),)


def test_a_topic_can_be_asked_for_by_id(faq: Faq) -> None:
    assert faq.topic("nothing-like-it") is None
    assert isinstance(faq.topic("do-i-pay"), Topic)
