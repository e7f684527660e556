"""The price that a page shows, as its form sends it back: nobody pays another one."""

from __future__ import annotations

from collections.abc import Mapping


def price_typed(price: Mapping[str, int]) -> str:
    """A price as a form carries it.

    Example: `points=20,stamps=1`.
    """
    return ",".join(f"{wallet}={units}" for wallet, units in price.items())


def price_of(typed: str) -> dict[str, int]:
    """The price that was shown; where a form carries none it said nothing of any, so that nobody
    pays what was added since."""
    found = {}
    for one in typed.split(",") if typed else ():
        wallet, _, units = one.partition("=")
        if not (units.isascii() and units.isdigit() and len(units) < 16):
            return {}
        found[wallet] = int(units)
    return found
