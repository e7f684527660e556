"""Spans tell which operation took how long, reach a collector, and name nobody."""

import gzip
import http.server
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.surfaces.counter import Counter, buys

from regulars.runtime.installation.settings import Settings
from regulars.runtime.observing.traces import TracedDatabase, provider_of, trace_front
from regulars.runtime.problems import SetupProblem
from regulars.runtime.serving.asgi import given_with
from regulars.surfaces.app import build


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    opened = Counter.open(database)
    yield opened
    opened.close()


def asked(counter: Counter, provider: Any) -> None:
    """One purchase, one unknown member and one page, by a server that is traced."""
    import httpx

    shop = counter.shop
    traced = TracedDatabase(shop.database, provider)
    front = build(given_with(traced, counter.given.shown_program, width=2), later=True)
    trace_front(front, provider)

    async def talk() -> None:
        transport = httpx.ASGITransport(front)  # type: ignore[arg-type]
        headers = {"authorization": f"Bearer {counter.key}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://shop.test", headers=headers
        ) as client:
            sale = buys("CARD-TRACED", 500, source="till", external_id="t1")
            assert (await client.post("/v1/activities", json=sale)).status_code == 201
            assert (await client.get("/v1/members/mem_none")).status_code == 404
            assert (await client.get("/docs")).status_code == 200

    shop.run(talk())


def test_a_request_and_its_transaction_are_spans_without_personal_data(counter: Counter) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    asked(counter, provider)
    spans = kept.get_finished_spans()
    named = {span.name: dict(span.attributes or {}) for span in spans}
    assert named["record_activity"] == {
        "http.request.method": "POST",
        "http.route": "/v1/activities",
        "http.response.status_code": 201,
    }
    assert named["get_member"]["http.route"] == "/v1/members/{member_id}"
    assert named["get_member"]["http.response.status_code"] == 404
    assert named["transaction"]["regulars.program_id"] == counter.shop.program_id
    said = " ".join(span.to_json() for span in spans)
    assert [word for word in ("CARD-TRACED", counter.key, "mem_none") if word in said] == []


def test_spans_arrive_at_a_collector(
    counter: Counter, make_settings: Callable[..., Settings]
) -> None:
    got: list[tuple[str, bytes]] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            packed = self.headers.get("content-encoding") == "gzip"
            got.append((self.path, gzip.decompress(body) if packed else body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        provider = provider_of(make_settings(REGULARS_TRACES=address))
        again = Counter(counter.shop)
        asked(again, provider)
        provider.shutdown()
        server.shutdown()
    assert {path for path, _ in got} == {"/v1/traces"}
    assert b"transaction" in b"".join(body for _, body in got)


def test_without_the_setting_there_are_no_traces(make_settings: Callable[..., Settings]) -> None:
    assert provider_of(make_settings()) is None


def test_an_address_that_is_none_is_refused(make_settings: Callable[..., Settings]) -> None:
    with pytest.raises(SetupProblem, match="REGULARS_TRACES"):
        make_settings(REGULARS_TRACES="collector:4317")


def test_without_the_packages_it_says_what_to_install(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SetupProblem, match=r"pip install regulars\[traces\]"):
        provider_of(make_settings(REGULARS_TRACES="http://127.0.0.1:4318"))
