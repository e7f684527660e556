"""The till as cashiers use it, in a real browser: with the network, without, and as it breaks."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect
from tests.browser.conftest import ASIDE
from tests.browser.house import THEMES, WIDTHS, House, barriers, looking, overflows
from tests.browser.till.counter import Office, TillPage
from tests.browser.till.walk import screens

from regulars.surfaces.in_words.refusals import by_code
from regulars.surfaces.ui.reader import Reader

RECORDS = "**/v1/till/records"


@pytest.mark.in_turns(2)
def test_points_are_given_with_a_preview_and_taken_back(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    page = till.page
    till.shows("identify")
    for digit in "0" + phone.removeprefix("+49"):
        page.locator(f"[data-key='{digit}']").click()
    page.get_by_role("button", name="Find", exact=True).click()
    till.at("member")
    expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    page.get_by_role("button", name="Give points").click()
    for key in ("5", "00"):
        page.locator(f"[data-money='{key}']").click()
    expect(page.locator(".preview .sum")).to_contain_text("+")
    page.get_by_role("button", name="Give points").dblclick()
    till.at("earned")
    expect(page.locator("[data-slot=balance]")).to_contain_text("Balance")
    assert office.sold(ada) == [500], "touched twice, given once"
    given = office.has(ada)
    assert given > 0
    page.get_by_role("button", name="Undo").click()
    till.at("identify")
    assert office.has(ada) == 0


def test_a_scanner_finds_from_anywhere_and_types_no_amount(
    browser: Browser, till: TillPage, office: Office
) -> None:
    _, phone = office.joined("Bo")
    _, other = office.joined("Cem")
    till.meets(phone)
    till.shows("earn")
    till.scans(other)
    till.at("member")
    expect(till.page.get_by_role("heading", name="Cem")).to_be_visible()
    till.shows("earn")
    assert till.page.locator("#amount").input_value() == "0"


def test_a_reward_is_handed_over_and_who_is_new_joins(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    till.sells(phone, "50000")
    before = office.has(ada)
    till.meets(phone)
    page = till.page
    page.get_by_role("button", name="Redeem").click()
    page.locator(".tile:not(:disabled)").first.click()
    till.at("sure")
    expect(page.locator("[data-slot=before]")).to_contain_text(f"{before:,}")
    cost = int(re.sub(r"\D", "", page.locator("[data-slot=price]").inner_text()))
    page.get_by_role("button", name="Hand it over").dblclick()
    till.at("earned")
    assert office.has(ada) == before - cost
    till.shows("identify")
    page.locator("#typed").fill("030 99 88 77 66")
    page.get_by_role("button", name="Find", exact=True).click()
    till.at("unknown")
    page.get_by_role("button", name="Join with it").click()
    expect(page.get_by_label("Phone")).to_have_value("030 99 88 77 66")
    page.get_by_label("First name").fill("Dana")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Join").click()
    till.at("member")
    expect(page.get_by_role("heading", name="Dana")).to_be_visible()
    till.shows("names")
    page.get_by_label("How the first name begins").fill("Dan")
    page.keyboard.press("Enter")
    page.locator("[data-slot=found] button").first.click()
    till.at("member")


def test_a_price_that_changed_since_it_was_shown_is_shown_and_not_taken(
    till: TillPage, office: Office
) -> None:
    gus, phone = office.joined("Gus")
    till.sells(phone, "50000")
    before, page = office.has(gus), till.page

    def cheaper(route: Route) -> None:
        told = route.fetch().json()
        for one in told["rewards"]:
            one["price"] = {name: units - 1 for name, units in one["price"].items()}
        route.fulfill(status=200, content_type="application/json", body=json.dumps(told))

    till.shows("identify")
    page.route("**/standing*", cheaper, times=1)
    till.meets(phone)
    page.get_by_role("button", name="Redeem").click()
    page.locator(".tile:not(:disabled)").first.click()
    till.at("sure")
    said = int(re.sub(r"\D", "", page.locator("[data-slot=price]").inner_text()))
    page.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_role("alert").filter(has_text="another price")).to_be_visible()
    till.at("redeem")
    assert office.has(gus) == before
    page.locator(".tile:not(:disabled)").first.click()
    till.at("sure")
    page.get_by_role("button", name="Hand it over").click()
    till.at("earned")
    assert office.has(gus) == before - said - 1


def test_all_of_it_by_keyboard_alone(browser: Browser, till: TillPage, office: Office) -> None:
    ada, phone = office.joined("Ada")
    till.shows("identify")
    page, press = till.page, till.page.keyboard.press
    page.locator("#typed").focus()
    page.keyboard.type(phone, delay=70)
    press("Enter")
    till.at("member")
    for _ in range(12):
        if page.evaluate("document.activeElement.dataset.go") == "earn":
            break
        press("Tab")
    press("Enter")
    till.at("earn")
    page.keyboard.type("725", delay=70)
    page.locator("summary").focus()
    press("Enter")
    press("Tab")
    page.keyboard.type("R-77", delay=70)
    page.locator("[data-act=earn] .button").focus()
    press("Enter")
    till.at("earned")
    assert office.sold(ada) == [725]
    till.shows("give-back")
    page.locator("#back-receipt").focus()
    page.keyboard.type("R-77", delay=70)
    press("Enter")
    till.at("back")
    expect(page.locator(".preview .sum")).to_contain_text("−")
    for _ in range(16):  # past the number pad, where a part of the amount would be typed
        press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Take it back":
            break
    press("Enter")
    till.at("identify")
    assert office.has(ada) == 0


def test_cut_off_nothing_is_lost_and_nothing_happens_twice(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    page = till.page
    till.meets(phone)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    till.context.set_offline(True)
    try:
        page.reload()
        till.at("identify")
        for cents in ("5", "7"):
            till.sells(phone, cents + "00")
            expect(page.locator("main h1")).to_contain_text("Kept")
            page.reload()
            till.at("identify")
        assert till.waits() == 2
        expect(page.locator("#offline")).to_contain_text("2 recorded here")
        till.shows("join")
        page.get_by_label("Phone").fill("030 55 44 33 22")
        page.get_by_label("First name").fill("Eva")
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Join").click()
        till.at("member")
        page.reload()
        till.at("identify")
        till.sells("+493055443322", "900")
        till.shows("shift")
        page.get_by_role("button", name="Unpair this device").click()
        expect(page.locator(".toast").last).to_contain_text("4 records")
        till.at("shift")
    finally:
        till.context.set_offline(False)
    till.handed_in()
    assert office.sold(ada) == [500, 700]
    eva = office.http.get("/v1/members", params={"phone": "+493055443322"}).json()["items"][0]
    assert office.sold(eva["id"]) == [900]
    expect(page.locator("main [data-slot=notes-part]")).to_be_hidden()


def test_a_line_cut_before_or_after_it_was_heard(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, phone = office.joined("Ada")

    def before(route: Route) -> None:
        route.abort()

    def after(route: Route) -> None:
        route.fetch()
        route.abort()

    for number, cut in enumerate((before, after), 1):
        till.page.route(RECORDS, cut, times=1)
        till.sells(phone, f"{number}00")
        expect(till.page.locator("main h1")).to_contain_text("Kept")
        if cut is after:
            till.page.reload()
            till.at("identify")
        till.handed_in()
    assert office.sold(ada) == [100, 200]


def test_two_pages_of_one_device_take_turns(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, _ = office.joined("Ada")
    other = till.opened()
    till.at("identify", other)
    for page in (till.page, other):
        page.evaluate(
            """async ([id, n]) => {
              const at = (name) => document.querySelector('script[type=module]').src
                .replace('app.js', name);
              const { record } = await import(at('device.js'));
              const one = (k) => record('activity', {kind: 'purchase', member: {id},
                channel: 'till', amount: {minor: n + k, currency: 'EUR'}});
              window.made = Promise.all([1, 2, 3, 4].map(one));
            }""",
            [ada, 100 if page is other else 200],
        )
    for page in (till.page, other):
        page.evaluate("window.made.then(() => true)")
    other.close()
    till.handed_in()
    assert sorted(office.sold(ada)) == [101, 102, 103, 104, 201, 202, 203, 204]


def test_a_clock_that_is_a_year_off(browser: Browser, house: House, office: Office) -> None:
    ada, phone = office.joined("Ada")
    late = TillPage(browser, house)
    late.page.clock.install(time="2025-10-01T10:00:00")
    late.page.reload()
    late.paired(office.code())
    late.sells(phone, "400")
    expect(late.page.locator("[data-slot=balance]")).to_contain_text("Balance")
    year = house.do(
        lambda counter: counter.shop.rows(
            "select extract(year from occurred_at)::int - extract(year from now())::int"
            " from activity where program_id = $1 and member_id = $2::uuid",
            ada.removeprefix("mem_"),
        )
    )
    assert [row[0] for row in year] == [0]
    late.closed()


COPY = """async () => {
  const { read, all } = await import(
    document.querySelector('script[type=module]').src.replace('app.js', 'keep.js'));
  window.old = await read('device', 'chain');
}"""
PUT_BACK = """async () => {
  const { write } = await import(
    document.querySelector('script[type=module]').src.replace('app.js', 'keep.js'));
  await write('device', window.old, 'chain');
}"""


def test_an_old_copy_put_back_is_found_and_the_till_rests(
    browser: Browser, house: House, office: Office
) -> None:
    ada, phone = office.joined("Ada")
    copy = TillPage(browser, house).paired(office.code())
    page = copy.page
    page.evaluate(COPY)
    copy.sells(phone, "100")
    page.evaluate(PUT_BACK)
    copy.shows("identify")
    copy.meets(phone)
    page.get_by_role("button", name="Give points").click()
    page.locator("[data-money='9']").click()
    page.get_by_role("button", name="Give points").click()
    copy.at("ended")
    expect(page.locator("main [data-slot=says]")).to_contain_text("old copy")
    page.reload()
    copy.at("ended")
    assert office.sold(ada) == [100]
    copy.closed()


@pytest.fixture(scope="module")
def locked(browser: Browser, house: House, office: Office) -> Iterator[TillPage]:
    """A till of a store where cashiers have PINs; the last test may leave it suspended."""
    made = ASIDE.submit(lambda: TillPage(browser, house)).result()
    yield made
    ASIDE.submit(made.closed).result()


def unlock(till: TillPage, pin: str) -> None:
    till.at("locked")
    for digit in pin:
        till.page.locator(f"[data-key='{digit}']").click()
    till.page.get_by_role("button", name="Take over").click()


def test_a_cashier_takes_over_by_their_pin_with_the_network_and_without(
    browser: Browser, locked: TillPage, office: Office
) -> None:
    mia = office.cashier("north", "2718")
    page = locked.page
    page.get_by_label("Code").fill(office.code("north"))
    page.get_by_role("button", name="Pair").click()
    unlock(locked, "9999")
    expect(page.get_by_role("alert").filter(has_text="does not fit")).to_be_visible()
    unlock(locked, "2718")
    locked.at("identify")
    expect(page.locator("#bar [data-slot=cashier]")).to_have_text(mia.name)
    ada, phone = office.joined("Ada")
    locked.sells(phone, "500")
    assert office.actors(ada)[0].startswith(f"{mia.principal} til_")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    locked.shows("shift")
    page.get_by_role("button", name="Lock the till").click()
    locked.at("locked")
    locked.context.set_offline(True)
    try:
        page.reload()
        unlock(locked, "9999")
        expect(page.get_by_role("alert").filter(has_text="does not fit")).to_be_visible()
        unlock(locked, "2718")
        locked.sells(phone, "700")
    finally:
        locked.context.set_offline(False)
    locked.handed_in()
    assert [one.partition(" ")[0] for one in office.actors(ada)] == [mia.principal] * 2


def test_a_till_that_nobody_touches_says_so_and_locks(
    browser: Browser, locked: TillPage, office: Office
) -> None:
    page = locked.page
    page.clock.install()
    page.reload()
    locked.at("identify")
    page.clock.fast_forward("09:35")
    expect(page.locator("#soon")).to_contain_text("locks in")
    page.keyboard.press("Tab")
    expect(page.locator("#soon")).to_be_hidden()
    page.clock.fast_forward("09:35")
    page.clock.fast_forward("00:40")
    locked.at("locked")
    locked.page.evaluate("document.querySelector('[data-go=shift]').click()")
    locked.at("locked")


def test_the_changing_code_of_a_card_is_proof_and_no_picture_of_it(
    browser: Browser, till: TillPage, office: Office
) -> None:
    ada, _ = office.joined("Ada")
    till.shows("identify")
    code = office.card_code(ada)
    till.scans(code)
    till.at("member")
    expect(till.page.locator("[data-slot=as-of]")).to_contain_text("The card was shown")
    till.shows("identify")
    till.scans(code)
    expect(till.page.locator(".toast").last).to_contain_text("taken already")
    till.shows("identify")
    till.scans("RG1:" + "A" * 40)
    expect(till.page.locator(".toast").last).to_contain_text("This code is over")


def _seen(till: TillPage, phone: str, widths: tuple[int, ...], *, axe: bool) -> dict[str, object]:
    """What is wrong with each screen at each width."""
    found: dict[str, object] = {}
    for screen in screens(till, phone):
        for width in widths:
            till.page.set_viewport_size({"width": width, "height": 900})
            seen = (barriers(till.page) if axe else [], overflows(till.page))
            if seen != ([], 0):
                found[f"{screen} at {width}"] = seen
    return found


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("theme", THEMES)
def test_no_screen_of_the_till_keeps_anybody_out(
    browser: Browser, till: TillPage, office: Office, theme: str
) -> None:
    _, phone = office.joined("Ada")
    till.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    # In the dark other colours come and nothing else: one width shows them, the night all.
    widths = WIDTHS if theme == "light" else WIDTHS[-1:]
    assert _seen(till, phone, widths, axe=True) == {}
    with looking(browser, color_scheme=theme) as fresh:
        fresh.goto(f"{till.address}/till/")
        till.at("pair", fresh)
        for width in widths:
            fresh.set_viewport_size({"width": width, "height": 900})
            assert (barriers(fresh), overflows(fresh)) == ([], 0)


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("language", ["de", "ar", "en-XA"])
def test_the_till_has_room_for_every_language(
    browser: Browser, till: TillPage, office: Office, language: str
) -> None:
    _, phone = office.joined("Maximiliane")
    till.speaks(language)
    assert till.page.locator("html").get_attribute("lang") == language
    till.at("identify")
    # The page says a refusal by its code as the server would.
    facts = {"limit": 1250, "wallet": "nothing"}
    say = """async (facts) => {
      const near = document.querySelector("script[type=module]").src;
      return (await import(new URL("say.js", near))).noOf("above_limit", facts);
    }"""
    if language != "ar":
        assert till.page.evaluate(say, facts) == by_code(Reader(language), "above_limit", facts)
    assert _seen(till, phone, (320, 768, 1024), axe=False) == {}


PROMISES_NOTICE = """async () => {
  const { shop } = await import(document.querySelector("script[type=module]").src);
  for (const one of shop.wallets) one.notice = true;
}"""


def test_what_the_till_says_of_points_that_lapse_was_shown(till: TillPage, office: Office) -> None:
    till.speaks("en")
    _, phone = office.joined("Ada")
    till.sells(phone, "500")
    till.page.evaluate(PROMISES_NOTICE)
    said = {"wallet": "points", "kind": "expiry_notice", "delivered_at": None}
    lying = [
        said | {"id": "msg_now", "lapses_at": "2020-01-01T00:00:00Z"},
        said | {"id": "msg_later", "lapses_at": "2999-01-01T00:00:00Z"},
        said | {"id": "msg_idle", "kind": "idle_notice", "lapses_at": "2020-01-01T00:00:00Z"},
        said | {"id": "msg_known", "lapses_at": "2020-01-01T00:00:00Z", "delivered_at": "2020"},
    ]
    page, told = till.page, []

    def hears(route: Route) -> None:
        told.append((route.request.url.rpartition("/v1/")[2], route.request.post_data_json))
        route.fulfill(json={})

    page.route("**/messages?*", lambda route: route.fulfill(json={"items": lying}))
    page.route("**/delivered", hears)
    with page.expect_response("**/delivered"):
        till.meets(phone)
    expect(page.locator("[data-slot=lapses]")).to_contain_text("expire after")
    assert told == [("messages/msg_now/delivered", {"by": "till"})]
    page.unroute("**/messages?*")
    page.unroute("**/delivered")
