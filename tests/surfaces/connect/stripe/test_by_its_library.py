"""Our account answers Stripe's own library as Stripe does, so that what we ask of it is real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest
import stripe
from tests.surfaces.connect.stripe.account import Account, signed
from tests.surfaces.connect.stripe.served import Served, served_on_a_port


@pytest.fixture
def served() -> Iterator[Served]:
    with served_on_a_port(Account(datetime(2026, 3, 2, 9, tzinfo=UTC))) as server:
        yield server


@pytest.fixture
def client(served: Served) -> stripe.StripeClient:
    return stripe.StripeClient(served.account.key, base_addresses={"api": served.url})


def test_it_reads_a_subscription_its_invoices_and_what_was_given_back(
    served: Served, client: stripe.StripeClient
) -> None:
    account = served.account
    sub_id = account.subscribes("ada@x.org", member="mem_1")
    invoice_id = account.renews(sub_id)
    account.gives_back(invoice_id, 1200)
    sub = client.v1.subscriptions.retrieve(sub_id, params={"expand": ["customer"]})
    assert isinstance(sub.customer, stripe.Customer)
    assert (sub.status, sub.customer.email) == ("active", "ada@x.org")
    assert sub["items"].data[0].price.id == "price_plus"
    invoices = client.v1.invoices.list(params={"subscription": sub_id, "limit": 100})
    assert [one.billing_reason for one in invoices.data] == [
        "subscription_cycle",
        "subscription_create",
    ]
    payments = client.v1.invoice_payments.list(
        params={"payment": {"type": "payment_intent", "payment_intent": account_intent(account)}}
    )
    assert [one.invoice for one in payments.data] == [invoice_id]
    (charge,) = (row for row in account.rows["charges"].values() if row["amount_refunded"])
    (back,) = client.v1.refunds.list(params={"charge": charge["id"]}).data
    assert (back.amount, back.status) == (1200, "succeeded")
    dispute = account.disputes(invoice_id)
    (charged,) = client.v1.charges.list(params={"customer": sub.customer.id, "limit": 1}).data
    assert (charged.disputed, charged.id) == (True, charge["id"])
    (found,) = client.v1.disputes.list(params={"charge": charged.id}).data
    assert (found.id, found.amount, found.status) == (dispute, 4900, "needs_response")
    lines = client.v1.invoices.line_items.list(invoice_id).data
    assert [line.amount for line in lines] == [4900]


def account_intent(account: Account) -> str:
    """The payment of which something was given back."""
    (charge,) = (row for row in account.rows["charges"].values() if row["amount_refunded"])
    return str(charge["payment_intent"])


def test_it_goes_through_events_page_by_page(served: Served, client: stripe.StripeClient) -> None:
    account = served.account
    for number in range(5):
        account.subscribes(f"{number}@x.org")
    found = client.v1.events.list(params={"limit": 4, "created": {"gte": 0}})
    every = [one.id for one in found.auto_paging_iter()]
    assert every == [one["id"] for one in reversed(account.told)]


def test_a_wrong_key_and_a_wrong_number_are_its_own_errors(
    served: Served, client: stripe.StripeClient
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.retrieve("sub_none")
    wrong = stripe.StripeClient("rk_other", base_addresses={"api": served.url})
    with pytest.raises(stripe.AuthenticationError):
        wrong.v1.subscriptions.retrieve("sub_none")


def test_asked_twice_under_one_key_it_makes_one_session(
    served: Served, client: stripe.StripeClient
) -> None:
    wish = {
        "mode": "subscription",
        "line_items": [{"price": "price_plus", "quantity": 1}],
        "success_url": "https://shop.example.org/card",
    }
    one = client.v1.checkout.sessions.create(params=wish, options={"idempotency_key": "k1"})
    again = client.v1.checkout.sessions.create(params=wish, options={"idempotency_key": "k1"})
    assert (one.id, one.url) == (again.id, again.url)
    other = wish | {"success_url": "https://other.example.org"}
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.create(params=other, options={"idempotency_key": "k1"})
    portal = client.v1.billing_portal.sessions.create(params={"customer": "cus_1"})
    assert portal.url.startswith("https://pay.example.org/")


def test_its_library_takes_our_signature_for_its_own(served: Served) -> None:
    served.account.subscribes("ada@x.org")
    body = msgspec.json.encode(served.account.told[0])
    header = signed(body, datetime.now(UTC), "whsec_a")
    event = stripe.Webhook.construct_event(body, header, "whsec_a")
    assert event.type == "customer.subscription.created"
