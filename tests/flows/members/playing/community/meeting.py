"""A shop with clubs and gatherings, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from tests.makers import Shop, by

from regulars.flows.community.check_in import check_in_members
from regulars.flows.community.commands import (
    CheckIn,
    GiveUpSeat,
    InviteToClub,
    JoinClub,
    KeepClub,
    KeepGathering,
    LeaveClub,
    TakeSeat,
)
from regulars.flows.community.join_clubs import invite_to_clubs, join_clubs, leave_clubs
from regulars.flows.community.keep_clubs import keep_clubs
from regulars.flows.community.keep_gatherings import keep_gatherings
from regulars.flows.community.take_seats import give_up_seats, take_seats
from regulars.records.access.staff.types import By

MIA: Final = By(words="mia")
SAYS: Final = {"en": "We meet."}
SOURCE: Final = """
regulars: 1
program: meets
name: Meets
currency: EUR
zone: Europe/Berlin
locale: en-GB
wallets:
  points: {}
rules:
  - {id: bought, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: came-in, on: club-joined, wallet: points, award: {give: fixed, points: 10}}
  - {id: was-there, on: event-attended, wallet: points, award: {give: fixed, points: 25}}
  - {id: learned, on: lesson-passed, wallet: points, award: {give: fixed, points: 15}}
  - {id: wrote, on: review-published, wallet: points, award: {give: fixed, points: 40}}
tiers:
  window: ever
  valid: for_ever
  steps: [{id: bronze, name: Bronze, at: 0}, {id: gold, name: Gold, at: "100.00"}]
"""


def club(shop: Shop, code: str, **more: Any) -> Any:
    told: dict[str, Any] = {"name": code.title(), "says": SAYS, "joins": "open", "by": MIA, **more}
    return shop.ask(keep_clubs, KeepClub(code, **told))[0]


def plan(shop: Shop, code: str, seats: int = 2, **more: Any) -> Any:
    """A gathering that begins in two days."""
    at = shop.now + timedelta(days=2)
    told: dict[str, Any] = {
        "name": code.title(), "says": SAYS, "begins_at": at, "ends_at": at + timedelta(hours=2),
        "capacity": seats, "by": MIA, **more,
    }  # fmt: skip
    return shop.ask(keep_gatherings, KeepGathering(code, **told))[0]


def joins(shop: Shop, name: str, code: str, **more: Any) -> Any:
    return shop.ask(join_clubs, JoinClub(by(external=name), code, **more))[0]


def leaves(shop: Shop, name: str, code: str) -> Any:
    return shop.ask(leave_clubs, LeaveClub(by(external=name), code))[0]


def invites(shop: Shop, name: str, code: str) -> Any:
    return shop.ask(invite_to_clubs, InviteToClub(code, by(external=name), MIA))[0]


def takes(shop: Shop, name: str, code: str) -> Any:
    return shop.ask(take_seats, TakeSeat(by(external=name), code))[0]


def gives_up(shop: Shop, name: str, code: str) -> Any:
    return shop.ask(give_up_seats, GiveUpSeat(by(external=name), code))[0]


def comes(shop: Shop, name: str, code: str) -> Any:
    return shop.ask(check_in_members, CheckIn(by(external=name), code, "mia"))[0]


def points(shop: Shop, name: str) -> int:
    sql = """select b.available from balance b join identifier i using (program_id, member_id)
              where b.program_id = $1 and i.kind = 'external' and i.value = $2"""
    return sum(row[0] for row in shop.rows(sql, name))


def states(shop: Shop, code: str) -> dict[str, str]:
    """Who has a seat and who waits, in the order they asked."""
    sql = """select i.value, s.state from seat s join gathering g using (program_id, gathering_id)
               join identifier i on i.program_id = s.program_id and i.member_id = s.member_id
                                and i.kind = 'external'
              where s.program_id = $1 and g.code = $2 order by s.line"""
    return {row[0]: row[1] for row in shop.rows(sql, code)}


def events(shop: Shop, start: str) -> list[tuple[str, str]]:
    """What the world is told of such a type, in order: whom, what."""
    sql = """select i.value, o.type from outbox o
               join identifier i on i.program_id = o.program_id and i.member_id = o.member_id
                                and i.kind = 'external'
              where o.program_id = $1 and starts_with(o.type, $2) order by o.outbox_id"""
    return [(row[0], row[1]) for row in shop.rows(sql, start)]
