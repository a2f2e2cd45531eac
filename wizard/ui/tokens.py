"""The colors of the two themes, by the name of their use."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

__all__ = ["DARK", "LIGHT", "Token"]


class Token(StrEnum):
    """What a color is for; the value is the name in style sheets."""

    PAGE = "page"
    RAIL = "rail"
    SUBTLE = "subtle"
    HOVER = "hover"
    LINE = "line"
    LINE_2 = "line-2"
    EDGE = "edge"
    INK = "ink"
    INK_2 = "ink-2"
    INK_3 = "ink-3"
    ACCENT = "accent"
    ACCENT_HOVER = "accent-hover"
    ACCENT_PRESS = "accent-press"
    ON_ACCENT = "on-accent"
    ACCENT_INK = "accent-ink"
    ACCENT_SOFT = "accent-soft"
    ACCENT_LINE = "accent-line"
    OK = "ok"
    OK_SOFT = "ok-soft"
    WARN = "warn"
    WARN_SOFT = "warn-soft"
    WARN_LINE = "warn-line"
    BAD = "bad"
    BAD_SOFT = "bad-soft"
    BAD_LINE = "bad-line"
    BAD_FILL = "bad-fill"
    BAD_FILL_HOVER = "bad-fill-hover"
    BAD_FILL_PRESS = "bad-fill-press"
    ON_BAD = "on-bad"
    OFF = "off"
    OFF_INK = "off-ink"
    CHART_1 = "chart-1"
    CHART_2 = "chart-2"
    CHART_3 = "chart-3"
    PRACTICE = "practice"
    PRACTICE_INK = "practice-ink"
    PRACTICE_HATCH = "practice-hatch"
    PRACTICE_LINE = "practice-line"


LIGHT: Mapping[Token, str] = MappingProxyType(
    {
        Token.PAGE: "#FFFFFF",
        Token.RAIL: "#F3F6F6",
        Token.SUBTLE: "#F7F9F9",
        Token.HOVER: "#E9EEEF",
        Token.LINE: "#DCE3E5",
        Token.LINE_2: "#BFCACE",
        Token.EDGE: "#7B8990",
        Token.INK: "#14222B",
        Token.INK_2: "#43535D",
        Token.INK_3: "#5A6973",
        Token.ACCENT: "#0B6074",
        Token.ACCENT_HOVER: "#094F60",
        Token.ACCENT_PRESS: "#073F4D",
        Token.ON_ACCENT: "#FFFFFF",
        Token.ACCENT_INK: "#0B6074",
        Token.ACCENT_SOFT: "#E3F0F3",
        Token.ACCENT_LINE: "#A9CFD8",
        Token.OK: "#1B6E3E",
        Token.OK_SOFT: "#E6F3EA",
        Token.WARN: "#855700",
        Token.WARN_SOFT: "#FBF2DE",
        Token.WARN_LINE: "#E7CF9A",
        Token.BAD: "#B02A20",
        Token.BAD_SOFT: "#FCEDEB",
        Token.BAD_LINE: "#EDBDB8",
        Token.BAD_FILL: "#B02A20",
        Token.BAD_FILL_HOVER: "#952219",
        Token.BAD_FILL_PRESS: "#7C1C14",
        Token.ON_BAD: "#FFFFFF",
        Token.OFF: "#E9EEEF",
        Token.OFF_INK: "#73818A",
        Token.CHART_1: "#0B6074",
        Token.CHART_2: "#5A9EAE",
        Token.CHART_3: "#C07F0C",
        Token.PRACTICE: "#F6C445",
        Token.PRACTICE_INK: "#2A2000",
        Token.PRACTICE_HATCH: "#E2A91F",
        Token.PRACTICE_LINE: "#9A6B00",
    }
)
"""Dark text on light surfaces."""

DARK: Mapping[Token, str] = MappingProxyType(
    {
        Token.PAGE: "#161B1F",
        Token.RAIL: "#111518",
        Token.SUBTLE: "#1B2126",
        Token.HOVER: "#252C32",
        Token.LINE: "#2C353B",
        Token.LINE_2: "#434E56",
        Token.EDGE: "#7D8B94",
        Token.INK: "#E8EDEF",
        Token.INK_2: "#B4C0C7",
        Token.INK_3: "#97A4AC",
        Token.ACCENT: "#5FB9CC",
        Token.ACCENT_HOVER: "#78C8D8",
        Token.ACCENT_PRESS: "#49A5B9",
        Token.ON_ACCENT: "#04222A",
        Token.ACCENT_INK: "#72C6D7",
        Token.ACCENT_SOFT: "#15323A",
        Token.ACCENT_LINE: "#2C5E6A",
        Token.OK: "#74C894",
        Token.OK_SOFT: "#152E20",
        Token.WARN: "#E2B75E",
        Token.WARN_SOFT: "#302611",
        Token.WARN_LINE: "#5F4B1E",
        Token.BAD: "#F4978D",
        Token.BAD_SOFT: "#381D1B",
        Token.BAD_LINE: "#6C332E",
        Token.BAD_FILL: "#C53A30",
        Token.BAD_FILL_HOVER: "#CC4138",
        Token.BAD_FILL_PRESS: "#A82E25",
        Token.ON_BAD: "#FFFFFF",
        Token.OFF: "#252C32",
        Token.OFF_INK: "#7F8C95",
        Token.CHART_1: "#72C6D7",
        Token.CHART_2: "#3A8091",
        Token.CHART_3: "#E2B75E",
        Token.PRACTICE: "#E9B93E",
        Token.PRACTICE_INK: "#241B00",
        Token.PRACTICE_HATCH: "#CF9B1F",
        Token.PRACTICE_LINE: "#8A6510",
    }
)
"""Light text on dark surfaces."""
