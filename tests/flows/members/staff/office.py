"""What staff do in the office: to be failed at every statement."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from tests.flows.members.staff.failing import hired
from tests.flows.members.staff.people import hires, key
from tests.isolation import flows
from tests.isolation.scenes import Ask, of
from tests.makers import Shop

from regulars.flows.membership.office.commands import (
    BeginRound,
    DecideRound,
    KeepView,
    TagMembers,
    UpdateMember,
)
from regulars.flows.membership.office.keep_office import keep_office
from regulars.flows.membership.office.keep_rounds import begin_rounds, turn_rounds
from regulars.flows.membership.office.tag_members import tag_members
from regulars.records.access.staff.types import By


def keeps(n: int, one: Any) -> Ask:
    """They keep a list."""
    return keep_office, [KeepView(f"list {n}", "visit=away-90", By(one.staff_id))]


def tags(n: int, given: Any) -> Ask:
    """They put a word on a member."""
    return tag_members, [TagMembers(f"Word {n}", (given.member,), By(words="us"))]


def updates(n: int, _: Any) -> Ask:
    """A connected system tells a telephone and a name of a member."""
    told = UpdateMember(of("a", n), (("phone", f"+1212555{2000 + n}"),), given_name="Ada")
    return flows.update, [told]


def many(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Somebody of support for each, and a member for each of them."""
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    people = hired(shop, ns)
    return [
        SimpleNamespace(one=one, member=shop.rows(sql, f"a{n}")[0][0])
        for n, one in zip(ns, people, strict=True)
    ]


def begins(n: int, given: Any) -> Ask:
    """They give points to many."""
    wish = BeginRound("points", 5, "slow", (given.member,), asked=key(given.one, f"r{n}"))
    return begin_rounds, [wish]


def waiting(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A round of each that waits for a colleague, and who it is."""
    boss, given = hires(shop, "owner"), []
    for n, each in zip(ns, many(shop, ns), strict=True):
        wish = BeginRound("points", 900, "slow", (each.member,), asked=key(each.one, f"w{n}"))
        (begun,) = shop.ask(begin_rounds, wish)
        given.append(SimpleNamespace(round_id=begun.round_id, boss=boss.staff_id))
    return given


def grants(n: int, given: Any) -> Ask:
    """A colleague says yes."""
    return turn_rounds, [DecideRound(given.round_id, True, By(given.boss))]
