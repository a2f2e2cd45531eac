"""How the practice organization starts, what it leaves on disk, and how it ends."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import stat
import subprocess
import sys
import time
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.practice.visitor import ADMIN, ROOT, SERVE, World, practice, quiet_session
from wizard.practice import authority
from wizard.practice.alone import FolderInUseError, alone_in
from wizard.practice.authority import new_authority


def _root(world: World) -> x509.Certificate:
    return x509.load_pem_x509_certificate(Path(world.profile["trust"]["trust_root"]).read_bytes())


def test_a_restart_keeps_ports_people_and_accounts_and_makes_a_new_authority(
    tmp_path: Path,
) -> None:
    with practice(tmp_path, people=30) as world:
        before, root = world.profile, _root(world)
        hired = world.tell("hire", {"family_name": "Kept"})
        expected, accounts = world.lines("expected"), world.lines("accounts")
        signed_in = world.person()
    assert world.process.returncode == 0
    with practice(tmp_path, people=30) as world:
        assert world.profile == before
        assert world.lines("expected") == expected
        assert hired["id"] in {one["id"] for one in expected}
        assert world.lines("accounts") == accounts
        assert _root(world).fingerprint(hashes.SHA256()) != root.fingerprint(hashes.SHA256())
        again = world.web.get(
            f"{world.api}/v1/me", headers={"Authorization": f"Bearer {signed_in.token}"}
        )
        assert again.json()["email"] == ADMIN


def test_an_origin_whose_port_is_taken_moves_and_says_so(tmp_path: Path) -> None:
    with practice(tmp_path, people=10) as world:
        port = urlsplit(world.google["pages"]).port
        assert port is not None
    with socket.create_server(("127.0.0.1", port)):
        with practice(tmp_path, people=10) as world:
            assert urlsplit(world.google["pages"]).port != port
        assert any("google pages to" in line for line in world.said)


def test_everything_on_disk_is_the_owners_alone_and_no_private_key_is_among_it(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with practice(home, people=10):
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        for path in home.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
            assert b"PRIVATE KEY" not in path.read_bytes(), path


def test_the_authority_is_bound_to_loopback_by_name_constraints(tmp_path: Path) -> None:
    root = x509.load_pem_x509_certificate(new_authority(tmp_path).root_pem)
    constraints = root.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    permitted = constraints.value.permitted_subtrees or []
    assert {name.value for name in permitted} == {
        ip_network("127.0.0.1/32"),
        ip_network("::1/128"),
        "localhost",
    }
    assert list(tmp_path.iterdir()) == []


def _shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> None:
    """A TLS handshake in memory; raises what the client or the server objects to."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    theirs = client.wrap_bio(incoming, outgoing, server_hostname=name)
    ours = server.wrap_bio(outgoing, incoming, server_side=True)
    for _ in range(4):
        for side in (theirs, ours):
            with contextlib.suppress(ssl.SSLWantReadError):
                side.do_handshake()


