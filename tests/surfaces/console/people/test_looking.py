"""The list of members: narrowed in the address, kept, taken as a file, and given points from."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO
from itertools import count
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.flows.members.staff.people import settles
from tests.makers import buys
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.base.sheets import is_formula, sheet_rows, told_cell
from regulars.flows.access.commands import ChangeStaff
from regulars.flows.commands import Recorded
from regulars.flows.membership.office.commands import TagMembers
from regulars.flows.membership.office.follow_points import follow_points
from regulars.flows.membership.office.tag_members import tag_members
from regulars.insight.people import few
from regulars.insight.people.find import find
from regulars.insight.people.types import Place, Sort, Wanted
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef
from regulars.runtime.working.rounds import Rounds
from regulars.surfaces.api.strict.cursors import cursor_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.people import members
from regulars.surfaces.console.people.many import choosing

_KEY = re.compile(r'name="key" value="([^"]+)"')
_WHO = re.compile(r'name="who" value="([0-9a-f]{32})"')
NAMES = ("Ada", "Åsa", "Ben", "ben", "Cem", "=1+1", "Dörte", "Eve", "Ada", "Zoë")
BY: dict[Sort, Callable[[Any], Any]] = {
    "oldest": lambda r: r[1],
    "newest": lambda r: r[1],
    "name": lambda r: (not r[2], r[2].encode()),
    "visit": lambda r: -r[7].int if r[7] else 0,
    "points": lambda r: (not r[4], -r[4], -r[0].int if r[4] else 0),
}
"""Where a member stands in each order."""
POINTS = (0, 30, 60, 90, 300)


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, "owner").email)
    return browser


@pytest.fixture(scope="module")
def people(counter: Counter) -> list[str]:
    """Forty members of every sort: names, visits, points, a blocked one."""
    ids = []
    for n in range(40):
        body = {"identifiers": [{"kind": "external", "value": f"p{n}"}],
                "given_name": NAMES[n % 10], "family_name": f"Becker{n:02}"}  # fmt: skip
        answer = counter.post("/v1/members", body)
        assert answer.status_code == 201, answer.text
        ids.append(str(answer.json()["id"]))
        if POINTS[n % 5]:
            # The coffee shop gives a point for each euro; told later than it happened.
            sale = buys(MemberRef(external=f"p{n}"), POINTS[n % 5] * 100, receipt=f"r{n}",
                        occurred_at=counter.shop.now - timedelta(days=n))  # fmt: skip
            (done,) = counter.shop.record(sale)
            assert isinstance(done, Recorded), done
    for n in range(3):
        body = {"identifiers": [{"kind": "external", "value": f"n{n}"}], "family_name": "Anna"}
        assert counter.post("/v1/members", body).status_code == 201
    blocked = {"reason": "a quarrel", "actor": "us"}
    assert counter.post(f"/v1/members/{ids[7]}/block", blocked).status_code == 200
    return ids


def ranked(counter: Counter) -> None:
    """The worker follows the books until nothing is left to follow."""
    while counter.shop.do(lambda tx, terms: follow_points(tx, terms, 200)):
        pass


def all_of(counter: Counter, wanted: Wanted, limit: int, window: int) -> list[str]:
    """Page after page, until there is no more."""
    found: list[str] = []
    after: Place | None = None
    while True:
        page = counter.shop.do(lambda tx, _, at=after: find(tx, wanted, at, limit, window))
        found += [f"mem_{one.id.hex}" for one in page.members]
        assert len(page.members) <= limit
        if page.after is None:
            return found
        after = page.after


@pytest.mark.parametrize("sort", ["oldest", "newest", "name", "visit", "points"])
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_have_everybody_once_in_their_order(
    counter: Counter, people: list[str], sort: Sort, limit: int
) -> None:
    now = counter.shop.now
    rows = counter.shop.rows(
        """select m.member_id, joined_at, lower(given_name), state,
                  coalesce(available - debt, 0), (select max(occurred_at) from activity a
                   where a.program_id = $1 and a.member_id = m.member_id),
                  lower(family_name), (select activity_id from activity a where a.program_id = $1
                   and a.member_id = m.member_id
                   order by occurred_at desc, activity_id desc limit 1)
             from member m left join balance b on b.program_id = $1 and b.wallet = 1
                   and b.member_id = m.member_id where m.program_id = $1"""
    )
    away = now - timedelta(days=20)
    tagged = tuple(r[0] for r in rows if r[0].int % 3 == 0)
    counter.shop.ask(tag_members, TagMembers("Terrace", tagged, By(words="us")))
    likes = [r[0] for r in rows if r[0].int % 4 == 0]
    counter.shop.rows(
        """update member set derived = '{"value-category": "cake"}'
            where program_id = $1 and member_id = any($2::uuid[])""",
        likes,
    )
    ranked(counter)
    cases = [
        (Wanted(sort=sort, buys_next="cake"), lambda r: r[0] in likes),
        (Wanted(sort=sort, buys_next="cak"), lambda r: False),
        (Wanted(sort=sort), lambda r: True),
        (Wanted(sort=sort, wallet=1, points=(60, 90)), lambda r: 60 <= r[4] <= 90),
        (Wanted(sort=sort, state="blocked"), lambda r: r[3] == "blocked"),
        (Wanted(sort=sort, visited=(away, None)), lambda r: r[5] is not None and r[5] >= away),
        (Wanted(sort=sort, visited=(None, away)), lambda r: r[5] is None or r[5] < away),
        (Wanted(sort=sort, name="ben"), lambda r: r[2] == "ben"),
        (Wanted(sort=sort, name="ben becker1"), lambda r: r[2] + r[6][:7] == "benbecker1"),
        (Wanted(sort=sort, name="anna"), lambda r: r[6] == "anna"),
        (Wanted(sort=sort, tag="Terrace"), lambda r: r[0].int % 3 == 0),
        (Wanted(sort=sort, tier="gold"), lambda r: False),
        (Wanted(sort=sort, consent=("email", True)), lambda r: False),
        (Wanted(sort=sort, joined=(now + timedelta(days=1), None)), lambda r: False),
    ]
    for wanted, fits in cases:
        meant = [r for r in rows if fits(r)]
        meant.sort(key=lambda r: (BY[sort](r), r[0].bytes), reverse=sort == "newest")
        assert all_of(counter, wanted, limit, 9) == [f"mem_{r[0].hex}" for r in meant], wanted


def test_the_list_by_points_follows_the_books_and_is_made_anew_for_another_wallet(
    counter: Counter, people: list[str]
) -> None:
    ranked(counter)
    wanted, last = Wanted(sort="points"), people[38]
    assert all_of(counter, wanted, 1, 9)[0] != last
    counter.shop.record(buys(MemberRef(external="p38"), 90_000, receipt="rich"))
    ranked(counter)
    assert all_of(counter, wanted, 1, 9)[0] == last
    right = (
        "select (select count(*) from richness where program_id = $1), (select count(*) from"
        " richness r join balance b using (program_id, member_id) where program_id = $1"
        " and b.wallet = (select wallet from richness_reach where program_id = $1)"
        " and r.units = b.available - b.debt)"
    )
    assert counter.shop.rows(right) == [(32, 32)]
    counter.shop.rows("update richness_reach set wallet = 9 where program_id = $1")
    counter.shop.rows("delete from richness where program_id = $1 and units > 100")
    ranked(counter)
    assert counter.shop.rows(right) == [(32, 32)]
    assert all_of(counter, wanted, 50, 9)[0] == last


def test_what_is_looked_for_stands_in_the_address_and_comes_off_by_its_chip(
    owner: Browser, people: list[str]
) -> None:
    page = owner.get("/console/members?state=blocked&points_from=60&cols=visit&cols=lapses")
    assert page.status_code == 200
    assert page.text.count('class="chip"') == 2
    assert "At least 60 points" in page.text
    assert 'href="/console/members?points_from=60&amp;cols=visit-lapses"' in page.text
    assert people[7] in page.text or "Nobody matches" in page.text
    wrong = owner.get("/console/members?joined_from=yesterday&points_to=many&tier=nosuch&sort=up")
    assert wrong.status_code == 200
    assert 'id="joined_from-wrong"' in wrong.text
    assert 'id="points_to-wrong"' in wrong.text
    assert 'value="yesterday"' in wrong.text


def test_a_slip_in_a_field_finds_nobody_and_nobody_is_given_anything(counter: Counter) -> None:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, "manager").email)
    body = {"identifiers": [{"kind": "external", "value": "slip"}], "given_name": "Slip"}
    assert counter.post("/v1/members", body).status_code == 201
    fine = browser.get("/console/rounds/new?query=points_to%3D50&all=yes").text
    key = _KEY.search(fine)
    assert key is not None
    told = {"wallet": "points", "way": "give", "amount": "1", "reason": "Goodwill", "note": "",
            "key": key[1], "sure": "yes"}  # fmt: skip
    for slip in ("points_from=1%2C5%2C5", "joined_to=soon", "tier=nosuch", "wallet=nosuch"):
        page = browser.get(f"/console/members?{slip}").text
        assert "/console/rounds/new" not in page
        assert "/console/members/mem_" not in page
        name = slip.partition("=")[0]
        assert f'id="{name}-wrong"' in page
        words = page.partition(f'id="{name}-wrong"')[2].partition(">")[2].partition("<")[0].strip()
        encoded = slip.replace("%", "%25").replace("=", "%3D")
        form = browser.get(f"/console/rounds/new?query={encoded}&all=yes").text
        assert _KEY.search(form) is None
        for text in (form, browser.post("/console/rounds", told | {"query": slip}).text):
            assert words in text
        file = browser.post("/console/members/file", {"query": slip})
        assert (file.status_code, words in file.text) == (422, True)
    assert counter.shop.rows("select from adjustment_round where program_id = $1") == []


def test_so_long_a_round_looks_for_its_members_and_no_longer(
    owner: Browser, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "A_PART", 3)
    path = "/console/rounds/new?query=sort%3Dname&all=yes"
    assert _KEY.search(owner.get(path).text) is not None
    monkeypatch.setattr(choosing, "LOOKS_S", -1.0)
    form = owner.get(path).text
    assert "narrow the list first" in form
    assert _KEY.search(form) is None


def test_the_only_one_found_so_far_is_not_taken_for_the_only_one_there_is(
    counter: Counter, owner: Browser, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few, "MOST", 0)
    part = counter.shop.do(lambda tx, _: find(tx, Wanted(), None, 5, 5))
    one = next(one for one in part.members if one.given_name)
    typed = quote(f"{one.given_name} {one.family_name}")
    path = f"/console/members?q={typed}"
    assert owner.get(path).headers["location"].endswith(one.id.hex)
    monkeypatch.setattr(members, "find", partial(find, window=5))
    monkeypatch.setattr(members, "LOOKS_S", -1.0)
    page = owner.get(path)
    assert (page.status_code, "Go on looking" in page.text) == (200, True)


def test_a_page_begins_no_window_that_would_end_too_late(
    counter: Counter, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(0, 30)  # a window takes thirty thousandths of a second
    monkeypatch.setattr(few, "MOST", 0)
    monkeypatch.setattr(members, "find", partial(find, window=5))
    here: Any = SimpleNamespace(given=SimpleNamespace(ticks=lambda: next(clock) * 0.001))
    wanted = Wanted(wallet=1, points=(10**12, None))
    found = counter.shop.do(lambda tx, _: members.search(tx, here, wanted, None, 50))
    assert (found.looked, found.all) == (5, False)  # a second one would be over after sixty


def test_a_list_is_kept_for_oneself_or_for_everybody(counter: Counter, owner: Browser) -> None:
    other = Browser(counter)
    other.sign_in(somebody(counter, "support").email)
    owner.get("/console/members?visit=away-90")
    for name, shared in (("Gone quiet", ""), ("For all", "yes")):
        told = {"name": name, "query": f"visit=away-90&q={name[:3]}", "shared": shared}
        kept = owner.post("/console/views", told)
        assert kept.headers["location"].startswith("/console/members?q=")
    assert (
        owner.post("/console/views", {"name": " ", "query": "visit=in-7"})
        .headers["location"]
        .endswith("unnamed=yes")
    )
    assert "Gone quiet" in owner.get("/console/members").text
    seen = other.get("/console/members").text
    assert ("Gone quiet" in seen, "For all" in seen) == (False, True)
    rows = counter.shop.rows("select view_id, shared from saved_view where program_id = $1")
    mine = next(view for view, shared in rows if not shared)
    assert other.post(f"/console/views/{mine.hex}/delete").status_code == 303  # support may write
    assert owner.post(f"/console/views/{mine.hex}/delete").status_code == 404


def goes(counter: Counter) -> None:
    """The worker goes through what there is."""
    shop = counter.shop
    shop.run(Rounds(shop.database, counter.given.programs).go(shop.program_id, shop.now))


def begun(browser: Browser, path: str, **typed: str) -> tuple[str, str]:
    """A round begun by its form: where it is, and its last page."""
    form = browser.get(path)
    key, who = _KEY.search(form.text), _WHO.search(form.text)
    assert key is not None, form.text[-2000:]
    assert who is not None
    query = path.partition("query=")[2].partition("&")[0].replace("%3D", "=").replace("%26", "&")
    told = {"wallet": "points", "way": "give", "reason": "Goodwill", "note": "", "query": query,
            "key": key[1], "who": who[1]} | typed  # fmt: skip
    seen = browser.post("/console/rounds", told)
    assert seen.status_code == 200, seen.text[-2000:]
    done = browser.post("/console/rounds", told | {"sure": "yes"})
    assert done.status_code == 303, done.text[-2000:]
    return done.headers["location"], seen.text


def units(counter: Counter) -> dict[str, int]:
    rows = counter.shop.rows(
        "select member_id, available - debt from balance where program_id = $1 and wallet = 1"
    )
    return {f"mem_{member.hex}": held for member, held in rows}


def test_all_who_match_are_given_points_once_and_oneself_is_left_out(
    counter: Counter, owner: Browser, people: list[str]
) -> None:
    one, browser = somebody(counter, "manager"), Browser(counter)
    browser.sign_in(one.email)
    mine = addressed("mem", people[2])
    settles(counter.shop, ChangeStaff(one.staff_id, By(words="us"), member=mine))
    before = units(counter)
    place, seen = begun(browser, "/console/rounds/new?query=points_from%3D60&all=yes", amount="7")
    meant = {id_ for id_, held in before.items() if held >= 60}
    assert f"<dd>{len(meant)}</dd>" in seen
    for _ in range(2):
        goes(counter)
    after = units(counter)
    got = {id_ for id_ in after if after[id_] != before.get(id_, 0)}
    assert got <= meant
    assert people[2] in meant - got
    assert {after[id_] - before[id_] for id_ in got} == {7}
    page = browser.get(place).text
    assert "Done" in page
    assert "Nobody credits or redeems for themselves" in page
    assert "hx-trigger" not in page.partition('id="progress"')[2].partition(">")[0]
    given = counter.shop.rows("select sum(given) from goodwill where program_id = $1")
    assert given == [(7 * len(got),)]


def test_beyond_ones_limit_a_colleague_agrees_first_and_their_own_is_left_out(
    counter: Counter, people: list[str]
) -> None:
    support, boss = Browser(counter), Browser(counter)
    support.sign_in(somebody(counter, "support").email)
    manager = somebody(counter, "manager")
    boss.sign_in(manager.email)
    mine = addressed("mem", people[11])
    settles(counter.shop, ChangeStaff(manager.staff_id, By(words="us"), member=mine))
    before = units(counter)
    ticked = "&".join(f"only={one}" for one in people[10:13])
    form = support.get(f"/console/rounds/new?{ticked}")
    key, who = _KEY.search(form.text), _WHO.search(form.text)
    assert key is not None
    assert who is not None
    told = [("wallet", "points"), ("way", "give"), ("amount", "200"), ("reason", "Goodwill"),
            ("note", ""), ("key", key[1]), ("who", who[1]), ("sure", "yes"),
            ("_form", support.form), *(("only", one) for one in people[10:13])]  # fmt: skip
    body = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in told)
    headers = {"origin": "http://shop.test", "content-type": "application/x-www-form-urlencoded"}
    sent = support.run(support.http.post("/console/rounds", content=body, headers=headers))
    place = sent.headers["location"]
    goes(counter)
    assert units(counter) == before
    assert "+600" in boss.get("/console/requests").text
    assert support.post(place, {"yes": "yes"}).status_code == 403
    assert boss.post(place, {"yes": "yes"}).status_code == 303
    assert boss.post(place, {"yes": "yes"}).status_code == 409
    goes(counter)
    after = units(counter)
    assert [after.get(one, 0) - before.get(one, 0) for one in people[10:13]] == [200, 0, 200]


def test_a_place_of_another_list_is_nowhere(owner: Browser, people: list[str]) -> None:
    for at in ("Ben", "a\0b", "1" * 30, "-", "1", str(UUID(int=5)), ""):
        cursor = cursor_of((at, UUID(int=5)))
        for sort in ("points", "visit", "name", "newest"):
            page = owner.get(f"/console/members?sort={sort}&cursor={cursor}")
            assert page.status_code == 200, (sort, at)


def test_the_file_has_everybody_who_matches_and_no_cell_is_a_formula(
    counter: Counter, owner: Browser, people: list[str]
) -> None:
    owner.get("/console/members")
    answer = owner.post("/console/members/file", {"query": "q=%3D1"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["given_name"] for row in rows} == {"'=1+1"}
    assert {row["id"] for row in rows} == set(people[5::10])
    answer = owner.post("/console/members/file", {"query": "sort=name"})
    rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
    ((there,),) = counter.shop.rows("select count(*) from member where program_id = $1")
    assert len(rows) == there
    assert {row["given_name"] for row in rows} >= {"", "Ben"}
    acts = counter.shop.rows("select after from staff_act where did = 'members.taken'"
                             " and program_id = $1")  # fmt: skip
    assert [after for (after,) in acts][:1] == ['{"file": "q"}']


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=1), max_size=4))
@example([["=1", " =1", '"=1', "＝1", "-5", "+49", "@x", "\tx", "\rx", "\0=", "'=1", "''=", "a"]])
def test_no_text_of_a_sheet_is_a_formula_and_all_come_back(rows: list[list[str]]) -> None:
    text = sheet_rows(rows)
    told = list(csv.reader(StringIO(text, newline=""))) if "\0" not in text else None
    for row in rows if told is None else told:
        for cell in row if told is not None else ():
            assert not is_formula(cell) or cell.startswith("'")
    if told is not None:
        back = [[told_cell(cell) for cell in row] for row in told if row]
        assert back == [row for row in rows if row != [""]] or back == rows
    assert sheet_rows([(-5, None)]) == "-5,\r\n"


def test_who_buys_next_of_a_category_is_found_and_the_list_says_so(
    counter: Counter, people: list[str], owner: Browser
) -> None:
    sql = """update member set derived = '{"value-category": "Kaffee & Kuchen"}'
              where program_id = $1 and member_id = $2"""
    counter.shop.rows(sql, addressed("mem", people[3]))
    counter.shop.rows("insert into category_run values ($1, '2026-01-01', now(), 1, 'v', '{}')")
    text = owner.get("/console/members?next=Kaffee+%26+Kuchen").text
    assert people[3] in text
    assert people[4] not in text
    assert "Buys next from: Kaffee &amp; Kuchen" in text
    assert 'name="next"' in owner.get("/console/members").text
    assert people[3] not in owner.get("/console/members?next=kuchen").text
