"""Codes: handed over once at a capture, used once at the till, many at once by hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.makers import Shop, asked, brings_back, buys, line, named

from regulars.base.faults import Fault, Refused
from regulars.flows.commands import Redeem, Redeemed, Settle
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember, MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.points.codes.commands import FillPool, IssueCodes, UseCode, WithdrawCode
from regulars.flows.points.codes.fill_pools import fill_pools
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import use_codes, withdraw_codes
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.activity.types import Payment
from regulars.records.members.types import MemberRef
from regulars.records.rewards.codes.lettering import is_ours

Open = Callable[[str], Shop]
CINEMA = """
regulars: 1
program: cinema
name: Cinema
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - id: summer
    on: purchase
    wallet: points
    award: {give: fixed, points: 7, stage: bonus}
    when: {if: code, in: [Summer 24]}
    limits: [{per: ever, times: 1}, {per: ever, times: 2, of: everyone}]
  - id: by-voucher
    on: purchase
    wallet: points
    award: {give: fixed, points: 50, stage: bonus}
    when: {if: all, of: [{if: code, of: voucher}, {if: amount, at_least: "5.00"}]}
paying: {wallet: points, points: 1, per: "0.01"}
rewards:
  - id: snack
    name: A snack
    price: {points: 10}
    worth: "2.50"
    cost: "1.00"
    gives: {kind: code, valid_for: 30 days}
  - {id: partner, name: A month of music, price: {points: 20}, gives: {kind: code, from: pool}}
  - {id: voucher, name: A voucher, price: {}, by: shop, worth: "5.00", gives: {kind: code}}
