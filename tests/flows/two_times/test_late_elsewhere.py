"""What comes late of a member who came from elsewhere counts with the credit they brought."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.flows.two_times.test_late import ladder, standing
from tests.makers import Shop, buys

from regulars.base.faults import Invalid
from regulars.flows.commands import History
from regulars.flows.importing.bring_tiers import bring_tiers
from regulars.flows.importing.commands import BringTier, Brought, OpenCount
from regulars.flows.importing.open_counts import open_counts
from regulars.records.program.templates import load_template

Open = Callable[[str], Shop]
DAY = timedelta(days=1)


def test_credit_that_came_along_counts_for_what_comes_late(open_shop: Open) -> None:
    shop = open_shop(ladder("ever", "for_ever"))
    (ada,) = shop.joined("ada")
    history = History(UUID(int=5))
    names = shop.rows("select name from program_code where program_id = $1 and name like 'credit%'")

    async def comes(tx: Any, terms: Any) -> Any:
        done: list[Any] = list(await bring_tiers(tx, terms, [BringTier(ada, "silver")], history))
        count = OpenCount(names[0][0], 1, 28_000, ada)
        return [*done, *await open_counts(tx, terms, [count], history)]

    assert [type(one).__name__ for one in shop.do(comes)] == ["Brought", "Brought"]
    shop.now += DAY
    shop.record(buys(ada, 500))
    at = shop.now + DAY
    shop.now += 3 * DAY
    shop.record(buys(ada, 500))
    (late,) = shop.record(buys(ada, 1_200, occurred_at=at))
    assert late.tier == "gold"
    assert "gold" in str(standing(shop))


def test_a_tier_that_was_lost_here_comes_by_no_file_again(open_shop: Open) -> None:
    shop = open_shop(load_template("bronze-silver-gold"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 100))
    over = BringTier(ada, "silver", shop.now - 400 * DAY, shop.now - DAY)
    newer = BringTier(ada, "gold", shop.now - 300 * DAY, shop.now + 99 * DAY)

    def comes(one: BringTier) -> Any:
        history = History(UUID(int=6))
        (told,) = shop.do(lambda tx, terms: bring_tiers(tx, terms, [one], history))
        return told

    assert not comes(over).replayed
    bronze = shop.rows("select tier from standing where program_id = $1")
    assert bronze == [("bronze",)]
    again = comes(over)
    assert isinstance(again, Brought)
    assert again.replayed
    assert isinstance(comes(newer), Invalid)
    assert shop.rows("select tier from standing where program_id = $1") == bronze
