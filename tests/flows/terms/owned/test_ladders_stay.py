"""What members have by a further ladder is asked about as what they have by their tier."""

from __future__ import annotations

import pytest
from tests.flows.terms.owned.houses import Open, asked, house, opened, planned

LOUNGE = "benefits: [{id: lounge, name: Lounge, tier: c2}]"
CLUB = house(
    "points: {}",
    "ladders:",
    "  club: {measure: visits, window: calendar_year,",
    "         steps: [{id: c1, at: 1}, {id: c2, at: 3, perks: [a bath]}]}",
    LOUNGE,
)


@pytest.mark.parametrize(
    ("was", "code", "part"),
    [
        (LOUNGE, "benefit:lounge", "benefits.lounge is no more"),
        (", perks: [a bath]", "tier:c2", "ladders.club.steps.c2 is"),
    ],
)
def test_what_nothing_counts_is_somebodys(open_shop: Open, was: str, code: str, part: str) -> None:
    """Benefits and perks of the club's steps were gone without a word."""
    shop = opened(open_shop, CLUB)
    found = asked(shop, CLUB.replace(was, ""))
    assert list(found) == [code]
    assert found[code].startswith(part)
    assert found[code].endswith("members who have it: ?")


def test_where_nobody_is_a_member_it_is_nobodys(open_shop: Open) -> None:
    shop = open_shop(CLUB)
    assert [one.code for one in planned(shop, CLUB.replace(LOUNGE, "")).problems if one.code] == []