"""
DAY = timedelta(days=1)
SAID: Any = {"reason": "bought", "actor": "mia"}


@pytest.fixture
def cinema(open_shop: Open) -> Shop:
    return open_shop(CINEMA)


@pytest.fixture
def ada(cinema: Shop) -> MemberRef:
    (ada,) = cinema.joined("ada")
    cinema.record(buys(ada, 10_000, receipt="first"))
    return ada


def taken(shop: Shop, who: MemberRef, reward: str, **more: Any) -> Redeemed:
    (outcome,) = shop.redeem(Redeem(who, reward, capture=True, **more))
    assert isinstance(outcome, Redeemed), outcome
    return outcome


def fill(shop: Shop, *codes: str, reward: str = "partner", **more: Any) -> Any:
    return shop.ask(fill_pools, FillPool(reward, codes, **SAID, **more))[0]


def use(shop: Shop, code: str, **more: Any) -> Any:
    return shop.ask(use_codes, UseCode(code, **more))[0]


def issue(shop: Shop, **more: Any) -> Any:
    return shop.ask(issue_codes, IssueCodes("voucher", **SAID, **more))[0]


def states(shop: Shop) -> list[Any]:
    return [row[0] for row in shop.rows(
        "select state from reward_code where program_id = $1 order by code_id")]  # fmt: skip


def test_a_code_is_made_when_the_reward_is_handed_over_and_not_before(
    cinema: Shop, ada: MemberRef
) -> None:
    (held,) = cinema.redeem(Redeem(ada, "snack"))
    assert (held.kind, held.code, states(cinema)) == ("code", "", [])
    (done,) = cinema.settle(Settle(held.redemption_id, "captured", asked=asked("k")))
    assert is_ours(done.code.replace("-", ""))
    # 30 days by the wall clock, which jumps in between.
    assert done.code_ends_at == cinema.local("2026-04-01 13:00")
    assert states(cinema) == ["issued"]
    (again,) = cinema.settle(Settle(held.redemption_id, "captured", asked=asked("k")))
    assert (again.replayed, again.code) == (True, done.code)
    kept = cinema.rows("select answer from once where program_id = $1")
    assert not any(done.code.replace("-", "").encode() in row[0] for row in kept)


def test_a_code_is_used_once_however_it_is_spelled(cinema: Shop, ada: MemberRef) -> None:
    code = taken(cinema, ada, "snack").code
    spelled = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    used = use(cinema, spelled, store="foyer")
    assert (used.reward, used.name, used.worth_minor) == ("snack", "A snack", 250)
    assert used.code == code
    no = use(cinema, code)
    assert (no.code, states(cinema)) == ("code_used", ["used"])
    assert cinema.told()[-1] == "code.used"


def test_the_same_request_is_answered_alike_and_uses_nothing_twice(
    cinema: Shop, ada: MemberRef
) -> None:
    code = taken(cinema, ada, "snack").code
    first, again = (use(cinema, code, asked=asked("till-1")) for _ in "ab")
    assert (first.replayed, again.replayed, again.code_id) == (False, True, first.code_id)


def test_of_ten_who_show_one_code_at_once_exactly_one_has_it(cinema: Shop) -> None:
    code = issue(cinema, times=1).codes[0].code
    tills = [lambda tx, terms: use_codes(tx, terms, [UseCode(code)]) for _ in range(10)]
    outcomes = [answer[0] for answer in cinema.together(*tills)]
    assert sum(getattr(one, "state", "") == "used" for one in outcomes) == 1
    assert [one.code for one in outcomes if isinstance(one, Refused)] == ["code_used"] * 9


def test_a_code_can_be_used_until_its_end_and_not_at_it(cinema: Shop, ada: MemberRef) -> None:
    late, soon = taken(cinema, ada, "snack"), taken(cinema, ada, "snack")
    assert soon.code_ends_at is not None
    cinema.now = soon.code_ends_at - timedelta(seconds=1)
    assert use(cinema, soon.code).state == "used"
    cinema.now += timedelta(seconds=1)
    before = cinema.counts()
    assert use(cinema, late.code).code == "code_expired"
    assert cinema.counts() == before


def test_a_contract_keeps_its_words_when_the_program_changes(cinema: Shop, ada: MemberRef) -> None:
    code = taken(cinema, ada, "snack").code
    source = CINEMA.replace("A snack", "Half a snack").replace("2.50", "2.00")
    cinema.publish(named(source.replace("30 days", "1 day"), cinema.terms.slug))
    cinema.now += timedelta(days=29)
    used = use(cinema, code)
    assert (used.name, used.worth_minor) == ("A snack", 250)


def test_codes_nobody_was_given_are_unknown(cinema: Shop, ada: MemberRef) -> None:
    fill(cinema, "MUSIC-1")
    for code in ("MUSIC-1", "MUSIC-2", "0000-0000-0000-0000"):
        assert use(cinema, code).code == "unknown_code"
    assert isinstance(use(cinema, " - "), Fault)


# --- pools -----------------------------------------------------------------------------------


def test_a_pool_gives_its_codes_in_order_until_none_is_left(cinema: Shop, ada: MemberRef) -> None:
    assert cinema.redeem(Redeem(ada, "partner"))[0].code == "no_codes_left"
    filled = fill(cinema, "Music 1", "music-2")
    assert (filled.times, filled.left) == (2, 2)
    assert [taken(cinema, ada, "partner").code for _ in "ab"] == ["Music 1", "music-2"]
    assert cinema.redeem(Redeem(ada, "partner"))[0].code == "no_codes_left"
    assert fill(cinema, "music-3").left == 1


def test_a_reserved_code_is_nobody_elses_and_comes_back_when_it_is_let_go(
    cinema: Shop, ada: MemberRef
) -> None:
    fill(cinema, "only")
    (held,) = cinema.redeem(Redeem(ada, "partner"))
    assert cinema.redeem(Redeem(ada, "partner"))[0].code == "no_codes_left"
    cinema.settle(Settle(held.redemption_id, "voided"))
    assert taken(cinema, ada, "partner").code == "only"


def test_of_many_who_ask_for_the_last_code_exactly_one_gets_it(
    cinema: Shop, ada: MemberRef
) -> None:
    fill(cinema, "last")
    people = cinema.joined("b", "c", "d", "e")
    cinema.record(*[buys(one, 5_000, receipt=f"r{n}") for n, one in enumerate(people)])
    wishes = [
        lambda tx, terms, one=one: redeem_rewards(tx, terms, [Redeem(one, "partner", capture=True)])
        for one in people
    ]
    outcomes = [answer[0] for answer in cinema.together(*wishes)]
    assert sorted(getattr(one, "state", one.code) for one in outcomes) == [
        "captured", "no_codes_left", "no_codes_left", "no_codes_left",
    ]  # fmt: skip
    both = [Redeem(ada, "partner", capture=True)] * 2
    fill(cinema, "one more")
    assert [getattr(o, "state", o.code) for o in cinema.redeem(*both)] == [
        "captured", "no_codes_left",
    ]  # fmt: skip


def test_a_list_with_slips_is_taken_not_at_all_and_each_slip_named(cinema: Shop) -> None:
    fill(cinema, "known")
    before = cinema.counts()
    wrong = fill(cinema, "a", "", "KNOWN", "A ", "x" * 81)
    assert isinstance(wrong, Fault)
    for slip in ("line 2 is empty", "line 3 is a code that is here already",
                 "line 4 repeats line 1", "line 5 is longer than 80"):  # fmt: skip
        assert slip in wrong.says
    assert cinema.counts() == before
    assert isinstance(fill(cinema, "b", reward="snack"), Fault)
    assert fill(cinema, "b", reward="nothing").code == "unknown_reward"


def test_a_code_that_was_seen_is_withdrawn_when_the_sale_it_paid_for_comes_back(
    cinema: Shop, ada: MemberRef
) -> None:
    fill(cinema, "one", "two")
    done = taken(cinema, ada, "partner")
    paid = {"payments": (Payment("points", 500, done.redemption_id),)}
    cinema.record(buys(ada, line(2_000), receipt="sale", basket=paid))
    cinema.record(brings_back("sale"))
    assert states(cinema) == ["withdrawn", "free"]
    assert use(cinema, "one").code == "code_withdrawn"
    assert taken(cinema, ada, "partner").code == "two"
    assert cinema.redeem(Redeem(ada, "partner"))[0].code == "no_codes_left"


# --- by hand ---------------------------------------------------------------------------------


def test_vouchers_are_issued_for_anybody_and_asked_again_they_are_the_same(cinema: Shop) -> None:
    done = issue(cinema, times=50, asked=asked("spring"))
    assert len({one.code for one in done.codes}) == 50
    assert all(one.member_id is None for one in done.codes)
    again = issue(cinema, times=50, asked=asked("spring"))
    assert (again.replayed, again.codes) == (True, done.codes)
    assert len(states(cinema)) == 50
    assert use(cinema, done.codes[7].code).worth_minor == 500
    assert cinema.redeem(Redeem(cinema.joined("ben")[0], "voucher"))[0].code == "only_issued"


def test_codes_are_issued_to_those_with_an_attribute(cinema: Shop) -> None:
    cinema.joined("ben", attributes={"student": True})
    cinema.joined("cem", attributes={"student": False})
    done = issue(cinema, attribute=("student", True), ends_at=cinema.now + timedelta(days=3))
    (ben,) = cinema.rows(
        "select member_id from identifier where program_id = $1 and value = $2", "ben"
    )
    assert [(one.member_id, one.ends_at) for one in done.codes] == [
        (ben[0], cinema.now + timedelta(days=3))
    ]
    assert issue(cinema, everybody=True).times == 2
    assert isinstance(issue(cinema, attribute=("student", 1)), Fault)


@pytest.mark.parametrize(
    "more",
    [{}, {"times": 2, "everybody": True}, {"times": 100_001}, {"times": -1},
     {"members": (MemberRef(external="zoe"),)}],
)  # fmt: skip
def test_an_issue_to_nobody_or_too_many_is_a_fault(cinema: Shop, more: dict[str, Any]) -> None:
    assert isinstance(issue(cinema, **more), Fault)
    assert states(cinema) == []


def test_a_withdrawn_code_opens_nothing_and_a_used_one_stays_used(cinema: Shop) -> None:
    one, two = issue(cinema, times=2).codes
    gone = cinema.ask(withdraw_codes, WithdrawCode(one.code, **SAID))[0]
    assert gone.state == "withdrawn"
    assert use(cinema, one.code).code == "code_withdrawn"
    assert cinema.ask(withdraw_codes, WithdrawCode(one.code, **SAID))[0].state == "withdrawn"
    use(cinema, two.code)
    assert cinema.ask(withdraw_codes, WithdrawCode(two.code, **SAID))[0].code == "code_used"
    assert isinstance(cinema.ask(withdraw_codes, WithdrawCode(one.code, "", "mia"))[0], Fault)


def test_codes_of_merged_and_of_blocked_members(cinema: Shop, ada: MemberRef) -> None:
    first, second = taken(cinema, ada, "snack").code, taken(cinema, ada, "snack").code
    (ben,) = cinema.joined("ben")
    cinema.ask(merge_members, MergeMembers(ada, ben, "one person", "mia"))
    assert use(cinema, first).state == "used"
    cinema.ask(block_members, BlockMember(ben, True, "shouted", "mia"))
    assert use(cinema, second).code == "member_blocked"


def bought(shop: Shop, who: MemberRef | None, code: str, minor: int = 500) -> Any:
    return shop.record(replace(buys(who, minor), code=code))[0]


def test_a_word_gives_within_the_limits_of_its_rule(cinema: Shop) -> None:
    ada, ben, cleo = cinema.joined("ada", "ben", "cleo")
    gave = [bought(cinema, who, "sum-mer 24").earned["points"] for who in (ada, ada, ben, cleo)]
    assert gave == [12, 5, 12, 5]  # once for each, twice for all


def test_a_code_of_a_reward_is_used_up_by_what_it_gave_for(cinema: Shop) -> None:
    ada, ben = cinema.joined("ada", "ben")
    (mine,) = issue(cinema, members=(ada,)).codes
    anybodys = issue(cinema, times=1).codes[0].code
    assert bought(cinema, ben, mine.code).rules == {"euro": 5}  # somebody else's
    assert bought(cinema, ada, mine.code, 400).rules == {"euro": 4}  # too little, so it stays
    assert states(cinema) == ["issued", "issued"]
    again = [replace(buys(who, 500), code=anybodys.lower()) for who in (ben, ada)]
    assert [one.rules.get("by-voucher", 0) for one in cinema.record(*again)] == [50, 0]
    assert bought(cinema, ada, mine.code).earned == {"points": 55}
    assert bought(cinema, ada, mine.code).earned == {"points": 5}
    assert states(cinema) == ["used", "used"]
    assert isinstance(use(cinema, mine.code), Refused)


def test_who_was_merged_has_their_codes_under_either_id(cinema: Shop) -> None:
    ada, ben = cinema.joined("ada", "ben")
    ids = [one.member_id for one in cinema.record(buys(ada, 100), buys(ben, 100))]
    hers, his = issue(cinema, members=(ada, ben)).codes
    cinema.ask(merge_members, MergeMembers(ada, ben, "one person", "mia"))
    named = zip((MemberRef(id=one) for one in ids), (his, hers), strict=True)
    gave = [bought(cinema, who, one.code).earned for who, one in named]
    assert gave == [{"points": 55}, {"points": 55}]
    assert cinema.told().count("code.used") == 2


LADDER = (
    CINEMA.replace('{if: amount, at_least: "5.00"}', "{if: tier, at_least: gold}")
    + """
