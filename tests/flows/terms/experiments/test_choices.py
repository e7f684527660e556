"""One of several offers is chosen for each member: by chance until enough is known, then the best
as often as said; and what that brought is told with its bounds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.flows.terms.experiments.offering import WHO, listed, moves, offered
from tests.flows.terms.segments.test_following import follows
from tests.makers import Shop

from regulars.base.faults import Invalid, Refused
from regulars.flows.membership.office.segments.commands import DropSegment
from regulars.flows.membership.office.segments.keep_segments import keep_segments
from regulars.flows.terms.promised.choose_offers import walk_choices
from regulars.flows.terms.promised.keep_choices import KeepChoice, MoveChoice, keep_choices
from regulars.insight.estimators.comparing.rivals import Worth
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.choosing import Learned, learned
from regulars.records.program.changes.choices import read
from regulars.records.program.changes.choices.types import Choice

_SPENT = """
insert into member_day (program_id, member_id, day, store, sales, orders, paid_minor, net_minor,
                        pieces, returns, visits)
select m.program_id, m.member_id, m.chosen_on + 1, '', 1, 1, s.minor, s.minor, 1, 0, 0
  from offer_choice_made m
 cross join lateral (select 1000 + 400 * m.arm + get_byte(sha256(uuid_send(m.member_id)), 0)
                            as minor) s
 where m.program_id = $1 and m.chosen_on = $2
