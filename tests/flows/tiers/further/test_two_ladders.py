"""A further ladder stands where the first one would, whatever its windows, ends and downgrades."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import count, product
from random import Random
from uuid import UUID

import msgspec
import pytest

from regulars.engine.compiling.compile import compile_program
from regulars.engine.compiling.counters import code_names
from regulars.engine.deciding import tiering
from regulars.engine.deciding.earn import earn
from regulars.engine.ladder.credit import step_of
from regulars.engine.ladder.further import stand_on
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, terms_of
from regulars.records.activity.types import Activity, Body
from regulars.records.program.types import Program

ADA = UUID(int=1)
START = datetime(2024, 2, 28, 12, tzinfo=UTC)
HOWS = [
    {"window": window, "valid": valid, "downgrade": downgrade, "grace_days": grace, **more}
    for window, valid, downgrade, grace in product(
        ("calendar_year", "anniversary", "ever"),
        ("window_end", "next_window_end", "for_ever"),
        ("one_step", "full"),
        (0, 40),
    )
    for more in ({}, {"or_by": {"measure": "spend"}})
]


def terms(how: dict[str, object]) -> Terms:
    def steps(prefix: str) -> list[dict[str, object]]:
        or_at = {"or_at": 300} if "or_by" in how else {}
        life = {} if how["window"] == "ever" else {"for_life_at": 14}
        return [
            {"id": f"{prefix}-guest", "at": 0},
            {"id": f"{prefix}-regular", "at": 2, **life},
            {"id": f"{prefix}-friend", "at": 4, **or_at},
            {"id": f"{prefix}-family", "at": 6},
        ]

    ladder = {"measure": "visits", **how}
    program = {
        "regulars": 1,
        "program": "two",
        "name": "Two",
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "wallets": {"points": {}},
        "tiers": {**ladder, "steps": steps("first")},
        "ladders": {"club": {**ladder, "steps": steps("club")}},
    }
    compiled = compile_program(msgspec.convert(program, Program))
    codes = {name: code for code, name in enumerate(code_names(compiled), 1)}
    return terms_of(1, "two", [(1, START, compiled)], codes)


def visit(number: int, at: datetime, minor: int) -> Activity:
    return Activity(
        activity_id=UUID(int=number), member_id=ADA, kind="purchase", source="till",
        external_id="", occurred_at=at, amount_minor=minor, channel="",
        store="", actor="", body=Body(), sale_id=None,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_it_stands_where_the_first_one_does(seed: int) -> None:
    compared = set()
    for place, how in enumerate(HOWS):
        chance, numbers, known = Random(1000 * seed + place), count(2), terms(how)
        version = known.versions[0]
        changes = Changes(lambda numbers=numbers: UUID(int=next(numbers)), budgets=defaultdict(int))
        state = MemberState(ADA, START, {}, counters={})
        tiering.enter(changes, state, version, START)
        now = START
        for number in range(24):
            now += timedelta(days=chance.choice((0, 5, 30, 30, 150)), hours=chance.randint(1, 9))
            if chance.random() < 0.7:
                earn(changes, state, known, visit(number + 2, now, chance.choice((100, 9_000))))
            else:
                tiering.review(changes, state, version, now)
            stands = stand_on(version.further["club"], state, now)
            step = step_of(version.further["club"], stands.tier)
            assert step == step_of(version, state.tier), (how, seed, number)
            # What the running window has reached by itself already is sure for longer.
            first, here = state.tier_until, stands.tier_until
            assert here is None or (first is not None and here >= first), (how, seed, number)
            compared.add((place, step))
    assert len(compared) > 2 * len(HOWS)
