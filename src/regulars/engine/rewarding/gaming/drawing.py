"""Who wins a draw, worked out from words that everybody can see afterwards.

Before its days are over the digest of a secret is published. Afterwards come the secret, the list
of who takes part, and words nobody could know before; by these anybody finds the same winners.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import accumulate, count
from typing import Final
from uuid import UUID

_ALL: Final = 2**256


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def alias(draw: str, member_id: UUID) -> str:
    """How somebody stands on the list: who knows their own id finds themselves, and nobody else."""
    return digest(f"{draw}:mem_{member_id.hex}")[:16]


def tickets(score: int, each: int, most: int | None) -> int:
    """A ticket for each so much, up to so many."""
    return min(score // each, most) if most is not None else score // each


def listed(entrants: Sequence[tuple[str, int]]) -> str:
    """The list as its digest is made: a line for each, place, alias and tickets."""
    lines = (f"{place};{alias};{own}" for place, (alias, own) in enumerate(entrants, 1))
    return "\n".join(lines)


def winners(seed: str, own: Sequence[int], many: int) -> list[int]:
    """The places on the list that win, the first prize first; nobody twice.

    Order: numbers come out of the seed one after the other; each is taken modulo the tickets that
    are left, those that would favour small ones are passed over. Tickets lie one behind the other
    in the order of the list; whoever has won takes theirs out.
    """
    numbers, ends = _numbers(seed), list(accumulate(own))
    whole = ends[-1] if ends else 0
    won: list[int] = []  # sorted; `found` is the same in the order of the prizes
    found: list[int] = []
    while len(found) < many and whole:
        ticket = next(n for n in numbers if n < _ALL - _ALL % whole) % whole
        for place in won:  # counted over the tickets that were taken out before it
            if ticket >= ends[place] - own[place]:
                ticket += own[place]
        place = bisect_right(ends, ticket)
        found.append(place + 1)
        insort(won, place)
        whole -= own[place]
    return found


def seed(secret: str, public: str, list_digest: str) -> str:
    """From what the numbers come."""
    return digest(f"{secret}\n{public}\n{list_digest}")


def _numbers(seed: str) -> Iterator[int]:
    return (int(digest(f"{seed}:{n}"), 16) for n in count(1))
