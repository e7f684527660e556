"""The console as people use it: by keyboard alone, on a phone, in the dark, from right to left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.house import (
    NIGHTLY,
    SETTLES,
    THEMES,
    WIDTHS,
    House,
    barriers,
    looking,
    overflows,
)
from tests.surfaces.api.fuzz.scenes.telling.asking import SURVEY
from tests.surfaces.connect.woocommerce.shop import AT, Hook, WooShop
from tests.surfaces.console.browser import PASSWORD, somebody
from tests.surfaces.console.carrying import some_errands
from tests.surfaces.console.test_pages import together
from tests.surfaces.counter import Counter, coffee
from tests.turns import day, todays

from regulars.base.ids import id_of
from regulars.flows.membership.office.commands import BeginRound
from regulars.flows.membership.office.keep_rounds import begin_rounds
from regulars.flows.telling.hooks.plan_sendings import plan_sendings
from regulars.flows.telling.surveys.answer_surveys import answer_surveys
from regulars.flows.telling.surveys.commands import AnswerSurvey
from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
from regulars.flows.tills.commands import KeepStore
from regulars.flows.tills.keep_stores import keep_stores
from regulars.records.members.types import Asked
from regulars.records.program.templates import load_template
from regulars.runtime.working.rounds import Rounds
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.first.home import Glance
from regulars.surfaces.console.routes import pages

LOOKED_AFTER = """
with cares as (
    insert into benefit_associate (program_id, associate_id, member_id, benefit, staff_id, store,
                                   how, begun_at, begun_by, looked_at)
    values ($1, gen_random_uuid(), $2::uuid, 'host', $3::uuid, '', 'by_hand', '2020-01-01', 'mia',
            now()) returning 1
), wrote as (
    insert into line_word (program_id, line_id, member_id, way, says, written_at)
    values ($1, gen_random_uuid(), $2::uuid, 'inbox', 'Is it there?', now()) returning 1
), told as (
    insert into member_alert (program_id, alert_id, member_id, kind, shown, as_of, raised_at, sorts,
                              reasons)
    values ($1, gen_random_uuid(), $2::uuid, 'slipping', true, '2026-03-01', now(), '{days_away}',
            '[{"sort": "days_away", "have": 61, "usual": 19}]') returning 1
)
insert into line_task (program_id, task_id, member_id, staff_id, says, due_on, made_at)
select $1, gen_random_uuid(), $2::uuid, $3::uuid, 'Call about the coat', '2026-03-02', now()
  from cares, wrote, told
