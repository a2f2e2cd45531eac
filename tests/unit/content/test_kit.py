from __future__ import annotations

import base64
import hashlib
import re
import shlex
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.content.voice import objections
from wizard.content.kit import HostUse, KitFacts, KitHost, KitPermission, kit_html
from wizard.content.kit_pictures import step_picture
from wizard.content.permissions import PERMISSIONS
from wizard.content.steps import STEP_WORDS

STEPS = ("welcome", "sign_in", "google_authorize", "preview", "provisioning", "first_sync", "done")
FACTS = KitFacts(
    service="Nordby Accounts",
    organization="Halden Freight",
    owner_name="Ingrid Solberg",
    owner_address="ingrid.solberg@halden-freight.example",
    steps=STEPS,
    minutes=25,
    permissions=(
        KitPermission(scope="https://auth.example/admin.user.readonly", key="people"),
        KitPermission(scope="https://auth.example/admin.group.readonly", key="groups"),
    ),
    hosts=(
        KitHost(host="accounts.nordby.example", port=443, use=HostUse.SERVICE),
        KitHost(host="signin.google.example", port=8443, use=HostUse.GOOGLE_SIGN_IN),
    ),
    resume_name="halden-freight-hand-over.ecsetup",
    resume=b'{"version": 1}',
    made_on=date(2026, 11, 22),
    version="1.2.3",
    privacy_url="https://nordby.example/privacy",
    support_url="https://nordby.example/help",
)
VOID = {"meta", "br", "link", "img", "input", "wbr"}
HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;'\x00\u202e**b**{service}"