tiers: {measure: spend, returned_credit: revoke_now, steps: [{id: gold, at: "100.00"}]}
"""
)


def with_ladder(shop: Shop) -> Shop:
    """The same cinema, where a voucher gives to whoever is gold."""
    shop.publish(named(LADDER, shop.terms.slug))
    return shop


def test_a_code_is_used_up_by_what_it_gives_for_once_all_is_known(cinema: Shop) -> None:
    shop = with_ladder(cinema)
    (ada,) = shop.joined("ada")
    one, two = (code.code for code in issue(shop, times=2).codes)
    start = shop.now
    shop.now += 9 * DAY
    for at, code in enumerate((one, one, two), 3):  # not gold yet, so each stays good
        told = replace(buys(ada, 500), code=code, occurred_at=start + at * DAY)
        assert shop.record(told)[0].rules == {"euro": 5}
    assert states(shop) == ["issued", "issued"]
    late = replace(buys(ada, 10_000, receipt="late"), occurred_at=start + DAY)
    (done,) = shop.record(late)
    assert (states(shop), done.balances) == (["used", "used"], {"points": 215})
    shop.record(replace(brings_back("late"), occurred_at=start + 2 * DAY))  # gold no more
    assert shop.balances("ada")["points"][0] == 15
    again = replace(buys(ada, 10_000), occurred_at=start + 2 * DAY)
    assert shop.record(again)[0].balances == {"points": 215}


def test_a_code_that_went_elsewhere_gives_to_nothing_that_is_decided_again(cinema: Shop) -> None:
    shop = with_ladder(cinema)
    ada, ben = shop.joined("ada", "ben")
    code = issue(shop, times=1).codes[0].code
    start = shop.now
    shop.now += 9 * DAY
    shop.record(replace(buys(ada, 2_000, receipt="a"), code=code, occurred_at=start + 3 * DAY))
    shop.record(buys(ben, 10_000))
    assert bought(shop, ben, code).rules == {"euro": 5, "by-voucher": 50}
    (done,) = shop.record(replace(buys(ada, 10_000), occurred_at=start + DAY))
    assert done.balances == {"points": 120}
    (back,) = shop.record(brings_back("a"))
    assert back.balances == {"points": 100}


def test_of_ten_who_buy_with_one_code_at_once_exactly_one_has_something_for_it(
    cinema: Shop,
) -> None:
    code = issue(cinema, times=1).codes[0].code
    people = cinema.joined(*(f"p{n}" for n in range(10)))
    tills = [
        lambda tx, terms, one=one: record_activities(
            tx, terms, [replace(buys(one, 500), code=code)]
        )
        for one in people
    ]
    gave = [answer[0].earned["points"] for answer in cinema.together(*tills)]
    assert sorted(gave) == [5] * 9 + [55]