returning 1
"""
"""Whoever looks at the pages looks after the member, who wrote and stays away."""
TURN = "theme => { document.documentElement.dataset.theme = theme }"


@pytest.fixture(scope="module")
def lived_in(house: House) -> dict[str, Any]:
    """A member who bought something, a store, somebody to sign in as."""

    def fill(counter: Counter) -> dict[str, Any]:
        wish = {"url": "https://warehouse.example/in", "types": ["member.joined"]}
        hook_id = counter.post("/v1/webhooks", wish).json()["id"]
        member = counter.joined("4711")
        bought = counter.post("/v1/activities", coffee("4711", 3), idempotency_key="one")
        assert bought.status_code == 201, bought.text
        entries = counter.get(f"/v1/members/{member}/entries").json()["items"]
        owner = somebody(counter)
        counter.shop.ask(keep_stores, KeepStore("main", "somebody", name="Main Street"))
        kept = KeepDraft("autumn", load_template("coffee-shop"), 0, owner.principal)
        counter.shop.do(lambda tx, _: keep_draft(tx, kept))
        asked = Asked(owner.principal, "round")
        many = BeginRound("points", 1, "Goodwill", (addressed("mem", member),), asked=asked)
        (begun,) = counter.shop.do(lambda tx, terms: begin_rounds(tx, terms, [many]))
        planned = {
            "title": "Twice",
            "arms": [{"name": "as-ever", "parts": 1}, {"name": "twice", "parts": 1}],
        }
        counter.ask("PUT", "/v1/experiments/twice", planned)
        counter.post("/v1/experiments/twice/begin", {})
        told_to_many(counter, member, owner)
        assert counter.post("/v1/partners", {"slug": "stays", "name": "Stays"}).is_success
        assert counter.post("/v1/partners/stays/settlements", {"actor": "mia"}).is_success
        places = {
            "campaign": "spring",
            "offer": "more",
            "offer_choice": "best",
            "partner": "stays",
            "journey": "welcome",
            "code": "twice",
            "segment": "lately",
            "round_id": begun.round_id.hex,
            "reward": "free-coffee",
        }
        counter.shop.do(lambda tx, _: plan_sendings(tx))
        ((event,),) = counter.shop.rows("select event_id from hook_sending where program_id = $1")
        sender, web_shop = Hook(counter), WooShop()
        sender.asks(web_shop, AT)
        web_shop.pays(web_shop.order("1,00", "ada@example.org"))
        (arrival,) = sender.tell(web_shop.told[-1]).json()["ids"]
        sender.book()
        places |= {"inlet_id": sender.made["id"], "arrival_id": arrival}
        places["survey"] = unhappily_answered(counter, member)
        together(counter)
        counter.post("/v1/clubs/ours/members", {"member": {"id": member}, "shows": True})
        counter.post("/v1/gatherings/evening/seats", {"member": {"id": member}})
        story = {"kind": "story", "title": "My year", "text": "It was good."}
        counter.post("/v1/posts", {"member": {"id": member}, **story})
        places |= {"club": "ours", "gathering": "evening", "lesson": "evening"}
        places |= {"hook_id": hook_id, "event_id": f"evt_{event.hex}"}
        return {"member_id": member, "entry_id": entries[0]["id"], "number": "1",
                "name": "autumn", "store": "main", "staff_id": owner.staff_id.hex,
                "email": owner.email,
                **places, **some_errands(counter, house.home / "uploads", "autumn")}  # fmt: skip

    found: dict[str, Any] = house.do(fill)
    return found


def told_to_many(counter: Counter, member: str, owner: Any) -> None:
    """A segment, a campaign for it and a journey."""
    counter.shop.rows(LOOKED_AFTER, addressed("mem", member), owner.staff_id)
    lately = {"if": "last_seen", "before": 30}
    kept = counter.ask("PUT", "/v1/segments/lately", {"name": "Late", "condition": lately})
    assert kept.is_success, kept.text
    says = {"en": {"about": "Hi {{ member.given_name }}", "text": "You are missed."}}
    spring = {"name": "Spring", "segment": "lately", "channel": "email", "says": says}
    assert counter.ask("PUT", "/v1/campaigns/spring", spring).is_success
    gives = {"give": "bonus", "wallet": "points", "points": 5, "at_least": "10.00"}
    more = {"name": "More", "gives": gives, "says": {"en": "Five more"}, "days": 7}
    assert counter.ask("PUT", "/v1/offers/more", more | {"segment": "lately"}).is_success
    best = {"name": "Best", "segment": "lately", "offers": ["more"]}
    assert counter.ask("PUT", "/v1/offer-choices/best", best).is_success
    plan = {
        "begins": {"on": "joined"},
        "steps": [
            {"does": "message", "id": "hello", "channel": "email", "says": says},
            {"does": "wait", "id": "a-week", "days": 7, "until": "09:30"},
            {"does": "branch", "id": "here", "segment": "lately", "otherwise": "end"},
            {"does": "split", "id": "halves", "percent": 50, "otherwise": "end"},
            {"does": "stop", "id": "end"},
        ],
    }
    journey = {"name": "Welcome", "plan": plan}
    kept = counter.ask("PUT", "/v1/journeys/welcome", journey)
    assert kept.is_success, kept.text


def unhappily_answered(counter: Counter, member: str) -> str:
    """A survey that this member answered, who waits to be looked after."""
    counter.ask("PUT", "/v1/surveys/asks", SURVEY)
    asked = counter.post("/v1/surveys/asks/invitations", {"member": {"id": member}})
    told = id_of(bytes.fromhex(asked.json()["invitation_id"][4:]))
    counter.shop.ask(answer_surveys, AnswerSurvey(told, 3, {}, "en"))
    return "asks"


def signs_in(page: Page, house: House, email: str) -> None:
    """By keyboard alone: from the top of the page, with nothing but Tab, letters and Enter."""
    page.goto(house.address + "/console/sign-in")
    reach(page, "#email")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("How it goes")


def reach(page: Page, selector: str, most: int = 60) -> None:
    """Go on with Tab until this has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"nobody gets to {selector} by keyboard")


