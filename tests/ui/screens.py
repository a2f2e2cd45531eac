"""Draws every page, state and trouble into picture files: `python -m tests.ui.screens FOLDER`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from tests.ui.scenes import Scene  # loads Qt, which only the children need

SIZES = ((1100, 720), (900, 500))
THEMES = ("light", "dark")
SCALES = (1, 2)
_ROOT = Path(__file__).resolve().parents[2]
_COLUMNS = 5
_THUMB = 440
_GAP = 10


class _Told(TypedDict):
    """What one child process drew and found."""

    pictures: int
    pages: int
    scenes: int
    troubles: int
    findings: list[str]


def main(arguments: Sequence[str]) -> int:
    """Draw everything, one child process for each scale, and tell how many pictures there are.

    `findings.json` beside the pictures holds their numbers and every finding of the layout
    checker. Returns 1 when there is any.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.ui.screens", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=int, choices=SCALES, help="draw only this one")
    parser.add_argument("--only", default="", help="draw only scenes whose name has this in it")
    parser.add_argument("--no-troubles", action="store_true", help="leave the troubles out")
    parser.add_argument("--quick", action="store_true", help="light, 1100×720 and 100 %% only")
    given = parser.parse_args(list(arguments))
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.scale is not None:
        return _draw(given)
    told: list[_Told] = []
    scales = SCALES[:1] if given.quick else SCALES
    children = [(scale, _draw_in_child(given, scale)) for scale in scales]
    codes = [(scale, child.wait()) for scale, child in children]
    for scale, code in codes:
        kept = _kept(given.folder, scale)
        if code not in {0, 1} or not kept.exists():
            return code or 1
        told.append(json.loads(kept.read_text(encoding="utf-8")))
        kept.unlink()
    return _sum_up(given.folder, told)


def _draw_in_child(given: argparse.Namespace, scale: int) -> subprocess.Popen[bytes]:
    """Qt reads its scale only once, at the start of a process; both draw side by side."""
    command = [sys.executable, "-m", "tests.ui.screens", str(given.folder)]
    command += ["--scale", str(scale), "--only", given.only]
    command += ["--no-troubles"] if given.no_troubles else []
    command += ["--quick"] if given.quick else []
    environment = {
        **os.environ,
        "QT_SCALE_FACTOR": str(scale),
        "QT_QPA_PLATFORM": "offscreen",
        "QT_LOGGING_RULES": "qt.qpa.*=false",
    }
    return subprocess.Popen(command, cwd=_ROOT, env=environment)


def _kept(folder: Path, scale: int) -> Path:
    return folder / f".findings-{scale}00.json"


def _sum_up(folder: Path, told: Sequence[_Told]) -> int:
    found = [finding for one in told for finding in one["findings"]]
    pictures = sum(one["pictures"] for one in told)
    whole = {
        "pictures": pictures,
        "pages": max(one["pages"] for one in told),
        "scenes": max(one["scenes"] for one in told),
        "troubles": max(one["troubles"] for one in told),
        "findings": found,
    }
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    (folder / "findings.json").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{pictures} pictures in {folder}, {len(found)} findings\n")
    return 1 if found else 0


def _draw(given: argparse.Namespace) -> int:
    """Draw at one scale and keep what was found for the parent process."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from tests.ui.scenes import SCENES, trouble_scene
    from tests.ui.stage import dressed
    from wizard.core.trouble import Code
    from wizard.ui.theme import ThemeChoice

    application = QApplication.instance() or QApplication(sys.argv[:1])
    troubles = [] if given.no_troubles else [trouble_scene(code) for code in Code]
    scenes = [scene for scene in (*SCENES, *troubles) if given.only in scene.name]
    found: list[str] = []
    pictures = 0
    for theme in THEMES[:1] if given.quick else THEMES:
        dressed(ThemeChoice(theme))
        for size in SIZES[:1] if given.quick else SIZES:
            place = given.folder / f"{theme}-{size[0]}x{size[1]}-{given.scale}00"
            place.mkdir(exist_ok=True)
            drawn = [_draw_scene(scene, size, place, found) for scene in scenes]
            pictures += len(drawn)
            _sheet(drawn, given.folder / f"sheet-{place.name}.png")
    told: _Told = {
        "pictures": pictures,
        "pages": len({scene.step for scene in scenes}),
        "scenes": len(scenes) - len(troubles),
        "troubles": len(troubles),
        "findings": found,
    }
    _kept(given.folder, given.scale).write_text(json.dumps(told), encoding="utf-8")
    del application
    return 1 if found else 0


def _draw_scene(scene: Scene, size: tuple[int, int], place: Path, found: list[str]) -> Path:
    from tests.qt_guards import collect_messages
    from tests.ui.layout import problems_of

    target = place / f"{scene.name}.png"
    with collect_messages(None) as complaints:
        stage = scene.open(size)
        stage.until(lambda: not stage.frame.panes.sliding)
        stage.frame.grab().save(str(target))
        problems = problems_of(stage.frame)
        stage.close()
    for problem in (*problems, *complaints):
        found.append(f"{place.name}/{scene.name}: {problem}")
        sys.stdout.write(found[-1] + "\n")
    return target


def _sheet(pictures: Sequence[Path], target: Path) -> None:
    """All pictures of one kind small on one sheet, each with its name."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QFont, QImage, QPainter

    if not pictures:
        return
    first = QImage(str(pictures[0]))
    high = round(_THUMB * first.height() / first.width())
    step = high + 24 + _GAP
    rows = -(-len(pictures) // _COLUMNS)
    sheet = QImage(
        _COLUMNS * (_THUMB + _GAP) + _GAP, rows * step + _GAP, QImage.Format.Format_RGB32
    )
    sheet.fill(QColor("#808890"))
    painter = QPainter(sheet)
    painter.setFont(QFont("sans-serif", 9))
    painter.setPen(QColor("#FFFFFF"))
    for number, path in enumerate(pictures):
        left = _GAP + number % _COLUMNS * (_THUMB + _GAP)
        top = _GAP + number // _COLUMNS * step
        smooth = Qt.TransformationMode.SmoothTransformation
        small = QImage(str(path)).scaled(_THUMB, high, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        small.setDevicePixelRatio(1)
        painter.drawImage(left, top, small)
        words = QRect(left, top + high, _THUMB, 20)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, path.stem)
    painter.end()
    sheet.save(str(target))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
