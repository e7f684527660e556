"""Files in an object store: moto speaks S3 on a port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from tests.surfaces.connect.feeds.drop import Drop, sold, written
from tests.surfaces.counter import Counter, problem

LOGIN = {"aws_access_key_id": "AKIA1", "aws_secret_access_key": "s3cret"}


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def client(store: str) -> Any:
    made = boto3.client("s3", endpoint_url=store, region_name="us-east-1", **LOGIN)
    made.create_bucket(Bucket="sales")
    return made


@pytest.fixture
def drop(counter: Counter) -> Iterator[Drop]:
    made = Drop(counter)
    yield made
    made.counter.ask("DELETE", made.place)


def said(store: str, **more: Any) -> dict[str, Any]:
    wanted = {"place": "s3", "address": "s3://sales/nightly", "account": "AKIA1"}
    return wanted | {"secret": "s3cret", "endpoint": store, **more}


def test_what_lies_below_a_prefix_is_read_once(drop: Drop, store: str, client: Any) -> None:
    drop.from_place(**said(store))
    client.put_object(Bucket="sales", Key="nightly/1/a.csv", Body=written(sold("b1"), sold("b2")))
    client.put_object(Bucket="sales", Key="other/c.csv", Body=written(sold("b9")))
    assert drop.look()["problem"] == ""
    assert drop.read("nightly/1/a.csv") == ("done", 2, 2, 0, 0)
    client.put_object(Bucket="sales", Key="nightly/2/a.csv", Body=written(sold("b2"), sold("b3")))
    drop.look()
    assert drop.read("nightly/2/a.csv") == ("done", 2, 1, 1, 0)
    assert len(drop.files()) == 2
    tried = drop.counter.post(f"{drop.place}/feed/try").json()
    assert (tried["answers"], tried["files"]) == (True, 2)


def test_what_is_wrong_with_a_store_is_said(drop: Drop, store: str, client: Any) -> None:
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
