"""The guards of the window tests do guard."""

from __future__ import annotations

from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.qt_guards import collect_messages, running_timers


def test_a_warning_of_qt_is_a_complaint() -> None:
    with collect_messages(None) as complaints:
        qWarning("something is off")
    assert complaints == ["Qt said (QtWarningMsg): something is off"]


def test_an_expected_warning_is_none_and_an_absent_one_is() -> None:
    with collect_messages("is off") as complaints:
        qWarning("something is off")
    assert complaints == []
    with collect_messages("is off") as complaints:
        qWarning("quite another thing")
    assert len(complaints) == 2


def test_a_running_timer_of_a_window_is_found(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    timer = QTimer(window)
    timer.setObjectName("blink")
    timer.start(500)
    assert running_timers() == ["blink of QWidget, every 500 ms"]
    timer.stop()
    assert running_timers() == []
