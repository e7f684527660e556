"""What a shop of these tests went through is replayed at the end, and comes to the same books."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.planted.replay.checks import differences

OTHERWISE = {
    # A merge that was undone after more was earned, returned or cancelled as one: a replay does
    # not know what of a kept remainder or of a cancelled lot goes back (ADR 0090).
    "test_what_is_earned_after_a_merge_stays_where_it_was_earned",
    "test_a_merge_of_a_merge_is_undone_from_its_end_and_makes_the_first_final",
    "test_what_was_cancelled_while_they_were_one_counts_with_nobody",
    # A replay lets a night come after every day; here none did.
    "test_what_happened_before_the_end_and_is_told_after_it_saves_them",
    "test_what_comes_late_saves_what_no_night_took_also_where_much_is_decided_again",
    # Who got something for a code keeps it; in order another deed would have had it (ADR 0522).
    "test_a_code_that_went_elsewhere_gives_to_nothing_that_is_decided_again",
}


@pytest.fixture(autouse=True)
def replayed(request: pytest.FixtureRequest, mall: Shop) -> Iterator[None]:
    """The shop that was opened last, decided once more."""
    before: Any = mall.program_id
    yield
    opened = mall.program_id != before
    if opened and request.node.name not in OTHERWISE:
        assert differences(mall) == []
