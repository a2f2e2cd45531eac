"""What an administrator of this computer laid down: profiles, and whether others may be used."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wizard.core.paths import APP
from wizard.core.trouble import Code, Trouble
from wizard.profile.load import load_file
from wizard.profile.model import Profile, Trust
from wizard.profile.reading import Document

__all__ = ["GivenProfiles", "Policy", "admit", "load_policy", "policy_folder"]


class GivenProfiles(StrEnum):
    """What happens with a profile that somebody opens or gives by flag."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The administrator's word; without a policy folder this is what holds."""

    given_profiles: GivenProfiles = GivenProfiles.CONFIRM
    profiles: tuple[Profile, ...] = ()


def policy_folder() -> Path | None:
    """The one folder of this system that only an administrator can write; None if unknown.

    On Windows it lies below Program Files, asked of the system itself: `ProgramData` lets
    every user make folders, and an environment variable can be changed by anybody.
    """
    folder: Path | None
    if sys.platform == "win32":
        programs = _program_files()
        folder = None if programs is None else programs / APP / "policy"
    elif sys.platform == "darwin":
        folder = Path("/Library/Application Support") / APP / "policy"
    else:
        folder = Path("/etc") / APP
    return folder


if sys.platform == "win32":

    def _program_files() -> Path | None:
        import ctypes

        buffer = ctypes.create_unicode_buffer(260)
        # CSIDL_PROGRAM_FILES; learn.microsoft.com/windows/win32/shell/csidl
        failed = ctypes.windll.shell32.SHGetFolderPathW(None, 0x0026, None, 0, buffer)
        return None if failed else Path(buffer.value)


def load_policy(folder: Path | None = None, *, owner: int = 0) -> Policy:
    """Read `policy.toml` and the profiles beside it; no folder is no policy.

    Raises `Trouble(PROFILE_NOT_TRUSTED)` when somebody else than `owner` (the number of the
    administrator on POSIX systems) could have written any of it, and
    `Trouble(PROFILE_INVALID)` for a mistake inside. A policy that cannot be trusted stops the
    program: passing over it would be the way around it.
    """
    folder = folder or policy_folder()
    if folder is None or not folder.exists():
        return Policy()
    files = sorted(folder.glob("*.toml"))
    # A link leads to where the words really are: who can change that place can change them.
    ways = [way for path in (folder, *files) for way in (path, *path.resolve().parents)]
    for path in dict.fromkeys(ways):
        _check_writable_by_owner_alone(path, owner)
    rules = folder / "policy.toml"
    given = GivenProfiles.CONFIRM
    if rules in files:
        root = Document(rules).root
        if root.number("schema") != 1:
            root.refuse("schema", "unknown-schema", known=1)
        given = root.choice("given_profiles", GivenProfiles, GivenProfiles.CONFIRM)
        root.done()
    profiles = tuple(load_file(file, origin=Trust.POLICY) for file in files if file != rules)
    return Policy(given_profiles=given, profiles=profiles)


def _check_writable_by_owner_alone(path: Path, owner: int) -> None:
    if os.name != "posix":
        return  # Program Files is kept by the system's own access lists.
    try:
        found = path.stat()
    except OSError as problem:
        raise Trouble(Code.PROFILE_NOT_TRUSTED, file=str(path), problem="unreadable") from problem
    if found.st_uid not in {0, owner}:
        raise Trouble(Code.PROFILE_NOT_TRUSTED, file=str(path), problem="owner")
    shared = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    # A sticky folder (such as the one for temporary files) lets nobody replace another's entry.
    sticky = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    if shared and not sticky:
        raise Trouble(Code.PROFILE_NOT_TRUSTED, file=str(path), problem="writable-by-others")


def admit(profile: Profile, policy: Policy, *, confirmed: bool) -> Profile:
    """The profile, if it may be used now.

    Raises `Trouble(PROFILE_FORBIDDEN)` where the administrator refuses given profiles, and
    `Trouble(PROFILE_NOT_TRUSTED, problem="not-confirmed", hosts=…)` while a person still has
    to agree to its hosts.
    """
    if not profile.needs_confirmation:
        return profile
    if policy.given_profiles is GivenProfiles.REFUSE:
        raise Trouble(Code.PROFILE_FORBIDDEN, name=profile.name)
    if not confirmed:
        raise Trouble(
            Code.PROFILE_NOT_TRUSTED,
            file=profile.name,
            problem="not-confirmed",
            hosts=", ".join(profile.hosts()),
        )
    return profile
