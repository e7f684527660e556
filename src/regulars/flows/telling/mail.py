"""Which e-mail addresses a member has, as they are known without being kept."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.keyed import Keyed
from regulars.records.members.types import Identifier
from regulars.records.outbox.delivery.types import address_digest


def mail_digests(keyed: Keyed, names: Sequence[Identifier]) -> list[bytes]:
    """By which the e-mail addresses among these names are known."""
    return [address_digest(keyed, "email", one.value) for one in names if one.kind == "email"]
