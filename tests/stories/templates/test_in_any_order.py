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
from tests.model.programs import unbound, written
from tests.stories.acting import Stage
from tests.stories.reading import read_story, stories_of_templates

from regulars.flows.commands import RecordActivity, Recorded
from regulars.records.activity.types import Body, ReturnedLine
from regulars.records.members.types import JoinMember
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template

ORDERS = {"pr": 2, "nightly": 10, "release": 30}[os.environ.get("REGULARS_TEST_SIZE", "pr")]
TOLD = ("buys", "gives back", "does")
PAID = re.compile(r" paying | free from ")
POINTS = re.compile(r"-?\d|nothing$|$")
STANDS = """
select i.value, s.tier, s.tier_since, s.tier_until from standing s
  join identifier i using (program_id, member_id)
 where program_id = $1 and i.kind = 'external' order by 1
"""


class Telling(NamedTuple):
    """What a story tells: who joins when, and what they do when, in the order it happened."""

    joins: list[tuple[str, str, JoinMember]]
    deeds: list[RecordActivity]


@pytest.fixture(scope="module")
def street(database: Any) -> Iterator[Shop]:
    """One database for all of these shops; `verify` walks through it at the end."""
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    asyncio.run(assert_books_right(database.owner_dsn))
    shop.close()


def telling(name: str, shop: Shop) -> Telling:
    """The purchases, returns and other activities of a story.

    What was paid with points, redemptions, corrections and the night stay out of it, and so does
    what the story sees refused: none of that is decided again (semantics A13).
    """
    stage, found, day = Stage(shop), Telling([], []), ""
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
    return found


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
    """Net points of each deed, balances and tiers, after all of it was told in this order.

    Without an order each is told when it happens; with one, all of it an hour after the last.
    """
    slug = slug[:40].rstrip("-")
    program = replace(read_program(load_template(read_story(name).template)), program=slug)
    source = written(program) if bound else unbound(program)
    shop.begin(source, slug=slug)
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
    balances = {who: shop.balances(who) for _, who, _ in told.joins}
    return net(shop), balances, shop.rows(STANDS)


@pytest.mark.parametrize("name", stories_of_templates())
def test_a_template_story_ends_the_same_in_any_order(street: Shop, name: str) -> None:
    wanted = ends(street, name, f"any-{name}", None)
    for seed in range(ORDERS):
        assert ends(street, name, f"any-{name}-{seed}", Random(seed)) == wanted, seed


def test_a_limit_that_binds_hangs_on_the_order_and_that_is_seen(street: Shop) -> None:
    wanted = ends(street, "outdoor-pass", "bound-outdoor", None, bound=True)
    late = ends(street, "outdoor-pass", "bound-outdoor-late", Random(1), bound=True)
    assert late[0] != wanted[0]
    assert sum(late[1]["ada"]["points"]) == sum(wanted[1]["ada"]["points"])


def test_what_a_story_tells_is_all_of_it(street: Shop) -> None:
    street.begin(load_template("airline"), slug="told-airline")
    told = telling("airline", street)
    assert [who for _, who, _ in told.joins] == ["ada", "ben", "cem"]
    kinds = [one.kind for one in told.deeds]
    assert (kinds.count("flight"), kinds.count("return"), kinds.count("purchase")) == (18, 2, 1)
    assert all(one.body == Body() or not one.body.payments for one in told.deeds)
