"""A system is told of members from now on, or tried out: for the API and the console alike."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from regulars.base.faults import Invalid
from regulars.base.keyed import Keyed
from regulars.flows.inlets.outlets.keep_outlets import TellSystem
from regulars.records.access.staff.types import By
from regulars.records.inlets.catching.types import CatchUp
from regulars.records.inlets.types import Inlet
from regulars.records.outbox.hooks.outlets.types import Outlet
from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop, ShopClient
from regulars.surfaces.connect.catching.keys import NONCE, NotOpened, ShopKeys, opened, sealed
from regulars.surfaces.connect.catching.shops import TRIED_S
from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping
from regulars.surfaces.connect.outlets.crm.signing_in import (
    Entered,
    Sealing,
    check_entered,
    signed_in,
)
from regulars.surfaces.connect.outlets.known import TELLS
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.salesforce.signing_in import wrong_in
from regulars.surfaces.connect.outlets.telling import Heard, NotTaken, Wish
from regulars.surfaces.given import Given
from regulars.surfaces.senders.outgoing.client import NoAnswer
from regulars.surfaces.senders.outgoing.guard import NotAllowed

NO_MEMBERS = "its mapping says nothing of members: add `members:`"


class Telling(Struct, frozen=True):
    """What somebody wants of a system that is told of members; what is empty stays."""

    address: str = ""
    key: str = ""
    secret: str = ""
    since: datetime | None = None
    client: str = ""
    token_address: str = ""
    refresh: str = ""

    def __repr__(self) -> str:
        return f"Telling({self.address})"


class Where(Struct, frozen=True):
    """A system: its outlet, the inlet it belongs to, and how it is asked, where it is."""

    inlet: Inlet
    outlet: Outlet
    asked: CatchUp | None = None


def tells(given: Given, inlet: Inlet, wanted: Telling, by: By) -> TellSystem:
    """The command for what is wanted, its keys encrypted.

    Faults: Invalid for a kind nobody tells, a mapping that says nothing of members, an address we
    do not talk to, a key that is none.
    """
    if inlet.kind not in TELLS:
        mend = f"Add a source of one of the kinds {', '.join(TELLS)}"
        raise Invalid("Nobody knows how to tell a system of this kind", field="/address", mend=mend)
    try:
        members_of(inlet)
    except NotTold as why:
        mend = "Say under `members:` which of its fields show what"
        raise Invalid(why.why.capitalize(), field="/mapping", mend=mend) from None
    if wanted.address:
        try:
            parts = given.receivers.check_url(wanted.address)
        except NotAllowed as why:
            mend = "Say where it is, as https://crm.example.org"
            raise Invalid(why.why, field="/address", mend=mend) from None
        if parts.query:
            mend = "Leave out what stands behind the question mark"
            raise Invalid("This is no address of a system", field="/address", mend=mend)
    _check_keys(inlet, wanted)
    entered = Entered(wanted.key, wanted.secret, wanted.token_address, wanted.refresh)
    check_entered(read_mapping(inlet.mapping).signs_in, entered, given.receivers)
    keys = b""
    if wanted.key:
        place = (inlet.program_id, inlet.inlet_id)
        pair = ShopKeys(
            wanted.key, wanted.secret, client=wanted.client,
            token_address=wanted.token_address, refresh=wanted.refresh,
        )  # fmt: skip
        keys = sealed(given.keyed, place, pair, given.random_bytes(NONCE))
    tells_journals = read_mapping(inlet.mapping).journals is not None
    address = wanted.address.rstrip("/")
    return TellSystem(inlet.inlet_id, by, address, keys, wanted.since, tells_journals)


def _check_keys(inlet: Inlet, wanted: Telling) -> None:
    """They may be keys. Faults: Invalid."""
    if (wanted.secret or wanted.client) and not wanted.key:
        raise Invalid("A secret goes with its key", field="/key", mend="Send both")
    whole = wanted.key + wanted.client + "".join(wanted.secret.split())
    if not whole.isascii() or not whole.isprintable():
        raise Invalid("This is no key", field="/key", mend="Copy it from there once more")
    if inlet.kind != "salesforce":
        if wanted.client:
            raise Invalid("Nobody signs in here", field="/client", mend="Leave it out")
        return
    wrong = wrong_in(wanted.key, wanted.secret, wanted.client)
    if wrong is not None:
        field, says, mend = wrong
        raise Invalid(says, field=field, mend=mend)


def system_of(keyed: Keyed, one: Where) -> Shop:
    """The system with its keys, opened. Raises: NotTold."""
    kept = one.outlet.keys or (one.asked.keys if one.asked is not None else b"")
    if not one.outlet.keys and one.asked is not None and one.asked.address != one.outlet.address:
        raise NotTold("keys are sent to no other system: enter its own")
    try:
        place = (one.inlet.program_id, one.inlet.inlet_id)
        return Shop(one.outlet.address, opened(keyed, place, kept))
    except NotOpened:
        raise NotTold("its keys are of another installation: enter them again") from None


def members_of(inlet: Inlet) -> MembersMap:
    """What its mapping says of members. Raises: NotTold."""
    try:
        found = read_mapping(inlet.mapping).members
    except MappingFault:
        raise NotTold("its mapping is not right: mend it") from None
    if found is None:
        raise NotTold(NO_MEMBERS)
    return found


async def told(send: Send, sealing: Sealing, one: Where, wish: Wish) -> Heard:
    """What it makes of these records. Raises: NotTold, whatever went wrong; NotTaken."""
    try:
        by, shop = _let_in(send, sealing, one, wish.now)
        return await TELLS[one.inlet.kind].tell(by, shop, wish)
    except (NoAnswer, NotAllowed) as why:
        raise NotTold(why.why) from None


def _let_in(send: Send, sealing: Sealing, one: Where, now: datetime) -> tuple[Send, Shop]:
    """By what it is told, and as which system: with a token where it signs in. Raises: NotTold."""
    kept = one.outlet.keys or (one.asked.keys if one.asked is not None else b"")
    keeps = sealing.keeps((one.inlet.program_id, one.inlet.inlet_id), kept)
    shop = system_of(sealing.keyed, one)._replace(at=now, keeps=keeps)
    if one.inlet.kind == "salesforce":
        return send, shop
    return signed_in(send, shop, read_mapping(one.inlet.mapping).signs_in)


async def tried(given: Given, one: Where) -> None:
    """It answers and knows the key; nothing is changed there. Raises: NotTold."""
    wish = Wish(members_of(one.inlet), (), given.clock())
    sealing = Sealing(given.database.transaction, given.keyed, given.random_bytes)
    client = ShopClient(given.receivers, patience_s=TRIED_S, wide=1)
    try:
        by, shop = _let_in(client.send, sealing, one, wish.now)
        await TELLS[one.inlet.kind].greet(by, shop, wish)
    except (NoAnswer, NotAllowed, NotTaken) as why:
        raise NotTold(why.why) from None
    finally:
        await client.close()
