"""Addresses whose letters come back are left alone until somebody confirms them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.makers import NOON, Shop, buys, by
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.returned import report
from tests.runtime.working.senders.test_messages import KEYED, SOURCE, Told

from regulars.base.faults import NotFound
from regulars.base.ids import id_of
from regulars.flows.access.ask_for_codes import AskForCode, ask_for_codes
from regulars.flows.access.use_codes import SignedIn, SignIn, sign_in
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.telling.keep_bounces import (
    ConfirmAddress,
    Confirmed,
    NoteBounce,
    confirm_addresses,
    note_bounces,
)
from regulars.records.access.members.spelling import code_of, make_token
from regulars.records.members.types import EraseMember, Identifier, JoinMember
from regulars.runtime.working.letters.returned import ReturnedLetters

MAIL = "ada@a.example"


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    opened = Shop.open(database, SOURCE)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def sms() -> Iterator[Provider]:
    with provider() as opened:
        yield opened


@pytest.fixture
def told(shop: Shop, office: PostOffice, sms: Provider) -> Told:
    shop.begin(SOURCE, slug=f"v{os.urandom(4).hex()}", now=NOON)
    opened = Told(shop, office, sms)
    office.envelopes.clear()
    office.answers.clear()
    sms.asked.clear()
    shop.join(JoinMember(identifiers=(Identifier("external", "ada"), Identifier("email", MAIL))))
    opened.chooses("earned", "any")
    opened.tell()
    return opened


def buys_and_is_told(told: Told, cents: int = 4200) -> list[str]:
    """What Ada is sent of a purchase."""
    told.office.envelopes.clear()
    told.shop.record(buys(by(external="ada"), cents))
    told.tell()
    return told.subjects()


def letter(told: Told) -> str:
    rows = told.shop.rows("select delivery_id from delivery where program_id = $1 order by 1 desc")
    return str(rows[0][0].hex)


def marked(told: Told) -> list[Any]:
    return told.shop.rows("select reason from bounced_address where program_id = $1")


def comes_back(told: Told) -> None:
    """The newest letter comes back."""
    note = NoteBounce(id_of(letter(told)), "5.1.1 nobody there")
    told.shop.do(lambda tx, _: note_bounces(tx, [note]))


def reads(told: Told, maildir: Path, *mails: bytes) -> None:
    for part in ("new", "cur"):
        (maildir / part).mkdir(exist_ok=True)
    for place, mail in enumerate(mails):
        (maildir / "new" / f"{place}.host").write_bytes(mail)
    duty = ReturnedLetters(maildir, told.shop.database, told.shop.made.owner_dsn, KEYED)
    told.shop.run(duty.run(datetime.now(UTC)))


def test_an_address_whose_letter_came_back_is_not_written_to_again(
    told: Told, tmp_path: Path
) -> None:
    assert len(buys_and_is_told(told)) == 1
    reads(told, tmp_path, report(mark=letter(told)), b"Subject: no report\n\nhello\n")
    assert [one[0] for one in marked(told)] == ["5.1.1 550 5.1.1 <…>: no such user"]
    assert sorted(one.name for one in (tmp_path / "cur").iterdir()) == [
        "0.host:2,S", "1.host:2,S",
    ]  # fmt: skip
    assert list((tmp_path / "new").iterdir()) == []
    assert buys_and_is_told(told) == []
    assert told.shop.rows("select count(*) from delivery where program_id = $1") == [(1,)]


def test_what_cannot_be_read_stays_and_stops_nothing(told: Told, tmp_path: Path) -> None:
    buys_and_is_told(told)
    (tmp_path / "new" / "-first").mkdir(parents=True)
    reads(told, tmp_path, report(mark=letter(told)))
    assert len(marked(told)) == 1
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["-first"]


def test_a_mail_that_breaks_its_reader_does_not_hold_up_what_comes_after_it(
    told: Told, tmp_path: Path
) -> None:
    buys_and_is_told(told)
    deep = b"Content-Type: message/rfc822\n\n" * 3000
    reads(told, tmp_path, deep, report(mark=letter(told)))
    assert len(marked(told)) == 1
    assert list((tmp_path / "new").iterdir()) == []


def test_who_has_a_telephone_is_told_there_instead(told: Told) -> None:
    assert len(buys_and_is_told(told)) == 1
    comes_back(told)
    told.shop.join(
        JoinMember(
            identifiers=(Identifier("external", "bob"), Identifier("phone", "+4915112345678"))
        )
    )
    told.shop.record(buys(by(external="bob"), 100))
    assert buys_and_is_told(told) == []
    assert len(told.sms.asked) == 1


def test_what_waits_when_an_address_is_marked_is_parked(told: Told) -> None:
    assert len(buys_and_is_told(told)) == 1
    first = id_of(letter(told))
    told.office.answers.append("451 later")
    told.shop.record(buys(by(external="ada"), 100))
    told.tell()
    told.shop.do(lambda tx, _: note_bounces(tx, [NoteBounce(first, "5.1.1")]))
    told.shop.now = told.shop.now.replace(hour=told.shop.now.hour + 1)
    told.tell()
    states = [(one[2], one[4]) for one in told.kept()]
    assert states == [("sent", ""), ("parked", "letters to this address come back")]


@pytest.mark.parametrize(
    ("answer", "comes_back"),
    [("550 5.1.1 no such user", True), ("550 5.7.1 we do not like you", False)],
)
def test_a_refusal_at_the_door_marks_as_a_letter_that_comes_back(
    told: Told, answer: str, comes_back: bool
) -> None:
    told.office.answers.append(answer)
    assert buys_and_is_told(told) == []
    assert bool(marked(told)) is comes_back
    assert len(buys_and_is_told(told)) == (0 if comes_back else 1)


def test_somebody_of_the_shop_confirms_an_address(told: Told) -> None:
    buys_and_is_told(told)
    comes_back(told)
    who = told.shop.rows("select member_id from bounced_address where program_id = $1")[0][0]

    def confirmed() -> Any:
        return told.shop.do(lambda tx, _: confirm_addresses(tx, KEYED, [ConfirmAddress(who)]))

    assert confirmed() == [Confirmed(who, 1)]
    assert confirmed() == [Confirmed(who, 0)]
    assert len(buys_and_is_told(told)) == 1
    nobody = told.shop.do(
        lambda tx, _: confirm_addresses(tx, KEYED, [ConfirmAddress(id_of("0" * 32))])
    )
    assert isinstance(nobody[0], NotFound)


def test_a_code_that_is_read_at_the_address_confirms_it(told: Told) -> None:
    buys_and_is_told(told)
    comes_back(told)
    code_id = id_of("0a" * 16)
    ask = AskForCode(code_id, "email", MAIL)
    told.shop.do(lambda tx, terms: ask_for_codes(tx, terms, KEYED, [ask]))
    told.office.envelopes.clear()
    told.tell()
    assert len(told.subjects()) == 1
    came = SignIn(make_token(os.urandom(32)), code_id, code_of(KEYED, code_id))
    (found,) = told.shop.do(lambda tx, _: sign_in(tx, KEYED, [came]))
    assert isinstance(found, SignedIn)
    assert marked(told) == []
    assert len(buys_and_is_told(told)) == 1


def test_a_number_of_another_program_marks_nobody(told: Told) -> None:
    buys_and_is_told(told)
    other = letter(told)
    told.shop.begin(SOURCE, slug=f"v{os.urandom(4).hex()}", now=NOON)
    (found,) = told.shop.do(lambda tx, _: note_bounces(tx, [NoteBounce(id_of(other), "5.1.1")]))
    assert isinstance(found, NotFound)
    assert marked(told) == []


def test_of_who_is_erased_no_mark_stays(told: Told) -> None:
    buys_and_is_told(told)
    comes_back(told)
    assert len(marked(told)) == 1
    who = told.shop.rows("select member_id from bounced_address where program_id = $1")[0][0]
    told.shop.ask(erase_members, EraseMember(who))
    assert marked(told) == []
