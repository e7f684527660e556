"""What a member was told of a version and said to it is kept once, and nothing follows from it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.flows.terms.ladders import HARDER, ladder, named
from tests.makers import Shop

from regulars.base.faults import Fault, Invalid, NotFound, UnknownMember
from regulars.flows.terms.say_words import Said, SayWord, say_words
from regulars.flows.terms.withdraw_version import Withdraw, withdraw_version

Open = Callable[[str], Shop]


def member(shop: Shop) -> UUID:
    shop.joined("ada")
    ((id_,),) = shop.rows("select member_id from member where program_id = $1")
    return id_  # type: ignore[return-value]


def test_a_word_is_kept_once_and_the_first_time_stays(open_shop: Open) -> None:
    shop = open_shop(ladder())
    ada = member(shop)
    asked = SayWord(ada, 1, "accepted", "app", by="key")
    first, twin = shop.ask(say_words, asked, asked)
    shop.now += timedelta(days=1)
    (again,) = shop.ask(say_words, asked)
    assert isinstance(first, Said)
    assert (first.fresh, twin.fresh, again.fresh) == (True, False, False)
    assert first.word.word_id == twin.word.word_id == again.word.word_id
    (told,) = shop.ask(say_words, SayWord(ada, 1, "told"))
    assert told.fresh
    assert shop.rows("select word, channel, actor from terms_word where program_id = $1") == [
        ("accepted", "app", "key"), ("told", "", ""),
    ]  # fmt: skip


def test_words_about_a_version_that_was_taken_back_are_kept(open_shop: Open) -> None:
    shop = open_shop(ladder())
    ada = member(shop)
    file = named(shop, ladder(HARDER))
    shop.publish(file, effective_from=shop.now + timedelta(days=9))
    shop.do(lambda tx, _t: withdraw_version(tx, Withdraw(2, "a slip", "owner")))
    shop.forget_terms()
    assert [one.number for one in shop.terms.unruled] == [2]
    (word,) = shop.ask(say_words, SayWord(ada, 2, "told", "mail"))
    assert isinstance(word, Said)


@pytest.mark.parametrize(
    ("who", "version", "days", "fault"),
    [("nobody", 1, 0, UnknownMember), ("ada", 7, 0, NotFound), ("ada", 1, 1, Invalid)],
)
def test_a_word_about_nothing_is_refused(
    open_shop: Open, who: str, version: int, days: int, fault: type[Fault]
) -> None:
    shop = open_shop(ladder())
    ada = member(shop)
    id_ = ada if who == "ada" else uuid4()
    at = shop.now + timedelta(days=days)
    (outcome,) = shop.ask(say_words, SayWord(id_, version, "told", said_at=at))
    assert isinstance(outcome, fault)
    assert shop.rows("select 1 from terms_word where program_id = $1") == []
