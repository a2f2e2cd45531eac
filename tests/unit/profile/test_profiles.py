"""Profiles: what they may say, and how exactly a mistake is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.core.trouble import Code, Trouble
from wizard.net.addresses import Origin
from wizard.profile.load import Trust, list_built_in, load_built_in, load_file
from wizard.profile.model import MicrosoftCloud, Profile, ProfileKind, ServiceKind
from wizard.profile.policy import GivenProfiles, Policy, admit, load_policy, policy_folder
from wizard.profile.reading import LARGEST, Document

REAL = """\
schema = 1
id = "nordby"
name = "Nordby Connect"
kind = "real"

[service]
kind = "enterprise_connect"
api = "https://connect.nordby.example/"
issuer = "https://connect.nordby.example"
client_id = "enterprise-connect-setup"

[google]
client_id = "123.apps.nordby.example"

[microsoft]
client_id = "456"
cloud = "us_government"

[links]
support = "https://help.nordby.example/?from=setup"
"""

PRACTICE = """\
schema = 1
id = "practice"
name = "Practice organization"
kind = "practice"
[service]
kind = "enterprise_connect"
api = "https://127.0.0.1:8443"
pages = "http://127.0.0.1:8080"
issuer = "https://127.0.0.1:8443"
client_id = "enterprise-connect-setup"
[google]
client_id = "practice.apps.practice.test"
auth_uri = "https://127.0.0.1:9443/o/oauth2/v2/auth"
token_uri = "https://127.0.0.1:9443/token"
revoke_uri = "https://127.0.0.1:9443/revoke"
api = "https://127.0.0.1:9443"
issuer = "https://accounts.practice.test"
pages = "http://127.0.0.1:9080"
[trust]
trust_root = "{root}"
[links]
support = "http://127.0.0.1:8080/support"
[practice]
control = "http://127.0.0.1:7000/control/abc/"
"""


def practice(tmp_path: Path) -> str:
    # A literal string keeps the backslashes of a Windows path.
    return PRACTICE.replace('"{root}"', f"'{tmp_path / 'ca.pem'}'")


def loaded(tmp_path: Path, text: str, origin: Trust = Trust.GIVEN) -> Profile:
    file = tmp_path / "given.toml"
    file.write_text(text, encoding="utf-8")
    return load_file(file, origin=origin)


def refused(tmp_path: Path, text: str) -> tuple[int, str, str]:
    """(line, key, problem) of the refusal of this text."""
    with pytest.raises(Trouble) as trouble:
        loaded(tmp_path, text)
    assert trouble.value.code is Code.PROFILE_INVALID
    facts = trouble.value.facts
    assert facts["file"] == str(tmp_path / "given.toml")
    return int(facts["line"]), str(facts["key"]), str(facts["problem"])


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


# ------------------------------------------------------------------ good profiles


def test_a_real_profile_is_read(tmp_path: Path) -> None:
    profile = loaded(tmp_path, REAL)
    assert (profile.id, profile.kind) == ("nordby", ProfileKind.REAL)
    assert profile.service.api == "https://connect.nordby.example"
    assert profile.google.token_uri == "https://oauth2.googleapis.com/token"
    assert profile.microsoft.cloud is MicrosoftCloud.US_GOVERNMENT
    assert profile.service_name == "Nordby Connect"
    assert profile.practice is None
    assert profile.needs_confirmation
    assert profile.hosts() == (
        "connect.nordby.example",
        "accounts.google.com",
        "oauth2.googleapis.com",
        "admin.googleapis.com",
        "help.nordby.example",
    )


def test_a_practice_profile_is_read_and_needs_no_confirmation(tmp_path: Path) -> None:
    profile = loaded(tmp_path, practice(tmp_path))
    assert profile.is_practice
    assert profile.trust_root == tmp_path / "ca.pem"
    assert profile.practice is not None
    assert profile.practice.control == "http://127.0.0.1:7000/control/abc/"
    assert not profile.needs_confirmation
    assert profile.browser_swaps == {
        "https://127.0.0.1:8443": "http://127.0.0.1:8080",
        "https://127.0.0.1:9443": "http://127.0.0.1:9080",
    }


def test_a_practice_profile_that_links_elsewhere_needs_confirmation(tmp_path: Path) -> None:
    text = changed(practice(tmp_path), "http://127.0.0.1:8080/support", "https://x.example/support")
    assert loaded(tmp_path, text).needs_confirmation


def test_trusted_origins_need_no_confirmation(tmp_path: Path) -> None:
    for origin in (Trust.BUILT_IN, Trust.POLICY):
        assert not loaded(tmp_path, REAL, origin).needs_confirmation


def test_the_shipped_profiles_are_good_and_reach_only_https() -> None:
    shipped = [*list_built_in(), load_built_in("example")]
    assert {profile.id for profile in shipped} == {"cronofy", "example"}
    for profile in shipped:
        assert profile.kind is ProfileKind.REAL
        assert profile.origin is Trust.BUILT_IN
    cronofy = load_built_in("cronofy")
    assert cronofy.service.kind is ServiceKind.CRONOFY
    assert [region.id for region in cronofy.service.regions] == ["us", "uk", "de", "au", "ca", "sg"]


def test_a_profile_names_the_app_that_an_admin_installs() -> None:
    cronofy = load_built_in("cronofy")
    assert cronofy.google.app_name == "Cronofy"
    assert cronofy.google.marketplace.startswith("https://workspace.google.com/marketplace/app/")
    assert "workspace.google.com" in cronofy.hosts()
    assert cronofy.google.admin_console.startswith("https://admin.google.com/")


def test_an_app_has_no_plain_address_and_practice_leads_to_no_real_store(tmp_path: Path) -> None:
    key = 'client_id = "123.apps.nordby.example"'
    plain = changed(REAL, key, f'{key}\nmarketplace = "http://store.example/app"')
    assert refused(tmp_path, plain)[1:] == ("google.marketplace", "not-https")
    console = changed(REAL, key, f'{key}\nadmin_console = "https://admin.example"')
    assert refused(tmp_path, console)[1:] == ("google.admin_console", "practice-only")
    key = 'pages = "http://127.0.0.1:9080"'
    store = "https://workspace.google.com/marketplace/app/x/1"
    real = changed(practice(tmp_path), key, f'{key}\nmarketplace = "{store}"')
    assert refused(tmp_path, real)[1:] == ("google.marketplace", "not-loopback")
    assert loaded(tmp_path, practice(tmp_path)).google.admin_console == ""


def test_the_annotated_example_is_not_offered() -> None:
    assert "example" not in {profile.id for profile in list_built_in()}


def test_a_profile_that_is_not_there_is_told(tmp_path: Path) -> None:
    ways: list[Callable[[], Profile]] = [
        lambda: load_built_in("nobody"),
        lambda: load_built_in("../profiles/cronofy"),
        lambda: load_file(tmp_path / "gone.toml", origin=Trust.GIVEN),
        lambda: load_file(tmp_path, origin=Trust.GIVEN),
    ]
    for find in ways:
        with pytest.raises(Trouble) as trouble:
            find()
        assert trouble.value.code is Code.PROFILE_NOT_FOUND


# ------------------------------------------------------------------ mistakes, line by line


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("schema = 1", "schema = 2", (1, "schema", "unknown-schema")),
        ("schema = 1", 'schema = "1"', (1, "schema", "not-a-number")),
        ("schema = 1", "schema = true", (1, "schema", "not-a-number")),
        ('id = "nordby"', 'id = "../x"', (2, "id", "bad-id")),
        ('id = "nordby"', "", (1, "id", "missing")),
        ('name = "Nordby Connect"', 'name = "  "', (3, "name", "empty")),
        ('name = "Nordby Connect"', "name = 3", (3, "name", "not-text")),
        ('name = "Nordby Connect"', f'name = "{"x" * 61}"', (3, "name", "too-long")),
        ('name = "Nordby Connect"', 'name = "a\\u0007b"', (3, "name", "strange-characters")),
        ('kind = "real"', 'kind = "sample"', (4, "kind", "unknown-choice")),
        ("client_id = \"456\"", "clientid = \"456\"", (16, "microsoft.clientid", "unknown-key")),
        ("[links]", "[lniks]", (19, "lniks", "unknown-key")),
        ("[links]", "links = 3\n[other]", (19, "microsoft.links", "unknown-key")),
        ('issuer = "https://connect.nordby.example"', "", (6, "service.issuer", "missing")),
        ('"https://connect.nordby.example/"', '"http://connect.nordby.example/"',
         (8, "service.api", "not-https")),
        ('"https://connect.nordby.example/"', '"ftp://connect.nordby.example/"',
         (8, "service.api", "not-http")),
        ('"https://connect.nordby.example/"', '"https://ana:x@connect.nordby.example/"',
         (8, "service.api", "strange-characters")),
        ('"https://connect.nordby.example/"', '"https://connect.nordby.example:x/"',
         (8, "service.api", "not-an-address")),
        ('"https://connect.nordby.example/"', '"https://connect.nordby.example/?a=1"',
         (8, "service.api", "has-query")),
        ('client_id = "123.apps.nordby.example"', 'client_secret = "x"',
         (13, "google.client_secret", "secret")),
        ('client_id = "123.apps.nordby.example"', 'refresh_token = "x"',
         (13, "google.refresh_token", "secret")),
        ('cloud = "us_government"', 'cloud = "moon"', (17, "microsoft.cloud", "unknown-choice")),
        # what only practice may say
        ("[links]", '[trust]\ntrust_root = "/x"\n[links]', (19, "trust", "practice-only")),
        ("[links]", '[practice]\ncontrol = "http://127.0.0.1/"\n[links]',
         (19, "practice", "practice-only")),
        ("[google]", '[google]\ntoken_uri = "https://evil.example/token"',
         (13, "google.token_uri", "practice-only")),
        ("[google]", '[google]\napi = "https://127.0.0.1:1"', (13, "google.api", "practice-only")),
        ("[google]", '[google]\nissuer = "https://x.example"',
         (13, "google.issuer", "practice-only")),
        ("[google]", 'pages = "http://127.0.0.1:1"\n[google]',
         (12, "service.pages", "practice-only")),
        ('cloud = "us_government"', 'authority = "https://login.evil.example"',
         (17, "microsoft.authority", "practice-only")),
    ],
)  # fmt: skip
def test_a_mistake_in_a_real_profile_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, expected: tuple[int, str, str]
) -> None:
    assert refused(tmp_path, changed(REAL, old, new)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("https://127.0.0.1:8443", "https://connect.example", (7, "service.api", "not-loopback")),
        ("http://127.0.0.1:8080", "https://connect.example", (8, "service.pages", "not-loopback")),
        ("https://127.0.0.1:9443/token", "https://oauth2.example/token",
         (14, "google.token_uri", "not-loopback")),
        ('revoke_uri = "https://127.0.0.1:9443/revoke"\n', "",
         (11, "google.revoke_uri", "missing")),
        ("http://127.0.0.1:7000/control/abc/", "https://control.example/",
         (24, "practice.control", "not-loopback")),
    ],
)  # fmt: skip
def test_practice_stays_on_this_machine(
    tmp_path: Path, old: str, new: str, expected: tuple[int, str, str]
) -> None:
    assert refused(tmp_path, changed(practice(tmp_path), old, new)) == expected


def test_half_a_stand_in_for_microsoft_is_refused(tmp_path: Path) -> None:
    text = practice(tmp_path) + '[microsoft]\nclient_id = "m"\n'
    assert refused(tmp_path, text) == (25, "microsoft.authority", "missing")
    whole = text + 'authority = "https://127.0.0.1:1/common"\ngraph = "https://127.0.0.1:1"\n'
    assert loaded(tmp_path, whole).microsoft.graph == "https://127.0.0.1:1"


def test_a_value_where_a_table_belongs_is_refused(tmp_path: Path) -> None:
    text = changed(REAL, 'kind = "real"', 'kind = "real"\ntexts = "words"')
    assert refused(tmp_path, text) == (5, "texts", "not-a-table")
    assert refused(tmp_path, changed(REAL, "schema = 1", "")) == (1, "schema", "missing")


def test_a_relative_trust_root_is_refused(tmp_path: Path) -> None:
    text = PRACTICE.replace("{root}", "ca.pem")
    assert refused(tmp_path, text) == (20, "trust.trust_root", "not-absolute")


def test_a_near_miss_is_named(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        loaded(tmp_path, changed(REAL, "[links]\nsupport", "[links]\nsuport"))
    assert trouble.value.facts["meant"] == "support"
    assert trouble.value.facts["line"] == 20


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('schema = 1\nname = "open\n', 2, "syntax"),
        ("schema = 1\n\n\nschema = 1\n", 4, "syntax"),
        ("schema = 1\n" + "x" * 3, 2, "syntax"),
        ("a" * (LARGEST + 1), 1, "too-large"),
        ("# c\n" * 500, 401, "too-large"),
    ],
)
def test_a_file_that_is_no_profile_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    found = refused(tmp_path, text)
    assert (found[0], found[2]) == (line, problem)


def test_text_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "given.toml"
    file.write_bytes(b'schema = 1\nname = "\xe4"\n')
    with pytest.raises(Trouble) as trouble:
        load_file(file, origin=Trust.GIVEN)
    assert (trouble.value.facts["line"], trouble.value.facts["problem"]) == (2, "not-utf8")


def test_a_mark_at_the_beginning_of_the_file_does_no_harm(tmp_path: Path) -> None:
    assert loaded(tmp_path, "\ufeff" + REAL).id == "nordby"


REGIONS = """\
schema = 1
id = "many"
name = "Many"

