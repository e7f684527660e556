"""Members come in by code or link; nobody learns who is one, and nothing works twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.makers import Shop, by

from regulars.base.faults import Fault, Refused
from regulars.base.ids import id_of
from regulars.flows.access.ask_for_codes import CodeAsked, LinkHanded
from regulars.flows.access.use_codes import ConsentConfirmed, SignedIn
from regulars.flows.membership.erase_members import erase_members
from regulars.records.access.members.spelling import code_of, link_of
from regulars.records.members.types import EraseMember, Identifier, JoinMember
from regulars.records.program.templates import load_template
from regulars.runtime.serving.asgi import given_with
from regulars.surfaces.signing_in import SigningIn

ADA = "ada@example.org"
PHONE = "+4915112345678"


class Door:
    """The door of one shop, knocked at as pages do: through the gate."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        both = frozenset({"email", "sms"})
        self.given = given_with(shop.database, self._shown, width=3, channels=both)
        self.door = SigningIn(self.given)

    async def _shown(self) -> int | None:
        return self.shop.program_id

    def __getattr__(self, deed: str) -> Any:
        def knock(*args: Any, **more: Any) -> Any:
            return self.shop.run(getattr(self.door, deed)(self.shop.program_id, *args, **more))

        return knock

    def code(self, asked: CodeAsked) -> str:
        return code_of(self.given.keyed, asked.code_id)

    def sent(self) -> list[tuple[Any, ...]]:
        return self.shop.rows("select kind, channel, state from delivery where program_id = $1")


@pytest.fixture
def door(database: Any) -> Iterator[Door]:
    shop = Shop.open(database, load_template("coffee-shop"))
    shop.begin(load_template("coffee-shop"), slug=f"s{os.urandom(4).hex()}")
    names = (Identifier("email", ADA), Identifier("phone", PHONE), Identifier("external", "ada"))
    shop.join(JoinMember(identifiers=names, given_name="Ada"))
    yield Door(shop)
    shop.close()


def wrong(code: str) -> str:
    return str((int(code) + 1) % 1_000_000).rjust(6, "0")


def test_a_code_lets_its_member_in_once(door: Door) -> None:
    asked = door.ask("email", " Ada@Example.org ", "192.0.2.1")
    assert door.sent() == [("code", "email", "waiting")]
    code = door.code(asked)
    inside = door.by_code(asked.code_id, f"{code[:3]} {code[3:]}", "Firefox")
    assert isinstance(inside, SignedIn)
    seen = door.who(inside.token)
    assert (seen.member_id, seen.stale) == (inside.member_id, False)
    again = door.by_code(asked.code_id, code)
    assert again.code == "code_over"
    link = door.by_link(link_of(door.given.keyed, asked.code_id))
    assert link.code == "code_over"
    assert [one.device for one in door.sessions(inside.member_id)] == ["Firefox"]


def test_nothing_tells_who_is_a_member(door: Door) -> None:
    """Answer, limits and what is kept are the same for an address that nobody has."""
    answers = [door.ask("email", address, "c1") for address in (ADA, "nobody@example.org")]
    assert [type(one) for one in answers] == [CodeAsked, CodeAsked]
    assert answers[0].until == answers[1].until
    known, unknown = answers
    tried = [door.by_code(one.code_id, wrong(door.code(one))) for one in (known, unknown)]
    assert tried[0] == tried[1] == Refused("code_wrong", tried[0].says, {"tries_left": 4})
    for address in (ADA, "nobody@example.org"):
        for _ in range(2):
            assert isinstance(door.ask("email", address, ""), CodeAsked)
    refused = [door.ask("email", address, "") for address in (ADA, "nobody@example.org")]
    assert refused[0] == refused[1]
    assert refused[0].code == "too_many_codes"
    # Of somebody who is no member nothing is kept but a keyed digest, and nobody is written to.
    assert len(door.sent()) == 3
    kept = door.shop.rows("select sign_in_code::text from sign_in_code where program_id = $1")
    assert len(kept) == 6
    assert not any("example" in row[0] for row in kept)


