"""How often and where partners get their settlements; what became of putting one there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.calendar import day_starts_at, local
from regulars.engine.terms import Terms
from regulars.flows.points.partners.accounts import unknown
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.rewards.partners import read as accounts
from regulars.records.rewards.partners.settling import read, write
from regulars.records.rewards.partners.settling.types import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    Every,
    SettlementFormat,
    SettlementPlan,
)

_FIRST_DAY = date(1970, 1, 1)


class PlanSettlements(Struct, frozen=True):
    """A partner gets its settlements so often, at this place; what is secret comes encrypted."""

    by: By
    partner: str
    every: Every
    place: str
    address: str
    format: SettlementFormat
    endpoint: str = ""
    region: str = ""
    account: str = ""
    keys: bytes = b""
    host_key: str = ""
    paused: bool = False

    def __repr__(self) -> str:
        return f"PlanSettlements({self.partner} {self.place} {self.address})"


class EndSettlements(Struct, frozen=True):
    """A partner gets none by itself any more."""

    by: By
    partner: str


class SettleNow(Struct, frozen=True):
    """The next one does not wait for its day."""

    by: By
    partner: str


class PutFrom(Struct, frozen=True):
    """Whatever was settled of this day or later is put where the plan says, though it was before
    there was a plan, or lay at another place."""

    by: By
    partner: str
    from_on: date


class Put(Struct, frozen=True):
    """What became of a try: settlements are there up to this number, or why they are not."""

    plan: SettlementPlan
    number: int
    problem: str = ""
    host_key: str = ""
    more: bool = False
    """The next one is put at once; until then it stays due."""


PlanOutcome = SettlementPlan | Fault


async def plan_settlements(
    tx: Tx, terms: Terms, batch: Sequence[PlanSettlements]
) -> list[PlanOutcome]:
    """Each of these is how a partner gets its settlements from now on.

    Keeps: another place gets those that are made from now on, and the last one before.
    Faults, each for its own item: unknown partner, a place that needs keys and has none.
    """
    return [await _planned(tx, terms, wish) for wish in batch]


async def _planned(tx: Tx, terms: Terms, wish: PlanSettlements) -> PlanOutcome:
    known = await accounts.partners(tx, [wish.partner])
    if (no := unknown(known, wish.partner)) is not None:
        return no
    partner_id = known[wish.partner].partner_id
    before = await read.plan(tx, partner_id, held=True)
    same = before is not None and _where(before) == _where(wish)
    keys = wish.keys or (before.keys if before is not None and same else b"")
    if wish.place != "folder" and not keys:
        mend = "Send them with the place; they go with no other one"
        return Invalid("Nothing says by which keys we come in", field="/secret", mend=mend)
    was = before if same else None
    last = (await read.last(tx, [partner_id])).get(partner_id)
    after = SettlementPlan(
        partner_id=partner_id,
        every=wish.every,
        place=wish.place,  # type: ignore[arg-type]
        address=wish.address,
        endpoint=wish.endpoint,
        region=wish.region,
        account=wish.account,
        keys=keys,
        host_key=wish.host_key or (was.host_key if was else ""),
        format=wish.format,
        state="paused" if wish.paused else "active",
        put_number=was.put_number if was else max(0 if last is None else last.number - 1, 0),
        put_at=was.put_at if was else None,
        next_at=next_begin(ZoneInfo(terms.versions[-1].program.zone), wish.every, tx.now),
        failures=0,
        problem="",
        version=1 if before is None else before.version + 1,
    )
    told = Done(
        wish.by, "settlements.planned", "partner", wish.partner,
        {} if before is None else _told(before), _told(after),
    )  # fmt: skip
    await tx.write([write.plan(tx, after), *acted(tx, [told])])
    return after


async def end_settlements(tx: Tx, batch: Sequence[EndSettlements]) -> list[PlanOutcome]:
    """These partners get none by themselves any more; what is there stays. Faults: `not_found`."""
    outcomes: list[PlanOutcome] = []
    for wish in batch:
        before = await _held(tx, wish.partner)
        if isinstance(before, SettlementPlan):
            told = Done(wish.by, "settlements.ended", "partner", wish.partner, _told(before), {})
            await tx.write([write.end(tx, before.partner_id), *acted(tx, [told])])
        outcomes.append(before)
    return outcomes


async def settle_now(tx: Tx, batch: Sequence[SettleNow]) -> list[PlanOutcome]:
    """The next one is made and put now. Faults: `not_found`; `invalid` while it is paused."""
    outcomes: list[PlanOutcome] = []
    for wish in batch:
        before = await _held(tx, wish.partner)
        if isinstance(before, SettlementPlan) and before.state == "paused":
            mend = "Have them go on first"
            before = Invalid("Settlements are paused", field="/paused", mend=mend)
        if isinstance(before, SettlementPlan):
            before = replace(before, next_at=tx.now, version=before.version + 1)
            await tx.write([write.plan(tx, before)])
        outcomes.append(before)
    return outcomes


async def put_from(tx: Tx, terms: Terms, batch: Sequence[PutFrom]) -> list[PlanOutcome]:
    """What was settled since a day is put there now, in its order; what lies there whole stays.

    Faults: `not_found`; `invalid` while it is paused, and where nothing was settled since.
    """
    zone = ZoneInfo(terms.versions[-1].program.zone)
    outcomes: list[PlanOutcome] = []
    for wish in batch:
        before = await _held(tx, wish.partner)
        if isinstance(before, SettlementPlan):
            day = max(wish.from_on, _FIRST_DAY).toordinal()
            since = day_starts_at(zone, day)
            first = await read.first_after(tx, before.partner_id, since)
            before = _again(before, first, tx.now)
        if isinstance(before, SettlementPlan):
            await tx.write([write.plan(tx, before)])
        outcomes.append(before)
    return outcomes


def _again(plan: SettlementPlan, first: int | None, now: datetime) -> PlanOutcome:
    if plan.state == "paused":
        return Invalid("Settlements are paused", field="/paused", mend="Have them go on first")
    if first is None:
        mend = "Say an earlier day, or settle first"
        return Invalid("Nothing was settled since that day", field="/from_on", mend=mend)
    number = min(plan.put_number, first - 1)
    if (number, now) == (plan.put_number, plan.next_at):
        return plan  # asked again, it is on its way already
    return replace(plan, put_number=number, next_at=now, version=plan.version + 1)


async def settlements_put(
    tx: Tx, terms: Terms, batch: Sequence[Put]
) -> list[SettlementPlan | None]:
    """How each plan is after a try; nothing where it was ended meanwhile.

    Keeps: whoever changed the plan meanwhile has it as they said, also from where on it is put once
    more; else what is there stays counted.
    """
    zone = ZoneInfo(terms.versions[-1].program.zone)
    outcomes: list[SettlementPlan | None] = []
    for one in batch:
        before = await read.plan(tx, one.plan.partner_id, held=True)
        if before is None or _where(before) != _where(one.plan):
            outcomes.append(before)
            continue
        mine = before.version == one.plan.version
        lowered = before.put_number < one.plan.put_number
        number = before.put_number if lowered else max(before.put_number, one.number)
        after = replace(
            before,
            host_key=before.host_key or one.host_key,
            put_number=number,
            put_at=tx.now if number > before.put_number else before.put_at,
            version=before.version + 1,
        )
        if mine and not one.more:
            after = _tried(after, one.problem, (zone, tx.now))
        await tx.write([write.plan(tx, after)])
        outcomes.append(after)
    return outcomes


def _tried(plan: SettlementPlan, problem: str, when: tuple[ZoneInfo, datetime]) -> SettlementPlan:
    zone, now = when
    if not problem:
        return replace(plan, failures=0, problem="", next_at=next_begin(zone, plan.every, now))
    failures = plan.failures + 1
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    return replace(plan, failures=failures, problem=problem, next_at=now + pause)


class _Begins(NamedTuple):
    """A day, a week or a month begins."""

    every: Every
    day: int

    def ahead(self) -> int:
        """The day on which the next one begins."""
        if self.every == "day":
            return self.day + 1
        on = date.fromordinal(self.day)
        if self.every == "week":
            return self.day + 7 - on.weekday()
        return (on.replace(day=28) + timedelta(days=4)).replace(day=1).toordinal()


def next_begin(zone: ZoneInfo, every: Every, now: datetime) -> datetime:
    """When the next day, week (from Monday on) or month begins by the shop's clock.

    Example: on 15 March 2027, a Monday, the next week begins on 22 March and the month on 1 April.
    """
    return day_starts_at(zone, _Begins(every, local(zone, now).day).ahead())


def current_begin(zone: ZoneInfo, every: Every, now: datetime) -> date:
    """On which day the running day, week or month began."""
    on = date.fromordinal(local(zone, now).day)
    if every == "week":
        return on - timedelta(days=on.weekday())
    return on.replace(day=1) if every == "month" else on


def is_same_place(one: SettlementPlan, other: SettlementPlan) -> bool:
    """Whether both put settlements at the same place."""
    return _where(one) == _where(other)


async def _held(tx: Tx, partner: str) -> PlanOutcome:
    known = await accounts.partners(tx, [partner])
    if (no := unknown(known, partner)) is not None:
        return no
    found: UUID = known[partner].partner_id
    plan = await read.plan(tx, found, held=True)
    return plan or NotFound("No settlements are planned for this partner")


def _where(one: SettlementPlan | PlanSettlements) -> tuple[str, ...]:
    return one.place, one.address, one.endpoint, one.region, one.account


def _told(one: SettlementPlan) -> dict[str, object]:
    """What the audit log says of it; never a key."""
    return {"files": f"{one.place} {one.address}".strip(), "state": one.state}
