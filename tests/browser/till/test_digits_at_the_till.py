"""Something dear is handed over to who reads out the digits that were sent to them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import House, barriers, looking, opened, overflows
from tests.browser.test_console import signs_in
from tests.browser.till.counter import Office, TillPage
from tests.surfaces.console.browser import somebody

from regulars.base.keyed import key_from
from regulars.records.access.members.spelling import code_of
from regulars.runtime.working.senders import USE

pytestmark = pytest.mark.in_turns(2, 0)
LOOKS = (("light", 320, "de"), ("dark", 1280, "ar"), ("light", 1024, "en"))


@pytest.fixture(scope="module")
def house(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Office supplies, with a sender for letters that nobody waits for."""
    home: Path = tmp_path_factory.mktemp("home")
    told = {"REGULARS_SMTP_HOST": "127.0.0.1", "REGULARS_SMTP_FROM": "us@example.org"}
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    with opened(database, home, "office-supplies") as shop:
        yield shop
    for name, was in before.items():
        if was is None:
            del os.environ[name]
        else:
            os.environ[name] = was


def digits(office: Office) -> str:
    """The code that was sent last, as the member reads it."""
    rows = office.house.do(
        lambda counter: counter.shop.rows(
            "select code_id from sign_in_code where program_id = $1 order by recorded_at desc"
        )
    )
    secret = (office.house.home / "secrets" / "signing_key").read_text().strip()
    return code_of(key_from(secret.encode(), USE), UUID(str(rows[0][0])))


def test_a_shredder_goes_to_who_reads_out_what_was_sent(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    link = {"link": [{"kind": "email", "value": "ada@example.org"}]}
    office.http.post(f"/v1/members/{ada}/identifiers", json=link).raise_for_status()
    told = {"kind": "purchase", "source": "pos-1", "external_id": "D-1", "member": {"id": ada},
            "amount": {"minor": 700_000, "currency": "EUR"}}  # fmt: skip
    office.http.post("/v1/activities", json=told).raise_for_status()
    page = till.page
    till.speaks("en")
    till.meets(phone)
    page.get_by_role("button", name="Redeem").click()
    till.at("redeem")
    page.get_by_role("button", name="shredder").click()
    till.at("sure")
    page.get_by_role("button", name="Hand it over").click()
    till.at("proof")
    expect(page.locator("#proof-code")).to_be_hidden()
    page.get_by_role("button", name="Send a code").click()
    expect(page.get_by_text("A code went to a··.")).to_be_visible()
    assert (barriers(page), overflows(page)) == ([], 0)
    right = digits(office)
    page.locator("#proof-code").fill(str((int(right) + 1) % 10**6).rjust(6, "0"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="not the digits")).to_be_visible()
    assert office.has(ada) == 7_000
    for key in right:
        page.locator(f"[data-key='{key}']").click()
    page.get_by_role("button", name="Hand it over").click()
    till.at("earned")
    assert office.has(ada) == 1_000


@pytest.mark.parametrize(("theme", "width", "language"), LOOKS)
def test_its_screen_reads_well_everywhere(
    browser: Browser, till: TillPage, office: Office, theme: Any, width: int, language: str
) -> None:
    page = till.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    till.speaks(language)
    page.evaluate(
        "() => { document.querySelector('main').replaceChildren(document.querySelector('#proof')"
        ".content.cloneNode(true)); for (const one of document.querySelectorAll('main [data-slot="
        "sent], main [data-slot=digits]')) one.hidden = false; }"
    )
    assert (barriers(page), overflows(page)) == ([], 0)
    if folder := os.environ.get("REGULARS_TESTS_PICTURES"):
        page.screenshot(path=f"{folder}/proof-{theme}-{width}-{language}.png")


def test_whoever_is_served_is_asked_whether_we_may_write_and_how_it_was(
    till: TillPage, office: Office
) -> None:
    """The question goes to their address and gives nothing by itself; the slip bears a square."""
    bo, phone = office.joined("Bo")
    link = {"link": [{"kind": "email", "value": "bo@example.org"}]}
    office.http.post(f"/v1/members/{bo}/identifiers", json=link).raise_for_status()
    asks = {"name": "Slip", "kind": "csat", "asks": {"en": "How was it?"}, "questions": [],
            "thanks": {"en": "Thanks"}}  # fmt: skip
    office.http.put("/v1/surveys/receipt", json=asks).raise_for_status()
    page = till.page
    till.speaks("en")
    till.meets(phone)
    page.get_by_role("button", name="May we write to them?").click()
    expect(page.locator(".toast").last).to_contain_text("b··")
    said = office.house.do(lambda counter: counter.shop.rows(_SAID, bo.removeprefix("mem_")))
    assert (said, len(digits(office))) == ([(0,)], 6), "a question went out, and nothing is given"
    till.sells(phone, "1250")
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    page.get_by_role("button", name="Print a slip").click()
    page.wait_for_function("() => window.printed")
    page.emulate_media(media="print")
    square = page.locator("[data-slot=ask] img")
    expect(square).to_be_visible()
    assert square.evaluate("(img) => img.naturalWidth") > 0
    expect(page.get_by_text("How was it? Scan and tell us.")).to_be_visible()
    box, width = square.bounding_box(), page.evaluate("() => document.body.clientWidth")
    assert box is not None
    assert abs(box["x"] + box["width"] / 2 - width / 2) < 2, "in the middle, as the words are"
    if folder := os.environ.get("REGULARS_TESTS_PICTURES"):
        page.screenshot(path=f"{folder}/slip.png")


def test_staff_ask_on_the_members_page_whether_we_may_write(
    browser: Browser, office: Office, house: House
) -> None:
    cy, _ = office.joined("Cy")
    link = {"link": [{"kind": "email", "value": "cy@example.org"}]}
    office.http.post(f"/v1/members/{cy}/identifiers", json=link).raise_for_status()
    email = house.do(lambda counter: somebody(counter, "manager").email)
    with looking(browser) as page:
        signs_in(page, house, email)
        page.goto(f"{house.address}/console/members/{cy}#consents")
        page.get_by_role("button", name="Ask whether we may write").first.click(timeout=8_000)
        expect(page.locator("#consents").locator("..")).to_contain_text("waits for their yes")
        assert page.get_by_role("button", name="Ask whether we may write").count() == 0
        if folder := os.environ.get("REGULARS_TESTS_PICTURES"):
            page.screenshot(path=f"{folder}/asked.png")


_SAID = "select count(*)::int from consent where program_id = $1 and member_id = $2::uuid"
