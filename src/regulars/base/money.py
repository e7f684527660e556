"""Money as whole minor units with a currency."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

LARGEST: Final = 2**53 - 1
"""The largest amount or balance we accept: what every JSON reader keeps exactly."""

_DECIMALS: Final[dict[str, int]] = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


class Money(Struct, frozen=True, forbid_unknown_fields=True):
    """An amount of money: `{"minor": 999, "currency": "EUR"}` is 9.99 euro."""

    minor: int
    currency: str


def decimals(currency: str) -> int:
    """How many decimals a currency has (source: ISO 4217): 2, but 0 for yen, 3 for dinar."""
    return _DECIMALS.get(currency, 2)