class Read(HTMLParser):
    """Every tag with its attributes, the words, and whether all that was opened was closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self._style = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._style = tag == "style"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_it_says_who_asks_what_for_and_what_is_needed() -> None:
    text = Read(kit_html(FACTS)).text
    for words in (
        "Ingrid Solberg (ingrid.solberg@halden-freight.example)",
        "About 25 minutes",
        "full admin",
        "https://auth.example/admin.group.readonly",
        "To let you choose people by group",
        "accounts.nordby.example",
        "8443",
        "90 days",
        "halden-freight-hand-over.ecsetup",
        "enterprise-connect-setup halden-freight-hand-over.ecsetup",
        "Not named by this set-up, ask Nordby Accounts for it: Data management, Compliance",
        "1.2.3 on 2026-11-22",
    ):
        assert words in text, words


def test_every_step_has_its_picture_and_its_proof() -> None:
    read = Read(kit_html(FACTS))
    pictures = [one for one in read.all("svg") if one.get("class") == "step"]
    assert len(pictures) == len(STEPS)
    assert all(one["role"] == "img" and one["aria-label"] for one in pictures)
    for key in STEPS:
        assert STEP_WORDS[key].proof in read.text


def test_it_stands_alone_and_lets_nothing_be_fetched() -> None:
    page = kit_html(FACTS)
    read = Read(page)
    assert read.open == []
    names = {tag for tag, _ in read.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not any(name.startswith("on") for _, attrs in read.tags for name in attrs)
    assert "@import" not in page
    assert "url(" not in page
    (policy,) = (
        one["content"]
        for one in read.all("meta")
        if one.get("http-equiv") == "Content-Security-Policy"
    )
    style = re.search(r"<style>(.*)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    links = [one["href"] for one in read.all("a")]
    assert links[0].startswith("data:application/octet-stream;base64,")
    assert base64.b64decode(links[0].partition(",")[2]) == FACTS.resume
    assert links[1:] == ["https://nordby.example/privacy", "https://nordby.example/help"]


@pytest.mark.parametrize(
    "field",
    ["service", "organization", "owner_name", "owner_address", "resume_name", "version"],
)
def test_whatever_others_wrote_is_shown_and_never_run(field: str) -> None:
    changed = replace(FACTS, **{field: HOSTILE})  # type: ignore[arg-type] # fields that hold words
    # A name that some shell would read otherwise stands in no command.
    usual = replace(FACTS, resume_name="50 %.ecsetup") if field == "resume_name" else FACTS
    plain, hostile = Read(kit_html(usual)), Read(kit_html(changed))
    assert hostile.open == []
    assert [tag for tag, _ in hostile.tags if tag != "b"] == [
        tag for tag, _ in plain.tags if tag != "b"
    ]
    assert "<script>alert(1)</script>" in hostile.text
    assert "{service}" in hostile.text


@settings(max_examples=25, deadline=None)
@given(words=st.text(max_size=60))
def test_no_name_breaks_the_page(words: str) -> None:
    read = Read(kit_html(replace(FACTS, organization=words, owner_name=words, service=words)))
    assert read.open == []
    assert not {tag for tag, _ in read.tags} & {"script", "img", "iframe", "form"}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,<b>x", "file:///etc/passwd", "//evil.example"]
)
def test_only_web_pages_become_links(url: str) -> None:
    read = Read(kit_html(replace(FACTS, privacy_url=url)))
    assert url not in [one["href"] for one in read.all("a")]
    assert "Privacy notice" in read.text


def test_practice_is_said_first() -> None:
    assert "Practice: nothing of this is real." not in kit_html(FACTS)
    assert "Practice: nothing of this is real." in kit_html(replace(FACTS, practice=True))


def test_an_owner_who_gave_no_name_is_still_somebody() -> None:
    text = Read(kit_html(replace(FACTS, owner_name="", owner_address=""))).text
    assert "The account owner of Halden Freight asks you to connect" in text


def test_the_words_keep_the_voice() -> None:
    for words in Read(kit_html(FACTS)).words:
        own = re.sub(r"port 443|\b8?443\b|::1|\.ecsetup|Enterprise Connect Setup", "", words)
        if "https://" not in own and "@" not in own:
            assert not [one for one in objections(own) if "name from the code" not in one]


@pytest.mark.parametrize("key", list(STEP_WORDS))
def test_a_picture_is_whole_whatever_step_it_shows(key: str) -> None:
    drawn = step_picture(key, [key, "done"] if key != "done" else ["done"])
    picture = ET.fromstring(drawn)  # noqa: S314 - drawn here, by the program itself
    assert picture.attrib["viewBox"] == "0 0 420 240"
    texts = [one.text or "" for one in picture.iter("text")]
    assert any(STEP_WORDS[key].title.startswith(text.rstrip("…")) for text in texts if text)


def test_each_right_has_words() -> None:
    for key in PERMISSIONS:
        one = replace(FACTS, permissions=(KitPermission(scope="https://a.example/x", key=key),))
        assert PERMISSIONS[key].reason in Read(kit_html(one)).text


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("halden-freight-hand-over.ecsetup", "halden-freight-hand-over.ecsetup"),
        ("Halden Freight (kit).ecsetup", '"Halden Freight (kit).ecsetup"'),
        ("a,b@c's.ecsetup", '"a,b@c\'s.ecsetup"'),
        ("-v.ecsetup", "./-v.ecsetup"),
        ("-v 2.ecsetup", '"./-v 2.ecsetup"'),
    ],
)
def test_the_command_takes_the_file_as_one_word(name: str, word: str) -> None:
    told = Read(kit_html(replace(FACTS, resume_name=name))).text
    assert f"enterprise-connect-setup {word}" in told
    assert shlex.split(word) == [name if not name.startswith("-") else f"./{name}"]


@pytest.mark.parametrize("name", ["a$(b).ecsetup", "50 %.ecsetup", 'a"b.ecsetup', "a\tb.ecsetup"])
def test_a_name_that_no_quotes_hold_gets_no_command(name: str) -> None:
    told = Read(kit_html(replace(FACTS, resume_name=name))).text
    assert "enterprise-connect-setup" not in told
    assert "drop the file on the window" in told


def test_where_nobody_is_invited_no_invitation_is_asked_for() -> None:
    assert "invitation" in Read(kit_html(FACTS)).text
    told = Read(kit_html(replace(FACTS, invites=False))).text
    assert "invitation" not in told
    assert "was invited" not in told
    assert "Then sign in." in told
