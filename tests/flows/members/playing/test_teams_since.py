"""Prizes of teams are settled by what came since, and end as if everything had been told anew."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from tests.flows.members.playing.test_games import ref
from tests.flows.members.playing.test_games_since import ALL, settle
from tests.flows.members.playing.test_teams import TEAMS, form, join, leave
from tests.flows.two_times.test_late_bounded import Counting
from tests.makers import Shop, brings_back, buys

from regulars.flows.points.gaming.settle_prizes import settle_prizes
from regulars.flows.points.gaming.show_games import show_games

Open = Callable[[str], Shop]
ALONE, TWO = (
    "  - {id: alone, name: Alone, target: 5, joins: opt_in, prize: {badge: Loner}}\n",
    "  - {id: two, name: Two a week, target: 2, every: week, prize: {wallet: points, points: 3}}\n",
)
assert ALONE in TEAMS
WEEKS = TEAMS.replace("every: month", "every: week").replace(ALONE, TWO)
NAMES = ("ada", "ben", "cem", "dan")
PRIZES = """
select i.value, p.name, p.began_on, p.units from prize p
  join identifier i on i.program_id = $1 and i.member_id = p.member_id and i.kind = 'external'
 where p.program_id = $1 and p.undone_at is null order by 1, 2, 3
"""


def lives(shop: Shop, rng: Random, *, whole: bool) -> list[Any]:
    """Some weeks in two teams: what is bought, told late, comes back; who comes and who leaves."""
    shop.joined(*NAMES)
    codes = [form(shop, name).code for name in NAMES[:2]]
    begun, told, ends = shop.now, list[str](), []
    for n in range(40):
        shop.now += timedelta(hours=rng.choice((5, 14, 30)))
        late, who = timedelta(hours=rng.choice((0, 0, 0, 20, 200))), rng.choice(NAMES)
        does = rng.random()
        if does < 0.15:
            leave(shop, who)
        elif does < 0.35:
            join(shop, who, rng.choice(codes))
        elif told and does < 0.45:
            shop.record(brings_back(told.pop(rng.randrange(len(told))), receipt=f"b{n}"))
        else:
            told.append(f"r{n}")
            at = max(shop.now - late, begun)
            minor = rng.choice((2_000, 6_000))
            shop.record(buys(ref(who), minor, receipt=f"r{n}", occurred_at=at))
        if rng.random() < 0.6:
            if whole:
                shop.rows(ALL)
            settle(shop)
            ends.append(shop.rows(PRIZES))
    assert any(name == "hundred" for end in ends for _, name, _, _ in end)
    return [*ends, *(shop.balances(name) for name in NAMES)]


@pytest.mark.parametrize("seed", range(2))
def test_what_came_since_settles_teams_as_everything_would(open_shop: Open, seed: int) -> None:
    shop = open_shop(WEEKS)
    begun = shop.now
    since = lives(shop, Random(seed), whole=False)
    shop.begin(WEEKS, slug=f"teams-whole-{seed}", now=begun)
    assert lives(shop, Random(seed), whole=True) == since


def rows_read(shop: Shop, weeks: int) -> list[int]:
    """How many rows settling and showing bring after so many weeks of a teammate."""
    shop.joined("ada", "ben")
    code = form(shop, "ada").code
    join(shop, "ben", code)
    for week in range(weeks):
        shop.now += timedelta(days=7)
        shop.record(buys(ref("ada"), 300, receipt=f"r{week}"))
        settle(shop)
    shop.record(buys(ref("ada"), 300, receipt="last"))
    asked = "select member_id from identifier where program_id = $1 and value = 'ben'"
    ((ben,),) = shop.rows(asked)
    noted: list[Counting] = []

    async def act(tx: Any, terms: Any, does: Callable[[Any], Any]) -> Any:
        noted.append(Counting(tx))
        return await does(noted[-1])

    shop.do(lambda tx, terms: act(tx, terms, lambda one: show_games(one, terms, ben)))
    shop.do(lambda tx, terms: act(tx, terms, lambda one: settle_prizes(one, terms, 10)))
    return [one.rows for one in noted]


def test_a_longer_life_of_a_team_reads_no_more(open_shop: Open) -> None:
    assert rows_read(open_shop(WEEKS), 2) == rows_read(open_shop(WEEKS), 10)
