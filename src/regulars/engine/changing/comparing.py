"""The shape of a difference between two versions, and how two values are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import fields

Turn = Literal["better", "worse", "other"]
T = TypeVar("T")


Of = Literal[
    "everybody",
    "who_saves",  # for this reward: who has enough for it, or took it within a year
    "granted",  # whoever this benefit was granted to
    "on_ladder",  # whoever stands on a ladder beside the tiers
    "on_plan",
    "on_a_tier",  # on any of the tiers
    "on_tier",
    "tier_and_above",
    "tier_and_aiming",  # who stands on it, and who is on the way there
    "who_has",  # something of this wallet
    "who_collects",  # who earned something of this wallet, and was there within a year
    "who_earns",  # the same, from then on
    "who_invites",  # or was invited, within a year
    "who_plays",  # this challenge, board, draw …
    "in_household",
    "blocked",
    "who_joins",  # from then on: nobody yet
]


class Whom(NamedTuple):
    """Whom a difference touches: all of a kind, by the name of what makes them one.

    Example: Whom("tier_and_above", "gold").
    """

    of: Of
    name: str = ""


EVERYBODY: Final = Whom("everybody")


class Difference(NamedTuple):
    """One thing that is another in the new version.

    Shape: `kind` is a key of the catalogue of words; `path` is where it stands, as in the file;
    `whom` are those it touches: everybody, or the holders of a tier or of a wallet.
    """

    kind: str
    path: str
    what: str
    before: str
    after: str
    turn: Turn
    whom: Whom


def paired(
    ones: Mapping[str, T], others: Mapping[str, T]
) -> Iterator[tuple[str, T | None, T | None]]:
    """Both sides of each name, those of the new version first, in its order."""
    for name in dict.fromkeys([*others, *ones]):
        yield name, ones.get(name), others.get(name)


def turn_of(was: Fraction | int, is_: Fraction | int) -> Turn:
    """More is better."""
    return "other" if was == is_ else ("better" if is_ > was else "worse")


def text_of(value: Any) -> str:
    """A part of a program as short text, what is not said left out."""
    if value is None or value in ((), {}):
        return ""
    if isinstance(value, Struct):
        return _struct(value)
    if isinstance(value, tuple):
        return "; ".join(text_of(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {text_of(one)}" for name, one in value.items())
    return str(value)


def _struct(value: Struct) -> str:
    config = value.__struct_config__
    parts = [str(config.tag)] if config.tag else []
    for field in fields(value):
        said = getattr(value, field.name)
        if said != field.default and text_of(said):
            parts.append(f"{field.encode_name} {text_of(said)}")
    return ", ".join(parts) or "as usual"
