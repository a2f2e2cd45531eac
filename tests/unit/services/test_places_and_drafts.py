"""What is typed on a server, and which copy of the settings a draft was made from."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.core.settings import ProvisioningSettings, ScopeKind, ScopeRule
from wizard.flow.answers import Answers
from wizard.services.placing import server_commands
from wizard.services.settings_versions import SIZE_LIMIT, SettingsVersions

ANSWERS = Answers(
    ou_id="ou_17",
    ou_name="Halden Freight",
    signed_in_as="ingrid@halden-freight.example",
    domain="halden-freight.example",
)


def option(command: str, name: str) -> str:
    words = shlex.split(command)
    return words[words.index(name) + 1]


def test_the_commands_sign_in_look_and_stay() -> None:
    sign_in, preview, sync = server_commands(ANSWERS, "nordby", practice=False)
    assert option(sign_in, "--unit") == "Halden Freight"
    assert option(sign_in, "--workspace") == "google"
    assert "--directory" not in sign_in
    assert shlex.split(preview)[1] == "preview"
    assert shlex.split(sync)[1:3] == ["sync", "--every"]
    for command in (sign_in, preview, sync):
        assert option(command, "--profile") == "nordby"
        assert option(command, "--passphrase-file") == "passphrase.txt"
        assert "--home" not in command


def test_practice_keeps_its_server_apart_from_this_computer() -> None:
    for command in server_commands(ANSWERS, "/x/profile.toml", practice=True):
        assert option(command, "--home") == "practice-server"


def test_a_directory_of_another_domain_is_named() -> None:
    other = replace(ANSWERS, domain="halden-logistics.example")
    sign_in, *_ = server_commands(other, "nordby", practice=False)
    assert option(sign_in, "--directory") == "halden-logistics.example"


@given(st.text(max_size=40))
def test_no_domain_becomes_a_command(domain: str) -> None:
    sign_in, *_ = server_commands(replace(ANSWERS, domain=domain), "nordby", practice=False)
    if "--directory" in sign_in:
        assert option(sign_in, "--directory") == domain
    assert not set(sign_in) & set("$`;|<>\n\r\\!%^")


@pytest.mark.parametrize("domain", ['a.example" & calc & "', "$(id).example", "-x.example"])
def test_what_is_no_domain_is_left_out_of_the_commands(domain: str) -> None:
    sign_in, *_ = server_commands(replace(ANSWERS, domain=domain), "nordby", practice=False)
    assert "--directory" not in sign_in


@given(st.text(max_size=40), st.from_regex(r"ou_[a-z0-9]{4,16}", fullmatch=True))
def test_no_name_of_a_unit_becomes_a_command(name: str, ou_id: str) -> None:
    named = replace(ANSWERS, ou_name=name, ou_id=ou_id)
    sign_in, *_ = server_commands(named, "nordby", practice=False)
    assert option(sign_in, "--unit") in {name, ou_id}
    assert not set(sign_in) & set("$`;|<>\n\r\\!%^")


def test_a_version_that_was_read_is_known_later_on(tmp_path: Path) -> None:
    first = ProvisioningSettings(version=1)
    second = replace(first, version=2, grace_days=3)
    SettingsVersions(tmp_path).remember("oa-1", first)
    SettingsVersions(tmp_path).remember("oa-1", second)
    SettingsVersions(tmp_path).remember("oa-2", replace(first, enabled=True))
    known = SettingsVersions(tmp_path)
    assert (known.of("oa-1", 1), known.of("oa-1", 2)) == (first, second)
    assert known.of("oa-2", 1) == replace(first, enabled=True)
    assert known.of("oa-2", 2) is None


def test_only_the_newest_versions_are_kept(tmp_path: Path) -> None:
    versions = SettingsVersions(tmp_path)
    for number in range(1, 30):
        versions.remember("oa-1", ProvisioningSettings(version=number))
    assert versions.of("oa-1", 1) is None
    assert versions.of("oa-1", 18) is not None
    assert versions.of("oa-1", 29) is not None


def test_connections_of_long_ago_are_forgotten(tmp_path: Path) -> None:
    versions = SettingsVersions(tmp_path)
    for number in range(6):
        versions.remember(f"oa-{number}", ProvisioningSettings(version=number))
    versions.remember("oa-2", ProvisioningSettings(version=20))
    versions.remember("oa-6", ProvisioningSettings(version=6))
    assert versions.of("oa-1", 1) is None
    assert versions.of("oa-2", 2) is not None
    assert versions.of("oa-3", 3) is None
    assert versions.of("oa-6", 6) is not None


def test_the_longest_scopes_leave_the_newest_versions_in_a_file_of_bounded_size(
    tmp_path: Path,
) -> None:
    ids = tuple(f"{number:021}" for number in range(5_000))
    scope = ScopeRule(kind=ScopeKind.RULES, user_ids=ids, exclude_user_ids=ids[::-1])
    versions = SettingsVersions(tmp_path)
    versions.remember("oa-0", ProvisioningSettings(version=1, scope=scope))
    for number in range(1, 9):
        versions.remember("oa-1", ProvisioningSettings(version=number, scope=scope))
        size = (tmp_path / "settings-versions.json").stat().st_size
        assert size <= SIZE_LIMIT
    assert versions.of("oa-0", 1) is None
    assert [number for number in range(1, 9) if versions.of("oa-1", number)] == [5, 6, 7, 8]


def test_settings_that_are_too_large_by_themselves_are_not_remembered(tmp_path: Path) -> None:
    scope = ScopeRule(kind=ScopeKind.RULES, user_ids=("0" * SIZE_LIMIT,))
    versions = SettingsVersions(tmp_path)
    versions.remember("oa-1", ProvisioningSettings(version=1, scope=scope))
    assert versions.of("oa-1", 1) is None
    versions.remember("oa-1", ProvisioningSettings(version=2))
    assert versions.of("oa-1", 2) is not None


def test_a_file_of_versions_that_is_too_large_is_not_read(
    tmp_path: Path,
) -> None:
    versions = SettingsVersions(tmp_path)
    versions.remember("oa-1", ProvisioningSettings(version=1))
    path = tmp_path / "settings-versions.json"
    path.write_bytes(path.read_bytes() + b" " * SIZE_LIMIT)
    assert versions.of("oa-1", 1) is None
    versions.remember("oa-1", ProvisioningSettings(version=2))
    assert path.stat().st_size < SIZE_LIMIT
    assert versions.of("oa-1", 2) is not None


@pytest.mark.parametrize("content", [b"", b"{}x", b'{"version": 1, "read": 7}', b"\xff"])
def test_a_damaged_memory_of_versions_begins_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings-versions.json").write_bytes(content)
    versions = SettingsVersions(tmp_path)
    assert versions.of("oa-1", 1) is None
    versions.remember("oa-1", ProvisioningSettings(version=1))
    assert versions.of("oa-1", 1) == ProvisioningSettings(version=1)
