"""The rest of the till: pieces come back, a purchase is credited late, a manager says yes, a guest
has a view of their own, and a square is read where the browser has no reader."""

from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
import segno
from playwright.sync_api import Browser, Page, expect
from tests.browser.house import House, barriers, overflows
from tests.browser.till.counter import STORE, Office, TillPage
from tests.flows.members.staff.people import HOUSE, hires, settles
from tests.surfaces.counter import Counter

from regulars.flows.access.commands import ChangeSetting, SetPin
from regulars.records.access.staff.passwords import kept_form

pytestmark = pytest.mark.in_turns(2, 1)
REDEEMS = "**/v1/till/redemptions"
LOOKS = (("light", 320, True), ("dark", 1280, True), ("light", 768, False))


def bought(office: Office, receipt: str, member: str | None) -> None:
    """Three cups and two croissants, told by the shop's own till system."""
    lines = [("Latte", 3, 1200), ("Croissant", 2, 500)]
    body: dict[str, Any] = {
        "kind": "purchase",
        "source": "pos-1",
        "external_id": receipt,
        "lines": [
            {"name": name, "quantity": n, "amount": {"minor": minor, "currency": "EUR"}}
            for name, n, minor in lines
        ],
    }
    answer = office.http.post(
        "/v1/activities", json=body | ({"member": {"id": member}} if member else {})
    )
    assert answer.status_code == 201, answer.text


