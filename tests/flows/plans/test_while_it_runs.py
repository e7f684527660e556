"""Rules that ask whether a paid plan runs: at the moment of the sale, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.flows.plans.houses import start, turn
from tests.flows.points.sharing import merge, unmerge
from tests.makers import Shop, brings_back, buys
from tests.planted.replay.checks import differences, history

from regulars.engine.changing.comparing import Whom
from regulars.engine.changing.differences import differences as compared
from regulars.engine.checking.admission import admit
from regulars.engine.checking.cases import Trial
from regulars.engine.compiling.asked import known_to_run
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.tally import Tally
from regulars.records.activity.types import Line
from regulars.records.members.types import MemberRef
from regulars.records.program.problems import ProgramFault
from regulars.runtime.checking.histories import ALWAYS

Open = Callable[[str], Shop]
PLUS = """
regulars: 1
program: plus
name: Plus
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - id: double
    on: purchase
    wallet: points
    award: {give: multiply, by: 2}
    when: {if: plan, runs: plus}
plans:
  - {id: plus, name: Plus, fee: "10.00", term: month, grace: 7 days, pause: 1 month, trial: 9 days}
"""
FROZEN = PLUS.replace("grace: 7 days", "grace: 7 days, meanwhile: frozen")


def earned(shop: Shop, command: Any) -> int:
    (outcome,) = shop.record(command)
    return int(outcome.earned.get("points", 0))


def test_it_counts_while_the_plan_runs_and_for_what_is_told_late_as_it_stood_then(
    open_shop: Open,
) -> None:
    shop = open_shop(PLUS)
    shop.at("2026-03-01T12:00")
    (ada,) = shop.joined("ada")
    assert earned(shop, buys(ada, 1_000)) == 10
    start(shop, ada)
    shop.at("2026-03-02T12:00")
    assert earned(shop, buys(ada, 1_000)) == 20
    late = shop.local("2026-02-27T12:00")
    assert earned(shop, buys(ada, 1_000, occurred_at=late)) == 10
    shop.at("2026-05-02T12:00")
    assert earned(shop, buys(ada, 1_000)) == 10
    late = shop.local("2026-03-15T12:00")
    assert earned(shop, buys(ada, 1_000, occurred_at=late)) == 20


def test_what_comes_back_after_the_plan_ended_takes_what_it_gave(open_shop: Open) -> None:
    shop = open_shop(PLUS)
    shop.at("2026-03-01T12:00")
    (ada,) = shop.joined("ada")
    start(shop, ada)
    lines = [Line(500, sku) for sku in ("cup", "mug")]
    assert earned(shop, buys(ada, *lines, receipt="R1")) == 20
    shop.at("2026-05-02T12:00")
    assert earned(shop, brings_back("R1", (0, 1))) == -10, "what stays is still doubled"
    assert earned(shop, brings_back("R1")) == -10
    assert differences(shop) == []


def doubled(shop: Shop, who: MemberRef, day: str) -> bool:
    """Whether what is bought then, and told now, counts twice."""
    return earned(shop, buys(who, 1_000, occurred_at=shop.local(f"{day}T12:00"))) == 20


@pytest.mark.parametrize(("source", "meanwhile"), [(PLUS, True), (FROZEN, False)])
def test_while_a_payment_is_late_it_runs_as_its_plan_says(
    open_shop: Open, source: str, *, meanwhile: bool
) -> None:
    shop = open_shop(source)
    shop.at("2026-03-01T10:00")
    (ada,) = shop.joined("ada")
    begun = start(shop, ada)
    shop.at("2026-04-03T10:00")
    turn(shop, begun, "failed")
    assert doubled(shop, ada, "2026-03-31")
    assert doubled(shop, ada, "2026-04-02") is meanwhile, "whether or not a night fell in between"
    shop.night()
    assert doubled(shop, ada, "2026-04-02") is meanwhile
    turn(shop, begun, "paid")
    shop.at("2026-04-05T10:00")
    assert doubled(shop, ada, "2026-04-04")
    assert doubled(shop, ada, "2026-04-02") is meanwhile, "as it was then; paid for later or not"
    assert differences(shop) == []


def test_trials_count_and_pauses_and_what_was_given_back_do_not(open_shop: Open) -> None:
    shop = open_shop(PLUS)
    shop.at("2026-03-01T10:00")
    ada, ben = shop.joined("ada", "ben")
    tries, pays = start(shop, ada, trial=True), start(shop, ben)
    shop.at("2026-03-05T10:00")
    turn(shop, pays, "paused")
    shop.at("2026-03-09T10:00")
    turn(shop, pays, "resumed")
    turn(shop, tries, "cancelled", at="now")
    shop.at("2026-03-12T10:00")
    turn(shop, pays, "refunded")
    shop.at("2026-03-20T10:00")
    assert [doubled(shop, ada, f"2026-03-{day}") for day in ("04", "10")] == [True, False]
    days = {day: doubled(shop, ben, f"2026-03-{day}") for day in ("04", "07", "10", "14")}
    assert days == {"04": True, "07": False, "10": True, "14": False}
    assert differences(shop) == []


def test_whoever_is_merged_brings_their_plan_along_until_they_part(open_shop: Open) -> None:
    shop = open_shop(PLUS)
    shop.at("2026-03-01T10:00")
    ada, ben = shop.joined("ada", "ben")
    start(shop, ada)
    shop.at("2026-03-02T10:00")
    assert earned(shop, buys(ben, 1_000)) == 10
    merged = merge(shop, ada, ben)
    shop.at("2026-03-03T10:00")
    assert earned(shop, buys(ben, 1_000)) == 20
    assert differences(shop) == []
    shop.at("2026-03-03T11:00")
    unmerge(shop, merged.member_id)
    shop.at("2026-03-04T10:00")
    assert (earned(shop, buys(ben, 1_000)), earned(shop, buys(ada, 1_000))) == (10, 20)
    assert differences(shop) == []


def test_a_draft_that_asks_for_a_plan_is_tried_on_the_memberships_there_were(
    open_shop: Open,
) -> None:
    """The version in force asks for none, so that nothing of it was frozen with its decisions."""
    shop = open_shop(PLUS.replace("runs: plus", "runs: other").replace("id: plus", "id: other", 1)
                     + '  - {id: plus, name: Plus, fee: "10.00", term: month}\n')  # fmt: skip
    shop.at("2026-03-01T10:00")
    (ada,) = shop.joined("ada")
    start(shop, ada)
    for at in ("2026-03-02T12:00", "2026-05-02T12:00"):
        shop.at(at)
        assert earned(shop, buys(ada, 1_000)) == 10
    draft = compile_program(admit(PLUS.replace("grace: 7 days", "grace: 9 days")).program)
    fold = Fold(alone(draft, ALWAYS), Tally(0, 10**7)).run(history(shop), shop.now)
    assert [one.units for one in fold.tally.came] == [{"points": 20}, {"points": 10}]


def test_why_it_did_not_count_names_the_plan_in_words() -> None:
    trial = Trial(compile_program(admit(PLUS).program))
    sale = {"kind": "purchase", "at": "2026-03-02T10:00", "amount": "10.00"}
    without, runs = trial.run(sale), trial.run(sale, None, known_to_run(["plus"]))
    assert (without.units, runs.units) == ({"points": 10}, {"points": 20})
    (why,) = [one for one in without.trail if "double" in one]
    assert "that Plus runs" in why
    assert "it does not run" in why


def test_examples_say_which_plans_run_and_of_none_that_is_not_there() -> None:
    given = 'given: {kind: purchase, at: 2026-03-02T10:00, amount: "10.00"}'
    case = f"cases:\n  - {{says: While it runs, plans: [plus], {given}, earns: {{points: 20}}}}\n"
    admit(PLUS + case)
    for slip, says in (("points: 19", "the rules give 20"), ("[puls]", "there is no plan")):
        ill = PLUS + case.replace("points: 20" if "19" in slip else "[plus]", slip)
        with pytest.raises(ProgramFault) as no:
            admit(ill)
        assert says in str(no.value)


def test_what_can_never_hold_is_found() -> None:
    never = "{if: all, of: [{if: plan, runs: plus}, {if: not, that: {if: plan, runs: plus}}]}"
    with pytest.raises(ProgramFault) as no:
        admit(PLUS.replace("{if: plan, runs: plus}", never))
    assert "can never hold" in str(no.value)


def test_a_plan_that_is_not_there_is_refused() -> None:
    with pytest.raises(ProgramFault) as no:
        admit(PLUS.replace("runs: plus", "runs: puls"))
    assert "plan" in str(no.value)


def test_whom_a_change_of_such_a_rule_touches_is_said() -> None:
    """Members of the plan; where the rule becomes one for everybody, everybody who collects."""
    was = admit(PLUS).program
    more = admit(PLUS.replace("by: 2", "by: 3")).program
    everybody = admit(PLUS.replace("    when: {if: plan, runs: plus}\n", "")).program
    for other, goes, whom in (
        (more, "better", Whom("on_plan", "plus")),
        (everybody, "better", Whom("who_collects", "points")),
    ):
        (one,) = compared(was, other)
        assert (one.turn, one.whom) == (goes, whom)
