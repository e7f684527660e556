"""A draft tried on history in the console: asked for, followed, kept, put side by side."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.carrying import brings, carried, with_files
from tests.surfaces.counter import Counter, coffee

from regulars.flows.errands.keep_errands import MOST_OPEN
from regulars.flows.errands.keep_uploads import MOST_UPLOADS
from regulars.surfaces.console.errands.shelf import tame
from regulars.surfaces.console.errands.trials import months_before

DRAFT = "/console/program/drafts/summer"
ASK = f"{DRAFT}/history"
SALES = b"member,occurred_at,amount\nada,2026-01-05,12.50\nbob,2026-02-06,7.00\n=cmd,x,1\n"


@pytest.fixture(scope="module")
def owner(counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    with_files(counter, tmp_path_factory.mktemp("uploads"))
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    counter.joined("4711")
    for n in range(3):
        assert counter.post("/v1/activities", coffee("4711", 2 + n), idempotency_key=str(n))
    assert browser.post("/console/program/drafts", {"name": "summer"}).status_code == 303
    return browser


def kept(counter: Counter, browser: Browser, old: str, new: str) -> None:
    """The draft says something else."""
    ((text, revision),) = counter.shop.rows(
        "select source, revision from program_draft where program_id = $1 and name = 'summer'"
    )
    assert old in text
    told = {"source": text.partition("\ncases:")[0].replace(old, new, 1), "revision": str(revision)}
    assert browser.post(DRAFT, told).status_code == 303


def tried(browser: Browser, **more: str) -> str:
    """Where the result will stand."""
    browser.get(ASK)
    answer = browser.post(ASK, {"errand": uuid4().hex, "months": "6", **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_two_revisions_are_tried_and_put_side_by_side(counter: Counter, owner: Browser) -> None:
    before = counter.shop.counts()
    kept(counter, owner, "points: 1, per:", "points: 3, per:")
    first = tried(owner)
    page = owner.get(first)
    assert "Waits its turn" in page.text
    assert f'hx-get="{first}/now"' in page.text
    assert "hx-refresh" not in owner.get(f"{first}/now").headers
    assert carried(counter) == 1
    assert owner.get(f"{first}/now").headers["hx-refresh"] == "true"
    text = owner.get(first).text
    assert "Of 1 members, 1 would have got more and 0 less." in text
    assert "more.</p>" in text
    kept(counter, owner, "points: 3, per:", "points: 2, per:")
    second = tried(owner, months="0")
    third = tried(owner)
    assert carried(counter) == 2
    ids = [one.rpartition("/")[2] for one in (first, third)]
    beside = owner.get(f"/console/trials?with={ids[0]}&with={ids[1]}").text
    assert "less than “Revision 2”" in beside
    assert beside.count("<chart-figure") >= 1
    assert "with care" not in beside
    other = second.rpartition("/")[2]
    assert "with care" in owner.get(f"/console/trials?with={ids[0]}&with={other}").text
    for query in ("with=x", f"with={ids[0]}", "with=%00"):
        assert owner.get(f"/console/trials?{query}").status_code in (200, 404)
    after = counter.shop.counts()
    same = {name for name in before if before[name] == after[name]}
    assert set(before) - same <= {"errand", "program_draft", "staff_act"}


def test_a_file_of_sales_is_tried_and_what_is_wrong_with_it_is_said(
    counter: Counter, owner: Browser
) -> None:
    owner.get(ASK)
    status, where = brings(owner, "/console/bring/trial", "Umsätze.CSV", SALES, draft="summer")
    assert status == 303, where
    file = where.rpartition("=")[2]
    assert "Umsätze.csv" in owner.get(where).text
    trial = tried(owner, file=file)
    assert carried(counter) == 1
    text = owner.get(trial).text
    assert "Umsätze.csv" in text
    assert "1 line took no part" in text
    status, where = brings(owner, "/console/bring/trial", "x.csv", b"a,b\n1,2\n", draft="summer")
    trial = tried(owner, file=where.rpartition("=")[2])
    carried(counter)
    text = owner.get(trial).text
    assert "It did not work" in text
    assert "has no column member" in text
    assert owner.post(f"{trial}/delete").status_code == 303
    assert owner.get(trial).status_code == 404


def test_files_that_are_none_leave_nothing(counter: Counter, owner: Browser) -> None:
    root = counter.given.uploads
    assert root is not None
    before = set(root.glob("*/*"))
    for name, content, says in (
        ("sales.xlsx", b"PK", "saved as CSV first"),
        ("sales.exe", b"MZ", "CSV, JSON Lines or Parquet"),
        ("sales", b"a", "CSV, JSON Lines or Parquet"),
        ("sales.csv", b"", "is empty"),
    ):
        owner.get(ASK)
        status, said = brings(owner, "/console/bring/trial", name, content, draft="summer")
        assert (status, says in said) == (400, True), said
    form = owner.form
    owner.form = "forged"
    assert brings(owner, "/console/bring/trial", "a.csv", SALES, draft="summer")[0] == 403
    owner.form = form
    for kind, body in (
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data", b""),
        ("text/plain", b"a"),
    ):
        headers = {"content-type": kind, "x-form-token": form, "sec-fetch-site": "same-origin"}
        answer = owner.run(owner.http.post("/console/bring/trial", content=body, headers=headers))
        assert answer.status_code == 400, answer.text
    assert set(root.glob("*/*")) == before
    support = Browser(counter)
    support.sign_in(somebody(counter, "support").email)
    assert brings(support, "/console/bring/trial", "a.csv", SALES)[0] == 403
    assert set(root.glob("*/*")) == before


def test_what_cannot_be_tried_is_said_at_once(counter: Counter, owner: Browser) -> None:
    for told, says in (
        ({"errand": uuid4().hex, "file": "0" * 32}, "bring it again"),
        ({"errand": "x"}, ""),
    ):
        owner.get(ASK)
        answer = owner.post(ASK, told)
        assert answer.status_code == 422
        assert says in answer.text
    waiting = [tried(owner) for _ in range(MOST_OPEN)]
    again = owner.post(ASK, {"errand": uuid4().hex})
    assert again.status_code == 409
    assert "let one end" in again.text
    for one in waiting:
        assert owner.post(f"{one}/stop").status_code == 303
        assert "It was stopped" in owner.get(one).text
    assert carried(counter) == 0


def test_names_of_files_are_tame_and_months_are_whole() -> None:
    assert tame("../../etc/pass\0wd.CSV") == "pass_wd.csv"
    assert tame("C:\\a\\Kunden 2026.Parquet") == "Kunden 2026.parquet"
    assert tame("..") == "file."
    assert tame("x" * 300 + ".csv") == "x" * 100 + ".csv"
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


def test_sales_of_trials_are_deleted_and_are_in_nobodys_way(
    counter: Counter, owner: Browser
) -> None:
    owner.get(ASK)
    root = counter.given.uploads
    assert root is not None
    while brings(owner, "/console/bring/trial", "t.csv", SALES, draft="summer")[0] == 303:
        pass
    counts = "select count(*) from upload where program_id = $1"
    assert counter.shop.rows(counts)[0][0] == MOST_UPLOADS
    folders = sorted(root.glob("*/*"))
    # What has no room is not even written for a moment: its form is not looked at before.
    status, said = brings(owner, "/console/bring/trial", "", b"", draft="summer")
    assert (status, "delete one first" in said) == (409, True)
    assert sorted(root.glob("*/*")) == folders
    assert brings(owner, "/console/bring/import", "a.csv", b"card,points\n1,2\n")[0] == 303
    (first, *_) = re.findall(r'action="(/console/trials/files/\w+/delete)"', owner.get(ASK).text)
    id_ = first.split("/")[4]
    support = Browser(counter)
    support.sign_in(somebody(counter, "support").email)
    assert support.post(first, {"draft": "summer"}).status_code == 403
    owner.get(ASK)
    assert owner.post(f"/console/imports/files/{id_}/delete").status_code == 404
    answer = owner.post(first, {"draft": "summer"})
    assert (answer.status_code, answer.headers["location"]) == (303, ASK)
    assert first not in owner.get(ASK).text
    assert not (root / str(counter.shop.program_id) / id_).exists()
    assert brings(owner, "/console/bring/trial", "t.csv", SALES, draft="summer")[0] == 303
