"""A checkpoint as one line of JSON, which is how it leaves the house and comes back."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars.records.seal.types import Checkpoint, instant

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
KeyName = Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in a line, in this order; fields are for ever."""

    regulars_checkpoint: Annotated[int, Meta(ge=1, le=1)]
    program: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    chain: UUID
    size: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    head: Hash
    sealed_at: Annotated[str, Meta(max_length=40)]
    key: KeyName
    signature: Annotated[str, Meta(max_length=120)]


class Unreadable(Exception):
    """This line is no checkpoint; says why."""


LONGEST: Final = 1_000
"""Bytes of a line; ours have some 400."""
_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Line)


def line_of(checkpoint: Checkpoint) -> bytes:
    """A checkpoint as a line, without the end of the line."""
    return _encode(
        Line(
            regulars_checkpoint=1,
            program=checkpoint.program_id,
            chain=checkpoint.chain_id,
            size=checkpoint.size,
            head=checkpoint.head.hex(),
            sealed_at=instant(checkpoint.sealed_at),
            key=checkpoint.key_id,
            signature=b64encode(checkpoint.signature).decode("ascii"),
        )
    )


def checkpoint_of(line: bytes) -> Checkpoint:
    """The checkpoint that a line holds.

    Refuses: anything that is not one, as `Unreadable`; whether it is signed is not asked here.
    """
    if len(line) > LONGEST:
        raise Unreadable(f"it has {len(line)} bytes")
    try:
        told = _decoder.decode(line)
        sealed_at = datetime.fromisoformat(told.sealed_at)
        signature = b64decode(told.signature, validate=True)
    except (msgspec.DecodeError, ValueError) as why:
        raise Unreadable(str(why)) from None
    if sealed_at.tzinfo is None:
        raise Unreadable("its time has no zone")
    head = bytes.fromhex(told.head)
    return Checkpoint(
        told.program, told.chain, told.size, head, sealed_at, told.key, signature
    )  # fmt: skip
