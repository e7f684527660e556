"""What a sandbox promises comes home, and nobody's draft is lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.runtime.working.trying import SOURCE, Trying
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

PAGE = "/console/sandboxes"
TRIED = SOURCE.replace("points: 30", "points: 25")
OURS = SOURCE.replace("points: 30", "points: 45")
DRAFT = "/v1/programs/drafts/spring"


@pytest.fixture(scope="module")
def trying(database: Any) -> Iterator[Trying]:
    counter = Counter.open(database, source=SOURCE)
    made = Trying(counter, "spring")
    made.ask("POST", "/v1/programs/versions", {"source": TRIED})
    yield made
    counter.close()


def test_a_draft_of_the_same_name_is_asked_about_first(trying: Trying) -> None:
    counter, owner = trying.counter, Browser(trying.counter)
    owner.sign_in(somebody(counter).email)
    kept = counter.ask("PUT", DRAFT, {"source": OURS, "revision": 0})
    assert kept.status_code == 201, kept.text
    owner.get(PAGE)
    asked = owner.post(f"{PAGE}/spring", {"do": "home"})
    assert asked.status_code == 409
    assert "Nothing was overwritten" in asked.text
    assert counter.get(DRAFT).json()["source"] == OURS
    # Somebody wrote into it since: what was seen is not what would go.
    more = counter.ask("PUT", DRAFT, {"source": OURS + "\n", "revision": 1})
    assert more.status_code == 200, more.text
    late = owner.post(f"{PAGE}/spring", {"do": "home", "revision": "1"})
    assert (late.status_code, counter.get(DRAFT).json()["revision"]) == (409, 2)
    over = owner.post(f"{PAGE}/spring", {"do": "home", "revision": "2"})
    assert (over.status_code, over.headers["location"]) == (303, "/console/program/drafts/spring")
    assert counter.get(DRAFT).json()["source"] == TRIED
    # What is there already is what comes home: nothing to ask, and nothing to write.
    assert owner.post(f"{PAGE}/spring", {"do": "home"}).status_code == 303
    assert counter.get(DRAFT).json()["revision"] == 3
