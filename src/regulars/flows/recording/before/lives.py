"""Receipts of a sale that was closed by its shop and is paid again."""

from __future__ import annotations

from typing import Final

_MARK: Final = "~"


def of_life(receipt: str, life: int) -> str:
    """The receipt of another life. Example: `4711~2` is the second of 4711."""
    return f"{receipt}{_MARK}{life}"


def life_of(receipt: str) -> int:
    """Which life a receipt is of."""
    _, mark, said = receipt.rpartition(_MARK)
    return int(said) if mark and said.isascii() and said.isdigit() else 1


def base(receipt: str) -> str:
    """The receipt of all its lives. Example: 4711 of `4711~2`."""
    return receipt.rpartition(_MARK)[0] if life_of(receipt) > 1 else receipt


def is_life_of(receipt: str, told: str) -> bool:
    """Whether it is the receipt that is told, or another life of that one."""
    return receipt == told or receipt == of_life(told, life_of(receipt))
