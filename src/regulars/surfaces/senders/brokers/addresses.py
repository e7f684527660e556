"""How brokers are written: `nats://host:4222/subject`, `kafka://host:9092/topic`, taken apart."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

SCHEMES: Final = {
    "nats": ("nats", False, 4222),
    "nats+tls": ("nats", True, 4222),
    "kafka": ("kafka", False, 9092),
    "kafka+tls": ("kafka", True, 9093),
}
"""By its scheme: which broker it is, whether by TLS, and its usual port."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
_TOPIC: Final = re.compile(r"[A-Za-z0-9._-]{1,249}")
LONGEST_SUBJECT: Final = 200


class Broker(NamedTuple):
    """A broker, and what of it is meant: a subject of NATS, or a topic of Kafka."""

    kind: str
    tls: bool
    host: str
    port: int
    topic: str

    @property
    def url(self) -> str:
        """As guards know addresses: by TLS or not, the host, the port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


def is_broker(url: str) -> bool:
    """Whether this address is a broker's."""
    return url.partition("://")[0] in SCHEMES


def broker_of(address: str, *, reads: bool = False) -> Broker:
    """The parts of the address of a broker. Raises: ValueError.

    Whoever reads may name many subjects of NATS at once.
    Example: `nats://broker.example.org/shop.sales.>` reads `shop.sales.berlin`.
    """
    parts = urlsplit(address)
    known = SCHEMES.get(parts.scheme)
    odd = parts.query or parts.fragment or parts.username is not None or parts.password is not None
    if known is None or not parts.hostname or odd or not address.isascii():
        raise ValueError(address)
    kind, tls, usual = known
    topic = parts.path.removeprefix("/")
    good = _is_subject(topic, reads=reads) if kind == "nats" else _TOPIC.fullmatch(topic)
    if not good or topic in (".", ".."):
        raise ValueError(address)
    return Broker(kind, tls, parts.hostname, parts.port or usual, topic)


def _is_subject(topic: str, *, reads: bool) -> bool:
    tokens = topic.split(".")
    if reads and tokens[-1] == ">":
        tokens = [*tokens[:-1], "x"]
    tokens = ["x" if reads and token == "*" else token for token in tokens]
    plain = all(_TOKEN.fullmatch(token) for token in tokens)
    return plain and len(topic) <= LONGEST_SUBJECT and not topic.startswith(("$", "_INBOX"))
