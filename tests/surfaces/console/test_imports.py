"""Files brought over in the console: guessed, looked at, booked, stopped and gone on with."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.carrying import brings, carried, with_files
from tests.surfaces.counter import Counter

from regulars.flows.errands.carry_errands import take_errand
from regulars.runtime.working.errands.duty import give_up_errand
from regulars.surfaces.console.errands.columns import guess, guess_kind, written

GERMAN = (
    "Nr;Vorname;Nachname;Mail;Mitglied seit;Punkte\r\n"
    "17;Jörg;Müller;joerg@example.org;03.04.2021;1.200\r\n"
    "18;Ayşe;Kaya;ayse@example.org;01.02.2020;35\r\n"
    "19;=HYPERLINK(1);X;not-an-address;01.02.2020;12\r\n"
    "20;Eva;Noll;eva@example.org;31.31.2020;7\r\n"
)


@pytest.fixture(scope="module")
def owner(counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    with_files(counter, tmp_path_factory.mktemp("uploads"))
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def brought(browser: Browser, name: str, content: bytes) -> str:
    """Where its columns are named."""
    browser.get("/console/imports")
    status, where = brings(browser, "/console/bring/import", name, content)
    assert status == 303, where
    return where


def chosen(browser: Browser, where: str, **instead: str) -> Any:
    """The form of the columns as it stands, sent with this instead."""
    text = browser.get(where).text
    told = dict(re.findall(r'name="([\w.]+)" type="\w+" value="([^"]*)"', text))
    told |= dict(re.findall(r'type="hidden" name="([\w.]+)" value="([^"]*)"', text))
    for name, options in re.findall(r'<select[^>]* name="([\w.]+)".*?>(.*?)</select>', text, re.S):
        found = re.search(r'value="([^"]*)" selected', options)
        told[name] = found[1] if found else ""
    return browser.post(where, told | {"act": "check"} | instead)


def test_a_german_table_is_guessed_looked_at_mended_and_booked(
    counter: Counter, owner: Browser
) -> None:
    where = brought(owner, "Kunden.csv", GERMAN.encode("windows-1254"))
    page = owner.get(where)
    assert page.status_code == 200
    assert "Joerg" not in page.text
    assert "Jörg" in page.text
    before = counter.shop.counts()
    answer = chosen(owner, where)
    assert answer.status_code == 303, answer.text
    check = answer.headers["location"]
    assert owner.get(f"{check}/slips").status_code == 404
    assert carried(counter) == 1
    text = owner.get(check).text
    assert "It cannot be brought over as it is" in text
    assert "Some lines are wrong" in text
    answer = owner.get(f"{check}/slips")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(StringIO(answer.text)))
    assert rows[0] == ["file", "line", "column", "wrong", "mend"]
    assert [row[1:3] for row in rows[1:]] == [["4", "Mail"], ["5", "Mitglied seit"]]
    assert all(row[4] for row in rows[1:])
    german = owner.get(f"{check}/slips", **{"accept-language": "de"}).text
    assert "Das ist keine E-Mail-Adresse" in german
    changed = {name for name, n in counter.shop.counts().items() if n != before[name]}
    assert changed <= {"errand", "staff_act", "upload"}
    told = {"errand": uuid4().hex, "leave_out": "yes"}
    owner.get(check)
    booked = owner.post(f"{check}/bring", told).headers["location"]
    assert owner.post(f"{check}/bring", told).headers["location"] == booked
    assert carried(counter) == 1
    text = owner.get(booked).text
    assert "It is in the books" in text
    assert counter.shop.balances("17") == {"points": (1200, 0, 0)}
    assert counter.shop.balances("18") == {"points": (35, 0, 0)}
    assert counter.shop.balances("20") == {}
    assert "Kunden.csv" in owner.get("/console/imports").text
    again = owner.post(f"{check}/bring", told | {"errand": uuid4().hex})
    assert carried(counter) == 1
    assert "brought over before" in owner.get(again.headers["location"]).text
    assert counter.shop.balances("17") == {"points": (1200, 0, 0)}


def test_points_by_their_end_and_consents_come_over_too(counter: Counter, owner: Browser) -> None:
    people = "Nr;Vorname;Mail\nL1;Ida;ida@example.org\n"
    lots = "Nr;Restpunkte;Gesammelt am;Ablauf\nL1;30;01.02.2026;01.02.2027\nL1;12;;\n"
    said = "Nr,Channel,Consent,Date\nL1,email,Yes,2026-02-03\nL1,sms,no,2026-02-04\n"
    for name, content in (("p.csv", people), ("lots.csv", lots), ("said.csv", said)):
        check = chosen(owner, brought(owner, name, content.encode())).headers["location"]
        assert carried(counter) == 1
        assert "Everything fits" in owner.get(check).text, owner.get(check).text
        booked = owner.post(f"{check}/bring", {"errand": uuid4().hex}).headers["location"]
        assert carried(counter) == 1
        assert "It is in the books" in owner.get(booked).text
    assert counter.shop.balances("L1") == {"points": (42, 0, 0)}
    consents = counter.shop.rows(
        "select channel, state from consent where program_id = $1 order by channel"
    )
    assert consents == [("email", "given"), ("sms", "withdrawn")]


def test_members_points_and_sales_are_brought_over_in_one_go(
    counter: Counter, owner: Browser
) -> None:
    sales = "Order ID,Date,Total,customer_id\nT9,2026-02-20,3.50,T1\n"
    three = {"t-sales.csv": sales, "t-points.csv": "Nr;Points\nT1;30\n",
             "t-people.csv": "Nr;Vorname;Mail\nT1;Ida;t1@example.org\n"}  # fmt: skip
    where = [brought(owner, name, text.encode()) for name, text in three.items()]
    page = owner.get("/console/imports").text
    files = [one.rpartition("/")[2] for one in where]
    assert all(f'value="{one}" form="together"' in page for one in files)
    told = {"errand": uuid4().hex, "file": files[0]}
    assert "Tick two files" in owner.post("/console/imports", told).text
    owner.get("/console/imports")
    checked = owner.post("/console/imports", told | {"file": files})  # type: ignore[dict-item]
    assert checked.status_code == 303, checked.text
    assert carried(counter) == 1
    check = checked.headers["location"]
    text = owner.get(check).text
    assert "t-people.csv" in text
    assert "would earn by the program" in text
    booked = owner.post(f"{check}/bring", {"errand": uuid4().hex, "earn": "yes"})
    refused = owner.post(f"{where[0]}/delete")
    assert (refused.status_code, "being read" in refused.text) == (409, True)
    assert carried(counter) == 1
    assert "It is in the books" in owner.get(booked.headers["location"]).text
    assert counter.shop.balances("T1")["points"][0] >= 30
    assert counter.shop.rows("select 1 from activity where program_id=$1 and external_id='T9'")
    for one in where:
        owner.get("/console/imports")
        assert owner.post(f"{one}/delete").status_code == 303


def test_a_list_of_many_long_mistakes_is_sent_part_by_part_in_their_language(
    counter: Counter, owner: Browser
) -> None:
    lines = "".join(f"W{n};{'1,' * (60_000 if n == 3 else 2)}\n" for n in range(1_200))
    check = chosen(owner, brought(owner, "odd-points.csv", f"Nr;Points\n{lines}".encode()))
    assert carried(counter) == 1
    where = check.headers["location"]
    assert "It cannot be brought over as it is" in owner.get(where).text
    answer = owner.get(f"{where}/slips", **{"accept-language": "de"})
    rows = list(csv.reader(StringIO(answer.text)))
    assert [row[1] for row in rows] == ["line", *(str(n + 2) for n in range(1_200))]
    assert {row[3].rpartition("' ")[2] for row in rows[1:]} == {rows[1][3].rpartition("' ")[2]}
    assert max(len(row[3]) for row in rows) < 500
    assert "content-length" not in answer.headers


def test_what_is_not_chosen_rightly_is_said_at_its_field(counter: Counter, owner: Browser) -> None:
    where = brought(owner, "sales.csv", b"bon,when?,sum\n1,2026-01-02,3.50\n")
    answer = chosen(owner, where, kind="activities", **{"col.occurred_at": ""})
    assert answer.status_code == 422
    assert 'id="col.occurred_at-wrong"' in answer.text
    assert 'id="col.member_id-wrong"' in answer.text
    answer = chosen(
        owner, where, kind="members", source="Old System!",
        **{"col.member_id": "bon", "col.card": "sum"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert 'id="source-wrong"' in answer.text
    answer = chosen(owner, where, kind="balances", **{"col.card": "sum", "col.member_id": "bon"})
    assert 'id="col.card-wrong"' in answer.text
    answer = chosen(owner, where, kind="members", source="old", **{"col.member_id": "no such"})
    assert answer.status_code == 303
    carried(counter)
    assert "has no column" in owner.get(answer.headers["location"]).text
    for odd in ({"kind": "\x00"}, {"encoding": "rot13", "kind": "members"}, {"kind": "ready"}):
        assert chosen(owner, where, **odd).status_code in (303, 400, 422), odd


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe" + "a;b\n1;2\n".encode("utf-16-le"), "1"),
        (b"a\n1\n", "a"),
        (b'a,b\n"1,2\n', "quotation mark"),
        (b"a,a\n1,2\n", "twice"),
        (b"\x00\x01\x02\xff", ""),
    ],
)
def test_odd_files_are_shown_or_said_to_be_odd(owner: Browser, content: bytes, says: str) -> None:
    where = brought(owner, "odd.csv", content)
    page = owner.get(where)
    assert page.status_code == 200
    assert says in page.text
    owner.get(where)
    assert owner.post(f"{where}/delete").status_code == 303
    assert owner.get(where).status_code == 404


def test_an_import_stopped_in_the_middle_goes_on(counter: Counter, owner: Browser) -> None:
    where = brought(owner, "points.csv", b"card,points\n90001,5\n90002,6\n")
    text = owner.get(where).text
    assert 'aria-current="page">Points' in text
    counter.joined("90001")
    counter.joined("90002")
    check = chosen(owner, where).headers["location"]
    carried(counter)
    owner.get(check)
    told = {"errand": uuid4().hex}
    first = owner.post(f"{check}/bring", told).headers["location"]
    errand_id = UUID(told["errand"])
    # Its program is killed before it has done anything, as somebody asks for its end.
    counter.shop.do(lambda tx, _: take_errand(tx, errand_id))
    refused = owner.post(f"{where}/delete")
    assert (refused.status_code, "being read" in refused.text) == (409, True)
    assert owner.post(f"{first}/stop").status_code == 303
    assert "It is being stopped" in owner.get(f"{first}/now").text
    counter.shop.do(lambda tx, _: give_up_errand(tx, errand_id, fell=False))
    assert "going on begins where it stopped" in owner.get(first).text
    second = owner.post(f"{first}/bring", {"errand": uuid4().hex}).headers["location"]
    assert carried(counter) == 1
    assert "It is in the books" in owner.get(second).text
    assert counter.shop.balances("90001") == {"points": (5, 0, 0)}
    assert owner.post(f"{where}/delete").status_code == 303
    assert "bring it again" in owner.get(check).text
    assert owner.post(f"{second}/delete").status_code == 303


def test_a_list_of_lines_is_handed_to_nobody_who_may_not(counter: Counter, owner: Browser) -> None:
    for role in ("marketer", "support", "auditor", "cashier"):
        browser = Browser(counter)
        browser.sign_in(somebody(counter, role).email)
        assert browser.get(f"/console/imports/{'0' * 32}/slips").status_code == 403
        assert brings(browser, "/console/bring/import", "a.csv", b"a\n1\n")[0] == 403
    assert owner.get(f"/console/imports/{'0' * 32}/slips").status_code == 404


def test_columns_are_guessed_by_what_they_are_called_elsewhere(tmp_path: Path) -> None:
    assert guess(["Nr", "Mail", "Punkte"], "members") == {
        "member_id": "Nr", "email": "Mail", "balance": "Punkte",
    }  # fmt: skip
    turkish = guess(["Kart No", "Fiş No", "Tarih", "Tutar"], "activities")
    assert turkish == {
        "card": "Kart No", "external_id": "Fiş No", "occurred_at": "Tarih", "amount": "Tutar",
    }  # fmt: skip
    assert guess(["external_id", "email"], "members")["member_id"] == "external_id"
    sales = guess(["external_id", "occurred_at", "amount"], "activities")
    assert (sales.get("member_id"), sales["external_id"]) == (None, "external_id")
    assert guess(["phone", "email", "points"], "balances") == {
        "email": "email",
        "balance": "points",
    }
    assert guess_kind(["Order ID", "Date", "Total"]) == "activities"
    assert guess_kind(["card", "points"]) == "balances"
    assert guess_kind(["Kart No", "Kalan puan", "Bitiş"]) == "lots"
    assert guess_kind(["email", "channel", "opt-in"]) == "consents"
    path = tmp_path / "a.csv"
    path.write_bytes("Ä;b\n".encode("windows-1252"))
    assert written(path) == {"encoding": "windows-1252", "delimiter": ";"}
    path.write_bytes(("Ä,b\n" * 20_000).encode())
    assert written(path) == {"encoding": "utf-8", "delimiter": ","}


@pytest.mark.parametrize("before", range(4))
def test_a_letter_that_is_cut_in_two_does_not_make_a_file_of_old_programs(
    tmp_path: Path, before: int
) -> None:
    """Of a long file the beginning is looked at, wherever it ends: in Arabic half of them were
    taken for windows-1256."""
    path = tmp_path / "long.csv"
    path.write_bytes(b"name,a\n" + b"x" * before + "نورة,".encode() * 10_000)
    assert written(path, "ar")["encoding"] == "utf-8"
