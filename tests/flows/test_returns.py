"""Returns: what comes back takes back exactly what it gave, once, whatever happened since."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.books import assert_books_right
from tests.flows.points.sharing import block, merge
from tests.makers import Shop, brings_back, buys, line

import regulars
from regulars.base.faults import Refused
from regulars.flows.commands import RecordActivity, Recorded, Redeem
from regulars.flows.community.publish_posts import KINDS as KINDS_OF_POSTS
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.recording.catch_up import catch_up_returns
from regulars.flows.recording.preview_activities import preview_activities
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import FRIEND_STAYED, Payment, SaleRef
from regulars.records.members.types import EraseMember, MemberRef
from regulars.records.once.types import natural_key
from regulars.records.program.checks.caution.kinds import FOR_REPORTS, KINDS

Open = Callable[[str], Shop]
HEAD = """
regulars: 1
program: test
name: Test
currency: EUR
zone: Europe/Berlin
"""
SHORT = (
    HEAD
    + """
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}, negative: NEGATIVE}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
"""
)
CARRY = (
    HEAD
    + """
wallets:
  points: {rounding: {carry: true}, negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: small, on: purchase, wallet: points, award: {give: fixed, points: 5, stage: bonus},
     when: {if: amount, at_most: "10.00"}}
"""
)

VISITS = (
    HEAD
    + """
wallets:
  points: {expiry: {after: 9 days, round_up_to: day}, negative: debt}
milestones:
  - {id: thrice, name: Thrice, wallet: points, counts: {on: visit},
     steps: [{at: 3, points: 10, again: true}]}
