"""A bare Debian in a folder: made by debootstrap, entered by chroot, gone without a trace."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devtools import debian
from devtools.places import LINUX, ROOT, is_root
from devtools.speech import Failed, Missing, as_typed

COPY = "/home/setup"
"""Where the copy of the repository lies, as seen from inside."""

_PASSED_ON = re.compile(
    r"PIP_.*|UV_.*|NPM_CONFIG_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE"
    r"|(?i:https?|all|no)_(?i:proxy)"
)
"""Variables that say how this machine reaches package indexes; inside is the same network."""

_NETWORK_FILES = (
    "etc/resolv.conf",
    "etc/hosts",
    "etc/pip.conf",
    "etc/npmrc",
    "etc/ssl/certs/ca-certificates.crt",
)
_SET_UP_LIMIT = 300.0


@dataclass(frozen=True, kw_only=True)
class FreshRoot:
    """A bare Debian with python3 and ca-certificates, and a copy of the last commit in it."""

    folder: Path

    def command(self, arguments: Sequence[str], **variables: str) -> list[str]:
        """A command that runs `arguments` inside, at the top of the copy.

        Mounts and processes live in namespaces of their own, so both end with the command.
        """
        inside = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/home",
            "LANG": "C.UTF-8",
            **{name: value for name, value in os.environ.items() if _PASSED_ON.fullmatch(name)},
            **variables,
        }
        enter = (
            'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && '
            'cd "$1" && root=$1 && shift && exec chroot "$root" env -i "$@"'
        )
        return [
            "unshare", "--mount", "--pid", "--fork", "--kill-child",
            "sh", "-c", enter, "enter", str(self.folder),
            *(f"{name}={value}" for name, value in inside.items()),
            "sh", "-c", f'cd {COPY} && exec "$@"', "inside", *arguments,
        ]  # fmt: skip


@contextmanager
def fresh_root(folder: Path) -> Iterator[FreshRoot]:
    """Make the root in `folder` and remove it at the end.  Raises `Missing` or `Failed`."""
    if not (LINUX and is_root()):
        raise Missing("This proof makes a bare Debian in a folder: it needs Linux and root.")
    debian.install_or_name(
        debian.lacking_programs({"debootstrap": "debootstrap", "unshare": "util-linux"}),
        because="A bare Debian is made by debootstrap.",
    )
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    try:
        _bootstrap(folder)
        _same_network(folder)
        _copy_repository(folder)
        yield FreshRoot(folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bootstrap(folder: Path) -> None:
    suite, mirror, _ = _debian_source()
    command = [
        "debootstrap", "--variant=minbase", "--include=python3,ca-certificates",
        suite, str(folder), *([mirror] if mirror else []),
    ]  # fmt: skip
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=_SET_UP_LIMIT
    )
    if done.returncode:
        raise Failed(f"{done.stdout[-2000:]}\nThis did not work: {as_typed(command)}")


def _debian_source() -> tuple[str, str, list[Path]]:
    """This machine's Debian release, its mirror (empty: debootstrap's own), and the files."""
    release = Path("/etc/os-release").read_text(encoding="utf-8")
    named = re.search(r"^VERSION_CODENAME=(\w+)", release, re.MULTILINE)
    debian_here = re.search(r"^ID=debian$", release, re.MULTILINE)
    suite = named.group(1) if named and debian_here else "bookworm"
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    mirror, chosen = "", []
    for file in files:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        if not re.search(rf"(?<![\w-]){suite}(?![\w-])", text):
            continue
        chosen.append(file)
        address = re.search(r"^(?:URIs:\s*|deb\s+(?:\[[^]]*\]\s+)?)(\S+)", text, re.MULTILINE)
        if address and not mirror:
            mirror = address.group(1)
    return suite, mirror, chosen if debian_here else []


def _same_network(folder: Path) -> None:
    """Give the root this machine's way to the network: names, proxies, certificates."""
    chosen = [file.relative_to("/") for file in _debian_source()[2]]
    settings = [Path(name) for name in _NETWORK_FILES]
    personal = [Path.home() / ".config/pip/pip.conf", Path.home() / ".pip/pip.conf"]
    proxies = [
        file.relative_to("/")
        for file in sorted(Path("/etc/apt/apt.conf.d").glob("*"))
        if "Acquire::" in file.read_text(encoding="utf-8", errors="replace")
    ]
    if chosen:
        (folder / "etc/apt/sources.list").unlink(missing_ok=True)
    for file in (*chosen, *settings, *proxies):
        source, target = Path("/") / file, folder / file
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copyfile(source, target)
    for source in personal:
        if source.is_file():
            target = folder / "home/.config/pip/pip.conf"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def _copy_repository(folder: Path) -> None:
    """Unpack the last commit: what somebody who clones the repository gets."""
    target = folder / COPY.lstrip("/")
    target.mkdir(parents=True)
    archive = folder / "copy.tar"
    subprocess.run(
        ["git", "archive", "--format=tar", f"--output={archive}", "HEAD"], cwd=ROOT, check=True
    )
    subprocess.run(["tar", "-xf", str(archive), "-C", str(target)], check=True)
    archive.unlink()


def speaking(command: Sequence[str], log: Path, seconds: float) -> tuple[int | None, str]:
    """Run a command with its words in a file; returns exit code (None: time up) and words."""
    with log.open("w", encoding="utf-8") as file:
        try:
            code: int | None = subprocess.run(
                list(command), check=False, stdin=subprocess.DEVNULL, stdout=file,
                stderr=subprocess.STDOUT, timeout=seconds,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            code = None
    return code, log.read_text(encoding="utf-8", errors="replace")
