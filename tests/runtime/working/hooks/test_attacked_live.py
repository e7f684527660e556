"""The one way out is attacked on real sockets: nobody behind it is reached, nothing it gets back
is without an end."""

from __future__ import annotations

import asyncio
import gzip
import resource
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_network
from time import perf_counter
from typing import Any

import pytest

from regulars.surfaces.senders.outgoing.client import (
    LONGEST_ANSWER,
    Answer,
    Client,
    NoAnswer,
    by_system,
)
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed, networks_of

HERE = networks_of(["127.0.0.2"])
"""What the house allows in these tests; everything else of loopback it does not."""
HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
    "017700000001", "0", "0.0.0.0", "localhost", "LOCALHOST", "localhost.", "ip6-localhost",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "127.0.0.1.", "127.127.127.127",
    "%31%32%37.0.0.1", "[::1%25lo]", "[::ffff:169.254.169.254]", "2852039166", "0xa9fea9fe",
    "169.254.169.254", "user@127.0.0.1", "1.1.1.1@127.0.0.1", "127.0.0.1\\@example.org",
]  # fmt: skip
"""Ways to write this machine and what clouds keep secrets behind."""

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Listening:
    """A machine on loopback that counts who comes."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.came = 0
        self.sent = 0


@asynccontextmanager
async def listening(host: str, talk: Talk, port: int = 0) -> AsyncIterator[Listening]:
    found = Listening(port)

    async def came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.came += 1
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(came, host, port)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()


async def asked(url: str, guard: Guard, **more: Any) -> Answer | type[Exception]:
    client = Client(guard, patience_s=more.pop("patience_s", 2), **more)
    try:
        return await client.post(url, [("Content-Type", "application/json")], b"{}")
    except (NotAllowed, NoAnswer) as why:
        return type(why)
    finally:
        await client.close()


def says(*parts: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await writer.drain()

    return talk


OK = says(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret")


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("guard", [Guard(), Guard(HERE)], ids=["public", "one allowed"])
def test_no_spelling_of_this_machine_reaches_it(guard: Guard, scheme: str) -> None:
    """By the resolver of the system, whatever it makes of octal, decimal and short forms."""

    async def attack() -> int:
        async with listening("127.0.0.1", OK) as secret, listening("::1", OK, secret.port) as six:
            for host in HOSTS:
                found = await asked(f"{scheme}://{host}:{secret.port}/latest/meta-data", guard)
                assert found in (NotAllowed, NoAnswer), (host, found)
            return secret.came + six.came

    assert asyncio.run(attack()) == 0


def test_control_what_is_allowed_is_reached() -> None:
    async def reach() -> tuple[Any, int]:
        async with listening("127.0.0.2", OK) as house:
            found = await asked(f"http://127.0.0.2:{house.port}/", Guard(HERE))
            return found, house.came

    found, came = asyncio.run(reach())
    assert (found.status, found.body, came) == (200, b"secret", 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:{port}/", "//127.0.0.1:{port}/", "http://[::1]:{port}/", "/again"]
)
def test_no_redirect_is_followed(status: int, to: str) -> None:
    async def attack() -> tuple[Any, int, int]:
        async with listening("127.0.0.1", OK) as secret:
            there = to.format(port=secret.port)
            head = (
                f"HTTP/1.1 {status} Look there\r\nlocation: {there}\r\nrefresh: 0;url={there}\r\n"
            )
            talk = says(head.encode(), b"content-length: 0\r\n\r\n")
            async with listening("127.0.0.2", talk) as house:
                found = await asked(f"http://127.0.0.2:{house.port}/", Guard(HERE))
                return found, house.came, secret.came

    found, house, secret = asyncio.run(attack())
    assert (found.status, house, secret) == (status, 1, 0)


def test_a_name_that_turns_while_it_is_called_is_called_where_it_was_checked() -> None:
    """Each connection asks for the name once; what it says at its next is checked anew."""
    turns: list[list[str]] = []

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        turns.append(["127.0.0.2"] if not turns else ["127.0.0.1"])
        return turns[-1]

    async def attack() -> tuple[Any, Any, int, int]:
        async with (
            listening("127.0.0.1", OK) as secret,
            listening("127.0.0.2", OK, secret.port) as house,
        ):
            url = f"http://turning.example:{house.port}/"
            first = await asked(url, Guard(HERE), resolve=resolve)
            second = await asked(url, Guard(HERE), resolve=resolve)
            return first, second, house.came, secret.came

    first, second, house, secret = asyncio.run(attack())
    assert (first.status, second, house, secret) == (200, NotAllowed, 1, 0)
    assert len(turns) == 2


def test_one_private_address_among_public_ones_is_enough() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async def attack() -> tuple[Any, int]:
        async with listening("127.0.0.2", OK) as house:
            url = f"http://both.example:{house.port}/"
            return await asked(url, Guard(HERE), resolve=resolve), house.came

    assert asyncio.run(attack()) == (NotAllowed, 0)


BOMB = gzip.compress(bytes(64 * 1024 * 1024))
ENDLESS = b"x" * 65_536


def _forever(first: bytes, part: bytes, pause_s: float = 0) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(first)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return talk


OK_HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNK = b"10000\r\n" + ENDLESS + b"\r\n"
ATTACKS: dict[str, tuple[Talk, Any]] = {
    "an answer without end": (_forever(OK_HEAD + b"\r\n", ENDLESS), 200),
    "chunks without end": (_forever(OK_HEAD + b"transfer-encoding: chunked\r\n\r\n", CHUNK), 200),
    "a body of an exabyte": (_forever(OK_HEAD + b"content-length: %d\r\n\r\n" % 10**18, ENDLESS), 200),
    "a bomb": (
        says(OK_HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(BOMB), BOMB),
        200,
    ),
    "headers without end": (_forever(OK_HEAD, b"x-more: " + b"y" * 4000 + b"\r\n"), NoAnswer),
    "one header without end": (_forever(OK_HEAD + b"x: ", ENDLESS), NoAnswer),
    "a wait without end": (_forever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.001), NoAnswer),
    "a letter at a time": (_forever(b"HTTP/1.1 2", b"0", 0.05), NoAnswer),
    "a yes and then a letter at a time": (_forever(OK_HEAD + b"\r\n", b"z", 0.05), 200),
    "silence": (_forever(b"", b"", 0.1), NoAnswer),
    "a length below nothing": (says(OK_HEAD + b"content-length: -1\r\n\r\n"), NoAnswer),
    "two lengths": (says(OK_HEAD + b"content-length: 1\r\ncontent-length: 2\r\n\r\nab"), NoAnswer),
    "an older language": (says(b"<html>yes</html>"), NoAnswer),
    "a status of another world": (says(b"HTTP/1.1 99 No\r\n\r\n"), NoAnswer),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_answer_is_read_without_end(attack: str) -> None:
    talk, expected = ATTACKS[attack]

    async def ask() -> tuple[Any, int]:
        async with listening("127.0.0.2", talk) as house:
            found = await asked(f"http://127.0.0.2:{house.port}/", Guard(HERE), patience_s=1)
            return found, house.came

    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, perf_counter()
    found, came = asyncio.run(ask())
    assert perf_counter() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # in KiB
    assert came == 1
    if expected is NoAnswer:
        assert found is NoAnswer
    else:
        assert found.status == expected
        assert len(found.body) <= LONGEST_ANSWER


def test_the_resolver_of_the_system_makes_addresses_of_odd_spellings() -> None:
    """Control: what is refused above would have come here; it is the check that refuses it."""

    async def found(host: str) -> list[str]:
        return await by_system(host, 80)

    for host in ("127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost"):
        addresses = asyncio.run(found(host))
        assert any(one in ("::1", *map(str, ip_network("127.0.0.0/30"))) for one in addresses)
