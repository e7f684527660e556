"""Whoever was served is asked on their slip, seldom, by a link that opens once."""

from __future__ import annotations

from datetime import timedelta

from tests.surfaces.counter import Counter
from tests.surfaces.tills.device import STORE, Device

ASKS = {"name": "On the slip", "kind": "csat", "asks": {"en": "How was it?"}, "questions": [],
        "thanks": {"en": "Thank you"}}  # fmt: skip


def test_a_slip_asks_whoever_was_served_once_in_so_many_days(counter: Counter) -> None:
    device, member = Device(counter), counter.joined("4711-slip")
    path = f"/v1/till/members/{member}/receipt-survey"

    def asked() -> tuple[int, dict[str, str]]:
        answer = counter.ask("POST", path, key=device.token)
        return answer.status_code, answer.json()

    assert asked()[1]["code"] == "not_found", "the shop asks nothing on slips"
    kept = counter.ask("PUT", "/v1/surveys/receipt", ASKS)
    assert kept.status_code == 200, kept.text
    status, first = asked()
    assert (status, asked()[1]["link"]) == (200, first["link"])
    assert first["square"].startswith("<svg xmlns=")
    assert "<script" not in first["square"]
    page = counter.get(first["link"][first["link"].index("/card/survey") :])
    assert (page.status_code, "How was it?" in page.text) == (200, True)
    sql = "select store from survey_invitation where program_id = $1"
    assert counter.shop.rows(sql) == [(STORE,)]
    counter.shop.rows(
        "update survey_invitation set made_at = $2, expires_at = $3 where program_id = $1 "
        "returning 1",
        counter.shop.now - timedelta(hours=2),
        counter.shop.now - timedelta(hours=1),
    )
    assert asked()[1]["code"] == "asked_lately"
    guessed = counter.get(f"/card/survey?link={'0' * 32}")
    assert "How was it?" not in guessed.text
    assert counter.ask("POST", path).status_code in (403, 404), "a key of the API is no till"
