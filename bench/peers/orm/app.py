"""POST /v1/activities as most teams would write it: same request, same rows, one transaction."""

from __future__ import annotations

import gc
import hashlib
import hmac
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from rules import Bought, Given, lapses_at, points_of, tier_of, tier_until
from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from tables import (
    Activity,
    Balance,
    Counter,
    Entry,
    Lot,
    Member,
    Once,
    Outbox,
    Posting,
    Standing,
    TierMove,
    Trail,
    uuid7,
)

PROGRAM, POINTS, CREDIT, COFFEE = 1, 1, 3, 1
LADDER = ["bronze", "silver", "gold"]

engine = create_async_engine(
    os.environ["BENCH_DATABASE_URL"],
    pool_size=int(os.environ.get("BENCH_POOL", "16")),
    max_overflow=0,
    pool_pre_ping=False,
    json_serializer=lambda value: orjson.dumps(value).decode(),
    json_deserializer=orjson.loads,
    connect_args={"server_settings": {"jit": "off"}},
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
key_digest = hashlib.sha256(os.environ["BENCH_API_KEY"].encode()).digest()
app = FastAPI(openapi_url=None)

# The same treatment of garbage as our own workers have; it is worth a sixth here.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)


class Money(BaseModel):
    model_config = ConfigDict(extra="forbid")
    minor: Annotated[int, Field(ge=0, le=2**53 - 1, strict=True)]
    currency: str


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    amount: Money
    sku: Annotated[str, Field(max_length=200)] = ""
    category: Annotated[str, Field(max_length=200)] = ""
    quantity: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] = 1


class Whom(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, Field(pattern="^mem_[0-9a-f]{32}$")]


class Sale(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str
    member: Whom
    occurred_at: AwareDatetime
    source: str = ""
    store: str = ""
    channel: str = ""
    lines: Annotated[list[Line], Field(min_length=1, max_length=500)]


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as opened:
        yield opened


async def caller(authorization: Annotated[str, Header()]) -> str:
    shown = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).digest()
    if not hmac.compare_digest(shown, key_digest):
        raise HTTPException(401)
    return "key_bench"


Db = Annotated[AsyncSession, Depends(session)]
Caller = Annotated[str, Depends(caller)]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=128)]


@app.get("/healthz")
async def healthz() -> Response:
    return Response("ok")


@app.post("/v1/activities", status_code=201, response_model=None)
async def record(sale: Sale, request: Request, db: Db, principal: Caller, key: Key) -> Response:
    """Once by key; then lock the standing, evaluate the rules and write."""
    digest = _digest(f"{principal} {key}".encode())
    content = _digest(await request.body())
    async with db.begin():
        known = await db.get(Once, (PROGRAM, digest))
        if known is not None:
            if known.content != content:
                raise HTTPException(422, "this key came with other content before")
            return Response(known.answer, 200, media_type="application/json")
        answer = await _earn(db, sale, principal)
        db.add(
            Once(
                program_id=PROGRAM,
                key=digest,
                content=content,
                member_id=UUID(sale.member.id[4:]),
                subject_id=answer["id"],
                answer=orjson.dumps(answer),
                recorded_at=datetime.now(UTC),
            )
        )
    return Response(orjson.dumps(answer), 201, media_type="application/json")


def _digest(raw: bytes) -> UUID:
    return UUID(bytes=hashlib.blake2b(raw, digest_size=16).digest())


