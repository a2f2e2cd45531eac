"""A real browser comes back to the listener, as a link and as a posted form."""

from __future__ import annotations

import html
import shutil
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.unit.net.servers import Asked, Give, serving
from wizard.auth.listener import LoopbackListener
from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble

STATE = "a-state-that-nobody-can-guess"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed here")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    shown = context.new_page()
    yield shown
    context.close()


def test_the_code_leaves_the_address_bar_and_the_done_page_is_drawn(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with LoopbackListener(state=STATE) as listener:
        page.goto(f"{listener.redirect_uri}?{urlencode({'state': STATE, 'code': 'c0de'})}")
        assert listener.wait(10, Cancel()).code == "c0de"
        assert page.url.endswith("/done")
        assert page.title() == "You can go back now"
        # Only with its style sheet let through by the policy does the page look like this.
        assert page.locator("h1").evaluate("e => getComputedStyle(e).fontSize") == "24px"
        assert page.evaluate("document.referrer") == ""
    # The browser asks for an icon by itself; anything else would be the policy complaining.
    assert [text for text in said if "favicon" not in text and "404" not in text] == []


def test_a_form_posted_from_another_site_arrives(page: Page) -> None:
    with LoopbackListener(state=STATE, path="/") as listener:
        form = (
            f"<form method=post action='{listener.redirect_uri}'>"
            f"<input type=hidden name=state value='{STATE}'>"
            "<input type=hidden name=code value='c0de'><button>Go</button></form>"
        )

        def provider(_: Asked) -> Give:
            return Give(body=form.encode(), headers={"Content-Type": "text/html"})

        with serving(provider) as site:
            page.goto(f"http://localhost:{site.port}/authorize")
            page.get_by_role("button").click()
            page.wait_for_url("**/done")
            assert listener.wait(10, Cancel()).code == "c0de"
            page.context.close()  # its idle connections would hold the site up


def test_what_a_refusal_says_is_shown_as_text(page: Page) -> None:
    said = "<img src=x onerror=document.title='caught'>No"
    params = {"state": STATE, "error": "access_denied", "error_description": said}
    with LoopbackListener(state=STATE) as listener:
        page.goto(f"{listener.redirect_uri}?{urlencode(params)}")
        with pytest.raises(Trouble) as trouble:
            listener.wait(10, Cancel())
        assert said in page.locator(".detail").inner_text()
        assert html.escape("<img") in page.content()
        assert page.locator("img").count() == 0
        assert page.title() == "Nothing was connected"
    assert trouble.value.code is Code.SIGN_IN_REFUSED
