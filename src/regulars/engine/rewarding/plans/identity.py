"""What a person with a trial is known by, so that the same person has no second one."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from regulars.records.members.mailbox import mailbox
from regulars.records.once.types import digest


def identities(program: str, kind: str, value: str) -> Iterator[UUID]:
    """The digest of a telephone number, an e-mail address or a card, however it is spelt.

    Keeps: the same person has other digests in another program.
    Shape: `value` as it is kept of a member; `payment` is what a payment card is known by where
    money is taken.
    Example: ada+trial2@example.org is ada@example.org.
    """
    yield digest("trial", program, kind, mailbox(value) if kind == "email" else value.strip())
