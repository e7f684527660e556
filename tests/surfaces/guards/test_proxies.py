"""Whose word is believed about who asks: proxies that are named, and nobody else's."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from regulars.runtime.installation.settings import read_settings
from regulars.runtime.problems import SetupProblem
from regulars.surfaces.api.front.asgi import Front
from regulars.surfaces.api.front.proxies import LOOPBACK, TOLD, Believing, proxies_of
from regulars.surfaces.ui.coming import cookie_of

BROWSER, STRANGER, NGINX, EDGE = "203.0.113.9", "198.51.100.7", "172.18.0.2", "10.1.0.5"
BOTH = f"{NGINX}, 10.1.0.0/16"


class _Nothing:
    """A desk that answers at no address."""

    addresses = None


def seen(near: str, believed: str = "loopback", **told: str) -> tuple[str, str, str]:
    """From where, by which scheme and under which name a request comes, as pages see it."""
    headers = [(b"host", b"inside:8000")]
    for name, value in told.items():
        headers.append((f"x-forwarded-{name}".encode(), value.encode()))
    scope = {"type": "http", "scheme": "http", "client": (near, 5), "headers": headers}
    nothing: Any = _Nothing()
    front = Front(nothing, nothing, nothing, proxies_of(believed))
    found: dict[str, Any] = {}

    async def pages(scope: Any, receive: Any, send: Any) -> None:
        found.update(scope)

    asyncio.run(Believing(pages, proxies_of(believed))(scope, None, None))
    kept = dict(found["headers"])
    assert not TOLD & kept.keys()
    # The API, which goes a way of its own, believes the same.
    by_tls = front.by_tls("http", (near, 5), headers)
    assert by_tls == (found["scheme"] == "https")
    return found["client"][0], found["scheme"], kept[b"host"].decode()


@pytest.mark.parametrize(
    ("near", "believed", "told", "expected"),
    [
        # Nobody stands between.
        (BROWSER, "loopback", {}, (BROWSER, "http", "inside:8000")),
        # Nginx on this machine hands on what it knows.
        ("127.0.0.1", "loopback", {"for": BROWSER, "proto": "https", "host": "club.example"},
         (BROWSER, "https", "club.example")),
        ("::1", "loopback", {"for": BROWSER, "proto": "HTTPS"}, (BROWSER, "https", "inside:8000")),
        ("::ffff:127.0.0.1", "loopback", {"for": BROWSER}, (BROWSER, "http", "inside:8000")),
        # A stranger says what they like, also from the network next door.
        (STRANGER, "loopback", {"for": "127.0.0.1", "proto": "https", "host": "evil.example"},
         (STRANGER, "http", "inside:8000")),
        (NGINX, "loopback", {"for": BROWSER, "proto": "https"}, (NGINX, "http", "inside:8000")),
        (STRANGER, "private", {"for": BROWSER}, (STRANGER, "http", "inside:8000")),
        ("127.0.0.1", "none", {"for": BROWSER, "proto": "https"},
         ("127.0.0.1", "http", "inside:8000")),
        # What a browser wrote itself stands before what the proxy wrote.
        (NGINX, "private", {"for": f"6.6.6.6, {BROWSER}", "proto": "https, http",
                            "host": "evil.example, club.example"},
         (BROWSER, "http", "club.example")),
        # Two of ours, one behind the other: lists as long as the way, or replaced on it.
        (NGINX, BOTH, {"for": f"6.6.6.6, {BROWSER}, {EDGE}", "proto": "gopher, https, http"},
         (BROWSER, "https", "inside:8000")),
        (NGINX, BOTH, {"for": f"{BROWSER}, {EDGE}", "proto": "https"},
         (BROWSER, "https", "inside:8000")),
        # All of them ours, or no address at all: the farthest that is one.
        (NGINX, BOTH, {"for": EDGE}, (EDGE, "http", "inside:8000")),
        (NGINX, BOTH, {"for": f"unknown, {EDGE}"}, (EDGE, "http", "inside:8000")),
        (NGINX, BOTH, {"for": "", "proto": "", "host": ""}, (NGINX, "http", "inside:8000")),
    ],
)  # fmt: skip
def test_who_asks(
    near: str, believed: str, told: dict[str, str], expected: tuple[str, str, str]
) -> None:
    assert seen(near, believed, **told) == expected


def test_nobody_says_for_themselves_from_where_they_come() -> None:
    assert seen(STRANGER, **{"for": "127.0.0.1", "proto": "https"})[:2] == (STRANGER, "http")
    assert seen("127.0.0.1", **{"for": f"127.0.0.1, {BROWSER}"})[0] == BROWSER
    assert seen("127.0.0.1", **{"for": f"6.6.6.6, {BROWSER}"})[0] == BROWSER


def test_who_is_not_believed_is_remembered_for_the_doctor_and_not_without_end() -> None:
    strangers: dict[str, int] = {}
    believing = Believing(None, LOOPBACK, strangers)
    for place in [*range(40), 3]:
        told = [(b"x-forwarded-for", b"1.2.3.4")]
        believing.seen({"client": (f"10.0.0.{place}", 1), "headers": told, "scheme": "http"})
    believing.seen({"client": ("10.9.9.9", 1), "headers": [], "scheme": "http"})
    assert len(strangers) == 16
    assert strangers["10.0.0.3"] == 2


def test_the_setting_says_whose_word_is_believed_and_a_child_reads_the_same() -> None:
    assert read_settings({}).proxies == LOOPBACK
    settings = read_settings({"REGULARS_TRUSTED_PROXIES": "loopback, 172.18.0.2 10.0.0.0/8"})
    assert str(settings.proxies) == "127.0.0.0/8, ::1/128, 172.18.0.2/32, 10.0.0.0/8"
    assert read_settings(settings.as_environment()).proxies == settings.proxies
    nobody = read_settings({"REGULARS_TRUSTED_PROXIES": "none"})
    assert str(nobody.proxies) == "nobody"
    assert read_settings(nobody.as_environment()).proxies == nobody.proxies


@pytest.mark.parametrize("said", ["all", "0.0.0.0/0", "::/0", "10.0.0.7/8", "nginx", "10.0.0.256"])
def test_what_is_no_proxy_is_refused_with_a_remedy(said: str) -> None:
    with pytest.raises(SetupProblem, match="REGULARS_TRUSTED_PROXIES"):
        read_settings({"REGULARS_TRUSTED_PROXIES": said})


def test_a_cookie_over_tls_is_of_this_host_alone() -> None:
    made = cookie_of("one", "x", tls=True, site="strict").to_header(header="").strip()
    assert made.split("; ")[0] == "__Host-one=x"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= set(made.split("; "))
