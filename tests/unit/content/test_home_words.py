"""Every page of Home has its words and questions that are there to be asked."""

from __future__ import annotations

import pytest

from wizard.content.faq import load_faq
from wizard.content.home import HOME_WORDS
from wizard.core.resources import resource
from wizard.ui.home.ids import HomeId


def test_each_page_has_words() -> None:
    assert set(HOME_WORDS) == {page.value for page in HomeId}


@pytest.mark.parametrize("page", list(HomeId))
def test_each_page_asks_questions_that_have_answers(page: HomeId) -> None:
    faq = load_faq(service="Enterprise Connect", urls={})
    topics = HOME_WORDS[page.value].topics
    assert topics
    assert [topic for topic in topics if faq.topic(topic) is None] == []
    assert resource("icons", f"{HOME_WORDS[page.value].icon}.svg").is_file()
