"""Paid memberships for tests of rules: one that runs, and lives as chance will have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.rewarding.plans import life
from regulars.engine.terms import Version
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import NOBODY
from regulars.records.benefits.plans.types import Membership, Turn, pack


def began(
    plan: str, at: datetime, member: UUID = NOBODY, number: int = 1, days: int = 30
) -> Membership:
    """A membership whose first term begins now."""
    ends, id_ = at + timedelta(days=days), UUID(int=number)
    return Membership(id_, member, 1, plan, "active", at, 1, at, ends, at, 1000, paid_minor=1000)


def running(plans: Iterable[str], at: datetime, days: int = 30) -> list[Turn]:
    """What happened to somebody of whom these plans run at an instant and for some days more."""
    since = at - timedelta(days=1)
    stands = [began(plan, since, number=place, days=days) for place, plan in enumerate(plans, 1)]
    return [Turn(one.membership_id, "started", since, 1, one) for one in stands]


def lived(chance: Random, version: Version, rows: list[Happening]) -> list[Happening]:
    """The rows, and among them what happened to memberships of the plans of a version: paid or not,
    paused, cancelled, given back, some of it told late."""
    told = list(rows)
    for member in sorted({one.member_id for one in rows} - {NOBODY}):
        times = [one.now for one in rows if one.member_id == member]
        for number, plan in enumerate(version.plans, 1):
            begins = chance.choice(times)
            first = began(plan, begins, member, member.int * 10 + number)
            told += _life(chance, version, first)
    return sorted(told, key=lambda one: one.now)


def _life(chance: Random, version: Version, one: Membership) -> Iterator[Happening]:
    yield _said(Turn(one.membership_id, "started", one.from_at, 1, one), one.from_at)
    now = one.from_at
    for _ in range(chance.randint(0, 12)):
        now += timedelta(days=chance.choice((1, 9, 31, 170)))
        for step in life.passed(version, one, now):
            one = step.after
            yield _said(Turn(one.membership_id, step.what, step.at, 1, one), now)
        step = _word(chance, version, one, now)
        if not isinstance(step, Refused):
            one = step.after
            late = timedelta(days=chance.choice((0, 0, 0, 3)))
            yield _said(Turn(one.membership_id, step.what, step.at, 1, one), now + late)


def _word(chance: Random, version: Version, one: Membership, now: datetime) -> life.Step | Refused:
    what = chance.choice(("paid", "paid", "paid", "failed", "cancelled", "refunded", "paused"))
    if what == "paid":
        return life.pay(version, one, None, "", now)
    if what == "failed":
        return life.fail(one, now)
    if what == "cancelled":
        return life.cancel(one, chance.choice(("now", "period_end")), now)
    if what == "refunded":
        return life.refund(one, None, now)
    return life.pause(version, one, now)


def _said(turn: Turn, now: datetime) -> Happening:
    who = turn.after.member_id
    return Happening(what="plan", member_id=who, now=now, at=turn.at, turn=pack(turn))
