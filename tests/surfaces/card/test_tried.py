"""What chance gives to one part of an experiment only is promised to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.counter import Counter

from regulars.engine.terms import Terms
from regulars.records.program.changes.experiments import read
from regulars.records.program.templates import load_template
from regulars.records.program.types import All, AnyOf, MemberIs, Not, Rule, TierIs
from regulars.runtime.examples.shop.tried import CODE, TWICE, Trial, with_rule
from regulars.surfaces.in_words.promised import promised

SAYS = "1 more point for each 1.00 of cake and bread"
IN = MemberIs("experiment-cake", ("twice",))


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    source = with_rule(load_template("coffee-shop")).replace("program: coffee-shop", "program: ck")
    opened = Counter.open(database, source=source)
    yield opened
    opened.close()


def test_who_gets_more_for_cake_reads_so_on_the_card_and_nobody_else(counter: Counter) -> None:
    cards = [str(5000 + number) for number in range(24)]
    ids = [counter.joined(card) for card in cards]

    async def begin(tx: Any, terms: Terms) -> dict[str, str]:
        await Trial("seed").go(tx, terms, {})
        found = {}
        for one in ids:
            (mine,) = await read.arms_of(tx, UUID(one.removeprefix("mem_")))
            assert mine["code"] == CODE
            found[one] = mine["arm"]
        return found

    arms = counter.shop.do(begin)
    assert set(arms.values()) == {"as-ever", TWICE}
    for arm in ("as-ever", TWICE):
        who = next(one for one in ids if arms[one] == arm)
        assert (SAYS in Pocket(counter, who).get("/card/earn").text) == (arm == TWICE)
    assert SAYS not in counter.get("/", key="").text


@pytest.mark.parametrize(
    ("when", "none", "twice"),
    [
        (None, True, True), (IN, False, True), (Not(IN), True, False),
        (TierIs("gold"), True, True), (Not(TierIs("gold")), True, True),
        (All((IN, TierIs("gold"))), False, True), (AnyOf((IN, TierIs("gold"))), True, True),
        (MemberIs("plan", ("plus",)), True, True),
    ],
)  # fmt: skip
def test_a_condition_of_an_experiment_is_asked_and_no_other(
    when: Any, none: bool, twice: bool
) -> None:
    template: Any = {"id": "r", "says": "s", "on": "purchase", "wallet": "p"}
    rule = Rule(award=None, when=when, **template)  # type: ignore[arg-type]
    arms = {"experiment-cake": "twice"}
    assert [bool(list(promised([rule], each))) for each in (None, arms)] == [none, twice]
