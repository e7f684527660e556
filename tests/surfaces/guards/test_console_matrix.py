"""Who may touch whose in the console: every page and form, with the ids of another program.

What is expected is derived from the tables of addresses: what is another program's is answered word
for word as what is not there, and nobody has fewer or more rows after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import httpx
import pytest
from msgspec.structs import replace
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.carrying import with_files
from tests.surfaces.counter import Counter
from tests.surfaces.guards.test_matrix import Unfenced, Unscoped
from tests.surfaces.guards.victim import CANARY, NAMES, PREFIXES, Victim, absent

from regulars.records.once.types import digest
from regulars.runtime.serving.asgi import Readable
from regulars.surfaces.app import build
from regulars.surfaces.console.door import guard
from regulars.surfaces.console.door.session import visit_of
from regulars.surfaces.console.errands.routes import FILES, LISTS
from regulars.surfaces.console.first.home import Glance
from regulars.surfaces.console.routes import FORMS, pages

_PARTS = re.compile(r"\{(\w+):str\}")
_HEX = re.compile(r"(?:\b[a-z]{3}_)?[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PAGES: Final = tuple((one.path, one.may) for one in pages(Glance())) + tuple(
    one[:2] for one in LISTS
)
OTHER: Final = "bronze-silver-gold"
DOES: Final = {
    "/console/experiments/{code:str}": "begin",
    "/console/campaigns/{campaign:str}": "drop",
    "/console/surveys/{survey:str}": "close",
    "/console/clubs/{club:str}": "close",
    "/console/gatherings/{gathering:str}": "cancel",
    "/console/lessons/{lesson:str}": "close",
    "/console/posts/{post_id:str}": "publish",
    "/console/cases/{case_id:str}": "note",
    "/console/references/{reference_id:str}": "withdraw",
    "/console/journeys/{journey:str}": "drop",
    "/console/offers/{offer:str}": "drop",
    "/console/segments/{segment:str}": "drop",
    "/console/win-back/{member_alert_id:str}": "handle",
    "/console/my-members/{member_id:str}/alerts/{member_alert_id:str}": "handle",
}
"""What is asked of a form of several buttons."""
TOLD: Final = {
    "reason": "It is so", "text": "seen", "amount": "5", "wallet": "points", "way": "give", "state": "paired",
    "yes": "yes", "note": "seen", "sure": "yes", "again": "yes", "key": "k", "says": "seen",
    "times": "1", "why": "It is so", "revision": "1", "blocked": "yes", "tag": "vip",
    "turn": "begin", "role": "auditor", "name": "Mia", "url": "https://x.example/in",
    "types": "member.joined", "do": "renew", "act": "end", "minutes": "5",
    "as": "csv", "mapping": "mapping: x", "since": "2026-01-01", "source": "program: x", "close": "yes",
}  # fmt: skip
"""Good enough for every form to look for what its address names."""


class Asker(NamedTuple):
    """Another program in the victim's database, and its owner at the console."""

    counter: Counter
    owner: Browser


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where files lie that are brought."""
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def victim(database: Any, root: Path) -> Iterator[Victim]:
    """A program with one of everything."""
    made = Victim(database, root)
    yield made
    made.counter.close()


@pytest.fixture(scope="module")
def askers(database: Any, victim: Victim, root: Path) -> Iterator[dict[str, Asker]]:
    """Two more programs in the same database: one with row-level security, one without it."""
    unfenced = Unfenced(database.owner_dsn, database.owner_dsn)
    opened = {"both layers": Counter.open(database), "scopes alone": Counter.open(unfenced, OTHER)}
    yield {name: _asker(with_files(counter, root)) for name, counter in opened.items()}
    for counter in opened.values():
        counter.close()


def _asker(counter: Counter) -> Asker:
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    return Asker(counter, owner)


def filled(path: str, of: Callable[[str], str]) -> str:
    return _PARTS.sub(lambda part: of(part[1]), path)


def said(answer: httpx.Response, *names: str) -> tuple[int, str, str]:
    """An answer without the ids in it, and without the names that were asked for."""
    text, led = answer.text, answer.headers.get("location", "")
    for name in names:
        text, led = text.replace(name, "…"), led.replace(name, "…")
    return answer.status_code, _HEX.sub("…", led), _HEX.sub("…", text)


class Forgetful(Unscoped):
    """A console whose statements name the victim's program, once it is known who asks."""

    def at(self, monkeypatch: pytest.MonkeyPatch, asks: int, victim: int) -> None:
        self.victim = victim

        async def known(given: Any, request: Any) -> Any:
            self.asks = 0
            visit = await visit_of(given, request)
            self.asks = asks
            return visit

        monkeypatch.setattr(guard, "visit_of", known)


