"""The caller's Idempotency-Key, and what a reused key means."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from regulars.base.faults import Fault, KeyReused
from regulars.surfaces.api.faults import BadKeyHeader, ReceiptReused


class Once(StrEnum):
    """What it means to ask for an operation once more; what the document says of its key."""

    KEY = "key"
    """Under one Idempotency-Key it is done once, and something else under it is refused."""
    PARTS = "parts"
    """So is each part of it: an item of a batch, a code that is shown."""
    AGAIN = "again"
    """It leaves what it left the first time; a key would add nothing."""
    ANEW = "anew"
    """Each time is another one, and nothing is booked by it."""
    LOOKS = "looks"
    """It changes nothing, though it is sent by POST."""


_KEY = re.compile(rb'"([!#-~]{1,128})"|([!#-~]{1,128})')


def key_of(header: bytes | None) -> str:
    """The key in the header, with or without quotes; nothing when there is no header.

    Faults: BadKeyHeader.
    """
    if header is None:
        return ""
    match = _KEY.fullmatch(header)
    if match is None:
        raise BadKeyHeader("an Idempotency-Key has 1 to 128 printable characters, without spaces")
    return (match.group(1) or match.group(2)).decode("ascii")


def own_key(random_bytes: Callable[[int], bytes]) -> str:
    """A key for a request that has none, so that the gate may try again after a lost connection.

    It begins with a sign no header can have, so it is never somebody's own key.
    """
    return f" {random_bytes(16).hex()}"


def told_apart(fault: Fault, key: str, receipt: bool) -> Fault:
    """A reused receipt is not a reused key; without a key it can only have been the receipt."""
    if isinstance(fault, KeyReused) and receipt and not key:
        return ReceiptReused(
            "this receipt was recorded before with other content; what was recorded stands",
            field="/external_id",
            mend="Send the same content to get the first answer, or a return to correct the sale",
        )
    return fault
