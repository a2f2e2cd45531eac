"""Draws every page, state and trouble into picture files: `python -m tests.ui.screens FOLDER`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SIZES = ((1100, 720), (900, 500))
THEMES = ("light", "dark")
SCALES = (1, 2)
_ROOT = Path(__file__).resolve().parents[2]
_COLUMNS = 5
_THUMB = 440
_GAP = 10


def main(arguments: Sequence[str]) -> int:
    """Draw everything, one child process for each scale, and tell how many pictures there are."""
    parser = argparse.ArgumentParser(prog="python -m tests.ui.screens", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=int, choices=SCALES, help="draw only this one")
    parser.add_argument("--only", default="", help="draw only scenes whose name has this in it")
    parser.add_argument("--no-troubles", action="store_true", help="leave the troubles out")
    given = parser.parse_args(list(arguments))
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.scale is not None:
        return _draw(given.folder, given.scale, given.only, troubles=not given.no_troubles)
    for scale in SCALES:
        command = [sys.executable, "-m", "tests.ui.screens", str(given.folder)]
        command += ["--scale", str(scale), "--only", given.only]
        command += ["--no-troubles"] if given.no_troubles else []
        environment = {
            **os.environ,
            "QT_SCALE_FACTOR": str(scale),
            "QT_QPA_PLATFORM": "offscreen",
            "QT_LOGGING_RULES": "qt.qpa.*=false",
        }
        done = subprocess.run(command, cwd=_ROOT, env=environment, check=False)
        if done.returncode:
            return done.returncode
    pictures = sorted(given.folder.rglob("*.png"))
    sys.stdout.write(f"{len(pictures)} pictures in {given.folder}\n")
    return 0


def _draw(folder: Path, scale: int, only: str, *, troubles: bool) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from tests.ui.layout import problems_of
    from tests.ui.scenes import SCENES, trouble_scene
    from tests.ui.stage import dressed
    from wizard.core.trouble import Code
    from wizard.ui.theme import ThemeChoice

    application = QApplication.instance() or QApplication(sys.argv[:1])
    scenes = list(SCENES)
    if troubles:
        scenes += [trouble_scene(code) for code in Code]
    wrong = 0
    for theme in THEMES:
        dressed(ThemeChoice(theme))
        for size in SIZES:
            place = folder / f"{theme}-{size[0]}x{size[1]}-{scale}00"
            place.mkdir(exist_ok=True)
            drawn: list[Path] = []
            for scene in scenes:
                if only not in scene.name:
                    continue
                stage = scene.open(size)
                target = place / f"{scene.name}.png"
                stage.frame.grab().save(str(target))
                for problem in problems_of(stage.frame):
                    wrong += 1
                    sys.stdout.write(f"{place.name}/{scene.name}: {problem}\n")
                stage.close()
                drawn.append(target)
            _sheet(drawn, folder / f"sheet-{place.name}.png")
    del application
    return 1 if wrong else 0


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