def differ(
    first: httpx.Response, second: httpx.Response, places: dict[str, str], path: str = ""
) -> bool:
    """Whether these say more than that both are not there."""
    names = [places[part] for part in _PARTS.findall(path) if part in NAMES]
    return said(first, *names, "nobody-has-this") != said(second, *names, "nobody-has-this")


def test_every_part_of_every_address_is_an_id_or_a_name() -> None:
    paths = [*(path for path, _ in PAGES), *(form.path for form in FORMS)]
    paths += [one[0] for one in FILES]
    assert {part for path in paths for part in _PARTS.findall(path)} == {*PREFIXES, *NAMES}


@pytest.mark.parametrize("layers", ["both layers", "scopes alone"])
def test_what_is_anothers_is_no_page_and_no_form_of_ours(
    victim: Victim, askers: dict[str, Asker], layers: str
) -> None:
    asks, owner = askers[layers]
    assert victim.places.keys() == {*PREFIXES, *NAMES}
    before, ours = victim.counter.shop.counts(), asks.shop.counts()
    asked, wrong = 0, []
    for path, send in [
        *((path, owner.get) for path, _ in PAGES),
        *((form.path, partial(owner.post, form=TOLD)) for form in FORMS),
    ]:
        if not _PARTS.search(path):
            continue
        theirs = victim.at(path)
        first, second = send(filled(path, theirs.__getitem__)), send(filled(path, absent))
        if differ(first, second, theirs, path) or CANARY in first.text:
            wrong.append((path, first.status_code, second.status_code, first.text))
        asked += 1
    assert (wrong, asked > 70) == ([], True), asked
    assert victim.counter.shop.counts() == before
    assert asks.shop.counts() == ours


@pytest.mark.parametrize("layers", ["both layers", "scopes alone"])
def test_what_is_anothers_is_nothing_inside_of_what_we_say(
    victim: Victim, askers: dict[str, Asker], layers: str
) -> None:
    """Ids of another program in the query of every page, and in the fields that take one."""
    asks, owner = askers[layers]
    mine = asks.joined("own-of-" + asks.shop.terms.slug[:6])
    owner.post("/console/program/drafts", {"name": "mine"})
    hook = asks.post("/v1/webhooks", {"url": "https://x.example/in", "types": ["member.joined"]})
    before, ours = victim.counter.shop.counts(), asks.shop.counts()
    plain = [path for path, _ in PAGES if not _PARTS.search(path)]
    plain += [f"/console/members/{mine}{more}" for more in ("", "/merge")]
    plain += [f"/console/webhooks/{hook.json()['id']}", "/console/program/drafts/mine/history"]
    wrong = []
    for path in plain:
        first, second = (
            owner.get(f"{path}?{httpx.QueryParams(queries(of))}")
            for of in (victim.places.__getitem__, absent)
        )
        if differ(first, second, victim.places) or CANARY in first.text:
            wrong.append((path, first.status_code, second.status_code))
    theirs, nobodys = (
        told(of, mine, hook.json()["id"]) for of in (victim.places.__getitem__, absent)
    )
    for (path, form), (_, other) in zip(theirs, nobodys, strict=True):
        first, second = owner.post(path, TOLD | form), owner.post(path, TOLD | other)
        if differ(first, second, victim.places) or first.status_code == 500:
            wrong.append((path, first.status_code, second.status_code))
        assert CANARY not in first.text
    assert wrong == []
    assert victim.counter.shop.counts() == before
    assert asks.shop.counts() == ours


