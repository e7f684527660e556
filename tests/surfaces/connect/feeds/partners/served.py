"""A shop over HTTP, on a machine that opened two folders to it."""

from __future__ import annotations

from pathlib import Path

from tests.makers import Shop
from tests.surfaces.counter import Counter

from regulars.surfaces.senders.outgoing.guard import Guard, networks_of


def served(shop: Shop, feeds: Path, extracts: Path) -> Counter:
    """This shop with these two folders."""
    return Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108  (of whichever instant it is then)
        feeds=feeds,
        extracts=extracts,
        receivers=Guard(networks_of(["127.0.0.0/8"])),
    )