LANGUAGES = ["de", "ar"]


def addresses(places: dict[str, Any]) -> Iterator[str]:
    for one in pages(Glance()):
        path = one.path
        for name, value in places.items():
            path = path.replace(f"{{{name}:str}}", value)
        if (
            not path.endswith(("/figures", "/now", "/count", "/question", "/letter"))
            and "/entries/" not in path
        ):  # parts of pages, and what a shop wrote
            yield path


def too_pale(page: Page) -> list[str]:
    page.evaluate(SETTLES)
    found = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    return [
        f"{node['target'][0]} {node['any'][0]['data']}" for one in found for node in one["nodes"]
    ]


@pytest.mark.in_turns(2)
def test_points_are_given_by_keyboard_alone(
    browser: Browser, house: House, lived_in: dict[str, Any]
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, lived_in["email"])
        reach(page, "#q")
        page.keyboard.type("4711")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Ada")
        reach(page, "a[href$='/adjust']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Give or take points")
        reach(page, "#amount")
        page.keyboard.type("ten")
        reach(page, "#reason")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        reach(page, "main button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator("#amount-wrong")).to_be_visible()
        assert page.evaluate("document.activeElement.id") == "wrong"
        reach(page, "#amount")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("10")
        reach(page, "main button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator(".before-after")).to_contain_text("+10")
        page.wait_for_load_state()
        reach(page, "main button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator(".timeline")).to_contain_text("Adjusted by hand")


def goes(counter: Counter) -> None:
    """The worker goes through the rounds there are."""
    shop = counter.shop
    shop.run(Rounds(shop.database, counter.given.programs).go(shop.program_id, shop.now))


@pytest.mark.in_turns(2)
def test_a_list_is_narrowed_and_everybody_in_it_gets_points(
    browser: Browser, house: House, lived_in: dict[str, Any]
) -> None:
    house.do(goes)
    house.do(lambda counter: [counter.joined(f"narrow-{n}") for n in range(2)])
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, lived_in["email"])
        page.goto(house.address + "/console/members")
        page.locator("details.filters summary").first.click()
        page.fill("#points_to", "0")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator(".chip")).to_have_text(["At most 0 pointstake away"])
        expect(page.locator("tbody tr")).to_have_count(2)
        page.locator("tbody input[type=checkbox]").first.check()
        give = page.get_by_role("group", name="Give or take points")
        give.get_by_role("button", name="Of those ticked").click()
        expect(page.locator("header p")).to_have_text("For one member")
        page.go_back()
        give.get_by_role("button", name="Of all who match").click()
        expect(page.locator("header p")).to_contain_text("For 2 members")
        page.fill("#amount", "5")
        page.select_option("#reason", "Goodwill")
        page.get_by_role("button", name="See how it would be").click()
        expect(page.locator(".before-after")).to_contain_text("+10")
        page.get_by_role("button", name="Give points").click()
        expect(page.locator("#progress")).to_contain_text("Under way")
        house.do(goes)
        # It moves by itself, without being loaded again.
        expect(page.locator("#progress .badge")).to_have_text("Done", timeout=15_000)
        expect(page.locator("#progress")).to_contain_text("2 / 2")


def test_whoever_wants_to_leave_finds_the_way_without_scrolling(
    browser: Browser, house: House, lived_in: dict[str, Any]
) -> None:
    low = {"width": 1280, "height": 768}
    with looking(browser, reduced_motion="reduce", viewport=low) as page:
        signs_in(page, house, lived_in["email"])
        page.goto(house.address + "/console/members")
        expect(page.get_by_role("button", name="Sign out")).to_be_in_viewport(ratio=1)
        # What only connects other systems is folded, and open where one is in it.
        expect(page.get_by_role("link", name="Webhooks")).to_be_hidden()
        page.goto(house.address + "/console/webhooks")
        expect(page.locator(".full .places [aria-current]")).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollY") == 0


@pytest.mark.in_turns(2)
def test_two_become_one_and_one_is_erased(
    browser: Browser, house: House, lived_in: dict[str, Any]
) -> None:
    stays = house.do(lambda counter: counter.joined("one-a"))
    house.do(lambda counter: counter.joined("one-b"))
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, lived_in["email"])
        page.goto(f"{house.address}/console/members/{stays}")
        page.locator("details.more summary").click()
        page.get_by_role("link", name="Is the same as").click()
        page.fill("#with", "one-b")
        page.keyboard.press("Enter")
        expect(page.locator(".halves .sheet")).to_have_count(2)
        page.fill("#reason", "one person, two cards")
        page.get_by_role("button", name="Make them one").click()
        expect(page.locator(".notice.good")).to_contain_text("Both are one now")
        expect(page.locator(".facts")).to_contain_text("one-b")
        page.locator("details.more summary").click()
        with page.expect_download() as file:
            page.get_by_role("button", name="Their data as a file").click()
        assert file.value.suggested_filename == f"{stays}.json"
        page.get_by_role("link", name="Erase").click()
        page.fill("#name", "Somebody else")
        page.keyboard.press("Enter")
        expect(page.locator("#name-wrong")).to_be_visible()
        page.fill("#name", "Ada")
        page.get_by_role("button", name="Erase for good").click()
        expect(page.locator("header .badge")).to_have_text("Erased")


