"""Which colors and letters the window uses: follows the system, or a person's choice."""

from __future__ import annotations

from enum import Enum, StrEnum
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from wizard.ui.motion import wants_less_motion
from wizard.ui.sheet_rules import style_sheet
from wizard.ui.tokens import DARK, LIGHT, Token

__all__ = ["Letters", "Theme", "ThemeChoice", "color", "font", "install", "theme"]

_MONO = ("Cascadia Mono", "SF Mono", "DejaVu Sans Mono", "monospace")


class ThemeChoice(StrEnum):
    """What a person asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Letters(Enum):
    """The type scale: pixels at 100 %, line height in pixels, weight, and whether it is code."""

    TITLE = (24, 30, 600, False)
    FIGURE = (32, 36, 600, False)
    COUNT = (22, 28, 600, False)
    PANEL = (16, 22, 600, False)
    LEAD = (14, 21, 400, False)
    BODY = (14, 20, 400, False)
    BODY_MEDIUM = (14, 20, 500, False)
    BODY_STRONG = (14, 20, 600, False)
    BRAND = (14, 18, 600, False)
    PROSE = (13, 19, 400, False)
    SECOND = (13, 18, 400, False)
    SECOND_MEDIUM = (13, 18, 500, False)
    SECOND_STRONG = (13, 18, 600, False)
    CAPTION = (12, 16, 400, False)
    CAPTION_MEDIUM = (12, 16, 500, False)
    CODE = (12, 18, 400, True)
    CODE_SMALL = (11, 15, 400, True)

    @property
    def line(self) -> int:
        """The height of one line in pixels."""
        return self.value[1]


@lru_cache(maxsize=256)
def font(letters: Letters, weight: int = 0) -> QFont:
    """The font of a step of the scale; another weight where one is given."""
    size, _, own, code = letters.value
    kind = QFontDatabase.SystemFont.FixedFont if code else QFontDatabase.SystemFont.GeneralFont
    system = QFontDatabase.systemFont(kind).family()
    made = QFont()
    made.setFamilies([*_MONO, system] if code else ["Inter", system, "Noto Sans", "DejaVu Sans"])
    made.setStyleHint(QFont.StyleHint.Monospace if code else QFont.StyleHint.SansSerif)
    made.setPixelSize(size)
    made.setWeight(QFont.Weight(weight or own))
    if not code:
        # Figures of one width, so that numbers stay in line while they change.
        made.setFeature(QFont.Tag("tnum"), 1)
        made.setFeature(QFont.Tag("cv05"), 1)
    return made


class Theme(QObject):
    """The theme in use; `changed` is sent when the colors are others."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: ThemeChoice) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._colors: dict[Token, QColor] = {}
        self.dark = False
        self._still = wants_less_motion()
        self._hints = application.styleHints()
        self._use()
        self._hints.colorSchemeChanged.connect(self._system_changed)

    @property
    def choice(self) -> ThemeChoice:
        """What the person asked for."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Use this theme from now on."""
        self._choice = choice
        self._use()

    def color(self, token: Token) -> QColor:
        """The color of a token now."""
        return self._colors[token]

    @property
    def moves(self) -> bool:
        """Whether things may move: not where the person asked the system for less motion."""
        if self._still:
            return False
        style = self._application.style()
        return style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0

    def _system_changed(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self._use()

    def _use(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self.dark = self._hints.colorScheme() == Qt.ColorScheme.Dark
        else:
            self.dark = self._choice is ThemeChoice.DARK
        table = DARK if self.dark else LIGHT
        self._colors = {token: QColor(value) for token, value in table.items()}
        self._application.setPalette(self._palette())
        self._application.setStyleSheet(style_sheet(table))
        for widget in self._application.allWidgets():
            widget.update()
        self.changed.emit()

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, token in (
            (QPalette.ColorRole.Window, Token.PAGE),
            (QPalette.ColorRole.Base, Token.PAGE),
            (QPalette.ColorRole.AlternateBase, Token.SUBTLE),
            (QPalette.ColorRole.Button, Token.PAGE),
            (QPalette.ColorRole.WindowText, Token.INK),
            (QPalette.ColorRole.Text, Token.INK),
            (QPalette.ColorRole.ButtonText, Token.INK),
            (QPalette.ColorRole.PlaceholderText, Token.INK_3),
            (QPalette.ColorRole.ToolTipBase, Token.PAGE),
            (QPalette.ColorRole.ToolTipText, Token.INK),
            (QPalette.ColorRole.Highlight, Token.ACCENT),
            (QPalette.ColorRole.HighlightedText, Token.ON_ACCENT),
            (QPalette.ColorRole.Link, Token.ACCENT_INK),
        ):
            palette.setColor(role, self._colors[token])
        return palette


class _Current:
    """The one theme of the application, as the application has one palette."""

    theme: Theme | None = None


def install(application: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> Theme:
    """Give the application its theme, or change the one that it has."""
    if _Current.theme is None:
        application.setStyle("Fusion")
        application.setFont(font(Letters.BODY))
        _Current.theme = Theme(application, choice)
    elif _Current.theme.choice is not choice:
        _Current.theme.choose(choice)
    return _Current.theme


def theme() -> Theme:
    """The theme in use; it must have been installed."""
    if _Current.theme is None:
        raise RuntimeError("no theme is installed")
    return _Current.theme


def color(token: Token) -> QColor:
    """The color of a token now."""
    return theme().color(token)


def repaint_below(widget: QWidget) -> None:
    """Draw a widget and everything in it again."""
    widget.update()
    for child in widget.findChildren(QWidget):
        child.update()
