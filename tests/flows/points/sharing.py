"""A program in which points may move, and commands with little to say."""

from typing import Any
from uuid import UUID

from tests.makers import Shop

from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import (
    BlockMember,
    EnterHousehold,
    FoundHousehold,
    LeaveHousehold,
    MergeMembers,
    UnmergeMember,
)
from regulars.flows.membership.keep_households import (
    enter_households,
    found_households,
    leave_households,
)
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.points.commands import RedeemTogether, Transfer, WriteOff
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.points.transfer_points import transfer_points
from regulars.flows.points.write_off_debts import write_off_debts
from regulars.records.members.types import MemberRef

SHARING = """
regulars: 1
program: sharing
name: Sharing
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    expiry: {after: 10 days, round_up_to: day}
    negative: debt
    write_off_after: 30 days
    transfers: {at_least: 5, at_most: 100, limit: {points: 120, per: month}}
  drops: {rounding: {carry: true}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: welcome, on: hello, wallet: points, award: {give: fixed, points: 50},
     limits: [{per: ever, times: 1}]}
  - {id: drop, on: purchase, wallet: drops, award: {give: per_amount, points: 1, per: "3.00"}}
tiers:
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "200.00"}]
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
  - {id: mug, name: A mug, price: {points: 10}, limit: {times: 1, per: ever}}
household: {most_members: 3}
"""
BOSS: dict[str, Any] = {"reason": "as agreed", "actor": "Olga"}


def give(
    shop: Shop, giver: MemberRef, taker: MemberRef, units: int, wallet: str = "points", **more: Any
) -> Any:
    (outcome,) = shop.ask(transfer_points, Transfer(giver, taker, wallet, units, **more))
    return outcome


def merge(shop: Shop, gone: MemberRef, into: MemberRef, **more: Any) -> Any:
    (outcome,) = shop.ask(merge_members, MergeMembers(gone, into, **(BOSS | more)))
    return outcome


def unmerge(shop: Shop, member_id: UUID, **more: Any) -> Any:
    (outcome,) = shop.ask(unmerge_members, UnmergeMember(member_id, **(BOSS | more)))
    return outcome


def block(shop: Shop, whom: MemberRef, blocked: bool = True, **more: Any) -> Any:
    (outcome,) = shop.ask(block_members, BlockMember(whom, blocked, **(BOSS | more)))
    return outcome


def write_off(shop: Shop, whom: MemberRef, wallet: str = "points", **more: Any) -> Any:
    (outcome,) = shop.ask(write_off_debts, WriteOff(whom, wallet, **(BOSS | more)))
    return outcome


def household(shop: Shop, head: MemberRef, *members: MemberRef) -> UUID:
    """A household with this head and these members."""
    (founded,) = shop.ask(found_households, FoundHousehold(head, "The Bergs"))
    for whom in members:
        enter(shop, founded.household_id, whom)
    return founded.household_id


def enter(shop: Shop, household_id: UUID, whom: MemberRef, role: Any = "member") -> Any:
    (outcome,) = shop.ask(enter_households, EnterHousehold(household_id, whom, role))
    return outcome


def leave(shop: Shop, household_id: UUID, whom: MemberRef) -> Any:
    (outcome,) = shop.ask(leave_households, LeaveHousehold(household_id, whom))
    return outcome


def take_together(shop: Shop, household_id: UUID, whom: MemberRef, reward: str, **more: Any) -> Any:
    (outcome,) = shop.ask(redeem_together, RedeemTogether(household_id, whom, reward, **more))
    return outcome


def member_id(shop: Shop, external: str) -> UUID:
    """Who is found by this now."""
    rows = shop.rows(
        "select member_id from identifier where program_id = $1 and value = $2", external
    )
    return rows[0][0]


def totals(shop: Shop) -> list[tuple[Any, ...]]:
    """What all members hold less what they owe, per wallet."""
    return shop.rows(
        "select wallet, sum(available + pending + held - debt)::bigint from balance "
        "where program_id = $1 group by wallet having sum(available + held + debt) > 0 order by 1"
    )
