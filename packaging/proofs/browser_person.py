"""A person at a real browser: opens the page that the window asks for, and signs in there.

Started by the window through the `BROWSER` variable, as `browser_person.py ORDERS URL`. `ORDERS`
is a JSON file: `{"service": ADDRESS, "google": ADDRESS, "untick": [SCOPE, …], "answer": "allow"}`
(answers: allow, cancel, close). Chromium is shown on the display that stands in the environment.
What it saw is appended to `ORDERS` + `.seen`, a line a page.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

_CHROMIUM = "/usr/bin/chromium"
_PAGES = 12
_ARGUMENTS = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-quic",
)


def _step(page: Page, orders: dict[str, object]) -> bool:
    """Do the one thing that this page wants; False when there is nothing left to do."""
    decision = page.locator("button[name=decision][value=allow]")
    if decision.count():
        untick = orders.get("untick")
        for scope in untick if isinstance(untick, list) else []:
            page.locator(f"input[name=scope][value='{scope}']").uncheck()
        if orders.get("answer") == "cancel":
            decision = page.locator("button[name=decision][value=cancel]")
        decision.click()
        return True
    for kind, who in (("account", "google"), ("person", "service")):
        row = page.locator(f"button[name={kind}]").filter(has_text=str(orders.get(who, "")))
        if row.count():
            row.first.click()
            return True
    return False


def main(orders_file: str, address: str) -> int:
    """Open the page and follow it until nothing is left to press."""
    orders: dict[str, object] = json.loads(Path(orders_file).read_text(encoding="utf-8"))
    seen = Path(f"{orders_file}.seen")
    arguments = [*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_CHROMIUM, headless=False, args=arguments
        )
        page = browser.new_page(viewport={"width": 760, "height": 800})
        page.goto(address)
        for _ in range(_PAGES):
            with seen.open("a", encoding="utf-8") as file:
                file.write(
                    json.dumps({"title": page.title(), "path": page.url.split("?")[0]}) + "\n"
                )
            picture = f"{orders_file}.{len(seen.read_text(encoding='utf-8').splitlines()):02}.png"
            page.screenshot(path=picture)
            if orders.get("answer") == "close":
                break
            if not _step(page, orders):
                break
            page.wait_for_load_state("networkidle")
        with seen.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"title": page.title(), "path": page.url.split("?")[0]}) + "\n")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2]))
