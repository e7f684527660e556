"""A no goes along where two become one; a yes does not go along to what nobody proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.makers import Shop, by
from tests.runtime.working.letters.agreed.test_silenced import WAYS
from tests.runtime.working.letters.campaigning import Campaigning
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

import regulars
from regulars.flows.inlets.hear_texts import HearText, hear_texts
from regulars.flows.membership.commands import MergeMembers, UnmergeMember
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.telling.said.proving import take_along, unproved
from regulars.flows.telling.said.unsubscribing import Unsubscribe, unsubscribe
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.access.staff.types import By
from regulars.records.members.consents import read as consents
from regulars.records.members.types import Identifier, LinkIdentifiers, MemberRef
from regulars.records.outbox.campaigns.types import Said
from regulars.records.outbox.delivery.types import address_digest

MIGRATIONS = Path(regulars.__file__).parent / "records/migrations"
TEXT = {"en": Said("Hi {{ member.given_name }}")}
DAY = timedelta(days=1)
_PHONE = """
select i.value from identifier i join identifier e using (program_id, member_id)
 where i.program_id = $1 and e.value = $2 and i.kind = 'phone'
"""


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[PostOffice, Provider]]:
    with post_office() as office, provider() as sms:
        yield office, sms


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def told(opened: Shop, world: tuple[PostOffice, Provider]) -> Campaigning:
    return Campaigning(opened, *world)


def texts(told: Campaigning, number: str, says: str) -> None:
    wish = HearText(uuid4(), number, says)
    told.shop.do(lambda tx, terms: hear_texts(tx, terms, KEYED, [wish]))
    told.shop.now += DAY


def become_one(told: Campaigning, gone: str, stays: str) -> None:
    one = MergeMembers(by(external=gone), by(external=stays), "the same person", "mia")
    (done,) = told.shop.ask(merge_members, one)
    assert not isinstance(done, Exception), done
    told.shop.now += DAY


def are_two(told: Campaigning, gone: Any) -> None:
    (done,) = told.shop.ask(unmerge_members, UnmergeMember(gone, "they are two", "mia"))
    assert not isinstance(done, Exception), done
    told.shop.now += DAY


def says(told: Campaigning, who: Any, channel: str, state: Any) -> None:
    one = SayConsent(who, channel, state, "their card")
    told.shop.do(lambda tx, _: say_consents(tx, [one]))
    told.shop.now += DAY


def stands(told: Campaigning, who: Any) -> dict[str, str]:
    found = told.shop.do(lambda tx, _: consents.standing(tx, who))
    return {channel: one.state for channel, one in found.items()}


def everything_goes(told: Campaigning) -> None:
    told.released()
    told.released("text", channel="sms", says=TEXT)
    told.goes()


@pytest.mark.parametrize("names", [("ada", "bo"), ("bo", "ada")])
def test_a_no_of_either_stands_where_two_become_one(
    told: Campaigning, names: tuple[str, str]
) -> None:
    for name in names:
        told.joins(name)
        told.shop.now += DAY
    texts(told, told.shop.rows(_PHONE, "ada")[0][0], "STOP")
    says(told, told.id_of("ada"), "email", "withdrawn")
    become_one(told, "ada", "bo")
    everything_goes(told)
    assert (told.to(), told.sms.asked) == ([], [])
    assert stands(told, told.id_of("bo")) == {"email": "withdrawn", "sms": "withdrawn"}


def test_who_listens_is_told_of_it_and_they_can_say_yes_again(told: Campaigning) -> None:
    told.joins("ada", "bo")
    told.shop.now += DAY
    number = told.shop.rows(_PHONE, "ada")[0][0]
    texts(told, number, "STOP")
    become_one(told, "ada", "bo")
    bo = told.id_of("bo")
    event = "select payload ->> 'state' from outbox where program_id = $1 and member_id = $2 "
    event += "and type = 'consent.changed' order by sequence desc limit 1"
    assert told.shop.rows(event, bo) == [("withdrawn",)]
    texts(told, number, "START")
    assert stands(told, bo)["sms"] == "given"


def test_start_brings_back_what_only_the_other_one_had_agreed_to(told: Campaigning) -> None:
    told.joins("ada")
    told.joins("bo", agrees=False)
    number = told.shop.rows(_PHONE, "ada")[0][0]
    told.shop.now += DAY
    texts(told, number, "STOP")
    become_one(told, "ada", "bo")
    texts(told, number, "START")
    assert stands(told, told.id_of("bo")) == {"sms": "given"}


def test_undone_each_has_their_own_word_again(told: Campaigning) -> None:
    told.joins("ada", "bo", "cem")
    ada, bo = told.id_of("ada"), told.id_of("bo")
    told.shop.now += DAY
    says(told, ada, "email", "withdrawn")
    says(told, told.id_of("cem"), "sms", "withdrawn")
    cem = told.id_of("cem")
    become_one(told, "ada", "bo")
    become_one(told, "cem", "bo")
    are_two(told, ada)
    assert stands(told, bo) == {"email": "given", "sms": "withdrawn"}, "cem said no to texts"
    assert stands(told, ada) == {"email": "withdrawn", "sms": "given"}
    are_two(told, cem)
    assert stands(told, bo) == {"email": "given", "sms": "given"}


def test_undone_what_was_said_meanwhile_stays(told: Campaigning) -> None:
    told.joins("ada", "bo")
    ada, bo = told.id_of("ada"), told.id_of("bo")
    told.shop.now += DAY
    says(told, ada, "email", "withdrawn")
    become_one(told, "ada", "bo")
    says(told, bo, "email", "given")
    says(told, bo, "email", "withdrawn")
    are_two(told, ada)
    assert stands(told, bo)["email"] == "withdrawn"


@pytest.mark.parametrize("way", WAYS)
def test_undone_a_no_that_was_said_twice_stays(
    told: Campaigning, way: Callable[[Campaigning], None]
) -> None:
    told.joins("ada", "bo")
    ada, bo = told.id_of("ada"), told.id_of("bo")
    told.shop.now += DAY
    for channel in ("email", "sms"):
        says(told, bo, channel, "withdrawn")
    become_one(told, "bo", "ada")
    way(told)
    told.shop.now += DAY
    are_two(told, bo)
    assert stands(told, ada) == {"email": "given", "sms": "withdrawn"}, way.__name__


def test_undone_a_no_that_staff_heard_twice_stays(told: Campaigning) -> None:
    told.joins("ada", "bo")
    ada, bo = told.id_of("ada"), told.id_of("bo")
    told.shop.now += DAY
    says(told, bo, "email", "withdrawn")
    become_one(told, "bo", "ada")
    wish = Unsubscribe(MemberRef(id=ada), ("email",), "by telephone", By(words="mia"))
    for _ in "ab":
        told.shop.do(lambda tx, terms: unsubscribe(tx, terms, [wish]))
        told.shop.now += DAY
    are_two(told, bo)
    assert stands(told, ada)["email"] == "withdrawn"
    deeds = "select count(*) from staff_act where program_id = $1 and did = 'consent.withdrawn'"
    assert told.shop.rows(deeds) == [(1,)]


def test_an_address_of_who_never_agreed_gets_no_yes_by_a_merge(told: Campaigning) -> None:
    told.joins("ada", agrees=False)
    told.shop.now += DAY
    told.joins("bo")
    told.shop.now += DAY
    become_one(told, "ada", "bo")
    everything_goes(told)
    assert told.to() == ["bo@example.org"]
    assert len(told.sms.asked) == 1


def test_the_upgrade_asks_once_more_for_the_no_of_who_was_merged_before_it(
    told: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.joins("ada", "bo")
    told.joins("cem", agrees=False)
    told.shop.now += DAY
    bo = told.id_of("bo")
    says(told, told.id_of("ada"), "email", "withdrawn")
    merging = import_module("regulars.flows.membership.merge_members")

    async def said_nothing(*_: Any) -> None:
        """As it was before."""

    monkeypatch.setattr(merging, "keep_stricter", said_nothing)
    monkeypatch.setattr(merging, "told_anew", lambda *_: [])
    for name in ("ada", "cem"):
        become_one(told, name, "bo")

    async def upgraded() -> None:
        text = next(MIGRATIONS.glob("*_no_stands.sql")).read_text("utf-8")
        await (await told.shop.owning()).execute(text)

    assert stands(told, bo) == {"email": "given", "sms": "given"}
    assert told.shop.do(lambda tx, _: unproved(tx, KEYED, [bo])) == {}
    told.shop.run(upgraded())
    assert stands(told, bo) == {"email": "withdrawn", "sms": "given"}
    (strange,) = told.shop.do(lambda tx, _: unproved(tx, KEYED, [bo])).values()
    assert len(strange) == 1, "a telephone of who never agreed"
    event = "select payload ->> 'channel' from outbox where program_id = $1 and member_id = $2 "
    event += "and type = 'consent.changed' order by sequence"
    assert told.shop.rows(event, bo)[-1:] == [("email",)], "who listens is told"


def puts_in(told: Campaigning, name: str, address: str) -> None:
    link, old = (Identifier("email", one) for one in (address, f"{name}@example.org"))
    wish = LinkIdentifiers(MemberRef(id=told.id_of(name)), (link,), unlink=(old,))
    told.shop.do(lambda tx, _: link_identifiers(tx, "DE", [wish]))
    told.shop.now += DAY


def test_an_old_yes_does_not_go_along_to_an_address_that_nobody_proved(told: Campaigning) -> None:
    told.joins("ada")
    told.shop.now += DAY
    puts_in(told, "ada", "victim@example.net")
    told.released()
    told.goes()
    assert told.to() == []
    assert told.kept() == [("ada", "skipped", "no_consent")]


def test_an_address_that_nobody_proved_gets_no_yes_by_a_merge(told: Campaigning) -> None:
    told.joins("ada")
    told.shop.now += DAY
    puts_in(told, "ada", "victim@example.net")
    told.joins("bo")
    told.shop.now += DAY
    become_one(told, "ada", "bo")
    told.released()
    told.goes()
    assert told.to() == ["bo@example.org"]


def test_a_no_of_the_moment_in_which_a_code_is_read_stands(
    told: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.joins("ada")
    told.shop.now += DAY
    puts_in(told, "ada", "new@example.net")
    ada, digest = told.id_of("ada"), address_digest(KEYED, "email", "new@example.net")
    looks, said = consents.told_later, []

    async def meanwhile(tx: Any, ids: Any) -> Any:
        found = await looks(tx, ids)
        if not said:
            said.append(ada)
            async with told.shop.database.transaction(told.shop.program_id) as other:
                await say_consents(other, [SayConsent(ada, "email", "withdrawn", "a link")])
        return found

    monkeypatch.setattr(consents, "told_later", meanwhile)
    told.shop.do(lambda tx, _: take_along(tx, KEYED, {digest: ada}))
    assert (said, stands(told, ada)["email"]) == ([ada], "withdrawn")


def test_once_a_code_was_read_there_it_does(told: Campaigning) -> None:
    told.joins("ada")
    told.shop.now += DAY
    puts_in(told, "ada", "new@example.net")
    ada, digest = told.id_of("ada"), address_digest(KEYED, "email", "new@example.net")
    assert told.shop.do(lambda tx, _: unproved(tx, KEYED, [ada])) == {ada: {digest}}
    told.shop.do(lambda tx, _: take_along(tx, KEYED, {digest: ada}))
    assert told.shop.do(lambda tx, _: unproved(tx, KEYED, [ada])) == {}
    told.shop.now += DAY
    told.released()
    told.goes()
    assert told.to() == ["new@example.net"]
