"""How the database goes about finding members, as the application asks it: behind the fence."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

import pytest
from tests.surfaces.counter import Counter

from regulars.insight.people import few, find
from regulars.insight.people.types import Wanted

_ORDERED: Final = {
    "oldest": "member_in_order",
    "newest": "member_in_order",
    "visit": "activity_pkey",
    "unvisited": "member_pkey",
}
"""Along which index everybody is gone through in an order."""
_FENCED: Final = """
select member_id from member where program_id = current_setting('regulars.program_id')::integer
   and lower(given_name) collate "C" >= 'a' and lower(given_name) collate "C" < 'b'
"""
_NAMES: Final = {
    "members_named": {"givens": "array['a']", "families": "array['b']", "most": "9"},
    "members_by_name": {
        "past": "'a'",
        "past_id": f"'{UUID(int=9)}'::uuid",
        "until": "'b'",
        "most": "9",
    },
}
_GIVEN: Final = re.compile(r"member_by_given on member(?: m)?\n\s+Index Cond: .*given_name.* >=? ")


def plan(counter: Counter, sql: str, *told: Any) -> str:
    """How it would be done, on a connection of the application."""

    async def explained(tx: Any, _: Any) -> str:
        await tx.fetch("set local enable_seqscan = off")
        rows = await tx.fetch(f"explain (costs off) {sql}", *told)
        return "\n".join(row[0] for row in rows)

    return counter.shop.do(explained)  # type: ignore[no-any-return]


def inside(counter: Counter, name: str) -> str:
    """The same of what a function does, which is asked in the owner's name."""
    ((body,),) = counter.shop.rows("select prosrc from pg_proc where proname = $2 and $1 > 0", name)
    for word, value in _NAMES[name].items():
        body = re.sub(rf"\b{word}\b", value, body)
    body = body.replace("current_setting('regulars.program_id')::integer", "$1::int")
    return "\n".join(row[0] for row in counter.shop.rows(f"explain (costs off) {body}"))


@pytest.mark.parametrize("order", _ORDERED)
def test_everybody_is_gone_through_along_an_index(counter: Counter, order: str) -> None:
    place = find.Place(str(UUID(int=9)) if order == "visit" else "", UUID(int=9))
    if order in ("oldest", "newest"):
        place = find.Place(counter.shop.now, place.member_id)
    asked = find.told_for(counter.shop.terms.program_id, Wanted(), place, counter.shop.now)
    found = plan(counter, find._NEXT[order], *asked, 51, 4_000, "", "")
    assert f"{_ORDERED[order]} on " in found
    assert "Seq Scan" not in found
    assert "Sort\n" not in found.partition("SubPlan")[0], found


@pytest.mark.parametrize("name", _NAMES)
def test_names_are_found_by_their_index_though_there_is_a_fence(
    counter: Counter, name: str
) -> None:
    found = inside(counter, name)
    assert _GIVEN.search(found), found
    assert ("member_by_family" in found) == (name == "members_named")
    asked = plan(counter, few._NAMED, counter.shop.terms.program_id, ["a"], ["b"], 9)
    assert "Function Scan on members_named" in asked
    assert " on member" not in asked.replace("members_named", "")


def test_without_the_function_the_fence_keeps_names_out_of_the_index(counter: Counter) -> None:
    """What the function is for; where this is so no more, it can go."""
    assert not _GIVEN.search(plan(counter, _FENCED))
