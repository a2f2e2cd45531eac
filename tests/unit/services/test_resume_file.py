from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.core.trouble import Code, Trouble
from wizard.services.options import Options
from wizard.services.resume_file import SIZE_LIMIT, ResumeFile, read_resume, resume_bytes
from wizard.services.resume_profile import profile_for

GOOD = {"version": 1, "profile": "practice", "organizational_unit": "ou_0f3a"}
REAL = """
schema = 1
id = "nordby"
name = "Nordby Accounts"
kind = "real"

[service]
kind = "scim"
api = "https://scim.nordby.example"
"""

profiles = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,63}", fullmatch=True)
units = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._:-]{0,127}", fullmatch=True)


def written(folder: Path, content: object) -> Path:
    path = folder / "given.ecsetup"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def refused(path: Path) -> Code:
    with pytest.raises(Trouble) as caught:
        read_resume(path)
    assert caught.value.facts["file"] == path.name
    return caught.value.code


def test_it_holds_a_profile_and_a_unit_and_nothing_else() -> None:
    content = resume_bytes(ResumeFile(profile_id="practice", ou_id="ou_0f3a"))
    assert json.loads(content) == GOOD
    assert len(content) < 200


@given(profile=profiles, ou=units)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, profile: str, ou: str
) -> None:
    wanted = ResumeFile(profile_id=profile, ou_id=ou)
    path = written(tmp_path_factory.mktemp("resume"), resume_bytes(wanted))
    assert read_resume(path) == wanted


@given(content=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    assert refused(written(tmp_path_factory.mktemp("resume"), content)) in {
        Code.RESUME_FILE_DAMAGED,
        Code.RESUME_FILE_TOO_NEW,
    }


@given(
    changed=st.fixed_dictionaries(
        {},
        optional={
            "version": st.none() | st.booleans() | st.integers(max_value=0) | st.text(),
            "profile": st.none() | st.integers() | st.text().filter(lambda one: one != "practice"),
            "organizational_unit": st.none() | st.lists(st.integers()) | st.text(max_size=3),
            "email": st.just("owner@nordby.example"),
        },
    ).filter(bool)
)
def test_a_field_that_is_changed_or_added_is_refused_or_still_harmless(
    tmp_path_factory: pytest.TempPathFactory, changed: dict[str, object]
) -> None:
    path = written(tmp_path_factory.mktemp("resume"), {**GOOD, **changed})
    if "email" in changed:
        assert refused(path) is Code.RESUME_FILE_DAMAGED
        return
    try:
        read = read_resume(path)
    except Trouble:
        assert refused(path) is Code.RESUME_FILE_DAMAGED
        return
    assert not set("/\\~. ") & set(read.profile_id)
    assert not set("/\\ ") & set(read.ou_id)


@pytest.mark.parametrize(
    "profile",
    ["../evil", "/srv/evil.toml", "evil.toml", "~/evil", "", "Practice", "a\n", "a" * 65, "c:evil"],
)
def test_a_file_cannot_bring_a_profile_along(tmp_path: Path, profile: str) -> None:
    assert refused(written(tmp_path, {**GOOD, "profile": profile})) is Code.RESUME_FILE_DAMAGED


@pytest.mark.parametrize("field", ["address", "token", "proxy", "role"])
def test_an_unknown_field_is_refused(tmp_path: Path, field: str) -> None:
    assert refused(written(tmp_path, {**GOOD, field: "x"})) is Code.RESUME_FILE_DAMAGED


@pytest.mark.parametrize("missing", list(GOOD))
def test_a_missing_field_is_refused(tmp_path: Path, missing: str) -> None:
    rest = {name: value for name, value in GOOD.items() if name != missing}
    assert refused(written(tmp_path, rest)) is Code.RESUME_FILE_DAMAGED


def test_a_newer_version_is_told_even_with_fields_of_its_own(tmp_path: Path) -> None:
    newer = {"version": 2, "tenant": "t", "profile": 7}
    assert refused(written(tmp_path, newer)) is Code.RESUME_FILE_TOO_NEW


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    fits = json.dumps(GOOD).encode().ljust(SIZE_LIMIT)
    assert read_resume(written(tmp_path, fits)).ou_id == "ou_0f3a"
    assert refused(written(tmp_path, fits + b" ")) is Code.RESUME_FILE_TOO_LARGE


def test_nested_brackets_end_in_words(tmp_path: Path) -> None:
    assert refused(written(tmp_path, b"[" * SIZE_LIMIT)) is Code.RESUME_FILE_DAMAGED


def test_a_file_that_is_not_there_or_is_a_folder_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.ecsetup") is Code.RESUME_FILE_UNREADABLE
    assert refused(tmp_path) is Code.RESUME_FILE_UNREADABLE
    assert refused(tmp_path / "a\x00b") is Code.RESUME_FILE_UNREADABLE


@pytest.mark.parametrize(("profile", "ou"), [("../a", "ou"), ("a", ""), ("a", "a b")])
def test_nothing_is_written_that_would_be_refused(profile: str, ou: str) -> None:
    with pytest.raises(ValueError):
        resume_bytes(ResumeFile(profile_id=profile, ou_id=ou))


# ---------------------------------------------------------------- which profile


def options(tmp_path: Path, profile: str = "") -> Options:
    resume = tmp_path / "given.ecsetup"
    return Options(profile=profile, home=tmp_path, resume=resume, trust_profile=True)


def test_a_shipped_profile_is_found_by_its_id(tmp_path: Path) -> None:
    resume = ResumeFile(profile_id="cronofy", ou_id="ou_1")
    assert profile_for(resume, options(tmp_path), tmp_path / "config") == "cronofy"


def test_the_profile_that_is_named_has_to_be_the_files(tmp_path: Path) -> None:
    path = tmp_path / "nordby.toml"
    path.write_text(REAL, encoding="utf-8")
    given_options = options(tmp_path, str(path))
    here = ResumeFile(profile_id="nordby", ou_id="ou_1")
    assert profile_for(here, given_options, tmp_path / "config") == str(path)
    with pytest.raises(Trouble) as caught:
        profile_for(
            ResumeFile(profile_id="cronofy", ou_id="ou_1"), given_options, tmp_path / "config"
        )
    assert caught.value.code is Code.RESUME_FILE_OTHER_PROFILE
    assert dict(caught.value.facts) == {"file": "given.ecsetup", "profile": "cronofy"}


def test_a_profile_that_is_not_here_is_told_and_nothing_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        profile_for(
            ResumeFile(profile_id="elsewhere", ou_id="ou_1"),
            options(tmp_path),
            tmp_path / "config",
        )
    assert caught.value.code is Code.RESUME_FILE_OTHER_PROFILE
