"""Of thousands of events with a third of the answers wrong and workers killed, none is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.runtime.working.hooks.storm import storm
from tests.runtime.working.senders.test_messages import SOURCE
from tests.telling import Telling
from tests.turns import NIGHTLY

EVENTS = 100_000 if NIGHTLY else 2_000


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    opened = Shop.open(database, SOURCE)
    yield opened
    opened.close()


def test_none_is_missing_none_is_made_up_and_each_member_hears_in_order(
    shop: Shop, tell: Telling
) -> None:
    done = storm(shop, seed=11, events=EVENTS, hooks=1)
    sent = sum(len(came) for came in done.wire.came.values())
    tell(f"storm: {len(done.events)} events, {sent} arrived, {done.killed} kills")
    assert done.killed > 3
    assert done.wrong() == []
    states = shop.rows("select state, count(*) from hook_sending where program_id = $1 group by 1")
    assert states == [("delivered", len(done.events))]
