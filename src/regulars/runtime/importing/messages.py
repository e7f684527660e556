"""What an import and its hands say to each other: each message behind its length."""

from __future__ import annotations

from typing import BinaryIO, Final

LENGTH: Final = 8
"""Bytes before each message that say how long it is."""
DONE: Final = b"done"
"""The answer of a hand that booked everything it was asked to."""


def framed(message: bytes) -> bytes:
    """A message with its length before it."""
    return len(message).to_bytes(LENGTH, "big") + message


def send(out: BinaryIO, message: bytes) -> None:
    """Send a message at once."""
    out.write(len(message).to_bytes(LENGTH, "big"))
    out.write(message)
    out.flush()


def received(stream: BinaryIO) -> bytes | None:
    """The next message; nothing where the line has ended."""
    length = stream.read(LENGTH)
    if len(length) < LENGTH:
        return None
    return stream.read(int.from_bytes(length, "big"))
