"""Which addresses the house may talk to on somebody else's word."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL: Final = 2000
PORTS: Final = frozenset({80, 443})
FIRST_FREE_PORT: Final = 1024
"""Below it are mail, name and login servers, which must not get our words."""
_METADATA: Final = frozenset(
    ip_address(one) for one in ("168.63.129.16", "169.254.169.254", "fd00:ec2::254")
)
"""Where machines of clouds ask for their own passwords; the first one looks public."""
_WRAPPED: Final = tuple(
    ip_network(one)
    for one in (
        "2002::/16", "2001::/32", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96", "fec0::/10",
        "2001:20::/28", "3fff::/20", "192.88.99.0/24",
    )
)  # fmt: skip
"""Ways to write another network's address into an IPv6 one and the relays that undo it, names of
hashes, and what is for examples in books; nobody has a receiver there."""
_TRANSLATED: Final = ip_network("64:ff9b::/96")


class NotAllowed(Exception):
    """The house does not talk to this address; `why` says it for whoever gave it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Guard(Struct, frozen=True):
    """Public addresses by TLS, and besides them the networks the installation allows.

    `anywhere` is for addresses that stand in the installation's own settings.
    """

    allowed: tuple[Network, ...] = ()
    anywhere: bool = False

    def check_url(self, url: str) -> SplitResult:
        """The parts of an address somebody gave. Raises NotAllowed."""
        parts = _parts(url)
        if parts.scheme not in ("https", "http"):
            raise NotAllowed("only https addresses are called")
        if parts.username is not None or parts.password is not None:
            raise NotAllowed("an address with a name or password in it is not called")
        if not parts.hostname or parts.fragment:
            raise NotAllowed("this is no whole address")
        if parts.scheme == "http" and not (self.anywhere or self.allowed):
            raise NotAllowed("only https addresses are called")
        port = _port(parts)
        if not (self.anywhere or port in PORTS or port >= FIRST_FREE_PORT):
            raise NotAllowed(f"port {port} is not called: use 443, 80, or 1024 and above")
        literal = _literal(parts.hostname)
        if literal is not None:
            self.check_address(literal, parts.scheme)
        return parts

    def check_address(self, address: Address, scheme: str) -> None:
        """Whether to connect to what a name came to. Raises NotAllowed."""
        if self.anywhere or any(address in one for one in self.allowed):
            return
        if scheme != "https":
            raise NotAllowed("only https addresses are called")
        if not _is_public(address):
            raise NotAllowed("this address is not on the public internet")


def _parts(url: str) -> SplitResult:
    odd = any(sign.isspace() or not sign.isprintable() or sign == "\\" for sign in url)
    if len(url) > LONGEST_URL or odd or not url.isascii():
        raise NotAllowed("this is no whole address")
    try:
        parts = urlsplit(url)
        _port(parts)
    except ValueError:
        raise NotAllowed("this is no whole address") from None
    return parts


def _port(parts: SplitResult) -> int:
    if parts.port is not None:
        return parts.port
    return 443 if parts.scheme == "https" else 80


def _literal(host: str) -> Address | None:
    """The address a host is, where it is no name. Other spellings (octal, one number) are names,
    and what they come to is checked when it is called."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_public(address: Address) -> bool:
    plain = address
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            plain = address.ipv4_mapped
        elif address in _TRANSLATED:
            plain = IPv4Address(int(address) & 0xFFFFFFFF)
        elif any(address in one for one in _WRAPPED):
            return False
    if any(plain in one for one in _WRAPPED if one.version == plain.version == 4):
        return False
    odd = plain.is_multicast or plain.is_reserved or plain in _METADATA
    return plain.is_global and not odd


def networks_of(said: Sequence[str]) -> tuple[Network, ...]:
    """These networks. Raises ValueError for what is none.

    Example: `10.1.0.0/16`; a single address is a network of one.
    """
    return tuple(ip_network(one) for one in said)