"""
)


def recorded(outcome: object) -> Recorded:
    assert isinstance(outcome, Recorded), outcome
    return outcome


def test_a_return_that_waited_for_its_sale_counts_for_the_next_one(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    cafe.record(brings_back("r1", (0, 1), receipt="b1"))
    cafe.record(buys(ada, line(1000, "coffee", 2), receipt="r1"))
    assert cafe.balances("ada") == {"points": (5, 0, 0), "stamps": (1, 0, 0)}
    (no,) = cafe.record(brings_back("r1", (0, 2), receipt="b2"))
    assert no.code == "too_much_returned"
    (rest,) = cafe.record(brings_back("r1", receipt="b3"))
    assert rest.earned == {"points": -5, "stamps": -1}
    assert cafe.balances("ada") == {}


def test_a_return_that_waited_is_dated_when_it_was_told(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    told_at = cafe.now
    cafe.record(brings_back("r1", receipt="b1"))
    cafe.now += timedelta(days=3)
    cafe.record(buys(ada, 1_000, receipt="r1", occurred_at=told_at - timedelta(hours=1)))
    kept = "select kind, occurred_at, recorded_at from activity where program_id = $1 order by kind"
    assert cafe.rows(kept) == [
        ("purchase", told_at - timedelta(hours=1), cafe.now),
        ("return", told_at, cafe.now),
    ]


def test_a_clock_that_was_set_back_lets_nothing_be_returned_twice(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    cafe.record(buys(ada, line(3000, "coffee", 3), receipt="r1"))
    cafe.now += timedelta(minutes=10)
    cafe.record(brings_back("r1", (0, 1), receipt="b1"))
    cafe.now -= timedelta(hours=1)
    cafe.record(brings_back("r1", (0, 1), receipt="b2"))
    (no,) = cafe.record(brings_back("r1", (0, 2), receipt="b3"))
    assert no.code == "too_much_returned"
    (rest,) = cafe.record(brings_back("r1", receipt="b4"))
    assert rest.earned == {"points": -10, "stamps": -1}
    assert cafe.balances("ada") == {}


def test_points_that_lapsed_are_not_taken_twice(open_shop: Open) -> None:
    shop = open_shop(SHORT.replace("NEGATIVE", "debt"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="old"))
    shop.now += timedelta(days=11)
    shop.night()
    shop.record(buys(ada, 7_000, receipt="new"))
    (back,) = shop.record(brings_back("old", receipt="b1"))
    assert back.earned == {"points": -100}
    assert shop.balances("ada") == {"points": (70, 0, 0)}


def test_of_a_sale_that_lapsed_in_part_only_the_rest_is_taken(open_shop: Open) -> None:
    shop = open_shop(SHORT.replace("NEGATIVE", "debt"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, line(10_000, quantity=10), receipt="old"))
    shop.redeem(Redeem(ada, "cup", capture=True))
    shop.now += timedelta(days=11)
    shop.record(buys(ada, 7_000, receipt="new"))
    # 30 were spent and 70 lapsed: the first 70 that come back were lost already.
    shop.record(brings_back("old", (0, 6), receipt="b1"))
    assert shop.balances("ada") == {"points": (70, 0, 0)}
    shop.record(brings_back("old", receipt="b2"))
    assert shop.balances("ada") == {"points": (40, 0, 0)}


def test_what_a_return_takes_does_not_depend_on_the_night_having_run(open_shop: Open) -> None:
    for night_ran in (True, False):
        shop = open_shop(SHORT.replace("NEGATIVE", "never"))
        (ada,) = shop.joined("ada")
        shop.record(buys(ada, 10_000, receipt="old"))
        shop.now += timedelta(days=1)
        shop.record(buys(ada, 5_000, receipt="new"))
        shop.now = shop.local("2026-03-13 00:00:01")  # the old points went with the 12th
        if night_ran:
            shop.night()
        shop.record(brings_back("new", (0, 2_000), receipt="b1"))
        shop.night()
        assert shop.balances("ada") == {"points": (30, 0, 0)}, night_ran


def test_a_return_that_is_refused_leaves_the_sale_as_it_was(open_shop: Open) -> None:
    shop = open_shop(SHORT.replace("NEGATIVE", "refuse"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 5_000, receipt="r1"))
    shop.redeem(Redeem(ada, "cup", capture=True))
    before = shop.counts()
    (no,) = shop.record(brings_back("r1", receipt="b1"))
    assert isinstance(no, Refused)
    assert (no.code, no.facts) == ("points_already_spent", {"wallet": "points", "short": 30})
    assert shop.counts() == before
    shop.record(buys(ada, 3_000, receipt="r2"))
    (back,) = shop.record(brings_back("r1", receipt="b1"))
    assert back.earned == {"points": -50}
    assert shop.balances("ada") == {}


def test_a_bonus_gained_on_the_way_never_costs_more_than_was_given(open_shop: Open) -> None:
    shop = open_shop(CARRY)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, line(1_200, quantity=12), receipt="r1"))
    # On 9.00 the small basket's bonus would give 14; a return never raises points.
    (first,) = shop.record(brings_back("r1", (0, 3), receipt="b1"))
    assert first.earned == {}
    (second,) = shop.record(brings_back("r1", receipt="b2"))
    assert second.earned == {"points": -12}
    assert shop.balances("ada") == {}


def test_a_sale_that_cost_nothing_can_come_back(open_shop: Open) -> None:
    shop = open_shop(CARRY)
    (ada,) = shop.joined("ada")
    (given,) = shop.record(buys(ada, 0, receipt="r1"))
    assert given.earned == {"points": 5}
    (back,) = shop.record(brings_back("r1", receipt="b1"))
    assert recorded(back).earned == {"points": -5}
    (no,) = shop.record(brings_back("r1", receipt="b2"))
    assert no.code == "too_much_returned"


def test_a_sale_and_its_return_in_one_batch_end_as_one_after_the_other(open_shop: Open) -> None:
    for together in (True, False):
        shop = open_shop(SHORT.replace("NEGATIVE", "debt"))
        (ada,) = shop.joined("ada")
        shop.record(buys(ada, 6_000, receipt="r1"))
        (held,) = shop.redeem(Redeem(ada, "cup"))
        (held_too,) = shop.redeem(Redeem(ada, "cup"))
        shop.record(brings_back("r1", (0, 2_000), receipt="b1"))  # 20 owed: all 60 are held
        void(shop, held.redemption_id)
        assert shop.balances("ada") == {"points": (30, 30, 20)}
        batch = [buys(ada, 2_500, receipt="r2"), brings_back("r2", receipt="b2")]
        if together:
            shop.ask(record_activities, *batch)
        else:
            for command in batch:
                shop.record(command)
        # 25 paid the 20 owed and left 5; 25 go back: those 5 and 20 of the others.
        assert shop.balances("ada") == {"points": (10, 30, 0)}, together
        assert held_too.state == "held"


def void(shop: Shop, redemption_id: object) -> None:
    from regulars.flows.commands import Settle

    shop.settle(Settle(redemption_id, "voided"))  # type: ignore[arg-type]


def test_a_return_of_a_sale_to_nobody_counts_pieces_only(cafe: Shop) -> None:
    cafe.record(buys(None, line(1000, "coffee", 2), receipt="r1"))
    before = cafe.counts()
    (first,) = cafe.record(brings_back("r1", (0, 1), receipt="b1"))
    assert (first.state, first.earned, first.balances) == ("recorded", {}, {})
    (no,) = cafe.record(brings_back("r1", (0, 2), receipt="b2"))
    assert no.code == "too_much_returned"
    after = cafe.counts()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"activity", "trail", "once"}


def test_a_return_of_a_sale_nobody_knows_by_id_is_a_fault(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    (visit,) = cafe.record(buys(ada, 100, receipt="r1"))
    before = cafe.counts()
    (no,) = cafe.record(brings_back(visit.member_id, receipt="b1"))
    assert (no.code, no.field) == ("not_found", "/sale/id")
    assert cafe.counts() == before
    assert MemberRef(external="ada") == ada


STOCKED = SHORT.replace("price: {points: 30}", "price: {points: 30}, stock: 1")


def _pays(shop: Shop, who: MemberRef, receipt: str) -> None:
    (taken,) = shop.redeem(Redeem(who, "cup", capture=True))
    paid = {"payments": (Payment("points", 300, taken.redemption_id),)}
    (sale,) = shop.record(buys(who, line(3_000, quantity=3), receipt=receipt, basket=paid))
    assert recorded(sale).earned == {"points": 27}


def test_a_preview_says_what_would_come_back_of_what_was_paid(open_shop: Open) -> None:
    shop = open_shop(STOCKED.replace("NEGATIVE", "debt"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 3_000, receipt="r1"))
    _pays(shop, ada, "r2")
    before = shop.counts()
    (shown,) = shop.do(lambda tx, terms: preview_activities(tx, terms, [brings_back("r2")]))
    assert (shown.refunded, shown.earned) == ({"points": 30}, {"points": -27})
    assert shop.counts() == before
    assert shop.rows("select remaining from reward_stock where program_id = $1") == [(0,)]
    (back,) = shop.record(brings_back("r2", receipt="b2"))
    assert back.refunded == shown.refunded
    assert shop.rows("select remaining from reward_stock where program_id = $1") == [(1,)]


def test_all_parts_of_a_batch_give_a_merged_member_back_what_they_paid(open_shop: Open) -> None:
    shop = open_shop(SHORT.replace("NEGATIVE", "debt"))
    ada, eve = shop.joined("ada", "eve")
    shop.record(buys(eve, 3_000, receipt="r1"))
    _pays(shop, eve, "r2")
    merge = MergeMembers(eve, ada, "one person", "Olga")
    shop.do(lambda tx, terms: merge_members(tx, terms, [merge]))
    parts = [brings_back("r2", (0, 1), receipt=f"b{n}") for n in range(3)]
    done = shop.ask(record_activities, *parts)
    assert [recorded(one).refunded for one in done] == [{"points": 10}] * 3
    assert shop.balances("ada") == {"points": (30, 0, 0)}
    # The purchase that gave the points lapsed with them: what is lost already is not taken twice.
    shop.now += timedelta(days=11)
    (back,) = shop.record(brings_back("r1", receipt="b"))
    assert back.earned == {"points": -30}
    assert shop.balances("ada") == {}


def test_what_lapsed_while_coming_back_to_the_merged_is_not_taken_twice(open_shop: Open) -> None:
    for together in (True, False):
        shop = open_shop(SHORT.replace("NEGATIVE", "debt"))
        ada, eve = shop.joined("ada", "eve")
        shop.record(buys(eve, 3_000, receipt="r1"))
        _pays(shop, eve, "r2")
        merge = MergeMembers(eve, ada, "one person", "Olga")
        shop.do(lambda tx, terms, merge=merge: merge_members(tx, terms, [merge]))
        shop.now += timedelta(days=11)
        shop.record(buys(ada, 5_000, receipt="r3"))
        batch = [brings_back("r2", receipt="b2"), brings_back("r1", receipt="b1")]
        for commands in [batch] if together else [[one] for one in batch]:
            shop.ask(record_activities, *commands)
        # All that came back had ended, and so had what r2 and r1 gave.
        assert shop.balances("ada") == {"points": (50, 0, 0)}


EVERYTHING = (
    HEAD
    + """
