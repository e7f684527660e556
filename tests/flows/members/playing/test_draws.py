"""Draws: tickets for what was kept, a promise before, and a winner anybody can work out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import block, merge
from tests.makers import Shop, brings_back, buys, named

from regulars.base.faults import NotFound, Refused
from regulars.engine.rewarding.gaming import drawing
from regulars.flows.points.gaming.commands import AnnounceDraw, CloseDraw, DrawTold, HoldDraw
from regulars.flows.points.gaming.hold_draws import (
    announce_draws,
    close_draws,
    hold_draws,
    show_draw,
)
from regulars.flows.points.gaming.show_tickets import show_tickets
from regulars.records.members.types import Identifier, JoinMember, MemberRef
from regulars.records.program.problems import ProgramFault

Open = Callable[[str], Shop]
GUIDE = Path(__file__).parents[4] / "docs/guides/owner/rules/draws.md"
DRAWS = """
regulars: 1
program: draws
name: Draws
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
draws:
  - {id: march, name: March, from_on: 2026-03-01, until_on: 2026-04-01, prize: A bicycle,
     words: the lottery of 1 April, measure: spend, each: "10.00", most: 5, winners: 2}
"""
NUMBERS = "Lottery of 1 April: 4 8 15 16 23 42"


def ref(name: str) -> MemberRef:
    return MemberRef(external=name)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(DRAWS))


def met(shop: Shop) -> Shop:
    """Five people are members, one of them is staff; it is Monday, 2 March, at two."""
    shop.at("2026-03-02 14:00")
    shop.joined("ada", "ben", "cem", "dan")
    staff = {"no-draws": True}
    shop.join(JoinMember((Identifier("external", "eve"),), attributes=staff))
    return shop


def announce(shop: Shop, name: str = "march") -> Any:
    (told,) = shop.ask(announce_draws, AnnounceDraw(name))
    return told


def hold(shop: Shop, public: str = NUMBERS) -> Any:
    (told,) = shop.ask(hold_draws, HoldDraw("march", public))
    return told


def close(shop: Shop) -> Any:
    (told,) = shop.ask(close_draws, CloseDraw("march"))
    return told


def spends(shop: Shop, **minor: int) -> None:
    shop.record(*[buys(ref(who), amount, receipt=f"r-{who}") for who, amount in minor.items()])


def tickets(shop: Shop) -> dict[str, int]:
    """By member, of the draw that was drawn."""
    rows = shop.rows(
        "select i.value, e.tickets from draw_entrant e join identifier i using"
        " (program_id, member_id) where e.program_id = $1 and i.kind = 'external'"
    )
    return dict(rows)  # type: ignore[arg-type]


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def checked(told: DrawTold) -> list[int]:
    """The winners by the program in the guide, which sees nothing but what is published."""
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    kept = told.kept
    listed = drawing.listed([(one.alias, one.tickets) for one in told.entrants])
    known = {
        "commitment": kept.commitment, "secret": kept.secret, "public": kept.public,
        "list": listed, "prizes": 2,
    }  # fmt: skip
    space: dict[str, Any] = {"draw": known}
    exec(program, space)
    # Few take part, so other words may well find the same winners: the seed tells.
    assert space["seed"] == drawing.seed(kept.secret, str(kept.public), str(kept.list_digest))
    return list(space["won"])


def test_a_list_that_was_closed_is_drawn_from_whatever_comes_back_since(shop: Shop) -> None:
    announce(shop)
    spends(shop, ada=3_000, ben=2_000)
    assert close(shop).code == "draw_not_over"
    shop.at("2026-04-01 00:00")
    told = close(shop)
    assert [(one.tickets, one.won) for one in told.entrants] == [(3, 0), (2, 0)]
    # Between the list and the draw Ben's comes back, Cem's is told late, and Ada is blocked.
    shop.record(brings_back("r-ben", receipt="back"))
    shop.record(buys(ref("cem"), 5_000, occurred_at=shop.local("2026-03-31 23:59")))
    block(shop, ref("ada"))
    again = close(shop)
    assert (again.replayed, again.closed) == (True, told.closed)
    shown = shop.do(lambda tx, terms: show_draw(tx, terms, "march"))
    assert (shown.closed, shown.entrants) == (told.closed, told.entrants)
    drawn = hold(shop)
    assert tickets(shop) == {"ada": 3, "ben": 2}
    assert drawn.kept.list_digest == told.closed.digest
    assert sorted(checked(drawn)) == [1, 2]
    assert close(shop).closed == told.closed
    books(shop)


def test_a_list_is_closed_before_the_draw_and_by_whoever_was_told_of_it(shop: Shop) -> None:
    assert close(shop).code == "draw_not_announced"
    announce(shop)
    shop.at("2026-04-01 00:00")
    assert close(shop).code == "nobody_entered"
    shop.record(buys(ref("cem"), 5_000, occurred_at=shop.local("2026-03-31 23:59")))
    hold(shop)
    assert close(shop).code == "draw_drawn"
    assert shop.rows("select count(*) from draw_list where program_id = $1") == [(0,)]


def test_tickets_are_for_what_was_kept_in_time_by_who_may_win(shop: Shop) -> None:
    announce(shop)
    spends(shop, ada=3_999, ben=99_999, cem=2_000, dan=4_000, eve=5_000)
    shop.record(buys(ref("ada"), 5_000, occurred_at=shop.local("2026-02-28 23:59")))
    shop.record(brings_back("r-cem", (0, 1_001), receipt="back"))
    block(shop, ref("dan"))
    shop.at("2026-04-01 09:00")
    shop.record(buys(ref("cem"), 9_000))
    shop.record(buys(ref("cem"), 1_001, occurred_at=shop.local("2026-03-31 23:59")))
    told = hold(shop)
    assert tickets(shop) == {"ada": 3, "ben": 5, "cem": 2}
    assert (told.kept.tickets, sorted(one.won for one in told.entrants)) == (10, [0, 1, 2])
    books(shop)


def seen(shop: Shop, name: str) -> tuple[int, int, bool]:
    """A member's score and tickets, and whether the draw was announced."""
    (id_,) = shop.rows(
        f"select member_id from identifier where program_id = $1 and value = '{name}'"
    )[0]
    (found,) = shop.do(lambda tx, terms: show_tickets(tx, terms, id_))
    return found.score, found.tickets, found.kept is not None


