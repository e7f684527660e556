"""Whether the next batch waits for those who were just answered and come back at once."""

from __future__ import annotations

from typing import Final

PAUSES: Final = 5
"""So many pauses without anybody new would be as long as a batch; one ends the gathering."""
LONGEST_S: Final = 0.02
"""However long a batch took, nobody is waited for any longer."""
SAME: Final = 8
"""Whoever asks is taken for who was answered before, when so many times fewer came lately."""
OFTEN: Final = 3
"""So many batches in a row must say so; one alone may by chance."""


def same_ask(answered: int, late: int) -> bool:
    """Whether those who were answered are likely to be the next who ask.

    Shape: `late` are those who came in the latter half of the batch that was answered.
    Tills that ask again and again all come soon after a batch. Where many people ask once, they
    come at any time, and wait for nobody.
    Example: 16 were answered, 16 wait, two of them came late: yes. 12 and 3 came late: no. One till
    alone: no.
    """
    return answered > 1 and late * SAME <= answered


class Gathering:
    """Commands that come after a batch, until as many wait as could have come back.

    Shape: `wanted` is who was answered and who waited already; `took` how long the batch took, in
    seconds. One look follows another after a fifth of that.
    Example: of 32 tills, 16 are answered and 16 wait; within a millisecond or two all 32 wait, and
    go together. Where nobody comes back, those who wait go after two fifths of what a batch takes.
    """

    __slots__ = ("_looks", "_waited", "pause", "wanted")

    def __init__(self, wanted: int, took: float) -> None:
        self.wanted = wanted
        self.pause = min(took, LONGEST_S) / PAUSES
        self._looks = PAUSES
        self._waited = -1

    def complete(self, waiting: int) -> bool:
        """Nobody else is expected."""
        return waiting >= self.wanted

    def goes_on(self, waiting: int) -> bool:
        """Somebody came since the last look, and not for too long yet."""
        came, self._waited = waiting > self._waited, waiting
        self._looks -= 1
        return came and self._looks > 0
