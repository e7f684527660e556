"""A shop's own colour: kept as near to what it chose as can be read."""

from __future__ import annotations

import colorsys
import re
from typing import Final, NamedTuple

READABLE: Final = 4.5
"""How much lighter or darker letters must be than what is behind them (WCAG 2.2, 1.4.3)."""
PAPER: Final = ("#f8f5ef", "#161311")
"""What an accent is read on, in the light and in the dark."""
_HEX: Final = re.compile(r"#[0-9a-f]{6}")


class Accent(NamedTuple):
    """A colour for links and buttons, by day and by night, and whether it had to be moved."""

    light: str
    on_light: str
    dark: str
    on_dark: str
    moved: bool


def accent_of(chosen: str) -> Accent:
    """The shop's colour, made darker by day and lighter by night until it can be read.

    Refuses: ValueError for what is no colour like `#7a1f3d`.
    Example: `#ffd700` cannot be read on paper; by day it becomes a dark gold, and `moved` says so.
    """
    colour = chosen.strip().lower()
    if not _HEX.fullmatch(colour):
        raise ValueError(f"{chosen!r} is no colour; write it like #7a1f3d")
    light, dark = (readable(colour, behind) for behind in PAPER)
    return Accent(light, letters_on(light), dark, letters_on(dark), moved=light != colour)


def theme_of(accent: Accent) -> str:
    """The style sheet that puts a shop's colour in the place of ours."""
    return (
        ":root {\n"
        f"  --accent: light-dark({accent.light}, {accent.dark});\n"
        f"  --accent-deep: light-dark({shade(accent.light, -0.06)}, {shade(accent.dark, 0.06)});\n"
        f"  --on-accent: light-dark({accent.on_light}, {accent.on_dark});\n"
        "  --accent-wash: color-mix(in srgb, var(--accent) 12%, var(--paper));\n"
        "}\n"
    )


def readable(colour: str, behind: str) -> str:
    """The nearest shade of a colour that can be read on what is behind it."""
    step = -0.01 if luminance(behind) > 0.5 else 0.01
    for _ in range(100):
        if contrast(colour, behind) >= READABLE:
            return colour
        colour = shade(colour, step)
    return colour


def letters_on(colour: str) -> str:
    """Black or white letters, whichever can be read better on a colour."""
    return max(("#ffffff", "#14110f"), key=lambda ink: contrast(ink, colour))


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    """How bright a colour is to the eye, from 0 to 1 (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def shade(colour: str, by: float) -> str:
    """The same colour lighter or darker by so much of the whole."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    parts = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, lightness + by)), saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
