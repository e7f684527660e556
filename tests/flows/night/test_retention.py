"""Who was not heard of for long is told, and forgotten some weeks later; nobody else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.flows.members.staff.people import HOUSE, settles
from tests.makers import Shop, buys, by

from regulars.flows.access.commands import ChangeSetting
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember, MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.insight.people.inactive import Silence, how_many
from regulars.records.access.staff.settings import wrong_setting
from regulars.records.members.consents.types import Consent
from regulars.records.members.consents.write import keep as keep_consents
from regulars.records.members.types import MemberRef
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.reckoning.retaining import Retaining

Open = Callable[[str], Shop]
CAFE = """
regulars: 1
program: cafe
name: Café
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points, one: Point, expiry: {after: 6 months}}
rules:
  - {id: base, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards: [{id: cup, name: A cup, price: {points: 10}}]
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    opened = open_shop(CAFE)
    opened.now = opened.local("2024-01-10 12:00")
    return opened


def says(shop: Shop, **settings: int) -> None:
    settles(shop, *(ChangeSetting(name, value, HOUSE) for name, value in settings.items()))


def night(shop: Shop, at: str = "") -> None:
    """Everything time alone brings, and the walk through who is silent.

    Once there was a night, a worker that runs comes by in between, too.
    """
    there = shop.local(at) if at else shop.now
    if shop.rows("select 1 from retention_day where program_id = $1"):
        while there - shop.now > timedelta(days=6):
            shop.now += timedelta(days=6)
            walk(shop)
    shop.now = there
    shop.night()
    walk(shop)


def walk(shop: Shop) -> None:
    """The walk through who is silent, and nothing else."""
    duty = Retaining(shop.database, Programs(shop.database))
    shop.run(duty.go(shop.program_id, shop.now))


def id_of(shop: Shop, external: str) -> UUID:
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    return UUID(str(shop.rows(sql, external)[0][0]))


def states(shop: Shop) -> list[str]:
    """Of all members, in the order in which they joined."""
    sql = "select state from member where program_id = $1 order by member_id"
    return [one for (one,) in shop.rows(sql)]


def known(shop: Shop) -> int:
    sql = "select count(*)::int from erasure_notice where program_id = $1"
    return int(shop.rows(sql)[0][0])


def test_unless_a_shop_says_so_nobody_is_forgotten(shop: Shop) -> None:
    shop.joined("ada")
    night(shop, "2040-01-10 03:00")
    assert (states(shop), known(shop)) == (["active"], 0)
    assert shop.rows("select 1 from retention_day where program_id = $1") == []


def test_they_are_told_first_and_erased_on_the_day_that_was_said(shop: Shop) -> None:
    shop.joined("ada")
    says(shop, inactive_months=24)
    night(shop, "2026-01-10 13:00")  # two years of silence are not over as this day begins
    assert known(shop) == 0
    night(shop, "2026-01-11 03:00")
    assert (states(shop), known(shop)) == (["active"], 1)
    ((payload,),) = shop.rows(
        "select payload::text from outbox where program_id = $1 and type = 'member.erasure_noticed'"
    )
    due = datetime.fromisoformat(json.loads(payload)["erased_at"])
    assert due == shop.local("2026-02-11 00:00")  # on the 10th they can still come by
    night(shop, "2026-02-14 23:50")  # four days more: what a till without network brings late
    assert states(shop) == ["active"]
    night(shop, "2026-02-15 00:10")
    assert (states(shop), known(shop)) == (["erased"], 0)
    assert shop.rows("select did, actor, after ->> 'erased' from staff_act where program_id = $1"
                     " and did = 'members.forgotten' order by act_id") == [
        ("members.forgotten", "data retention", "0"),
        ("members.forgotten", "data retention", "1"),
    ]  # fmt: skip


def test_nobody_is_told_twice(shop: Shop) -> None:
    shop.joined("ada")
    says(shop, inactive_months=12, inactive_notice_days=60)
    for day in ("2025-01-20", "2025-01-21", "2025-02-20"):
        night(shop, f"{day} 03:00")
    told = "select count(*)::int from outbox where program_id = $1 and type like '%erasure_noticed'"
    assert shop.rows(told) == [(1,)]


def comes(shop: Shop) -> None:
    shop.record(buys(by(external="ada"), 500))


def looks(shop: Shop) -> None:
    shop.rows(
        "insert into member_session (program_id, session_id, token_hash, member_id, opened_at,"
        " seen_at) values ($1, $2, $3, $4, $5, $5) returning 1",
        uuid4(), bytes(32), id_of(shop, "ada"), shop.now,
    )  # fmt: skip


def agrees(shop: Shop) -> None:
    said = [Consent(id_of(shop, "ada"), "email", "given", "card", shop.now)]
    shop.do(lambda tx, _: tx.write(keep_consents(tx, said)))


@pytest.mark.parametrize("sign", [comes, looks, agrees])
def test_whoever_is_heard_of_after_they_were_told_stays(
    shop: Shop, sign: Callable[[Shop], None]
) -> None:
    shop.joined("ada", "ben")
    says(shop, inactive_months=12, inactive_points_too=1)
    night(shop, "2025-01-20 03:00")
    assert known(shop) == 2
    sign(shop)
    night(shop, "2025-02-25 03:00")
    assert states(shop) == ["active", "erased"]
    night_row = (
        "select noticed, erased, stayed from retention_day where program_id = $1 and day = $2"
    )
    assert shop.rows(night_row, shop.now.date()) == [(0, 1, 1)]
    assert known(shop) == 0


def test_whoever_has_something_going_on_is_left_alone(shop: Shop) -> None:
    shop.joined("quiet", "points", "blocked", "buys", "merged", "into")
    ref = MemberRef(external="blocked")
    shop.ask(block_members, BlockMember(ref, True, "a thief", "key"))
    merge = MergeMembers(MemberRef(external="merged"), MemberRef(external="into"), "one", "key")
    shop.ask(merge_members, merge)
    shop.now = shop.local("2025-03-01 12:00")
    shop.record(buys(by(external="buys"), 50), buys(by(external="points"), 5000))
    says(shop, inactive_months=12)
    assert how_many_now(shop, 12) == 4 - 2  # quiet and who stands for two
    shop.now = shop.local("2025-03-02 03:00")
    night(shop)
    assert known(shop) == 2


def how_many_now(shop: Shop, months: int, points_too: bool = False) -> int:
    since = shop.now - timedelta(days=30 * months)
    return int(shop.do(lambda tx, _: how_many(tx, Silence(since, points_too))))


def test_what_a_merged_one_did_speaks_for_whom_they_stand_with(shop: Shop) -> None:
    shop.joined("merged", "into")
    shop.now = shop.local("2024-12-01 12:00")
    shop.record(buys(by(external="merged"), 50))
    merge = MergeMembers(MemberRef(external="merged"), MemberRef(external="into"), "one", "key")
    shop.ask(merge_members, merge)
    says(shop, inactive_months=12, inactive_points_too=1)
    night(shop, "2025-06-20 03:00")
    assert known(shop) == 0
    night(shop, "2025-12-02 03:00")
    assert known(shop) == 1
    night(shop, "2026-01-20 03:00")
    gone = "select count(*)::int from erasure where program_id = $1"
    assert shop.rows(gone) == [(2,)]  # both records of the one person


def test_points_keep_somebody_unless_the_shop_says_otherwise(shop: Shop) -> None:
    shop.joined("ada")
    says(shop, inactive_months=12)
    body: dict[str, Any] = {"expires_on": "never"}
    from regulars.flows.commands import Adjust

    shop.adjust(Adjust(by(external="ada"), "points", 5, "a gift", "key", **body))
    night(shop, "2026-01-20 03:00")
    assert known(shop) == 0
    says(shop, inactive_points_too=1)
    night(shop, "2026-01-21 03:00")
    assert known(shop) == 1
    says(shop, inactive_points_too=0)
    night(shop, "2026-03-21 03:00")  # whoever was told stays where the shop thinks again
    assert (states(shop), known(shop)) == (["active"], 0)


def test_a_shop_that_forgets_nobody_any_more_takes_back_whom_it_told(shop: Shop) -> None:
    shop.joined("ada")
    says(shop, inactive_months=12)
    night(shop, "2025-01-20 03:00")
    assert known(shop) == 1
    says(shop, inactive_months=0)
    night(shop, "2025-01-20 04:00")  # at once, not with the next night
    assert known(shop) == 0
    night(shop, "2025-06-20 04:00")
    assert states(shop) == ["active"]


def test_a_hundred_go_in_portions_and_a_night_cut_off_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import regulars.runtime.working.reckoning.retaining as duty

    monkeypatch.setattr(duty, "PORTION", 7)
    monkeypatch.setattr(duty, "AT_ONCE", 3)
    shop.joined(*[f"m{n}" for n in range(20)])
    says(shop, inactive_months=12)
    night(shop, "2025-01-20 03:00")
    assert known(shop) == 20
    night(shop, "2025-02-23 03:00")
    whole = Retaining._each
    calls = iter(range(100))

    async def breaks(self: Any, program_id: int, does: Any) -> Any:
        if next(calls) == 2:
            raise RuntimeError("planted")
        return await whole(self, program_id, does)

    monkeypatch.setattr(Retaining, "_each", breaks)
    with pytest.raises(RuntimeError, match="planted"):
        night(shop, "2025-02-25 03:00")
    assert states(shop).count("erased") == 6
    night(shop, "2025-02-25 03:10")
    assert states(shop).count("erased") == 20


def test_nobody_goes_who_buys_while_the_night_is_under_way(shop: Shop) -> None:
    shop.joined("ada")
    says(shop, inactive_months=12, inactive_points_too=1)
    night(shop, "2025-01-20 03:00")
    shop.now = shop.local("2025-02-25 03:00")
    from regulars.flows.membership.office.forget_inactive import forget_inactive
    from regulars.flows.recording.record_activities import record_activities

    bought = [buys(by(external="ada"), 500)]
    # She has paid and nothing is committed yet when the night asks whether she was heard of.
    shop.together(
        lambda tx, terms: record_activities(tx, terms, bought),
        lambda tx, terms: forget_inactive(tx, terms, 10),
    )
    assert states(shop) == ["active"]


@pytest.mark.parametrize(
    ("name", "fits", "not_these"),
    [
        ("inactive_months", (0, 12, 240), (1, 11, 241)),
        ("inactive_notice_days", (7, 30, 180), (0, 6, 181)),
        ("inactive_points_too", (0, 1), (2,)),
        ("soft_bounces", (0, 2, 20), (1, 21)),
    ],
)
def test_nothing_can_be_set_that_would_forget_at_once(
    name: str, fits: tuple[int, ...], not_these: tuple[int, ...]
) -> None:
    assert [wrong_setting(name, "", one) for one in fits] == [""] * len(fits)
    assert all(wrong_setting(name, "", one) for one in not_these)
