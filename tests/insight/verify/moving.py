"""The shop's spring: points change hands, two become one, some share, a debt is forgiven."""

from datetime import timedelta
from typing import Any

from regulars.flows.commands import Redeem
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.keep_appointments import miss_uses
from regulars.flows.membership.benefits.use_benefits import undo_uses, use_benefits
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import (
    BlockMember,
    EnterHousehold,
    FoundHousehold,
    GrantBenefit,
    Guest,
    MergeMembers,
    MissUse,
    UndoUse,
    UnmergeMember,
    UseBenefit,
)
from regulars.flows.membership.keep_households import enter_households, found_households
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.plans.commands import StartMembership, TurnMembership
from regulars.flows.membership.plans.keep_memberships import start_memberships, turn_memberships
from regulars.flows.membership.tiers.give_tiers import give_tiers, turn_grants
from regulars.flows.membership.tiers.tier_commands import GiveTier, TurnGrant
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.points.codes.commands import FillPool, IssueCodes, UseCode, WithdrawCode
from regulars.flows.points.codes.fill_pools import fill_pools
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import use_codes, withdraw_codes
from regulars.flows.points.commands import (
    ExtendLot,
    RedeemTogether,
    ReinstatePoints,
    Transfer,
    WriteOff,
)
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.points.show_courtesy import extend_lots, reinstate_points
from regulars.flows.points.transfer_points import transfer_points
from regulars.flows.points.write_off_debts import write_off_debts
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.ledger import read as ledger
from regulars.records.members.types import MemberRef

SAID: Any = {"reason": "as agreed", "actor": "mia"}


async def spring(shop: Any, till: Any) -> None:
    """Nobody of the year before takes part; `till` makes purchases, returns and their lines."""
    dan, eve, flo, gus = [await shop.join(f"{name}@example.org") for name in
                          ("dan", "eve", "flo", "gus")]  # fmt: skip
    await shop.tell(
        till.bought("d1", dan, till.line(6_000)),
        till.bought("e1", eve, till.line(5_500)),
        till.bought("f1", flo, till.line(3_000)),
        till.bought("g1", gus, till.line(4_000)),
    )
    shop.later(hours=1)
    await _courtesy(shop, dan)
    await _benefits(shop, (dan, eve))
    await _tiers(shop, (dan, flo))
    await shop.act(transfer_points, Transfer(dan, eve, "points", 15))
    shop.later(hours=1)
    await _one_person(shop, till, (dan, eve))
    await _codes(shop, flo)
    await _household(shop, (flo, gus))
    await _debt(shop, till, gus)
    await shop.act(block_members, BlockMember(flo, True, **SAID))
    await _plans(shop, await shop.join("noa@example.org"), await shop.join("oli@example.org"))


