"""A shop's logo: drawn anew from what was uploaded, so that nothing but its pixels is kept."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Final

LARGEST: Final = 3_000_000
"""Bytes that are looked at: a photograph of a telephone is larger, a logo is not."""
MOST_PIXELS: Final = 24_000_000
SIDE: Final = 512
"""What is kept is at most so wide and high; what is larger is made smaller."""
KINDS: Final = ("PNG", "JPEG", "WEBP")
ICONS: Final = (32, 64, 96, 180, 192, 512)


class NoPicture(ValueError):
    """This is no picture we take: a drawing, something else, or too large."""


def redrawn(upload: bytes) -> bytes:
    """The picture as a PNG of ours: its pixels, and nothing else that was in the file.

    Order: the head of the file says how large it is before any pixel is unpacked.
    Refuses: NoPicture for what is not PNG, JPEG or WebP (an SVG may hold scripts), and for what
    would be too large.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(upload) > LARGEST:
        raise NoPicture("too many bytes")
    try:
        with Image.open(BytesIO(upload), formats=KINDS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NoPicture("too many pixels")
            turned = ImageOps.exif_transpose(opened).convert("RGBA")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
    ) as error:
        raise NoPicture("no picture") from error
    turned.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    # A fresh picture: no profile, no text, no position comes along.
    fresh = Image.new("RGBA", turned.size)
    fresh.paste(turned)
    return _png(fresh)


@lru_cache(maxsize=64)
def icon_of(logo: bytes, side: int) -> bytes:
    """The logo in the middle of a white square, with the room that round masks cut off."""
    from PIL import Image

    assert side in ICONS, side
    with Image.open(BytesIO(logo), formats=("PNG",)) as opened:
        drawn = opened.convert("RGBA")
    most = side * 7 // 10
    ratio = min(most / drawn.width, most / drawn.height)
    size = (max(1, round(drawn.width * ratio)), max(1, round(drawn.height * ratio)))
    drawn = drawn.resize(size, Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (side, side), "#ffffff")
    square.alpha_composite(drawn, ((side - size[0]) // 2, (side - size[1]) // 2))
    return _png(square.convert("RGB"))


def _png(picture: object) -> bytes:
    held = BytesIO()
    picture.save(held, "PNG", optimize=True)  # type: ignore[attr-defined]
    return held.getvalue()
