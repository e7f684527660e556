"""On the wire: as whom we come in at a broker."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.outbox.hooks.types import Entry

BrokerAddress = Annotated[str, Meta(min_length=8, max_length=500)]
BrokerAccount = Annotated[str, Meta(min_length=1, max_length=200)]
BrokerSecret = Annotated[str, Meta(min_length=1, max_length=2000)]
BrokerAuthority = Annotated[str, Meta(min_length=1, max_length=20_000)]
BrokerLogin = Literal["plain", "scram-sha-256", "scram-sha-512"]


class BrokerSent(Struct, frozen=True, forbid_unknown_fields=True):
    """As whom we are to come in at a broker. Its password stays where broker and account do."""

    account: BrokerAccount | None = None
    """The name by which it knows us."""
    secret: BrokerSecret | None = None
    """The password, or of NATS without a name the token, or a whole file of credentials. Kept
    encrypted and shown to nobody."""
    login: BrokerLogin = "plain"
    """How Kafka wants the password."""
    authority: BrokerAuthority | None = None
    """The certificate, as PEM, of who vouches for the broker, where that is nobody the machine
    knows."""


class BrokerShown(Struct, frozen=True):
    """As whom we come in at a broker, without the password."""

    account: str
    login: BrokerLogin
    authority: str


def broker_shown(entry: Entry | None) -> BrokerShown | None:
    """As the world sees it; nothing of an address that is no broker's."""
    return None if entry is None else BrokerShown(entry.account, entry.login, entry.authority)
