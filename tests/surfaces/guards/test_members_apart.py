"""Members apart from each other: every page of the card and every deed of the web-shop face, asked
by one member about another, and with sessions that are over.

Which addresses there are, and which of them are for who is signed in, is read off the tables of
routes; a deed without a body in `BODIES` fails the test until somebody says one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import httpx
import pytest
from tests.surfaces.api.fuzz.house import House
from tests.surfaces.card.pocket import Pocket, signed_in
from tests.surfaces.counter import Counter
from tests.surfaces.shop.page import HERE, ShopPage, shop_key

from regulars.flows.access.member_sessions import EndSession, end_sessions
from regulars.surfaces.card.forms import MOST_FIELDS, proof_of
from regulars.surfaces.card.routes import card_routes
from regulars.surfaces.shop.routes import DEEDS
from regulars.surfaces.signing_in import COOKIE_PLAIN

CANARY: Final = "CANARY-of-theirs"
SIGN_IN: Final = "/card/sign-in"
JUDGES_ITSELF: Final = {"/card/me/data/file"}
"""A file and no page, so handled as an address for anybody; it looks who is in by itself."""
_HEX = re.compile(r"(?:\b[a-z]{3}_)?[0-9a-f]{32,40}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EUR: Final = {"minor": 100, "currency": "EUR"}
BODIES: Final[dict[str, Any]] = {
    "hello": {},
    "member": {},
    "code": {},
    "sign-in": {},
    "join": {},
    "sign-out": {},
    "preview": {"baskets": [{"lines": [{"amount": EUR}]}]},
    "prices": {"items": [{"price": EUR, "member_price": EUR, "benefit": "companion"}]},
    "may": {"benefit": "companion"},
    "redeem": {"reward": "free-coffee", "key": "a-key-of-eight"},
    "give-back": {"code": "ABCD-EFGH"},
    "friend-link": {},
}
_OF_MEMBERS: Final = """
select table_name from information_schema.columns
 where table_schema = 'public' and column_name in ('member_id', 'program_id') and $1::int > 0
   and table_name in (select relname from pg_class where relkind = 'r')
 group by 1 having count(*) = 2 order by 1
"""

_COLUMNS: Final = """
select distinct column_name from information_schema.columns
 where table_schema = 'public' and $1::int > 0
   and table_name in ('member', 'balance', 'standing', 'identifier', 'member_session')
 order by 1
"""
_RIGHTS: Final = """
select m.number, m.state, m.attributes::text, m.joined_at, s.tier, s.tier_until,
       (select string_agg(i::text, '|' order by i::text) from identifier i
         where i.program_id = $1 and i.member_id = m.member_id),
       (select string_agg(b::text, '|' order by b::text) from balance b
         where b.program_id = $1 and b.member_id = m.member_id)
  from member m left join standing s using (program_id, member_id)
 where m.program_id = $1 and m.member_id = $2::text::uuid
