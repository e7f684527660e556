"""WordPress speaks HTTP/1.0 to the real server: its first call, and a signed order."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest
from tests.makers import Made
from tests.surfaces.connect.woocommerce.shop import Hook, WooShop
from tests.surfaces.counter import Counter
from tests.surfaces.port import serving

pytestmark = pytest.mark.slow


def told(address: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """What the server says to a request of HTTP/1.0, up to its end."""
    parts = urlsplit(address)
    lines = [f"POST {path} HTTP/1.0", f"host: {parts.netloc}", "connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode()
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=10) as line:
        line.sendall(head + body)
        answer = b""
        while part := line.recv(65_536):
            answer += part
    return answer


def test_a_shop_is_heard_in_http_1_0(database: Made, counter: Counter, tmp_path: Path) -> None:
    shop = WooShop(90_000)
    shop.pays(shop.order("10.00", "port@x.org"))
    body = msgspec.json.encode(shop.told[-1])
    with serving(database, tmp_path) as address:
        key = {"authorization": f"Bearer {counter.key}"}
        wish = {"name": "Tea", "kind": "woocommerce"}
        made = httpx.post(f"{address}/v1/inlets", json=wish, headers=key).json()
        hook = Hook.__new__(Hook)
        hook.words = made["secret"]
        path = made["inlet"]["address"]
        form = {"content-type": "application/x-www-form-urlencoded"}
        greeted = told(address, path, form, b"webhook_id=5")
        assert greeted.split(b"\r\n")[0].split(b" ")[1] == b"200"
        kept = told(address, path, hook.headers(body), body)
        assert kept.split(b"\r\n")[0].split(b" ")[1] == b"202"
        refused = told(address, path, hook.headers(body), body + b" ")
        assert refused.split(b"\r\n")[0].split(b" ")[1] == b"401"
