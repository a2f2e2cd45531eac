"""The foreign sign-in server as a running world, and a browser that fills in its forms."""

from __future__ import annotations

import html
import json
import re
import select
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests

from devtools import node
from tests.unit.net.servers import authority

CLIENT = "enterprise-connect-setup"


@dataclass(frozen=True, kw_only=True)
class World:
    """A running provider: its issuer, and the file with the authority to believe."""

    issuer: str
    root: Path


@contextmanager
def provider(folder: Path, *, access_seconds: int = 3600) -> Iterator[World]:
    """Start the provider, with a certificate made for this run."""
    ours = authority(folder)
    pem = (folder / "leaf.pem").read_text()
    options = {"key": pem, "cert": pem, "accessSeconds": access_seconds}
    with (folder / "provider.log").open("w") as log:
        process = subprocess.Popen(
            [str(node.node_program()), "server.mjs"],
            cwd=node.OIDC_FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(f"{json.dumps(options)}\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], 60)
        assert ready, "the provider did not start"
        line = process.stdout.readline()
        assert line, (folder / "provider.log").read_text()
        yield World(issuer=json.loads(line)["issuer"], root=ours.root)
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


class FormBrowser:
    """Follows the provider's pages in a thread: signs in, agrees, and lets itself be sent back.

    `refuse` presses the provider's cancel link instead of agreeing.
    """

    def __init__(self, world: World, *, person: str = "ana", refuse: bool = False) -> None:
        self._world = world
        self._person = person
        self._refuse = refuse
        self._thread: threading.Thread | None = None
        self.asked = ""
        self.came_back = ""
        self.shown = ""
        self.problem = ""

    def open(self, address: str) -> bool:
        self.asked = address
        self._thread = threading.Thread(target=self._follow, args=(address,))
        self._thread.start()
        return True

    def close(self) -> None:
        if self._thread is not None:
            self._thread.join(30)

    def _follow(self, address: str) -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.verify = str(self._world.root)
            answer = session.get(address, allow_redirects=False, timeout=20)
            for _ in range(20):
                if answer.is_redirect:
                    address = urljoin(answer.url, answer.headers["Location"])
                    if urlsplit(address).path == "/callback":
                        self.came_back = self.came_back or address
                    answer = session.get(address, allow_redirects=False, timeout=20)
                    continue
                form = re.search(
                    r'<form[^>]*action="([^"]+)" method="post">(.*?)</form>', answer.text, re.DOTALL
                )
                if form is None:
                    break
                answer = self._fill(session, answer, form)
            self.shown = answer.text

    def _fill(
        self, session: requests.Session, answer: requests.Response, form: re.Match[str]
    ) -> requests.Response:
        fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form.group(2)))
        if fields.get("prompt") == "login":
            fields |= {"login": self._person, "password": "any"}
        elif self._refuse:
            abort = re.search(r'href="([^"]+/abort)"', answer.text)
            assert abort is not None
            return session.get(
                urljoin(answer.url, html.unescape(abort.group(1))),
                allow_redirects=False,
                timeout=20,
            )
        target = urljoin(answer.url, html.unescape(form.group(1)))
        return session.post(target, data=fields, allow_redirects=False, timeout=20)
