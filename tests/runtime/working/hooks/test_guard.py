"""Which addresses the house calls on somebody's word: public ones, by name checked and held."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

import pytest
from tests.runtime.working.hooks.receiver import receiver

from regulars.surfaces.senders.outgoing.client import Client, NoAnswer
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed, networks_of

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "168.63.129.16",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.88.99.1",
    "::ffff:192.88.99.1",
    "2001:20::1",
    "2001:2f:ffff::1",
    "3fff::1",
    "3fff:fff::1",
    "192.0.2.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2001:10::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "fc00::1",
    "fd00:ec2::254",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = ("1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808")
URLS = [
    "http://example.org/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "gopher://x/",
    "javascript:alert(1)",
    "https://",
    "https:///x",
    "//example.org/",
    "example.org",
    "https://user@example.org/",
    "https://u:p@example.org/",
    "https://example.org/#a",
    "https://example.org:22/",
    "https://example.org:25/",
    "https://example.org:0/",
    "https://example.org:99999/",
    "https://example.org:x/",
    "https://[::1/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:7f00:1]/",
    "https://169.254.169.254/latest/meta",
    "https://exa\\mple.org/",
    "https://exämple.org/",
]
ODD = ("https://exam ple.org/", "https://example.org/\r\nX: y", "https://example.org/\x00")


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_not_called(address: str) -> None:
    with pytest.raises(NotAllowed):
        Guard().check_address(ip_address(address), "https")


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_called_by_https_alone(address: str) -> None:
    Guard().check_address(ip_address(address), "https")
    with pytest.raises(NotAllowed):
        Guard().check_address(ip_address(address), "http")


@pytest.mark.parametrize("url", [*URLS, *ODD, "https://e.org/" + "x" * 2000])
def test_what_is_no_address_of_a_receiver_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed):
        Guard().check_url(url)


def test_networks_that_are_allowed_are_called_and_no_others() -> None:
    home = Guard(networks_of(["10.1.0.0/16"]))
    home.check_url("http://10.1.2.3:8080/in")
    home.check_address(ip_address("10.1.2.3"), "http")
    with pytest.raises(NotAllowed):
        home.check_address(ip_address("10.2.0.1"), "https")
    with pytest.raises(NotAllowed):
        home.check_address(ip_address("1.1.1.1"), "http")


def asked(guard: Guard, url: str, answers: Sequence[Sequence[str]], times: int = 1) -> list[Any]:
    """What came of asking so often, when the name comes to these addresses one after the other."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return left.pop(0)

    async def ask() -> list[Any]:
        client = Client(guard, patience_s=2, resolve=resolve)
        found: list[Any] = []
        for _ in range(times):
            try:
                found.append((await client.post(url, [], b"{}")).status)
            except (NotAllowed, NoAnswer) as why:
                found.append(type(why))
        await client.close()
        return found

    return asyncio.run(ask())


def test_a_name_that_comes_to_a_private_address_is_not_called() -> None:
    """Also where only one of its addresses is, or another spelling of one, or none."""
    for some in (["127.0.0.1"], ["1.1.1.1", "10.0.0.1"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"]):
        assert asked(Guard(), "https://rebind.example/", [some]) == [NotAllowed]
    assert asked(Guard(), "https://nobody.example/", [[]]) == [NoAnswer]


def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    """A name that comes to another address at its second question: it is asked once for each
    connection, and what it said then is what is called."""
    guard = Guard(networks_of(["127.0.0.1"]))
    with receiver() as house:
        url = f"http://rebind.example:{house.port}/in"
        # A second look between check and call would find the private address, and an empty list.
        assert asked(guard, url, [["127.0.0.1"], ["10.0.0.1"]], times=2) == [204, 204]
        assert house.came[0].headers["host"] == f"rebind.example:{house.port}"
        # A new connection is checked anew.
        house.answers("reset")
        second = asked(guard, url, [["127.0.0.1"], ["10.0.0.1"]], times=2)
        assert second == [NoAnswer, NotAllowed]
        assert len(house.came) == 3


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    guard = Guard(networks_of(["127.0.0.1"]))
    with receiver() as house:
        assert asked(guard, f"http://x.example:{house.port}/", [["127.0.0.1"]]) == [204]
        house.answers(302)
        house.more = (("Location", f"http://127.0.0.1:{house.port}/other"),)
        assert asked(guard, f"http://x.example:{house.port}/", [["127.0.0.1"]]) == [302]
        assert [one.path for one in house.came] == ["/", "/"]
