"""What a cart of Magento is made cheaper by, answered within its checkout and never in its way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.money import decimals
from regulars.engine.terms import Terms
from regulars.flows.inlets.carts.claims import OrderedCart, cart_name, claim_key
from regulars.flows.inlets.carts.offers import Wanted, open_offer
from regulars.flows.inlets.carts.promises import MOST_OFFERS, Offer, PaidCart, offer_key, told
from regulars.flows.inlets.keep_arrivals import KeepArrivals, Sent, keep_arrivals
from regulars.records.inlets import read
from regulars.records.inlets.types import Inlet
from regulars.records.once.types import digest
from regulars.records.rewards.types import Redemption
from regulars.surfaces.api.call import granted
from regulars.surfaces.connect.inlets.kinds import Post, encoded
from regulars.surfaces.connect.inlets.mapping import read_mapping
from regulars.surfaces.connect.inlets.reading import Asker, place_in, reader
from regulars.surfaces.connect.inlets.signing import Headers
from regulars.surfaces.connect.magento.events import CART, WHOLE
from regulars.surfaces.connect.magento.signing import SIGNATURE
from regulars.surfaces.given import Given

BUDGET_S: Final = 1.0
"""So long a checkout waits for us at most; then it goes on as if nobody had anything off."""
GOES_ON: Final[dict[str, Any]] = {"op": "success"}
CHANNEL: Final = "web"
MODIFIES: Final = "discount"
LONGEST: Final = 64
_decode: Final = msgspec.json.Decoder(float_hook=str).decode
Answer = dict[str, Any] | list[dict[str, Any]]


class MagentoCarts:
    """Carts of Adobe Commerce, for whoever is asked about one."""

    @property
    def goes_on(self) -> Answer:
        """What a checkout wants to hear where nothing is to be done."""
        return GOES_ON

    def sent_by(self, headers: Headers) -> bool:
        """A webhook of the shop, and no event that Adobe sends for it and tells again."""
        return SIGNATURE in headers

    async def answer(self, given: Given, inlet: Inlet, post: Post) -> Answer:
        """What a cart is made cheaper by; anything else goes on."""
        return await answer(given, inlet, post)

    def paid_cart(self, root: Any) -> PaidCart | None:
        """Of a paid order: the cart it was."""
        return paid_cart(root)

    def ordered_cart(self, root: Any) -> OrderedCart | None:
        """Of an order, paid or not: the cart it was."""
        return ordered_cart(root)


def is_cart(body: bytes) -> bool:
    """Whether this is a cart whose totals are worked out, and no order."""
    return _cart(body) is not None


async def answer(given: Given, inlet: Inlet, post: Post) -> Answer:
    """What the shop is to do with this cart: take so much off, or go on.

    Order: what is promised is kept before it is said, so that the order can use it.
    Keeps: whatever fails or takes too long, the checkout goes on.
    Source: Adobe Commerce, Totals collector use cases: a `replace` of `result`.
    """
    going = asyncio.ensure_future(_answer(given, inlet, post))
    done, _ = await asyncio.wait({going}, timeout=BUDGET_S)
    if not done:
        going.cancel()
        return GOES_ON
    return GOES_ON if going.exception() is not None else going.result()


async def _answer(given: Given, inlet: Inlet, post: Post) -> Answer:
    cart, mapping = _cart(post.body), read_mapping(inlet.mapping).cart
    quote = {} if cart is None else cart["quote"]
    number, customer = _said(quote.get("entity_id") or quote.get("id")), _customer(quote)
    if cart is None or mapping is None or not number or not customer:
        return GOES_ON
    terms = await given.programs.terms(inlet.program_id)
    place = place_in(terms)
    currency = quote.get("base_currency_code") or place.currency
    if currency != place.currency:
        return GOES_ON
    refs = reader(inlet.mapping, place).refs_of(Asker("tells", customer))
    goods = _goods(cart, decimals(place.currency))
    wanted = Wanted(inlet.inlet_id, number, refs, mapping.rewards, CHANNEL, goods)
    async with given.database.transaction(inlet.program_id) as tx:
        taken, claims = await open_offer(tx, terms, wanted)
        keys = [(inlet.inlet_id, offer_key(number, at)) for at in range(1, MOST_OFFERS + 1)]
        known = await read.known(tx, keys) if taken else {}
    if not taken:
        return GOES_ON
    amount = sum(one.promised.worth_minor for one in taken)
    offer = Offer(number, tuple(one.redemption_id for one in taken), amount)
    sent = _kept(offer, [known[key][0] for key in keys if key in known])
    keeps = [] if sent is None else [sent]
    keeps += [_claim(number, id_, at) for id_, at in claims.items() if at]
    if keeps:
        await _keep(given, inlet, keeps)
    return _off(offer, taken, terms)


async def _keep(given: Given, inlet: Inlet, keeps: list[Sent]) -> None:
    wish = KeepArrivals(inlet.inlet_id, tuple(keeps))
    granted(await given.gate.submit(inlet.program_id, keep_arrivals, wish))


def _kept(offer: Offer, before: list[UUID]) -> Sent | None:
    """The promise as an event that is to be kept; nothing where it is kept already.

    Raises: LookupError where this cart was promised too many things.
    """
    found = {WHOLE: 1, "object": CART, **told(offer)}
    content = digest(encoded(found))
    if content in before:
        return None
    if len(before) >= MOST_OFFERS:
        raise LookupError(offer.cart)
    key = offer_key(offer.cart, len(before) + 1)
    return Sent(key, content, CART, f"{CART} {offer.cart}", "", encoded(found))


def _claim(cart: str, redemption_id: UUID, number: int) -> Sent:
    """That a reward is this cart's; where another one was quicker, nothing is kept."""
    body = encoded({WHOLE: 1, "object": CART, "cart": cart})
    content = digest(cart, str(number))
    return Sent(
        claim_key(redemption_id, number), content, f"{CART} reward", cart_name(cart), "", body
    )