async def _earn(db: AsyncSession, sale: Sale, principal: str) -> dict[str, Any]:
    member_id = UUID(sale.member.id[4:])
    # One look-up for all that is one row per member, so that everything is flushed at once later.
    found = await db.execute(
        select(Standing, Member, Balance)
        .join(Member, Member.member_id == Standing.member_id)
        .join(Balance, and_(Balance.member_id == Standing.member_id, Balance.wallet == POINTS))
        .where(Standing.member_id == member_id)
        # The balance too: of a row that is only joined, who waited gets what was there before.
        .with_for_update(of=(Standing, Balance))
    )
    row = found.one_or_none()
    if row is None:
        raise HTTPException(404, "unknown member")
    standing, member, balance = row
    if member.state == "blocked":
        raise HTTPException(409, "member is blocked")
    counters = {
        (one.counter, one.period): one
        for one in await db.scalars(select(Counter).where(Counter.member_id == member_id))
    }
    month = sale.occurred_at.year * 100 + sale.occurred_at.month
    so_far = counters[COFFEE, month].value if (COFFEE, month) in counters else 0
    tier_before = standing.tier or "bronze"
    bought = [Bought(line.category, line.quantity, line.amount.minor) for line in sale.lines]
    given = points_of(bought, sale.occurred_at, sale.channel, tier_before, so_far)
    activity = _book(db, sale, member_id, given, principal)
    balance.available += given.points
    balance.earned += given.points
    _count(db, counters, member_id, (CREDIT, given.day), given.spent_minor)
    if given.coffee:
        _count(db, counters, member_id, (COFFEE, given.month), given.coffee)
    credit = {day: one.value for (kind, day), one in counters.items() if kind == CREDIT}
    _climb(db, standing, tier_of(credit, given.day), activity)
    standing.version += 1
    db.add(_told(member_id, standing.version, "points.earned", _earned(activity, given)))
    return _earned(activity, given) | {
        "id": activity.activity_id,
        "member_id": sale.member.id,
        "state": "recorded",
        "balances": {"points": balance.available},
        "tier": standing.tier,
        "tier_before": tier_before,
    }


def _book(db: AsyncSession, sale: Sale, member_id: UUID, given: Given, principal: str) -> Activity:
    now = datetime.now(UTC)
    whose: dict[str, Any] = {"program_id": PROGRAM, "member_id": member_id}
    activity = Activity(
        activity_id=uuid7(),
        kind=sale.kind,
        source=sale.source,
        occurred_at=sale.occurred_at,
        recorded_at=now,
        store=sale.store,
        channel=sale.channel,
        amount_minor=given.spent_minor,
        body={"lines": [line.model_dump(exclude_defaults=True) for line in sale.lines]},
        actor=principal,
        **whose,
    )
    packed = orjson.dumps(given._asdict())
    trail = Trail(activity=activity, version=1, engine=1, packed=packed, recorded_at=now, **whose)
    entry = Entry(
        entry_id=uuid7(),
        kind="earn",
        cause_id=activity.activity_id,
        occurred_at=sale.occurred_at,
        recorded_at=now,
        actor=principal,
        **whose,
    )
    sides = [
        Posting(entry=entry, line=0, wallet=POINTS, account=11, amount=-given.points, **whose),
        Posting(entry=entry, line=1, wallet=POINTS, account=1, amount=given.points, **whose),
    ]
    lot = Lot(
        wallet=POINTS,
        entry=entry,
        cause_id=activity.activity_id,
        version=1,
        amount=given.points,
        remaining=given.points,
        earned_at=sale.occurred_at,
        expires_at=lapses_at(sale.occurred_at),
        **whose,
    )
    db.add_all([activity, trail, entry, *sides, lot])
    return activity


def _count(
    db: AsyncSession,
    counters: dict[tuple[int, int], Counter],
    member_id: UUID,
    place: tuple[int, int],
    by: int,
) -> None:
    found = counters.get(place)
    if found is None:
        counter, period = place
        found = counters[place] = Counter(
            member_id=member_id, counter=counter, period=period, program_id=PROGRAM, value=0
        )
        db.add(found)
    found.value += by


def _climb(db: AsyncSession, standing: Standing, reached: str, activity: Activity) -> None:
    if standing.tier is not None and LADDER.index(reached) <= LADDER.index(standing.tier):
        return
    standing.version += 1
    until = tier_until(activity.occurred_at)
    db.add(
        TierMove(
            program_id=PROGRAM,
            member_id=standing.member_id,
            from_tier=standing.tier,
            to_tier=reached,
            reason="reached",
            cause_id=activity.activity_id,
            until_at=until,
            occurred_at=activity.occurred_at,
            recorded_at=activity.recorded_at,
        )
    )
    payload = {"from": standing.tier, "to": reached, "reason": "reached"}
    db.add(_told(standing.member_id, standing.version, "tier.changed", payload))
    standing.tier, standing.tier_since = reached, activity.occurred_at
    standing.tier_until = until


def _earned(activity: Activity, given: Given) -> dict[str, Any]:
    return {"activity_id": str(activity.activity_id), "earned": {"points": given.points}}


def _told(member_id: UUID, sequence: int, type_: str, payload: dict[str, Any]) -> Outbox:
    return Outbox(
        program_id=PROGRAM,
        member_id=member_id,
        sequence=sequence,
        type=type_,
        payload=payload,
        recorded_at=datetime.now(UTC),
    )
