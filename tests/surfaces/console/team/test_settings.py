"""Settings in the console: changed by owners, refused at their field, all or none."""

from __future__ import annotations

import re

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.records.access.staff.settings import SETTINGS
from regulars.surfaces.console.words import MEANS


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def typed(browser: Browser) -> dict[str, str]:
    """The form as it is shown."""
    page = browser.get("/console/settings").text
    fields = re.findall(
        r'<input class="input" id="([^"]+)" name="[^"]+" type="text" value="([^"]*)"', page
    )
    return dict(fields)


def kept(counter: Counter) -> dict[str, int]:
    rows = counter.shop.rows("select name, about, value from staff_setting where program_id = $1")
    return {f"{name}:{about}": value for name, about, value in rows}


def test_every_setting_has_its_words() -> None:
    assert set(MEANS) == set(SETTINGS)


def test_the_form_as_it_is_shown_changes_nothing(counter: Counter, owner: Browser) -> None:
    assert len(typed(owner)) >= 15
    assert owner.post("/console/settings", typed(owner)).status_code == 303
    assert kept(counter) == {}


def test_one_wrong_number_and_none_is_kept(counter: Counter, owner: Browser) -> None:
    for field, value in (
        ("idle_minutes", "4"), ("idle_minutes", ""), ("idle_minutes", "1e2"),
        ("session_hours", "73"),
        ("adjust_limit-support", "-1"), ("adjust_limit-support", "9" * 25),
    ):  # fmt: skip
        answer = owner.post("/console/settings", typed(owner) | {"joins_times": "40", field: value})
        assert (answer.status_code, f'id="{field}-wrong"' in answer.text) == (422, True), field
        assert 'value="40"' in answer.text
    assert kept(counter) == {}


def test_what_is_changed_holds_and_is_written_down(counter: Counter, owner: Browser) -> None:
    told = typed(owner) | {
        "idle_minutes": "20",
        "adjust_limit-support": "",
        "adjust_limit-manager": "0",
    }
    assert owner.post("/console/settings", told).status_code == 303
    assert kept(counter)["idle_minutes:"] == 20
    assert set(kept(counter)) == {"idle_minutes:", "adjust_limit:support", "adjust_limit:manager"}
    again = typed(owner)
    assert (again["adjust_limit-support"], again["adjust_limit-manager"]) == ("", "0")
    assert "Changed a setting" in owner.get("/console/audit").text


def test_what_members_are_sent_is_chosen(counter: Counter, owner: Browser) -> None:
    told = {"earned": "any", "redeemed": "pigeon"}
    assert owner.post("/console/settings/messages", told).status_code == 303
    rows = counter.shop.rows("select kind, ways from message_choice where program_id = $1")
    assert rows == [("earned", "any")]


def test_what_is_not_parked_is_not_sent_again(owner: Browser) -> None:
    assert owner.post(f"/console/settings/deliveries/{'0' * 31}1").status_code == 422
    assert owner.post("/console/settings/deliveries/x").status_code == 404
