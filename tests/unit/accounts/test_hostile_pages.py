"""A page that the account service names for typing something: only a safe one is ever known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.accounts.test_enterprise_connect import FakeNetwork
from wizard.accounts.enterprise_connect import EnterpriseConnect
from wizard.auth.browser import BrowserOpener
from wizard.core.cancel import Cancel
from wizard.net.bearer import FixedBearer

GOOD = "https://connect.example/exchange?account=oa_1"
HOSTILE = (
    "javascript:alert(document.cookie)",
    "JavaScript:alert(1)",
    "data:text/html,<script>x</script>",
    "file:///etc/passwd",
    "vbscript:x",
    "ms-settings:privacy",
    "mailto:it@evil.example",
    "http://connect.example/exchange",
    "http://evil.example/",
    "https://connect.example@evil.example/",
    "https://ana:word@connect.example/",
    "https://connect.example\\@evil.example/",
    "https://connеct.example/",  # the fifth letter is a Cyrillic one
    "https://connect。example/",
    " https://connect.example/",
    "https://connect.example/ --app=x",
    "https://connect.example/\r\nX-Other: y",
    "https://connect.example/\tx",
    "https://connect.example/\x00",
    "https://connect.example/\u202egpj.exe",
    "https://connect.example:99999/",
    "https:///exchange",
    "//connect.example/exchange",
    "--no-sandbox",
    "x" * 100_000,
)


def named(address: object) -> str:
    """What the product knows of the page that the service named."""
    network = FakeNetwork()
    account = {
        "id": "oa_1",
        "provider": "google",
        "purposes": ["directory"],
        "customer_id": "C01",
        "domain": "nordby.example",
        "status": "pending",
        "connect_url": address,
    }
    network.will(200, {"items": [account], "next_cursor": None})
    service = EnterpriseConnect(network, "https://connect.example", bearer=FixedBearer("t"))
    (read,) = service.organization_accounts("ou_1", Cancel())
    return read.connect_url


@pytest.mark.parametrize("address", HOSTILE)
def test_a_page_that_no_browser_may_be_sent_to_is_not_known_at_all(address: str) -> None:
    assert named(address) == ""


def test_a_page_of_the_service_is_known_and_opened() -> None:
    opened: list[str] = []

    def start(page: str) -> bool:
        opened.append(page)
        return True

    assert BrowserOpener(start=start).open(named(GOOD))
    assert opened == [GOOD]
    assert named(None) == ""


@given(st.text(max_size=60))
def test_whatever_the_service_names_a_browser_opens_it_or_it_is_not_known(address: str) -> None:
    known = named(address)
    if known:
        assert BrowserOpener(start=lambda _: True).open(known)
