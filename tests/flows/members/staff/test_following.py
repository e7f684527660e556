"""The list of who has most follows the books, whoever writes meanwhile; words are spelled once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.makers import Shop, buys

from regulars.flows.commands import Redeem
from regulars.flows.membership.office import follow_points as following
from regulars.flows.membership.office.commands import TagMembers
from regulars.flows.membership.office.follow_points import follow_points
from regulars.flows.membership.office.tag_members import tag_members
from regulars.flows.recording.record_activities import record_activities
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
SHOP = """
regulars: 1
program: ranked
name: Ranked
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}, stars: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: star, on: purchase, wallet: stars, award: {give: per_amount, points: 3, per: "1.00"}}
rewards: [{id: mug, name: A mug, price: {points: 5}}]
"""
_OTHERWISE = """
select count(*) from balance b
  left join richness r using (program_id, member_id)
 where b.program_id = $1 and b.wallet = (select wallet from richness_reach where program_id = $1)
   and r.units is distinct from b.available - b.debt
"""


def bought(shop: Shop, name: str, minor: int, receipt: str) -> None:
    shop.record(buys(MemberRef(external=name), minor, receipt=receipt))


def follows(shop: Shop) -> int:
    """The worker goes on until nothing is left; of how many the list says something else then."""
    for _ in range(20):
        if not shop.do(lambda tx, terms: follow_points(tx, terms, 100)):
            break
    return int(shop.rows(_OTHERWISE)[0][0])


def test_everybody_is_listed_and_so_is_whatever_changes_after(
    open_shop: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop(SHOP)
    monkeypatch.setattr(following, "EACH", 2)
    names = [f"m{n}" for n in range(5)]
    shop.joined(*names)
    for n, name in enumerate(names):
        bought(shop, name, 1_000 + n, name)
    assert follows(shop) == 0
    assert shop.rows("select count(*) from richness where program_id = $1") == [(5,)]
    bought(shop, "m3", 5_000, "more")
    (held,) = shop.redeem(Redeem(MemberRef(external="m1"), "mug"))
    assert held.state == "held"
    assert follows(shop) == 0
    other = SHOP.replace("{points: {negative: debt}, stars: {}}",
                         "{stars: {}, points: {negative: debt}}")  # fmt: skip
    shop.publish(other.replace("program: ranked", f"program: {shop.terms.slug}"))
    assert follows(shop) == 0
    most = shop.rows("select units from richness where program_id = $1 order by units desc limit 1")
    assert most == [(180,)]


def test_who_ends_late_is_not_passed_over(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    bought(shop, "ada", 1_000, "a1")
    assert follows(shop) == 0

    async def late(tx: Any, terms: Any) -> None:
        """Ada buys; before that is committed Ben buys too, and the list follows."""
        await record_activities(tx, terms, [buys(MemberRef(external="ada"), 700, receipt="a2")])
        async with shop.transaction() as other:
            sale = buys(MemberRef(external="ben"), 300, receipt="b1")
            await record_activities(other, terms, [sale])
        for _ in range(3):
            async with shop.transaction() as other:
                await follow_points(other, terms, 100)

    shop.do(late)
    assert follows(shop) == 0


def test_of_two_spellings_at_once_one_is_made(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    ids = [one for (one,) in shop.rows("select member_id from member where program_id = $1")]
    acts = [
        lambda tx, terms, word=word, who=who: tag_members(
            tx, terms, [TagMembers(word, (who,), By(words="us"))]
        )
        for word, who in zip(("Window", "window"), ids, strict=True)
    ]
    assert len({one[0].tag for one in shop.together(*acts)}) == 1
