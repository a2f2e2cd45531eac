"""The checks before a workspace is connected: what stops us first, what passed small."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from wizard.content.findings import check_title, finding_words, summary
from wizard.content.text import t
from wizard.services.contract import FindingState, FindingView
from wizard.ui.layouts import column, row
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box, Icon
from wizard.ui.widgets.spinner import Spinner
from wizard.ui.widgets.text import Elide, Text

__all__ = ["FindingList"]

_ORDER = {FindingState.FAILED: 0, FindingState.WARNING: 1, FindingState.PASSED: 2}


class FindingList(QWidget):
    """A heading with a summary, and the findings as they come in."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("findings")
        title = Text(t("Checks"), Letters.SECOND_STRONG, wrap=False)
        self._summary = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight)
        head = row(title, gap=8)
        head.addWidget(self._summary, 1)
        self._box = Box()
        column(head, 8, self._box, inside=self)
        self._found: dict[str, FindingView] = {}
        self._running = ""

    @property
    def findings(self) -> tuple[FindingView, ...]:
        """What has come in, in its order."""
        return tuple(self._found.values())

    def clear(self) -> None:
        """Begin anew."""
        self._found.clear()
        self._running = ""
        self._show()

    def begin(self, check: str) -> None:
        """This check runs now."""
        self._running = check
        self._show()

    def add(self, finding: FindingView) -> None:
        """This check ended."""
        self._found[finding.id] = finding
        if self._running == finding.id:
            self._running = ""
        self._show()

    def show_all(self, findings: Sequence[FindingView]) -> None:
        """Show exactly these."""
        self._found = {finding.id: finding for finding in findings}
        self._running = ""
        self._show()

    # -------------------------------------------------------- drawing

    def _show(self) -> None:
        self._box.empty()
        ordered = sorted(self._found.values(), key=lambda finding: _ORDER[finding.state])
        by_state = {
            state: [finding for finding in ordered if finding.state is state]
            for state in FindingState
        }
        for finding in (*by_state[FindingState.FAILED], *by_state[FindingState.WARNING]):
            failed = finding.state is FindingState.FAILED
            self._box.add(_told(finding), Token.BAD_SOFT if failed else None)
        small = [_passed(finding) for finding in by_state[FindingState.PASSED]]
        if self._running:
            small.append(_running(self._running))
        if small:
            self._box.add(_grid(small))
        self._summary.say(
            summary(
                failed=len(by_state[FindingState.FAILED]),
                warnings=len(by_state[FindingState.WARNING]),
                passed=len(by_state[FindingState.PASSED]),
            )
            if ordered
            else ""
        )
        self._box.setVisible(bool(ordered or self._running))


def _told(finding: FindingView) -> QWidget:
    """A finding that failed, or that one should know."""
    failed = finding.state is FindingState.FAILED
    words = finding_words(finding.id, finding.state.value, dict(finding.facts), finding.code)
    part = QWidget()
    part.setObjectName(f"finding-{finding.id}")
    part.setAccessibleName(words.title)
    part.setAccessibleDescription(words.sentence)
    mark = Icon("stop" if failed else "warn", Token.BAD if failed else Token.WARN, 16, drop=1)
    line = row(mark, gap=10, margins=(12, 11, 12, 11), inside=part)
    line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
    sentence = Text(words.sentence, Letters.SECOND, Token.INK_2)
    texts = column(Text(words.title, Letters.SECOND_MEDIUM), sentence)
    line.addLayout(texts, 1)
    return part


def _passed(finding: FindingView) -> QWidget:
    words = finding_words(finding.id, finding.state.value, dict(finding.facts), finding.code)
    part = QWidget()
    part.setObjectName(f"finding-{finding.id}")
    part.setAccessibleName(t("{check}: passed", check=words.title))
    value = Text(words.value, Letters.SECOND, Token.INK_3, wrap=False, elide=Elide.MIDDLE)
    mark = Icon("ok", Token.OK, 16, drop=1)
    line = row(mark, 10, Text(words.title, Letters.SECOND, wrap=False), 4, inside=part)
    line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
    line.addWidget(value, 1)
    return part


def _running(check: str) -> QWidget:
    part = QWidget()
    part.setObjectName(f"finding-{check}")
    name = Text(check_title(check), Letters.SECOND, wrap=False)
    state = Text(t("checking"), Letters.SECOND, Token.INK_3, wrap=False)
    row(1, Spinner(t("Checking")), 11, name, 4, state, None, inside=part)
    return part


def _grid(parts: Sequence[QWidget]) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(12, 10, 12, 10)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    for number, part in enumerate(parts):
        grid.addWidget(part, number // 2, number % 2)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return holder