returning 1
"""


def chooses(shop: Shop, *offers: str, code: str = "best", **more: Any) -> Any:
    """This choice is written."""
    kept = KeepChoice(code, "Best", "some", offers, WHO, **more)
    return shop.ask(keep_choices, kept)[0]


def steps(shop: Shop, step: Any, code: str = "best") -> Any:
    """It takes a step."""
    return shop.ask(keep_choices, MoveChoice(code, step, WHO))[0]


def walks(shop: Shop, most: int = 100) -> None:
    """The worker chooses for everybody."""
    while shop.do(lambda tx, terms: walk_choices(tx, terms, most)):
        pass


def made(shop: Shop) -> list[tuple[int, Any, int, int]]:
    """How often what was chosen with which chance: what, the best, the chance, how many."""
    return shop.rows(
        "select arm, best, chance, count(*) from offer_choice_made where program_id = $1"
        " group by 1, 2, 3 order by 1, 2, 3"
    )


def told(shop: Shop) -> Learned:
    """What it brought."""

    async def look(tx: Any, terms: Any) -> Learned:
        one = await read.choice(tx, "best")
        assert one is not None
        return await learned(tx, one, tx.now.astimezone(terms.at(tx.now).zone).date())

    return shop.do(look)


def members(shop: Shop, first: int, many: int) -> list[str]:
    """So many members more."""
    names = [f"m{n}" for n in range(first, first + many)]
    shop.joined(*names)
    return names


def test_it_learns_what_brings_most_and_says_by_how_much(cafe: Shop) -> None:
    listed(cafe, *members(cafe, 0, 240))
    offered(cafe, "small")
    offered(cafe, "large")
    assert isinstance(chooses(cafe, "small", "large", explore_percent=40), Choice)
    assert steps(cafe, "open").state == "open"
    walks(cafe)
    first = made(cafe)
    assert [(arm, best, chance) for arm, best, chance, _ in first] == [
        (0, None, 100), (1, None, 100), (2, None, 100)
    ]  # fmt: skip
    assert sum(many for *_, many in first) == 240
    assert all(50 <= many <= 110 for *_, many in first), "by chance alone while nothing is known"
    given = cafe.rows("select code, given from offer where program_id = $1 order by code")
    assert given == [("large", first[2][3]), ("small", first[1][3])]
    walks(cafe)
    assert made(cafe) == first, "nobody is chosen for twice"
    assert isinstance(told(cafe).brings, NotEnough)
    cafe.rows(_SPENT, cafe.now.date())
    cafe.now += timedelta(days=29)
    listed(cafe, *members(cafe, 240, 110))
    walks(cafe)
    later = [row for row in made(cafe) if row[1] is not None]
    assert [(arm, best, chance) for arm, best, chance, _ in later] == [
        (0, 2, 40), (1, 2, 40), (2, 2, 220)
    ]  # fmt: skip
    assert sum(many for *_, many in later) == 110
    assert 62 <= later[2][3] <= 100, "six tenths, and a third of the rest"
    cafe.rows(_SPENT, cafe.now.date())
    cafe.now += timedelta(days=29)
    found = told(cafe)
    assert (found.over, found.informed) == (350, 110)
    ways = [(one.way, one.arm) for one in found.rivals]
    assert ways == [("nobody", 0), ("always", 1), ("always", 2), ("chance", None)]
    brings = found.brings
    assert isinstance(brings, Worth)
    assert abs(brings.value - 1927) < 60
    for rival, ahead in zip(found.rivals, (800, 400, 0, 400), strict=True):
        for one in (rival.more.ips, rival.more.snips, rival.more.dr):
            if ahead:
                assert isinstance(one, NotEnough) or abs(one.value - ahead) < 500
    chance = found.rivals[3].more
    assert isinstance(chance.dr, Worth)
    assert abs(chance.dr.value - 400) < 150
    assert chance.dr.low > 0, "surely better than by chance"
    assert isinstance(found.rivals[2].more.dr, NotEnough), "the same as always the larger"
    few = found.rivals[0].more.dr
    assert isinstance(few, NotEnough)
    assert few.what == "groups", "too few were given nothing"


def test_what_is_not_to_be_is_refused_at_its_field(cafe: Shop) -> None:
    listed(cafe, *members(cafe, 0, 3))
    offered(cafe, "small")
    offered(cafe, "whole", segment="some")
    assert chooses(cafe, "small", nothing=False).field == "/offers"
    assert chooses(cafe, "small", "small").field == "/offers"
    assert chooses(cafe, "none").field == "/offers/0"
    assert chooses(cafe, "small", explore_percent=5).field == "/explore_percent"
    assert chooses(cafe, "small", days=3).field == "/days"
    assert isinstance(chooses(cafe, "small", code="Best"), Invalid)
    assert steps(cafe, "open").field == "/code"
    chooses(cafe, "small", "whole")
    refused = steps(cafe, "open")
    assert isinstance(refused, Refused), "who is in the segment has the other one by itself"
    assert chooses(cafe, "small").version == 2
    assert chooses(cafe, "small").version == 2, "the same said again"
    assert steps(cafe, "open").state == "open"
    assert isinstance(chooses(cafe, "small", days=14), Refused), "what was opened stays"
    assert isinstance(steps(cafe, "drop"), Refused)
    dropped = cafe.ask(keep_segments, DropSegment("some", WHO))[0]
    assert isinstance(dropped, Refused)
    assert dropped.code == "segment_in_use"


def test_once_an_offer_is_given_away_nobody_new_is_chosen_for(cafe: Shop) -> None:
    listed(cafe, *members(cafe, 0, 40))
    offered(cafe, "small", most=5)
    chooses(cafe, "small")
    steps(cafe, "open")
    walks(cafe)
    one = cafe.rows("select state, closed_by from offer_choice where program_id = $1")
    assert one == [("closed", "clock")]
    given = sum(many for arm, _, _, many in made(cafe) if arm == 1)
    assert given == 5
    assert sum(many for *_, many in made(cafe)) < 40


def test_who_is_erased_or_held_out_of_everything_is_left_aside(cafe: Shop) -> None:
    names = members(cafe, 0, 8)
    listed(cafe, *names)
    offered(cafe, "small")
    moves(cafe, "close", "small")
    chooses(cafe, "small")
    refused = steps(cafe, "open")
    assert isinstance(refused, Refused)
    assert refused.code == "offer_not_so"
    assert follows(cafe) is None
