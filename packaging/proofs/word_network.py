"""The way to the account service: proxies, certificates, names, and answers of no use."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from proofs import google_steps as steps
from proofs import outside
from proofs.outside import Manner, Proxy
from proofs.word_play import LATER, Play, Provocation, at_service, faults, quiet
from proofs.word_starts import real_profile

__all__ = ["a_stranger", "at_the_welcome", "ways_out"]

_PAGE = "Who is setting this up?"
_ASK = "Ask again"
_STRANGER = "https://elsewhere.example"
_DISCOVERY = "/.well-known/openid-configuration"

_BEHIND_THE_PROXY = (
    (Manner.BASIC, "proxy-sign-in-needed", "it wants a name and a password"),
    (Manner.WINDOWS, "proxy-ntlm", "it wants a Windows sign-in"),
    (Manner.OWN_CERTIFICATE, "tls-untrusted", "it puts in its own certificate"),
    (Manner.PLAIN, "tls-failed", "what answers behind it has no encryption"),
    (Manner.SILENT, "timed-out", "it lets through, and nothing comes"),
)


def ways_out(play: Play) -> None:
    """A service somewhere on the internet, which this computer can't reach for one cause each."""
    from wizard.practice.authority import new_authority

    folder = play.folder / "network"
    folder.mkdir(parents=True, exist_ok=True)
    profile = real_profile(folder)
    strange = folder / "strange"
    strange.mkdir(exist_ok=True)
    with Proxy(new_authority(strange).context) as proxy:
        _behind(play, proxy, profile)
    _one(
        play,
        "proxy-invalid",
        "the system names a proxy of another kind",
        profile,
        around={"https_proxy": "socks5://proxy.nordby.example:1080"},
    )
    for code, circumstances, cause in (
        ("offline", outside.NO_NETWORK, "there is no network"),
        ("host-not-found", outside.NO_NAMES, "the network does not know the name"),
    ):
        through, around = outside.within(
            circumstances, folder=play.folder / code, home=play.folder / code, network=True
        )
        _one(play, code, cause, profile, through=through, around=around)
    _one(play, "connection-refused", "nobody listens there", _closed(play, folder))


def _behind(play: Play, proxy: Proxy, profile: Path) -> None:
    """One window behind a proxy that behaves otherwise each time that it is asked."""
    person = play.newcomer("behind-a-proxy", service=steps.OWNER)
    first = True
    try:
        for manner, code, cause in _BEHIND_THE_PROXY:
            play.context.progress(f"{_PAGE}: {code} …")
            proxy.manner = manner
            if first:
                person.open_window(profile, "--trust-profile", "--proxy", proxy.address)
            else:
                person.press(_ASK)
            first = False
            play.table.see(person, code, page=_PAGE, cause=cause, seconds=150)
        play.context.progress(f"{_PAGE}: proxy-unreachable …")
        proxy.leave()
        person.press(_ASK)
        play.table.see(person, "proxy-unreachable", page=_PAGE, cause="it went away", seconds=60)
    finally:
        quiet(person)


def _one(
    play: Play,
    code: str,
    cause: str,
    profile: Path,
    *,
    through: Sequence[str] = (),
    around: Mapping[str, str] | None = None,
) -> None:
    play.context.progress(f"{_PAGE}: {code} …")
    person = play.newcomer(code, service=steps.OWNER)
    person.open_window(profile, "--trust-profile", through=through, around=around)
    try:
        play.table.see(person, code, page=_PAGE, cause=cause, seconds=90)
    finally:
        quiet(person)


def _closed(play: Play, folder: Path) -> Path:
    """The practice profile with a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = play.organization.profile.read_text(encoding="utf-8")
    api = re.search(r'api = "(https://127\.0\.0\.1:\d+)"', words)
    moved = words.replace(api[1], f"https://127.0.0.1:{port}") if api else words
    file = folder / "closed.toml"
    file.write_text(moved, encoding="utf-8")
    return file


# ------------------------------------------------------------------ the practice service


def _nonsense() -> tuple[Provocation, ...]:
    return (
        at_service("service-unavailable", "it asks to come back later", 503, retry_after=LATER),
        at_service("rate-limited", "too many requests", 429, retry_after=LATER),
        at_service("answer-not-understood", "a page of something in between", 404, body="<html>"),
        at_service("unexpected-redirect", "a network that wants a sign-in", 302),
        Provocation(
            code="answer-too-large",
            cause="it sends 40 MB",
            name="faults",
            ask=faults("account", "/", action="flood"),
        ),
        Provocation(
            code="connection-lost",
            cause="the network is cut",
            name="outage",
            ask={"stand_in": "account"},
        ),
    )


def at_the_welcome(play: Play) -> None:
    """The service is there, and what it answers is of no use."""
    person = play.person
    person.see("The account service answers")
    first = True
    for what in _nonsense():
        # The page asks anew when it is shown, and when somebody presses “Ask again”.
        act = play.press(_ASK) if not first else (lambda: _any_network(play))
        play.provoke(_PAGE, what, act)
        first = False
    person.press(_ASK)
    person.see("The account service answers", seconds=60)
    steps.welcome(person, "I am both")


def a_stranger(play: Play) -> Provocation:
    """The service's own description sends people to sign in somewhere else."""
    words = play.organization.profile.read_text(encoding="utf-8")
    found = re.search(r'issuer = "(https://127\.0\.0\.1:\d+)"', words)
    described = {
        "issuer": found[1] if found else "",
        "authorization_endpoint": f"{_STRANGER}/authorize",
        "token_endpoint": f"{_STRANGER}/token",
        "jwks_uri": f"{_STRANGER}/jwks",
        "code_challenge_methods_supported": ["S256"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }
    cause = "its description names another computer"
    return at_service("wrong-host", cause, 200, _DISCOVERY, body=json.dumps(described))


def _any_network(play: Play) -> None:
    """Any change of the network settings asks the service anew."""
    person = play.person
    person.press("Network settings")
    person.choose("No proxy")
    person.press("Use this")