wallets: {points: {negative: debt}}
budgets: [{id: all, wallet: points, per: month, points: 500}]
rules:
  - {id: visit, on: visit, wallet: points, award: {give: fixed, points: 5}}
tiers: {measure: activities, kinds: [visit], window: calendar_year, valid: window_end,
        returned_credit: at_period_end, steps: [{id: guest, at: 0}, {id: regular, at: 2}]}
streaks:
  - {id: daily, name: Daily, every: day, again: each_streak, counts: {on: visit},
     milestones: [{length: 2, prize: {badge: Two}}]}
leaderboards: [{id: most, name: Most, counts: {on: visit}, per: month}]
rewards: [{id: cup, name: A cup, price: {points: 5}}]
"""
)


def came(who: MemberRef | None, receipt: str) -> RecordActivity:
    return RecordActivity("visit", who, source="till", external_id=receipt)


def test_whatever_follows_from_a_visit_follows_when_it_is_taken_back(open_shop: Open) -> None:
    """Points and budgets, places and streaks at once; a tier when its period is over."""
    shop = open_shop(EVERYTHING)
    (ada,) = shop.joined("ada", given_name="Ada")
    shop.record(came(ada, "v1"))
    shop.now += timedelta(days=1)
    shop.record(came(ada, "v2"), came(None, "n1"))
    shop.night()
    held = "select count(*) filter (where undone_at is null)::int from prize where program_id = $1"
    used = "select used::int from budget where program_id = $1"
    assert (shop.rows(held), shop.rows(used)) == ([(1,)], [(10,)])
    before = shop.counts()
    (shown,) = shop.do(lambda tx, terms: preview_activities(tx, terms, [returns("v1")]))
    assert (shown.earned, shop.counts()) == ({"points": -5}, before)
    (back,) = shop.record(returns("v1"))
    shop.night()
    assert (back.earned, back.tier) == (shown.earned, shown.tier)
    assert shop.balances("ada") == {"points": (5, 0, 0)}
    assert (shop.rows(held), shop.rows(used)) == ([(0,)], [(5,)])
    (board,) = shop.terms.versions[-1].stones
    counted = "select value::int from counter where program_id = $1 and counter = $2"
    assert shop.rows(counted, board.counter) == [(1,)]
    standing = "select tier from standing where program_id = $1"
    assert [name for (name,) in shop.rows(standing)] == ["regular"]
    shop.at("2027-01-01 00:01")
    shop.night()
    assert [name for (name,) in shop.rows(standing)] == ["guest"]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_visit_comes_back_of_whoever_it_is_by_now_or_of_nobody(open_shop: Open) -> None:
    """Of somebody who was merged, blocked or erased since; of nobody by receipt, by id or late."""
    shop = open_shop(EVERYTHING)
    ada, eve, dan, cem = shop.joined("ada", "eve", "dan", "cem")
    for name, who in (("e", eve), ("d", dan), ("c", cem)):
        shop.record(came(who, name))
    merge(shop, eve, ada)
    block(shop, dan)
    who = "select member_id from identifier where program_id = $1 and value = 'cem'"
    (cems,) = shop.rows(who)[0]
    shop.do(lambda tx, terms: erase_members(tx, terms, [EraseMember(cems)]))
    merged, blocked, erased = (shop.record(returns(name))[0] for name in "edc")
    assert (merged.earned, blocked.earned, erased.code) == (
        {"points": -5}, {"points": -5}, "member_erased",
    )  # fmt: skip
    assert (shop.balances("ada"), shop.balances("dan")) == ({}, {})
    first, second = shop.record(came(None, "n1"), came(None, "n2"))
    by_id = RecordActivity("return", sale=SaleRef(id=second.activity_id))
    for one in (returns("n1"), by_id):
        (back,) = shop.record(one)
        assert (back.state, back.earned, back.balances) == ("recorded", {}, {})
        assert shop.record(one)[0].code == "too_much_returned"
    assert shop.record(returns("n3"))[0].state == "waiting"
    shop.record(came(None, "n3"))
    assert shop.record(returns("n3"))[0].code == "too_much_returned"
    named = "select count(*) from activity where program_id = $1 and sale_id = $2"
    assert shop.rows(named, first.activity_id) == [(1,)]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_visit_whose_points_are_spent_is_not_taken_back_where_that_is_refused(
    open_shop: Open,
) -> None:
    shop = open_shop(EVERYTHING.replace("negative: debt", "negative: refuse"))
    (ada,) = shop.joined("ada")
    shop.record(came(ada, "v1"))
    shop.redeem(Redeem(ada, "cup", capture=True))
    before = shop.counts()
    (no,) = shop.record(returns("v1"))
    assert (no.code, no.facts) == ("points_already_spent", {"wallet": "points", "short": 5})
    assert shop.counts() == before


def test_a_return_of_a_kind_that_no_version_knows_does_not_wait(open_shop: Open) -> None:
    """Nothing would ever meet it; what was told under such a kind comes back all the same."""
    shop = open_shop(EVERYTHING)
    (ada,) = shop.joined("ada")
    before = shop.counts()
    slips = [
        RecordActivity("return", sale=SaleRef(None, "till", "v1", kind))
        for kind in ("visits", "member", "lot")
    ]
    told = shop.record(*slips)
    assert {(one.code, one.field) for one in told} == {("invalid", "/sale/kind")}
    assert [one.facts["mend"] for one in told[:2]] == [
        "did you mean visit?",
        "known: case-closed, check-in, club-joined, csat, event-attended, invite, lesson-passed, "
        "newsletter, nps, photo, purchase, reference, review, review-published, share, sign-up, "
        "story-published, survey, ticket, visit",
    ]
    assert shop.counts() == before
    shop.record(RecordActivity("podcast", ada, source="till", external_id="v1"))
    heard = RecordActivity("return", sale=SaleRef(None, "till", "v1", "podcast"))
    assert shop.record(heard)[0].state == "recorded"
    again = RecordActivity("return", sale=SaleRef(None, "till", "v2", "podcast"))
    assert shop.record(again)[0].state == "waiting", "it was told before"


def test_what_reports_count_is_taken_back_in_either_order(open_shop: Open) -> None:
    """No rule is about a ticket, an answer or what the house tells of by itself."""
    shop = open_shop(EVERYTHING)
    (ada,) = shop.joined("ada")
    returns_first = [
        RecordActivity("return", sale=SaleRef(None, "desk", "t1", kind)) for kind in FOR_REPORTS
    ]
    assert {one.state for one in shop.record(*returns_first)} == {"waiting"}
    told = [RecordActivity(kind, ada, source="desk", external_id="t1") for kind in FOR_REPORTS]
    shop.record(*told)
    back = "select count(*) from activity where program_id = $1 and sale_id is not null"
    assert shop.rows(back) == [(len(FOR_REPORTS),)]


def test_every_kind_that_we_name_ourselves_is_known() -> None:
    """Reports, alerts and segments name kinds where they read activities; flows where they tell."""
    read = re.compile(r"\bactivity a\b[^\"]{0,400}?\ba\.kind (?:= |in )\(?((?:'[a-z-]+'(?:, )?)+)")
    home = Path(regulars.__file__).parent
    texts = [one.read_text("utf-8") for room in ("insight", "records") for one in
             home.joinpath(room).rglob("*.*") if one.suffix in (".py", ".sql")]  # fmt: skip
    named = {kind for text in texts for kinds in read.findall(text)
             for kind in re.findall("[a-z-]+", kinds)}  # fmt: skip
    tells = [one.read_text("utf-8") for one in home.joinpath("flows").rglob("*.py")]
    said = {kind for text in tells if "RecordActivity(" in text
            for kind in re.findall(r'^KIND: Final = "(.*)"', text, re.MULTILINE)}  # fmt: skip
    assert {"ticket", "nps", "invite"} <= named
    assert {"club-joined", "survey"} <= said
    assert (named | said | {*KINDS_OF_POSTS.values()}) - {*KINDS} == {FRIEND_STAYED}


def test_what_is_there_and_does_not_come_back_is_waited_for_by_nobody(cafe: Shop) -> None:
    """Of what nobody did besides buying no decision was kept, before it could be taken back: it has
    a key, and nothing that could be decided."""
    cafe.record(buys(None, 500, receipt="r1"))
    (of_old,) = cafe.record(brings_back("r1", receipt="b1"))
    old = natural_key("till", "old", "visit")
    cafe.rows(
        """insert into once (program_id, key, content, member_id, subject_id, answer, recorded_at)
           select program_id, $2, content, member_id, subject_id, answer, recorded_at from once
            where program_id = $1 and subject_id = $3 limit 1""",
        old,
        of_old.activity_id,
    )
    (no,) = cafe.record(returns("old"))
    assert (no.code, no.field) == ("invalid", "/sale/kind")
    assert [one.state for one in cafe.record(returns("new"))] == ["waiting"]
    cafe.rows("update waiting_return set sale_key = $2 where program_id = $1", old)
    done = [cafe.do(lambda tx, terms: catch_up_returns(tx, terms, 10)) for _ in range(2)]
    assert done == [1, 0]


def returns(visit: str) -> RecordActivity:
    return RecordActivity("return", sale=SaleRef(None, "till", visit, "visit"))


def test_a_visit_whose_return_waited_ends_as_if_it_had_come_first(open_shop: Open) -> None:
    """Of what its milestone gave some had lapsed; two orders, one balance (semantics D6)."""
    ends = []
    for waits in (False, True):
        shop = open_shop(VISITS.replace("test", f"test-{waits}".lower()))
        (ada,) = shop.joined("ada")
        came = [RecordActivity("visit", ada, source="till", external_id=f"v{n}") for n in range(6)]
        shop.record(*came[:3])
        shop.now += timedelta(days=11)
        shop.night()
        shop.record(*came[3:5])
        for command in (returns("v5"), came[5]) if waits else (came[5], returns("v5")):
            shop.record(command)
        ends.append(shop.balances("ada"))
    assert ends[0] == ends[1]
