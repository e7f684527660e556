"""Points given or taken by hand: seen before, done within limits, else asked of a colleague."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Response
from msgspec import Struct

from regulars.base.decimals import NotExact, units
from regulars.base.faults import Invalid, Refused
from regulars.base.money import LARGEST
from regulars.engine.deciding.adjust import UNENDING, chosen_end, end_of
from regulars.flows.access.ask_adjustments import ask_adjustments
from regulars.flows.access.commands import AskAdjustment
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.flows.show_standing import Standing, show_standing
from regulars.records.access.staff.permissions import Permission
from regulars.records.ledger.types import NEVER
from regulars.records.members import read
from regulars.records.members.types import Member, MemberRef, nobody
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form, plain_number
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.console.words import N

REASONS: Final = (
    N("A mistake at the till"),
    N("Goodwill"),
    N("A complaint"),
    N("Points that were missing"),
    N("Something else"),
)
_WANTED: Final = N("An amount is a number above zero, such as 50")
_LONGEST_NOTE: Final = 300
_NO_END: Final = (
    N("this is no day"),
    N("this day is over"),
    N("this is more than a hundred years from now"),
)
"""Why points cannot be good until then, as `engine/deciding/adjust.py` says it."""


class Typed(Struct, frozen=True):
    """What stands in the form, as it was typed."""

    wallet: str = ""
    way: str = "give"
    amount: str = ""
    reason: str = ""
    note: str = ""
    key: str = ""
    lasts: str = "rule"
    last_on: str = ""


class Wish(Struct, frozen=True):
    """What is to be booked: so much of a wallet, and why."""

    wallet: str
    units: int
    reason: str
    expires_on: str = ""
    """Until when what is given is good: a day, `never`, or as the program says."""


async def adjust_form(here: Here, member_id: str) -> Response[str]:
    """The empty form."""
    key = own_key(here.given.random_bytes)
    first = next(iter(here.version.program.wallets), "")
    return await _form(here, member_id, Typed(wallet=first, key=key), {})


async def adjust(here: Here, form: Form) -> Response[Any]:
    """First how it would be, then done; what is above the limit is asked of a colleague.

    Order: the key came with the empty form, so that a form sent twice books once.
    """
    member_id = str(form.path["member_id"])
    typed = Typed(*(form.get(name) for name in Typed.__struct_fields__))
    wish, wrong = judged(here, typed)
    if wish is None:
        return await _form(here, member_id, typed, wrong, status=422)
    if not form.get("sure"):
        return await _form(here, member_id, typed, {}, wish=wish)
    ref = MemberRef(id=addressed("mem", member_id))
    asked = here.asked(typed.key)
    if form.get("ask") or not here.may(Permission.ADJUST_WRITE):
        request = AskAdjustment(
            ref, wish.wallet, wish.units, wish.reason, here.address, asked, wish.expires_on
        )
        outcome = await here.do(ask_adjustments, request)
    else:
        outcome = await here.do(
            adjust_balances,
            Adjust(ref, wish.wallet, wish.units, wish.reason, here.staff.principal, asked,
                   address=here.address, expires_on=wish.expires_on),
        )  # fmt: skip
    if isinstance(outcome, Refused):
        return await _form(here, member_id, typed, {"": here.told(outcome)}, wish=wish, status=409)
    # A cashier may ask for it and does not see members here.
    sees = here.may(Permission.MEMBERS_READ)
    return redirect(f"/console/members/{member_id}" if sees else "/console")


def judged(here: Here, typed: Typed) -> tuple[Wish | None, dict[str, str]]:
    """The wish in what was typed, or what is wrong with each field."""
    say, wrong = here.reader.say, {}
    wallets = here.version.program.wallets
    amount = 0
    if typed.wallet not in wallets:
        wrong["wallet"] = say("Choose which points")
    else:
        try:
            amount = units(
                plain_number(typed.amount, here.reader.separators), wallets[typed.wallet].scale
            )
        except NotExact:
            wrong["amount"] = say(_WANTED)
        if not wrong and not 0 < amount <= LARGEST:
            wrong["amount"] = say(_WANTED)
    if typed.reason not in REASONS:
        wrong["reason"] = say("Choose a reason")
    elif typed.reason == REASONS[-1] and not typed.note.strip():
        wrong["note"] = say("Say in a few words why")
    if len(typed.note) > _LONGEST_NOTE:
        wrong["note"] = say("At most %(n)s letters", n=here.reader.number(_LONGEST_NOTE))
    expires_on = _expires_on(typed)
    try:
        chosen_end(here.version.zone, here.now, expires_on)
    except Invalid as no:
        wrong["last_on"] = here.told(no)
    if wrong:
        return None, wrong
    said = ": ".join(part for part in (typed.reason, typed.note.strip()) if part)
    units_ = amount if typed.way != "take" else -amount
    return Wish(typed.wallet, units_, said, expires_on), {}


def _expires_on(typed: Typed) -> str:
    """Until when points are to be good; of what is taken nothing, whatever was typed."""
    if typed.way == "take" or typed.lasts not in ("never", "day"):
        return ""
    return UNENDING if typed.lasts == "never" else typed.last_on.strip() or "?"


async def _form(
    here: Here,
    member_id: str,
    typed: Typed,
    wrong: dict[str, str],
    *,
    wish: Wish | None = None,
    status: int = 200,
) -> Response[str]:
    id_ = addressed("mem", member_id)
    one, standing = await here.read(lambda tx, terms: _stands(tx, terms, id_))
    return here.page(
        "people/adjust.html",
        status=status,
        id=member_id,
        name=name_of(one) or one.number,
        typed=typed,
        wrong=wrong,
        reasons=[
            ("", here.reader.say("Choose …")),
            *((one, here.reader.say(one)) for one in REASONS),
        ],
        wallets=[(id_, one.name or id_) for id_, one in here.version.program.wallets.items()],
        steps=None if wish is None else _steps(here, standing, wish),
        ends=None if wish is None else _ends(here, wish),
        asks=not here.may(Permission.ADJUST_WRITE),
    )


async def _stands(tx: Any, terms: Any, id_: UUID) -> tuple[Member, Standing]:
    found = (await read.members(tx, [id_])).get(id_)
    if found is None:
        raise nobody()
    return found, await show_standing(tx, terms, id_)


def _ends(here: Here, wish: Wish) -> str:
    """Until when what is given can be spent, in words; of what is taken nothing."""
    if wish.units < 0:
        return ""
    chosen = chosen_end(here.version.zone, here.now, wish.expires_on)
    end = end_of(here.version, wish.wallet, here.now, chosen)
    if end == NEVER:
        return here.reader.say("These points never expire.")
    return here.reader.say(
        "These points can be spent until %(day)s.", day=here.reader.last_day(end)
    )


def _steps(here: Here, standing: Standing, wish: Wish) -> dict[str, str]:
    """The balance before and after."""
    wallet, held = here.version.program.wallets[wish.wallet], standing.balances[wish.wallet]
    before = held.available - held.debt
    shown = [
        here.reader.quantity(before, wallet.scale),
        here.reader.signed(wish.units, wallet.scale),
        here.reader.quantity(before + wish.units, wallet.scale),
    ]
    return dict(zip(("before", "change", "after"), shown, strict=True))
