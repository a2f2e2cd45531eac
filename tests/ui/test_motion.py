"""Nothing moves for those who asked their system for less motion."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path

import pytest

from wizard.ui import motion


@pytest.mark.parametrize(("value", "less"), [("0", True), ("false", True), ("1", False)])
def test_the_desktop_setting_for_animations_is_honored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, less: bool
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    folder = tmp_path / "gtk-4.0"
    folder.mkdir()
    (folder / "settings.ini").write_text(
        f"[Settings]\ngtk-enable-animations={value}\n", encoding="utf-8"
    )
    assert motion.wants_less_motion() is less


def test_without_a_setting_things_may_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert not motion.wants_less_motion()


def test_a_damaged_setting_is_no_wish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "gtk-3.0").mkdir()
    (tmp_path / "gtk-3.0" / "settings.ini").write_bytes(b"\xff\xfe no file of settings")
    assert not motion.wants_less_motion()


def test_the_setting_of_a_mac_is_honored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "darwin")
    folder = tmp_path / "Library" / "Preferences"
    folder.mkdir(parents=True)
    path = folder / "com.apple.universalaccess.plist"
    path.write_bytes(plistlib.dumps({"reduceMotion": True}))
    assert motion.wants_less_motion()
