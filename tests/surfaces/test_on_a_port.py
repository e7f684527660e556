"""The real web server on a real port: starts, answers, forgets nothing, ends."""

from collections.abc import Iterator

import httpx
import pytest
from tests.makers import Made
from tests.surfaces.counter import Counter, coffee
from tests.surfaces.port import serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(
    database: Made, counter: Counter, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A web server in a process of its own on the database of the counter."""
    headers = {"authorization": f"Bearer {counter.key}"}
    with (
        serving(database, tmp_path_factory.mktemp("home"), anew=True) as address,
        httpx.Client(base_url=address, headers=headers) as client,
    ):
        yield client


def test_a_till_talks_to_the_real_server(served: httpx.Client, counter: Counter) -> None:
    sent = coffee("PORT-1", 2, source="till", external_id="port-1")
    first = served.post("/v1/activities", json=sent)
    again = served.post("/v1/activities", json=sent)
    assert (first.status_code, again.content) == (201, first.content)
    assert served.get(first.headers["location"]).json()["kind"] == "purchase"
    assert served.get("/").status_code == 200
    assert served.head("/docs").status_code == 200
    chunks = iter([b'{"kind": "vis', b'it"}'])
    sent_in_pieces = served.post(
        "/v1/activities", content=chunks, headers={"content-type": "application/json"}
    )
    assert sent_in_pieces.status_code == 201
    too_much = iter([b" " * 100_000] * 20)
    # Who is refused amid a body has a connection of their own: the server ends it.
    alone = {"connection": "close"}
    refused = served.post("/v1/members", content=too_much, headers=alone)
    assert refused.status_code in (413, 415)
    assert served.request("PURGE", "/v1/members").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert counter.shop.balances("PORT-1") == {"points": (7, 0, 0), "stamps": (2, 0, 0)}


def test_addresses_and_methods_are_the_same_the_short_way(served: httpx.Client) -> None:
    head = served.head("/v1/rewards")
    body = served.get("/v1/rewards")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(body.content))
    options = served.options("/v1/activities")
    assert (options.status_code, options.headers["allow"]) == (204, "OPTIONS, POST")
    assert served.get("/v1/members?limit=1").json()["has_more"] is False
    assert served.get("/v1/members?nonsense=%C3%BC").json()["code"] == "bad_parameter"
    assert served.get("/v1/rewards/").content == body.content
    assert served.get("/v1/members/%2e%2e%2fx").status_code == 404
    assert served.get("/nowhere/%C3%BC").json()["code"] == "not_found"
    assert served.post("/v1/members", content=b"{").json()["code"] == "unsupported_media_type"
