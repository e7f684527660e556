"""Members who are one, who go, who want their data, who lost a card; and words beside them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from tests.makers import named
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.people.test_members import held, joined, wished
from tests.surfaces.counter import Counter, buys

from regulars.records.outbox.delivery.types import address_digest
from regulars.records.program.templates import load_template
from regulars.surfaces.api.strict.ids import addressed

_DID = "select did from staff_act where program_id = $1"
_KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, "owner").email)
    return browser


def acts(counter: Counter, did: str) -> list[str]:
    sql = "select about_id from staff_act where program_id = $1 and did = $2"
    return [about for (about,) in counter.shop.rows(sql, did)]


def test_two_records_are_compared_and_made_one(counter: Counter, owner: Browser) -> None:
    stays = joined(counter, "Marta", ("phone", "+4915155500001"))
    goes = joined(counter, "Martha", ("card", "88001"))
    for member, amount in ((stays, "30"), (goes, "12")):
        assert wished(owner, member, amount=amount, sure="yes").status_code == 303
    path = f"/console/members/{stays}/merge"
    assert "Nobody is known by this" in owner.get(f"{path}?with=99999").text
    assert "This is the same member" in owner.get(f"{path}?with=%2B4915155500001").text
    seen = owner.get(f"{path}?with=88001").text
    assert re.findall(r'name="(?:stays|goes)" value="([^"]+)"', seen) == [stays, goes]
    assert ">42<" in seen.partition('id="after"')[2]
    turned = owner.get(f"{path}?with=88001&turned=yes").text
    assert re.findall(r'name="(?:stays|goes)" value="([^"]+)"', turned) == [goes, stays]
    told = {"stays": stays, "goes": goes, "key": "merge-1", "reason": " "}
    refused = owner.post(f"{path}?with=88001", told)
    assert (refused.status_code, 'id="reason-wrong"' in refused.text) == (422, True)
    assert held(counter, stays) == 30
    for _ in range(2):
        done = owner.post(f"{path}?with=88001", told | {"reason": "one person"})
        assert done.headers["location"] == f"/console/members/{stays}?merged=yes"
    assert held(counter, stays) == 42
    assert acts(counter, "member.merged") == [addressed("mem", goes).hex]
    gone = owner.post(f"/console/members/{stays}/erase", {"name": "Marta Becker"})
    assert gone.status_code == 303, gone.text
    assert owner.get(f"/console/members/{stays}").status_code == 200
    assert owner.get(f"/console/members/{goes}").status_code == 200


def test_who_cannot_be_made_one_is_said_beside_the_form(counter: Counter, owner: Browser) -> None:
    one, other = (
        joined(counter, "Oda", ("card", "88002")),
        joined(counter, "Odo", ("card", "88003")),
    )
    blocked = {"reason": "a quarrel", "actor": "us"}
    assert counter.post(f"/v1/members/{other}/block", blocked).status_code == 200
    told = {"stays": one, "goes": other, "key": "merge-2", "reason": "one person"}
    answer = owner.post(f"/console/members/{one}/merge?with=88003", told)
    assert (answer.status_code, 'id="wrong"' in answer.text) == (422, True)
    assert "one person" in answer.text


def test_who_is_erased_is_named_first_and_is_nobody_then(counter: Counter, owner: Browser) -> None:
    member = joined(counter, "Gerda", ("phone", "+4915155500009"))
    path = f"/console/members/{member}"
    assert owner.post(f"{path}/notes", {"says": "likes the window"}).status_code == 303
    assert (
        owner.post(f"{path}/notes", {"says": "  "}).headers["location"].endswith("note=empty#notes")
    )
    page = owner.get(path).text
    assert "likes the window" in page
    answer = owner.post(f"{path}/file")
    assert answer.headers["content-type"] == "application/json"
    holds = json.loads(answer.content)["holds"]
    assert holds["member_note"][0]["says"] == "likes the window"
    assert "+4915155500009" in answer.text
    for typed in ("", "Gerda", "gerda becker"):
        wrong = owner.post(f"{path}/erase", {"name": typed})
        assert (wrong.status_code, 'id="name-wrong"' in wrong.text) == (422, True)
    assert counter.get(f"/v1/members/{member}").json()["state"] == "active"
    assert owner.post(f"{path}/erase", {"name": "Gerda Becker"}).status_code == 303
    page = owner.get(path).text
    assert "Gerda" not in page
    assert "likes the window" not in page
    assert counter.shop.rows("select says from member_note where program_id = $1") == []
    assert owner.post(f"{path}/notes", {"says": "gone"}).status_code == 410
    assert addressed("mem", member).hex in acts(counter, "member.erased")
    assert acts(counter, "members.taken") == [addressed("mem", member).hex]


_BOUNCES = """
insert into bounced_address (program_id, address, member_id, reason, bounced_at)
values ($1, $2, $3, '5.1.1 nobody there', now()) returning 1
"""


def test_letters_that_come_back_are_shown_until_somebody_is_sure(
    counter: Counter, owner: Browser
) -> None:
    member = joined(counter, "Mailo", ("email", "mailo@a.example"))
    path, id_ = f"/console/members/{member}", addressed("mem", member)
    assert "Letters come back" not in owner.get(path).text
    digest = address_digest(counter.given.keyed, "email", "mailo@a.example")
    assert counter.shop.rows(_BOUNCES, digest, id_) == [(1,)]
    page = owner.get(path).text
    assert "Letters come back" in page
    assert "5.1.1 nobody there" in page
    cashier = Browser(counter)
    cashier.sign_in(somebody(counter, "auditor").email)
    assert "Write to it again" not in cashier.get(path).text
    assert cashier.post(f"{path}/mail").status_code == 403
    assert "Letters come back" in owner.get(path).text
    for _ in range(2):
        assert owner.post(f"{path}/mail").status_code == 303
    assert "Letters come back" not in owner.get(path).text
    assert acts(counter, "address.confirmed") == [id_.hex]


_TOLD = """
insert into bounced_address (program_id, address, member_id, reason, bounced_at, kind, times)
values ($1, $2, $3, 'mailbox full', now(), $4, $5) returning 1
"""


def test_why_nothing_is_written_there_is_said(counter: Counter, owner: Browser) -> None:
    cases = [
        ("soft", 6, "Letters that failed for now: 6", False),
        ("complaint", 1, "Our e-mail was called unwanted", True),
        ("hard", 1, "Letters come back", True),
    ]
    for kind, times, says, asks in cases:
        mail = f"why-{kind}@a.example"
        member = joined(counter, f"Why{kind}", ("email", mail))
        digest = address_digest(counter.given.keyed, "email", mail)
        counter.shop.rows(_TOLD, digest, addressed("mem", member), kind, times)
        page = owner.get(f"/console/members/{member}").text
        shown = [each for _, _, each, _ in cases if each in page]
        assert (shown, "mailbox full" in page) == ([says], True)
        assert ("Write to it again" in page) is asks


def test_a_lost_card_is_replaced_and_whoever_finds_it_is_blocked(
    counter: Counter, owner: Browser
) -> None:
    member = joined(counter, "Lore", ("card", "88010"))
    other = joined(counter, "Lars", ("card", "88011"))
    path = f"/console/members/{member}/card"
    key = _KEY.search(owner.get(path).text)
    assert key is not None
    taken = owner.post(path, {"old": "88010", "new": "88011", "key": key[1]})
    assert (taken.status_code, 'id="new-wrong"' in taken.text) == (422, True)
    key = _KEY.search(taken.text)
    assert key is not None
    wrong = owner.post(path, {"old": "1", "new": "88012", "key": key[1]})
    assert (wrong.status_code, 'id="old-wrong"' in wrong.text) == (422, True)
    done = owner.post(path, {"old": "88010", "new": "88012", "key": key[1]})
    assert done.headers["location"] == f"/console/members/{member}"
    by_card = {card: counter.get(f"/v1/members?card={card}").json()["items"] for card in
               ("88010", "88011", "88012")}  # fmt: skip
    assert [one["id"] for one in by_card["88012"]] == [member]
    assert [one["id"] for one in by_card["88011"]] == [other]
    ((lost),) = by_card["88010"]
    assert (lost["id"] != member, lost["state"]) == (True, "blocked")


def test_the_timeline_shows_one_sort_alone_and_a_note_goes_again(
    counter: Counter, owner: Browser
) -> None:
    member = joined(counter, "Nils", ("card", "88020"))
    path = f"/console/members/{member}"
    assert wished(owner, member, amount="5", sure="yes").status_code == 303
    assert "Adjusted by hand" in owner.get(f"{path}?kind=by_hand").text
    assert "Nothing of this sort" in owner.get(f"{path}?kind=redeemed").text
    assert "Adjusted by hand" in owner.get(f"{path}?kind=nonsense").text
    assert owner.post(f"{path}/notes", {"says": "waits for a jacket"}).status_code == 303
    found = re.search(r"/notes/([0-9a-f]{32})/delete", owner.get(path).text)
    assert found is not None
    assert owner.post(f"{path}/notes/{found[1]}/delete").status_code == 303
    assert "waits for a jacket" not in owner.get(path).text
    assert "note.dropped" not in [did for (did,) in counter.shop.rows(_DID)]
    other = Browser(counter)
    other.sign_in(somebody(counter, "manager").email)
    assert owner.post(f"{path}/notes", {"says": "is owed a call"}).status_code == 303
    found = re.search(r"/notes/([0-9a-f]{32})/delete", other.get(path).text)
    assert found is not None
    assert other.post(f"{path}/notes/{found[1]}/delete").status_code == 303
    assert acts(counter, "note.dropped") == [addressed("mem", member).hex]


def test_activity_shows_the_latest_of_everybody_with_the_reason(
    counter: Counter, owner: Browser
) -> None:
    member = joined(counter, "Quirin", ("card", "88030"))
    assert wished(owner, member, amount="17", note="a long queue", sure="yes").status_code == 303
    page = owner.get("/console/activity")
    assert page.status_code == 200
    first = page.text.partition('<ol class="timeline')[2].partition("</li>")[0]
    assert "Quirin Becker" in first
    assert "+17" in first
    assert "Goodwill: a long queue" in first
    assert "Person" in first
    assert "Quirin" in owner.get("/console/activity?kind=by_hand&cursor=nonsense").text
    assert "Quirin" not in owner.get("/console/activity?kind=expired").text


def test_a_page_looked_at_as_a_version_comes_goes_by_that_version(
    counter: Counter, owner: Browser
) -> None:
    path = f"/console/members/{joined(counter, 'Nele', ('card', '88077'))}"
    assert "Tasting" not in owner.get(path).text
    tasting = "\nbenefits: [{id: tasting, name: Tasting with the roaster}]\n"
    ((slug,),) = counter.shop.rows("select slug from program where program_id = $1")
    counter.shop.publish(named(load_template("coffee-shop") + tasting, slug))  # by another process
    seen = owner.get(path)
    assert (seen.status_code, "Tasting with the roaster" in seen.text) == (200, True)


def test_a_benefit_for_the_web_shop_is_theirs_at_the_desk_too(
    counter: Counter, owner: Browser
) -> None:
    path = f"/console/members/{joined(counter, 'Orla', ('card', '88078'))}"
    ((slug,),) = counter.shop.rows("select slug from program where program_id = $1")
    prices = (
        "\nbenefits: [{id: prices, name: Member prices, channels: [web], categories: [beans]},"
        " {id: pass, name: Pass, by: grant, channels: [web]}]\n"
    )
    counter.shop.publish(named(load_template("coffee-shop") + prices, slug))
    page = owner.get(path).text
    assert "The benefit is not for this" not in page
    assert "This was not granted to the member" in page


def test_activity_stands_under_the_day_it_was_booked_on(counter: Counter, owner: Browser) -> None:
    """Each line said its day; what was told late says when it happened."""
    joined(counter, "Ottilie", ("card", "88031"))
    before = counter.shop.now - timedelta(days=2)
    bought = buys("88031", 2_000) | {"occurred_at": before.isoformat()}
    assert counter.post("/v1/activities", bought).status_code == 201
    page = owner.get("/console/activity").text
    days = re.findall(r'<h2[^>]*>([^<]+)</h2>\s*<ol class="timeline', page)
    assert days == list(dict.fromkeys(days)), "no day stands twice"
    first = page.partition('<ol class="timeline')[2].partition("</li>")[0]
    assert "Ottilie" in first
    assert f">{before.day} {before:%b %Y}, 13:00</time>" in first
    adjusted = joined(counter, "Otto", ("card", "88032"))
    assert wished(owner, adjusted, amount="3", sure="yes").status_code == 303
    first = owner.get("/console/activity").text.partition('<ol class="timeline')[2]
    first = first.partition("</li>")[0]
    assert "Otto" in first
    assert ">13:00</time>" in first, "of the day itself the time is enough"
