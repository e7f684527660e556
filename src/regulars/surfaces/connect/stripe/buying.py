"""A membership is bought at Stripe's own pages: what it is asked for, and where a member goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.benefits.plans import read as plans
from regulars.records.inlets import read as inlets
from regulars.records.inlets.catching import read as catching
from regulars.records.inlets.catching.types import CatchUp
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.catching.asking import NotTold, Shop, ShopClient, shop_of
from regulars.surfaces.connect.inlets.mapping import read_mapping
from regulars.surfaces.connect.stripe.asking import Fields, StripeApi
from regulars.surfaces.connect.stripe.events import WHOLE, subscription_of, text
from regulars.surfaces.connect.stripe.telling import MEMBER
from regulars.surfaces.given import Given

PATIENCE_S: Final = 15.0
SUBSCRIPTION: Final = "sub_"
LONGEST: Final = 2_000


class Seller(NamedTuple):
    """The account where memberships of a program are bought."""

    program_id: int
    source: str
    account: CatchUp
    prices: Mapping[str, str]
    """By plan: what is paid for it there."""


class Wish(NamedTuple):
    """What somebody wants to buy."""

    member_id: UUID
    plan: str
    email: str
    trial_days: int
    back: str
    """Where they come back to."""
    once: str
    """The same wish sent twice is one."""


async def seller(tx: Tx) -> Seller | None:
    """Where this program's memberships are bought; nothing where no account is connected.

    Order: the oldest source that goes on, has its key, and knows which price is which plan.
    """
    accounts = await catching.all_of_them(tx)
    for one in await inlets.inlets(tx):
        account = accounts.get(one.inlet_id)
        if one.kind != "stripe" or one.state != "active" or account is None:
            continue
        event = read_mapping(one.mapping).events.get(WHOLE)
        if event is not None and event.membership is not None and event.membership.plans:
            found = {plan: price for price, plan in reversed(event.membership.plans.items())}
            return Seller(tx.program_id, one.source, account, found)
    return None


async def subscription_behind(tx: Tx, one: Seller, membership_id: UUID) -> str:
    """By which number there a membership was begun; empty for one that was begun elsewhere."""
    turns = await plans.turns(tx, membership_id)
    return turns[0].external_id if turns and turns[0].source == one.source else ""


async def checkout(given: Given, one: Seller, wish: Wish) -> str:
    """Where they pay: a page of Stripe, made for this wish. Raises: NotTold.

    Keeps: the member's id stands in the subscription itself, so that whatever address they pay
    with, it is theirs.
    """
    who = shown("mem", wish.member_id)
    form: Fields = (
        ("mode", "subscription"),
        ("line_items[0][price]", one.prices[wish.plan]),
        ("line_items[0][quantity]", "1"),
        ("client_reference_id", who),
        (f"subscription_data[metadata][{MEMBER}]", who),
        ("success_url", f"{wish.back}?bought=yes"),
        ("cancel_url", wish.back),
    )
    if wish.trial_days:
        form = (*form, ("subscription_data[trial_period_days]", str(wish.trial_days)))
    if wish.email:
        form = (*form, ("customer_email", wish.email))
    return await _address(given, one, "checkout/sessions", form, wish.once)


async def portal(given: Given, one: Seller, begun_by: str, back: str, once: str) -> str:
    """Where they change how they pay, or cancel. Raises: NotTold."""

    async def customer(api: StripeApi) -> str:
        number = begun_by
        if not number.startswith(SUBSCRIPTION):  # begun by a payment: an invoice names the rest
            number = subscription_of(await api.get(f"invoices/{number}"))
        return text((await api.get(f"subscriptions/{number}")).get("customer"))

    client = ShopClient(given.receivers, patience_s=PATIENCE_S, wide=1)
    try:
        found = await customer(StripeApi(client.send, _shop(given, one)))
    finally:
        await client.close()
    form = (("customer", found), ("return_url", back))
    return await _address(given, one, "billing_portal/sessions", form, once)


async def _address(given: Given, one: Seller, path: str, form: Fields, once: str) -> str:
    client = ShopClient(given.receivers, patience_s=PATIENCE_S, wide=1)
    try:
        api = StripeApi(client.send, _shop(given, one))
        found: Any = (await api.post(path, form, f"regulars {one.program_id} {once}")).get("url")
    finally:
        await client.close()
    if not isinstance(found, str) or not found.startswith("https://") or len(found) > LONGEST:
        raise NotTold("it answers something that is no address")
    return found


def _shop(given: Given, one: Seller) -> Shop:
    return shop_of(given.keyed, (one.program_id, one.account))


def days_until(now: datetime, ends: datetime) -> int:
    """So many days, by the nearest, as clocks may be put back meanwhile; one at least."""
    return max(1, (ends - now + timedelta(hours=12)).days)
