"""Rewards as prizes: of challenges, of milestones, and for places on leaderboards that pay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace
from tests.books import assert_books_right
from tests.flows.points.sharing import block, merge
from tests.makers import Shop, asked, brings_back, buys, named

from regulars.flows.commands import Settle
from regulars.flows.points.codes.commands import CodeDone, FillPool, UseCode
from regulars.flows.points.codes.fill_pools import fill_pools
from regulars.flows.points.codes.use_codes import use_codes
from regulars.flows.points.gaming.close_boards import close_boards
from regulars.flows.points.gaming.settle_prizes import settle_prizes
from regulars.flows.points.gaming.show_milestones import show_milestones
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.show_standing import show_standing
from regulars.records.imports.types import Import
from regulars.records.imports.write import begin
from regulars.records.imports.write import end as over
from regulars.records.members.types import Identifier, JoinMember, MemberRef
from regulars.records.rewards.prizes.read import due
from regulars.records.rewards.prizes.write import looked, watch

Open = Callable[[str], Shop]
HEAD = """
regulars: 1
program: won
name: Won
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}}
rewards:
  - {id: mug, name: A mug, price: {points: 500}, stock: 2}
  - {id: cake, name: A cake, price: {points: 90}, gives: {kind: code}, limit: {times: 1, per: ever}}
benefits: [{id: lounge, name: The lounge, by: grant}]
"""
STEPS = (
    HEAD
    + """
milestones:
  - {id: third, name: Every third, steps: [{at: 3, reward: cake, again: true}]}
  - {id: year, name: The year, wallet: points, measure: spend, per: year,
     steps: [{at: "50.00", points: 10, badge: Fifty}, {at: "90.00", benefit: lounge, uses: 2},
             {at: "100.00", reward: mug}]}
"""
)
BOARDS = (
    HEAD
    + """
leaderboards:
  - {id: spent, name: Most spent, measure: spend, per: week, at_least: "3.00", MORE
     prizes: [{place: 1, wallet: points, points: 31, badge: Champion},
              {place: 2, to: 3, wallet: points, points: 10}]}
