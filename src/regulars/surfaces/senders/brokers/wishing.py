"""What somebody wants of a broker is checked before it is kept."""

from __future__ import annotations

import ssl
from typing import Final

from msgspec import Struct

from regulars.base.faults import Invalid
from regulars.records.inlets.streaming.types import Login
from regulars.records.outbox.hooks.types import Entry
from regulars.surfaces.given import Given
from regulars.surfaces.senders.brokers.addresses import Broker, broker_of, is_broker
from regulars.surfaces.senders.brokers.creds import entered_by, is_creds
from regulars.surfaces.senders.brokers.keys import NONCE, door, sealed
from regulars.surfaces.senders.brokers.wire import BrokerSent
from regulars.surfaces.senders.outgoing.guard import NotAllowed

READS: Final = "Write it as nats://broker.example.org:4222/shop.sales.> or kafka://…:9092/topic"
WRITES: Final = "Write it as nats://broker.example.org:4222/regulars or kafka://…:9092/topic"


class Entering(Struct, frozen=True):
    """As whom we are to come in at a broker; what is empty is not needed, or stays."""

    account: str = ""
    secret: str = ""
    login: Login = "plain"
    authority: str = ""

    def __repr__(self) -> str:
        return f"Entering({self.account})"


def checked_broker(given: Given, address: str, *, field: str, reads: bool) -> Broker:
    """The parts of an address we may talk to. Faults: Invalid."""
    mend = READS if reads else WRITES
    try:
        broker = broker_of(address, reads=reads)
    except ValueError:
        raise Invalid("This is no address of a broker", field=field, mend=mend) from None
    try:
        given.receivers.check_url(broker.url)
    except NotAllowed as why:
        tls = "Use nats+tls or kafka+tls and a public address; an operator can allow networks of "
        own = f"{tls}their own with REGULARS_WEBHOOK_NETWORKS"
        raise Invalid(f"It is not called: {why.why}", field=field, mend=own) from None
    return broker


def sealed_keys(given: Given, program_id: int, broker: Broker, entry: Entering) -> bytes:
    """The password, encrypted; nothing where none is said. Faults: Invalid for what has no meaning
    at this broker."""
    if broker.kind == "nats" and entry.login != "plain":
        mend = "Leave it out"
        raise Invalid("login is of Kafka alone", field="/login", mend=mend)
    if broker.kind == "kafka" and entry.secret and not entry.account:
        mend = "Say the name by which it knows us"
        raise Invalid("Nobody says as whom we come in", field="/account", mend=mend)
    if broker.kind == "nats" and is_creds(entry.secret):
        _credentials(entry)
    if entry.authority:
        _certificate(broker, entry.authority)
    if not entry.secret:
        return b""
    at = door(program_id, broker.url, entry.account)
    return sealed(given.keyed, at, entry.secret, given.random_bytes(NONCE))


def _credentials(entry: Entering) -> None:
    if entry.account:
        mend = "Leave it out: credentials say by themselves whose they are"
        raise Invalid("A name goes with a password", field="/account", mend=mend)
    try:
        entered_by(entry.secret)
    except ValueError:
        mend = "Copy the whole file, from -----BEGIN NATS USER JWT----- to the end"
        raise Invalid("These are no credentials of NATS", field="/secret", mend=mend) from None


def _certificate(broker: Broker, authority: str) -> None:
    if not broker.tls:
        mend = "Use nats+tls or kafka+tls, or leave it out"
        raise Invalid("Nobody vouches for who talks without TLS", field="/authority", mend=mend)
    try:
        ssl.create_default_context(cadata=authority)
    except (ssl.SSLError, ValueError):
        mend = "Copy the whole file, from -----BEGIN CERTIFICATE----- on"
        raise Invalid("This is no certificate", field="/authority", mend=mend) from None


def entering(sent: BrokerSent | None) -> Entering:
    """As whom we are to come in, as somebody sent it."""
    if sent is None:
        return Entering()
    return Entering(sent.account or "", sent.secret or "", sent.login, sent.authority or "")


def entry_at(given: Given, program_id: int, url: str, said: Entering | None) -> Entry | None:
    """As whom events are put at this address, the password encrypted; nothing where it is no
    broker's. Faults: Invalid."""
    if not is_broker(url):
        if said is not None and said != Entering():
            mend = "Leave it out, or send an address as nats://… or kafka://…"
            raise Invalid("This address is no broker's", field="/broker", mend=mend)
        return None
    wish = said or Entering()
    broker = checked_broker(given, url, field="/url", reads=False)
    try:
        keys = sealed_keys(given, program_id, broker, wish)
    except Invalid as fault:
        mend = str(fault.facts.get("mend", ""))
        raise Invalid(fault.says, field=f"/broker{fault.field}", mend=mend) from None
    return Entry(wish.account, wish.login, wish.authority, keys)