"""


class Two(NamedTuple):
    """Two members of one shop: one who has something of everything, and one who asks."""

    house: House
    theirs: str
    mine: str
    key: str


@pytest.fixture(scope="module")
def two(database: Any) -> Iterator[Two]:
    """Two members of one shop."""
    house = House(database, channels=frozenset({"email"}))
    counter = house.counter
    house.meet()
    theirs, mine = house.known["member_id"], house.known["other_id"]
    house.ask("PATCH", f"/v1/members/{theirs}", given_name=CANARY)
    signed_in(counter, UUID(theirs[4:]))
    yield Two(house, theirs, mine, shop_key(counter, HERE, "https://other.example"))
    counter.close()


def tracks(counter: Counter, member: str) -> str:
    """Everything that is kept of a member, as one text that changes when any of it does."""
    tables = [name for (name,) in counter.shop.rows(_OF_MEMBERS)]
    asked = " union all ".join(
        f"select '{one}' as name, md5(string_agg(t::text, '|' order by t::text)) as sum"
        f" from {one} t where program_id = $1 and member_id = $2::text::uuid"
        for one in tables
    )
    return str(counter.shop.rows(asked, member[4:]))


def routes(counter: Counter) -> tuple[list[str], list[str], set[str]]:
    """Pages for who is in, forms for who is in, and what is open to anybody."""
    shows, acts, others = [], [], set[str]()
    for handler in card_routes(counter.given):
        (path,), name = handler.paths, handler.fn.__qualname__
        if name.startswith("Desk.shows."):
            shows.append(path)
        elif name.startswith("Desk.acts."):
            acts.append(path)
        else:
            others.add(path)
    return [*shows, *sorted(JUDGES_ITSELF)], acts, others


def plain(answer: httpx.Response) -> tuple[int, str, str]:
    """An answer without what is another each time."""
    told = (answer.headers.get("location", ""), answer.text)
    return answer.status_code, _HEX.sub("…", told[0]), _HEX.sub("…", told[1])


def in_by(counter: Counter, token: str) -> Pocket:
    pocket = Pocket(counter)
    pocket.cookies[COOKIE_PLAIN] = token
    return pocket


def fresh(two: Two, member: str) -> str:
    return signed_in(two.house.counter, UUID(member[4:]))


def ended(two: Two) -> str:
    """A session its member has ended."""
    token = fresh(two, two.mine)
    two.house.counter.shop.do(lambda tx, _: end_sessions(tx, [EndSession(UUID(two.mine[4:]))]))
    return token


def erased(two: Two) -> str:
    """A session of somebody whom the shop has forgotten."""
    gone = two.house.member()
    token = fresh(two, gone)
    two.house.ask("DELETE", f"/v1/members/{gone}")
    return token


WRONG: Final[dict[str, Callable[[Two], str]]] = {
    "nobody": lambda _: "",
    "garbage": lambda _: "x" * 43,
    "expired": lambda two: fresh(two, two.mine),
    "ended": ended,
    "erased": erased,
}


@pytest.mark.parametrize("who", WRONG)
def test_a_session_that_is_over_opens_no_page_and_no_form_of_the_card(two: Two, who: str) -> None:
    counter = two.house.counter
    token, now = WRONG[who](two), counter.shop.now
    shows, acts, others = routes(counter)
    assert len(shows) >= 20
    assert len(acts) >= 9
    assert others >= JUDGES_ITSELF
    counter.shop.now += timedelta(days=31 if who == "expired" else 0)
    before = counter.shop.counts()
    for path in shows:
        answer = in_by(counter, token).get(path.replace("{entry:str}", "ent_" + "1" * 32))
        assert (answer.status_code, SIGN_IN in answer.headers.get("location", "")) == (303, True), (
            path
        )
    for path in acts:
        proof = proof_of(counter.given.keyed, token)
        answer = in_by(counter, token).post(path, proof=proof, sure="yes", given_name="Eve")
        assert (answer.status_code, SIGN_IN in answer.headers.get("location", "")) == (303, True), (
            path
        )
    assert counter.shop.counts() == before
    counter.shop.now = now


def test_no_page_of_the_card_shows_another_member(two: Two) -> None:
    counter = two.house.counter
    entry = two.house.listed(f"/v1/members/{two.theirs}/entries")[0]["id"]
    shows, _, others = routes(counter)
    own, their = in_by(counter, fresh(two, two.mine)), in_by(counter, fresh(two, two.theirs))
    seen = 0
    for path in (*shows, *sorted(others - JUDGES_ITSELF)):
        answers = []
        for id_ in (entry, "ent_" + "1" * 32):
            said = f"before={id_}&member={two.theirs}&id={two.theirs}&entry={id_}"
            answers.append(own.get(f"{path.replace('{entry:str}', id_)}?{said}"))
        assert plain(answers[0]) == plain(answers[1]), path
        assert CANARY not in answers[0].text, path
        seen += CANARY in their.get(path.replace("{entry:str}", entry)).text
    assert seen >= 3, "the control: their own pages do show it"


def test_no_form_of_the_card_touches_another_member(two: Two) -> None:
    counter = two.house.counter
    before = tracks(counter, two.theirs)
    assert tracks(counter, two.mine) != before
    _, acts, _ = routes(counter)
    changed = 0
    for path in sorted(acts):
        me = two.house.member()  # one form deletes who sends it
        token, was = fresh(two, me), tracks(counter, me)
        fields = dict.fromkeys(("member", "member_id", "id", "mem", "into", "whom"), two.theirs)
        proof = proof_of(counter.given.keyed, token)
        answer = in_by(counter, token).post(
            path, **fields, proof=proof, sure="yes", given_name="Eve", challenge="sprint"
        )
        assert answer.status_code in (200, 303, 404, 409, 422), (path, answer.status_code)
        assert CANARY not in answer.text
        assert tracks(counter, two.theirs) == before, path
        changed += tracks(counter, me) != was
    assert changed >= 4, "the control: something of who sent it did change"


def test_no_column_is_said_beside_a_form_of_the_card(two: Two) -> None:
    """Points, tier, state and names nobody proved stay, whatever a form says besides."""
    counter = two.house.counter
    columns = [name for (name,) in counter.shop.rows(_COLUMNS)]
    assert 30 < len(columns) < MOST_FIELDS - 5
    _, acts, _ = routes(counter)
    for path in sorted({*acts} - {"/card/me/delete"}):
        me = two.house.member()
        token, was = fresh(two, me), counter.shop.rows(_RIGHTS, me[4:])
        proof = proof_of(counter.given.keyed, token)
        said = {"given_name": "Eve"} | dict.fromkeys(columns, "1") | {"state": "blocked"}
        answer = in_by(counter, token).post(path, **said, proof=proof)
        assert answer.status_code in (200, 303, 404, 409, 422), (path, answer.text[-300:])
        assert counter.shop.rows(_RIGHTS, me[4:]) == was, path


def page(two: Two, token: str, **more: Any) -> ShopPage:
    return ShopPage(two.house.counter, more.pop("key", two.key), token=token, **more)


def member_of(two: Two, origin: str = HERE) -> str:
    """A token of somebody who signed in on the pages of the shop."""
    counter = two.house.counter
    address = f"w{two.house.fresh()}@example.org"
    body = {"identifiers": [{"kind": "email", "value": address}], "given_name": "Ada"}
    assert counter.post("/v1/members", body).status_code == 201
    here = ShopPage(counter, two.key, origin)
    assert here.sign_in(address).status_code == 200
    return here.token


OVER: Final = ("expired", "signed out", "elsewhere", "other key", "the card's", "garbage")


@pytest.mark.parametrize("who", OVER)
def test_a_token_that_is_not_good_here_is_as_none(two: Two, who: str) -> None:
    counter = two.house.counter
    assert BODIES.keys() == DEEDS.keys()
    now, more = counter.shop.now, {}
    if who == "garbage":
        token = "x" * 43
    elif who == "the card's":
        token = fresh(two, two.theirs)
    else:
        token = member_of(two)
    if who == "expired":
        counter.shop.now += timedelta(days=8)
    elif who == "signed out":
        page(two, token).told("sign-out")
    elif who == "elsewhere":
        more = {"origin": "https://other.example"}
    elif who == "other key":
        more = {"key": shop_key(counter, HERE)}
    before = counter.shop.counts()
    for deed, body in BODIES.items():
        answer, none = (page(two, one, **more).ask(deed, body) for one in (token, ""))
        assert plain(answer) == plain(none), deed
        assert "Ada" not in answer.text
        assert CANARY not in answer.text
    assert counter.shop.counts() == before
    counter.shop.now = now


def test_no_deed_of_a_web_shop_touches_another_member(two: Two) -> None:
    counter = two.house.counter
    wish = {"member": {"id": two.theirs}, "reward": "voucher"}
    held = counter.post("/v1/redemptions", wish | {"reward": "free-coffee"}).json()
    before, token = tracks(counter, two.theirs), member_of(two)
    assert "Ada" in page(two, token).ask("member").text, "the control: they are in themselves"
    for deed, body in sorted(BODIES.items(), key=lambda one: one[0] == "sign-out"):
        for more in ({}, {"member": two.theirs}, {"member_id": two.theirs}, {"id": two.theirs}):
            answer = page(two, token).ask(deed, body | more)
            assert answer.status_code < 500
            assert CANARY not in answer.text
            if more and body:
                assert answer.status_code in (400, 422), (deed, answer.text)
        assert tracks(counter, two.theirs) == before, deed
    token = member_of(two)
    answers = [
        page(two, token).ask("give-back", {"code": code}) for code in (held["code"], "ABCD-EFGH")
    ]
    assert plain(answers[0])[:2] == plain(answers[1])[:2]
    assert answers[0].json()["code"] == answers[1].json()["code"]
    assert tracks(counter, two.theirs) == before
