"""A person at a real browser: opens the page that the window asks for, and does what it asks.

Started by the window through the `BROWSER` variable, as `browser_person.py ORDERS URL`. `ORDERS`
is a JSON file: `{"service": ADDRESS, "google": ADDRESS, "name": NAME, "untick": [SCOPE, …],
"answer": "allow", "sign_up": false}` (answers: allow, cancel, close). Chromium is shown on the
display that stands in the environment. What it saw is appended to `ORDERS` + `.seen`, a line a
page. With `"profile": FOLDER` the browser keeps what browsers keep there, and what stands in its
address bar and behind its Back button at the end is appended to `ORDERS` + `.history`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, ViewportSize, sync_playwright

_CHROMIUM = "/usr/bin/chromium"
_PAGES = 14
_PASSWORD = "a long word of practice"  # noqa: S105 - of an invented person
_ARGUMENTS = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-quic",
)
_SIZE = ViewportSize(width=760, height=800)
Orders = dict[str, object]


def _decide(page: Page, orders: Orders) -> bool:
    """Google's question what the program may do."""
    decision = page.locator("button[name=decision][value=allow]")
    if not decision.count():
        return False
    untick = orders.get("untick")
    for scope in untick if isinstance(untick, list) else []:
        page.locator(f"input[name=scope][value='{scope}']").uncheck()
    if orders.get("answer") == "cancel":
        decision = page.locator("button[name=decision][value=cancel]")
    decision.click()
    return True


def _sign_up(page: Page, orders: Orders) -> bool:
    """The form that makes an account, for whoever has none."""
    form = page.locator("form#signup")
    if not form.count() or not orders.get("sign_up"):
        return False
    form.locator("[name=name]").fill(str(orders.get("name") or "Ingrid Solberg"))
    form.locator("[name=email]").fill(str(orders["service"]))
    form.locator("[name=password]").fill(_PASSWORD)
    form.locator("button.primary").click()
    return True


def _not_offered(page: Page, orders: Orders) -> bool:
    """The log-in page, for whoever has no account yet: the way to the form that makes one."""
    link = page.get_by_role("link", name="Create an account", exact=True)
    if not link.count() or not orders.get("sign_up"):
        return False
    link.click()
    return True


def _install(page: Page, _orders: Orders) -> bool:
    """The app's page in the store, then its terms."""
    install = page.get_by_role("button", name="Admin install", exact=True)
    if install.count():
        install.click()
        return True
    agree = page.locator("form#install input[name=agree]")
    if agree.count():
        agree.check()
        page.get_by_role("button", name="Finish", exact=True).click()
        return True
    return False


def _choose(page: Page, orders: Orders) -> bool:
    """One row of several people."""
    for kind, who in (("account", "google"), ("person", "service")):
        row = page.locator(f"button[name={kind}]").filter(has_text=str(orders.get(who, "")))
        if orders.get(who) and row.count():
            row.first.click()
            return True
    return False


def _follow(page: Page, orders: Orders) -> bool:
    """A letter of the outbox, and the way in that it offers."""
    wanted = str(orders.get("follow") or "")
    link = page.get_by_role("link", name=wanted) if wanted else None
    if link is None or not link.count():
        return False
    orders["follow"] = ""
    link.first.click()
    return True


def _cancel(page: Page, orders: Orders) -> bool:
    """Whoever does not want to: the account service’s own way out."""
    cancel = page.locator("form#cancel button")
    if orders.get("answer") != "cancel" or not cancel.count():
        return False
    cancel.click()
    return True


def _accept(page: Page, _orders: Orders) -> bool:
    """The page behind an invitation: log in with the password that stands there, or sign up."""
    accept = page.locator("form#accept button")
    if accept.count():
        accept.click()
        return True
    button = page.get_by_role("button", name="Log in and accept")
    if not button.count():
        return False
    told = re.search("“(.+?)”", page.locator("form#login .hint").inner_text())
    page.locator("form#login [name=password]").fill(told[1] if told else _PASSWORD)
    button.click()
    return True


def _step(page: Page, orders: Orders) -> bool:
    """Do the one thing that this page wants; False when there is nothing left to do."""
    ways = (_cancel, _decide, _accept, _sign_up, _install, _choose, _not_offered, _follow)
    return any(way(page, orders) for way in ways)


def _note(page: Page, seen: Path, *, picture: bool) -> None:
    with seen.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"title": page.title(), "path": page.url.split("?")[0]}) + "\n")
    if picture:
        number = len(seen.read_text(encoding="utf-8").splitlines())
        page.screenshot(path=f"{seen.with_suffix('')}.{number:02}.png")


def main(orders_file: str, address: str) -> int:
    """Open the page and follow it until nothing is left to press."""
    orders: Orders = json.loads(Path(orders_file).read_text(encoding="utf-8"))
    seen = Path(f"{orders_file}.seen")
    arguments = [*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = _browser(playwright, str(orders.get("profile") or ""), arguments)
        page = browser.pages[0] if browser.pages else browser.new_page()
        page.goto(address)
        for _ in range(_PAGES):
            _note(page, seen, picture=True)
            if orders.get("answer") == "close" or not _step(page, orders):
                break
            page.wait_for_load_state("networkidle")
        _note(page, seen, picture=False)
        if orders.get("profile"):
            _remember(page, Path(f"{orders_file}.history"))
        browser.close()
    return 0


def _browser(playwright: Playwright, profile: str, arguments: list[str]) -> BrowserContext:
    """A browser that keeps its things in a profile, or one that forgets them."""
    if profile:
        return playwright.chromium.launch_persistent_context(
            profile,
            executable_path=_CHROMIUM,
            headless=False,
            args=arguments,
            viewport=_SIZE,
        )
    started = playwright.chromium.launch(executable_path=_CHROMIUM, headless=False, args=arguments)
    return started.new_context(viewport=_SIZE)


def _remember(page: Page, kept: Path) -> None:
    """Write down the address bar, and every page that the Back button would lead to."""
    session = page.context.new_cdp_session(page)
    entries = session.send("Page.getNavigationHistory")["entries"]
    addresses = [page.url, *(str(entry["url"]) for entry in entries)]
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"bar": page.url, "back": addresses}) + "\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2]))
