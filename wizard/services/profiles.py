"""Which profile this start uses, and under what name its files are kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

from wizard.core.files import disk_trouble, replace_file
from wizard.core.trouble import Code, Trouble
from wizard.profile.load import load_built_in, load_file
from wizard.profile.model import Profile, Trust
from wizard.profile.policy import Policy, admit, load_policy

__all__ = [
    "choose_profile",
    "forget_profile",
    "real_profiles",
    "remember_profile",
    "remembered_profile",
    "state_name",
]

_REMEMBERED = "last-profile"
_LONGEST = 4096


def choose_profile(
    named: str, config: Path, *, confirmed: bool, policy: Policy | None = None
) -> Profile:
    """The profile to use: a file or an id, or '' for the obvious one.

    The obvious one is the only profile that the administrator laid down, or the one that was
    used last, or else the only one for a real set-up. A given profile that was not confirmed
    raises `Trouble(PROFILE_NOT_TRUSTED)` with its hosts. Others: PROFILE_NOT_CHOSEN,
    PROFILE_NOT_FOUND, PROFILE_INVALID, PROFILE_FORBIDDEN.
    """
    rules = load_policy() if policy is None else policy
    if not named and len(rules.profiles) == 1:
        return rules.profiles[0]
    named = named or remembered_profile(config)
    if not named:
        real = real_profiles(rules)
        if len(real) == 1:
            return real[0]
        raise Trouble(Code.PROFILE_NOT_CHOSEN)
    return admit(_find(named, rules), rules, confirmed=confirmed)


def real_profiles(policy: Policy | None = None) -> tuple[Profile, ...]:
    """The profiles of real services that an administrator laid down on this computer."""
    rules = load_policy() if policy is None else policy
    return tuple(profile for profile in rules.profiles if not profile.is_practice)


def _find(named: str, policy: Policy) -> Profile:
    path = Path(named).expanduser()
    if path.suffix == ".toml" or path.name != named:
        return load_file(path, origin=Trust.GIVEN)
    for profile in policy.profiles:
        if profile.id == named:
            return profile
    try:
        return load_built_in(named)
    except Trouble as trouble:
        if trouble.code is not Code.PROFILE_NOT_FOUND:
            raise
        raise Trouble(Code.PROFILE_NOT_FOUND, file=named) from trouble


def state_name(profile: Profile) -> str:
    """The folder name for everything that is kept for a profile.

    A given profile may call itself anything, also like one that is in use already. What it
    connects to is therefore part of its name: a token kept for one service can never be found,
    and so never be sent, by a profile that leads to another.
    """
    if profile.origin is not Trust.GIVEN:
        return profile.id
    reached = (profile.service.api, profile.service.issuer, profile.google.token_uri)
    digest = hashlib.sha256("\n".join(reached).encode()).hexdigest()
    return f"{profile.id}-{digest[:12]}"


def remember_profile(config: Path, named: str) -> None:
    """Use this profile again when none is named; a file by its whole path."""
    path = Path(named).expanduser()
    kept = str(path.resolve()) if path.suffix == ".toml" or path.name != named else named
    replace_file(config / _REMEMBERED, kept.encode())


def forget_profile(config: Path) -> None:
    """Ask again next time."""
    try:
        (config / _REMEMBERED).unlink(missing_ok=True)
    except OSError as problem:
        raise disk_trouble(problem, config / _REMEMBERED) from problem


def remembered_profile(config: Path) -> str:
    """What names the profile used last: an id or a file; '' where none was."""
    try:
        with (config / _REMEMBERED).open("rb") as file:
            return file.read(_LONGEST).decode()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    except OSError as problem:
        raise disk_trouble(problem, config / _REMEMBERED) from problem
