"""What people buy in the measurements: whenever it is measured, and never late."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bench.sides.shopping import happens_at

NOW = datetime(2026, 3, 2, 23, 59, 30, tzinfo=UTC)


def test_what_a_member_buys_next_never_happened_earlier() -> None:
    for member in range(1, 500):
        told = [happens_at(member, NOW + timedelta(seconds=n)) for n in range(0, 90_000, 37)]
        assert all(one <= other for one, other in pairwise(told)), member


def test_every_day_and_hour_of_opening_occurs_whenever_somebody_measures() -> None:
    found = [happens_at(member, NOW) for member in range(1, 2_000)]
    assert {at.weekday() for at in found} == set(range(7))
    assert {at.hour for at in found} == set(range(5, 20))
    assert NOW - timedelta(days=9) < min(found) < max(found) < NOW
