"""Somebody's day at the till, by hand: a birthday is greeted, a time booked, moved, and kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import THEMES, WIDTHS, House, barriers, opened, overflows
from tests.browser.till.counter import Office, TillPage

pytestmark = pytest.mark.in_turns(2, 0)
ZONE = f"Etc/GMT{(datetime.now(UTC).hour - 9 + 12) % 24 - 12:+d}"
"""Where it is nine o'clock or so: what is booked next is today, whenever this runs."""
SALON = f"""
regulars: 1
program: salon
name: The Salon
currency: EUR
zone: {ZONE}
wallets: {{points: {{name: Points}}}}
rules:
  - {{id: euro, on: purchase, wallet: points, award: {{give: per_amount, points: 1, per: "1.00"}}}}
  - id: birthday-week
    says: Twice as many points in the week around your birthday
    on: purchase
    wallet: points
    award: {{give: multiply, by: 2}}
    when: {{if: anniversary, attribute: birthday, days_before: 3, days_after: 3}}
benefits:
  - {{id: birthday-cake, name: A slice of birthday cake, allowance: {{times: 1, per: year}}}}
  - id: cut
    name: A cut with Samira
    guests: {{most: 1, counts: false}}
    appointments:
      hours: [{{on: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", until: "24:00"}}]
      lasts: 90
      places: 2
"""
STATES = """select state, came_at is not null from benefit_use
 where program_id = $1 and member_id = $2::uuid order by used_at, use_id"""


