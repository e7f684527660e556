"""A step of the night that dies at any statement leaves nothing, and done again it ends the same.

The steps that everybody's night has are in tests/flows/test_midnight.py and tests/crash; here are
those that need a program of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from tests.crash.operations import OPERATIONS
from tests.crash.test_every_flow_is_failed import failed
from tests.flows.members.benefits import test_associates
from tests.flows.members.playing import test_won_rewards
from tests.flows.members.staff.people import hires
from tests.flows.test_midnight import Dying, Killed
from tests.flows.tiers import test_notices
from tests.flows.tiers.further import test_further_notices
from tests.makers import Shop

from regulars.flows.batch.stuck import Stuck
from regulars.flows.midnight import STEPS

Open = Callable[[str], Shop]
MOST: Final = 30
PICTURE: Final = (
    "select kind, points, lapses_at, about from message where program_id = $1",
    "select benefit, why, how from benefit_associate where program_id = $1",
    "select tier, tier_until from standing where program_id = $1",
    "select kind, actor from entry where program_id = $1",
    "select type from outbox where program_id = $1",
)


def _tiers(open_shop: Open) -> Shop:
    shop = test_notices.thirty_days_before(open_shop(test_notices.NOTICES))
    shop.at("2027-12-02T00:00")
    return shop


def _ladders(open_shop: Open) -> Shop:
    shop = open_shop(test_further_notices.HERE)
    shop.joined("ada", "ben")
    test_further_notices.regulars(shop)
    shop.at("2027-12-02T00:00")
    return shop


def _associates(open_shop: Open) -> Shop:
    shop = open_shop(test_associates.SALON)
    shop.joined("ada", "ben", "cem")
    hires(shop, "cashier")
    test_associates.gold(shop, test_associates.ADA, test_associates.BEN)
    return shop


def _boards(open_shop: Open) -> Shop:
    shop = open_shop(test_won_rewards.BOARDS.replace("MORE", ""))
    test_won_rewards.met(shop, "ada", "ben")
    test_won_rewards.spend(shop, ada=900, ben=800)
    shop.at("2026-03-09 00:05")
    return shop


HERE: Final[dict[str, Callable[[Open], Shop]]] = {
    "foretell_tiers": _tiers,
    "foretell_ladders": _ladders,
    "follow_associates": _associates,
    "close_boards": _boards,
}
ELSEWHERE: Final = {
    "rate_again": "tests/flows/terms/test_rates.py",
    "move_over": "tests/flows/terms/test_changeovers.py",
}
"""Steps that die at each statement in tests of their own."""


def picture(shop: Shop) -> list[Any]:
    return [sorted(map(repr, shop.rows(sql))) for sql in PICTURE]


@pytest.mark.parametrize("name", HERE)
def test_killed_at_any_statement_and_resumed_it_ends_the_same(open_shop: Open, name: str) -> None:
    clean = HERE[name](open_shop)
    before = picture(clean)
    assert clean.night(name)[name] > 0
    assert picture(clean) != before or name == "close_boards"
    counts = clean.counts()
    step, died = STEPS[name], 0
    for statements in range(MOST):
        shop = HERE[name](open_shop)
        untouched = shop.counts()
        try:
            shop.do(lambda tx, terms, n=statements: step(Dying(tx, n), terms, 100))
        except (Killed, Stuck):
            died += 1
            assert shop.counts() == untouched
        shop.night(name)
        assert (picture(shop), shop.counts()) == (picture(clean), counts)
        if died <= statements:
            break
    assert 1 < died < MOST, died


def test_every_step_of_the_night_is_killed_somewhere() -> None:
    killed = {place.rpartition(".")[2] for one in OPERATIONS for place in failed(one)}
    killed |= {"write_off_debts"} if "write_off_old_debts" in killed else set()
    assert set(STEPS) - killed == HERE.keys() | ELSEWHERE.keys()
