"""CRMs whose tokens end within the hour: fetched once, used until shortly before, and renewed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.surfaces.connect.crm.by_tokens import Dynamics, Signed, Zoho
from tests.surfaces.counter import Counter, problem

from regulars.base.keyed import key_from
from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.catching.keys import ShopKeys, opened
from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping
from regulars.surfaces.connect.outlets.crm.kind import Crm
from regulars.surfaces.connect.outlets.crm.shapes import SignsInMap
from regulars.surfaces.connect.outlets.crm.signing_in import OAuth, Sealing, signed_in
from regulars.surfaces.senders.outgoing.client import Answer, Sending

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
BY = SignsInMap(grant="client_credentials", scope="s/.default")
OVER = Answer(200, {}, b'{"error":"invalid_code"}')
ROTATING = SignsInMap(grant="refresh_token")


@pytest.fixture(scope="module", params=["dynamics", "zoho"])
def crm(counter: Counter, request: Any) -> Iterator[Signed]:
    there = Dynamics() if request.param == "dynamics" else Zoho()
    made = Signed(counter, request.param, there)
    made.later(minutes=10)
    made.asks(made.shop.now)
    yield made
    made.ends()


def test_members_are_told_and_cases_asked_for_by_one_token_an_hour(crm: Signed) -> None:
    ada, odd = crm.joins("ada"), crm.joins("odd")
    crm.there.case(f"ada@{crm.mark}.example.org", crm.shop.now)
    shown = crm.relay()
    assert (shown["known"], shown["open"], shown["problem"]) == (1, 1, "")
    (row,) = crm.counter.get(f"{crm.place}/outlet/members").json()["items"]
    assert (row["member_id"], row["field"].lower()[:5]) == (odd, "email")
    assert ada in crm.there.contacts
    assert crm.catch_up()["problem"] == ""
    assert (crm.booked(), len(crm.there.accounts.asked)) == (1, 1)
    # Two minutes before it ends the next one is fetched.
    crm.later(minutes=53)
    crm.joins("bea")
    assert crm.relay()["known"] == 2
    assert len(crm.there.accounts.asked) == 2
    # Ended there before its time, it is renewed once, and nothing is told twice.
    crm.there.accounts.good.clear()
    crm.joins("cem")
    assert (crm.relay()["known"], len(crm.there.accounts.asked)) == (3, 3)
    crm.counter.shop.run(_tries(crm))


async def _tries(crm: Signed) -> None:
    """Nothing of a token or secret stands in what is kept or shown."""
    async with crm.shop.transaction() as tx:
        kept = await tx.fetch("select keys from catch_up where inlet_id = $1::text::uuid",
                              crm.made["id"].removeprefix("inl_"))  # fmt: skip
    for secret in (*crm.there.accounts.client, crm.there.accounts.refresh, "token-"):
        assert not secret or secret.encode() not in kept[0]["keys"]


def test_a_refresh_token_that_is_given_anew_is_kept(counter: Counter) -> None:
    crm = Signed(counter, "zoho", Zoho())
    # One of its own: the other systems of this program have another that never changes.
    crm.there.accounts.rotates, crm.there.accounts.refresh = True, "1000.own"
    crm.asks(crm.shop.now)
    for turn, name in enumerate(("one", "two", "three", "four")):
        crm.joins(name)
        for asks in (crm.relay, crm.catch_up)[:: 1 if turn % 2 else -1]:  # each fetches one
            assert asks()["problem"] == "", name
        crm.later(hours=1)
        # Another process knows nothing but what is kept.
        OAuth.__init__(signing_tokens())
    asked = [one["refresh_token"] for one in crm.there.accounts.asked]
    renewed = sum(one.startswith("1000.own") for one in asked)
    assert crm.there.accounts.refresh == "1000.own" + "+" * renewed
    assert len(crm.there.contacts) == 4
    crm.there.accounts.refresh = "another"
    crm.joins("late")
    crm.later(hours=1)
    assert "refresh token is over" in crm.relay()["problem"]
    crm.asks(crm.shop.now)
    crm.later(hours=1)
    assert (crm.relay()["problem"], len(crm.there.contacts)) == ("", 5)
    crm.ends()


def test_two_sources_of_one_app_keep_the_refresh_token_that_either_was_given(
    counter: Counter,
) -> None:
    there = Zoho()
    first, second = Signed(counter, "zoho", there), Signed(counter, "zoho", there)
    there.accounts.rotates, there.accounts.refresh = True, "1000.both"
    for crm in (first, second):
        crm.asks(crm.shop.now)
    for turn in range(3):
        for crm in (first, second)[:: 1 if turn % 2 else -1]:
            OAuth.__init__(signing_tokens())  # another process knows nothing but what is kept
            crm.joins(f"both-{turn}-{crm.mark}")
            assert (crm.relay()["problem"], crm.catch_up()["problem"]) == ("", "")
            crm.later(hours=1)
    assert there.accounts.refresh.count("+") >= 6
    for crm in (first, second):
        crm.ends()


def signing_tokens() -> OAuth:
    from regulars.surfaces.connect.outlets.crm.signing_in import TOKENS

    return TOKENS


def test_what_is_entered_goes_together_and_to_where_we_may_go(counter: Counter) -> None:
    crm = Signed(counter, "zoho", Zoho())
    place = f"{crm.place}/outlet"
    for field, said in (
        ("secret", None), ("token_address", None), ("refresh_token", None),
        ("token_address", "https://169.254.169.254/token"), ("token_address", "ftp://a.example"),
        ("token_address", "https://accounts.zoho.eu/oauth/v2/token?a=b"),
    ):  # fmt: skip
        answer = problem(counter.ask("PUT", place, crm.entered(**{field: said})))
        assert answer == (422, "invalid", f"/{field}"), said
    crm.ends()
    plain = counter.post("/v1/inlets", {"name": "C", "kind": "crm", "mapping": Crm().mapping})
    place = f"/v1/inlets/{plain.json()['id']}"
    answer = problem(counter.ask("PUT", f"{place}/outlet", crm.entered()))
    assert answer == (422, "invalid", "/token_address")
    counter.ask("DELETE", place)


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("{grant: password}", "grant"),
        ("{grant: refresh_token, extra: {client_secret: x}}", "client_secret"),
        ("{grant: refresh_token, at: 'https://a.example'}", "at"),
    ],
)
def test_a_mapping_that_says_it_wrongly_is_told_where(said: str, where: str) -> None:
    with pytest.raises(MappingFault, match=where):
        read_mapping(f"{Crm().mapping}\nsigns_in: {said}\n")


class There:
    """A CRM and where its tokens are fetched, asked by several at once."""

    def __init__(self, *tokens: Answer) -> None:
        self.tokens, self.fetched, self.asked = list(tokens), 0, 0
        self.good = {"t1"}

    async def send(self, sending: Sending) -> Answer:
        if sending.url.endswith("/token"):
            self.fetched += 1
            await asyncio.sleep(0)
            return self.tokens[min(self.fetched, len(self.tokens)) - 1]
        self.asked += 1
        return Answer(200 if dict(sending.headers)["A"][2:] in self.good else 401, {}, b"")


def token(said: str, **more: Any) -> Answer:
    import msgspec

    return Answer(200, {}, msgspec.json.encode({"access_token": said, **more}))


def by(there: There, tokens: OAuth, at: datetime = AT, how: SignsInMap = BY, **more: Any) -> Send:
    keys = ShopKeys("id", "secret", token_address="https://a.example/token", **more)
    send, shop = signed_in(there.send, Shop("https://a.example", keys, at), how, tokens)
    assert (shop.keys.secret, "secret" in shop.keys.key) == ("", False)

    async def asks(_: Sending) -> Answer:
        header = (("A", f"B {shop.keys.key}"),)
        return await send(Sending("GET", "https://a.example/x", header, b""))

    return asks


ANY = Sending("GET", "", (), b"")


def test_many_at_once_fetch_one_and_a_refusal_is_not_asked_for_again_at_once() -> None:
    async def many() -> None:
        there, tokens = There(token("t1", expires_in=3600)), OAuth()
        await asyncio.gather(*(by(there, tokens)(ANY) for _ in range(20)))
        assert (there.fetched, there.asked) == (1, 20)
        there.good = {"t2"}
        there.tokens = [token("t2", expires_in="3600")]
        await asyncio.gather(*(by(there, tokens)(ANY) for _ in range(20)))
        assert there.fetched == 2
        there.good = set()  # whatever it gives is no good
        for _ in range(5):
            with pytest.raises(NotTold, match="it does not take the token it was given"):
                await by(there, tokens)(ANY)
        assert there.fetched == 3
        with pytest.raises(NotTold):
            await by(there, tokens, AT + timedelta(minutes=2))(ANY)
        assert there.fetched > 3

    asyncio.run(many())


def test_one_client_lets_each_organization_in_by_its_own_refresh_token() -> None:
    sent: list[str] = []

    async def answers(sending: Sending) -> Answer:
        if sending.url.endswith("/token"):
            whose = dict(parse_qsl(sending.body.decode()))["refresh_token"]
            return token(f"of-{whose}", refresh_token=f"{whose}+", expires_in=3600)
        sent.append(dict(sending.headers)["A"])
        return Answer(200, {}, b"")

    there, tokens = There(), OAuth()
    there.send = answers  # type: ignore[method-assign]
    for refresh in ("north", "south", "north+", "south"):
        asyncio.run(by(there, tokens, how=ROTATING, refresh=refresh)(ANY))
    # What came in place of a refresh token is of the same organization, and fetches none anew.
    assert sent == ["B of-north", "B of-south", "B of-north", "B of-south"]


def test_keys_that_are_renewed_twice_while_they_are_asked_with_are_kept() -> None:
    kept, chance = [b"read"], iter(range(99))

    class Noted:
        program_id = 1

        async def fetch(self, *_: Any) -> list[Any]:
            return []

        async def write(self, writes: Any) -> None:
            _, _, before, after = writes[0].args
            if kept[0] == before:
                kept[0] = after

    @asynccontextmanager
    async def begun(_: int) -> AsyncIterator[Any]:
        yield Noted()

    place, keyed = (1, UUID(int=1)), key_from(b"k" * 32, "test")
    sealing = Sealing(begun, keyed, lambda many: next(chance).to_bytes(many))
    keeps, ahead = sealing.keeps(place, b"read"), sealing.keeps(place, b"read")
    for at, keep in enumerate((keeps, keeps, ahead, keeps)):
        asyncio.run(keep(ShopKeys("id", "secret", refresh=f"r{at}")))
    assert opened(keyed, place, kept[0]).refresh == "r3"
    kept[0] = b"entered"  # by somebody meanwhile
    asyncio.run(keeps(ShopKeys("id", "secret", refresh="r4")))
    assert kept[0] == b"entered"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(401, {}, b'{"error":"invalid_client"}'), "nobody knows this client"),
        (OVER, "refresh token is over"),
        (Answer(400, {}, b'{"error":"invalid_scope"}'), "scope"),
        (Answer(200, {}, b"<html>"), "no token"),
        (Answer(302, {}, b""), "no token"),
        (Answer(200, {}, b'{"access_token":"a\\nb"}'), "no token"),
    ],
)
def test_where_no_token_is_given_it_says_why(answer: Answer, says: str) -> None:
    there, tokens = There(answer), OAuth()
    for _ in range(3):
        with pytest.raises(NotTold, match=says):
            asyncio.run(by(there, tokens, how=replace(ROTATING))(ANY))
    assert (there.fetched, there.asked) == (1, 0)


def test_a_pause_that_is_asked_for_is_kept() -> None:
    there = There(Answer(429, {"retry-after": "77"}, b""))
    with pytest.raises(NotTold) as why:
        asyncio.run(by(there, OAuth())(ANY))
    assert why.value.wait_s == 77


def test_a_token_that_does_not_say_when_it_ends_is_used_for_minutes() -> None:
    there, tokens = There(token("t1")), OAuth()
    for minutes in (0, 9, 11):
        asyncio.run(by(there, tokens, AT + timedelta(minutes=minutes))(ANY))
    assert there.fetched == 2
