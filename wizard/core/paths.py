"""Where the product keeps its files, for each profile and organizational unit apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from wizard.core.files import private_folder

__all__ = ["APP", "Folders"]

APP = "enterprise-connect-setup"
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def _part(name: str) -> str:
    """A name as one folder name; whatever could leave the folder is refused."""
    if not _SAFE.fullmatch(name) or ".." in name:
        raise ValueError(f"not usable as a folder name: {name!r}")
    return name


@dataclass(frozen=True, kw_only=True)
class Folders:
    """The product's folders. `home` given (tests, `--home`): everything lies below it."""

    data: Path
    config: Path
    logs: Path

    @classmethod
    def of_person(cls, home: Path | None = None) -> Folders:
        """The folders of the person who runs the program, as the system wants them."""
        if home is not None:
            return cls(data=home / "data", config=home / "config", logs=home / "logs")
        dirs = platformdirs.PlatformDirs(APP, appauthor=False, roaming=False)
        return cls(
            data=Path(dirs.user_data_dir),
            config=Path(dirs.user_config_dir),
            logs=Path(dirs.user_log_dir),
        )

    def of_profile(self, profile_id: str) -> Path:
        """`{data}/{profile}`, made for the owner alone; `ValueError` on an unusable id."""
        return private_folder(self.data / _part(profile_id))

    def of_unit(self, profile_id: str, ou_id: str) -> Path:
        """`{data}/{profile}/{ou}`, made for the owner alone; `ValueError` on an unusable id."""
        return private_folder(self.of_profile(profile_id) / _part(ou_id))
