"""What comes late beside notices, merges, blocks and erasures: each keeps its own promise."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import block, member_id, merge, unmerge
from tests.flows.two_times.test_late import ladder, net, standing
from tests.makers import Shop, asked, brings_back, buys, by

from regulars.base.faults import Invalid, Refused
from regulars.base.money import LARGEST
from regulars.engine.restating.again import Unfinished
from regulars.flows.commands import Adjust
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.recording.preview_activities import preview_activities
from regulars.records.members.types import (
    ChangeMember,
    EraseMember,
    Identifier,
    JoinMember,
    MemberErased,
    MemberRef,
)
from regulars.records.trail.types import Steps

Open = Callable[[str], Shop]
TOLD = ladder().replace(
    "{expiry: {after: 2 years}, negative: debt}",
    "{expiry: {after: 3 months, round_up_to: day}, negative: debt, notice: {days: 10}}",
)
MILK = ladder().replace(
    "tiers:",
    """  - {id: milk, on: purchase, wallet: points, award: {give: multiply, by: 3},
     when: {if: member, attribute: milk, in: [oat]}}
tiers:""",
)
_MOVED = "select from_at, to_at, points from postponement where program_id = $1 order by from_at"
_ENTRIES = "select kind, occurred_at from entry where program_id = $1 order by entry_id"
_PACKED = "select packed from restatement where program_id = $1 order by restatement_id"
EVERY_PACKED = """select packed from restatement where program_id = $1
                   union all select packed from trail where program_id = $1"""
_unpack = msgspec.msgpack.Decoder(Steps).decode


@pytest.fixture
def late_shop(open_shop: Open) -> Callable[[str], Shop]:
    """Opens a shop in which Ada joined on the second of March."""

    def opened(source: str) -> Shop:
        shop = open_shop(source)
        shop.at("2026-03-02 08:00")
        shop.joined("ada")
        return shop

    return opened


def on(shop: Shop, day: str, minor: int, receipt: str, who: str = "ada") -> Any:
    """Told now: something bought at noon of this day."""
    (done,) = shop.record(
        buys(by(external=who), minor, receipt=receipt, occurred_at=shop.local(f"{day} 12:00"))
    )
    return done


def kinds(shop: Shop) -> list[str]:
    return [kind for kind, _ in shop.rows(_ENTRIES)]


def right(shop: Shop) -> None:
    asyncio.run(assert_books_right(shop.made.owner_dsn))


# --- notices (A8) -----------------------------------------------------------------------------


def test_what_comes_later_than_its_end_does_not_lapse_before_its_member_was_told(
    late_shop: Open,
) -> None:
    shop = late_shop(TOLD)
    shop.at("2026-07-01 10:00")
    late = on(shop, "2026-03-03", 4_000, "r1")
    assert (late.earned, late.balances) == ({"points": 40}, {"points": 40})
    shop.night()
    end, moved = shop.local("2026-06-04 00:00"), shop.local("2026-07-12 00:00")
    assert shop.rows(_MOVED) == [(end, moved, 40)]
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    ((message_id,),) = shop.rows("select message_id from message where program_id = $1")
    shop.at("2026-07-01 23:00")
    shop.ask(deliver_messages, Deliver(message_id))
    shop.at("2026-07-11 23:59:59")
    shop.night()
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    shop.at("2026-07-12 00:00")
    shop.night()
    assert shop.balances("ada") == {}
    assert kinds(shop) == ["earn", "postpone", "expire"]
    right(shop)


def test_points_decided_again_live_until_told_and_what_was_told_in_time_lapses(
    late_shop: Open,
) -> None:
    shop = late_shop(TOLD)
    shop.at("2026-03-04 12:00")
    on(shop, "2026-03-04", 5_000, "r2")
    shop.at("2026-05-20 10:00")
    shop.night()
    ((message_id,),) = shop.rows("select message_id from message where program_id = $1")
    shop.ask(deliver_messages, Deliver(message_id))
    shop.at("2026-06-05 10:00")  # their end, and no night came by
    late = on(shop, "2026-03-02", 10_000, "r1")
    assert (late.earned, late.tier) == ({"points": 100}, "silver")
    # The fifty of which Ada knew are gone; the hundred, and fifty more, she was told nothing of.
    assert shop.balances("ada") == {"points": (150, 0, 0)}
    assert net(shop) == {"r1": {"points": 100}, "r2": {"points": 100}}
    shop.night()
    to = shop.local("2026-06-16 00:00")
    ends = shop.local("2026-06-03 00:00"), shop.local("2026-06-05 00:00")
    assert shop.rows(_MOVED) == [(ends[0], to, 100), (ends[1], to, 50)]
    assert shop.balances("ada") == {"points": (150, 0, 0)}
    assert sorted(kinds(shop)) == ["earn", "earn", "expire", "postpone", "postpone", "restate"]
    right(shop)


def test_without_the_promise_what_comes_after_its_end_lapses_at_its_end(late_shop: Open) -> None:
    shop = late_shop(TOLD.replace(", notice: {days: 10}", ""))
    shop.at("2026-07-01 10:00")
    on(shop, "2026-03-03", 4_000, "r1")
    shop.night()
    assert shop.balances("ada") == {}
    assert shop.rows(_ENTRIES) == [
        ("earn", shop.local("2026-03-03 12:00")), ("expire", shop.local("2026-06-04 00:00")),
    ]  # fmt: skip
    right(shop)


# --- members who are one (A12) ----------------------------------------------------------------


def test_what_comes_late_of_who_was_merged_goes_to_who_stays_and_decides_nothing_again(
    late_shop: Open,
) -> None:
    shop = late_shop(ladder())
    shop.joined("bob")
    shop.at("2026-03-04 12:00")
    on(shop, "2026-03-04", 5_000, "a1")
    shop.at("2026-03-05 12:00")
    merge(shop, by(external="bob"), by(external="ada"))
    shop.at("2026-03-06 12:00")
    late = on(shop, "2026-03-03", 12_000, "b1", "bob")
    assert late.member_id == member_id(shop, "ada")
    # As of today's tier, and what Ada bought a day after it stays as it was decided.
    assert (late.earned, late.tier) == ({"points": 120}, "silver")
    assert net(shop) == {"a1": {"points": 50}, "b1": {"points": 120}}
    assert "restate" not in kinds(shop)
    right(shop)
    shop.record(brings_back("b1", receipt="back", occurred_at=shop.local("2026-03-03 13:00")))
    assert net(shop) == {"a1": {"points": 50}}
    assert "restate" not in kinds(shop)
    right(shop)


def test_of_who_is_two_again_nothing_is_decided_again(late_shop: Open) -> None:
    shop = late_shop(ladder())
    shop.joined("bob")
    shop.at("2026-03-04 12:00")
    for who in ("ada", "bob"):
        on(shop, "2026-03-04", 5_000, f"{who}-1", who)
    union = merge(shop, by(external="bob"), by(external="ada"))
    assert not isinstance(unmerge(shop, union.member_id), Refused)
    shop.at("2026-03-06 12:00")
    for who in ("ada", "bob"):
        assert on(shop, "2026-03-03", 10_000, f"{who}-0", who).tier == "silver"
        assert net(shop)[f"{who}-1"] == {"points": 50}
    assert "restate" not in kinds(shop)
    right(shop)


# --- who may not ------------------------------------------------------------------------------


def test_what_comes_late_of_who_is_blocked_is_refused_and_decides_nothing_again(
    late_shop: Open,
) -> None:
    shop = late_shop(ladder())
    shop.at("2026-03-04 12:00")
    on(shop, "2026-03-04", 5_000, "r2")
    block(shop, by(external="ada"))
    before, stood = shop.counts(), standing(shop)
    no = on(shop, "2026-03-02", 10_000, "r1")
    assert (type(no), no.code) == (Refused, "member_blocked")
    assert (shop.counts(), standing(shop)) == (before, stood)
    block(shop, by(external="ada"), False)
    assert on(shop, "2026-03-02", 10_000, "r1").tier == "silver"
    assert net(shop) == {"r1": {"points": 100}, "r2": {"points": 100}}
    right(shop)


def test_who_may_earn_while_blocked_has_what_came_after_decided_again(late_shop: Open) -> None:
    shop = late_shop(ladder() + "blocked: {may_earn: true}\n")
    shop.at("2026-03-04 12:00")
    on(shop, "2026-03-04", 5_000, "r2")
    block(shop, by(external="ada"))
    assert on(shop, "2026-03-02", 10_000, "r1").tier == "silver"
    assert net(shop) == {"r1": {"points": 100}, "r2": {"points": 100}}
    right(shop)


# --- erased members ---------------------------------------------------------------------------


def decided_again(shop: Shop) -> Any:
    """Ada, who drinks oat milk, with a purchase that was decided again; who she is."""
    shop.join(JoinMember(identifiers=(Identifier("external", "mia"),), attributes={"milk": "oat"}))
    shop.at("2026-03-04 12:00")
    on(shop, "2026-03-04", 5_000, "r2", "mia")
    shop.at("2026-03-05 12:00")
    return on(shop, "2026-03-02", 10_000, "r1", "mia").member_id


def test_what_is_decided_again_sees_the_attributes_of_the_first_time(late_shop: Open) -> None:
    shop = late_shop(MILK)
    id_ = decided_again(shop)
    assert net(shop) == {"r1": {"points": 300}, "r2": {"points": 200}}
    change = ChangeMember(MemberRef(id=id_), attributes={"milk": "soy"})
    shop.do(lambda tx, _: change_members(tx, "DE", [change]))
    on(shop, "2026-03-03", 20_000, "r0", "mia")  # gold since then: a stamp, and as many points
    assert net(shop)["r2"] == {"points": 200, "stamps": 1}
    assert [_unpack(packed).member for (packed,) in shop.rows(_PACKED)] == [{}, {}]
    shop.record(brings_back("r2", receipt="b2"))
    assert "r2" not in net(shop)
    right(shop)


def test_an_erasure_leaves_no_attribute_in_what_was_decided_again(late_shop: Open) -> None:
    shop = late_shop(MILK)
    id_ = decided_again(shop)
    assert len(shop.rows(_PACKED)) == 1
    assert any(b"oat" in packed for (packed,) in shop.rows(EVERY_PACKED))
    shop.ask(erase_members, EraseMember(id_, asked=asked("gone")))
    assert not any(b"oat" in packed for (packed,) in shop.rows(EVERY_PACKED))
    right(shop)


def test_what_comes_late_of_the_erased_is_set_aside_and_decides_nothing_again(
    late_shop: Open,
) -> None:
    shop = late_shop(MILK)
    id_ = decided_again(shop)
    shop.ask(erase_members, EraseMember(id_, asked=asked("gone")))
    before, stood = shop.counts(), shop.rows("select * from standing where program_id = $1")
    at = shop.local("2026-03-02 10:00")
    (no, back) = shop.record(
        buys(MemberRef(id=id_), 30_000, receipt="r0", occurred_at=at),
        brings_back("r1", receipt="b1", occurred_at=shop.local("2026-03-02 13:00")),
    )
    assert (type(no), type(back)) == (MemberErased, MemberErased)
    assert shop.counts() == before
    assert shop.rows("select * from standing where program_id = $1") == stood
    aside = shop.rows("select external_id from quarantine where program_id = $1 order by 1")
    assert aside == [("b1",), ("r0",)]
    right(shop)


# --- wallets that never owe -------------------------------------------------------------------


@pytest.mark.parametrize(("negative", "has"), [("refuse", 0), ("never", 0), ("debt", -30)])
def test_what_is_decided_again_takes_what_is_there_where_a_wallet_never_owes(
    late_shop: Open, negative: str, has: int
) -> None:
    source = ladder(credit="revoke_now").replace("negative: debt", f"negative: {negative}")
    shop = late_shop(source)
    shop.at("2026-03-04 12:00")
    on(shop, "2026-03-02", 10_000, "r1")
    assert on(shop, "2026-03-04", 5_000, "r2").earned == {"points": 100}
    spent = Adjust(by(external="ada"), "points", -80, "by hand", "Olga", asked=asked("spent"))
    shop.adjust(spent)
    # The return takes 100 of the 120 that are left; of the 50 of silver only 20 are there.
    shop.record(brings_back("r1", receipt="b1", occurred_at=shop.local("2026-03-02 13:00")))
    assert shop.balances("ada") == ({"points": (0, 0, -has)} if has else {})
    assert net(shop) == {"r2": {"points": 50 if has else 80}}
    right(shop)


# --- too much ---------------------------------------------------------------------------------


def test_who_would_have_more_points_than_can_be_counted_is_refused_and_nothing_stays(
    late_shop: Open,
) -> None:
    shop = late_shop(ladder().replace('per: "1.00"', 'per: "0.01"'))
    shop.at("2026-03-04 12:00")
    on(shop, "2026-03-04", LARGEST // 5 * 3, "r1")
    before, stood = shop.counts(), standing(shop)
    # Gold since then, so it would be twice as much.
    told = buys(
        by(external="ada"), 30_000, receipt="r0", occurred_at=shop.local("2026-03-02 09:00")
    )
    with pytest.raises(Invalid, match=r"2\^53-1"):
        shop.record(told)
    with pytest.raises(Unfinished):  # the gate halves such a batch, so that only this one is told
        shop.record(buys(by(external="ada"), 100, receipt="r2"), told)
    with pytest.raises(Invalid, match=r"2\^53-1"):
        shop.ask(preview_activities, told)
    assert (shop.counts(), standing(shop)) == (before, stood)
    right(shop)
