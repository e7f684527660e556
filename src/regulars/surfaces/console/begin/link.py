"""The link by which a first owner comes in: only who reads the server's terminal has it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Final

from regulars.base.keyed import Keyed, digest_of, same

PATH: Final = "/console/begin"
COST: Final = "/console/begin-cost"
_USE: Final = "set up the first shop"


def begin_link(keyed: Keyed) -> str:
    """The address that sets up this installation, and only this one.

    Keeps: it is worked out from the installation's secret and kept nowhere; once there is a
    program, it opens nothing any more.
    """
    return f"{PATH}/{_word(keyed)}"


def is_right(keyed: Keyed, word: str) -> bool:
    """Whether somebody came by that link."""
    return same(word, _word(keyed))


def _word(keyed: Keyed) -> str:
    return urlsafe_b64encode(digest_of(keyed, _USE)[:24]).decode()