[service]
kind = "cronofy"

[[service.regions]]
id = "us"
name = "United States"
app = "https://app.many.example"
api = "https://api.many.example"

[[service.regions]]
id = "us"
name = "Germany"
app = "https://app-de.many.example"
api = "http://api-de.many.example"
"""


def test_a_mistake_in_a_region_is_told_with_its_line(tmp_path: Path) -> None:
    assert refused(tmp_path, REGIONS) == (18, "service.regions.1.api", "not-https")
    text = REGIONS.replace("http://", "https://")
    assert refused(tmp_path, text)[2] == "twice"
    assert refused(tmp_path, text.replace("[[service.regions]]", "[service.other]", 1))[1:] == (
        "service.other",
        "unknown-key",
    )
    nothing = REGIONS.partition("[[")[0]
    assert refused(tmp_path, nothing) == (5, "service.api", "missing")
    assert refused(tmp_path, nothing + "regions = 3\n")[1:] == ("service.regions", "not-tables")


@given(st.integers(0, 12), st.integers(0, 3))
def test_the_line_of_a_key_is_exact_wherever_it_stands(
    tmp_path_factory: pytest.TempPathFactory, before: int, inside: int
) -> None:
    """Comments, blank lines and values of several lines move keys, never what is told."""
    folder = tmp_path_factory.mktemp("lines")
    value = "[" + "\n  1," * inside + "\n]"
    lines = ["# note", ""] * before
    text = "\n".join([*lines, "[one]", f"list = {value}", "", "wanted = 1", "[two]", "other = 2"])
    file = folder / "lines.toml"
    file.write_text(text + "\n")
    document = Document(file)
    assert document.line_of(("one",)) == 2 * before + 1
    assert document.line_of(("one", "list")) == 2 * before + 2
    assert document.line_of(("one", "wanted")) == 2 * before + 5 + inside
    assert document.line_of(("two", "other")) == 2 * before + 7 + inside
    assert document.line_of(("two", "missing")) == 2 * before + 6 + inside
    assert document.line_of(("nowhere", "at", "all")) == 1


# ------------------------------------------------------------------ confirmation and policy


def test_a_given_profile_waits_for_a_person(tmp_path: Path) -> None:
    profile = loaded(tmp_path, REAL)
    with pytest.raises(Trouble) as trouble:
        admit(profile, Policy(), confirmed=False)
    assert trouble.value.code is Code.PROFILE_NOT_TRUSTED
    assert "connect.nordby.example" in str(trouble.value.facts["hosts"])
    assert admit(profile, Policy(), confirmed=True) is profile


def test_an_administrator_may_refuse_given_profiles(tmp_path: Path) -> None:
    policy = Policy(given_profiles=GivenProfiles.REFUSE)
    with pytest.raises(Trouble) as trouble:
        admit(loaded(tmp_path, REAL), policy, confirmed=True)
    assert trouble.value.code is Code.PROFILE_FORBIDDEN
    here = loaded(tmp_path, practice(tmp_path))
    assert admit(here, policy, confirmed=False) is here


@pytest.fixture
def policy_home(tmp_path: Path) -> Path:
    folder = tmp_path / "policy"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    (folder / "policy.toml").write_text('schema = 1\ngiven_profiles = "refuse"\n')
    (folder / "nordby.toml").write_text(REAL)
    return folder


def own() -> int:
    return os.getuid() if os.name == "posix" else 0


def test_a_policy_folder_brings_profiles_and_a_rule(policy_home: Path) -> None:
    policy = load_policy(policy_home, owner=own())
    assert policy.given_profiles is GivenProfiles.REFUSE
    assert [profile.id for profile in policy.profiles] == ["nordby"]
    assert policy.profiles[0].origin is Trust.POLICY
    assert not policy.profiles[0].needs_confirmation


def test_no_policy_folder_is_no_policy(tmp_path: Path) -> None:
    assert load_policy(tmp_path / "none") == Policy()
    assert policy_folder() is not None


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX systems")
@pytest.mark.parametrize("part", [".", "policy.toml", "nordby.toml"])
def test_a_policy_that_others_could_have_written_stops_the_program(
    policy_home: Path, part: str
) -> None:
    (policy_home / part).chmod(0o777)
    with pytest.raises(Trouble) as trouble:
        load_policy(policy_home, owner=own())
    assert trouble.value.code is Code.PROFILE_NOT_TRUSTED
    assert trouble.value.facts["problem"] == "writable-by-others"


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX systems")
def test_a_policy_that_links_to_where_others_may_write_stops_the_program(
    policy_home: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (policy_home / "nordby.toml").rename(shared / "nordby.toml")
    (policy_home / "nordby.toml").symlink_to(shared / "nordby.toml")
    assert load_policy(policy_home, owner=own()).profiles
    # The file itself is nobody else's, and yet anybody may put another one in its place.
    shared.chmod(0o777)
    with pytest.raises(Trouble) as trouble:
        load_policy(policy_home, owner=own())
    assert trouble.value.code is Code.PROFILE_NOT_TRUSTED
    assert trouble.value.facts["problem"] == "writable-by-others"


@pytest.mark.skipif(os.name != "posix", reason="owners are those of POSIX systems")
def test_a_policy_of_another_person_stops_the_program(policy_home: Path, as_root: bool) -> None:
    if as_root:
        os.chown(policy_home / "nordby.toml", 12345, -1)
    with pytest.raises(Trouble) as trouble:
        load_policy(policy_home, owner=0)
    assert trouble.value.facts["problem"] == "owner"


def test_a_mistake_in_a_policy_is_told(policy_home: Path) -> None:
    (policy_home / "policy.toml").write_text('schema = 1\ngiven_profile = "refuse"\n')
    with pytest.raises(Trouble) as trouble:
        load_policy(policy_home, owner=own())
    assert (trouble.value.code, trouble.value.facts["line"]) == (Code.PROFILE_INVALID, 2)
    assert trouble.value.facts["meant"] == "given_profiles"


# ------------------------------------------------------------------ addresses


@given(st.text(max_size=60))
def test_any_text_is_an_origin_or_a_trouble(text: str) -> None:
    for address in (text, f"https://{text}", f"http://127.0.0.1{text}"):
        told: Code | None = None
        try:
            origin = Origin.of(address)
        except Trouble as trouble:
            told = trouble.code
        else:
            assert origin.scheme in {"http", "https"}
            assert origin.host
        assert told in {None, Code.UNSAFE_ADDRESS}


@pytest.mark.parametrize(
    "host",
    ["cоnnect.example", "ⓔxample.com", "127.0.0.1%2eevil.example", "a;b.example", "[::1%25lo]",
     "a..example", ".example", "connect.example,evil.example", "[zz::1]"],
)  # fmt: skip
def test_a_host_that_could_be_read_in_two_ways_is_refused(host: str) -> None:
    with pytest.raises(Trouble) as trouble:
        Origin.of(f"https://{host}/")
    assert trouble.value.code is Code.UNSAFE_ADDRESS


@pytest.mark.parametrize(
    "host", ["connect.example", "xn--80ak6aa92e.example", "CONNECT.example", "[fd00::1]", "a_b.c"]
)
def test_an_ordinary_host_is_an_origin(host: str) -> None:
    assert Origin.of(f"https://{host}/").host == host.strip("[]").lower()


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True), ("127.9.9.9", True), ("[::1]", True), ("localhost", True),
        ("LOCALHOST.", True), ("localhost.example", False), ("127.0.0.1.example", False),
        ("0.0.0.1", False), ("10.0.0.1", False), ("127.1", False),
    ],
)  # fmt: skip
def test_loopback_is_only_what_cannot_be_anything_else(host: str, here: bool) -> None:
    assert Origin.of(f"http://{host}:80/").is_loopback is here