def test_pieces_come_back_by_keyboard_with_their_points_told_before(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    bought(office, "P-1", ada)
    page, press = till.page, till.page.keyboard.press
    before = office.has(ada)
    till.meets(phone)
    page.locator("[data-go=sales]").focus()
    press("Enter")
    till.at("sales")
    page.locator("[data-slot=sales] button").first.focus()
    press("Enter")
    till.at("back")
    expect(page.get_by_text("Choose what comes back.")).to_be_visible()
    page.get_by_role("button", name="One more of Latte").focus()
    press("Enter")
    press("Enter")
    expect(page.locator(".preview .sum").first).to_have_text("−8 Points")
    page.get_by_role("button", name="Take it back").focus()
    press("Enter")
    till.at("member")
    assert office.has(ada) == before - 8
    till.shows("give-back")
    page.get_by_label("Receipt number").fill("nothing-has-it")
    press("Enter")
    expect(
        page.get_by_role("alert").filter(has_text="No purchase has this receipt")
    ).to_be_visible()
    page.get_by_label("Receipt number").fill("P-1")
    press("Enter")
    till.at("back")
    expect(page.locator(".steps output").first).to_have_text("0 of 1")
    page.get_by_role("button", name="All of it").click()
    expect(page.locator(".preview .sum").first).to_have_text("−9 Points")
    page.get_by_role("button", name="Take it back").click()
    till.at("identify")
    assert office.has(ada) == 0


def test_a_forgotten_telephone_is_credited_also_without_the_network(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    page = till.page
    bought(office, "N-1", None)
    till.meets(phone)
    page.get_by_role("button", name="Credit an earlier purchase").click()
    till.at("credit")
    page.get_by_label("Receipt number").fill("N-1")
    page.keyboard.press("Enter")
    expect(page.locator(".preview .sum").first).to_have_text("+17 Points")
    page.keyboard.press("Enter")
    till.at("member")
    assert office.has(ada) == 17
    till.shows("credit")
    page.get_by_label("Receipt number").fill("N-1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("a member's already")).to_be_visible()
    expect(page.get_by_role("button", name="Credit it")).to_be_hidden()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    till.context.set_offline(True)
    try:
        page.get_by_label("Receipt number").fill("N-none")
        page.get_by_role("button", name="Find").click()
        expect(page.get_by_text("It is noted down")).to_be_visible()
        page.get_by_role("button", name="Credit it").click()
        expect(page.locator(".toast").last).to_contain_text("counted when the network is back")
        till.at("member")
        page.get_by_role("button", name="Return a purchase").click()
        expect(page.get_by_text("Without network only what this till sold")).to_be_visible()
        assert till.waits() == 1
    finally:
        till.context.set_offline(False)
    till.handed_in()
    expect(page.locator("[data-slot=notes]")).to_contain_text("No purchase has this receipt")
    assert office.has(ada) == 17


def second(till: TillPage) -> Page:
    """The guest's view, opened from the shift bar."""
    till.shows("shift")
    with till.context.expect_page() as opened:
        till.page.get_by_role("button", name="Show the guest's view").click()
    page = opened.value
    page.on("pageerror", lambda error: till.slips.append(str(error)))
    till.shows("identify")
    shows(page, "idle")
    return page


def shows(page: Page, screen: str) -> None:
    expect(page.locator(f"main[data-screen={screen}]")).to_be_visible()


def types(page: Page, digits: str) -> None:
    page.get_by_role("button", name="Type my number").click()
    shows(page, "pad")
    for digit in digits:
        page.locator(f"[data-key='{digit}']").click()
    page.get_by_role("button", name="That is me").click()


def test_a_guest_joins_chooses_and_leaves_nothing_on_the_glass(
    browser: Browser, till: TillPage, office: Office
) -> None:
    guest, page = second(till), till.page
    types(guest, "03077665544")
    till.at("unknown")
    shows(guest, "join")
    guest.get_by_label("First name, if you like").fill("Nora")
    guest.get_by_role("button", name="Join").click()
    shows(guest, "join")  # without their own word nobody joins
    assert office.http.get("/v1/members?phone=%2B493077665544").json()["items"] == []
    guest.get_by_role("checkbox").check()
    guest.get_by_role("button", name="Join").click()
    till.at("member")
    shows(guest, "card")
    expect(guest.get_by_role("heading", name="Hello, Nora")).to_be_visible()
    (nora,) = office.http.get("/v1/members?phone=%2B493077665544").json()["items"]
    till.sells("+493077665544", "50000")
    shows(guest, "thanks")
    till.shows("identify")
    shows(guest, "idle")
    assert "Nora" not in guest.content(), "who left is on no screen any more"
    types(guest, "03077665544")
    till.at("member")
    before = office.has(nora["id"])
    guest.locator(".tile").first.click()
    till.at("sure")
    page.get_by_role("button", name="Hand it over").click()
    till.at("earned")
    assert office.has(nora["id"]) < before
    till.shows("identify")
    till.context.set_offline(True)
    try:
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        guest.reload()
        shows(guest, "idle")
        types(guest, "03077665544")
        till.at("member")
        expect(guest.get_by_text("as last heard, without network")).to_be_visible()
    finally:
        till.context.set_offline(False)
    other = till.opened()  # another page of this browser tells this view nothing
    till.at("identify", other)
    expect(guest.get_by_role("heading", name="Hello, Nora")).to_be_visible()
    other.close()
    page.reload()
    till.at("identify")
    shows(guest, "idle")
    guest.close()


CAMERA = """([picture]) => {
  delete globalThis.BarcodeDetector;
  navigator.mediaDevices.getUserMedia = async () => {
    if (!picture) throw new DOMException('none', 'NotFoundError');
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const paper = canvas.getContext('2d');
    const image = new Image();
    image.src = picture;
    await image.decode();
    window.filming = setInterval(() => {
      paper.fillStyle = '#bbb';
      paper.fillRect(0, 0, 640, 480);
      paper.setTransform(1, 0.08, -0.06, 1, 150, 40);
      paper.drawImage(image, 0, 0, 360, 360);
      paper.resetTransform();
    }, 60);
    return canvas.captureStream(15);
  };
}"""


def test_a_square_is_read_where_the_browser_has_no_reader(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, _ = office.joined("Ada")
    page = till.page
    drawn = BytesIO()
    segno.make(office.card_code(ada), error="m", micro=False).save(
        drawn, kind="png", scale=8, border=4
    )
    picture = "data:image/png;base64," + b64encode(drawn.getvalue()).decode()
    page.evaluate(CAMERA, [picture])
    till.shows("identify")
    page.get_by_role("button", name="Scan a code").click()
    till.at("member")
    expect(page.locator("[data-slot=as-of]")).to_contain_text("The card was shown")
    page.evaluate("clearInterval(window.filming)")
    kept = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) =>"
        " (await (await caches.open(name)).keys()).map((one) => one.url)))).flat()"
        ".filter((url) => url.endsWith('/vendor/jsqr.js')).length"
    )
    assert kept == 1, "it is here when the network is not"
    page.evaluate(CAMERA, [""])
    till.shows("identify")
    page.get_by_role("button", name="Scan a code").click()
    expect(page.get_by_role("status").filter(has_text="camera cannot be used")).to_be_visible()
    page.get_by_role("button", name="Type it instead").click()
    till.at("identify")


def test_no_further_screen_keeps_anybody_out(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Maximiliane")
    bought(office, "S-1", ada)
    guest, found = second(till), {}

    def look(page: Page, name: str) -> None:
        for theme, width, axe in LOOKS:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 900})
            seen = (barriers(page) if axe else [], overflows(page))
            if seen != ([], 0):
                found[f"{name} {theme} {width}"] = seen

    look(guest, "guest idle")
    guest.get_by_role("button", name="Type my number").click()
    look(guest, "guest pad")
    guest.get_by_role("button", name="Not now").click()
    types(guest, "03011223344")
    shows(guest, "join")
    look(guest, "guest join")
    till.meets(phone)
    shows(guest, "card")
    look(guest, "guest card")
    guest.close()
    till.speaks("en-XA")
    till.meets(phone)
    for screen in ("sales", "credit", "give-back"):
        till.shows(screen)
        look(till.page, screen)
    till.page.locator("#back-receipt").fill("S-1")
    till.page.keyboard.press("Enter")
    till.at("back")
    look(till.page, "back")
    assert found == {}


def test_a_manager_says_yes_and_a_square_opens_a_card(
    browser: Browser, till: TillPage, office: Office, house: House
) -> None:
    ada, phone = office.joined("Ada")
    page = till.page
    till.speaks("en")
    till.sells(phone, "50000")
    before = office.has(ada)
    till.meets(phone)
    till.shows("link")
    expect(page.get_by_role("img", name="A square to scan")).to_be_visible()
    expect(page.locator("[data-slot=left]")).to_contain_text("once")

    def limits(counter: Counter) -> None:
        settles(counter.shop, ChangeSetting("redeem_limit", 1, HOUSE))
        boss = hires(counter.shop, "manager", stores=(STORE,))
        settles(counter.shop, SetPin(boss.staff_id, kept_form("161803", bytes(16)), HOUSE))

    house.do(limits)
    till.shows("shift")
    page.get_by_role("button", name="Hand in now").click()
    till.at("locked")
    page.locator("#pin").fill("161803")
    page.keyboard.press("Enter")
    till.at("identify")
    till.meets(phone)
    page.get_by_role("button", name="Redeem").click()
    page.locator(".tile:not(:disabled)").first.click()
    till.at("sure")
    page.get_by_role("button", name="Hand it over").click()
    till.at("approve")
    assert (barriers(page), overflows(page)) == ([], 0)
    page.locator("#approve-pin").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="does not fit")).to_be_visible()
    assert office.has(ada) == before
    # The yes is heard and its answer lost: asked again it is the same, however often.
    page.route(REDEEMS, lambda route: (route.fetch(), route.abort()), times=1)
    page.locator("#approve-pin").fill("161803")
    page.keyboard.press("Enter")
    till.at("redeem")
    taken = before - office.has(ada)
    assert taken > 0
    page.locator(".tile:not(:disabled)").first.click()
    till.at("sure")
    page.get_by_role("button", name="Hand it over").click()
    till.at("earned")  # it was said yes to, so nobody is asked again
    assert before - office.has(ada) == taken


