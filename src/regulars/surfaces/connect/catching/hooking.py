"""Webhooks that are made in a shop without anybody's typing: what they are made with and become."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from regulars.surfaces.connect.catching.asking import Send, Shop

LONGEST: Final = 200
"""Of what a shop says of a webhook it does not make."""


class Where(NamedTuple):
    """Where webhooks are to send, and what they are made with."""

    address: str
    secret: str
    """By which a shop signs that is told a secret of ours."""
    once: str
    """The name of this one wish, so that an answer nobody heard makes no second webhook."""

    def __repr__(self) -> str:
        return f"Where({self.address})"


class Made(NamedTuple):
    """How many webhooks were not there before, and the secret a shop made for them itself."""

    many: int
    secret: str = ""

    def __repr__(self) -> str:
        return f"Made({self.many})"


Hooking = Callable[[Send, Shop, Where], Awaitable[Made]]
"""Makes them, once, however often it is asked. Raises: NotTold; NoAnswer, NotAllowed."""
ELSEWHERE: Final = "it sends here already, by a secret it made before: copy that one from there"