async def _benefits(shop: Any, who: tuple[MemberRef, MemberRef]) -> None:
    dan, eve = who
    used = [(await shop.act(use_benefits, UseBenefit(one, "wrap")))[0] for one in (dan, dan, eve)]
    await shop.act(undo_uses, UndoUse(used[0].use_id))
    until = shop.now.replace(year=shop.now.year + 1)
    await shop.act(grant_benefits, GrantBenefit(eve, "tasting", until_at=until, **SAID))
    await shop.act(use_benefits, UseBenefit(eve, "tasting"))
    # Two at one time, one of them with a guest; one is cancelled, and to one nobody comes.
    soon = shop.now.replace(minute=shop.now.minute // 5 * 5, second=0, microsecond=0)
    at = [soon + timedelta(minutes=5 * n) for n in (1, 2, 3)]
    together = UseBenefit(dan, "chair", from_at=at[1], guests=(Guest("Nil"),))
    await shop.act(use_benefits, together)
    await shop.act(use_benefits, UseBenefit(eve, "chair", from_at=at[1]))
    (gone,) = await shop.act(use_benefits, UseBenefit(eve, "chair", from_at=at[2]))
    await shop.act(undo_uses, UndoUse(gone.use_id))
    (missed,) = await shop.act(use_benefits, UseBenefit(eve, "chair", from_at=at[0]))
    shop.later(minutes=6)
    await shop.act(miss_uses, MissUse(missed.use_id))


async def _plans(shop: Any, noa: MemberRef, oli: MemberRef) -> None:
    """One pays after a trial, gets a part back and uses the porch; one ends a trial and goes on."""
    (tried,) = await shop.act(start_memberships, StartMembership(noa, "friend", trial=True))
    paid = {"source": "pay", "external_id": "in_1"}
    await shop.act(turn_memberships, TurnMembership(tried.membership_id, "paid", **paid))
    back = {"amount_minor": 100, "currency": "EUR"}
    await shop.act(turn_memberships, TurnMembership(tried.membership_id, "refunded", **back))
    await shop.act(turn_memberships, TurnMembership(tried.membership_id, "failed"))
    await shop.act(use_benefits, UseBenefit(noa, "porch"))
    (again,) = await shop.act(start_memberships, StartMembership(oli, "friend", trial=True))
    end = TurnMembership(again.membership_id, "cancelled", at="now")
    await shop.act(turn_memberships, end)
    await shop.act(start_memberships, StartMembership(oli, "friend"))


async def _codes(shop: Any, flo: MemberRef) -> None:
    """One of a pool, one of ours that is used, and vouchers of which one is used, one withdrawn."""
    await shop.act(fill_pools, FillPool("tune", ("la", "le", "lu"), **SAID))
    (tune,) = await shop.act(redeem_rewards, Redeem(flo, "tune", capture=True))
    (bun,) = await shop.act(redeem_rewards, Redeem(flo, "bun", capture=True))
    (issued,) = await shop.act(issue_codes, IssueCodes("bun", times=3, **SAID))
    shop.later(hours=1)
    for code in (bun.code, issued.codes[0].code):
        await shop.act(use_codes, UseCode(code, store="main"))
    await shop.act(withdraw_codes, WithdrawCode(issued.codes[1].code, **SAID))
    assert tune.code == "la", tune


async def _courtesy(shop: Any, dan: MemberRef) -> None:
    lot = await _lot(shop, dan)
    shop.later(days=3)
    extended = ExtendLot(dan, lot.lot_id, lot.expires_at.replace(year=2029), cost_minor=90, **SAID)
    await shop.act(extend_lots, extended)
    last_year = MemberRef(email="ann@example.org")
    async with shop.database.transaction(shop.program_id) as tx:
        rows = await tx.fetch(
            "select cause_id from entry where program_id = $1 and kind = 'expire' "
            "and member_id = $2 "
            "order by entry_id limit 1",
            shop.program_id,
            (await _id(shop, last_year)),
        )
    again = ReinstatePoints(last_year, rows[0]["cause_id"], units=3, **SAID)
    await shop.act(reinstate_points, again)


async def _tiers(shop: Any, who: tuple[MemberRef, MemberRef]) -> None:
    """One is given silver and it is ended, one is invited to black and accepts."""
    dan, flo = who
    (given,) = await shop.act(give_tiers, GiveTier(dan, "granted", "silver", **SAID))
    (asked,) = await shop.act(give_tiers, GiveTier(flo, "invited", "black", **SAID))
    shop.later(hours=1)
    await shop.act(turn_grants, TurnGrant(given.grant_id, "ended", **SAID))
    await shop.act(turn_grants, TurnGrant(asked.grant_id, "accepted", **SAID))


async def _one_person(shop: Any, till: Any, two: tuple[MemberRef, MemberRef]) -> None:
    """Undone once, then for good; the merged one's purchase comes back in part."""
    dan, eve = two
    await shop.act(merge_members, MergeMembers(dan, eve, **SAID))
    await shop.act(unmerge_members, UnmergeMember(dan.id, **SAID))
    await shop.act(merge_members, MergeMembers(dan, eve, **SAID))
    shop.later(hours=1)
    await shop.tell(till.back("rd1", "d1", (0, 1)), till.bought("j1", dan, till.line(2_000)))


async def _household(shop: Any, two: tuple[MemberRef, MemberRef]) -> None:
    flo, gus = two
    (home,) = await shop.act(found_households, FoundHousehold(flo, "Home", "mia"))
    await shop.act(enter_households, EnterHousehold(home.household_id, gus, actor="mia"))
    shop.later(hours=1)
    await shop.act(redeem_together, RedeemTogether(home.household_id, gus, "tin"))


async def _debt(shop: Any, till: Any, gus: MemberRef) -> None:
    await shop.adjust(gus, "stars", -4)
    await shop.tell(till.back("rg1", "g1"))
    await shop.act(write_off_debts, WriteOff(gus, "stars", **SAID))


async def _lot(shop: Any, whom: MemberRef) -> Any:
    async with shop.database.transaction(shop.program_id) as tx:
        (lot,) = [each for each in await ledger.open_lots(tx, [whom.id]) if each.wallet == 1]
        return lot


async def _id(shop: Any, whom: MemberRef) -> Any:
    from regulars.records.members import read

    async with shop.database.transaction(shop.program_id) as tx:
        (found,) = await read.whom(tx, "DE", [whom])
        return found
