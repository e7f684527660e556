"""What is special about today for whoever stands at the till, and what is booked and used there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, get_args
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import day_starts_at, local
from regulars.engine.deciding.benefit import May, Occasion
from regulars.engine.rewarding.including.appointments import Slot
from regulars.engine.terms import Terms, Version
from regulars.flows.membership.benefits.keep_appointments import (
    check_in_uses,
    miss_uses,
    move_uses,
    show_slots,
)
from regulars.flows.membership.benefits.show_associates import LookedAfter, show_associates
from regulars.flows.membership.benefits.use_benefits import show_benefits, undo_uses, use_benefits
from regulars.flows.membership.commands import (
    CheckInUse,
    Guest,
    MissUse,
    MoveUse,
    UndoUse,
    UseBenefit,
)
from regulars.records.access.types import Scope
from regulars.records.benefits import read
from regulars.records.benefits.types import Use
from regulars.records.members import read as members
from regulars.records.members.admission import read as admissions
from regulars.records.members.types import Asked, nobody
from regulars.records.program.types import Benefit
from regulars.records.tills.types import Till
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.rewarding.benefits.using import WHY_NOT
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.wire.benefits import UseDone, use_done
from regulars.surfaces.api.wire.parts import instant_of, member_of
from regulars.surfaces.till.counter import examples
from regulars.surfaces.till.counter.greeting import (
    birthday_of,
    birthday_rules,
    is_birthday,
    is_for_birthdays,
)
from regulars.surfaces.till.counter.wire import (
    AppointmentHere,
    AssociateHere,
    ChangeSent,
    DayShown,
    Do,
    IncludedHere,
    TimeHere,
    TimesHere,
    TimesQuery,
    UseHereSent,
    WaitsFor,
    WaitsHere,
)
from regulars.surfaces.till.sync.cashiers import proven
from regulars.surfaces.till.sync.devices import working

MOST: Final = 20
"""So many appointments are shown."""
A_WEEK: Final = 7
CHANNEL: Final = "till"


async def day(call: Call) -> Reply:
    """What is special about today for a member."""
    till = await working(call)
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> DayShown:
        member = (await members.members(tx, [id_])).get(id_)
        if member is None:
            raise nobody()
        version = terms.at(tx.now)
        today = local(version.zone, tx.now).day
        born = birthday_of(member, (await admissions.some(tx, [id_])).get(id_))
        since = day_starts_at(version.zone, today) - timedelta(microseconds=1)
        booked = await read.coming(tx, id_, since, MOST)
        asked = [
            Occasion(one.id, tx.now, till.store, CHANNEL, *_for(one))
            for one in version.program.benefits
        ]
        found = await show_benefits(tx, terms, id_, asked)
        looks = await show_associates(tx, terms, id_)
        return DayShown(
            server_at=tx.now,
            birthday=is_birthday(born, date.fromordinal(today)),
            birthday_rules=birthday_rules(version, born, date.fromordinal(today)),
            appointments=[_appointment(version, till, one, tx) for one in booked],
            included=_included(version, found),
            waits=_waits(version, found),
            associates=[_associate(version, one) for one in looks if one.here],
        )

    return Reply(await call.read(look))


async def times(call: Call) -> Reply:
    """When a benefit can be booked in the till's store, for a week."""
    till, query = await working(call), call.query
    today = local((await call.terms()).at(call.now).zone, call.now).day
    try:
        on = date.fromisoformat(query.on) if query.on else date.fromordinal(today)
    except ValueError:
        raise Invalid("write a day such as 2026-07-09", field="/on") from None
    on = min(max(on, date.fromordinal(today)), date.fromordinal(today + 3660))

    async def look(tx: Tx, terms: Terms) -> list[Slot]:
        found: list[Slot] = []
        for number in range(A_WEEK):
            that = on + timedelta(days=number)
            found += await show_slots(tx, terms, query.benefit, till.store, that)
        return found

    items = [TimeHere(one.from_at, one.left) for one in await call.read(look)]
    return Reply(TimesHere(on, on + timedelta(days=A_WEEK), items))


async def use(call: Call) -> Reply:
    """Something that is included is used here, or booked."""
    till, sent = await working(call), call.sent
    benefit = (await call.terms()).at(call.now).benefits.get(sent.benefit)
    sku, category = ("", "") if benefit is None else _for(benefit)
    command = UseBenefit(
        member=member_of(sent.member),
        benefit=sent.benefit,
        store=till.store,
        channel=CHANNEL,
        sku=sku,
        category=category,
        details=sent.details,
        asked=await _by(call, till, sent.cashier),
        guests=tuple(Guest(name=one) for one in sent.guests),
        from_at=instant_of(sent.from_at, "/from_at"),
    )
    try:
        answer = await call.do(use_benefits, command)
    except No as no:
        # The days would tell a till when somebody was born (ADR 0579).
        if no.refused.code == "not_birthday":
            raise No(Refused("not_birthday", no.refused.says)) from None
        raise
    return Reply(use_done(answer), 201, answer.replayed)


async def change(call: Call) -> Reply:
    """Somebody came, nobody did, it is cancelled or moved."""
    till, sent = await working(call), call.sent
    id_ = addressed("use", call.ids["use_id"])
    async with call.transaction as tx:
        found = (await read.some(tx, [id_])).get(id_)
    if found is None or found.store not in ("", till.store):
        raise NotFound("there is no such appointment in this store", field="/id")
    asked = await _by(call, till, sent.cashier)
    answer = await call.do(*_wish(sent, id_, asked))
    return Reply(use_done(answer), 200, answer.replayed)


