"""Who stands between a browser and us, and whose word about the browser is believed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

from msgspec import Struct

App = Callable[[Any, Any, Any], Awaitable[None]]
Network = IPv4Network | IPv6Network
Headers = Mapping[bytes, list[bytes]]

FORWARDED: Final = b"x-forwarded-for"
SCHEME: Final = b"x-forwarded-proto"
TOLD: Final = frozenset((FORWARDED, SCHEME, b"x-forwarded-host", b"x-real-ip", b"forwarded"))
"""What proxies say; behind this file nobody sees it, so nobody can believe it by mistake."""
MOST_STRANGERS: Final = 16
"""So many whose word was not believed are remembered for the doctor."""
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "none": (),
    "loopback": ("127.0.0.0/8", "::1/128"),
    "private": ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                "fc00::/7"),
}  # fmt: skip
"""Names for what many would write; link-local addresses are nobody's proxy."""


class Proxies(Struct, frozen=True):
    """The networks whose word is believed about who asks, by which scheme and under which name.

    Example: of `X-Forwarded-For: 6.6.6.6, 203.0.113.9` from a proxy that is believed, 203.0.113.9
    asked: the proxy wrote the last address itself, whatever the browser had written before it.
    """

    networks: tuple[Network, ...] = ()

    def believe(self, address: str) -> bool:
        """Whether this address is one of our proxies."""
        try:
            there = ip_address(address)
        except ValueError:
            return False
        if isinstance(there, IPv6Address) and there.ipv4_mapped:
            there = there.ipv4_mapped
        return any(there in one for one in self.networks if one.version == there.version)

    def asked_by(self, near: str, forwarded: str) -> str:
        """Who asks over this connection, where `X-Forwarded-For` says this."""
        said = [one.strip() for one in forwarded.split(",") if one.strip()]
        return _client(near, said, self)[0] if said and self.believe(near) else near

    def __str__(self) -> str:
        return ", ".join(map(str, self.networks)) or "nobody"


def proxies_of(said: str) -> Proxies:
    """The networks that a setting names: addresses, networks, or a word for some of them.

    Faults: ValueError for what is none of these.
    Example: `loopback, 172.18.0.2` are this machine and one container.
    """
    found: list[Network] = []
    for part in filter(None, said.replace(",", " ").split()):
        for text in WORDS.get(part.lower(), (part,)):
            network = ip_network(text)
            if network.prefixlen == 0:
                raise ValueError("everybody is not a proxy")
            found.append(network)
    return Proxies(tuple(dict.fromkeys(found)))


LOOPBACK: Final = proxies_of("loopback")
"""A proxy on this machine: who is not told otherwise believes it, and nobody else."""


class Believing:
    """Pages that learn who asks from the connection, or from proxies that are believed.

    Behind it `client`, `scheme` and `Host` are the browser's, and no header of a proxy is left.
    """

    def __init__(
        self, pages: Any, proxies: Proxies, strangers: dict[str, int] | None = None
    ) -> None:
        self._pages = pages
        self._proxies = proxies
        self._strangers = {} if strangers is None else strangers

    @property
    def routes(self) -> Any:
        """Every address behind it."""
        return self._pages.routes

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope = self.seen(scope)
        await self._pages(scope, receive, send)

    def seen(self, scope: Mapping[str, Any]) -> dict[str, Any]:
        """The request as whoever asked sent it."""
        told, kept = _parted(scope["headers"])
        near = str((scope.get("client") or ("", 0))[0])
        plain = {**scope, "headers": kept}
        if not told:
            return plain
        if not self._proxies.believe(near):
            self._note(near)
            return plain
        return _as_told(plain, near, told, self._proxies)

    def _note(self, near: str) -> None:
        if near in self._strangers or len(self._strangers) < MOST_STRANGERS:
            self._strangers[near] = self._strangers.get(near, 0) + 1


def _as_told(scope: dict[str, Any], near: str, told: Headers, proxies: Proxies) -> dict[str, Any]:
    """The same request, as proxies that are believed tell of it."""
    client, hops = _client(near, _listed(told, FORWARDED), proxies)
    scope["client"] = (client, 0)
    scheme = _nth(_listed(told, SCHEME), hops).lower()
    if scheme in ("http", "https"):
        scope["scheme"] = scheme
    host = _nth(_listed(told, b"x-forwarded-host"), hops)
    if host:
        others = [one for one in scope["headers"] if one[0] != b"host"]
        scope["headers"] = [*others, (b"host", host.encode("latin-1"))]
    return scope


def _client(near: str, said: list[str], proxies: Proxies) -> tuple[str, int]:
    """Who asked, and behind how many proxies: from the last on, up to one that is none of ours."""
    hops = 1
    for address in reversed(said):
        try:
            near = str(ip_address(address))
        except ValueError:
            return near, hops
        if not proxies.believe(near):
            return near, hops
        hops += 1
    return near, hops


def _nth(said: list[str], hops: int) -> str:
    """What the proxy said that is nearest to the browser; a list shorter than that was replaced."""
    return said[max(0, len(said) - hops)] if said else ""


def _listed(told: Headers, name: bytes) -> list[str]:
    whole = b",".join(told.get(name, ())).decode("latin-1")
    return [one.strip() for one in whole.split(",") if one.strip()]


def _parted(
    headers: Iterable[tuple[bytes, bytes]],
) -> tuple[dict[bytes, list[bytes]], list[tuple[bytes, bytes]]]:
    told: dict[bytes, list[bytes]] = {}
    kept = []
    for name, value in headers:
        if name.lower() in TOLD:
            told.setdefault(name.lower(), []).append(value)
        else:
            kept.append((name, value))
    return told, kept
