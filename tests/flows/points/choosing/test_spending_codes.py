"""Whoever has no card at hand is sent digits: right ones are a showing of it, for one thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from tests.flows.points.choosing.test_proof_by_worth import DEAR, KEYED, shows, takes
from tests.flows.points.sharing import member_id, merge
from tests.makers import Shop

from regulars.base.faults import KeyReused, Refused
from regulars.engine.rewarding.paying import Basket
from regulars.flows.access.ask_for_codes import AskToSpend, SpendingAsked, ask_to_spend
from regulars.flows.access.commands import CardShown
from regulars.flows.access.use_codes import ProveByCode, SignIn, prove_by_codes, sign_in
from regulars.flows.commands import Adjust
from regulars.records.access.members.spelling import code_of, link_of, make_token
from regulars.records.members.types import Identifier, JoinMember, MemberRef, ShownCode

Open = Callable[[str], Shop]
PHONE = "+4915112345642"
MAIL = "ada@example.org"


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(DEAR)


@pytest.fixture
def ada(shop: Shop) -> MemberRef:
    return ada_of(shop)


def ada_of(shop: Shop) -> MemberRef:
    """A member with a telephone, an e-mail and points."""
    return member_with(shop, "ada", Identifier("phone", PHONE), Identifier("email", MAIL))


def member_with(shop: Shop, external: str, *names: Identifier) -> MemberRef:
    shop.join(JoinMember(identifiers=(Identifier("external", external), *names)))
    who = MemberRef(external=external)
    shop.adjust(Adjust(who, "points", 2_000, "as a start", "mia"))
    return who


def asks(shop: Shop, who: MemberRef, reward: str = "cake", **more: Any) -> Any:
    """A till has a code sent; what it is told."""
    told = {"channels": ("sms", "email"), "machine": "till 1", "code_id": uuid4(), **more}
    wish = AskToSpend(member=who, reward=reward, **told)

    async def ask(tx: Any, terms: Any) -> Any:
        return await ask_to_spend(tx, terms, KEYED, [wish])

    return shop.do(ask)[0]


def proves(shop: Shop, code_id: UUID, digits: str = "", by: str = "till 1") -> Any:
    wish = ProveByCode(code_id, digits or code_of(KEYED, code_id), by)

    async def prove(tx: Any, _: Any) -> Any:
        return await prove_by_codes(tx, KEYED, [wish])

    return shop.do(prove)[0]


def said(shop: Shop, who: MemberRef, reward: str = "cake", by: str = "till 1") -> ShownCode:
    """A code is sent to a member, and they say it at this till."""
    done = proves(shop, asks(shop, who, reward).code_id, by=by)
    assert isinstance(done, CardShown), done
    return ShownCode(done.member_id, done.step, by)


def wrong(code_id: UUID) -> str:
    return str((int(code_of(KEYED, code_id)) + 1) % 10**6).rjust(6, "0")


def no(outcome: Any) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.code


def test_the_digits_are_sent_to_the_member_and_not_to_who_asks(shop: Shop, ada: MemberRef) -> None:
    asked = asks(shop, ada)
    assert isinstance(asked, SpendingAsked)
    assert (asked.channel, asked.hint) == ("sms", "··42")
    assert asked.until == shop.now + timedelta(minutes=10)
    sent = shop.rows("select kind, channel, state from delivery where program_id = $1")
    assert sent == [("spending", "sms", "waiting")]
    assert code_of(KEYED, asked.code_id) not in str(asked)
    assert asks(shop, ada, channels=("email",)).hint == "a··"


def test_right_digits_are_a_card_that_was_shown(shop: Shop, ada: MemberRef) -> None:
    assert takes(shop, ada) == "card_needed"
    code = said(shop, ada)
    assert takes(shop, ada, asked=shows(code)) == "held"
    assert takes(shop, ada, asked=shows(code)) == "card_code_used"


def test_they_are_good_where_they_were_said_and_for_ten_minutes(shop: Shop, ada: MemberRef) -> None:
    code = said(shop, ada)
    elsewhere = ShownCode(code.member_id, code.step, "till 2")
    assert takes(shop, ada, asked=shows(elsewhere)) == "card_code_used"
    shop.now += timedelta(minutes=10)
    assert takes(shop, ada, asked=shows(code)) == "held"
    ben = member_with(shop, "ben", Identifier("phone", "+4915112345699"))
    late = said(shop, ben)
    shop.now += timedelta(minutes=10, seconds=1)
    assert takes(shop, ben, asked=shows(late)) == "card_needed"


def test_a_code_is_good_for_what_it_was_sent_for(shop: Shop, ada: MemberRef) -> None:
    """The message says for what; a cashier who takes something else with it is told no."""
    code = said(shop, ada, "coffee")
    assert takes(shop, ada, "cake", asked=shows(code)) == "card_code_wrong"
    assert takes(shop, ada, "", pay=Basket(900), asked=shows(code)) == "card_code_wrong"
    paying = said(shop, ada, "")
    assert takes(shop, ada, "cake", asked=shows(paying)) == "card_code_wrong"
    assert takes(shop, ada, "", pay=Basket(900), asked=shows(paying)) == "held"


def test_five_tries_and_it_is_over_though_the_sixth_is_right(shop: Shop, ada: MemberRef) -> None:
    asked = asks(shop, ada)
    left = [proves(shop, asked.code_id, wrong(asked.code_id)).facts for _ in range(5)]
    assert left == [{"tries_left": n} for n in (4, 3, 2, 1, 0)]
    assert no(proves(shop, asked.code_id)) == "code_over"
    assert shop.rows("select count(*) from card_code where program_id = $1") == [(0,)]


def test_a_code_is_over_after_ten_minutes_to_the_second(shop: Shop, ada: MemberRef) -> None:
    asked = asks(shop, ada)
    shop.now += timedelta(minutes=10)
    assert no(proves(shop, asked.code_id)) == "code_over"
    asked = asks(shop, ada)
    shop.now += timedelta(minutes=10) - timedelta(seconds=1)
    assert isinstance(proves(shop, asked.code_id), CardShown)


def test_three_codes_in_a_quarter_of_an_hour_go_to_one_address(shop: Shop, ada: MemberRef) -> None:
    sent = [asks(shop, ada, machine=f"till {n}") for n in range(4)]
    assert no(sent[3]) == "too_many_codes"
    assert sent[3].facts == {"retry_after_seconds": 901}
    again = asks(shop, ada, code_id=sent[0].code_id)
    assert (again.code_id, shop.rows("select count(*) from delivery where program_id = $1")) == (
        sent[0].code_id, [(3,)],
    )  # fmt: skip


def test_asked_again_under_its_key_it_is_the_code_that_was_sent(shop: Shop, ada: MemberRef) -> None:
    """Until when it is good was told anew each time, ten minutes from then, and it was over."""
    first = asks(shop, ada)
    shop.now += timedelta(minutes=9)
    again = asks(shop, ada, code_id=first.code_id)
    assert (again.until, again.replayed, first.replayed) == (first.until, True, False)
    bob = member_with(shop, "bob", Identifier("phone", "+4915112345699"))
    for other in (
        asks(shop, bob, code_id=first.code_id),
        asks(shop, ada, "", code_id=first.code_id),
    ):
        assert isinstance(other, KeyReused), "nothing went to bob, and he was said to have it"
    assert shop.rows("select count(*) from delivery where program_id = $1") == [(1,)]


def test_ten_codes_in_a_quarter_of_an_hour_are_sent_from_one_till(shop: Shop) -> None:
    """Whoever types numbers one after the other learns little, and rings few telephones."""
    for n in range(11):
        member_with(shop, f"m{n}", Identifier("phone", f"+49151123456{n:02d}"))
    sent = [asks(shop, MemberRef(external=f"m{n}")) for n in range(11)]
    assert [no(one) for one in sent if isinstance(one, Refused)] == ["too_many_codes"]
    assert isinstance(asks(shop, MemberRef(external="m10"), machine="till 2"), SpendingAsked)


def test_typed_again_it_is_the_same_answer_and_anothers_is_none(shop: Shop, ada: MemberRef) -> None:
    asked = asks(shop, ada)
    first = proves(shop, asked.code_id)
    shop.now += timedelta(minutes=3)
    assert proves(shop, asked.code_id) == first
    assert no(proves(shop, asked.code_id, by="till 2")) == "code_over"
    assert no(proves(shop, asked.code_id, wrong(asked.code_id))) == "code_over"


def test_it_signs_nobody_in_and_no_sign_in_code_spends(shop: Shop, ada: MemberRef) -> None:
    asked = asks(shop, ada)

    async def enters(tx: Any, _: Any) -> Any:
        digits = SignIn(make_token(b"a" * 32), asked.code_id, code_of(KEYED, asked.code_id))
        link = SignIn(make_token(b"b" * 32), link=link_of(KEYED, asked.code_id))
        return await sign_in(tx, KEYED, [digits, link])

    assert [no(one) for one in shop.do(enters)] == ["code_over", "code_over"]
    shop.rows("update sign_in_code set purpose = 'sign_in' where program_id = $1 returning 1")
    assert no(proves(shop, asked.code_id)) == "code_over"


def test_a_card_that_was_shown_in_the_same_half_minute_stays_its_own(
    shop: Shop, ada: MemberRef
) -> None:
    one, other = said(shop, ada), said(shop, ada)
    assert one.step == other.step + 1
    assert no(proves(shop, asks(shop, ada).code_id)) == "card_code_used"
    assert takes(shop, ada, asked=shows(one)) == "held"
    assert takes(shop, ada, asked=shows(other)) == "held"


def test_digits_for_which_there_was_no_half_minute_are_good_a_minute_later(
    shop: Shop, ada: MemberRef
) -> None:
    """Told to wait, they wait; the code that they were sent is not gone by it."""
    said(shop, ada), said(shop, ada)
    asked = asks(shop, ada)
    for _ in range(6):
        assert no(proves(shop, asked.code_id)) == "card_code_used"
    shop.now += timedelta(minutes=1)
    assert isinstance(proves(shop, asked.code_id), CardShown)


def test_asked_again_it_is_the_same_answer_and_for_something_else_none(
    shop: Shop, ada: MemberRef
) -> None:
    """Nothing more is sent, so nothing else is said to be on its way, nor for any longer."""
    key, ben = uuid4(), member_with(shop, "ben", Identifier("phone", "+4915112345699"))
    first = asks(shop, ada, code_id=key)
    shop.now += timedelta(minutes=3)
    assert asks(shop, ada, code_id=key) == replace(first, replayed=True)
    for whom, reward in ((ben, "cake"), (ada, ""), (ada, "coffee")):
        assert asks(shop, whom, reward, code_id=key).code == "key_reused"
    sent = "select count(*)::int from delivery where program_id = $1"
    assert shop.rows(sent) == [(1,)]


def test_who_was_merged_says_it_for_who_they_are_now(shop: Shop, ada: MemberRef) -> None:
    old = member_with(shop, "old", Identifier("phone", "+4915112345677"))
    asked = asks(shop, old)
    merge(shop, old, ada)
    done = proves(shop, asked.code_id)
    code = ShownCode(done.member_id, done.step, "till 1")
    assert takes(shop, ada, asked=shows(code)) == "held"


def test_anothers_digits_prove_nothing(shop: Shop, ada: MemberRef) -> None:
    ben = member_with(shop, "ben", Identifier("phone", "+4915112345699"))
    assert takes(shop, ada, asked=shows(said(shop, ben))) == "card_needed"


def test_nobody_is_sent_what_nobody_asks_for(open_shop: Open, shop: Shop, ada: MemberRef) -> None:
    assert no(asks(shop, ada, "unicorn")) == "unknown_reward"
    assert no(asks(shop, ada, channels=())) == "nowhere_to_send"
    mute = member_with(shop, "mute")
    assert no(asks(shop, mute)) == "nowhere_to_send"
    assert asks(shop, MemberRef(external="nobody")).code == "unknown_member"
    assert shop.rows("select count(*) from sign_in_code where program_id = $1") == [(0,)]
    free = open_shop(DEAR.replace('spending_proof: {card_above: "5.00"}\n', ""))
    ben = member_with(free, "ben", Identifier("phone", PHONE))
    assert no(asks(free, ben)) == "proof_not_asked"
    assert member_id(free, "ben")
