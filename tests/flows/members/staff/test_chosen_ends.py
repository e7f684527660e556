"""How long points given by hand are good: as the program says, without end, or until a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.flows.members.staff.people import hires, key
from tests.makers import Shop, by

from regulars.base.faults import Invalid
from regulars.flows.access.ask_adjustments import ask_adjustments
from regulars.flows.access.commands import AskAdjustment
from regulars.flows.commands import Adjust, Adjusted
from regulars.records.ledger.types import NEVER
from regulars.records.members.types import Asked, MemberRef

BERLIN = """
regulars: 1
program: kiosk
name: Kiosk
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points, one: Point, expiry: {after: 12 months, round_up_to: month}}
"""

BEGINS = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
"""It is the 3rd in the shop."""


@pytest.fixture
def shop(open_shop: Callable[[str], Shop]) -> Shop:
    opened = open_shop(BERLIN)
    opened.now = BEGINS
    opened.joined("ada")
    return opened


def gives(expires_on: str, name: str = "k", units: int = 50) -> Adjust:
    asked = Asked("key_1", name)
    return Adjust(
        by(external="ada"), "points", units, "we were slow", "key_1", asked, expires_on=expires_on
    )


def ends(shop: Shop) -> list[datetime]:
    sql = "select expires_at from lot where program_id = $1 order by expires_at"
    return [at for (at,) in shop.rows(sql)]


@pytest.mark.parametrize(
    ("expires_on", "end"),
    [
        ("", datetime(2027, 3, 31, 22, tzinfo=UTC)),
        ("never", NEVER),
        ("2026-03-03", datetime(2026, 3, 3, 23, tzinfo=UTC)),
        ("2026-04-30", datetime(2026, 4, 30, 22, tzinfo=UTC)),
    ],
)
def test_points_are_good_through_the_last_day_of_the_shop(
    shop: Shop, expires_on: str, end: datetime
) -> None:
    (given,) = shop.adjust(gives(expires_on))
    assert isinstance(given, Adjusted), given
    assert ends(shop) == [end]
    assert given.expires_at == (None if end == NEVER else end)


def test_they_are_gone_the_day_after_and_not_before(shop: Shop) -> None:
    shop.adjust(gives("2026-03-10"))
    left = "select available from balance where program_id = $1"
    for now, units in (("2026-03-10 23:59", 50), ("2026-03-11 00:01", 0)):
        shop.now = shop.local(now)
        shop.night()
        assert shop.rows(left) == [(units,)], now


@pytest.mark.parametrize(
    ("expires_on", "units", "says"),
    [
        ("2026-03-02", 50, "this day is over"),
        ("2126-04-01", 50, "this is more than a hundred years from now"),
        ("2026-02-30", 50, "this is no day"),
        ("20260430", 50, "this is no day"),
        ("soon", 50, "this is no day"),
        ("-", 50, "this is no day"),
        ("never", -1, "what is taken has no end"),
        ("2026-04-30", -1, "what is taken has no end"),
    ],
)
def test_an_end_that_cannot_be_is_said_and_nothing_is_written(
    shop: Shop, expires_on: str, units: int, says: str
) -> None:
    before = shop.counts()
    (no,) = shop.adjust(gives(expires_on, units=units))
    assert isinstance(no, Invalid)
    assert (no.says, no.field) == (says, "/expires_on")
    assert shop.counts() == before


def test_another_end_under_the_same_key_is_another_wish(shop: Shop) -> None:
    shop.adjust(gives("2026-04-30"))
    (again,) = shop.adjust(gives("2026-04-30"))
    (other,) = shop.adjust(gives("never"))
    assert (again.replayed, other.code) == (True, "key_reused")
    assert len(ends(shop)) == 1


def test_what_a_colleague_asked_for_is_granted_with_its_end_and_with_no_other(shop: Shop) -> None:
    support, manager = hires(shop, "support"), hires(shop, "manager")
    who: MemberRef = by(external="ada")
    wish: Any = AskAdjustment(who, "points", 700, "much", asked=key(support, "w"),
                              expires_on="2026-04-30")  # fmt: skip
    (kept,) = shop.ask(ask_adjustments, wish)

    def grants(expires_on: str, name: str) -> Any:
        said = (who, "points", 700, "much", manager.principal, key(manager, name))
        told = Adjust(*said, approves=kept.request_id, expires_on=expires_on)
        return shop.adjust(told)[0]

    for other in ("", "never", "2026-05-01"):
        assert grants(other, f"g{other}").field == "/approves"
    assert ends(shop) == []
    assert isinstance(grants("2026-04-30", "g"), Adjusted)
    assert ends(shop) == [datetime(2026, 4, 30, 22, tzinfo=UTC)]
    told = shop.rows(
        "select did, after ->> 'expires_on' from staff_act where program_id = $1"
        " and did in ('request.asked', 'points.adjusted') order by act_id"
    )
    assert told == [("request.asked", "2026-04-30"), ("points.adjusted", "2026-04-30")]


def test_nobody_asks_for_an_end_that_cannot_be(shop: Shop) -> None:
    support = hires(shop, "support")
    before = shop.counts()
    for units, expires_on in ((5, "2026-03-02"), (5, "soon"), (-5, "never")):
        wish = AskAdjustment(by(external="ada"), "points", units, "much",
                             asked=key(support, f"{expires_on}{units}"),
                             expires_on=expires_on)  # fmt: skip
        (no,) = shop.ask(ask_adjustments, wish)
        assert isinstance(no, Invalid), no
        assert no.field == "/expires_on"
    assert shop.counts() == before
