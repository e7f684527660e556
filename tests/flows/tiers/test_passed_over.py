"""What a version does not ask for is passed over, and that changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count, product
from random import Random
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from regulars.engine.compiling.compile import compile_program
from regulars.engine.compiling.counters import code_names
from regulars.engine.deciding import tiering
from regulars.engine.ladder.credit import goes_on
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Cutover, Version, terms_of
from regulars.records.program.types import Program

START = datetime(2024, 2, 28, 12, tzinfo=UTC)
HOWS = [
    {"window": window, "reached": reached, "credit_after_days": after, "lowest": lowest}
    for window, reached, after, lowest in product(
        ("calendar_year", "rolling", "ever"), ("on_activity", "at_window_end"), (0, 14), (0, 1)
    )
    if reached == "on_activity" or window == "calendar_year"
]


def version_of(how: dict[str, object], *more: datetime) -> Version:
    """The last of versions that are all the same, the first from the beginning on."""
    lowest = how["lowest"]
    steps = [{"id": "guest", "at": lowest}, {"id": "friend", "at": 4}, {"id": "family", "at": 6}]
    program = {
        "regulars": 1,
        "program": "one",
        "name": "One",
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "wallets": {"points": {}, "miles": {"pending": {"until": "duration", "after": "14 days"}}},
        "tiers": {
            "measure": "visits",
            "steps": steps,
            **{key: value for key, value in how.items() if key != "lowest"},
        },
        "advocacy": [
            {"on": "review", "name": "A review", "moderated": "30 days"},
            {"on": "photo", "name": "A photo"},
        ],
    }
    compiled = compile_program(msgspec.convert(program, Program))
    codes = {name: place for place, name in enumerate(code_names(compiled), 1)}
    begins = (START - timedelta(days=900), *more)
    told = [(number, at, compiled) for number, at in enumerate(begins, 1)]
    return terms_of(1, "one", told, codes).versions[-1]


@pytest.mark.parametrize("how", HOWS, ids=lambda how: "-".join(map(str, how.values())))
def test_who_goes_on_is_moved_by_nobody_who_looks(how: dict[str, object]) -> None:
    """Of random members: where it is said that looking changes nothing, it changes nothing."""
    went_on = 0
    for seed, later in product(range(60), (False, True)):
        version = version_of(how, START - timedelta(days=200)) if later else version_of(how)
        chance, now = Random(seed), START + timedelta(days=seed)
        state = MemberState(UUID(int=1), START - timedelta(days=chance.randrange(800)), {})
        state.tier = chance.choice((None, "guest", "friend", "of-old"))
        state.tier_since = chance.choice((None, state.joined_at))
        state.tier_until = chance.choice((None, now - timedelta(seconds=1), now, START))
        day = now.toordinal()
        state.counters = {
            (version.credit_counter, day - chance.randrange(-20, 400)): chance.randrange(4)
            for _ in range(5)
        }
        if not goes_on(version, state, now):
            continue
        went_on += 1
        ids = count(1)
        changes = Changes(lambda ids=ids: UUID(int=next(ids)))  # type: ignore[misc]
        tiers = version.program.tiers
        assert not tiering.move_over(changes, state, version, now)
        assert not tiering.enter(changes, state, version, now)
        assert not tiering._reviews(changes, state, version, tiers, now)
        assert changes.tier_moves == []
    plain = how["reached"] == "on_activity" and how["credit_after_days"] == 0
    assert bool(went_on) == plain


def test_what_a_version_asks_for_is_found_out_anew_when_it_is_made_of_another() -> None:
    version = version_of({"window": "rolling", "lowest": 0})
    needs = version.needs
    assert needs.still
    assert (needs.steps, needs.lowest) == ({"guest": 1, "friend": 2, "family": 3}, 1)
    assert {*needs.approved} == {"review"}
    miles = next(code for code, name in version.wallet_ids.items() if name == "miles")
    assert {*needs.waits} == {miles}
    moved = replace(version, cutovers=(Cutover(START, version, version),), elsewhere={"old": 3})
    assert not moved.needs.still
    assert moved.needs.steps["old"] == 3
