"""What a case about appointments, whoever looks after members and teams says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from tests.flows.members.staff.people import hires

Said = dict[str, Any]
_AT = time(8)


def gold(house: Any) -> str:
    """Somebody new who bought enough for every tier, and has points."""
    member = str(house.member())
    house.buys(member)
    return member


def in_days(house: Any, days: int) -> str:
    """An hour at which the stylist works, so many days from now."""
    day: datetime = house.counter.shop.now + timedelta(days=days)
    return day.replace(hour=_AT.hour, minute=0, second=0, microsecond=0).isoformat()


def booked(house: Any, days: int = 3) -> str:
    """The id of an appointment of somebody new."""
    wish = {"member": {"id": gold(house)}, "benefit": "stylist", "from_at": in_days(house, days)}
    return str(house.post("/v1/benefit-uses", **wish)["id"])


def free(house: Any) -> Iterator[Said]:
    day = in_days(house, 3)[:10]
    while True:
        yield {"path": {"benefit": "stylist"}, "query": {"on": day}}


def moving(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"use_id": booked(house)}, "body": {"from_at": in_days(house, 4)}}


def over(house: Any) -> Iterator[Said]:
    """An appointment whose hour has just begun; a day goes by for each."""
    while True:
        use = booked(house, 1)
        house.counter.shop.now += timedelta(days=1)
        house.counter.shop.now = house.counter.shop.now.replace(hour=_AT.hour, minute=1)
        yield {"path": {"use_id": use}}


def staff(house: Any) -> str:
    """Somebody who works here."""
    return hires(house.counter.shop, "manager").principal


def looked_after(house: Any, who: str) -> str:
    """Somebody new who has this one to look after them."""
    member = gold(house)
    told = {"benefit": "stylist", "staff_id": who}
    house.post(f"/v1/members/{member}/associates", **told)
    return member


def assigning(house: Any) -> Iterator[Said]:
    who = staff(house)
    while True:
        yield {"path": {"member_id": gold(house)}, "body": {"benefit": "stylist", "staff_id": who}}


def ending(house: Any) -> Iterator[Said]:
    who = staff(house)
    while True:
        yield {"path": {"member_id": looked_after(house, who)}, "body": {"benefit": "stylist"}}


def passing_on(house: Any) -> Iterator[Said]:
    while True:
        who = staff(house)
        looked_after(house, who)
        yield {"path": {"staff_id": who}}


def forming(house: Any) -> Iterator[Said]:
    while True:
        yield {"body": {"member": {"id": house.member()}, "challenge": "crew"}}


def _formed(house: Any) -> tuple[str, str]:
    first = house.member()
    team = house.post("/v1/teams", member={"id": first}, challenge="crew", name="Birds")
    return first, team["code"]


def joining(house: Any) -> Iterator[Said]:
    while True:
        code = _formed(house)[1]
        yield {"body": {"member": {"id": house.member()}, "code": code}}


def leaving(house: Any) -> Iterator[Said]:
    while True:
        yield {"body": {"member": {"id": _formed(house)[0]}, "challenge": "crew"}}


APPOINTING = {
    "GET /v1/benefits/{benefit}/slots": free,
    "POST /v1/benefit-uses/{use_id}/move": moving,
    "POST /v1/members/{member_id}/associates": assigning,
    "POST /v1/members/{member_id}/associates/end": ending,
    "POST /v1/associates/{staff_id}/pass-on": passing_on,
    "POST /v1/teams": forming,
    "POST /v1/team-members": joining,
    "POST /v1/team-departures": leaving,
}
