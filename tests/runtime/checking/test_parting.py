"""A history in parts: everybody is in one, and put together they are the whole."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.parting import decide, parted, together, why_whole
from regulars.engine.replaying.tally import Tally
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import Activity, Body
from regulars.records.program.reading import read_program
from regulars.runtime.checking.histories import ALWAYS

SOURCE = """
regulars: 1
program: parts
name: Parts
currency: EUR
zone: UTC
wallets: {points: {expiry: {after: 20 days, round_up_to: none}}}
tiers: {measure: spend, steps: [{id: basic, at: 0}, {id: gold, at: "90.00"}]}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
"""
WINDOW = (0, 10**7)


def test_everybody_is_in_one_part_and_none_is_much_longer() -> None:
    ids = [UUID(int=n) for n in range(1, 41)]
    rows = [
        Happening(what="join", member_id=who, now=ALWAYS, at=ALWAYS) for who in ids for _ in "ab"
    ]
    rows.append(replace(rows[0], what="hand", other_id=ids[9], cause_id=UUID(int=99)))
    rows.append(replace(rows[20], what="hold", cause_id=UUID(int=99)))
    parts = parted(rows, 4)
    assert sorted(place for part in parts for place, _ in part) == list(range(82))
    assert [len(part) for part in parts] == [22, 20, 20, 20]
    owners = [{row.member_id for _, row in part} for part in parts]
    assert sum(map(len, owners)) == 40
    (tied,) = [who for who in owners if ids[0] in who]
    assert {ids[9], ids[10]} <= tied


def bought(n: int) -> Happening:
    """Every so often somebody buys something, at two stores."""
    at, who = ALWAYS + timedelta(days=n, hours=n % 5), UUID(int=1 + n * 7 % 5)
    deed = Activity(
        UUID(int=1_000 + n), who, "purchase", "till", "", None, at, ("mitte", "west")[n % 2], "",
        100 * (n % 9), Body(), "",
    )  # fmt: skip
    return Happening(what="activity", member_id=who, now=at, at=at, activity=deed)


def test_parts_put_together_are_the_whole_in_its_order() -> None:
    terms = alone(compile_program(read_program(SOURCE)), ALWAYS)
    rows, ends = [bought(n) for n in range(60)], ALWAYS + timedelta(days=90)
    whole = Fold(terms, Tally(*WINDOW)).run(rows, ends)
    parts = [decide(Fold(terms, Tally(*WINDOW)), part, ends) for part in parted(rows, 3)]
    assert len(parts) == 3
    found = together(terms, WINDOW, parts)
    for name in ("months", "members", "sales", "stores", "rules", "came"):
        assert getattr(found.tally, name) == getattr(whole.tally, name), name
    assert whole.tally.stores["mitte"].activities == 30
    assert {one: state.tier for one, state in found.states.items()} == {
        one: state.tier for one, state in whole.states.items()
    }
    assert {state.tier for state in whole.states.values()} <= {"basic", "gold"}


def test_a_budget_of_everybody_is_not_parted() -> None:
    budget = "budgets: [{id: all, wallet: points, per: month, points: 100}]\n"
    assert why_whole(compile_program(read_program(SOURCE))) == ""
    said = why_whole(compile_program(read_program(SOURCE + budget)))
    assert said == "all members draw on one budget"
    shared = SOURCE.replace(
        'per: "1.00"}}', 'per: "1.00"}, limits: [{per: day, points: 9, of: everyone}]}'
    )
    assert why_whole(compile_program(read_program(shared))) == said