def test_a_certificate_of_that_authority_for_another_name_is_refused_by_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The constraint is enforced by the TLS library, not only written down."""
    good = new_authority(tmp_path)
    client = ssl.create_default_context(cadata=good.root_pem.decode())
    _shake_hands(client, good.context, "127.0.0.1")
    honest_leaf = authority._leaf

    def forged_leaf(
        root: x509.Certificate,
        root_key: ec.EllipticCurvePrivateKey,
        key: ec.EllipticCurvePrivateKey,
        start: datetime,
    ) -> x509.Certificate:
        honest = honest_leaf(root, root_key, key, start)
        names = x509.SubjectAlternativeName([x509.DNSName("bank.example")])
        return (
            x509.CertificateBuilder()
            .subject_name(honest.subject)
            .issuer_name(root.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(honest.not_valid_before_utc)
            .not_valid_after(honest.not_valid_after_utc)
            .add_extension(names, critical=False)
            .sign(root_key, hashes.SHA256())
        )

    monkeypatch.setattr(authority, "_leaf", forged_leaf)
    forged = new_authority(tmp_path)
    client = ssl.create_default_context(cadata=forged.root_pem.decode())
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        _shake_hands(client, forged.context, "bank.example")


def test_a_host_header_that_names_somebody_else_is_refused_everywhere(stand_ins: World) -> None:
    origins = [
        stand_ins.api,
        stand_ins.pages,
        stand_ins.google["api"],
        stand_ins.google["pages"],
        stand_ins.control,
    ]
    for origin in origins:
        reply = stand_ins.web.get(origin, headers={"Host": "rebound.example"})
        assert reply.status_code == 421, origin


def test_a_path_that_nobody_knows_is_refused_in_each_stand_ins_form_and_counted(
    stand_ins: World,
) -> None:
    stand_ins.tell("reset-counts")
    problem = stand_ins.web.get(f"{stand_ins.api}/v1/nothing")
    assert (problem.status_code, problem.json()["code"]) == (404, "not-found")
    page = stand_ins.web.get(f"{stand_ins.google['api']}/admin/directory/v2/users")
    assert (page.status_code, page.headers["content-type"][:9]) == (404, "text/html")
    counts = stand_ins.ask("counts")
    assert counts["account"]["unknown_paths"] == ["GET /v1/nothing"]
    assert counts["google"]["unknown_paths"] == ["GET /admin/directory/v2/users"]


def test_the_browsers_pages_are_on_plain_http_and_the_programs_paths_are_not(
    stand_ins: World,
) -> None:
    assert stand_ins.web.get(f"{stand_ins.pages}/support").status_code == 200
    assert stand_ins.web.get(f"{stand_ins.pages}/v1/me").status_code == 404
    assert stand_ins.web.post(f"{stand_ins.pages}/token").status_code == 404
    assert stand_ins.web.get(f"{stand_ins.google['pages']}/admin/directory/v1/users").ok is False


def test_each_stand_in_has_a_cookie_name_of_its_own(stand_ins: World) -> None:
    browser = quiet_session()
    stand_ins.authorize(browser)
    stand_ins.google_page(browser)
    assert {cookie.name for cookie in browser.cookies} == {
        "practice_account_browser",
        "practice_google_browser",
    }


def test_it_ends_when_the_program_that_started_it_ends(tmp_path: Path) -> None:
    keeper = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, cwd=ROOT
    )
    with practice(tmp_path, people=10, parent=keeper.pid) as world:
        assert world.process.poll() is None
        keeper.communicate()
        assert world.process.wait(15) == 0


def test_the_control_interface_can_end_it(tmp_path: Path) -> None:
    with practice(tmp_path, people=10) as world:
        world.tell("stop")
        assert world.process.wait(15) == 0


def test_the_ready_file_is_there_only_while_it_answers(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps({"profile": "/nowhere", "control": "", "pid": 1}))
    command = [sys.executable, "-c", SERVE, str(tmp_path), "10", "0", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while not ready.exists() or "nowhere" in ready.read_text():
            assert time.monotonic() < until
            time.sleep(0.02)
        assert json.loads(ready.read_text())["pid"] == process.pid
    finally:
        process.terminate()
        assert process.wait(15) == 0
    assert not ready.exists()


def test_a_folder_serves_one_practice_organization_at_a_time(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(FolderInUseError), alone_in(tmp_path, patience=0.0):
        pytest.fail("the folder was given twice")
    with alone_in(tmp_path, patience=0.0):
        assert (tmp_path / "lock").exists()


def test_a_second_start_waits_until_the_first_has_ended(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVE, str(tmp_path), "10", "0", "0"]
    with practice(tmp_path, people=10) as first:
        before = first.profile
        second = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        first.tell("stop")
        assert first.process.wait(15) == 0
        until = time.monotonic() + 30
        while not (tmp_path / "ready.json").exists():
            assert time.monotonic() < until
            time.sleep(0.02)
        told = json.loads((tmp_path / "ready.json").read_text())
        second.terminate()
        assert second.wait(15) == 0
    assert told["pid"] == second.pid
    assert told["control"] == before["practice"]["control"]