@pytest.mark.in_turns(2)
def test_nothing_keeps_anybody_out_of_any_page(
    browser: Browser, house: House, lived_in: dict[str, Any]
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, lived_in["email"])
        found: dict[str, Any] = {}
        # By day every fifth page, others each day.
        every = list(enumerate(addresses(lived_in)))
        for place, path in todays(every, 5):
            page.set_viewport_size({"width": 320, "height": 900})
            came = page.goto(house.address + path)
            assert came is not None
            assert came.ok, path
            if page.locator("[hx-trigger~='load']").count():  # parts of it come after the page
                page.wait_for_load_state("networkidle")
            # By day each page in one of them, its neighbour in the other.
            page.evaluate(TURN, THEMES[(place + (day() or 0)) % len(THEMES)])
            seen = barriers(page, everywhere=NIGHTLY)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                wide = overflows(page)
                seen += [f"{wide} too wide at {width}"] if wide else []
            for theme in THEMES if NIGHTLY else ():
                page.evaluate(TURN, theme)
                seen += [f"{theme}: {one}" for one in too_pale(page)]
            found[path] = seen
        assert {path: seen for path, seen in found.items() if seen} == {}


def test_who_wants_no_motion_sees_no_colour_travel(browser: Browser, house: House) -> None:
    """A length of next to nothing is a journey still, one picture long for each thing in another:
    until the last has arrived, dark letters stand on a dark page."""
    with looking(browser, reduced_motion="reduce") as page:
        page.goto(f"{house.address}/console/sign-in")
        begun = (
            "theme => { TURN; document.body.offsetWidth; return document.getAnimations().length }"
        )
        turned = begun.replace("TURN", "document.documentElement.dataset.theme = theme")
        assert [page.evaluate(turned, theme) for theme in THEMES] == [0] * len(THEMES)


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_room_for_every_language(
    browser: Browser, house: House, lived_in: dict[str, Any], language: str
) -> None:
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, lived_in["email"])
        found = {}
        # By day each page in one language, its neighbour in the other.
        apart = 1 if NIGHTLY else len(LANGUAGES)
        mine = list(addresses(lived_in))[LANGUAGES.index(language) % apart :: apart]
        for path in todays(mine, 5):
            page.goto(f"{house.address}{path}?lang={language}")
            assert page.locator("html").get_attribute("lang") == language
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                found[path, width] = overflows(page)
        assert {place: wide for place, wide in found.items() if wide} == {}


def test_a_long_address_breaks_on_a_telephone(
    browser: Browser, house: House, lived_in: dict[str, Any]
) -> None:
    long = {"kind": "email", "value": "hieronymus.oberhuberlindenau42@guests.example"}
    wish = {"identifiers": [long], "given_name": "Hieronymus"}
    joined = house.do(lambda counter: counter.post("/v1/members", wish))
    assert joined.status_code == 201, joined.text
    with looking(browser, reduced_motion="reduce") as page:
        signs_in(page, house, lived_in["email"])
        page.set_viewport_size({"width": 320, "height": 900})
        page.goto(f"{house.address}/console/members?lang=de")
        expect(page.get_by_text(long["value"])).to_be_visible()
        assert overflows(page) == 0