def queries(of: Callable[[str], str]) -> dict[str, str]:
    """Everything a page reads out of its address that may be an id."""
    return {
        "with": of("member_id"), "only": of("member_id"), "after": of("member_id")[4:],
        "before": of("event_id"), "did": of("staff_id"), "file": of("upload_id"),
        "of": of("member_id"), "key": of("key_id"), "tag": "vip",
    }  # fmt: skip


def told(of: Callable[[str], str], mine: str, hook: str) -> list[tuple[str, dict[str, str]]]:
    """Forms whose fields name something, told that it is this."""
    member = of("member_id")
    one = {"only": member, "who": digest(UUID(member[4:]).bytes).hex}
    errand = {"errand": "2" * 32, "file": of("upload_id"), "months": "1", "wallet": "points"}
    return [
        ("/console/tags", one),
        ("/console/rounds", one),
        (f"/console/members/{mine}/merge", {"goes": member, "stays": mine}),
        (f"/console/members/{mine}/merge", {"goes": mine, "stays": member}),
        ("/console/me/member", {"member": member}),
        ("/console/me/member", {"member": CANARY}),
        ("/console/imports", errand),
        ("/console/program/drafts/mine/history", errand),
        (f"/console/webhooks/{hook}/replay", {"event": of("event_id"), "since": ""}),
    ]


@pytest.mark.parametrize("layers", ["both layers", "scopes alone"])
def test_the_fence_holds_alone_where_a_page_forgot_its_scope(
    victim: Victim, askers: dict[str, Asker], layers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control is who asks without a fence: with no layer left, pages do show it."""
    asks, owner = askers[layers]
    own = asks.given.database
    assert isinstance(own, Readable)
    lying = Forgetful(own.pool, own.clock, own.ids, own.ahead)
    lying.at(monkeypatch, asks.shop.program_id, victim.counter.shop.program_id)
    browser = Browser(asks)
    browser.http.cookies = owner.http.cookies
    app = build(replace(asks.given, database=lying))
    browser.http._transport.app = app  # type: ignore[attr-defined]
    seen = []
    for path, _ in PAGES:
        answer = browser.get(filled(path, victim.at(path).__getitem__))
        assert answer.status_code != 303, path
        if CANARY in answer.text:
            seen.append(path)
        if len(seen) == 5 and layers == "scopes alone":
            break  # enough for a control; each page compiles the program anew
    assert len(seen) == 5 if layers == "scopes alone" else seen == [], seen


OPEN_PAGES: Final = {"/console", "/console/me"}
OPEN_FORMS: Final = {"/console/look"}


def unguarded(tables: Sequence[tuple[str, Any]]) -> list[str]:
    """Addresses that open to whoever works here, and are about more than themselves."""
    open_ = OPEN_PAGES | OPEN_FORMS
    return [
        path
        for path, may in tables
        if may is None and path not in open_ and not path.startswith("/console/me/")
    ]


def test_nothing_opens_to_every_role_but_what_is_about_oneself() -> None:
    forms = [(form.path, form.may) for form in FORMS]
    assert unguarded([*PAGES, *forms, *(one[:2] for one in FILES)]) == []
    assert unguarded([("/console/owed", None)]) == ["/console/owed"], "the control"


def test_the_same_told_by_their_owner_is_something(victim: Victim) -> None:
    """The control: each of these answers differs from that about nothing, so ours was looked for.

    Order: what ends something comes after what looks at it.
    """
    for path, _ in PAGES:
        assert victim.owner.get(filled(path, victim.at(path).__getitem__)).status_code == 200, path
    blind = []
    for path in (form.path for form in FORMS if _PARTS.search(form.path)):
        if path.endswith("/forum"):  # their source has none: to its owner, too, it is not there
            continue
        theirs, other = victim.at(path), victim.known["other_id"]
        pair = TOLD | {"goes": other, "stays": victim.places["member_id"], "origins": "https://a.b"}
        pair |= {"does": DOES[path]} if path in DOES else {}
        pair |= {"activity": f"act_{'1' * 32}"} if path.endswith("/same") else {}
        second = victim.owner.post(filled(path, absent), pair | {"stays": absent("member_id")})
        first = victim.owner.post(filled(path, theirs.__getitem__), pair)
        if not differ(first, second, theirs, path):
            blind.append((path, said(first)[:2], first.text[-300:]))
    assert blind == []
