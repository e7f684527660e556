"""The changing code of a card: good for this half minute and the last one, once, for its member."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.makers import Made, Shop, buys

from regulars.base.faults import Refused
from regulars.base.ids import id_of
from regulars.base.keyed import key_from
from regulars.flows.access.commands import CardShown
from regulars.flows.access.use_card_codes import UseCardCode, use_card_codes
from regulars.records.access.cards.spelling import Holder, code_at, step_meant, step_of
from regulars.records.members.types import MemberRef
from regulars.records.program.templates import load_template

KEYED = key_from(b"a secret of the installation", "card")


@pytest.fixture(scope="module")
def shop(database: Made) -> Iterator[Shop]:
    opened = Shop.open(database, load_template("coffee-shop"))
    yield opened
    opened.close()


def ada(shop: Shop) -> UUID:
    (recorded,) = shop.record(buys(MemberRef(card="ada"), 350))
    return recorded.member_id  # type: ignore[no-any-return]


def shows(shop: Shop, *codes: str, by: int = 1) -> list[Any]:
    """These codes read by somebody, at once."""
    batch = [UseCardCode(code, id_of(by.to_bytes(16, "big"))) for code in codes]

    async def use(tx: Any, _: Any) -> Any:
        return await use_card_codes(tx, KEYED, batch)

    return shop.do(use)  # type: ignore[no-any-return]


def refused(found: Any) -> str:
    assert isinstance(found, Refused), found
    return found.code


def test_a_code_is_taken_once_and_asked_again_answers_the_same(shop: Shop) -> None:
    holder = Holder(shop.program_id, ada(shop))
    code = code_at(KEYED, holder, step_of(shop.now))
    first = shows(shop, code)
    assert first == [CardShown(holder.member_id, step_of(shop.now))]
    assert shows(shop, code) == first
    assert refused(shows(shop, code, by=2)[0]) == "card_code_used"


def test_two_who_read_one_code_in_one_batch_do_not_both_take_it(shop: Shop) -> None:
    shop.now += timedelta(minutes=5)
    code = code_at(KEYED, Holder(shop.program_id, ada(shop)), step_of(shop.now))
    one, other = (UseCardCode(code, id_of(bytes([n]) * 16)) for n in (1, 2))

    async def use(tx: Any, _: Any) -> Any:
        return await use_card_codes(tx, KEYED, [one, other])

    taken, late = shop.do(use)
    assert isinstance(taken, CardShown)
    assert refused(late) == "card_code_used"


def test_the_last_half_minute_counts_and_the_one_before_does_not(shop: Shop) -> None:
    shop.now += timedelta(minutes=5)
    holder, now = Holder(shop.program_id, ada(shop)), step_of(shop.now)
    old, last, new, ahead = (code_at(KEYED, holder, now + by) for by in (-2, -1, 0, 1))
    found = shows(shop, old, last, new, ahead)
    assert refused(found[0]) == "card_code_wrong"
    assert [one.step for one in found[1:3]] == [now - 1, now]
    assert refused(found[3]) == "card_code_wrong"


def test_another_programs_code_or_anothers_proof_is_wrong(shop: Shop) -> None:
    who, now = ada(shop), step_of(shop.now)
    (other,) = shop.record(buys(MemberRef(card="bob"), 350))
    elsewhere = code_at(KEYED, Holder(shop.program_id + 1, who), now)
    mixed = code_at(KEYED, Holder(shop.program_id, other.member_id), now)[:30] + elsewhere[30:]
    nobody = code_at(KEYED, Holder(shop.program_id, UUID(int=7)), now)
    for said in (elsewhere, mixed, nobody, "", "RG1:", "RG1:" + "A" * 40, "4711", "RG1:é" * 9):
        assert refused(shows(shop, said)[0]) == "card_code_wrong"


def test_ten_thousand_replays_are_worth_nothing(shop: Shop) -> None:
    shop.now += timedelta(minutes=5)
    code = code_at(KEYED, Holder(shop.program_id, ada(shop)), step_of(shop.now))
    assert isinstance(shows(shop, code)[0], CardShown)
    again = shows(shop, *[code] * 10_000, by=2)
    assert {refused(one) for one in again} == {"card_code_used"}
    shop.now += timedelta(minutes=1)
    assert refused(shows(shop, code, by=3)[0]) == "card_code_wrong"


def test_what_was_shown_long_ago_is_forgotten(shop: Shop) -> None:
    shop.now += timedelta(hours=2)
    holder = Holder(shop.program_id, ada(shop))
    shows(shop, code_at(KEYED, holder, step_of(shop.now)))
    assert shop.rows("select count(*) from card_code where program_id = $1")[0][0] == 1


@pytest.mark.parametrize("seconds", range(0, 60, 7))
def test_a_code_is_good_between_thirty_and_sixty_seconds(
    seconds: int, at: Callable[[], Any]
) -> None:
    holder, shown = Holder(1, UUID(int=5)), at()
    code = code_at(KEYED, holder, step_of(shown))
    later = shown + timedelta(seconds=seconds)
    good = step_meant(KEYED, holder, code, later) is not None
    assert good or seconds >= 30
    assert not good or seconds < 60


@pytest.fixture
def at() -> Callable[[], Any]:
    from datetime import UTC, datetime

    return lambda: datetime(2026, 11, 27, 9, 0, 11, tzinfo=UTC)