"""
)
ADA, BEN = MemberRef(external="ada"), MemberRef(external="ben")


def met(shop: Shop, *people: str) -> Shop:
    """These people are members, with names that may be shown; it is Monday, 2 March, at two."""
    shop.at("2026-03-02 14:00")
    for name in people or ("ada", "ben", "cem", "dan"):
        shop.join(JoinMember((Identifier("external", name),), name, "Doe"))
    return shop


def bought(shop: Shop, name: str, minor: int, receipt: str = "", **more: Any) -> None:
    shop.record(buys(MemberRef(external=name), minor, receipt=receipt, **more))


def night(shop: Shop) -> tuple[int, int]:
    done = shop.night("close_boards", "settle_prizes")
    return done["close_boards"], done["settle_prizes"]


def prizes(shop: Shop) -> list[tuple[Any, ...]]:
    """Each prize ever given: whose, of what, which step and time, what, and whether it stands."""
    return shop.rows(
        "select m.given_name, p.name, p.about, p.place, coalesce(nullif(p.reward, ''),"
        "       nullif(p.badge, ''), case when p.grant_id is not null then 'grant' else '' end),"
        "       p.units, p.undone_at is null"
        "  from prize p join member m using (program_id, member_id)"
        " where p.program_id = $1"
        " order by p.name, p.about, p.place, m.given_name, p.given_at"
    )


def codes(shop: Shop) -> list[tuple[str, str]]:
    return shop.rows(  # type: ignore[return-value]
        "select code, state from reward_code where program_id = $1 order by code_id"
    )


def left(shop: Shop) -> int:
    ((pieces,),) = shop.rows(
        "select remaining from reward_stock where program_id = $1 and reward = 'mug'"
    )
    return int(pieces)  # type: ignore[call-overload]


def mugs(shop: Shop) -> list[str]:
    rows = shop.rows(
        "select state from redemption where program_id = $1 and reward = 'mug' order by opened_at,"
        " closed_at"
    )
    return [str(state) for (state,) in rows]


def points(shop: Shop, name: str = "ada") -> int:
    available, _, debt = shop.balances(name).get("points", (0, 0, 0))
    return available - debt


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_step_gives_a_reward_a_benefit_or_a_badge_and_each_once(open_shop: Open) -> None:
    shop = met(open_shop(STEPS))
    for number in range(5):
        bought(shop, "ada", 1_900, f"a{number}")
    assert (night(shop), night(shop)) == ((0, 1), (0, 0))
    assert prizes(shop) == [
        ("ada", "third", "3", 1, "cake", 0, True),
        ("ada", "year", "5000", 1, "Fifty", 0, True),
        ("ada", "year", "9000", 1, "grant", 0, True),
    ]
    assert (points(shop), [state for _, state in codes(shop)]) == (10, ["issued"])
    bought(shop, "ada", 1_900, "a5")
    night(shop)
    # Limits of a reward are for whoever takes it; who reached it has it each time.
    assert [one[1:5] for one in prizes(shop)][:2] == [
        ("third", "3", 1, "cake"), ("third", "3", 2, "cake")]  # fmt: skip
    assert (prizes(shop)[2][1:5], left(shop)) == (("year", "10000", 1, "mug"), 1)
    told = shop.told()
    assert (told.count("prize.given"), told.count("reward.held")) == (5, 3)
    books(shop)


def test_a_return_takes_the_unused_code_and_leaves_what_was_used(open_shop: Open) -> None:
    shop = met(open_shop(STEPS))
    for number in range(6):
        bought(shop, "ada", 1_900, f"a{number}")
    night(shop)
    used, _ = (code for code, _ in codes(shop))
    (done,) = shop.ask(use_codes, UseCode(used, asked=asked("use")))
    assert isinstance(done, CodeDone), done
    for number in range(4):
        shop.record(brings_back(f"a{number}", receipt=f"b{number}"))
    night(shop)
    # Of 38.00 and two purchases nothing is reached; the used cake is eaten, the mug still here.
    assert [(*one[1:5], one[6]) for one in prizes(shop)] == [
        ("third", "3", 1, "cake", True), ("third", "3", 2, "cake", False),
        ("year", "10000", 1, "mug", False), ("year", "5000", 1, "Fifty", False),
        ("year", "9000", 1, "grant", False)]  # fmt: skip
    assert [state for _, state in codes(shop)] == ["used", "withdrawn"]
    assert (mugs(shop), left(shop)) == (["voided"], 2)
    for number in range(6, 10):
        bought(shop, "ada", 1_900, f"a{number}")
    night(shop)
    # What stayed with its member is not given a second time.
    assert [one[4] for one in prizes(shop) if one[6]] == ["cake", "cake", "mug", "Fifty", "grant"]
    assert (len(codes(shop)), mugs(shop), left(shop)) == (3, ["voided", "held"], 1)
    books(shop)


def test_a_won_mug_waits_at_the_counter_is_handed_over_once_or_lapses(open_shop: Open) -> None:
    often = STEPS.replace('{at: "100.00", reward: mug}', '{at: "100.00", reward: mug, again: true}')
    shop = met(open_shop(often.replace("stock: 2", "stock: 2, kept_for_winner: 3 days")))
    bought(shop, "ada", 20_000, "a")
    night(shop)
    ((who,),) = shop.rows("select member_id from identifier where program_id=$1 and value='ada'")
    first, second = shop.do(lambda tx, terms: show_standing(tx, terms, who)).won
    assert (first.promised.name, first.lapses_at) == ("A mug", shop.local("2026-03-05 14:00"))
    handed = Settle(first.redemption_id, "captured", store="mitte", asked=asked("1"))
    (done,) = shop.ask(redeem_rewards, handed)
    assert (done.state, done.price) == ("captured", {})
    (same,) = shop.ask(redeem_rewards, handed)
    assert same == replace(done, replayed=True)
    # Another counter knows nothing of the first one, however it asks.
    (no,) = shop.ask(redeem_rewards, replace(handed, asked=asked("2")))
    assert no.code == "already_captured"
    assert shop.do(lambda tx, terms: show_standing(tx, terms, who)).won == [second]
    shop.at("2026-03-05 14:00")
    assert shop.do(lambda tx, terms: show_standing(tx, terms, who)).won == []
    # It is over by the clock, whether or not that was written down yet.
    shop.record(brings_back("a", receipt="b"))
    night(shop)
    assert (shop.night("lapse_holds"), left(shop)) == ({"lapse_holds": 1}, 1)
    # What was had, or left behind, stays with its prize: nobody is given it a second time.
    assert [one[6] for one in prizes(shop) if one[4] == "mug"] == [True, True]
    assert (mugs(shop), left(shop)) == (["captured", "lapsed"], 1)
    books(shop)


def test_what_was_won_is_had_by_whom_its_winner_became(open_shop: Open) -> None:
    shop = met(open_shop(STEPS))
    for name in ("ben", "cem"):
        bought(shop, name, 20_000, name)
    night(shop)
    for name in ("ben", "cem"):
        merge(shop, MemberRef(external=name), ADA)
    ((who,),) = shop.rows("select member_id from identifier where program_id=$1 and value='ada'")
    first, _ = shop.do(lambda tx, terms: show_standing(tx, terms, who)).won
    shop.ask(redeem_rewards, Settle(first.redemption_id, "captured", asked=asked("1")))
    for name in ("ben", "cem"):  # together they have reached nothing any more
        shop.record(brings_back(name, receipt=f"{name} 2"))
    night(shop)
    assert (sorted(mugs(shop)), left(shop)) == (["captured", "voided"], 1)
    books(shop)


def test_who_won_a_seat_at_what_has_begun_is_not_looked_at_for_ever(open_shop: Open) -> None:
    seat = "gives: {kind: seat, begins: 2026-03-02T13:00, seats: 5}"
    shop = met(open_shop(STEPS.replace("gives: {kind: code}", seat)))
    for number in range(3):
        bought(shop, "ada", 100, f"a{number}")
    night(shop)
    assert (prizes(shop), shop.rows("select member_id from prize_clock where program_id=$1")) == (
        [], [])  # fmt: skip


def test_who_comes_when_the_shelf_is_empty_has_it_when_it_is_full(open_shop: Open) -> None:
    pool = STEPS.replace("{kind: code}", "{kind: code, from: pool}").replace("at: 3, r", "at: 1, r")
    shop = met(open_shop(pool))
    shop.ask(fill_pools, FillPool("cake", ("one", "two"), "Ada", "filled"))
    for name in ("ada", "ben", "cem"):
        bought(shop, name, 100)
    night(shop)
    assert [one[0] for one in prizes(shop)] == ["ada", "ben"]
    shop.ask(fill_pools, FillPool("cake", ("three",), "Ada", "filled"))
    shop.at("2026-03-02 19:59")
    assert night(shop) == (0, 0)
    shop.at("2026-03-02 20:01")
    night(shop)
    assert [one[0] for one in prizes(shop)] == ["ada", "ben", "cem"]
    books(shop)


def test_who_is_blocked_and_who_finds_the_shelf_empty_wait_each_for_their_own_time(
    open_shop: Open,
) -> None:
    shop = met(open_shop(STEPS))
    for name in ("ada", "ben"):
        bought(shop, name, 10_000)
    assert night(shop)[1] == 2
    for name in ("cem", "dan"):
        bought(shop, name, 10_000)
    block(shop, MemberRef(external="dan"))
    assert left(shop) == 0
    night(shop)
    waits = (
        "select m.given_name, due_at from prize_clock"
        "  join member m using (program_id, member_id) where program_id = $1"
    )
    assert sorted(shop.rows(waits)) == [
        ("cem", shop.now + timedelta(hours=6)), ("dan", shop.now + timedelta(days=1)),
    ]  # fmt: skip


def test_two_who_are_one_are_not_given_again_what_each_had(open_shop: Open) -> None:
    shop = met(open_shop(STEPS))
    for name in ("ada", "ben"):
        for number in range(4):
            bought(shop, name, 100, f"{name}{number}")
    night(shop)
    merge(shop, BEN, ADA)
    night(shop)
    assert [one[3] for one in prizes(shop) if one[6]] == [1, 1]
    bought(shop, "ada", 100, "a9")
    night(shop)
    assert [one[3] for one in prizes(shop) if one[6]] == [1, 1, 3]
    books(shop)


def test_a_milestone_without_points_says_how_far_somebody_is(open_shop: Open) -> None:
    shop = met(open_shop(STEPS))
    bought(shop, "ada", 100)
    ((who,),) = shop.rows("select member_id from identifier where program_id=$1 and value='ada'")
    found = shop.do(lambda tx, terms: show_milestones(tx, terms, who))
    assert [(one.together, one.given, one.next_at) for one in found.milestones] == [
        (1, 0, 3), (100, 0, 5_000)]  # fmt: skip


def spend(shop: Shop, **minor: int) -> None:
    for name, much in minor.items():
        bought(shop, name, much, name)


def test_places_are_paid_once_the_week_is_over_and_who_ties_divides(open_shop: Open) -> None:
    shop = met(open_shop(BOARDS.replace("MORE", "")), "ada", "ben", "cem", "dan", "eve")
    # Two share place 3, of which there is no fourth: each has half of it. Eve has too little.
    spend(shop, ada=900, ben=850, cem=800, dan=800, eve=200)
    assert night(shop) == (0, 0)
    shop.at("2026-03-09 00:05")
    assert (night(shop)[0], night(shop)) == (1, (0, 0))
    assert [points(shop, name) for name in ("ada", "ben", "cem", "dan", "eve")] == [31, 10, 5, 5, 0]
    assert [one[4] for one in prizes(shop)].count("Champion") == 1
    reasons = "select reason from entry where program_id = $1 and actor = 'game' order by reason"
    assert shop.rows(reasons) == [
        ("Most spent: place 1",), ("Most spent: place 2",), *[("Most spent: place 3",)] * 2,
    ]  # fmt: skip
    shop.at("2026-03-16 00:05")
    assert night(shop) == (1, 0)  # nobody bought anything in this one
    books(shop)


def test_who_does_not_want_to_be_shown_is_passed_over(open_shop: Open) -> None:
    shop = met(open_shop(BOARDS.replace("MORE", "")), "ada")
    shy = {"unlisted": True}
    shop.join(JoinMember((Identifier("external", "dan"),), "Dan", "Doe", attributes=shy))
    shop.joined("eve")
    spend(shop, ada=400, dan=900, eve=900)
    shop.at("2026-03-09 00:05")
    night(shop)
    assert prizes(shop) == [("ada", "spent", "", 1, "Champion", 31, True)]
    books(shop)


@pytest.mark.parametrize("returned", ["kept", "taken_back"])
def test_what_comes_back_after_it_was_paid_takes_it_where_the_promise_says_so(
    open_shop: Open, returned: str
) -> None:
    source = BOARDS.replace("MORE", f"returned: {returned}, pays_after: 2 days,")
    shop = met(open_shop(source))
    spend(shop, ada=900, ben=700, cem=650, dan=600)
    shop.at("2026-03-09 00:05")
    assert night(shop)[0] == 0
    shop.record(brings_back("dan", (0, 600), receipt="d2"))
    shop.at("2026-03-11 00:05")
    assert night(shop)[0] == 1
    assert [points(shop, name) for name in ("ada", "ben", "cem", "dan")] == [31, 10, 10, 0]
    shop.record(brings_back("ada", (0, 150), receipt="a2"))
    night(shop)
    assert points(shop) == 31  # 7.50 are more than the 7.00 of who came behind
    shop.record(brings_back("ada", (0, 200), receipt="a3"))
    night(shop)
    kept = returned == "kept"
    assert (points(shop), points(shop, "ben")) == (31 if kept else 0, 10)
    # Told late, what was missing for it is there again.
    bought(shop, "ada", 150, "a4", occurred_at=datetime(2026, 3, 8, 12, tzinfo=UTC))
    night(shop)
    assert points(shop) == 31
    assert len(prizes(shop)) == (3 if kept else 4)
    books(shop)


def test_a_week_has_what_was_promised_when_it_began_also_when_the_board_is_gone(
    open_shop: Open,
) -> None:
    shop = met(open_shop(BOARDS.replace("MORE", "")), "ada", "ben")
    spend(shop, ada=900)
    shop.at("2026-03-04 12:00")
    shop.publish(named(HEAD, shop.terms.slug))
    shop.at("2026-03-23 00:05")
    assert night(shop)[0] == 1
    assert (points(shop), len(prizes(shop))) == (31, 1)
    books(shop)


def test_a_blocked_winner_has_it_when_they_are_let_go_and_two_nights_pay_once(
    open_shop: Open,
) -> None:
    shop = met(open_shop(BOARDS.replace("MORE", "")), "ada", "ben")
    spend(shop, ada=900, ben=800)
    shop.at("2026-03-09 00:05")
    shop.night("close_boards")
    block(shop, ADA)
    both = [lambda tx, terms: settle_prizes(tx, terms, 10) for _ in range(2)]
    shop.together(*both)
    assert (points(shop), points(shop, "ben")) == (0, 10)
    block(shop, ADA, blocked=False)
    shop.at("2026-03-10 00:06")
    night(shop)
    assert (points(shop), len(prizes(shop))) == (31, 2)
    books(shop)


def test_two_winners_who_are_one_before_they_are_paid_have_both_prizes(open_shop: Open) -> None:
    shop = met(open_shop(BOARDS.replace("MORE", "ties: each,")), "ada", "ben", "cem")
    spend(shop, ada=900, ben=900)
    shop.at("2026-03-09 00:05")
    shop.night("close_boards")
    merge(shop, BEN, ADA)
    for _ in range(2):
        night(shop)
        assert (points(shop), len(prizes(shop))) == (62, 2)
    books(shop)


def test_who_brings_it_back_before_they_are_paid_has_nothing_and_that_is_right(
    open_shop: Open,
) -> None:
    shop = met(open_shop(BOARDS.replace("MORE", "returned: taken_back,")), "ada", "ben")
    spend(shop, ada=900)
    shop.at("2026-03-09 00:05")
    shop.night("close_boards")
    block(shop, ADA)
    shop.record(brings_back("ada", receipt="a2"))
    night(shop)
    block(shop, ADA, blocked=False)
    shop.at("2026-03-10 00:06")
    night(shop)
    assert (points(shop), prizes(shop)) == (0, [])
    books(shop)


def test_a_night_that_dies_in_either_step_goes_on_and_pays_once(open_shop: Open) -> None:
    shop = met(open_shop(BOARDS.replace("MORE", "")), "ada", "ben")
    spend(shop, ada=900, ben=800)
    shop.at("2026-03-09 00:05")
    for step in (close_boards, settle_prizes):

        async def dies(tx: Any, terms: Any, step: Any = step) -> None:
            assert await step(tx, terms, 10)
            raise ConnectionError("killed")

        before = shop.counts()
        with pytest.raises(ConnectionError):
            shop.do(dies)
        assert shop.counts() == before
        shop.do(lambda tx, terms, step=step: step(tx, terms, 10))
        assert shop.do(lambda tx, terms, step=step: step(tx, terms, 10)) == 0
    assert (points(shop), points(shop, "ben"), len(prizes(shop))) == (31, 10, 2)
    books(shop)


def test_two_who_close_at_once_close_each_week_once(open_shop: Open) -> None:
    shop = met(open_shop(BOARDS.replace("MORE", "")), "ada")
    spend(shop, ada=900)
    shop.at("2026-03-16 00:05")
    done = shop.together(*[lambda tx, terms: close_boards(tx, terms, 10) for _ in range(2)])
    assert sorted(done) == [0, 2]
    assert shop.rows("select count(*), sum(paid) from board_end where program_id = $1") == [(2, 1)]


def test_nothing_is_closed_while_something_is_brought_over_and_nothing_paid_from_before(
    open_shop: Open,
) -> None:
    shop = met(open_shop(HEAD), "ada")
    board = named(BOARDS.replace("MORE", ""), shop.terms.slug)
    since = shop.local("2026-02-09 00:00")
    shop.publish(board, effective_from=since, accept=("overtaken:1",))
    bought(shop, "ada", 900, "old", occurred_at=shop.local("2026-02-18 12:00"))
    assert night(shop) == (3, 0)
    assert shop.rows("select sum(paid) from board_end where program_id = $1") == [(0,)]
    shop.publish(board.replace("name: Won", "name: Again"))
    spend(shop, ada=900)
    shop.at("2026-03-09 00:05")
    move = Import(uuid4(), b"1", "", "", {}, shop.now)
    shop.do(lambda tx, terms: tx.write(begin(tx, move)))
    assert night(shop)[0] == 0
    shop.do(lambda tx, terms: tx.write(over(tx, move.import_id)))
    assert (night(shop)[0], points(shop)) == (1, 31)


def test_who_is_named_anew_while_they_are_looked_at_stays_named(open_shop: Open) -> None:
    shop = met(open_shop(HEAD), "ada")
    ((who,),) = shop.rows("select member_id from identifier where program_id=$1 and value='ada'")

    def left() -> list[Any]:
        return shop.rows("select member_id from prize_clock where program_id = $1")

    shop.do(lambda tx, _: tx.write(watch(tx, {who: None})))
    listed = shop.do(lambda tx, _: due(tx, 9, ()))
    shop.at("2026-03-02 14:01")
    shop.do(lambda tx, _: tx.write(watch(tx, {who: None})))
    shop.do(lambda tx, _: tx.write(looked(tx, listed)))
    assert left() == [(who,)]
    shop.do(lambda tx, _: tx.write(looked(tx, {who: shop.now})))
    assert left() == []
