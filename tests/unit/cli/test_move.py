"""`move-out` and `move-in` on the terminal: whence the passphrase comes, and what is refused."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from wizard import cli
from wizard.cli.typed import TypedLines
from wizard.services.exits import Exit
from wizard.services.passphrases import move_passphrase
from wizard.vault.passphrase import MOVE_CREDENTIAL

PROFILE = """schema = 1
id = "halden"
name = "Halden"
[service]
kind = "enterprise_connect"
api = "https://127.0.0.1:9"
issuer = "https://127.0.0.1:9"
client_id = "setup"
"""


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    profile = tmp_path / "halden.toml"
    profile.write_text(PROFILE)
    return [
        "--profile",
        str(profile),
        "--trust-profile",
        "--home",
        str(tmp_path / "home"),
        "--forget",
    ]


def run(*words: str) -> int:
    return cli.main(list(words))


def test_without_a_terminal_a_passphrase_has_to_be_named(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "empty").open("w+") as nobody:
        before, sys.stdin = sys.stdin, nobody
        try:
            assert run("move-in", str(tmp_path / "file"), "--json", *given) == Exit.FAILED
        finally:
            sys.stdin = before
    told = json.loads(capsys.readouterr().out)["trouble"]
    assert told["code"] == "move-not-possible"
    assert "--move-passphrase-file" in told["to_do"]


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_passphrase_that_others_may_read_is_refused(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    word = tmp_path / "word"
    word.write_text("a sentence for the road")
    word.chmod(0o644)
    asked = ["--move-passphrase-file", str(word), *given]
    assert run("move-out", str(tmp_path / "file"), *asked) == Exit.SIGN_IN_NEEDED
    assert str(word) in capsys.readouterr().err
    word.chmod(0o600)
    assert run("move-out", str(tmp_path / "file"), *asked) == Exit.FAILED
    assert "connection-not-active" in capsys.readouterr().err
    assert run("move-in", str(tmp_path / "file"), *asked) == Exit.FAILED
    assert "can’t be opened" in capsys.readouterr().err
    assert not (tmp_path / "file").exists()


def test_two_passphrases_that_differ_seal_nothing(
    tmp_path: Path,
    given: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed = ["a sentence for the road", "a sentence for the rode"]
    monkeypatch.setattr(TypedLines, "by_person", True)
    monkeypatch.setattr(TypedLines, "secret", lambda _self, _prompt: typed.pop(0))
    assert run("move-out", str(tmp_path / "file"), *given) == Exit.FAILED
    assert "differ" in capsys.readouterr().err
    assert typed == []


def test_the_service_manager_may_hand_the_passphrase_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / MOVE_CREDENTIAL).write_text("a sentence for the road\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert move_passphrase(None) == "a sentence for the road"
