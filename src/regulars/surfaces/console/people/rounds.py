"""Points for many members at once: chosen in the list, seen before, gone through by the worker."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Response
from msgspec import Struct

from regulars.base.faults import Invalid, NotFound, Refused
from regulars.flows.membership.office.commands import BeginRound, DecideRound, StopRound
from regulars.flows.membership.office.keep_rounds import MOST, begin_rounds, turn_rounds
from regulars.insight.people.find import find
from regulars.records.access.office import read
from regulars.records.access.office.types import Round
from regulars.records.access.staff import read as staff_read
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.adjusting import REASONS, Typed, Wish, judged
from regulars.surfaces.console.people.looking import address, chips, looked_in
from regulars.surfaces.console.words import N

A_PART: Final = 2_000
STATES: Final = {
    "waiting": N("Waits for a colleague"),
    "going": N("Under way"),
    "done": N("Done"),
    "rejected": N("A colleague said no"),
    "stopped": N("Stopped"),
}
_MANY: Final = N("These are more than %(n)s members; narrow the list first.")
_NOBODY: Final = N("Nobody is chosen. Tick members in the list, or look for some.")


class Chosen(Struct, frozen=True):
    """For whom it is: those who were ticked, or everybody a list looks for."""

    query: str
    only: tuple[str, ...]


async def round_form(here: Here) -> Response[str]:
    """The empty form, for who was ticked or for all who match."""
    wallets = here.version.program.wallets
    typed = Typed(wallet=next(iter(wallets), ""), key=own_key(here.given.random_bytes))
    everybody = bool(here.query.get("all"))
    chosen = Chosen(here.query.get("query", ""), () if everybody else tuple(here.all("only")))
    if not everybody and not chosen.only:
        return await _form(here, chosen, typed, {"": here.reader.say(_NOBODY)})
    return await _form(here, chosen, typed, {})


async def begin(here: Here, form: Form) -> Response[Any]:
    """First what it comes to, then begun; beyond one's limit it waits for a colleague.

    Order: the list is looked through anew each time; were there more or fewer, it is shown again.
    """
    typed = Typed(*(form.get(name) for name in Typed.__struct_fields__))
    chosen = Chosen(form.get("query"), form.all("only"))
    wish, wrong = judged(here, typed)
    if wish is None:
        return await _form(here, chosen, typed, wrong, status=422)
    ids = await _ids(here, chosen)
    if not form.get("sure") or form.get("count") != str(len(ids)):
        return await _form(here, chosen, typed, {}, wish=wish)
    command = BeginRound(
        wish.wallet, wish.units, wish.reason, tuple(ids), here.address, here.asked(typed.key)
    )
    try:
        outcome = await here.do(begin_rounds, command)
    except Invalid as fault:
        return await _form(here, chosen, typed, {"": fault.says}, status=422)
    return redirect(f"/console/rounds/{outcome.round_id.hex}")


async def one_round(here: Here, round_id: str, problem: str = "") -> Response[str]:
    """How far a round is; it moves by itself while it is under way. Faults: NotFound."""
    async with here.transaction as tx:
        found = await read.one_round(tx, id_of(round_id))
        if found is None:
            raise NotFound("there is no such round here")
        ids = [one for one in (found.asked_by, found.decided_by) if one]
        people = await staff_read.some_staff(tx, ids)
    return here.page(
        "people/round.html",
        status=409 if problem else 200,
        problem=problem,
        round=line_of(here, found, people),
    )


async def turn(here: Here, form: Form) -> Response[Any]:
    """Say yes or no to a colleague's round, or stop one."""
    id_ = id_of(form.path["round_id"])
    stops = bool(form.get("stop"))
    command = StopRound(id_, here.by) if stops else DecideRound(id_, bool(form.get("yes")), here.by)
    outcome = await here.given.gate.submit(here.terms.program_id, turn_rounds, command)
    if isinstance(outcome, Refused):
        return await one_round(here, form.path["round_id"], outcome.says)
    if isinstance(outcome, Exception):
        raise outcome
    return redirect(f"/console/rounds/{id_.hex}")


def line_of(here: Here, one: Round, people: Any) -> dict[str, Any]:
    """A round as it is shown."""
    wallet = here.version.program.wallets.get(one.wallet)
    scale = wallet.scale if wallet else 0
    return {
        "id": one.round_id.hex,
        "wallet": wallet.name or one.wallet if wallet else one.wallet,
        "units": here.reader.signed(one.units, scale),
        "total": here.reader.signed(one.total, scale),
        "gives": one.units > 0,
        "members": one.members,
        "place": one.place,
        "booked": one.booked,
        "left_out": one.place - one.booked,
        "state": one.state,
        "says": STATES[one.state],
        "reason": one.reason,
        "by": people[one.asked_by].name if one.asked_by in people else "–",
        "granted_by": people[one.decided_by].name if one.decided_by in people else "",
        "own": one.asked_by == here.staff.staff_id,
        "at": one.asked_at,
    }


async def _form(
    here: Here,
    chosen: Chosen,
    typed: Typed,
    wrong: dict[str, str],
    *,
    wish: Wish | None = None,
    status: int = 200,
) -> Response[str]:
    ids = [] if wrong.get("") else await _ids(here, chosen)
    say, wallets = here.reader.say, here.version.program.wallets
    if len(ids) > MOST:
        wrong = {"": say(_MANY, n=here.reader.number(MOST))}
    elif not ids and not wrong:
        wrong = {"": say(_NOBODY)}
    scale = wallets[wish.wallet].scale if wish else 0
    return here.page(
        "people/round_form.html",
        status=status,
        chosen=chosen,
        chips=[] if chosen.only else chips(here, looked_in(here, chosen.query)),
        back=address(chosen.query),
        count=len(ids),
        ready=0 < len(ids) <= MOST,
        typed=typed,
        wrong=wrong,
        reasons=[("", say("Choose …")), *((one, say(one)) for one in REASONS)],
        wallets=[(id_, one.name or id_) for id_, one in wallets.items()],
        each=here.reader.signed(wish.units, scale) if wish else "",
        total=here.reader.signed(wish.units * len(ids), scale) if wish else "",
    )


async def _ids(here: Here, chosen: Chosen) -> list[UUID]:
    """Who is meant: one more than may be, where they are too many."""
    if chosen.only:
        return list(dict.fromkeys(addressed("mem", one) for one in chosen.only))
    said, ids = looked_in(here, chosen.query), list[UUID]()
    after, more = None, True
    while more and len(ids) <= MOST:
        async with here.transaction as tx:
            found = await find(tx, said.wanted, after, A_PART, A_PART * 5)
        # Nobody is given anything who is gone, nor twice who stands under another.
        ids += [one.id for one in found.members if one.state not in ("erased", "merged")]
        after, more = found.after, found.after is not None
    return ids[: MOST + 1]


def id_of(text: str) -> UUID:
    """The id of a round in an address. Faults: NotFound."""
    try:
        return UUID(hex=text)
    except ValueError:
        raise NotFound("there is nothing at this address") from None
