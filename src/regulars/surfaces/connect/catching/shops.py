"""A shop is asked from now on, tried out, or left alone: for the API and the console alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import structlog
from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.flows.inlets.keep_catch_ups import AskShop
from regulars.records.access.staff.types import By
from regulars.records.inlets.catching.types import CatchUp
from regulars.records.inlets.types import OVERLAP, Inlet, secrets_of
from regulars.surfaces.connect.catching.asking import (
    OURS,
    NotTold,
    Page,
    ShopClient,
    ask,
    shop_of,
)
from regulars.surfaces.connect.catching.hooking import Made, Where
from regulars.surfaces.connect.catching.keys import NONCE, NotOpened, ShopKeys, opened, sealed
from regulars.surfaces.connect.catching.shops_known import (
    ALLOWED,
    ASKED,
    HOOKED,
    KEY_ALONE,
    SIGNED_ASKING,
    SIGNS_BY,
    asker,
)
from regulars.surfaces.connect.outlets.crm.cases import cases_of
from regulars.surfaces.connect.outlets.crm.shapes import SignsInMap
from regulars.surfaces.connect.outlets.crm.signing_in import (
    Entered,
    Sealing,
    check_entered,
)
from regulars.surfaces.connect.outlets.salesforce.signing_in import wrong_in
from regulars.surfaces.connect.vendors import SIGNED_FOR, VENDORS
from regulars.surfaces.given import Given
from regulars.surfaces.senders.hooks.forms import secret_shown
from regulars.surfaces.senders.outgoing.client import NoAnswer
from regulars.surfaces.senders.outgoing.guard import NotAllowed

TRIED_S: Final = 15.0

log = structlog.get_logger()


class Wanted(Struct, frozen=True):
    """What somebody wants of a shop; what is empty stays."""

    address: str = ""
    key: str = ""
    secret: str = ""
    since: datetime | None = None
    client: str = ""
    consumer: str = ""
    consumer_secret: str = ""
    token_secret: str = ""
    token_address: str = ""
    refresh_token: str = ""

    def __repr__(self) -> str:
        return f"Wanted({self.address})"


SAID: Final = tuple(name for name in Wanted.__struct_fields__ if name != "since")
"""What of it is a text, as it is typed."""
_SIGNED_BY: Final = ("consumer", "consumer_secret", "token_secret")


def asks_for(
    given: Given, inlet: Inlet, wanted: Wanted, by: By, before: CatchUp | None = None
) -> AskShop:
    """The command for what is wanted, its keys encrypted.

    Keeps: of a shop that signs by its secret, the one before is good beside a new one for a week:
    a shop goes on signing by the old one until it is revoked there.

    Faults: Invalid for a kind nobody asks, an address we do not talk to, half a pair of keys.
    """
    _asked_so(inlet)
    if wanted.address:
        try:
            parts = given.receivers.check_url(wanted.address)
        except NotAllowed as why:
            mend = "Say where the shop is, as https://shop.example.org"
            raise Invalid(why.why, field="/address", mend=mend) from None
        if parts.query:
            mend = "Leave out what stands behind the question mark"
            raise Invalid("This is no address of a shop", field="/address", mend=mend)
    alone = inlet.kind in KEY_ALONE and wanted.key
    if bool(wanted.key) != bool(wanted.secret) and not alone:
        field = "/secret" if wanted.key else "/key"
        raise Invalid("A key goes with its secret", field=field, mend="Send both")
    if not (wanted.key + wanted.secret).isascii() or ":" in wanted.key:
        raise Invalid("This is no key", field="/key", mend="Copy it from the shop once more")
    _check_signer(inlet, wanted)
    entered = Entered(wanted.key, wanted.secret, wanted.token_address, wanted.refresh_token)
    check_entered(_signs_in(inlet), entered, given.receivers)
    keys = b""
    if wanted.key:
        place = (inlet.program_id, inlet.inlet_id)
        signed = {name: getattr(wanted, name) for name in _SIGNED_BY}
        pair = ShopKeys(
            wanted.key, wanted.secret, client=wanted.client, **signed,
            token_address=wanted.token_address, refresh=wanted.refresh_token,
        )  # fmt: skip
        pair = _after(given, inlet, pair, before)
        keys = sealed(given.keyed, place, pair, given.random_bytes(NONCE))
    address = wanted.address.rstrip("/")
    return AskShop(inlet.inlet_id, by, address, keys, wanted.since, given.clock())


def _signs_in(inlet: Inlet) -> SignsInMap | None:
    return cases_of(inlet.mapping)[0].signs_in if inlet.kind == "crm" else None


def _check_signer(inlet: Inlet, wanted: Wanted) -> None:
    """Who signs, and by what, where a shop of this kind has any. Faults: Invalid."""
    if inlet.kind == "salesforce":
        wrong = wrong_in(wanted.key, wanted.secret, wanted.client)
        if wrong is not None:
            field, says, mend = wrong
            raise Invalid(says, field=field, mend=mend)
    if wanted.secret and inlet.kind in SIGNS_BY and not SIGNS_BY[inlet.kind](wanted.secret):
        mend = "Copy the whole public key, from BEGIN to END"
        raise Invalid("This is no public key of RSA", field="/secret", mend=mend)
    known = inlet.kind in (*SIGNED_FOR, "salesforce") and wanted.key
    if wanted.client and not (known and wanted.client.isascii() and wanted.client.isprintable()):
        mend = "Send it with the access token of a source of the kind magento, or leave it out"
        raise Invalid("Nobody signs for this shop", field="/client", mend=mend)
    _check_signed(inlet, wanted)


def _check_signed(inlet: Inlet, wanted: Wanted) -> None:
    """By what requests are signed: all of it, with its token, where a shop wants that.

    Keeps: whoever enters another token alone asks without signing; secrets of the one before do
    not go with it, and stay with the same one. Faults: Invalid.
    """
    said = {name: getattr(wanted, name) for name in _SIGNED_BY}
    if not any(said.values()):
        return
    if inlet.kind not in SIGNED_ASKING:
        mend = "Leave it out; it is for sources of the kind magento"
        raise Invalid("Requests to this shop are not signed", field="/consumer", mend=mend)
    for name, value in (*said.items(), ("key", wanted.key)):
        if not value or not (value.isascii() and value.isprintable()):
            says = "Consumer key and secret, access token and its secret go together"
            raise Invalid(says, field=f"/{name}", mend="Copy all four from the integration")


def _asked_so(inlet: Inlet) -> None:
    """Somebody knows how it is asked. Faults: Invalid."""
    if inlet.kind not in ASKED:
        mend = f"Add a source of one of the kinds {', '.join(ASKED)}"
        raise Invalid("Nobody knows how to ask a shop of this kind", field="/address", mend=mend)
    if inlet.kind != "crm":
        return
    try:
        cases_of(inlet.mapping)
    except NotTold as why:
        mend = "Say under `cases:` where its list of cases is and what its fields are called"
        raise Invalid(why.why.capitalize(), field="/mapping", mend=mend) from None


def _after(given: Given, inlet: Inlet, pair: ShopKeys, before: CatchUp | None) -> ShopKeys:
    if before is None or not VENDORS[inlet.kind].signs_by_its_own:
        return pair
    try:
        old = opened(given.keyed, (inlet.program_id, inlet.inlet_id), before.keys)
    except NotOpened:
        return pair
    if pair.key == old.key and not pair.consumer:
        signed = {name: getattr(old, name) for name in _SIGNED_BY}
        pair = replace(pair, **signed)
    if old.secret == pair.secret or not pair.secret:
        pair = replace(pair, secret=old.secret, before=old.before, until=old.until)
        return replace(pair, client=pair.client or old.client)
    pair = replace(pair, client=pair.client or old.client)
    if not old.secret:
        return pair
    return replace(pair, before=old.secret, until=given.now(inlet.program_id) + OVERLAP)


async def tried(given: Given, inlet: Inlet, one: CatchUp) -> Page:
    """The next page of a shop, which is not kept. Raises: NotTold."""
    if inlet.kind not in ASKED:
        raise NotTold("nobody knows how to ask a shop of this kind")
    async with _client(given) as client:
        vendor = asker(inlet.kind, inlet.mapping)
        try:
            place = (inlet.program_id, one)
            by = Sealing(given.database.transaction, given.keyed, given.random_bytes)
            keeps = by.keeps((inlet.program_id, inlet.inlet_id), one.keys)
            page = await ask(client.send, vendor, given.keyed, place, given.clock(), keeps)
            if inlet.kind in ALLOWED:
                await ALLOWED[inlet.kind](client.send, shop_of(given.keyed, place))
            return page
        except NotTold:
            raise
        except Exception:
            log.exception("inlets.shop_broke", program_id=inlet.program_id)
            raise NotTold(OURS) from None


async def hooked(given: Given, inlet: Inlet, one: CatchUp, address: str) -> Made:
    """Webhooks that send here are made in the shop. Raises: NotTold."""
    if inlet.kind not in HOOKED:
        raise NotTold("webhooks of a shop of this kind are made there by hand")
    async with _client(given) as client:
        try:
            shop = shop_of(given.keyed, (inlet.program_id, one))
            secret = secret_shown(secrets_of(given.keyed, inlet, given.now(inlet.program_id))[0])
            where = Where(address, secret, given.random_bytes(16).hex())
            return await HOOKED[inlet.kind](client.send, shop, where)
        except (NoAnswer, NotAllowed) as why:
            raise NotTold(why.why) from None


def sealing(given: Given, inlet: Inlet, one: CatchUp, secret: str, by: By) -> AskShop:
    """The command by which a secret that a shop made itself is kept, encrypted, beside its key."""
    place = (inlet.program_id, inlet.inlet_id)
    pair = _after(given, inlet, replace(opened(given.keyed, place, one.keys), secret=secret), one)
    return AskShop(
        inlet.inlet_id, by, keys=sealed(given.keyed, place, pair, given.random_bytes(NONCE))
    )


@asynccontextmanager
async def _client(given: Given) -> AsyncIterator[ShopClient]:
    client = ShopClient(given.receivers, patience_s=TRIED_S, wide=1)
    try:
        yield client
    finally:
        await client.close()
