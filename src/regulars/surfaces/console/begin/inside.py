"""The steps inside a program: its first store, the code on the counter, the first member."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, Refused
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.membership.join_members import join_members
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.terms.open_shop import type_step
from regulars.flows.tills.commands import KeepStore
from regulars.flows.tills.keep_stores import keep_stores
from regulars.records.members.identify import normal_or_fault
from regulars.records.members.types import (
    Identifier,
    IdentifierTaken,
    JoinMember,
    Kind,
    MemberRef,
)
from regulars.records.tills import read as tills
from regulars.records.tills.types import Store
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.begin import costs
from regulars.surfaces.console.begin.before import slug_of
from regulars.surfaces.console.begin.steps import START, way_inside
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

_NAME: Final = N("Say what the store is called")
_THERE: Final = N("Somebody has joined with this already; take another one")
_NO_ADDRESS: Final = N("Write a telephone number or an e-mail address")
_NO_AMOUNT: Final = N("An amount is a number above zero, such as 50")
_OWN_CODE: Final = "own_membership"
_OWN: Final = N("Nobody gives points to themselves; they have joined, without points.")


async def open_stores(here: Here) -> list[Store]:
    """The stores there are, in the order in which they were opened."""
    async with here.transaction as tx:
        kept = await tills.stores(tx)
    return sorted((one for one in kept.values() if one.closed_at is None),
                  key=lambda one: (one.opened_at, one.code))  # fmt: skip


async def store(here: Here, typed: str = "", wrong: dict[str, str] | None = None) -> Response[str]:
    """The first store: its name is enough."""
    return here.page(
        "begin/store.html",
        status=422 if wrong else 200,
        way=way_inside(here.reader, "store"),
        form=here.form,
        stores=await open_stores(here),
        typed=typed or here.version.program.name,
        wrong=wrong or {},
    )


async def open_store(here: Here, form: Form) -> Response[Any]:
    """A store is opened under a code made of its name; the same name again is the same store."""
    name = form.get("name").strip()
    code = slug_of(name) if name else ""
    there = {one.code for one in await open_stores(here)}
    if code in there:
        return redirect(f"{START}/code")
    try:
        if not name:
            return await store(here, name, {"name": here.reader.say(_NAME)})
        await here.do(keep_stores, KeepStore(code, here.staff.principal, name=name))
    except Fault as fault:
        return await store(here, name, {"name": here.told(fault)})
    return redirect(f"{START}/code")


async def code(here: Here) -> Response[str]:
    """The sheet for the counter, to be printed."""
    return here.page(
        "begin/code.html",
        way=way_inside(here.reader, "code"),
        form=here.form,
        stores=await open_stores(here),
    )


async def code_is_up(here: Here, form: Form) -> Response[Any]:
    """Somebody has put the code up, or does it later."""
    if form.get("up"):
        async with here.transaction as tx:
            await type_step(tx, "code", {"up": "yes"})
    return redirect(f"{START}/member")


async def member(
    here: Here, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None
) -> Response[str]:
    """The first member: a name, a number, and what they bought."""
    key = own_key(here.given.random_bytes)
    said = {"given_name": "", "address": "", "amount": "", "key": key, **(typed or {})}
    return here.page(
        "begin/member.html",
        status=422 if wrong else 200,
        way=way_inside(here.reader, "member"),
        form=here.form,
        typed=said,
        wrong=wrong or {},
        program=here.version.program,
    )


async def first_member(here: Here, form: Form) -> Response[Any]:
    """Somebody joins and gets their first points; the same form sent twice does it once."""
    typed = {name: form.get(name) for name in ("given_name", "address", "amount", "key")}
    program = here.version.program
    kind: Kind = "email" if "@" in typed["address"] else "phone"
    minor = costs.money_typed(typed["amount"], here.reader, program.currency)
    wrong = {}
    if isinstance(normal_or_fault(kind, typed["address"], program.country, field=""), Fault):
        wrong["address"] = here.reader.say(_NO_ADDRESS)
    if typed["amount"].strip() and minor <= 0:
        wrong["amount"] = here.reader.say(_NO_AMOUNT)
    if wrong:
        return await member(here, typed, wrong)
    joined = await _joins(here, kind, typed)
    if not hasattr(joined, "member_id"):
        taken = isinstance(joined, IdentifierTaken)
        says = here.reader.say(_THERE) if taken else here.told(joined)
        return await member(here, typed, {"address": says})
    outcome = await _buys(here, joined.member_id, minor, typed["key"]) if minor > 0 else None
    return _done(here, joined.member_id, typed["given_name"], outcome)


async def _joins(here: Here, kind: Kind, typed: dict[str, str]) -> Any:
    program = here.version.program
    wish = JoinMember(
        identifiers=(Identifier(kind, typed["address"].strip()),),
        given_name=typed["given_name"].strip(),
        locale=program.locale[:2],
        source="console",
        asked=here.asked(f"{typed['key']}-joins"),
    )

    async def joining(tx: Any, terms: Any, batch: Any) -> Any:
        return await join_members(tx, terms.versions[-1].program.country, batch, terms)

    return await here.given.gate.submit(here.terms.program_id, joining, wish)


async def _buys(here: Here, member_id: Any, minor: int, key: str) -> Any:
    stores = await open_stores(here)
    wish = RecordActivity(
        kind="purchase",
        member=MemberRef(id=member_id),
        store=stores[0].code if stores else "",
        amount_minor=minor,
        asked=here.asked(f"{key}-buys"),
    )
    return await here.given.gate.submit(here.terms.program_id, record_activities, wish)


def _done(here: Here, member_id: Any, name: str, outcome: Any) -> Response[str]:
    """They are in: what they have, and what comes next."""
    wallets, earned = here.version.program.wallets, []
    if isinstance(outcome, Recorded):
        earned = [
            (here.reader.quantity(amount, wallets[wallet].scale), wallets[wallet].name or wallet)
            for wallet, amount in outcome.earned.items()
        ]
    no = ""
    if isinstance(outcome, Refused | Fault):
        own = outcome.code == _OWN_CODE
        no = here.reader.say(_OWN) if own else here.told(outcome)
    return here.page(
        "begin/done.html",
        way=way_inside(here.reader, "member"),
        form=here.form,
        name=name,
        member=shown("mem", member_id),
        earned=earned,
        no=no,
    )
