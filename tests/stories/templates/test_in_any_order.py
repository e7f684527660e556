"""What a template's story tells, told late and in any order, ends at the same points and tiers."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace
from tests.books import assert_books_right
from tests.flows.two_times.test_late import net
from tests.makers import Shop
from tests.model.programs import written
from tests.stories.acting import Stage
from tests.stories.reading import read_story, stories_of_templates

from regulars.flows.commands import RecordActivity, Recorded, Redeem
from regulars.flows.terms.publish_program import WarningsOpen
from regulars.records.activity.types import Body, ReturnedLine
from regulars.records.members.types import JoinMember
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template
from regulars.records.program.types import Program

ORDERS = {"pr": 2, "nightly": 10, "release": 30}[os.environ.get("REGULARS_TEST_SIZE", "pr")]
TOLD = ("buys", "gives back", "does", "has taken back")
PAID = re.compile(r" paying | free from ")
POINTS = re.compile(r"-?\d|nothing$|$")
STANDS = """
select i.value, s.tier, s.tier_since, s.tier_until from standing s
  join identifier i using (program_id, member_id)
 where program_id = $1 and i.kind = 'external' order by 1
"""


TAKES = re.compile(r"takes [a-z0-9-]+$")
LAPSED = ("cause", "clubs", "prime")
"""Stories that tell of more than a life of points: told after all of it, what has lapsed long ago
lives on for a while (`comes_late`), which it does not where it is told in time."""


class Telling(NamedTuple):
    """What a story tells: who joins when, and what they do when, in the order it happened; and what
    they take, or try to."""

    joins: list[tuple[str, str, JoinMember]]
    deeds: list[RecordActivity]
    takes: list[Redeem]


@pytest.fixture(scope="module")
def street(database: Any) -> Iterator[Shop]:
    """One database for all of these shops; `verify` walks through it at the end."""
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    asyncio.run(assert_books_right(database.owner_dsn))
    shop.close()


def telling(name: str, shop: Shop) -> Telling:
    """The purchases, returns and other activities of a story, and the rewards that are asked for.

    Left out is what is not decided again (semantics A13), so that its end hangs on when it is told:
    sales that points or a free piece paid a part of, what a story sees refused of what people do,
    corrections, gifts and benefits by hand, and the nights in between.
    """
    stage, found, day = Stage(shop), Telling([], [], []), ""
    left: dict[str, list[int]] = {}
    for row in read_story(name).rows:
        if row.when:
            begun, _, clock = row.when.rpartition(" ")
            day = begun or day
        if row.what.startswith("joins"):
            joins = stage.deed(row.who, row.what)[1]
            found.joins.append((f"{day} {clock}", row.who.lower(), joins))
        elif row.what.startswith(TOLD) and POINTS.match(row.answer) and not PAID.search(row.what):
            said: RecordActivity = stage.deed(row.who, row.what)[1]
            found.deeds.append(
                replace(
                    said,
                    occurred_at=said.occurred_at or shop.local(f"{day} {clock}"),
                    external_id=said.external_id or f"row-{row.line}",
                    body=pieces_of(said, left) if said.kind == "return" else said.body,
                )
            )
            if said.kind == "purchase":
                left[said.external_id] = [line.quantity for line in said.body.lines] or [1]
        elif TAKES.match(row.what):
            found.takes.append(stage.deed(row.who, row.what)[1])
    return found


def as_far(program: Program, name: str) -> str:
    """The template's own program, as far as the end may not hang on the order: it waits, lapses,
    rests, owes, rounds and carries as it says.

    Left out are limits and budgets: who comes first has of them what there is. With `LAPSED` points
    have no end. Whether the sum under limits holds all the same is asked further down.
    """
    rules = tuple(replace(rule, limits=()) for rule in program.rules)
    wallets = program.wallets
    if name in LAPSED:
        none: Any = dict.fromkeys(("expiry", "notice", "comes_back"))
        wallets = {id_: replace(wallet, **none) for id_, wallet in wallets.items()}
    return written(replace(program, rules=rules, budgets=(), wallets=wallets, cases=()))


def pieces_of(said: RecordActivity, left: dict[str, list[int]]) -> Body:
    """Which pieces came back: `all that is left` hangs on what came back before, so it is spelt."""
    assert said.sale is not None, said
    rest = left.get(said.sale.external_id)
    if rest is None:  # a return before its sale
        return said.body
    all_left = tuple(ReturnedLine(place, n) for place, n in enumerate(rest) if n)
    returned = said.body.returned or all_left
    for piece in returned:
        rest[piece.line] -= piece.quantity
    return replace(said.body, returned=returned)


def ends(shop: Shop, name: str, slug: str, order: Random | None, *, bound: bool = False) -> Any:
    """Net points of each deed, balances and tiers, after all of it was told in this order; then
    what became of each wish for a reward, and what is left.

    Without an order each is told when it happens; with one, all of it an hour after the last.
    """
    slug = slug[:40].rstrip("-")
    program = replace(read_program(load_template(read_story(name).template)), program=slug)
    source = written(program) if bound else as_far(program, name)
    try:
        shop.begin(source, slug=slug)
    except WarningsOpen as asked:  # without its limits it promises more than is careful
        shop.begin(source, slug=slug, accept=tuple(asked.facts["warnings"]))
    told = telling(name, shop)
    assert told.deeds, "nothing happens"
    for when, _, command in told.joins:
        shop.at(when)
        shop.join(command)
    last = max(one.occurred_at for one in told.deeds if one.occurred_at) + timedelta(hours=1)
    deeds = told.deeds if order is None else order.sample(told.deeds, len(told.deeds))
    for command in deeds:
        shop.now = last if order or command.occurred_at is None else command.occurred_at
        (outcome,) = shop.record(command)
        assert isinstance(outcome, Recorded), (command, outcome)
    shop.now = last
    shop.night()
    everybody = [who for _, who, _ in told.joins]
    balances = {who: shop.balances(who) for who in everybody}
    found = net(shop), balances, shop.rows(STANDS)
    wishes = [getattr(one, "code", "taken") for wish in told.takes for one in shop.redeem(wish)]
    return *found, wishes, {who: shop.balances(who) for who in everybody}


def who_comes_first_counts(name: str) -> bool:
    """Whether what a deed gives may hang on what was told before it: limits, budgets, and points
    that lapsed before they were told."""
    program = read_program(load_template(read_story(name).template))
    return bool(program.budgets or any(r.limits for r in program.rules) or name in LAPSED)


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("name", stories_of_templates())
def test_a_template_story_ends_the_same_in_any_order(street: Shop, name: str) -> None:
    """By the template's own program, whole: balances, tiers, what is taken then and what is left.
    What each deed gave is the same where no limit says otherwise; there it is by the same program
    without them."""
    first = int(who_comes_first_counts(name))
    orders = range(ORDERS // (1 + first))
    wanted = ends(street, name, f"own-{name}", None, bound=True)
    for seed in orders:
        found = ends(street, name, f"own-{seed}-{name}", Random(seed), bound=True)
        assert found[first:] == wanted[first:], seed
    if first:
        wanted = ends(street, name, f"any-{name}", None)
        for seed in orders:
            assert ends(street, name, f"any-{seed}-{name}", Random(seed)) == wanted, seed


def test_a_limit_that_binds_hangs_on_the_order_and_that_is_seen(street: Shop) -> None:
    wanted = ends(street, "outdoor-pass", "bound-outdoor", None, bound=True)
    late = ends(street, "outdoor-pass", "bound-outdoor-late", Random(1), bound=True)
    assert late[0] != wanted[0]
    assert sum(late[1]["ada"]["points"]) == sum(wanted[1]["ada"]["points"])


def test_what_a_story_tells_is_all_of_it(street: Shop) -> None:
    street.begin(load_template("airline"), slug="told-airline")
    told = telling("airline", street)
    assert [who for _, who, _ in told.joins] == ["ada", "ben", "zoe", "cem"]
    kinds = [one.kind for one in told.deeds]
    assert (kinds.count("flight"), kinds.count("return"), kinds.count("purchase")) == (21, 3, 1)
    assert [one.reward for one in told.takes] == ["cabin", "one-way", "one-way"]
    assert all(one.body == Body() or not one.body.payments for one in told.deeds)
