"""The story of a template tells all that its program promises: nothing in it is only written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from tests.makers import Shop
from tests.stories.playing import play
from tests.stories.reading import Story, read_story, stories

from regulars.base.decimals import units
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template
from regulars.records.program.types import Program
from regulars.records.trail.types import unpack

TRAILS = "select packed from trail where program_id = $1"
MOVES = "select distinct to_tier from tier_move where program_id = $1"
TAKEN = "select distinct reward from redemption where program_id = $1 and state = 'captured'"
USED = "select distinct benefit from benefit_use where program_id = $1"
TOLD = "select distinct type from outbox where program_id = $1"
CLIMBED = """
select distinct payload ->> 'ladder', payload ->> 'to' from outbox
 where program_id = $1 and type = 'ladder.changed'
"""
REACHED = """
select distinct payload ->> 'milestone' from outbox
 where program_id = $1 and type = 'milestone.reached'
"""
DRAWN = """
select c.name, max(d.used) from (
    select budget as counter, used from budget where program_id = $1
    union all select counter, value from counter where program_id = $1) d
  join program_code c on c.program_id = $1 and c.kind = 'counter' and c.code = d.counter
 where c.name like '%budget:%' group by 1
"""
PARTS = {
    "referral": ("referral.rewarded", "referral.rejected", "referral.retracted"),
    "plans": ("membership.paid", "membership.ended", "membership.refunded"),
    "paying_out": ("payout.returned",),
    "challenges": ("prize.given",),
    "draws": ("draw.won",),
    "household": ("household.changed",),
}
"""What a story has seen, of each part of a program that lives by more than activities."""
PROVEN = r" showing the card of | by the code$"
REFUSED = re.compile(r"[a-z]+(_[a-z]+)+|invalid")


@pytest.fixture(scope="module")
def street(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


def untold(program: Program, story: Story, street: Shop) -> list[str]:
    """What a program has and its story, which was just played in this shop, does not tell."""
    gave = [unpack(row[0]).given for row in street.rows(TRAILS)]
    said = [one.what for one in story.rows]
    left = [
        f"rule {rule.id}"
        for place, rule in enumerate(program.rules)
        if not any(given[place] for given in gave)
    ]
    stood = {row[0] for row in street.rows(MOVES)}
    steps = program.tiers.steps if program.tiers else ()
    left += [f"tier {one.id}" for one in steps if one.id not in stood]
    # Of several to choose from one is used, and another asked for in vain.
    used = {row[0] for row in street.rows(USED)}
    used |= {one.what.split()[1] for one in story.rows if one.answer == "chosen_otherwise"}
    left += [f"benefit {one.id}" for one in program.benefits if one.id not in used]
    seen = {row[0] for row in street.rows(TOLD)}
    left += [
        f"{part}: {kind}"
        for part, kinds in PARTS.items()
        if getattr(program, part)
        for kind in kinds
        if kind not in seen
    ]
    by_hand = [one.id for one in steps if one.by == "invitation"]
    if by_hand and not any(one.what == "accepts" for one in story.rows):
        left.append("an invitation that is accepted")
    left += _more(program, said, street)
    if not any(re.match(r"gives back .+ of ", one) for one in said):
        left.append("a partial return")
    if not any(re.match(r"gives back \S+($| at| by)", one) for one in said):
        left.append("a full return")
    if not any(one.who == "night" for one in story.rows):
        left.append("the end of a period")
    if not any(REFUSED.fullmatch(one.answer) for one in story.rows):
        left.append("a refusal")
    return left


def _more(program: Program, said: list[str], street: Shop) -> list[str]:
    """Rewards nobody took, steps of further ladders on which nobody came, milestones and boards
    nobody reached, budgets that never kept anything back."""
    taken, reached = ({row[0] for row in street.rows(sql)} for sql in (TAKEN, REACHED))
    left = [f"reward {one.id}" for one in program.rewards if one.id not in taken]
    climbed = {tuple(row) for row in street.rows(CLIMBED)}
    left += [
        f"step {step.id} of {name}"
        for name, ladder in program.ladders.items()
        for step in ladder.steps
        if step.at != 0 and (name, step.id) not in climbed
    ]
    left += [f"milestone {one.id}" for one in program.milestones if one.id not in reached]
    left += [f"board {one.id}" for one in program.leaderboards if f"looks at {one.id}" not in said]
    drawn = {row[0].split("budget:")[1].split(":")[0]: row[1] for row in street.rows(DRAWN)}
    for one in program.budgets:
        full = units(one.points, program.wallets[one.wallet].scale)
        if drawn.get(one.id, 0) < full:
            left.append(f"budget {one.id}")
    if program.spending_proof and not any(re.search(PROVEN, one) for one in said):
        left.append("a proof of who spends")
    return left


NAMES = [name for name in stories() if read_story(name).template == name]


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("name", NAMES)
def test_the_story_of_a_template_tells_all_of_it(street: Shop, name: str) -> None:
    story = read_story(name)
    play(story, street, f"all-{name}"[:40].rstrip("-"))
    assert untold(read_program(load_template(name)), story, street) == []


def test_what_nobody_tells_is_found(street: Shop) -> None:
    story = read_story("office-supplies")
    play(story, street, "all-and-more")
    program = read_program(load_template("office-supplies"))
    airline, cause, clubs, firms = (
        read_program(load_template(name)) for name in ("airline", "cause", "clubs", "b2b-retention")
    )
    more = replace(
        program,
        benefits=(*program.benefits, replace(program.benefits[0], id="tea")),
        rewards=(*program.rewards, airline.rewards[0]),
        ladders=airline.ladders,
        milestones=airline.milestones,
        leaderboards=clubs.leaderboards,
        budgets=cause.budgets,
        household=firms.household,
    )
    rows = [one for one in story.rows if "gives back 1 paper" not in one.what]
    rows = [one for one in rows if one.who != "night" and "showing the card" not in one.what]
    told = untold(more, story._replace(rows=rows), street)
    assert told == [
        "benefit tea", "household: household.changed", "reward one-way",
        "step voyager of lifetime", "step million-miler of lifetime",
        f"milestone {airline.milestones[0].id}", "board writers", "budget what-we-can-give",
        "a proof of who spends", "a partial return", "the end of a period",
    ]  # fmt: skip


def test_of_what_lives_by_itself_a_story_tells_how_it_ends(street: Shop) -> None:
    story = read_story("prime")
    rows = [one for one in story.rows if not (one.who == "night" and "ended" in one.told)]
    play(story._replace(rows=rows[: rows.index(_first(rows, "no_plan", 2))]), street, "all-but-end")
    program = read_program(load_template("prime"))
    assert untold(program, story, street) == ["plans: membership.ended", "reward rental"]


def _first(rows: list[Any], answer: str, after: int) -> Any:
    """The row that is answered so once more after this many."""
    return [one for one in rows if one.answer == answer][after]
