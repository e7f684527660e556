"""An import is taken back in the console: weighed, asked, done; stopped and gone on with."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.carrying import carried, with_files
from tests.surfaces.console.test_imports import brought, chosen
from tests.surfaces.counter import Counter

PEOPLE = "Nr;Vorname;Mail;Punkte\nT1;Ida;ida@example.org;120\nT2;Ole;ole@example.org;30\n"


@pytest.fixture(scope="module")
def owner(counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    with_files(counter, tmp_path_factory.mktemp("uploads"))
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def came_over(counter: Counter, owner: Browser) -> str:
    """A file of two members is in the books; the id of its import."""
    check = chosen(owner, brought(owner, "wrong.csv", PEOPLE.encode())).headers["location"]
    assert carried(counter) == 1
    owner.get(check)
    owner.post(f"{check}/bring", {"errand": uuid4().hex})
    assert carried(counter) == 1
    ((import_id,),) = counter.shop.rows("select import_id from import where program_id = $1")
    return str(import_id.hex)


def asked(owner: Browser, path: str, **told: str) -> str:
    owner.get("/console/imports")
    answer: Any = owner.post(path, told | {"errand": uuid4().hex})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_it_is_weighed_asked_and_taken_back(counter: Counter, owner: Browser) -> None:
    import_id = came_over(counter, owner)
    assert counter.shop.balances("T1") == {"points": (120, 0, 0)}
    page = owner.get("/console/imports").text
    assert import_id in page
    weighed = asked(owner, "/console/imports/back", **{"import": import_id})
    assert "Waits its turn" in owner.get(weighed).text
    assert carried(counter) == 1
    text = owner.get(weighed).text
    assert "Nothing was taken back yet" in text
    assert "Members who go" in text
    unsure = asked(owner, weighed)
    assert unsure == weighed, "nothing happens before it is said to be meant"
    assert carried(counter) == 0
    done = asked(owner, weighed, sure="yes")
    assert carried(counter) == 1
    text = owner.get(done).text
    assert "It is taken back" in text
    assert counter.shop.balances("T1") == {}
    page = owner.get("/console/imports").text
    assert "taken back" in page
    did = "select did from staff_act where program_id = $1 and did like 'undo%' order by 1"
    assert [one for (one,) in counter.shop.rows(did)] == ["undo.asked", "undo_check.asked"]


def test_a_stopped_one_goes_on(counter: Counter, owner: Browser) -> None:
    import_id = "0" * 32
    owner.get("/console/imports")
    gone = owner.post("/console/imports/back", {"import": import_id, "errand": uuid4().hex})
    assert gone.status_code == 404
    rows = counter.shop.rows("select import_id from import where program_id = $1")
    weighed = asked(owner, "/console/imports/back", **{"import": rows[0][0].hex})
    owner.get(weighed)
    assert owner.post(f"{weighed}/stop").status_code == 303
    assert owner.get(f"{weighed}/now").status_code == 200