def test_what_fails_touches_nobody_else(browser: Browser, till: TillPage, office: Office) -> None:
    ada, phone = office.joined("Ada")
    bo, other = office.joined("Bo")
    page = till.page
    till.speaks("en")
    told = {"kind": "purchase", "source": STORE, "external_id": "K-1", "store": STORE}
    body = told | {"member": {"id": bo}, "amount": {"minor": 900, "currency": "EUR"}}
    assert office.http.post("/v1/activities", json=body).status_code == 201
    has = office.has(bo)
    till.meets(phone)
    page.route("**/standing", lambda route: route.fulfill(status=500, json={}), times=1)
    till.scans(other)
    expect(page.locator(".toast").last).to_contain_text("That did not work")
    page.get_by_role("button", name="Give points").click()
    till.at("earn")
    page.locator("[data-money='5']").click()
    page.locator("summary").click()
    page.locator("#receipt").fill("K-1")
    page.get_by_role("button", name="Give points").click()
    till.at("earned")
    expect(page.get_by_role("heading")).to_contain_text("Not booked")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert (office.has(ada), office.has(bo)) == (0, has), "the receipt is somebody else's"
    till.shows("earn")
    page.locator("[data-money='00']").click()
    page.get_by_role("button", name="Give points").click()
    till.at("earned")
    assert (len(office.sold(ada)), office.has(bo)) == (1, has)


