"""Experiments: planned, begun, filled by chance, asked for by rules, ended; each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.makers import Shop, buys, by

from regulars.base.faults import Forbidden, Invalid, NotFound, Refused
from regulars.flows.commands import Redeem
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.terms.experiments import keep_experiments as flow
from regulars.flows.terms.experiments.commands import (
    BeginExperiment,
    DropExperiment,
    EndExperiment,
    PlanExperiment,
)
from regulars.flows.terms.experiments.fill_arms import FIRST, empty_arms, end_when_due, fill_arms
from regulars.flows.terms.experiments.keep_experiments import keep_experiments
from regulars.records.access.staff.types import By
from regulars.records.members import profile
from regulars.records.members.types import EraseMember
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import PREFIX, Arm, Experiment
from regulars.records.program.changes.offers.types import PREFIX as OF_OFFERS
from regulars.records.program.templates import load_template
from regulars.records.standing.values.types import PREFIX as OF_VALUES

WHO = By(words="owner")
PLAN = PlanExperiment(
    "double", "Twice the points", "split", "orders", (Arm("as-ever", 1), Arm("twice", 1)), WHO
)
ASKS = """
  - id: twice-for-some
    says: Twice the points
    on: purchase
    wallet: points
    when: {if: member, attribute: experiment-double, in: [twice]}
    award: {give: multiply, by: "2"}
"""


def do(shop: Shop, *commands: Any) -> list[Any]:
    return shop.ask(keep_experiments, *commands)


def filled(shop: Shop, code: str = "double") -> int:
    """Everybody is put into an arm; how many were."""
    members, after = 0, FIRST
    while True:
        one = shop.do(lambda tx, _: read.experiment(tx, code))
        step = shop.do(lambda tx, _, one=one, after=after: fill_arms(tx, one, after, 7))
        members, after = members + step.members, step.after
        if step.over:
            return members


_ARMS = """
select member_id::text, arm from experiment_member where program_id = $1 order by member_id
"""


def arms(shop: Shop) -> list[tuple[str, int]]:
    return shop.rows(_ARMS)  # type: ignore[return-value]


def test_the_name_of_what_we_say_is_ours() -> None:
    assert profile.OURS == (PREFIX, OF_OFFERS, OF_VALUES)
    with pytest.raises(Invalid) as no:
        profile.attributes({"experiment-double": "twice"})
    assert no.value.field == "/attributes"


def test_everybody_is_in_one_arm_for_ever(cafe: Shop) -> None:
    cafe.joined(*(f"m{n}" for n in range(20)))
    planned, begun = do(cafe, PLAN, BeginExperiment("double", WHO))
    assert (planned.state, begun.state) == ("draft", "running")
    assert filled(cafe) == 20
    before = arms(cafe)
    cafe.joined("late")
    assert filled(cafe) == 1
    assert filled(cafe) == 0, "who is in an arm stays there"
    assert [one for one in arms(cafe) if one in before] == before
    assert {arm for _, arm in before} == {0, 1}


def test_rules_ask_for_the_arm_and_find_nobody_when_it_is_over(open_shop: Any) -> None:
    source = load_template("coffee-shop").replace("\nrules:\n", f"\nrules:\n{ASKS}", 1)
    shop = open_shop(source)
    shop.joined(*(f"m{n}" for n in range(12)))
    do(shop, PLAN, BeginExperiment("double", WHO))
    filled(shop)
    got = {f"m{n}": earned(shop, f"m{n}", "1") for n in range(12)}
    twice = {name for (name,) in shop.rows(_IN_ARM)}
    assert 0 < len(twice) < 12
    once = min(got.values())
    assert {name for name, points in got.items() if points == 2 * once} == twice
    assert {name for name, points in got.items() if points == once} == got.keys() - twice
    (over,) = do(shop, EndExperiment("double", "Enough seen", WHO))
    assert over.state == "ended"
    shop.do(lambda tx, _: emptied(tx, over))
    assert {earned(shop, f"m{n}", "2") for n in range(12)} == {once}
    assert len(arms(shop)) == 12, "who was in which stays"


_IN_ARM = """
select i.value as name from experiment_member m join identifier i using (program_id, member_id)
 where m.program_id = $1 and m.arm = 1 and i.kind = 'external'