def _off(offer: Offer, taken: tuple[Redemption, ...], terms: Terms) -> Answer:
    scale = decimals(terms.versions[-1].program.currency)
    value = {
        "code": MODIFIES,
        "base_discount": msgspec.Raw(_plain(offer.amount_minor, scale).encode()),
        "discount_description_array": [one.promised.name for one in taken],
        "discount_rule_id_array": [],
        "discount_type": "fixed",
        "discount_item_id_array": [],
    }
    return [{"op": "replace", "path": "result", "value": value}]


def _plain(minor: int, scale: int) -> str:
    whole, part = divmod(minor, 10**scale)
    return f"{whole}.{part:0{scale}d}" if scale else str(whole)


def paid_cart(root: Mapping[str, Any]) -> PaidCart | None:
    """Of an order that is paid: the cart it was, and how much was off. Of others nothing."""
    order = root.get("order")
    if root.get("state") not in ("paid", "closed") or not isinstance(order, dict):
        return None
    number, off = _said(order.get("quote_id")), _off_it(root, order)
    return PaidCart(number, off) if number and off else None


def ordered_cart(root: Mapping[str, Any]) -> OrderedCart | None:
    """Of an order, paid or not: the cart it was, and whether it was cancelled."""
    order = root.get("order")
    number = _said(order.get("quote_id")) if isinstance(order, dict) else ""
    if not isinstance(order, dict) or not number:
        return None
    called = order.get("increment_id")
    return OrderedCart(
        number,
        order.get("state") == "canceled",
        _off_it(root, order),
        called if isinstance(called, str) else "",
    )


def _off_it(root: Mapping[str, Any], order: Mapping[str, Any]) -> int:
    """How much is off an order, in minor units."""
    scale = decimals(str(root.get("currency") or ""))
    return int(abs(_amount(order.get("base_discount_amount"))) * 10**scale)


def _cart(body: bytes) -> dict[str, Any] | None:
    try:
        found = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    within = found.get("data") if isinstance(found, dict) else None
    one = within if isinstance(within, dict) and "quote" in within else found
    if not isinstance(one, dict) or not isinstance(one.get("quote"), dict):
        return None
    return one if isinstance(one.get("shippingAssignment"), dict) or "total" in one else None


def _customer(quote: Mapping[str, Any]) -> str:
    """Whoever is signed in there; a guest may type anybody's address, and has nothing off."""
    if quote.get("customer_is_guest") in (True, 1, "1"):
        return ""
    who = quote.get("customer")
    return _said(quote.get("customer_id") or (who.get("id") if isinstance(who, dict) else None))


def _goods(cart: Mapping[str, Any], scale: int) -> int:
    """What the goods of a cart cost in minor units, less what is off them already."""
    found = cart.get("shippingAssignment")
    items = found.get("items") if isinstance(found, dict) else None
    total = Decimal(0)
    for one in items if isinstance(items, list) else ():
        if isinstance(one, dict) and not one.get("parent_item_id"):
            row = one.get("base_row_total")
            cost = _amount(one.get("base_price")) * _amount(one.get("qty"))
            total += cost if row is None else _amount(row)
            total -= abs(_amount(one.get("base_discount_amount")))
    return max(0, int(total * 10**scale))


def _amount(said: Any) -> Decimal:
    try:
        found = Decimal(0) if said is None or isinstance(said, bool) else Decimal(str(said))
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() and abs(found) < Decimal(10**12) else Decimal(0)


def _said(found: Any) -> str:
    text = str(found) if isinstance(found, (int, str)) and not isinstance(found, bool) else ""
    return text if text.isdigit() and 0 < len(text) <= LONGEST and int(text) > 0 else ""
