"""Members of segments who are merged, parted again, blocked and let go."""

from __future__ import annotations

from datetime import timedelta

from tests.flows.points.sharing import merge, unmerge
from tests.flows.terms.segments.books import wrong_segments
from tests.flows.terms.segments.test_following import (
    BUYERS,
    WHO,
    buys,
    follows,
    ids,
    inside,
    keep,
    moves,
)
from tests.makers import Shop, by

from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember
from regulars.flows.membership.office.segments.commands import ListMembers
from regulars.flows.membership.office.segments.keep_segments import list_members

OTHERS = {"if": "not", "that": {"if": "segment", "in": ["friends"]}}


def spoken_to(shop: Shop) -> None:
    """Two bought, together enough; the one is on a list."""
    shop.joined("ada", "bo")
    shop.record(buys("ada", 15), buys("bo", 10))
    keep(shop, "buyers", BUYERS)
    keep(shop, "friends", None, kind="list")
    keep(shop, "others", OTHERS)
    shop.ask(list_members, ListMembers("friends", ids(shop, "ada"), WHO))
    goes_on(shop)


def goes_on(shop: Shop) -> None:
    follows(shop)
    assert wrong_segments(shop.made.owner_dsn, shop.program_id, shop.terms) == {}
    shop.now += timedelta(minutes=1)


def stand(shop: Shop) -> dict[str, set[object]]:
    """Who is in each, by id."""
    rows = shop.rows(
        "select s.code, m.member_id from segment s join segment_member m using (program_id, "
        "segment_id) where s.program_id = $1"
    )
    return {
        code: {who for of, who in rows if of == code} for code in ("buyers", "friends", "others")
    }


def test_two_who_become_one_are_in_what_the_one_fits_and_apart_again_as_before(cafe: Shop) -> None:
    spoken_to(cafe)
    ada, bo = ids(cafe, "ada", "bo")
    before = stand(cafe)
    assert before == {"buyers": set(), "friends": {ada}, "others": {bo}}
    merge(cafe, by(external="ada"), by(external="bo"))
    goes_on(cafe)
    assert stand(cafe) == {"buyers": {bo}, "friends": {bo}, "others": set()}
    unmerge(cafe, ada)
    goes_on(cafe)
    assert stand(cafe) == before


def test_who_is_blocked_is_in_no_segment_until_they_are_let_go(cafe: Shop) -> None:
    spoken_to(cafe)
    for blocked in (True, False):
        cafe.ask(block_members, BlockMember(by(external="ada"), blocked, "odd", "owner"))
        goes_on(cafe)
        assert inside(cafe, "friends") == ([] if blocked else ["ada"])
    assert moves(cafe, "friends") == [
        ("ada", False, "told"), ("ada", True, "told"),
    ]  # fmt: skip