"""


async def emptied(tx: Any, one: Experiment) -> None:
    after, over = FIRST, False
    while not over:
        left = await empty_arms(tx, one, after, 5)
        after, over = left.after, left.over


def earned(shop: Shop, external: str, receipt: str) -> int:
    (outcome,) = shop.record(buys(by(external=external), 1000, receipt=f"{external}-{receipt}"))
    return int(outcome.earned["points"])


def test_what_is_compared_stays_as_it_began(cafe: Shop) -> None:
    do(cafe, PLAN, BeginExperiment("double", WHO))
    other = replace(PLAN, arms=(Arm("as-ever", 1), Arm("thrice", 1)))
    renamed = replace(PLAN, title="Twice on Tuesdays", wanted=400)
    no, yes, dropped = do(cafe, other, renamed, DropExperiment("double", WHO))
    assert isinstance(no, Refused), no
    assert no.code == "experiment_begun"
    assert (yes.title, yes.wanted, yes.arms) == ("Twice on Tuesdays", 400, PLAN.arms)
    assert isinstance(dropped, Refused)
    over, again, late = do(
        cafe, EndExperiment("double", "Enough", WHO), EndExperiment("double", "Twice", WHO), renamed
    )
    assert (over.why, again.why) == ("Enough", "Enough")
    assert late.code == "experiment_ended"


def test_nobody_is_held_out_of_few_members(cafe: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = replace(
        PLAN, code="never", kind="everybody", arms=(Arm("held-out", 5), Arm("in", 95))
    )
    cafe.joined(*(f"m{n}" for n in range(9)))
    _, no = do(cafe, everybody, BeginExperiment("never", WHO))
    assert (no.code, no.facts) == ("too_few_members", {"members": 9, "at_least": 500})
    monkeypatch.setattr(flow, "FEWEST", 9)
    (yes,) = do(cafe, BeginExperiment("never", WHO))
    assert yes.state == "running"
    second = replace(everybody, code="again")
    _, no = do(cafe, second, BeginExperiment("again", WHO))
    assert (no.code, no.facts) == ("held_out_already", {"experiment": "never"})


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"code": "Double"}, "/code"),
        ({"code": "d" * 29}, "/code"),
        ({"title": " "}, "/title"),
        ({"arms": (Arm("as-ever", 1),)}, "/arms"),
        ({"arms": (Arm("a", 1), Arm("a", 1))}, "/arms"),
        ({"arms": (Arm("a", 1), Arm("B", 1))}, "/arms/1/name"),
        ({"arms": (Arm("a", 0), Arm("b", 1))}, "/arms/0/parts"),
        ({"kind": "hold_out"}, "/arms"),
        ({"wanted": -1}, "/wanted"),
    ],
)
def test_a_wrong_plan_names_its_field(cafe: Shop, said: dict[str, Any], field: str) -> None:
    (no,) = do(cafe, replace(PLAN, **said))
    assert isinstance(no, Invalid), no
    assert no.field == field
    assert cafe.rows("select count(*) from experiment where program_id = $1")[0][0] == 0


def test_the_planned_end_comes_by_itself(cafe: Shop) -> None:
    ends = cafe.now + timedelta(days=7)
    (one, _) = do(cafe, replace(PLAN, ends_at=ends), BeginExperiment("double", WHO))
    assert cafe.do(lambda tx, _: end_when_due(tx, one)) is False
    cafe.now = ends + timedelta(hours=3)
    assert cafe.do(lambda tx, _: end_when_due(tx, one)) is True
    (kept,) = cafe.do(lambda tx, _: read.experiments(tx))
    assert (kept.state, kept.ended_at, kept.ended_by) == ("ended", ends, "clock")
    cafe.joined("late")
    assert filled(cafe) == 0, "what is over takes nobody"


def test_unknown_is_said_and_roles_are_kept(cafe: Shop) -> None:
    nobody = By(staff_id=UUID(int=7))
    unknown, forbidden = do(cafe, BeginExperiment("none", WHO), replace(PLAN, by=nobody))
    assert isinstance(unknown, NotFound)
    assert isinstance(forbidden, Forbidden)


def test_erased_members_leave_no_word_of_their_arm(cafe: Shop) -> None:
    cafe.joined("gone")
    do(cafe, PLAN, BeginExperiment("double", WHO))
    filled(cafe)
    assert cafe.rows("select count(derived) from member where program_id = $1")[0][0] == 1
    ((who,),) = cafe.rows("select member_id from member where program_id = $1")
    cafe.ask(erase_members, EraseMember(who))
    assert cafe.rows("select count(derived) from member where program_id = $1")[0][0] == 0


REWARDS = """
  - {id: cake-dear, name: A cake, price: {points: 60}, for: {experiment-double: [as-ever]}}
  - {id: cake-cheap, name: A cake, price: {points: 40}, for: {experiment-double: [twice]}}
"""


def test_a_reward_has_another_price_for_one_arm_and_none_for_the_other(open_shop: Any) -> None:
    """What one arm has is refused to the other, and to whoever is in none; nobody loses by it."""
    source = load_template("coffee-shop").replace("\nrewards:\n", f"\nrewards:{REWARDS}", 1)
    shop = open_shop(source)
    shop.joined(*(f"m{n}" for n in range(12)))
    do(shop, PLAN, BeginExperiment("double", WHO))
    filled(shop)
    shop.joined("later")
    twice = {name for (name,) in shop.rows(_IN_ARM)}
    for n, name in enumerate([*(f"m{n}" for n in range(12)), "later"]):
        shop.record(buys(by(external=name), 10_000, receipt=f"much-{n}"))
        before = shop.balances(name)["points"][0]
        wishes = [Redeem(by(external=name), one, capture=True) for one in
                  ("cake-cheap", "cake-dear")]  # fmt: skip
        went = [not isinstance(one, Refused) for one in shop.redeem(*wishes)]
        mine = [name in twice, name not in twice and name != "later"]
        assert went == mine, name
        paid = before - shop.balances(name)["points"][0]
        assert paid == (40 if name in twice else 60 if any(mine) else 0)
