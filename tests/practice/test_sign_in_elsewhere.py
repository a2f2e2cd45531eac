"""Signing in on a computer without a browser: addresses carried by hand, and a named port."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.practice.bench_world import PASSWORD
from tests.practice.test_commands import Shell
from tests.practice.visitor import ADMIN, World, practice
from wizard.services.scripted_browser import Manners, ScriptedBrowser


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with practice(tmp_path_factory.mktemp("elsewhere"), people=40) as running:
        yield running


@pytest.fixture
def shell(world: World, tmp_path: Path) -> Shell:
    return Shell(world, tmp_path / "home")


class Elsewhere:
    """Somebody at another computer: reads what is printed, signs in there, carries back."""

    def __init__(self, process: subprocess.Popen[str], person: Manners) -> None:
        self.process = process
        self.browser = ScriptedBrowser(person, stuck=self._stuck)
        self.told: list[str] = []

    def _stuck(self, reason: str) -> None:
        self.process.kill()
        raise AssertionError(reason)

    def address(self) -> str:
        """The next address that is printed."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.told.append(line)
            if line.startswith("  http"):
                return line.strip()
        raise AssertionError(f"no address was printed: {self.told}")

    def paste(self, address: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{address}\n")
        self.process.stdin.flush()

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=60)
        self.told.append(err)
        assert "Traceback" not in out + err
        return self.process.returncode, out, "".join(self.told)


def begin(shell: Shell, person: str, *words: str) -> Elsewhere:
    name = person.partition("@")[0].replace(".", " ").title()
    process = shell.start("sign-in", "--create", *words, stdin=subprocess.PIPE)
    return Elsewhere(process, Manners(person=person, password=PASSWORD, name=name))


def test_both_sign_ins_go_by_addresses_that_are_carried(shell: Shell) -> None:
    person = begin(
        shell, "berit.moe@bench.example", "--create-unit", "Moe", "--paste",
        "--workspace", "google", "--directory", "nordby.example",
    )  # fmt: skip
    person.paste(person.browser.carried(person.address()))
    person.browser.manners = Manners(person=ADMIN)
    person.paste(person.browser.carried(person.address()))
    code, out, _ = person.end()
    assert code == 0
    assert "berit.moe@bench.example" in out
    _, status = shell.asked("status")
    assert (status["signed_in"], status["unit"], status["connected"]) == (True, "Moe", True)


def test_an_address_of_another_sign_in_is_refused_and_signs_nobody_in(shell: Shell) -> None:
    other = begin(shell, "odd.ruud@bench.example", "--create-unit", "Ruud", "--paste")
    stolen = other.browser.carried(other.address())
    person = begin(shell, "unni.bakke@bench.example", "--create-unit", "Bakke", "--paste")
    wanted = person.address()
    back = person.browser.carried(wanted)
    # The other sign-in's answer, also on this one's own address.
    person.paste(stolen)
    person.paste(back.partition("?")[0] + "?" + stolen.partition("?")[2])
    person.paste("https://nordby.example/")
    code, _, told = person.end()
    assert code == 5
    assert "This isn’t the address we need" in told
    assert "This address is of another sign-in" in told
    assert shell.asked("status")[1]["signed_in"] is False
    other.process.kill()
    other.process.communicate()


def test_a_code_of_another_sign_in_signs_nobody_in_even_with_our_own_state(shell: Shell) -> None:
    other = begin(shell, "siv.lie@bench.example", "--create-unit", "Lie", "--paste")
    stolen = dict(parse_qsl(urlsplit(other.browser.carried(other.address())).query))
    person = begin(shell, "liv.nes@bench.example", "--create-unit", "Nes", "--paste")
    back = urlsplit(person.browser.carried(person.address()))
    mixed = {**dict(parse_qsl(back.query)), "code": stolen["code"]}
    person.paste(back._replace(query=urlencode(mixed)).geturl())
    code, _, told = person.end()
    assert code == 5
    assert "Code: sign-in-failed" in told
    assert shell.asked("status")[1]["signed_in"] is False
    other.process.kill()
    other.process.communicate()


def test_a_sign_in_waits_at_the_port_that_was_named(shell: Shell, free_port: object) -> None:
    port = free_port()  # type: ignore[operator] # a function of the fixture
    person = begin(
        shell, "gro.strand@bench.example", "--create-unit", "Strand", "--port", str(port)
    )
    address = person.address()
    assert f"127.0.0.1%3A{port}" in address
    assert f"ssh -L {port}:127.0.0.1:{port}" in "".join(person.told)
    person.browser.open(address)
    code, _, _ = person.end()
    person.browser.close()
    assert code == 0


def test_a_port_that_is_taken_is_told_in_words(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = shell.run("sign-in", "--create-unit", "X", "--port", str(port), "--json")
    assert code == 1
    assert json.loads(out)["trouble"]["title"] == f"Port {port} is in use"
    assert err == ""