def test_members_see_the_tickets_they_are_drawn_with(shop: Shop) -> None:
    spends(shop, ada=3_999, ben=99_999, dan=4_000, eve=5_000)
    assert seen(shop, "ada") == (3_999, 3, False)
    announce(shop)
    block(shop, ref("dan"))
    before = {name: seen(shop, name)[1] for name in ("ada", "ben", "cem", "dan", "eve")}
    assert before == {"ada": 3, "ben": 5, "cem": 0, "dan": 0, "eve": 0}
    shop.at("2026-04-01 09:00")
    hold(shop)
    assert tickets(shop) == {name: own for name, own in before.items() if own}
    shop.record(brings_back("r-ada", receipt="back"))
    assert seen(shop, "ada") == (0, 3, True), "what comes back after the draw changes nothing"


def test_members_see_the_closed_list_and_where_they_stand_on_it(shop: Shop) -> None:
    def on_it(name: str) -> tuple[int, int]:
        (id_,) = shop.rows(
            f"select member_id from identifier where program_id = $1 and value = '{name}'"
        )[0]
        (found,) = shop.do(lambda tx, terms: show_tickets(tx, terms, id_))
        assert found.closed is not None
        assert found.closed.digest == told.closed.digest
        assert found.alias in aliases or not found.place
        return found.place, found.tickets

    announce(shop)
    spends(shop, ada=3_000, ben=2_000)
    shop.at("2026-04-01 00:00")
    told = close(shop)
    aliases = [one.alias for one in told.entrants]
    shop.record(brings_back("r-ben", receipt="back"))
    shop.record(buys(ref("cem"), 5_000, occurred_at=shop.local("2026-03-31 23:59")))
    assert [on_it(name) for name in ("ada", "ben", "cem")] == [(1, 3), (2, 2), (0, 0)]
    merge(shop, ref("ben"), ref("cem"))
    assert on_it("cem") == (2, 2), "who was merged is found on it by who they were"
    hold(shop)
    assert [on_it(name) for name in ("ada", "cem")] == [(1, 3), (2, 2)]


