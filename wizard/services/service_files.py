"""Files that let a server's own service manager run the sync, filled in for this installation."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from wizard.core.files import disk_trouble
from wizard.core.resources import resource
from wizard.services.rehearse import program_again

__all__ = ["SYSTEMD_HOME", "WINDOWS_HOME", "ServiceFiles", "write_service_files"]

SYSTEMD_HOME = "/var/lib/enterprise-connect"
WINDOWS_HOME = r"C:\ProgramData\enterprise-connect"
_SYSTEMD = (
    "enterprise-connect.service",
    "enterprise-connect-once.service",
    "enterprise-connect.timer",
)
_WINDOWS = ("enterprise-connect-task.xml",)
_PLACE = re.compile(r"@([A-Z]+)@")
_PLAIN = re.compile(r"[\w@+=:,./\\-]+")
_USUAL_MINUTES = 30


@dataclass(frozen=True, kw_only=True)
class ServiceFiles:
    """`left` were there already, and were not written over."""

    written: tuple[Path, ...]
    left: tuple[Path, ...]


def write_service_files(
    folder: Path, *, home: Path | None, profile: str, minutes: int
) -> ServiceFiles:
    """Write units for systemd and a task for Windows into a folder that is there.

    `home` None is the usual place of each system; `profile` '' the one used last there;
    `minutes` 0 leaves the interval to the settings. Raises `Trouble` of the disk.
    """
    written: list[Path] = []
    left: list[Path] = []
    for names, quoted, standard in (
        (_SYSTEMD, _for_systemd, SYSTEMD_HOME),
        (_WINDOWS, _for_windows, WINDOWS_HOME),
    ):
        words = _words(
            program_again(),
            home=str(home or standard),
            profile=profile,
            minutes=minutes,
            quoted=quoted,
        )
        for name in names:
            path = folder / name
            (written if _write(path, _filled(name, words)) else left).append(path)
    return ServiceFiles(written=tuple(written), left=tuple(left))


def _filled(name: str, words: Mapping[str, str]) -> str:
    text = resource("service", name).read_text(encoding="utf-8")
    return _PLACE.sub(lambda found: words[found[1]], text)


def _words(
    program: Sequence[str],
    *,
    home: str,
    profile: str,
    minutes: int,
    quoted: Callable[[str], str],
) -> Mapping[str, str]:
    windows = quoted is _for_windows
    first = escape(program[0]) if windows else " ".join(quoted(word) for word in program)
    source = Path(__file__).resolve().parents[2]
    return {
        "PROGRAM": first,
        "WORDS": "".join(f"{quoted(word)} " for word in program[1:]),
        "FOLDER": str(source) if len(program) > 1 else ("\\" if windows else "/"),
        "HOME": quoted(home),
        "PROFILE": f"--profile {quoted(profile)} " if profile else "",
        "EVERY": f" {minutes}m" if minutes else "",
        "MINUTES": str(minutes or _USUAL_MINUTES),
        "WORD": quoted(rf"{home}\passphrase.txt"),
    }


def _for_systemd(word: str) -> str:
    """One word of a command line (systemd.service(5), "Command lines")."""
    if not _PLAIN.fullmatch(word) or "\\" in word:
        told = word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
        word = f'"{told}"'
    return word.replace("%", "%%")


def _for_windows(word: str) -> str:
    """One word of a task's arguments, in XML."""
    return escape(word if _PLAIN.fullmatch(word) else '"' + word.rstrip("\\") + '"')


def _write(path: Path, text: str) -> bool:
    """Write a file that everybody may read; False where one is there, which an admin may own."""
    ends = "\r\n" if path.suffix == ".xml" or sys.platform == "win32" else "\n"
    try:
        with path.open("x", encoding="utf-8", newline=ends) as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as problem:
        raise disk_trouble(problem, path) from problem
    return True
