"""Starts that can't go on, or go on with a loss: the program says so before or above its page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from proofs import google_steps as steps
from proofs import outside
from proofs.word_play import Play, quiet

__all__ = ["starts"]

_CAUSE = "what was given can’t be used"
_POLICY = "enterprise-connect-setup"


@dataclass(frozen=True, kw_only=True)
class _Start:
    """How the program is started, and what is said: in a panel, or by `title` and its sentence."""

    code: str
    cause: str = _CAUSE
    profile: Path | None = None
    more: Sequence[str] = ()
    through: Sequence[str] = ()
    around: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    close: str = "Close"
    """The button that ends it; '' where it goes on, and is ended from outside."""


def starts(play: Play) -> None:
    """Each in a window of its own, with a home folder that was never used before."""
    given = play.folder / "given"
    given.mkdir(parents=True, exist_ok=True)
    for start in (*_resume_files(play, given), *_profiles(play, given), *_computers(play)):
        _start(play, start)
    _damaged_answers(play)
    _silent_copy(play)


def home_of(play: Play, code: str) -> Path:
    """The home folder of this start."""
    return play.folder / code / "home"


def _start(play: Play, start: _Start) -> None:
    code = start.code
    play.context.progress(f"A start: {code} …")
    person = play.newcomer(code, service=steps.OWNER)
    person.open_window(start.profile, *start.more, through=start.through, around=dict(start.around))
    try:
        if start.title:
            play.table.see_words(
                person,
                code,
                start.title,
                page="the start",
                cause=start.cause,
                in_a_line=not start.close,
            )
        else:
            play.table.see(
                person, code, page="the start", cause=start.cause, has_help=False, seconds=40
            )
        if start.close and person.shows(start.close):
            person.press(start.close)
            person.wait_end()
    finally:
        person.leave()


def _resume_files(play: Play, given: Path) -> list[_Start]:
    whole = {"version": 1, "profile": "practice", "organizational_unit": "ou_nordby"}
    found = []
    for code, content in {
        "resume-file-damaged": "{",
        "resume-file-too-new": json.dumps({**whole, "version": 99}),
        "resume-file-too-large": " " * 1_000_000,
        "resume-file-other-profile": json.dumps({**whole, "profile": "fjordline"}),
        "resume-file-unreadable": "",
    }.items():
        file = given / f"{code}.ecsetup"
        if content:
            file.write_text(content, encoding="utf-8")
        profile = play.organization.profile
        found.append(_Start(code=code, profile=profile, more=("--resume", str(file))))
    return found


def real_profile(given: Path) -> Path:
    """The profile of an invented service somewhere on the internet, as a vendor hands it out."""
    file = given / "nordby.toml"
    lines = (
        'schema = 1\nid = "nordby"\nname = "Nordby Connect"\nkind = "real"\n\n'
        '[service]\nkind = "enterprise_connect"\napi = "https://accounts.nordby.example"\n'
        'issuer = "https://accounts.nordby.example"\nclient_id = "enterprise-connect-setup"\n'
    )
    file.write_text(lines, encoding="utf-8")
    return file


def _profiles(play: Play, given: Path) -> list[_Start]:
    broken = given / "broken.toml"
    broken.write_text('schema = 1\nid = "broken"\nname = 7\n', encoding="utf-8")
    real = real_profile(given)
    forbidden = "profile-forbidden"
    through, around = outside.within(
        outside.RULES_OF_ADMIN,
        folder=play.folder / forbidden,
        home=home_of(play, forbidden),
        policy=_POLICY,
    )
    return [
        _Start(code="profile-invalid", profile=broken),
        _Start(code="profile-not-found", profile=given / "nowhere.toml"),
        _Start(
            code="profile-not-trusted",
            profile=real,
            cause="a file that somebody brought along",
            title="Do you trust this profile?",
            close="Don’t use it",
        ),
        _Start(
            code=forbidden,
            profile=real,
            cause="the administrator refuses profiles that somebody brings along",
            through=through,
            around=around,
        ),
    ]


def _computers(play: Play) -> list[_Start]:
    """The computer itself is in the way."""
    found = []
    for code, circumstances, cause in (
        ("disk-full", outside.FULL_DISK, "there is no room on the disk"),
        ("folder-not-writable", outside.READ_ONLY_DISK, "the disk is read only"),
        ("listener-failed", outside.NO_PORTS, "no port is free to listen at"),
    ):
        through, around = outside.within(
            circumstances,
            folder=play.folder / code,
            home=home_of(play, code),
            network=code == "listener-failed",
        )
        profile = play.organization.profile
        found.append(
            _Start(code=code, cause=cause, profile=profile, through=through, around=around)
        )
    return found


def data_folder(play: Play, home: Path) -> Path:
    """Where the program keeps what belongs to the practice profile, below a home folder."""
    from wizard.core.paths import Folders
    from wizard.services.profiles import choose_profile, state_name

    folders = Folders.of_person(home)
    profile = choose_profile(str(play.organization.profile), folders.config, confirmed=True)
    return folders.of_profile(state_name(profile))


def _damaged_answers(play: Play) -> None:
    code = "answers-damaged"
    folder = data_folder(play, home_of(play, code))
    (folder / "setup.json").write_text('{"version": 1, "st', encoding="utf-8")
    title = "Your saved steps could not be read"
    _start(
        play,
        _Start(
            code=code,
            cause="the file was cut",
            profile=play.organization.profile,
            title=title,
            close="",
        ),
    )


def _silent_copy(play: Play) -> None:
    """Another copy holds its lock, and doesn't come forward when it is asked to."""
    from wizard.core.locks import FileLock

    code = "already-running"
    lock = FileLock(data_folder(play, home_of(play, code)) / "window.lock")
    lock.acquire(seconds=0)
    try:
        _start(
            play,
            _Start(code=code, cause="another copy is silent", profile=play.organization.profile),
        )
    finally:
        lock.release()


def never_chosen(play: Play) -> None:
    """A first start that names no profile, on a computer where none was laid down."""
    person = play.newcomer("profile-not-chosen", service=steps.OWNER)
    person.open_window(None)
    try:
        play.table.see(
            person,
            "profile-not-chosen",
            page="the start",
            cause="no profile was named",
            has_help=False,
        )
    finally:
        quiet(person)
