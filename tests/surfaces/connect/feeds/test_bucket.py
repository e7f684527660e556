"""Files in an object store: moto speaks S3 on a port of this machine."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest
from obstore.store import S3Store
from tests.surfaces.connect.feeds.drop import Drop, sold, written
from tests.surfaces.counter import Counter, problem

MOTO = Path(__file__).parents[4] / ".venv/clients/bin/moto_server"
needs_moto = pytest.mark.skipif(not MOTO.exists(), reason="make test installs moto beside us")
START_S = 60.0


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [MOTO, "-H", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL
    )
    at, until = f"http://127.0.0.1:{port}", time.monotonic() + START_S
    try:
        while True:
            try:
                assert httpx.put(f"{at}/sales").status_code == 200
                break
            except httpx.ConnectError:
                assert time.monotonic() < until
                time.sleep(0.2)
        yield at
    finally:
        running.terminate()
        running.wait(20)


@pytest.fixture
def put(store: str) -> Callable[[str, str], None]:
    """Somebody else puts an object there."""
    made = S3Store(
        "sales", endpoint=store, region="us-east-1", access_key_id="a", secret_access_key="b",
        client_options={"allow_http": True},
    )  # fmt: skip
    return lambda key, told: obstore.put(made, key, told.encode()) and None


@pytest.fixture
def drop(counter: Counter) -> Iterator[Drop]:
    made = Drop(counter)
    yield made
    made.counter.ask("DELETE", made.place)


def said(store: str, **more: Any) -> dict[str, Any]:
    wanted = {"place": "s3", "address": "s3://sales/nightly", "account": "AKIA1"}
    return wanted | {"secret": "s3cret", "endpoint": store, **more}


@needs_moto
def test_what_lies_below_a_prefix_is_read_once(
    drop: Drop, store: str, put: Callable[[str, str], None]
) -> None:
    drop.from_place(**said(store))
    put("nightly/1/a.csv", written(sold("b1"), sold("b2")))
    put("other/c.csv", written(sold("b9")))
    assert drop.look()["problem"] == ""
    assert drop.read("nightly/1/a.csv") == ("done", 2, 2, 0, 0)
    put("nightly/2/a.csv", written(sold("b2"), sold("b3")))
    drop.look()
    assert drop.read("nightly/2/a.csv") == ("done", 2, 1, 1, 0)
    assert len(drop.files()) == 2
    tried = drop.counter.post(f"{drop.place}/feed/try").json()
    assert (tried["answers"], tried["files"]) == (True, 2)


@needs_moto
def test_what_is_wrong_with_a_store_is_said(drop: Drop, store: str) -> None:
    place, ask = f"{drop.place}/feed", drop.counter.ask
    for field, value in (
        ("address", "s3://"),
        ("address", "sales/nightly"),
        ("endpoint", "http://10.0.0.7"),
        ("endpoint", "ftp://127.0.0.1"),
        ("region", "Europe!"),
        ("account", ""),
        ("private_key", "x"),
    ):
        sent = {k: v for k, v in (said(store) | {field: value}).items() if v}
        assert problem(ask("PUT", place, sent)) == (422, "invalid", f"/{field}"), value
    drop.from_place(**said(store, address="s3://nowhere/nightly"))
    assert drop.glance()["problem"] == "there is no such bucket or file"
    drop.from_place(**said("http://127.0.0.1:1999", address="s3://sales/nightly"))
    assert drop.glance()["problem"] == "it does not answer as an object store does"


@needs_moto
def test_more_files_than_a_store_lists_at_once_are_all_seen(
    drop: Drop, store: str, put: Callable[[str, str], None]
) -> None:
    for at in range(1003):  # a store lists a thousand at most
        put(f"many/ä {at:04}.csv", written(sold(f"m{at}", "1.00", "many")))
    drop.from_place(**said(store, address="s3://sales/many"))
    tried = drop.counter.post(f"{drop.place}/feed/try").json()
    assert (tried["answers"], tried["files"]) == (True, 1003)
