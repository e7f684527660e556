"""In which languages people are spoken to, and in which a shop writes."""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("en", "de", "tr", "ar")
"""Those we have words of our own in. A program may be in any other beside them."""

_FROM_THE_RIGHT: Final = frozenset(
    {"ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"}
)


def from_the_right(locale: str) -> bool:
    """Whether what is written in it is read from right to left.

    Example: `he`, `fa-IR` and `ur` are.
    """
    return language_of(locale).lower() in _FROM_THE_RIGHT


def language_of(locale: str) -> str:
    """The language of a locale, whichever way it is written.

    Example: `de-AT`, `de_AT` and `de` are `de`.
    """
    return locale.replace("_", "-").partition("-")[0]


def written_in(own: str) -> tuple[str, ...]:
    """In which languages a shop may write to its members: ours, and its own.

    Example: a shop in French writes French beside the four, a shop in German nothing more.
    """
    return LANGUAGES if own in LANGUAGES else (*LANGUAGES, own)
