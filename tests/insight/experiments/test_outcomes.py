"""What members of an experiment did, by prepared rows: whole days, net of returns, by arm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from tests.flows.points.sharing import merge
from tests.insight.metrics.behind.given_free import takes, uses
from tests.makers import Shop, brings_back, buys, by, line

from regulars.flows.commands import Redeem
from regulars.flows.terms.experiments.commands import BeginExperiment, PlanExperiment
from regulars.flows.terms.experiments.fill_arms import FIRST, fill_arms
from regulars.flows.terms.experiments.keep_experiments import keep_experiments
from regulars.insight.experiments import outcomes as reading
from regulars.insight.experiments.outcomes import Outcomes, Prices, outcomes
from regulars.records.access.staff.types import By
from regulars.records.prepared import write
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import Arm
from regulars.records.program.templates import load_template

WHO = By(words="owner")
PLAN = PlanExperiment("x", "X", "split", "spend", (Arm("a", 1), Arm("b", 1)), WHO)


@pytest.fixture(scope="module")
def street(database: Any) -> Iterator[Shop]:
    made = Shop.open(database, load_template("coffee-shop"))
    yield made
    made.close()


@pytest.fixture
def shop(street: Shop, request: pytest.FixtureRequest) -> Shop:
    street.begin(load_template("coffee-shop"), slug=f"shop-{len(request.node.name)}")
    return street


def begun(shop: Shop, *names: str) -> None:
    shop.joined(*names)
    shop.ask(keep_experiments, PLAN, BeginExperiment("x", WHO))
    one = shop.do(lambda tx, _: read.experiment(tx, "x"))
    shop.do(lambda tx, _: fill_arms(tx, one, FIRST, 100))


ALL = 1 << 62


def looked(shop: Shop) -> tuple[list[str], Outcomes]:
    """What there is by now, and whose rows they are."""
    ids = [
        UUID(row[0])
        for row in shop.rows("select member_id::text from member where program_id = $1")
    ]

    async def act(tx: Any, terms: Any) -> Outcomes:
        version = terms.at(tx.now)
        await write.fold_members(tx, version.zone.key, ids, write.Span(None, ALL))
        one = await read.experiment(tx, "x")
        assert one is not None
        wallet = next(iter(terms.wallet_names))
        return await outcomes(
            tx, one, version.zone, Prices({wallet: Fraction(3, 2)}, {"sms": Fraction(15, 2)})
        )

    names = [name for (name,) in shop.rows(_NAMES)]
    return names, shop.do(act)


_NAMES = """
select i.value from experiment_member m join identifier i using (program_id, member_id)
 where m.program_id = $1 and i.kind = 'external' order by m.member_id
"""


def test_whole_days_since_are_counted_and_as_many_before(shop: Shop) -> None:
    shop.joined("ann")
    shop.now -= timedelta(days=10)
    shop.record(buys(by(external="ann"), 500, receipt="before"))
    shop.now -= timedelta(days=40)
    shop.record(buys(by(external="ann"), 500, receipt="long before"))
    shop.now += timedelta(days=50)
    begun(shop, "bob")
    shop.record(buys(by(external="ann"), 900, receipt="same day"))
    shop.now += timedelta(days=1)
    shop.record(
        buys(by(external="ann"), line(600), line(400), receipt="one"),
        buys(by(external="ann"), 100, receipt="two"),
    )
    shop.now += timedelta(days=2)
    shop.record(brings_back("one", (1, 1), receipt="back"))
    shop.record(buys(by(external="bob"), 800, receipt="today"))
    names, found = looked(shop)
    at = names.index("ann")
    assert found.orders[at] == 1, "two sales of one day are one order"
    assert found.spend[at] == 700, "what came back on another day is no money"
    assert (found.orders_before[at], found.spend_before[at]) == (1, 500), "four weeks before"
    assert found.cost[at] > 0
    other = names.index("bob")
    assert (found.orders[other], found.spend[other]) == (0, 0), "today is not over"
    assert set(found.arm) <= {0, 1}


def test_portions_are_the_whole(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(shop, *(f"m{n}" for n in range(9)))
    shop.now += timedelta(days=1)
    for n in range(0, 9, 2):
        shop.record(buys(by(external=f"m{n}"), 100 * (n + 1), receipt=str(n)))
    shop.now += timedelta(days=1)
    _, whole = looked(shop)
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    names, parts = looked(shop)
    assert parts == whole
    spent = dict(zip(names, parts.spend, strict=True))
    assert spent == {f"m{n}": 100 * (n + 1) * (n % 2 == 0) for n in range(9)}


_SENT = """
insert into delivery (program_id, member_id, delivery_id, cause_id, kind, channel, address, state,
                      reason, attempts, try_at, best_before, recorded_at, settled_at)
select $1, i.member_id, gen_random_uuid(), gen_random_uuid(), 'notice', $3, sha256('x'), $4::text,
       case $4::text when 'parked' then 'gone' else '' end, 1, now(),
       now(), now(), $5 from identifier i
 where i.program_id = $1 and i.kind = 'external' and i.value = $2
"""


def test_cost_is_what_is_owed_more_what_was_handed_over_and_what_was_sent(shop: Shop) -> None:
    """Points are owed until they are spent, then the reward costs what it costs: 0.80 of 100
    points. A message that was not sent cost nothing, nor did one of the first day."""
    begun(shop, "ann", "bob")
    shop.rows(_SENT, "bob", "sms", "sent", shop.now)
    shop.now += timedelta(days=1)
    shop.record(buys(by(external="ann"), 20_000, receipt="much"),
                buys(by(external="bob"), 20_000, receipt="as much"))  # fmt: skip
    shop.redeem(Redeem(by(external="ann"), "free-coffee", capture=True))
    for channel, state in (("sms", "sent"), ("sms", "parked"), ("email", "sent")):
        shop.rows(_SENT, "bob", channel, state, shop.now)
    shop.now += timedelta(days=1)
    names, found = looked(shop)
    ann, bob = names.index("ann"), names.index("bob")
    assert (found.rewards[ann], found.messages[ann]) == (80, 0)
    assert (found.rewards[bob], found.messages[bob]) == (0, 7.5)
    assert found.cost[ann] - found.cost[bob] == pytest.approx(80 - 7.5 - 100 * 1.5)


def test_benefits_that_were_used_cost_what_they_cost(shop: Shop) -> None:
    """Not what was undone, nor of the first day; an appointment on the day it is for."""
    begun(shop, "ann", "bob")
    uses(shop, "ann", 100)
    shop.now += timedelta(days=1)
    uses(shop, "ann", 250)
    uses(shop, "ann", 900, state="undone")
    uses(shop, "bob", 40, on=shop.now + timedelta(days=9))
    shop.now += timedelta(days=1)
    names, found = looked(shop)
    ann, bob = names.index("ann"), names.index("bob")
    assert (found.benefits[ann], found.benefits[bob]) == (250, 0)
    assert (found.cost[ann], found.cost[bob]) == (250, 0)


def test_what_was_given_to_whoever_was_merged_is_of_whom_they_are_now(shop: Shop) -> None:
    begun(shop, "ann")
    shop.joined("ida")
    shop.now += timedelta(days=1)
    takes(shop, "ida", 250)
    uses(shop, "ida", 40)
    shop.rows(_SENT, "ida", "sms", "sent", shop.now)
    merge(shop, by(external="ida"), by(external="ann"))
    shop.now += timedelta(days=1)
    names, found = looked(shop)
    ann = names.index("ann")
    assert (found.rewards[ann], found.benefits[ann], found.messages[ann]) == (250, 40, 7.5)