def test_anybody_can_work_out_who_won_from_what_is_published(shop: Shop) -> None:
    before = announce(shop)
    spends(shop, ada=1_000, ben=2_000, cem=3_000, dan=4_000)
    assert announce(shop).kept == before.kept
    shop.at("2026-04-01 00:00")
    told = hold(shop)
    assert told.kept.commitment == before.kept.commitment == drawing.digest(told.kept.secret)
    won = sorted((one.won, one.place) for one in told.entrants if one.won)
    assert [place for _, place in won] == checked(told)
    again = hold(shop, "other words")
    assert (again.replayed, again.kept, again.entrants) == (True, told.kept, told.entrants)
    shown = shop.do(lambda tx, terms: show_draw(tx, terms, "march"))
    assert (shown.kept, shown.entrants) == (told.kept, told.entrants)
    books(shop)


def test_a_draw_is_announced_before_and_drawn_after_its_days(shop: Shop) -> None:
    counts = shop.counts()
    assert hold(shop).code == "draw_not_announced"
    assert isinstance(announce(shop, "nothing"), NotFound)
    assert shop.counts() == counts
    announce(shop)
    shop.at("2026-03-31 23:59")
    assert hold(shop).code == "draw_not_over"
    shop.at("2026-04-01 00:00")
    assert hold(shop).code == "nobody_entered"
    assert shop.rows("select drawn_at, tickets from draw where program_id = $1") == [(None, None)]


def test_it_is_too_late_to_announce_what_is_over(shop: Shop) -> None:
    shop.at("2026-04-01 00:00")
    told = announce(shop)
    assert isinstance(told, Refused)
    assert (told.code, shop.rows("select 1 from draw where program_id = $1")) == ("draw_over", [])


def test_each_ticket_wins_as_often_as_any_other() -> None:
    own, won = [1, 0, 3, 4], [0, 0, 0, 0]
    for n in range(4_000):
        first, second = drawing.winners(drawing.digest(str(n)), own, 2)
        assert first != second
        won[first - 1] += 1
    assert won[1] == 0
    assert [round(each / 500) for each in won] == own
    assert drawing.winners("seed", [2, 5], 9) in ([1, 2], [2, 1])


def test_the_quick_way_finds_whom_the_plain_way_finds() -> None:
    for n in range(200):
        own = [(n * place) % 5 for place in range(n % 9)]
        seed = drawing.digest(str(n))
        assert drawing.winners(seed, own, 9) == _plain(seed, own, 9)


def _plain(seed: str, own: Sequence[int], prizes: int) -> list[int]:
    """As the guide does it: each winner takes their tickets out."""
    left, won, n = list(own), list[int](), 0
    while len(won) < prizes and sum(left):
        n += 1
        number = int(drawing.digest(f"{seed}:{n}"), 16)
        if number < 2**256 - 2**256 % sum(left):
            ticket = number % sum(left)
            ends = list(accumulate(left))
            won.append(next(place for place, end in enumerate(ends, 1) if ticket < end))
            left[won[-1] - 1] = 0
    return won


def test_a_draw_of_next_year_needs_another_id_and_gets_no_old_tickets(shop: Shop) -> None:
    announce(shop)
    spends(shop, ada=1_000)
    other = DRAWS.replace("2026-03-01", "2027-03-01").replace("2026-04-01", "2027-04-01")
    gone = DRAWS.partition("draws:")[0]
    for source, says in ((other, "not as it is here"), (gone, "its days are not over")):
        with pytest.raises(ProgramFault, match=says):
            shop.publish(named(source, shop.terms.slug))
    shop.at("2026-04-01 09:00")
    hold(shop)
    for source in (gone, other):
        shop.now += timedelta(days=1)
        shop.publish(named(source, shop.terms.slug))
    shop.at("2027-03-02 09:00")
    assert announce(shop).code == "draw_id_taken"
    shop.record(buys(ref("ada"), 1_000, receipt="new"))
    rows = shop.rows("select value from counter where program_id = $1 and period < 0")
    assert sorted(value for (value,) in rows) == [1_000, 1_000]