@pytest.fixture(scope="module")
def house(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A salon, served."""
    home: Path = tmp_path_factory.mktemp("salon")
    with opened(database, home, source=SALON) as shop:
        yield shop


def born(office: Office, name: str, days: int = 0) -> tuple[str, str]:
    """Somebody with a telephone, whose birthday is so many days from today."""
    member, phone = office.joined(name)
    day = (datetime.now(ZoneInfo(ZONE)) + timedelta(days=days)).date().replace(year=1992)
    said = {"attributes": {"birthday": day.isoformat()}}
    office.http.patch(f"/v1/members/{member}", json=said).raise_for_status()
    return member, phone


def states(house: House, member: str) -> Any:
    who = member.removeprefix("mem_")
    return house.do(lambda counter: counter.shop.rows(STATES, who))


def test_a_birthday_is_greeted_and_its_gift_is_handed_over_once(
    browser: Browser, till: TillPage, office: Office, house: House
) -> None:
    ada, phone = born(office, "Ada")
    till.meets(phone)
    page = till.page
    part = page.locator("[data-slot=birthday]")
    expect(part).to_contain_text("It is their birthday today")
    expect(part).to_contain_text("Twice as many points")
    assert "1992" not in page.content()
    part.get_by_role("button", name="A slice of birthday cake").click()
    till.at("use")
    page.get_by_role("button", name="Hand it over").dblclick()
    till.at("member")
    expect(page.locator(".toast").last).to_contain_text("A slice of birthday cake")
    expect(page.locator("[data-slot=birthday]")).to_be_visible()
    expect(page.locator("[data-slot=birthday] button")).to_have_count(0)
    assert states(house, ada) == [("used", False)], "touched twice, handed over once"
    # Two days before it only says that they are near; a month before, nothing.
    for days, said in ((2, True), (40, False)):
        _, other = born(office, "Bo", days)
        till.meets(other)
        expect(page.locator("[data-slot=included-link]")).to_be_visible()
        expect(page.locator("[data-slot=birthday]")).to_be_visible(visible=said)
        assert page.get_by_text("It is their birthday today").count() == 0


def test_booked_moved_here_and_cancelled(
    browser: Browser, till: TillPage, office: Office, house: House
) -> None:
    cem, phone = office.joined("Cem")
    till.meets(phone)
    page = till.page
    expect(page.locator("[data-slot=booked-today]")).to_be_hidden()
    page.get_by_role("button", name="Benefits and appointments").click()
    till.at("included")
    page.get_by_role("button", name="A cut with Samira").click()
    till.at("use")
    page.locator("input[name=time]").first.check()
    page.get_by_label("Guests").fill("Nil, ")
    page.get_by_role("button", name="Book it").dblclick()
    till.at("member")
    today = page.locator("[data-slot=booked-today]")
    expect(today).to_contain_text("A cut with Samira")
    expect(today).to_contain_text("with guests: 1")
    today.get_by_role("button").click()
    till.at("booking")
    page.get_by_role("button", name="Move it").click()
    till.at("use")
    page.locator("input[name=time]").nth(1).check()
    page.get_by_role("button", name="Move it").click()
    till.at("member")
    page.locator("[data-slot=booked-today]").get_by_role("button").click()
    page.get_by_role("button", name="They are here").click()
    till.at("included")
    expect(page.locator("[data-slot=booked]")).to_contain_text("They are here")
    assert states(house, cem) == [("undone", False), ("used", True)]
    page.locator("[data-slot=booked] button").click()
    expect(page.get_by_role("button", name="Nobody came")).to_be_hidden()
    expect(page.get_by_role("button", name="Cancel it")).to_be_visible()
    page.get_by_role("button", name="Cancel it").click()
    till.at("included")
    expect(page.locator("[data-slot=booked-part]")).to_be_hidden()
    assert states(house, cem) == [("undone", False), ("undone", False)]


def test_a_time_that_went_meanwhile_is_said_and_the_screen_stays(
    browser: Browser, till: TillPage, office: Office, house: House
) -> None:
    _, phone = office.joined("Dot")
    till.meets(phone)
    page = till.page
    page.get_by_role("button", name="Benefits and appointments").click()
    page.get_by_role("button", name="A cut with Samira").click()
    till.at("use")
    time = page.locator("input[name=time]").nth(2)
    at = time.get_attribute("value")
    other, _ = office.joined("Eli")
    taken = {
        "member": {"id": other}, "benefit": "cut", "store": "main-street", "from_at": at,
        "guests": [{"name": "Nil"}],
    }  # fmt: skip
    office.http.post("/v1/benefit-uses", json=taken).raise_for_status()
    time.check()
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_role("alert").filter(has_text="fully booked")).to_be_visible()
    till.at("use")
    expect(time).to_be_disabled()
    page.locator("input[name=time]").nth(3).check()
    page.get_by_role("button", name="Book it").click()
    till.at("member")


def test_without_network_there_is_no_day_and_points_are_given_all_the_same(
    browser: Browser, till: TillPage, office: Office
) -> None:
    _, phone = born(office, "Fay")
    till.meets(phone)
    expect(till.page.locator("[data-slot=birthday]")).to_be_visible()
    till.page.wait_for_function("navigator.serviceWorker.controller !== null")
    till.context.set_offline(True)
    till.page.get_by_role("button", name="Benefits and appointments").click()
    expect(till.page.get_by_role("alert").filter(has_text="etwork").first).to_be_visible()
    till.meets(phone)
    expect(till.page.locator("[data-slot=birthday]")).to_be_hidden()
    till.context.set_offline(False)


@pytest.mark.slow
def test_no_screen_of_the_day_keeps_anybody_out(
    browser: Browser, till: TillPage, office: Office, house: House
) -> None:
    _, phone = born(office, "Gil")
    page = till.page
    till.meets(phone)
    page.get_by_role("button", name="Benefits and appointments").click()
    page.get_by_role("button", name="A cut with Samira").click()
    page.locator("input[name=time]").nth(4).check()
    page.get_by_role("button", name="Book it").click()
    till.at("member")
    page.locator("[data-slot=booked-today] button").click()
    found: list[str] = []
    for screen in ("member", "included", "booking", "use"):
        till.shows(screen)
        if screen == "member":
            expect(page.locator("[data-slot=booked-today] button")).to_be_visible()
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                found += [f"{screen} {theme} {width}: {one}" for one in barriers(page)]
                wider = overflows(page)
                found += [f"{screen} {width}: {wider} px wider"] if wider else []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1024, "height": 768})
    assert found == []


def test_whoever_is_here_for_an_event_is_let_in_and_without_network_it_says_what_to_do(
    browser: Browser, till: TillPage, office: Office
) -> None:
    begins = datetime.now(UTC) + timedelta(hours=1)
    told = {
        "name": "Tasting", "says": {"en": "We taste."}, "begins_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=2)).isoformat(), "capacity": 5,
    }  # fmt: skip
    office.http.put("/v1/gatherings/tasting", json=told).raise_for_status()
    _, phone = office.joined("Cem")
    till.meets(phone)
    part = till.page.locator("[data-slot=doors-part]")
    part.get_by_role("button", name="Tasting").click()
    expect(part).to_contain_text("They are here")
    expect(part.locator("button")).to_have_count(0)
    assert barriers(till.page) == []
    till.context.set_offline(True)
    till.meets(phone)
    expect(part).to_contain_text("Without network nobody is checked in here")
    till.context.set_offline(False)
    office.http.put("/v1/gatherings/tasting", json=told | {"state": "cancelled"}).raise_for_status()
