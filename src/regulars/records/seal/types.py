"""Links, checkpoints and the hashing that ties them together; signing comes from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, NamedTuple, Protocol
from uuid import UUID

LINK, GENESIS = b"\x00", b"\x03"
"""First bytes of what is hashed, so that no digest of one sort passes for another."""
NO_SECRET: Final = bytes(32)
"""Stands for the digest of personal texts where a row has none."""


class Leaf(NamedTuple):
    """One row that is to be sealed, by its digests."""

    program_id: int
    kind: int
    subject_id: UUID
    member_id: UUID
    plain: bytes
    secret: bytes


class Link(NamedTuple):
    """One sealed row in its place in the chain."""

    position: int
    leaf: Leaf
    hash: bytes


class Checkpoint(NamedTuple):
    """So many links were sealed by then, the last one with this hash; signed."""

    program_id: int
    chain_id: UUID
    size: int
    head: bytes
    sealed_at: datetime
    key_id: str
    signature: bytes


class Signer(Protocol):
    """Signs with a key the database does not know, and knows the keys of former times."""

    @property
    def key_id(self) -> str:
        """The name of the key that signs now."""

    def sign(self, message: bytes) -> bytes:
        """The signature of these bytes."""

    def right(self, key_id: str, message: bytes, signature: bytes) -> bool:
        """Whether a key of ours signed these bytes; an unknown key did not."""


def genesis(program_id: int, chain_id: UUID) -> bytes:
    """What the first link of a program follows: h₀."""
    return sha256(GENESIS + chain_id.bytes + program_id.to_bytes(8, "big")).digest()


def hash_after(before: bytes, position: int, leaf: Leaf) -> bytes:
    """The hash of a row in this place of the chain: hₙ.

    Source: docs/guides/developer/seal.md, where every byte is named.
    """
    return sha256(
        LINK
        + position.to_bytes(8, "big")
        + leaf.kind.to_bytes(2, "big")
        + leaf.subject_id.bytes
        + leaf.member_id.bytes
        + leaf.plain
        + leaf.secret
        + before
    ).digest()


def chain(size: int, head: bytes, leaves: Iterable[Leaf]) -> list[Link]:
    """These rows as the links that follow a chain of this size and head."""
    links = []
    for position, leaf in enumerate(leaves, size + 1):
        head = hash_after(head, position, leaf)
        links.append(Link(position, leaf, head))
    return links


def statement(checkpoint: Checkpoint) -> bytes:
    """What is signed of a checkpoint: everything but the signature, as seven lines of text."""
    told: Sequence[str] = (
        "regulars checkpoint 1",
        str(checkpoint.chain_id),
        str(checkpoint.program_id),
        str(checkpoint.size),
        checkpoint.head.hex(),
        instant(checkpoint.sealed_at),
        checkpoint.key_id,
    )
    return "".join(f"{line}\n" for line in told).encode("ascii")


def instant(at: datetime) -> str:
    """An instant as checkpoints write it, to the microsecond: 2026-03-02T12:00:00.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def signed(checkpoint: Checkpoint, signer: Signer) -> Checkpoint:
    """The same checkpoint under the signature of the key that signs now."""
    named = checkpoint._replace(key_id=signer.key_id)
    return named._replace(signature=signer.sign(statement(named)))


def rightly_signed(checkpoint: Checkpoint, signer: Signer) -> bool:
    """Whether a key of ours signed just this."""
    return signer.right(checkpoint.key_id, statement(checkpoint), checkpoint.signature)
