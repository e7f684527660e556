"""Points for many members at once: chosen in the list, seen before, gone through by the worker."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Invalid, NotFound, Refused
from regulars.flows.membership.office.commands import BeginRound, DecideRound, StopRound
from regulars.flows.membership.office.keep_rounds import begin_rounds, turn_rounds
from regulars.records.access.office import read
from regulars.records.access.office.types import Round
from regulars.records.access.staff import read as staff_read
from regulars.surfaces.api.strict.ids import bare
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.adjusting import REASONS, Typed, Wish, judged
from regulars.surfaces.console.people.looking import address, chips, looked_in
from regulars.surfaces.console.people.many.choosing import Chosen, Meant, asked_for, meant_by
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.refusals import by_code

STATES: Final = {
    "waiting": N("Waits for a colleague"),
    "going": N("Under way"),
    "done": N("Done"),
    "rejected": N("A colleague said no"),
    "stopped": N("Stopped"),
}
_WHY: Final = {
    "invalid": N("They became one with another member meanwhile"),
    "already_decided": N("It was stopped before"),
}
"""What a code means in a round, where that is something of its own."""


async def round_form(here: Here) -> Response[str]:
    """The empty form, for who was ticked or for all who match."""
    wallets = here.version.program.wallets
    typed = Typed(wallet=next(iter(wallets), ""), key=own_key(here.given.random_bytes))
    return _form(here, *await asked_for(here), typed)


async def begin(here: Here, form: Form) -> Response[Any]:
    """First what it comes to, then begun; beyond one's limit it waits for a colleague.

    Order: the list is looked through anew each time; were they others, it is shown again.
    """
    typed = Typed(*(form.get(name) for name in Typed.__struct_fields__))
    chosen = Chosen(form.get("query"), form.all("only"))
    (wish, wrong), meant = judged(here, typed), await meant_by(here, chosen)
    if wish is None:
        return _form(here, chosen, meant, typed, wrong)
    if meant.no or not form.get("sure") or form.get("who") != meant.who:
        return _form(here, chosen, meant, typed, wish=wish)
    command = BeginRound(
        wish.wallet, wish.units, wish.reason, meant.ids, here.address, here.asked(typed.key)
    )
    try:
        outcome = await here.do(begin_rounds, command)
    except Invalid as fault:
        return _form(here, chosen, meant, typed, {"": here.told(fault)})
    return redirect(f"/console/rounds/{outcome.round_id.hex}")


async def one_round(here: Here, round_id: str, problem: str = "") -> Response[str]:
    """How far a round is; it moves by itself while it is under way. Faults: NotFound."""
    async with here.transaction as tx:
        found = await read.one_round(tx, bare(round_id))
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
    id_ = bare(form.path["round_id"])
    stops = bool(form.get("stop"))
    command = StopRound(id_, here.by) if stops else DecideRound(id_, bool(form.get("yes")), here.by)
    outcome = await here.given.gate.submit(here.terms.program_id, turn_rounds, command)
    if isinstance(outcome, Refused):
        return await one_round(here, form.path["round_id"], here.told(outcome))
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
        "why": _why(here, one),
        "state": one.state,
        "says": STATES[one.state],
        "reason": one.reason,
        "by": people[one.asked_by].name if one.asked_by in people else "–",
        "granted_by": people[one.decided_by].name if one.decided_by in people else "",
        "own": one.asked_by == here.staff.staff_id,
        "at": one.asked_at,
    }


def _why(here: Here, one: Round) -> list[tuple[str, str]]:
    """Why members were left out, and how many; the most first."""
    said: dict[str, int] = {}
    for code, n in one.left_out.items():
        words = here.reader.say(_WHY[code]) if code in _WHY else by_code(here.reader, code, {})
        said[words or code] = said.get(words or code, 0) + n
    ordered = sorted(said.items(), key=lambda each: (-each[1], each[0]))
    return [(words, here.reader.number(n)) for words, n in ordered]


def _form(
    here: Here,
    chosen: Chosen,
    meant: Meant,
    typed: Typed,
    wrong: dict[str, str] | None = None,
    *,
    wish: Wish | None = None,
) -> Response[str]:
    say, wallets = here.reader.say, here.version.program.wallets
    scale = wallets[wish.wallet].scale if wish else 0
    count = len(meant.ids)
    return here.page(
        "people/round_form.html",
        status=422 if wrong else 200,
        chosen=chosen,
        chips=[] if chosen.only else chips(here, looked_in(here, chosen.query)),
        back=address(chosen.query),
        count=count,
        who=meant.who,
        ready=not meant.no,
        typed=typed,
        wrong={"": meant.no} if meant.no else wrong or {},
        reasons=[("", say("Choose …")), *((one, say(one)) for one in REASONS)],
        wallets=[(id_, one.name or id_) for id_, one in wallets.items()],
        each=here.reader.signed(wish.units, scale) if wish else "",
        total=here.reader.signed(wish.units * count, scale) if wish else "",
    )
