"""Several ladders in one program: the engine against the reference, which climbs each by itself."""

import pytest
from tests.model.beside.choosing.several import CHOSEN, play_several
from tests.model.in_memory import InMemory
from tests.model.programs import LADDERED, source_of

from regulars.records.program.reading import read_program


@pytest.mark.parametrize("name", CHOSEN)
def test_they_agree_on_several_ladders_after_every_step(name: str) -> None:
    assert play_several(name, InMemory).answers["recorded"] > 50


def test_what_is_drawn_counts_and_looks_in_every_way() -> None:
    programs = [read_program(source_of(name, "UTC")) for name in LADDERED]
    ladders = [one for program in programs for one in program.ladders.values()]
    assert {one.measure for one in ladders} == {"spend", "visits", "activities"}
    assert {one.window for one in ladders} == {"calendar_year", "rolling", "anniversary", "ever"}
    assert {one.returned_credit for one in ladders} == {"revoke_now", "at_period_end", "never"}
    assert {one.valid for one in ladders} == {"window_end", "next_window_end", "for_ever"}
    assert {len(program.ladders) for program in programs} == {1, 2, 3}
    assert {program.tiers is None for program in programs} == {True, False}
