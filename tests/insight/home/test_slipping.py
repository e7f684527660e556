"""Who slips away by what members are worth is on the first page, three of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.runtime.working.reckoning.test_alerts import held_out
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.records.standing.values.types import Value
from regulars.records.standing.values.write import keep_values


def test_who_slips_away_by_the_last_reckoning_comes_first(counter: Counter) -> None:
    ids = [counter.joined(f"300{n}") for n in range(5)]
    today = counter.shop.now.date()
    some = [
        Value(UUID(id_[4:]), 200, 10, 100 * n, 40 + n, 9, "slipping", "upper", today - timedelta(2))
        for n, id_ in enumerate(ids)
    ]

    async def reckoned(tx: Any, _: Any) -> None:
        for one in keep_values(tx, some, [""] * len(some)):
            await tx.fetch(one.sql, *one.args)

    counter.shop.do(reckoned)
    held_out(counter.shop, UUID(ids[3][4:]))
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    text = owner.get("/console/figures").text
    assert [id_ in text for id_ in ids] == [False, True, True, False, True], (
        "three, worth most; whoever is held out of all campaigns is left alone"
    )
    assert "not here for 46 days" in text, "44 days when it was reckoned, two days ago"
