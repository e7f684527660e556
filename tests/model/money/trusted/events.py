"""What is only for who has proven something, and imports, as plain values; see `model.events`."""

from __future__ import annotations

from typing import NamedTuple


class Approves(NamedTuple):
    """Somebody of the shop approves what a member told, or does not and says why."""

    kind: str
    proof: str
    outcome: str
    reason: str = ""
    key: str = ""


class TakesShowing(NamedTuple):
    """A till takes the code of a member's card, to see who stands there."""

    whose: str
    by: str


class SendsDigits(NamedTuple):
    """A till has digits sent to a member's telephone, good for this reward."""

    who: str
    reward: str
    name: str
    by: str = "till 1"


class SaysDigits(NamedTuple):
    """The member says the digits they were sent, or a slip of them, at this till."""

    name: str
    right: bool = True
    by: str = "till 1"


class Proves(NamedTuple):
    """A reward is wanted, and the code of a card is sent along that was shown so many half minutes
    ago to this till; nobody's where `whose` is empty. Or what the digits under `said` became."""

    who: str
    reward: str
    name: str
    whose: str = ""
    ago: int = 0
    by: str = "till 1"
    signed_in: bool = False
    capture: bool = True
    key: str = ""
    said: str = ""


class Fetches(NamedTuple):
    """A member fetches the first article they won that still waits for them."""

    who: str


class Tells(NamedTuple):
    """How many prizes of each kind stand, of everybody together."""


class Brings(NamedTuple):
    """A file is brought over: members with points, and sales."""

    name: str
    file: str
    """By which lots and lines are known again."""
    people: tuple[tuple[str, int], ...]
    sales: tuple[tuple[str, str, int], ...] = ()
    """Whose, its receipt, how much."""


class TakesImportBack(NamedTuple):
    name: str


Trusted = (
    Approves
    | TakesShowing
    | SendsDigits
    | SaysDigits
    | Proves
    | Fetches
    | Tells
    | Brings
    | TakesImportBack
)
