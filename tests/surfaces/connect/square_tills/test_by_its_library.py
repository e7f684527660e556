"""Our account answers Square's own client as Square does, and as its published document says."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import msgspec
import pytest
from square import Square
from square.core.api_error import ApiError
from square.types.order_updated_event import OrderUpdatedEvent
from square.types.payment_updated_event import PaymentUpdatedEvent
from square.types.refund_updated_event import RefundUpdatedEvent
from tests.surfaces.connect.square.published import ABSENT, WHERE, Published
from tests.surfaces.connect.square_tills.account import AT, Account, said

TEA = ("Tea", "3", 1000)


class _Door(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        status, found = self.server.account.answer(
            self.command, self.path, self.headers["authorization"], self.rfile.read(length)
        )
        body = msgspec.json.encode(found)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """It says nothing."""


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Account, Square]]:
    account = Account()
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Door)
    server.account = account
    going = Thread(target=server.serve_forever, daemon=True)
    going.start()
    yield account, Square(base_url=f"http://127.0.0.1:{server.server_port}", token=account.token)
    server.shutdown()
    server.server_close()
    going.join()


def test_its_client_reads_orders_payments_and_customers(served: tuple[Account, Square]) -> None:
    account, client = served
    who = account.customer(email_address="ada@x.org", reference_id="44")
    sale = account.sells(TEA, customer=who)
    back = account.takes_back(sale, {0: "1"})
    order: Any = client.orders.get(order_id=back).order
    (given,) = order.returns
    assert (given.source_order_id, given.return_line_items[0].quantity) == (sale, "1")
    found: Any = client.orders.batch_get(order_ids=[sale, "nothing"]).orders
    assert [one.total_money.amount for one in found] == [3000]
    paid: Any = client.payments.get(payment_id=order.refunds[0].tender_id).payment
    assert (paid.order_id, paid.refunded_money.amount) == (sale, 1000)
    people: Any = client.customers.bulk_retrieve_customers(customer_ids=[who, "gone"]).responses
    assert people[who].customer.reference_id == "44"
    assert people["gone"].customer is None
    with pytest.raises(ApiError) as wrong:
        client.orders.get(order_id="gone")
    assert wrong.value.status_code == 404


def test_its_client_goes_through_a_search_page_by_page(served: tuple[Account, Square]) -> None:
    account, client = served
    for _ in range(5):
        account.sells(TEA)
    query: Any = {
        "filter": {
            "state_filter": {"states": ["COMPLETED"]},
            "date_time_filter": {"updated_at": {"start_at": said(AT)}},
        },
        "sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"},
    }
    seen: list[Any] = []
    cursor = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page: Any = client.orders.search(location_ids=["L1"], query=query, limit=2, **more)
        seen += page.orders
        cursor = page.cursor
        if not cursor:
            break
    times = [one.updated_at for one in seen]
    assert (len(seen), times) == (len(account.orders), sorted(times))
    other = query | {"sort": {"sort_field": "CREATED_AT"}}
    with pytest.raises(ApiError):
        client.orders.search(location_ids=["L1"], query=other)


def test_its_events_are_what_the_client_reads(served: tuple[Account, Square]) -> None:
    account, _ = served
    sale = account.sells(TEA)
    account.gives_money_back(sale, 500)
    shapes = {
        "order.updated": OrderUpdatedEvent, "payment.updated": PaymentUpdatedEvent,
        "refund.updated": RefundUpdatedEvent,
    }  # fmt: skip
    for event in account.told:
        if (shape := shapes.get(event["type"])) is not None:
            read: Any = shape.model_validate(event)
            assert read.event_id == event["event_id"]
            assert read.data.object is not None


def test_its_objects_are_what_the_published_document_says(served: tuple[Account, Square]) -> None:
    if not WHERE.exists():
        pytest.skip(ABSENT)
    published, (account, _) = Published(), served
    who = account.customer(email_address="bo@x.org")
    sale = account.sells(TEA, ("Beans", "1.250", 800), customer=who)
    account.takes_back(sale, {0: "1"})
    account.gives_money_back(sale, 500)
    for order in account.orders.values():
        published.hold_object("Order", order)
    for payment in account.payments.values():
        published.hold_object("Payment", payment)
    published.hold_object("Customer", account.customers[who])
