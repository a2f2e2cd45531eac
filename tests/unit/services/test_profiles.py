from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.services.test_opening import PROFILE
from wizard.core.trouble import Code, Trouble
from wizard.profile.load import load_built_in, load_file
from wizard.profile.model import Profile, Trust
from wizard.profile.policy import GivenProfiles, Policy
from wizard.services.environment import open_workbench
from wizard.services.options import Options
from wizard.services.profiles import (
    choose_profile,
    forget_profile,
    real_profiles,
    remember_profile,
    state_name,
)

GIVEN = """schema = 1
id = "halden"
name = "Halden"
[service]
kind = "enterprise_connect"
api = "https://{host}"
issuer = "https://{host}"
client_id = "setup"
"""


def given(folder: Path, host: str = "connect.halden.example") -> Path:
    path = folder / f"{host}.toml"
    path.write_text(GIVEN.format(host=host), encoding="utf-8")
    return path


def choose(
    named: str, config: Path, *, confirmed: bool = False, policy: Policy | None = None
) -> Profile:
    return choose_profile(named, config, confirmed=confirmed, policy=policy or Policy())


def test_a_given_profile_is_used_only_when_somebody_agreed_to_its_hosts(tmp_path: Path) -> None:
    path = given(tmp_path)
    with pytest.raises(Trouble) as caught:
        choose(str(path), tmp_path)
    assert caught.value.code is Code.PROFILE_NOT_TRUSTED
    assert caught.value.facts["hosts"] == "connect.halden.example"
    assert choose(str(path), tmp_path, confirmed=True).name == "Halden"


def test_a_policy_may_refuse_given_profiles_even_when_confirmed(tmp_path: Path) -> None:
    policy = Policy(given_profiles=GivenProfiles.REFUSE)
    with pytest.raises(Trouble) as caught:
        choose(str(given(tmp_path)), tmp_path, confirmed=True, policy=policy)
    assert caught.value.code is Code.PROFILE_FORBIDDEN


def test_a_shipped_profile_is_found_by_its_id(tmp_path: Path) -> None:
    assert choose("cronofy", tmp_path).origin is Trust.BUILT_IN


def test_the_only_profile_of_the_administrator_is_the_obvious_one(tmp_path: Path) -> None:
    policy = Policy(profiles=(load_built_in("cronofy"),))
    assert choose("", tmp_path, policy=policy).id == "cronofy"


def test_where_nothing_says_which_profile_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        choose("", tmp_path)
    assert caught.value.code is Code.PROFILE_NOT_CHOSEN


@pytest.mark.parametrize("named", ["nowhere", "nowhere.toml", "../nowhere"])
def test_a_profile_that_is_not_there_is_told(tmp_path: Path, named: str) -> None:
    with pytest.raises(Trouble) as caught:
        choose(named, tmp_path)
    assert caught.value.code is Code.PROFILE_NOT_FOUND


def test_the_profile_used_last_is_used_again_until_it_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = given(tmp_path)
    monkeypatch.chdir(tmp_path)
    remember_profile(tmp_path / "config", path.name)
    monkeypatch.chdir("/")
    assert choose("", tmp_path / "config", confirmed=True).name == "Halden"
    forget_profile(tmp_path / "config")
    forget_profile(tmp_path / "config")
    with pytest.raises(Trouble):
        choose("", tmp_path / "config", confirmed=True)


def test_a_remembered_profile_still_needs_agreement(tmp_path: Path) -> None:
    remember_profile(tmp_path, str(given(tmp_path)))
    with pytest.raises(Trouble) as caught:
        choose("", tmp_path)
    assert caught.value.code is Code.PROFILE_NOT_TRUSTED


def test_a_profile_of_the_same_name_that_leads_elsewhere_never_shares_files(
    tmp_path: Path,
) -> None:
    one = choose(str(given(tmp_path)), tmp_path, confirmed=True)
    other = choose(str(given(tmp_path, "evil.example")), tmp_path, confirmed=True)
    assert one.id == other.id
    assert state_name(one) != state_name(other)
    assert state_name(load_built_in("cronofy")) == "cronofy"


def _laid_down(folder: Path, *, practice: bool) -> Profile:
    if not practice:
        return load_file(given(folder), origin=Trust.POLICY)
    path = folder / "practice.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return load_file(path, origin=Trust.POLICY)


def test_after_practice_the_one_real_profile_is_the_next_start(tmp_path: Path) -> None:
    practice, real = (_laid_down(tmp_path, practice=on) for on in (True, False))
    policy = Policy(profiles=(practice, real))
    assert real_profiles(policy) == (real,)
    config = tmp_path / "config"
    remember_profile(config, practice.id)
    assert choose("", config, policy=policy) == practice
    forget_profile(config)
    assert choose("", config, policy=policy) == real


def test_where_practice_alone_is_laid_down_there_is_nothing_for_a_real_set_up(
    tmp_path: Path,
) -> None:
    assert real_profiles(Policy(profiles=(_laid_down(tmp_path, practice=True),))) == ()


def test_leaving_practice_forgets_it_for_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "practice.toml"
    path.write_text(PROFILE, encoding="utf-8")
    options = Options(profile=str(path), home=tmp_path, trust_profile=True, forget=True)
    bench = open_workbench(options)
    again = Options(home=tmp_path, trust_profile=True, forget=True)
    assert open_workbench(again).profile.practice
    bench.forget_practice()
    with pytest.raises(Trouble) as caught:
        open_workbench(again)
    assert caught.value.code is Code.PROFILE_NOT_CHOSEN


def test_a_real_set_up_is_not_forgotten_with_practice(tmp_path: Path) -> None:
    options = Options(profile=str(given(tmp_path)), home=tmp_path, trust_profile=True, forget=True)
    open_workbench(options).forget_practice()
    again = Options(home=tmp_path, trust_profile=True, forget=True)
    assert open_workbench(again).profile.name == "Halden"
