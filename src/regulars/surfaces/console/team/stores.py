"""Stores and their tills: opened, paired by a code, suspended; and what tills could not book."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final, cast
from uuid import UUID

import segno
from litestar import Response
from markupsafe import Markup
from msgspec import Struct

from regulars.base.faults import Fault, NotFound
from regulars.flows.tills.commands import EndRecord, KeepStore, MakePairing, PairingMade, TurnTill
from regulars.flows.tills.end_records import end_records
from regulars.flows.tills.keep_stores import can_be_reserved, keep_stores
from regulars.flows.tills.pair_tills import make_pairings, turn_tills
from regulars.records.tills import read
from regulars.records.tills.types import TillRecord, TillState
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.meanwhile import Sides, crossing, seen
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.refusals import by_code
from regulars.surfaces.till.sync.applying import Books, apply, refuse_again
from regulars.surfaces.till.sync.reading import work_of

MOST_RECORDS: Final = 100
_FIRST: Final = UUID(int=0)
_THERE: Final = N("There is a store of this code already; take another one")


class Fresh(Struct, frozen=True):
    """A code that is shown once, and the same as a picture for the device's camera."""

    made: PairingMade
    picture: Markup


async def stores(
    here: Here,
    fresh: Fresh | None = None,
    wrong: Any = None,
    form: Form | None = None,
    *,
    status: int = 422,
) -> Response[str]:
    """Every store with its tills, and what waits for somebody to look at it."""
    async with here.transaction as tx:
        kept, tills, told = await read.stores(tx), await read.tills(tx), await read.counts(tx)
        start = here.now.replace(year=1970)
        waiting = await read.open_records(tx, (start, _FIRST), MOST_RECORDS)
    names = {one.till_id: one.name for one in tills}
    rewards = here.terms.at(here.now).rewards
    return here.page(
        "team/stores.html",
        status=status if wrong else 200,
        stores=[one for one in kept.values() if one.closed_at is None],
        tills=[(shown("til", one.till_id), one, told[one.till_id]) for one in tills],
        waiting=[
            (shown("rec", one.record_id), one, names[one.till_id], _why(here, one))
            for one in waiting
        ],
        reservable=[(id_, one.name or id_) for id_, one in rewards.items() if can_be_reserved(one)],
        fresh=fresh,
        wrong=wrong or {},
        code=form.get("code") if form else "",
        name=form.get("name") if form else "",
    )


async def keep(here: Here, form: Form) -> Response[Any]:
    """A store is opened."""
    code, name = form.get("code").strip(), form.get("name").strip()
    async with here.transaction as tx:
        there = code in await read.stores(tx)
    if there:
        wrong = {"code": here.reader.say(_THERE)}
        return await stores(here, wrong=wrong, form=form)
    try:
        await here.do(keep_stores, KeepStore(code, here.staff.principal, name=name or code))
    except Fault as fault:
        return await stores(here, wrong={fault.field.lstrip("/"): here.told(fault)}, form=form)
    return redirect("/console/stores")


async def keep_ready(here: Here, form: Form) -> Response[Any]:
    """What the tills of a store may hand over while they are cut off, and how many at once."""
    code = str(form.path["store"])
    async with here.transaction as tx:
        store = (await read.stores(tx)).get(code)
    if store is None:
        raise NotFound("there is no such store; look at the list again")
    try:
        count = form.whole("most")
    except Fault as fault:
        return await stores(here, wrong={"offline": here.told(fault)})
    mine, now = _ready(form.all("reward")), _ready(store.offline_rewards)
    rewards = seen(form, "reward", Sides(mine, now))
    most = seen(form, "most", Sides(str(count), str(store.offline_most)))
    crossed = [
        Sides(_named(here, told.mine), _named(here, told.now))
        for told in (rewards, most)
        if told.crossed
    ]
    if crossed:
        says = [crossing(here, each) for each in crossed]
        return await stores(here, wrong={"offline": "; ".join(says)}, status=409)
    try:
        wish = KeepStore(
            code,
            here.staff.principal,
            offline_rewards=form.all("reward") if rewards.wished else None,
            offline_most=count if most.wished else None,
        )
        await here.do(keep_stores, wish)
    except Fault as fault:
        return await stores(here, wrong={"offline": here.told(fault)})
    return redirect("/console/stores")


async def make_code(here: Here, form: Form) -> Response[Any]:
    """A code by which one device becomes a till; it is shown once."""
    async with here.transaction as tx:
        wish = MakePairing(str(form.path["store"]), here.staff.principal)
        (outcome,) = await make_pairings(tx, [wish])
    if isinstance(outcome, Fault):
        raise outcome
    return await stores(here, Fresh(outcome, picture_of(outcome.code)))


def picture_of(text: str) -> Markup:
    """A QR code as a picture that takes the colours of the page."""
    drawn = segno.make(text, error="m").svg_inline(scale=6, border=2, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704 - drawn by us from modules, no text of anybody's in it


async def turn(here: Here, form: Form) -> Response[Any]:
    """A till is suspended, goes on, or is unpaired."""
    wanted = form.get("state")
    if wanted not in ("paired", "suspended", "unpaired"):
        raise NotFound("a till is paired, suspended or unpaired")
    command = TurnTill(
        addressed("til", str(form.path["till_id"])),
        cast(TillState, wanted),
        here.staff.principal,
        form.get("reason").strip() or here.staff.name,
    )
    async with here.transaction as tx:
        (outcome,) = await turn_tills(tx, [command])
    if isinstance(outcome, Fault):
        raise outcome
    here.house.forget_keys()
    return redirect("/console/stores")


async def decide(here: Here, form: Form) -> Response[Any]:
    """What a till could not book is tried again, or let go with a word why."""
    id_ = addressed("rec", str(form.path["record_id"]))
    async with here.transaction as tx:
        record = (await read.records(tx, [id_])).get(id_)
        tills = {one.till_id: one for one in await read.tills(tx)}
    if record is None:
        raise NotFound("there is no such record; look at the list again")
    by = here.staff.principal
    if form.get("again"):
        refuse_again(record)
        submit = partial(here.given.gate.submit, here.terms.program_id)
        books = Books(submit, lambda: here.transaction, here.terms, here.given.report)
        await apply(books, tills[record.till_id], [work_of(record)], by)
    else:
        reason = form.get("reason").strip() or here.staff.name
        await here.do(end_records, EndRecord(id_, "dismissed", reason, record.says, actor=by))
    return redirect("/console/stores")


def _ready(rewards: Iterable[str]) -> str:
    """Rewards as one text that two pages compare."""
    return " ".join(sorted(rewards))


def _named(here: Here, told: str) -> str:
    """The rewards of such a text by their names; a number as it is."""
    rewards = here.version.rewards
    return ", ".join(rewards[id_].name or id_ if id_ in rewards else id_ for id_ in told.split())


def _why(here: Here, record: TillRecord) -> str:
    """Why a record waits, in the reader's language; by its reason, as what a flow said is English.

    Example: `malformed` says that it cannot be read; where in it is in the log and the API.
    """
    return by_code(here.reader, record.reason, {}) or record.says or record.reason