def test_a_part_of_an_amount_comes_back(browser: Browser, till: TillPage, office: Office) -> None:
    ada, _ = office.joined("Ada")
    bo, _ = office.joined("Bo")
    for member, source, minor in ((ada, "pos-1", 2000), (bo, "pos-2", 900)):
        told = {"kind": "purchase", "source": source, "external_id": "D-1"}
        body = told | {"member": {"id": member}, "amount": {"minor": minor, "currency": "EUR"}}
        assert office.http.post("/v1/activities", json=body).status_code == 201
    page = till.page
    till.speaks("en")
    had = office.has(bo)

    def finds(amount: str) -> None:
        till.shows("give-back")
        page.get_by_label("Receipt number").fill("D-1")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Several purchases have this receipt")).to_be_visible()
        page.get_by_role("button", name=amount).click()
        till.at("back")

    amount, preview = page.locator("[data-slot=amount]"), page.locator(".preview")
    finds("€20.00")
    expect(amount).to_have_text("€20.00")
    expect(preview).to_have_text("−20 Points")
    for digit in "75":
        page.locator(f"[data-money='{digit}']").click()
    page.locator("main").focus()
    page.keyboard.press("0")
    expect(amount).to_have_text("€7.50")
    expect(preview).to_have_text("−8 Points")
    for theme, width, axe in LOOKS:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        assert (barriers(page) if axe else [], overflows(page)) == ([], 0)
    page.get_by_role("button", name="Take it back").click()
    till.at("identify")
    assert (office.has(ada), office.has(bo)) == (12, had), "the other receipt is somebody else's"
    finds("€20.00")
    expect(amount).to_have_text("€12.50")
    for digit in ("2", "00", "0"):
        page.locator(f"[data-money='{digit}']").click()
    expect(preview).to_have_text("At most €12.50 can still come back.")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("alert").filter(has_text="At most")).to_be_visible()


def test_a_part_comes_back_without_the_network(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    page = till.page
    till.speaks("en")
    amount = page.locator("[data-slot=amount]")
    till.sells(phone, "600")
    till.context.set_offline(True)
    try:
        till.shows("give-back")
        page.get_by_role("button", name="€6.00").click()
        till.at("back")
        for digit in ("2", "00"):
            page.locator(f"[data-money='{digit}']").click()
        expect(amount).to_have_text("€2.00")
        page.get_by_role("button", name="Take it back").click()
        till.at("identify")
        till.shows("give-back")
        page.get_by_role("button", name="€6.00").click()
        till.at("back")
        expect(amount).to_have_text("€4.00")
        assert till.waits() == 1
    finally:
        till.context.set_offline(False)
    till.handed_in()
    assert office.has(ada) == 4
