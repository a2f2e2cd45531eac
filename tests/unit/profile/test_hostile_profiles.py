"""Profile files that mean harm: too large, linked, of odd shapes, or reaching too far."""

from __future__ import annotations

import os
import threading
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.profile.test_profiles import PRACTICE, REAL, changed, loaded, practice
from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin
from wizard.profile.load import load_file
from wizard.profile.model import Trust

MEBIBYTE = 1024 * 1024
PRACTICE_ONLY = (
    '[trust]\ntrust_root = "/tmp/ca.pem"\n',
    "[trust]\n",
    '[practice]\ncontrol = "http://127.0.0.1:1/"\n',
    "[practice]\n",
)


def problem_of(path: Path) -> str:
    with pytest.raises(Trouble) as trouble:
        load_file(path, origin=Trust.GIVEN)
    assert trouble.value.code is Code.PROFILE_INVALID
    return str(trouble.value.facts["problem"])


def test_a_file_of_a_hundred_mebibytes_is_refused_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_text(REAL, encoding="utf-8")
    os.truncate(path, 100 * MEBIBYTE)
    tracemalloc.start()
    try:
        assert problem_of(path) == "too-large"
        assert tracemalloc.get_traced_memory()[1] < MEBIBYTE
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_to_a_profile_is_that_profile_and_waits_for_a_person_as_well(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "nordby.toml"
    target.write_text(REAL, encoding="utf-8")
    link = tmp_path / "link.toml"
    link.symlink_to(target)
    profile = load_file(link, origin=Trust.GIVEN)
    assert profile.needs_confirmation
    assert "connect.nordby.example" in profile.hosts()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_that_leads_in_circles_or_to_a_device_is_refused(tmp_path: Path) -> None:
    circle = tmp_path / "circle.toml"
    circle.symlink_to(circle)
    with pytest.raises(Trouble) as trouble:
        load_file(circle, origin=Trust.GIVEN)
    assert trouble.value.code is Code.PROFILE_NOT_FOUND
    endless = tmp_path / "endless.toml"
    endless.symlink_to("/dev/zero")
    assert problem_of(endless) == "too-large"


@pytest.mark.skipif(os.name != "posix", reason="pipes are those of POSIX systems")
def test_a_pipe_that_nobody_writes_to_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    told: list[object] = []

    def load() -> None:
        try:
            load_file(path, origin=Trust.GIVEN)
        except Trouble as trouble:
            told.append(trouble.code)

    thread = threading.Thread(target=load)
    thread.start()
    thread.join(10)
    waits = thread.is_alive()
    if waits:  # let it go, so that the test can end
        os.close(os.open(path, os.O_WRONLY))
        thread.join()
    assert not waits
    assert told


@pytest.mark.parametrize("table", PRACTICE_ONLY)
def test_what_only_practice_may_say_is_refused_in_a_real_profile(
    tmp_path: Path, table: str
) -> None:
    with pytest.raises(Trouble) as trouble:
        loaded(tmp_path, f"{REAL}\n{table}")
    assert trouble.value.facts["problem"] == "practice-only"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "192.0.2.1", "127.1", "[::2]"]
)
@pytest.mark.parametrize("part", ["8443", "9443/token", "9443/o/oauth2/v2/auth"])
def test_an_own_root_of_trust_reaches_no_other_computer(
    tmp_path: Path, host: str, part: str
) -> None:
    port, slash, path = part.partition("/")
    text = practice(tmp_path)
    old, new = f"https://127.0.0.1:{port}{slash}{path}", f"https://{host}:{port}{slash}{path}"
    with pytest.raises(Trouble) as trouble:
        loaded(tmp_path, changed(text, old, new))
    assert trouble.value.facts["problem"] == "not-loopback"


@pytest.mark.parametrize(
    "value",
    ["3", "1.5", "true", "[]", '["https://a.example"]', "{}", "1979-05-27", "07:32:00", "inf"],
)
def test_a_value_of_another_kind_is_told_and_breaks_nothing(tmp_path: Path, value: str) -> None:
    for key in ("id", "name", "kind", "api", "issuer", "client_id"):
        lines = [
            f"{key} = {value}" if line.startswith(f"{key} =") else line
            for line in REAL.splitlines()
        ]
        with pytest.raises(Trouble) as trouble:
            loaded(tmp_path, "\n".join(lines))
        assert trouble.value.code is Code.PROFILE_INVALID


@pytest.mark.parametrize(
    "address",
    [
        "https://connеct.nordby.example",
        "https://ｃonnect.nordby.example",
        "https://connect。nordby.example",
        "https://connect.nordby.example\\\\@evil.example",
        "https://connect.nordby.example\\t",
        "https://connect.nordby.example\\u202e",
        "https://ana@connect.nordby.example",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://169.254.169.254/latest",
    ],
)
def test_an_address_that_looks_like_another_is_refused(tmp_path: Path, address: str) -> None:
    for key in ("api", "issuer", "support"):
        lines = [
            f'{key} = "{address}"' if line.startswith(f"{key} =") else line
            for line in REAL.splitlines()
        ]
        with pytest.raises(Trouble):
            loaded(tmp_path, "\n".join(lines))


def test_deep_nesting_ends_in_words(tmp_path: Path) -> None:
    for text in ("a = " + "[" * 9000, "a = " + "{b=" * 5000, "[" + "a." * 9000 + "b]"):
        path = tmp_path / "deep.toml"
        path.write_text(text, encoding="utf-8")
        assert problem_of(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    at=st.integers(0, len(PRACTICE) - 1),
    what=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=6),
    without=st.integers(0, 12),
)
def test_a_practice_profile_that_is_changed_anywhere_is_refused_or_stays_on_this_machine(
    tmp_path: Path, at: int, what: str, without: int
) -> None:
    text = practice(tmp_path)
    try:
        profile = loaded(tmp_path, text[:at] + what + text[at + without :])
    except Trouble:
        return
    reached = (
        profile.service.api,
        profile.service.issuer,
        *((profile.google.token_uri, profile.google.api) if profile.google.client_id else ()),
    )
    assert all(Origin.of(address).is_loopback for address in reached if address)