def test_members_and_others_cost_the_same_statements(door: Door) -> None:
    """The time class: not only the answer but what the database is asked is one."""
    asked: list[list[str]] = []
    real = door.shop.database.pool

    from regulars.flows.access.ask_for_codes import AskForCode, ask_for_codes

    async def counted(address: str) -> list[str]:
        said: list[str] = []
        async with door.shop.transaction() as tx:
            fetch, write = tx.fetch, tx.write

            class Counting:
                program_id, now = tx.program_id, tx.now
                new_id = tx.new_id

                async def fetch(self, sql: str, *args: Any) -> Any:
                    said.append(sql)
                    return await fetch(sql, *args)

                async def write(self, writes: Any) -> None:
                    said.extend(one.sql for one in writes)
                    await write(writes)

            command = AskForCode(id_of(os.urandom(16)), "email", address)
            await ask_for_codes(Counting(), terms, door.given.keyed, [command])  # type: ignore
        return said

    terms = door.shop.terms
    for address in (ADA, "nobody@example.org"):
        asked.append(door.shop.run(counted(address)))
    assert real is door.shop.database.pool
    assert asked[0] == asked[1]
    assert len(asked[0]) >= 5


def test_five_wrong_tries_end_a_code(door: Door) -> None:
    asked = door.ask("phone", PHONE, "c")
    code = door.code(asked)
    left = [door.by_code(asked.code_id, wrong(code)).facts["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert door.by_code(asked.code_id, code).code == "code_over"
    assert door.shop.rows("select count(*) from member_session where program_id = $1") == [(0,)]


def test_guesses_at_once_are_counted_one_by_one(door: Door) -> None:
    asked = door.ask("email", ADA, "c")
    code = door.code(asked)

    async def guess() -> list[Any]:
        import asyncio

        tries = (
            door.door.by_code(door.shop.program_id, asked.code_id, wrong(code)) for _ in range(9)
        )
        return await asyncio.gather(*tries)

    codes = [one.code for one in door.shop.run(guess())]
    assert sorted(codes) == ["code_over"] * 4 + ["code_wrong"] * 5


def test_a_code_and_a_link_end_by_the_clock(door: Door) -> None:
    first, second = door.ask("email", ADA, "c"), door.ask("email", ADA, "c")
    door.shop.now += timedelta(minutes=10)
    assert door.by_code(first.code_id, door.code(first)).code == "code_over"
    assert isinstance(door.by_link(link_of(door.given.keyed, first.code_id)), SignedIn)
    door.shop.now += timedelta(minutes=5)
    assert door.by_link(link_of(door.given.keyed, second.code_id)).code == "code_over"


def test_a_link_of_somebody_else_is_worth_nothing(door: Door) -> None:
    asked = door.ask("email", ADA, "c")
    link = link_of(door.given.keyed, asked.code_id)
    for other in (link[:-1] + ("a" if link[-1] != "a" else "b"), link[:32], "x", "", "é" * 64):
        assert door.by_link(other).code == "code_over"
    assert isinstance(door.by_link(link), SignedIn)


def test_an_installation_with_another_key_knows_no_code_of_ours(door: Door) -> None:
    asked = door.ask("email", ADA, "c")
    foreign = SigningIn(replace(door.given, keyed=lambda text: bytes(32)))
    answer = door.shop.run(foreign.by_code(door.shop.program_id, asked.code_id, door.code(asked)))
    assert answer.code == "code_wrong"


def test_too_many_codes_of_one_client_are_refused_until_time_has_passed(door: Door) -> None:
    for number in range(10):
        assert isinstance(door.ask("email", f"n{number}@example.org", "c9"), CodeAsked)
    refused = door.ask("email", "n10@example.org", "c9")
    assert refused.facts == {"retry_after_seconds": 15 * 60 + 1}
    assert isinstance(door.ask("email", "n10@example.org", "c8"), CodeAsked)
    door.shop.now += timedelta(minutes=15, seconds=1)
    assert isinstance(door.ask("email", "n10@example.org", "c9"), CodeAsked)


@pytest.mark.parametrize("address", ["", "ada", "a@b", "ada@example.org\r\nBcc: x@example.org"])
def test_what_is_no_address_is_a_fault_at_its_field(door: Door, address: str) -> None:
    answer = door.ask("email", address, "c")
    assert isinstance(answer, Fault)
    assert (answer.code, answer.field) == ("invalid", "/email")
    assert door.shop.rows("select count(*) from sign_in_code where program_id = $1") == [(0,)]


def test_without_a_sender_everybody_is_told_so(door: Door) -> None:
    alone = SigningIn(replace(door.given, channels=frozenset()))
    answers = [
        door.shop.run(alone.ask(door.shop.program_id, "email", address, "c"))
        for address in (ADA, "nobody@example.org")
    ]
    assert [str(one) for one in answers] == ["codes cannot be sent this way here"] * 2


def test_staff_hand_a_link_that_is_not_sent(door: Door) -> None:
    handed = door.hand_link(by(external="ada"))
    assert isinstance(handed, LinkHanded)
    assert isinstance(door.by_link(handed.link), SignedIn)
    assert door.by_link(handed.link).code == "code_over"
    assert door.sent() == []


def test_a_session_ends_by_sign_out_by_idling_and_by_age(door: Door) -> None:
    tokens = []
    for _ in range(3):
        tokens.append(door.by_link(door.hand_link(by(external="ada")).link))
    first, second, third = tokens
    member = first.member_id
    assert door.end(member, second.session_id).sessions == 1
    assert door.who(second.token) is None
    assert isinstance(door.end(member, second.session_id), Fault)
    assert isinstance(door.end(UUID(int=7), first.session_id), Fault)
    door.shop.now += timedelta(days=29)
    assert door.who(first.token).stale
    assert not door.who(first.token).stale
    door.shop.now += timedelta(days=2)
    assert door.who(third.token) is None
    for _ in range(6):
        assert door.who(first.token) is not None
        door.shop.now += timedelta(days=25)
    assert door.who(first.token) is None
    assert door.end(member).sessions == 0


def test_all_sessions_end_at_once(door: Door) -> None:
    tokens = [door.by_link(door.hand_link(by(external="ada")).link) for _ in range(2)]
    assert door.end(tokens[0].member_id).sessions == 2
    assert [door.who(one.token) for one in tokens] == [None, None]


def test_a_cookie_of_another_program_or_of_nobody_lets_nobody_in(door: Door) -> None:
    inside = door.by_link(door.hand_link(by(external="ada")).link)
    for other in ("", "x", inside.token[:-1], inside.token + "A", "A" * 43):
        assert door.who(other) is None
    door.shop.begin(load_template("coffee-shop"), slug=f"o{os.urandom(4).hex()}")
    assert door.who(inside.token) is None


def test_a_consent_is_given_when_it_was_confirmed_at_the_address(door: Door) -> None:
    asked = door.want(by(external="ada"), ("sms",), "the card", "c")
    assert door.sent() == [("confirmation", "sms", "waiting")]
    given = "select channel, state, source from consent where program_id = $1"
    assert door.shop.rows(given) == []
    # A code for a consent lets nobody in, and the other way round.
    assert door.by_code(asked.code_id, door.code(asked)).code == "code_over"
    confirmed = door.confirm(code_id=asked.code_id, code=door.code(asked))
    assert isinstance(confirmed, ConsentConfirmed)
    assert door.shop.rows(given) == [("sms", "given", "confirmed by code")]
    signing = door.ask("email", ADA, "c")
    assert door.confirm(code_id=signing.code_id, code=door.code(signing)).code == "code_over"


def test_an_erased_member_is_out_at_once(door: Door) -> None:
    inside = door.by_link(door.hand_link(by(external="ada")).link)
    asked = door.ask("email", ADA, "c")
    door.shop.ask(erase_members, EraseMember(inside.member_id))
    assert door.who(inside.token) is None
    assert door.by_code(asked.code_id, door.code(asked)).code == "code_over"
    left = "select (select count(*) from delivery where program_id = $1)"
    left += ", (select count(*) from sign_in_code where program_id = $1 and member_id is not null)"
    assert door.shop.rows(left) == [(0, 0)]


def test_sent_again_after_a_lost_connection_the_first_answer_comes(door: Door) -> None:
    from regulars.flows.access.use_codes import SignIn, sign_in

    asked = door.ask("email", ADA, "c")
    command = SignIn("T" * 43, asked.code_id, door.code(asked))
    answers = [
        door.shop.do(lambda tx, terms: sign_in(tx, door.given.keyed, [command])) for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert isinstance(answers[0][0], SignedIn)
