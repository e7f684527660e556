"""Where a member is written to, as it is known without being kept."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.keyed import Keyed
from regulars.records.members.types import Identifier
from regulars.records.outbox.delivery.types import IDENTIFIED_BY, address_digest


def mail_digests(keyed: Keyed, names: Sequence[Identifier]) -> list[bytes]:
    """By which the e-mail addresses and telephones among these names are known."""
    return [
        address_digest(keyed, channel, one.value)
        for one in names
        for channel, kind in IDENTIFIED_BY.items()
        if one.kind == kind
    ]
