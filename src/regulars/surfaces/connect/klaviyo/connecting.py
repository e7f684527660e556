"""A program is connected with Klaviyo, or tried out: for the API and the console alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.flows.telling.hooks.klaviyo.keep_link import Connect
from regulars.records.access.staff.types import By
from regulars.records.outbox.hooks import read as hooks
from regulars.records.outbox.hooks.types import Hook
from regulars.records.outbox.klaviyo import read
from regulars.records.outbox.klaviyo.types import Klaviyo
from regulars.surfaces.connect.catching.asking import NotTold, ShopClient
from regulars.surfaces.connect.catching.keys import NONCE
from regulars.surfaces.connect.klaviyo.asking import account_of, answered, asked, sealed_key
from regulars.surfaces.connect.klaviyo.metrics import TYPES
from regulars.surfaces.given import Given
from regulars.surfaces.senders.outgoing.guard import NotAllowed

TRIED_S: Final = 15.0
LONGEST_KEY: Final = 200


class Wanted(Struct, frozen=True):
    """What somebody wants; what is not said stays."""

    key: str = ""
    address: str = ""
    list_id: str | UnsetType = UNSET
    shares: tuple[str, ...] | UnsetType = UNSET
    takes_yes: bool | UnsetType = UNSET

    def __repr__(self) -> str:
        return f"Wanted({self.address})"


class Stands(Struct, frozen=True):
    """How a program is connected, and how far behind it is."""

    link: Klaviyo
    hook: Hook
    waiting: int
    dead: int
    waits_since: datetime | None


def wish_for(given: Given, program_id: int, wanted: Wanted, by: By) -> Connect:
    """The command for what is wanted, its key encrypted.

    Faults: Invalid for an address we do not talk to, or for what is no key or list of Klaviyo.
    """
    address = wanted.address.strip().rstrip("/")
    if address:
        try:
            parts = given.receivers.check_url(address)
        except NotAllowed as why:
            mend = "Leave it out: it is https://a.klaviyo.com"
            raise Invalid(why.why, field="/address", mend=mend) from None
        if parts.query or parts.path not in ("", "/"):
            mend = "Say where its API is, as https://a.klaviyo.com"
            raise Invalid("This is no address of Klaviyo", field="/address", mend=mend)
    key = wanted.key.strip()
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        mend = "Copy the private key from Klaviyo once more"
        raise Invalid("This is no key", field="/key", mend=mend)
    list_id = wanted.list_id
    if isinstance(list_id, str):
        list_id = list_id.strip()
        if list_id and not (list_id.isascii() and list_id.isalnum() and len(list_id) <= 40):
            mend = "Copy the list's id from its address in Klaviyo, as Y6nRLr; or leave it empty"
            raise Invalid("This is no id of a list", field="/list_id", mend=mend)
    keys = sealed_key(given.keyed, program_id, key, given.random_bytes(NONCE)) if key else b""
    return Connect(by, TYPES, address, keys, list_id, wanted.shares, wanted.takes_yes)


async def stands(tx: Tx) -> Stands:
    """How this program is connected. Faults: NotFound."""
    link = await read.link(tx)
    if link is None:
        raise NotFound("This program is not connected with Klaviyo")
    hook = (await hooks.some_hooks(tx, [link.hook_id]))[link.hook_id]
    counts = (await hooks.how_many(tx, link.hook_id)).get(link.hook_id, {})
    since = await read.waits_since(tx, link.hook_id) if counts.get("waiting") else None
    return Stands(link, hook, counts.get("waiting", 0), counts.get("dead", 0), since)


async def tried(given: Given, program_id: int, link: Klaviyo) -> str:
    """What is wrong with the key or the list, or nothing: members are looked at, and the list."""
    try:
        account = account_of(given.keyed, program_id, link)
        async with _client(given) as client:
            wish = {"page[size]": "1", "fields[profile]": "updated"}
            await asked(client.send, account.get("profiles", wish))
            if link.list_id:
                found = account.get(f"lists/{link.list_id}", {"fields[list]": "name"})
                await answered(client.send, found)
    except NotTold as why:
        if why.why == "it answers 404":
            return "there is no such list"
        return why.why
    return ""


@asynccontextmanager
async def _client(given: Given) -> AsyncIterator[ShopClient]:
    client = ShopClient(given.receivers, patience_s=TRIED_S, wide=1)
    try:
        yield client
    finally:
        await client.close()
