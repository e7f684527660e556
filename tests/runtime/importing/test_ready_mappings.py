"""Each ready mapping brings its system's example over as a person would read it."""

from pathlib import Path

import pytest
from tests.runtime.importing.moving_in import House

from regulars.surfaces.connect.moving.ready import ready_names

EXAMPLES = Path(__file__).with_name("examples")
EXPECTED = {
    "smile": {"Jane": 300, "Rob": 0, "lee@example.com": 12},
    "yotpo": {"Jane": 300, "rob@example.com": 0},
    "loyaltylion": {"Jane": 300, "Rob": 0},
    "open-loyalty": {"Jane": 300, "Rob": 7},
    "odoo": {"Jane Doe": 300, "0449f8e-7d6c-5b4a": 12},
    "woocommerce": {"Jane Doe": 300, "Rob": 0},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_export_is_brought_over_whole(house: House, name: str) -> None:
    outcome = house.bring(EXAMPLES / name, mapping=name)
    assert (outcome.refusals, outcome.left_out, house.slips()) == ([], 0, [])
    assert house.points() == EXPECTED[name]
    assert house.wrong_books() == {}
    assert house.counts()["outbox"] == 0


def test_every_ready_mapping_has_an_example() -> None:
    assert {*EXPECTED, "regulars"} == set(ready_names())


def test_smile_states_become_ours(house: House) -> None:
    house.bring(EXAMPLES / "smile", mapping="smile")
    states = house.rows("select given_name, state, attributes::text from member order by 1")
    assert states == [
        ("", "unregistered", "{}"),
        ("Jane", "active", '{"date-of-birth": "1004-05-27"}'),
        ("Rob", "blocked", "{}"),
    ]


def test_open_loyalty_members_keep_tier_and_consent(house: House) -> None:
    outcome = house.bring(EXAMPLES / "open-loyalty", mapping="open-loyalty")
    assert outcome.left_aside == 1
    assert house.rows("select tier, tier_since::text from standing where tier is not null") == [
        ("gold", "2025-06-01 08:00:00+00")
    ]
    assert house.rows("select channel, state, source, changed_at::text from consent") == [
        ("email", "given", "open-loyalty", "2025-06-01 08:00:00+00")
    ]


def test_odoo_cards_count_on_their_last_day(house: House) -> None:
    house.bring(EXAMPLES / "odoo", mapping="odoo")
    ends = house.rows("select amount::int, expires_at::text from lot order by 1")
    assert ends == [(12, "9999-12-31 00:00:00+00"), (300, "2100-01-01 05:00:00+00")]


def test_woocommerce_points_keep_their_own_age(house: House) -> None:
    house.bring(EXAMPLES / "woocommerce", mapping="woocommerce")
    lots = house.rows("select remaining::int, earned_at::text from lot order by 2")
    assert lots == [(100, "2026-01-15 12:00:00+00"), (200, "2026-02-15 12:00:00+00")]
    assert house.rows("select distinct kind from entry") == [("open",)]