def _wish(sent: ChangeSent, id_: UUID, asked: Asked) -> tuple[Any, Any]:
    if sent.do == "came":
        return check_in_uses, CheckInUse(id_, asked)
    if sent.do == "missed":
        return miss_uses, MissUse(id_, asked)
    if sent.do == "cancel":
        return undo_uses, UndoUse(id_, asked)
    at = instant_of(sent.from_at, "/from_at")
    if at is None:
        raise Invalid("say when it begins instead", field="/from_at")
    return move_uses, MoveUse(id_, at, asked)


async def _by(call: Call, till: Till, cashier: str) -> Asked:
    """As whom it is asked. Refuses: `pin_wrong`."""
    principal, who = await proven(call, till, cashier)
    return replace(call.asked, principal=principal) if who else call.asked


def _for(benefit: Benefit) -> tuple[str, str]:
    """Whoever uses it by hand names no article: what it is for is what it opens."""
    category = next(iter(benefit.categories), "")
    return ("" if category else next(iter(benefit.skus), "")), category


def _included(version: Version, found: Sequence[tuple[Occasion, May]]) -> list[IncludedHere]:
    """What can be used or booked here; what is never counted is used without being told."""
    items = []
    for one, answer in found:
        said = version.benefits[one.benefit]
        booked = said.appointments is not None
        if answer.no is None and (booked or answer.left is not None):
            items.append(
                IncludedHere(
                    benefit=said.id,
                    name=said.name,
                    left=answer.left,
                    for_birthday=is_for_birthdays(said),
                    booked=booked,
                    needs=said.needs,
                    guests=0 if said.guests is None else said.guests.most,
                    around=said.birthday is not None,
                )
            )
    return items


def _waits(version: Version, found: Sequence[tuple[Occasion, May]]) -> list[WaitsHere]:
    """What a birthday would open; when that is stays with the server."""
    names = {one.id: one.name for one in version.program.benefits}
    whys: tuple[WaitsFor, ...] = get_args(WaitsFor)
    return [
        WaitsHere(one.benefit, names[one.benefit], why)
        for one, answer in found
        for why in whys
        if answer.no is not None and answer.no.code == why
    ]


def _associate(version: Version, one: LookedAfter) -> AssociateHere:
    said = version.benefits.get(one.benefit)
    return AssociateHere(one.benefit, one.benefit if said is None else said.name, one.who.name)


def _appointment(version: Version, till: Till, one: Use, tx: Tx) -> AppointmentHere:
    booked = one.included.booked
    assert booked is not None, one
    there = local(version.zone, booked.from_at).day
    today = there == local(version.zone, tx.now).day
    may: list[Do] = []
    if one.store in ("", till.store):
        if today and one.came_at is None:
            may.append("came")
        if booked.from_at <= tx.now and one.came_at is None:
            may.append("missed")
        if tx.now < booked.cancel_until:
            may += ["move", "cancel"]
    return AppointmentHere(
        id=shown("use", one.use_id),
        benefit=one.benefit,
        name=one.included.name,
        store=one.store,
        from_at=booked.from_at,
        until_at=booked.until_at,
        guests=one.included.guests,
        came_at=one.came_at,
        today=today,
        may=may,
    )


_operation = partial(Operation, tag="Tills", scopes=(Scope.TILL,))
OPERATIONS: Final = (
    _operation(
        method="GET",
        path="/v1/till/members/{member_id}/day",
        name="show_day",
        says="What is special about today for who stands at the till",
        notes="Whether it is their birthday (never the date of it, nor the year), by which rules "
        "they earn more around it, what is booked, and what can be used or booked here now.",
        answers={200: DayShown},
        answer_example=examples.DAY,
        codes=("not_found", "gone", "unknown_member"),
        do=day,
    ),
    _operation(
        method="GET",
        path="/v1/till/times",
        name="list_times",
        says="When a benefit can be booked in the till's store, for a week",
        query=TimesQuery,
        answers={200: TimesHere},
        answer_example=examples.TIMES,
        codes=("not_found", "gone", "invalid"),
        do=times,
    ),
    _operation(
        method="POST",
        path="/v1/till/uses",
        name="use_at_till",
        says="Something that is included is used at this till, or booked",
        notes="As `POST /v1/benefit-uses`, in the till's store and as its cashier's.",
        sent=UseHereSent,
        answers={201: UseDone},
        example=examples.USE,
        answer_example=examples.BOOKED,
        codes=("not_found", "gone", "pin_wrong", *WHY_NOT, "own_membership"),
        do=use,
    ),
    _operation(
        method="POST",
        path="/v1/till/uses/{use_id}",
        name="change_at_till",
        says="Somebody came to an appointment, nobody did, or it is cancelled or moved",
        notes="Cancelled and moved as long as members may; later only in the console. What is "
        "booked in another store is not found.",
        sent=ChangeSent,
        answers={200: UseDone},
        example=examples.CHANGE,
        answer_example=examples.BOOKED | {"came_at": "2026-07-09T08:02:00Z"},
        codes=(
            "not_found", "gone", "pin_wrong", "too_late_to_cancel",
            *(one for one in WHY_NOT if one != "unknown_member"),
        ),
        do=change,
    ),
)  # fmt: skip
