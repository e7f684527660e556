"""Words of the shop on members: put on and taken off, of one and of many; found, told, gone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.flows.membership.office.commands import Tagged, TagMembers
from regulars.flows.membership.office.tag_members import MOST, tag_members
from regulars.insight.export.person import person
from regulars.records.access.office import tags
from regulars.records.access.office.read import tags_of
from regulars.records.access.staff.types import By
from regulars.surfaces.api.strict.ids import addressed

_WHO = re.compile(r'name="who" value="([0-9a-f]{32})"')


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


@pytest.fixture(scope="module")
def guests(counter: Counter) -> list[str]:
    """Five members."""
    ids = []
    for n in range(5):
        told = [{"kind": "external", "value": f"g{n}"}]
        answer = counter.post("/v1/members", {"identifiers": told, "given_name": f"Guest{n}"})
        ids.append(str(answer.json()["id"]))
    return ids


def on(counter: Counter, guest: str) -> list[str]:
    id_ = addressed("mem", guest)
    found = counter.shop.do(lambda tx, _: tags_of(tx, [id_]))
    return list(found.get(id_, []))


def put(counter: Counter, tag: str, *guests: str, **more: Any) -> Any:
    ids = tuple(addressed("mem", one) for one in guests)
    (done,) = counter.shop.ask(tag_members, TagMembers(tag, ids, By(words="us"), **more))
    return done


def test_a_word_is_put_on_one_member_and_taken_off(
    counter: Counter, owner: Browser, guests: list[str]
) -> None:
    page = f"/console/members/{guests[0]}"
    answer = owner.post(f"{page}/tags", {"tag": "  Regular   guest "})
    assert answer.headers["location"] == f"{page}#tags"
    assert on(counter, guests[0]) == ["Regular guest"]
    assert "<bdi>Regular guest</bdi>" in owner.get(page).text
    owner.post(f"{page}/tags", {"tag": "REGULAR GUEST"})  # it is that word
    assert on(counter, guests[0]) == ["Regular guest"]
    for none in ("", "   ", "x" * 41, "a\u200bb"):
        assert owner.post(f"{page}/tags", {"tag": none}).headers["location"].endswith("wrong#tags")
    owner.post(f"{page}/tags", {"tag": "Regular guest", "way": "take"})
    assert on(counter, guests[0]) == []
    sql = "select did, about, after ->> 'tag' from staff_act where program_id = $1 order by act_id"
    acts = [tuple(row) for row in counter.shop.rows(sql) if row[0].startswith("members.")]
    assert acts == [
        ("members.tagged", "member", None),
        ("members.untagged", "member", None),
    ], "the log is for ever, and a word about somebody goes when they are erased"
    auditor = Browser(counter)
    auditor.sign_in(somebody(counter, "auditor").email)
    assert auditor.post(f"{page}/tags", {"tag": "x"}).status_code == 403


def test_many_are_tagged_found_by_it_and_the_word_goes_again(
    counter: Counter, owner: Browser, guests: list[str]
) -> None:
    ticked = "&".join(f"only={one}" for one in guests[:3])
    form = owner.get(f"/console/tags/new?{ticked}").text
    assert "3 members" in form
    who = _WHO.search(form)
    assert who is not None
    told = {"tag": "Terrace", "only": guests[:3], "who": who[1]}
    others = owner.post("/console/tags", told | {"only": guests[:4]})
    assert (others.status_code, on(counter, guests[0])) == (422, [])
    assert owner.post("/console/tags", told | {"tag": ""}).status_code == 422
    done = owner.post("/console/tags", told)
    assert done.headers["location"] == "/console/members?tag=Terrace"
    page = owner.get("/console/members?tag=Terrace&cols=tags").text
    assert re.findall(r"<bdi>(Guest\d)</bdi>", page) == ["Guest0", "Guest1", "Guest2"]
    assert page.count('<td data-label="Tags"><bdi>Terrace</bdi>') == 3
    assert "Tag: Terrace" in page
    assert not re.findall(r"<bdi>Guest", owner.get("/console/members?tag=nosuch").text)
    assert "Nobody is chosen" in owner.get("/console/tags/new").text
    every = owner.get("/console/tags/new?all=yes&query=tag%3DTerrace").text
    who = _WHO.search(every)
    assert who is not None
    told = {"tag": "terrace", "query": "tag=Terrace", "who": who[1], "way": "take"}
    assert owner.post("/console/tags", told).status_code == 303
    assert [on(counter, one) for one in guests[:3]] == [[], [], []]


def test_a_word_is_told_with_the_person_goes_with_them_and_comes_along_when_two_are_one(
    counter: Counter, guests: list[str]
) -> None:
    assert put(counter, "Choir", *guests[3:5]) == Tagged("Choir", 2)
    assert put(counter, "choir", *guests[3:5]) == Tagged("Choir", 0)
    assert put(counter, "Allergic", guests[3]) == Tagged("Allergic", 1)
    merge = {"into": {"id": guests[4]}, "reason": "one person", "actor": "us"}
    assert counter.post(f"/v1/members/{guests[3]}/merge", merge).status_code == 200
    assert on(counter, guests[4]) == ["Allergic", "Choir"]
    assert put(counter, "Late", guests[3]) == Tagged("Late", 0)  # they are somebody else now
    id_ = addressed("mem", guests[4])
    held = counter.shop.do(lambda tx, _: person(tx, "EUR", id_))
    words = {row["tag"] for row in held["member_tags"] if row["member_id"] == guests[4]}
    assert words == {"Allergic", "Choir"}
    assert counter.ask("DELETE", f"/v1/members/{guests[4]}").status_code == 200
    assert on(counter, guests[4]) == []
    assert put(counter, "Late", guests[4]) == Tagged("Late", 0)


def test_what_is_too_much_is_refused(counter: Counter, guests: list[str]) -> None:
    ids = tuple(addressed("mem", one) for one in guests[:1])
    for command, field in (
        (TagMembers("x", (), By(words="us")), "/member_ids"),
        (TagMembers("x", ids * (MOST + 1), By(words="us")), "/member_ids"),
        (TagMembers("", ids, By(words="us")), "/tag"),
    ):
        (fault,) = counter.shop.ask(tag_members, command)
        assert fault.field == field
    assert tags.spelled("VIP", ["vip"]) == "vip"
    assert tags.spelled("VIP", ["vips"]) == "VIP"


def test_a_till_puts_words_on_and_takes_them_off(counter: Counter, guests: list[str]) -> None:
    path = f"/v1/members/{guests[2]}/tags"
    for body, says in (
        ({"tag": "Window"}, {"tag": "Window", "changed": True}),
        ({"tag": "window"}, {"tag": "Window", "changed": False}),
    ):
        answer = counter.ask("PUT", path, body)
        assert (answer.status_code, answer.json()) == (200, says)
    assert counter.get(path).json() == {"tags": ["Window"]}
    assert "Window" in counter.get("/v1/tags").json()["tags"]
    gone = counter.ask("PUT", path, {"tag": "window", "on": False})
    assert gone.json() == {"tag": "Window", "changed": True}
    assert counter.get(path).json() == {"tags": []}
    nobody = "/v1/members/mem_" + "0" * 31 + "1/tags"
    for answer in (counter.ask("PUT", nobody, {"tag": "x"}), counter.get(nobody)):
        assert answer.status_code == 404
    for ill in ({"tag": ""}, {"tag": "x" * 41}, {"tag": "\u200b"}, {"tag": "x", "on": 1}, {}):
        assert counter.ask("PUT", path, ill).status_code in (400, 422), ill


def test_of_two_who_make_the_same_word_at_once_one_spells_it_and_both_find_it(
    owner: Browser, counter: Counter, guests: list[str]
) -> None:
    both = [
        lambda tx, terms, word=word, who=who: tag_members(
            tx, terms, [TagMembers(word, (addressed("mem", who),), By(words="us"))]
        )
        for word, who in (("Window", guests[0]), ("window", guests[1]))
    ]
    done = {one[0].tag for one in counter.shop.together(*both)}
    assert len(done) == 1
    found = owner.get("/console/members?tag=WINDOW").text
    assert all(one in found for one in guests[:2])
    assert f'value="{done.pop()}" selected' in found
