from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from wizard.services.page_forms import read_page
from wizard.services.scripted_browser import Manners, ScriptedBrowser

ACCOUNTS = """<title>Choose an account</title>
<form method="post" action="/consent"><input type="hidden" name="attempt" value="a&amp;1">
<button name="person" value="p1"><b>Kari</b> <span>kari@nordby.example</span></button>
<button name="person" value="p2"><b>Tomasz</b> <span>tomasz@nordby.example</span></button></form>
<form method="post" action="/cancel"><button class="ghost">Cancel</button></form>"""
CONSENT = """<title>Allow?</title><script>var form = "<form>";</script>
<form method="post" action="/allow"><input type="checkbox" name="scope" value="user.readonly">
<input type="checkbox" name="scope" value="group.readonly" checked>
<input type="text" name="off" disabled value="x">
<button name="go" value="deny">Cancel</button><button name="go" value="allow">Continue</button>
</form>"""
LOG_IN = """<form method="post" action="/allow"><input name="email" type="email">
<input name="password" type="password"><button>Log in</button></form>"""


class Site:
    """A site that remembers what was sent, and a program that waits for the browser."""

    def __init__(self) -> None:
        self.sent: dict[str, dict[str, list[str]]] = {}
        self.pages = {"/start": ACCOUNTS, "/consent": CONSENT, "/log-in": LOG_IN}
        self.leads = ""
        self.back: list[str] = []
        self.program = self._serve(self._program_answer)
        self.server = self._serve(self._site_answer)

    def _serve(self, answer: object) -> ThreadingHTTPServer:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)  # type: ignore[operator] # one of the two methods below

            def do_POST(self) -> None:
                answer(self)  # type: ignore[operator] # same

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        return server

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def _site_answer(self, request: BaseHTTPRequestHandler) -> None:
        path = urlsplit(request.path).path
        length = int(request.headers.get("content-length", 0))
        if request.command == "POST":
            self.sent[path] = parse_qs(request.rfile.read(length).decode())
        if path in {"/allow", "/cancel"}:
            target = self.leads or f"http://127.0.0.1:{self.program.server_address[1]}/?code=c"
            request.send_response(303)
            request.send_header("location", target)
            request.send_header("content-length", "0")
            request.end_headers()
            return
        self._page(request, self.pages.get(path, "<title>Nothing here</title><p>Sorry.</p>"))

    def _program_answer(self, request: BaseHTTPRequestHandler) -> None:
        self.back.append(request.path)
        self._page(request, "<title>Done</title>")

    def _page(self, request: BaseHTTPRequestHandler, text: str) -> None:
        content = text.encode()
        request.send_response(200)
        request.send_header("content-length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def close(self) -> None:
        for server in (self.server, self.program):
            server.shutdown()
            server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def visit(address: str, manners: Manners) -> list[str]:
    stuck: list[str] = []
    browser = ScriptedBrowser(manners, stuck=stuck.append)
    assert browser.open(address)
    browser.close()
    return stuck


def test_it_picks_its_person_ticks_everything_and_comes_back(site: Site) -> None:
    assert visit(site.address("/start"), Manners(person="tomasz@nordby.example")) == []
    assert site.sent["/consent"] == {"attempt": ["a&1"], "person": ["p2"]}
    assert site.sent["/allow"] == {"scope": ["user.readonly", "group.readonly"], "go": ["allow"]}
    assert site.back == ["/?code=c"]


def test_it_leaves_unticked_what_it_is_told_to(site: Site) -> None:
    manners = Manners(person="kari@nordby.example", untick=frozenset({"group"}))
    assert visit(site.address("/start"), manners) == []
    assert site.sent["/allow"]["scope"] == ["user.readonly"]


def test_it_can_say_no(site: Site) -> None:
    manners = Manners(person="kari@nordby.example", refuse=True)
    assert visit(site.address("/start"), manners) == []
    assert "/cancel" in site.sent


def test_it_types_address_and_password(site: Site) -> None:
    manners = Manners(person="kari@nordby.example", password="sample")
    assert visit(site.address("/log-in"), manners) == []
    assert site.sent["/allow"] == {"email": ["kari@nordby.example"], "password": ["sample"]}


def test_a_page_without_a_way_on_is_told(site: Site) -> None:
    stuck = visit(site.address("/elsewhere"), Manners(person="kari@nordby.example"))
    assert len(stuck) == 1
    assert "Nothing here" in stuck[0]


def test_a_page_that_keeps_coming_back_is_told(site: Site) -> None:
    site.pages["/consent"] = ACCOUNTS
    stuck = visit(site.address("/start"), Manners(person="kari@nordby.example"))
    assert len(stuck) == 1
    assert "came back" in stuck[0]


@pytest.mark.parametrize("target", ["http://nordby.example/", "https://127.0.0.1/", "file:///x"])
def test_it_never_leaves_this_computer(site: Site, target: str) -> None:
    site.leads = target
    stuck = visit(site.address("/log-in"), Manners(person="k@n.example", password="sample"))
    assert len(stuck) == 1
    assert "leads away" in stuck[0]


def test_a_site_that_is_down_is_told(free_port: object) -> None:
    address = f"http://127.0.0.1:{free_port()}/"  # type: ignore[operator] # a function of the fixture
    assert len(visit(address, Manners(person="k@n.example"))) == 1


def test_forms_are_read_as_a_browser_sends_them() -> None:
    page = read_page("http://127.0.0.1:1/a/b", CONSENT)
    (form,) = page.forms
    assert form.action == "http://127.0.0.1:1/allow"
    assert [entry.name for entry in form.fields] == ["scope", "scope"]
    assert [button.text for button in form.buttons] == ["Cancel", "Continue"]
    assert page.title == "Allow?"
