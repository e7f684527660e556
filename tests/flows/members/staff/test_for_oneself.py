"""Nobody of the shop credits or redeems for themselves, by whichever way it is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from tests.flows.members.staff.people import HOUSE, hires, key, settles
from tests.flows.members.staff.test_by_hand import member_id
from tests.makers import Shop, by, named

from regulars.flows.access.by_hand import already_decided
from regulars.flows.access.commands import ChangeSetting, ChangeStaff
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Adjusted
from regulars.flows.membership.office.commands import BeginRound, DecideRound, StopRound
from regulars.flows.membership.office.keep_rounds import begin_rounds, step_rounds, turn_rounds
from regulars.flows.points.codes.commands import IssueCodes, UseCode
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import use_codes
from regulars.records.access.office.read import following, one_round
from regulars.records.access.staff.types import By, Staff
from regulars.records.program.templates import load_template
from regulars.runtime.working.rounds import adjustments, stepped

CODE = """rewards:
  - {id: voucher, name: Voucher, worth: "3.00", price: {points: 100}, gives: {kind: code}}
"""


def is_(shop: Shop, one: Staff, external: str) -> UUID:
    """Somebody of the shop is this member."""
    id_: UUID = member_id(shop, external)
    settles(shop, ChangeStaff(one.staff_id, HOUSE, member=id_))
    return id_


def goes(shop: Shop) -> list[Any]:
    """What came of the next stretch of a round."""
    stretch = shop.do(lambda tx, _: following(tx, 50))
    if stretch is None:
        return []
    outcomes = shop.ask(adjust_balances, *adjustments(stretch))
    step = stepped(stretch, outcomes)
    for _ in range(2):  # said twice it counts once
        shop.ask(step_rounds, step)
    return outcomes


def test_a_key_that_names_somebody_of_the_shop_does_nothing_for_them(cafe: Shop) -> None:
    ada, mia = cafe.joined("ada", "mia")
    one = hires(cafe, "owner")
    is_(cafe, one, "ada")
    before = cafe.counts()
    (no,) = cafe.adjust(Adjust(ada, "points", 5, "me", one.principal))
    assert no.code == "own_membership"
    (till,) = cafe.adjust(Adjust(ada, "points", 5, "me", f"{one.principal} til_1"))
    assert till.code == "own_membership"
    assert cafe.counts() == before
    assert isinstance(cafe.adjust(Adjust(mia, "points", 5, "her", one.principal))[0], Adjusted)


def test_nobody_uses_their_own_code_or_makes_one_for_themselves(cafe: Shop) -> None:
    ((slug,),) = cafe.rows("select slug from program where program_id = $1")
    cafe.publish(named(load_template("coffee-shop"), slug).replace("rewards:\n", CODE, 1))
    ada, mia = cafe.joined("ada", "mia")
    one, other = hires(cafe, "owner"), hires(cafe, "cashier")
    is_(cafe, one, "ada")
    wish = IssueCodes("voucher", "a gift", "us", members=(mia, ada))
    (no,) = cafe.ask(issue_codes, replace(wish, actor=one.principal, asked=key(one, "i")))
    assert no.code == "own_membership"
    (made,) = cafe.ask(issue_codes, wish)
    codes = {code.member_id: code.code for code in made.codes}
    mine = codes[member_id(cafe, "ada")]
    (no,) = cafe.ask(use_codes, UseCode(mine, asked=key(one, "u")))
    assert no.code == "own_membership"
    (hers,) = cafe.ask(use_codes, UseCode(codes[member_id(cafe, "mia")], asked=key(one, "h")))
    (used,) = cafe.ask(use_codes, UseCode(mine, asked=key(other, "u")))
    assert (hers.state, used.state) == ("used", "used")


def test_a_round_gives_nothing_to_who_began_or_granted_it(cafe: Shop) -> None:
    cafe.joined("ada", "mia", "zoe")
    asker, boss = hires(cafe, "support"), hires(cafe, "manager")
    ids = (is_(cafe, asker, "ada"), is_(cafe, boss, "mia"), member_id(cafe, "zoe"))
    wish = BeginRound("points", 300, "we were closed", ids, asked=key(asker, "many"))
    (begun,) = cafe.ask(begin_rounds, wish)
    (again,) = cafe.ask(begin_rounds, wish)
    assert (begun.state, again.round_id, again.replayed) == ("waiting", begun.round_id, True)
    assert goes(cafe) == []
    for who, code in ((asker, "forbidden"), (hires(cafe, "cashier"), "forbidden")):
        (no,) = cafe.ask(turn_rounds, DecideRound(begun.round_id, True, By(who.staff_id)))
        assert no.code == code
    (yes,) = cafe.ask(turn_rounds, DecideRound(begun.round_id, True, By(boss.staff_id)))
    assert yes.state == "going"
    said = [getattr(one, "code", "booked") for one in goes(cafe)]
    assert said == ["own_membership", "own_membership", "booked"]
    kept = cafe.do(lambda tx, _: one_round(tx, begun.round_id))
    assert kept is not None
    assert (kept.state, kept.place, kept.booked) == ("done", 3, 1)
    assert kept.left_out == {"own_membership": 2}
    assert cafe.balances("zoe") == {"points": (300, 0, 0)}
    assert cafe.rows("select count(*) from goodwill where program_id = $1") == [(0,)]


def test_what_a_round_has_still_to_book_counts_for_the_next_one(cafe: Shop) -> None:
    cafe.joined("ada", "mia", "zoe")
    one = hires(cafe, "support")
    settles(cafe, ChangeSetting("goodwill_budget", 100, HOUSE, "support"))
    ids = tuple(member_id(cafe, name) for name in ("ada", "mia", "zoe"))

    def round_of(units: int, name: str) -> Any:
        return BeginRound("points", units, "slow", ids, asked=key(one, name))

    def begins(wish: BeginRound) -> Any:
        return lambda tx, terms: begin_rounds(tx, terms, [wish])

    both = cafe.together(begins(round_of(20, "a")), begins(round_of(20, "b")))
    assert sorted(outcome.state for (outcome,) in both) == ["going", "waiting"]
    batch = cafe.ask(begin_rounds, round_of(10, "c"), round_of(10, "d"))
    assert [outcome.state for outcome in batch] == ["going", "waiting"]
    while goes(cafe):
        pass
    assert cafe.rows("select given from goodwill where program_id = $1") == [(90,)]
    settles(cafe, ChangeSetting("goodwill_budget", 10_000, HOUSE, "support"))
    settles(cafe, ChangeSetting("adjust_limit", 70, HOUSE, "support"))
    batch = cafe.ask(begin_rounds, round_of(-20, "e"), round_of(-20, "f"))
    assert [outcome.state for outcome in batch] == ["going", "waiting"]


def test_what_was_booked_before_a_round_was_stopped_is_counted(cafe: Shop) -> None:
    cafe.joined("ada", "mia")
    one = hires(cafe, "manager")
    ids = tuple(member_id(cafe, name) for name in ("ada", "mia"))
    (begun,) = cafe.ask(begin_rounds, BeginRound("points", 5, "slow", ids, asked=key(one, "k")))
    stretch = cafe.do(lambda tx, _: following(tx, 1))
    assert stretch is not None
    outcomes = cafe.ask(adjust_balances, *adjustments(stretch))  # and here the worker is killed
    (stopped,) = cafe.ask(turn_rounds, StopRound(begun.round_id, By(one.staff_id)))
    assert stopped.state == "stopped"
    kept = cafe.do(lambda tx, _: one_round(tx, begun.round_id))
    assert kept is not None
    assert (kept.state, kept.booked) == ("stopped", 1)
    cafe.ask(step_rounds, stepped(stretch, outcomes))
    assert cafe.do(lambda tx, _: one_round(tx, begun.round_id)) == kept


def test_the_last_stretch_of_a_stopped_round_leaves_when_it_was_stopped(cafe: Shop) -> None:
    cafe.joined("ada")
    one = hires(cafe, "manager")
    wish = BeginRound("points", 5, "slow", (member_id(cafe, "ada"),), asked=key(one, "k"))
    (begun,) = cafe.ask(begin_rounds, wish)
    stretch = cafe.do(lambda tx, _: following(tx, 1))
    assert stretch is not None
    cafe.ask(turn_rounds, StopRound(begun.round_id, By(one.staff_id)))
    before = cafe.do(lambda tx, _: one_round(tx, begun.round_id))
    cafe.now += timedelta(hours=1)
    cafe.ask(step_rounds, stepped(stretch, [already_decided()]))
    after = cafe.do(lambda tx, _: one_round(tx, begun.round_id))
    assert before is not None
    assert after is not None
    assert (after.place, after.left_out) == (1, {"already_decided": 1})
    assert (after.state, after.ended_at) == ("stopped", before.ended_at)


def test_nobody_grants_their_own_round_and_one_books_only_what_it_says(cafe: Shop) -> None:
    cafe.joined("ada", "mia")
    boss, second = hires(cafe, "manager"), hires(cafe, "owner")
    ids = (member_id(cafe, "ada"),)
    wish = BeginRound("points", 6_000, "we were closed", ids, asked=key(boss, "many"))
    (begun,) = cafe.ask(begin_rounds, wish)
    (no,) = cafe.ask(turn_rounds, DecideRound(begun.round_id, True, By(boss.staff_id)))
    assert no.code == "own_request"
    part = Adjust(
        by(id=ids[0]), "points", 6_000, "we were closed", boss.principal,
        key(boss, "part"), round=begun.round_id,
    )  # fmt: skip
    (early,) = cafe.adjust(part)
    assert early.code == "already_decided"
    cafe.ask(turn_rounds, DecideRound(begun.round_id, True, By(second.staff_id)))
    for other in (
        replace(part, units=6_001),
        replace(part, member=by(id=member_id(cafe, "mia"))),
        replace(part, actor=second.principal, asked=key(second, "part")),
    ):
        assert cafe.adjust(other)[0].code == "invalid"
    (stopped,) = cafe.ask(turn_rounds, StopRound(begun.round_id, By(boss.staff_id)))
    assert stopped.state == "stopped"
    assert cafe.adjust(part)[0].code == "already_decided"
    assert cafe.balances("ada") == {}
    for wrong in (
        replace(wish, units=0), replace(wish, member_ids=()), replace(wish, reason=" "),
        replace(wish, wallet="gold"),
    ):  # fmt: skip
        (no,) = cafe.ask(begin_rounds, replace(wrong, asked=key(boss, "wrong")))
        assert no.code == "invalid"


def test_a_budget_in_money_counts_all_wallets_together(cafe: Shop) -> None:
    # A hundred points, or nine stamps, are a coffee of 3.50: nine stamps are worth as much.
    (ada,), one = cafe.joined("ada"), hires(cafe, "support")
    settles(cafe, ChangeSetting("goodwill_worth", 7, HOUSE, "support"))

    def gives(wallet: str, units: int, name: str) -> Any:
        wish = Adjust(ada, wallet, units, "slow", one.principal, key(one, name))
        return cafe.adjust(wish)[0]

    assert isinstance(gives("points", 100, "1"), Adjusted)
    assert isinstance(gives("stamps", 8, "2"), Adjusted)
    no = gives("points", 12, "3")
    assert (no.code, no.facts["left"]) == ("goodwill_worth_used", 0)
    assert isinstance(gives("points", 11, "4"), Adjusted)
    assert gives("stamps", 1, "5").code == "goodwill_worth_used"
    wish = BeginRound("points", 1, "slow", (member_id(cafe, "ada"),), asked=key(one, "r"))
    assert cafe.ask(begin_rounds, wish)[0].state == "waiting"
