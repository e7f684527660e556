"""What the web shop of the demo sells; its server finds prices here, never in what a page says."""

from __future__ import annotations

from typing import Final, NamedTuple

CURRENCY: Final = "EUR"


class Good(NamedTuple):
    """An article: its price for everybody and, where that is another one, for members; in cents."""

    sku: str
    category: str
    minor: int
    member_minor: int | None = None
    members_first: bool = False


GOODS: Final = {
    one.sku: one
    for one in (
        Good("house-beans", "beans", 950, 850),
        Good("espresso-beans", "beans", 1090, 980),
        Good("winter-roast", "beans", 1250, members_first=True),
        Good("cup", "things", 1400, 1200),
        Good("cold-brew", "bottles", 640),
        Good("banana-bread", "bakery", 790),
    )
}
MOST_PIECES: Final = 20


def text_of_minor(minor: int) -> str:
    """Cents as the API and the page write amounts: 950 is `9.50`."""
    return f"{minor // 100}.{minor % 100:02d}"
