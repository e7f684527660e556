"""Letters that fail for now again and again: after enough of them the address is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.flows.members.staff.people import HOUSE, settles
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.inlets.test_letters import POSTMARK, bounce, joins, marks, tell
from tests.surfaces.counter import Counter

from regulars.flows.access.commands import ChangeSetting

_FIRST = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def postmark(counter: Counter) -> Sender:
    sender = Sender(counter, POSTMARK, "letters")
    says(sender, 5, 30)
    return sender


def says(sender: Sender, times: int, days: int) -> None:
    """The shop's patience."""
    settles(
        sender.shop,
        ChangeSetting("soft_bounces", times, HOUSE),
        ChangeSetting("soft_bounce_days", days, HOUSE),
    )


def fails(sender: Sender, mail: str, *days: int, kind: str = "SoftBounce") -> list[tuple[Any, ...]]:
    """Letters fail so many days after the first one, all told at once; what is kept then."""
    for day in days:
        at = _FIRST + timedelta(days=day)
        sender.shop.now = max(sender.shop.now, at + timedelta(hours=1))
        said = bounce(mail, kind, BouncedAt=at.isoformat(), ID=day)
        assert tell(sender, said).status_code == 202
    sender.book()
    return [(kind, times) for kind, times, _ in marks(sender, mail)]


def test_the_fifth_within_thirty_days_marks_the_address(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    assert fails(postmark, mail, 0, 7, 14, 21) == [("soft", 4)]
    assert fails(postmark, mail, 29) == [("hard", 5)]


def test_what_is_longer_ago_counts_for_nothing(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    assert fails(postmark, mail, 0, 7, 14, 21) == [("soft", 4)]
    assert fails(postmark, mail, 30) == [("soft", 5)]  # the first is thirty days ago, not less
    assert fails(postmark, mail, 31) == [("hard", 6)]


def test_one_that_is_told_late_does_not_make_the_time_longer(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    assert fails(postmark, mail, 40, 45, 50, 55) == [("soft", 4)]
    assert fails(postmark, mail, 20) == [("soft", 5)]  # 35 days before the last one
    assert fails(postmark, mail, 30) == [("hard", 6)]  # 25 days before it


def test_many_told_at_once_count_as_many(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    says(postmark, 2, 1)
    for number in range(2):
        tell(postmark, bounce(mail, "SoftBounce", ID=number))
    postmark.book()
    assert [one[0] for one in marks(postmark, mail)] == ["hard"]


def test_with_nought_it_never_is(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    says(postmark, 0, 30)
    assert fails(postmark, mail, *range(25)) == [("soft", 25)]


def test_once_marked_nothing_softens_it_and_a_complaint_weighs_more(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    assert fails(postmark, mail, *range(5)) == [("hard", 5)]
    assert fails(postmark, mail, 60) == [("hard", 5)]
    assert fails(postmark, mail, 61, kind="SpamComplaint") == [("complaint", 1)]


def test_what_was_counted_is_not_looked_at_again(postmark: Sender) -> None:
    mail = joins(postmark.shop, postmark.mark)
    assert fails(postmark, mail, 0, 1) == [("soft", 2)]
    answer = postmark.counter.post(f"{postmark.place}/again", {"states": ["passed"]})
    assert (answer.status_code, answer.json()["again"]) == (202, 0)
    assert fails(postmark, mail) == [("soft", 2)]
