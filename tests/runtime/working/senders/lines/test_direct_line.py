"""Whoever looks after a member and the member write to each other: by ways that were agreed to, at
hours that disturb nobody, and before nobody else's eyes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tests.books import assert_books_right
from tests.flows.members.staff.people import hires
from tests.makers import Shop, by
from tests.runtime.working.senders.lines.talking import HOUSE, SOURCE, Talking
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import KEYED

from regulars.base.faults import Fault, Forbidden, Invalid, KeyReused, Refused
from regulars.base.ids import id_of
from regulars.flows.membership.benefits.commands import EndAssociate
from regulars.flows.membership.benefits.keep_associates import keep_associates
from regulars.flows.membership.benefits.lines.commands import (
    FinishTask,
    HearWord,
    HeedWords,
    NoteTask,
)
from regulars.flows.membership.benefits.lines.heed_words import heed_words
from regulars.flows.membership.benefits.lines.keep_tasks import keep_tasks
from regulars.flows.membership.benefits.lines.show_lines import show_mine
from regulars.flows.membership.benefits.lines.write_words import MOST_A_DAY, write_words
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.flows.membership.merge_members import merge_members
from regulars.records.benefits.lines.read import unanswered
from regulars.records.benefits.lines.types import Word
from regulars.records.members.types import EraseMember, Identifier, LinkIdentifiers, MemberRef
from regulars.runtime.working.letters import returned
from regulars.runtime.working.letters.returned import ReturnedLetters
from regulars.surfaces.senders.email.answers import answered_by, own_words


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
def talk(opened: Shop, world: tuple[PostOffice, Provider]) -> Talking:
    return Talking(opened, *world)


def test_a_word_lies_in_the_card_and_goes_out_by_its_way(talk: Talking) -> None:
    for way in ("inbox", "email", "sms"):
        talk.agrees("ada", way)
        talk.shop.now += timedelta(seconds=1)
        assert isinstance(talk.writes(talk.mia, "ada", f"Hello by {way}: {{shop}}", way), Word)
    talk.tells()
    (mail,) = talk.office.letters
    assert mail["Subject"] == f"{talk.mia.name} of Salon wrote to you"
    assert "Hello by email: {shop}" in mail.get_body(("plain",)).get_content()  # type: ignore
    assert mail["Reply-To"] == "answers@example.org"
    assert "https://club.test/card/stop?link=email-" in mail["List-Unsubscribe"]
    (text,) = talk.sms.asked
    assert text["body"].count("Hello by sms: {shop}") == 1
    assert talk.mia.name in text["body"]
    assert talk.sent() == [("email", "sent", ""), ("sms", "sent", "")]
    assert [one[:2] for one in talk.line("ada") or []] == [
        (talk.mia.name, "inbox"), (talk.mia.name, "email"), (talk.mia.name, "sms"),
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["inbox", "email", "sms", "push"])
def test_nobody_is_written_to_who_did_not_agree_or_took_it_back(talk: Talking, way: Any) -> None:
    refused = talk.writes(talk.mia, "ada", "Hello", way)
    assert isinstance(refused, Refused)
    assert refused.code == "no_consent"
    talk.agrees("ada", way)
    talk.shop.now += timedelta(minutes=1)
    talk.agrees("ada", way, "withdrawn")
    assert talk.writes(talk.mia, "ada", "Hello", way).code == "no_consent"
    talk.tells()
    assert (talk.office.envelopes, talk.sms.asked, talk.line("ada")) == ([], [], [])


@pytest.mark.parametrize("way", ["email", "sms"])
def test_a_word_taken_back_while_it_waits_stops_it(talk: Talking, way: Any) -> None:
    talk.agrees("ada", way)
    talk.writes(talk.mia, "ada", "Hello", way)
    talk.shop.now += timedelta(seconds=1)
    talk.agrees("ada", way, "withdrawn")
    talk.tells()
    assert (talk.office.envelopes, talk.sms.asked) == ([], [])
    assert talk.sent() == [(way, "parked", "the member took their consent back")]


def test_what_they_agreed_to_does_not_go_along_to_an_address_that_came_later(talk: Talking) -> None:
    talk.agrees("ada", "email")
    talk.shop.now += timedelta(days=1)
    new, old = (Identifier("email", f"{one}@example.org") for one in ("victim", "ada"))
    wish = LinkIdentifiers(MemberRef(id=talk.id_of("ada")), (new,), unlink=(old,))
    talk.shop.do(lambda tx, _: link_identifiers(tx, "DE", [wish]))
    talk.shop.now += timedelta(days=1)
    said = talk.writes(talk.mia, "ada", "Hello", "email")
    assert isinstance(said, Refused)
    assert said.code == "no_consent"
    talk.agrees("ada", "email", "withdrawn")
    talk.shop.now += timedelta(seconds=1)
    talk.agrees("ada", "email")
    assert isinstance(talk.writes(talk.mia, "ada", "Hello", "email"), Word)


def test_in_quiet_hours_it_waits_until_they_are_over(talk: Talking) -> None:
    talk.agrees("ada", "sms")
    talk.shop.now = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)  # half past eleven in Berlin
    talk.writes(talk.mia, "ada", "Hello", "sms")
    talk.tells()
    assert talk.sms.asked == []
    talk.shop.now = datetime(2026, 3, 4, 7, 1, tzinfo=UTC)  # a minute past eight
    talk.tells()
    assert len(talk.sms.asked) == 1


def test_a_word_that_was_held_up_waits_for_the_morning_too(talk: Talking) -> None:
    talk.agrees("ada", "sms")
    talk.shop.now = datetime(2026, 3, 3, 19, 59, tzinfo=UTC)  # a minute to nine in Berlin
    talk.writes(talk.mia, "ada", "Hello", "sms")
    talk.shop.now = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    talk.tells()
    assert talk.sms.asked == []
    talk.shop.now = datetime(2026, 3, 4, 7, 1, tzinfo=UTC)
    talk.tells()
    assert len(talk.sms.asked) == 1


def test_nobody_else_writes_or_reads(talk: Talking) -> None:
    talk.agrees("ada", "inbox")
    assert isinstance(talk.writes(talk.otto, "ada", "Hello"), Forbidden)
    talk.writes(talk.mia, "ada", "Only for you")
    assert talk.line("ada", talk.otto) is None
    assert talk.line("ada", talk.mia) == [(talk.mia.name, "inbox", "Only for you")]
    seen = talk.shop.do(lambda tx, _: show_mine(tx, talk.otto.staff_id, 10))
    assert [one.member.given_name for one in seen] == ["Ben"]
    talk.shop.ask(keep_associates, EndAssociate(by(external="ada"), "stylist", HOUSE))
    talk.shop.now += timedelta(days=1)
    assert talk.line("ada", talk.mia) is None
    assert isinstance(talk.writes(talk.mia, "ada", "Still there?"), Forbidden)


def test_what_a_member_writes_stands_there_wherever_they_wrote_it(talk: Talking) -> None:
    talk.hears("ada", "In the card")
    talk.shop.now += timedelta(minutes=1)
    talk.texts("+4915112340000", "By text message")
    talk.shop.now += timedelta(minutes=1)
    talk.texts("+4915112340000", "STOP")
    assert talk.line("ada", talk.mia) == [
        ("ada", "inbox", "In the card"), ("ada", "sms", "By text message"),
    ]  # fmt: skip
    (client,) = talk.shop.do(lambda tx, _: show_mine(tx, talk.mia.staff_id, 10))
    assert client.waits
    assert talk.writes(talk.mia, "ada", "Hello", "sms").code == "no_consent"


def test_who_has_nobody_writes_to_nobody(talk: Talking) -> None:
    assert talk.hears("cem", "Hello?").code == "nobody_looks_after"
    assert talk.line("cem") == []


def test_a_member_writes_so_much_a_day(talk: Talking) -> None:
    for place in range(MOST_A_DAY):
        assert isinstance(talk.hears("ada", f"Word {place}"), Word)
    assert talk.hears("ada", "One more").code == "enough_for_now"
    talk.shop.now += timedelta(days=1, seconds=1)
    assert isinstance(talk.hears("ada", "One more"), Word)


def test_the_same_word_is_said_once(talk: Talking) -> None:
    talk.agrees("ada", "sms")
    number = id_of(os.urandom(16))
    first = talk.writes(talk.mia, "ada", "Hello", "sms", number=number)
    again = talk.writes(talk.mia, "ada", "Hello", "sms", number=number)
    other = talk.writes(talk.mia, "ada", "Good bye", "sms", number=number)
    assert (first.line_id, again.line_id) == (number, number)
    assert isinstance(other, KeyReused)
    talk.tells()
    assert (len(talk.sms.asked), len(talk.line("ada") or [])) == (1, 1)


@pytest.mark.parametrize("says", ["", "  \n ", "x" * 1601])
def test_nothing_and_too_much_are_refused(talk: Talking, says: str) -> None:
    talk.agrees("ada", "inbox")
    assert isinstance(talk.writes(talk.mia, "ada", says), Invalid)
    assert isinstance(talk.hears("ada", says), Invalid)


def test_erased_and_merged_members(talk: Talking) -> None:
    talk.agrees("ada", "email")
    talk.writes(talk.mia, "ada", "Hello", "email")
    talk.hears("ben", "From Ben")
    told = NoteTask(talk.id_of("ada"), talk.mia.staff_id, "Call", date(2026, 3, 9))
    talk.shop.ask(keep_tasks, told)
    talk.shop.ask(merge_members, MergeMembers(by(external="ben"), by(external="ada"), "one", "mia"))
    assert len(talk.line("ada") or []) == 2
    ada = talk.id_of("ada")
    talk.shop.ask(erase_members, EraseMember(ada))
    talk.tells()
    assert talk.office.envelopes == []
    for table in ("line_word", "line_task"):
        assert talk.shop.rows(f"select 1 from {table} where program_id = $1") == []
    assert isinstance(talk.does(HearWord(id_of(os.urandom(16)), ada, "inbox", "Hi")), Fault)


def test_what_is_to_be_done_is_noted_and_done_by_whose_it_is(talk: Talking) -> None:
    ada, mia, otto = talk.id_of("ada"), talk.mia.staff_id, talk.otto.staff_id
    day = date(2026, 3, 9)
    (stranger,) = talk.shop.ask(keep_tasks, NoteTask(ada, otto, "Call", day))
    (nothing,) = talk.shop.ask(keep_tasks, NoteTask(ada, mia, "  ", day))
    (task,) = talk.shop.ask(keep_tasks, NoteTask(ada, mia, "Call", day))
    assert isinstance(stranger, Forbidden)
    assert isinstance(nothing, Invalid)
    (client,) = talk.shop.do(lambda tx, _: show_mine(tx, mia, 10))
    assert [(one.says, one.due_on) for one in client.tasks] == [("Call", day)]
    (other,) = talk.shop.ask(keep_tasks, FinishTask(talk.id_of("ben"), otto, task.task_id))
    assert isinstance(other, Fault)
    for result in ("Comes on Friday", "something else"):
        (done,) = talk.shop.ask(keep_tasks, FinishTask(ada, mia, task.task_id, result))
        assert (done.result, done.done_by) == ("Comes on Friday", f"staff_{mia.hex}")
    (client,) = talk.shop.do(lambda tx, _: show_mine(tx, mia, 10))
    assert client.tasks == ()


def test_an_answer_by_letter_stands_in_the_line_once(talk: Talking, tmp_path: Path) -> None:
    talk.agrees("ada", "email")
    talk.writes(talk.mia, "ada", "Shall I?", "email")
    talk.tells()
    (letter,) = talk.office.letters
    mail = (
        f"From: Ada <ada@example.org>\r\nTo: answers@example.org\r\n"
        f"References: <x@y> {letter['Message-ID']}\r\nContent-Type: text/plain\r\n\r\n"
        "Yes, please.\r\n\r\nOn Monday Mia wrote:\r\n> Shall I?\r\n"
    )
    away = mail.replace("To:", "Auto-Submitted: auto-replied\r\nTo:")
    other = mail.replace(str(letter["Message-ID"]), f"<{'7' * 32}@example.org>")
    for folder in ("new", "cur"):
        (tmp_path / folder).mkdir()
    shop = talk.shop
    shop.now += timedelta(minutes=1)
    duty = ReturnedLetters(tmp_path, shop.database, shop.made.owner_dsn, KEYED)
    for number, text in enumerate((mail, mail, away, other)):
        (tmp_path / "new" / str(number)).write_bytes(text.encode())
    for _ in range(2):
        shop.run(duty.run(shop.now))
    assert talk.line("ada", talk.mia) == [
        (talk.mia.name, "email", "Shall I?"), ("ada", "email", "Yes, please."),
    ]  # fmt: skip
    assert list((tmp_path / "new").iterdir()) == []


def test_words_of_who_has_nobody_wait_until_somebody_answers_or_says_there_is_no_need(
    talk: Talking,
) -> None:
    def waits() -> list[tuple[str, str]]:
        words = talk.shop.do(lambda tx, _: unanswered(tx, 9))
        return [(one.way, one.says) for one in words]

    cem, keeper = talk.id_of("cem"), hires(talk.shop, "support")
    talk.texts("+4915112340002", "Are you open?")
    talk.shop.now += timedelta(minutes=1)
    talk.texts("+4915112340000", "To Mia, who looks after me")
    answer = HearWord(id_of(os.urandom(16)), cem, "email", "Any news?", answers=True)
    assert isinstance(talk.does(answer), Word)
    assert waits() == [("email", "Any news?")]
    assert talk.line("cem", talk.mia) is None
    assert len(talk.line("cem", keeper) or []) == 2
    talk.agrees("cem", "inbox")
    assert isinstance(talk.writes(talk.mia, "cem", "Not mine"), Forbidden)
    assert isinstance(talk.writes(keeper, "ada", "Mia does"), Forbidden)
    talk.shop.now += timedelta(minutes=1)
    assert isinstance(talk.writes(keeper, "cem", "Until six"), Word)
    assert waits() == []
    talk.shop.now += timedelta(minutes=1)
    talk.texts("+4915112340002", "Thanks!")
    assert waits() == [("sms", "Thanks!")]
    (no,) = talk.shop.ask(heed_words, HeedWords(cem, talk.mia.staff_id))
    assert isinstance(no, Forbidden)
    assert talk.shop.ask(heed_words, HeedWords(cem, keeper.staff_id)) == [None]
    assert waits() == []
    talk.shop.run(assert_books_right(talk.shop.made.owner_dsn))


def test_an_answer_to_a_letter_of_a_campaign_is_heard_of_whomever(
    talk: Talking, tmp_path: Path
) -> None:
    message, cem = id_of(os.urandom(16)), talk.id_of("cem")
    talk.shop.rows(_SENT, message, cem)
    for part in ("new", "cur"):
        (tmp_path / part).mkdir()
    mail = f"In-Reply-To: <{message.hex}@example.org>\r\n\r\nWhen does it begin?\r\n"
    (tmp_path / "new" / "1").write_bytes(mail.encode())
    shop = talk.shop
    duty = ReturnedLetters(tmp_path, shop.database, shop.made.owner_dsn, KEYED)
    shop.run(duty.run(shop.now))
    (word,) = shop.do(lambda tx, _: unanswered(tx, 9))
    assert (word.member_id, word.way, word.says) == (cem, "email", "When does it begin?")


_SENT = """
insert into campaign_message (program_id, campaign_id, member_id, message_id, state, try_at,
                              taken_at, settled_at)
values ($1, gen_random_uuid(), $3, $2, 'sent', now(), now(), now()) returning 1
"""


def answers(talk: Talking, folder: Path, *mails: tuple[str, str]) -> None:
    """Ada answers the letter that went last: headers and words of each mail, read in one round."""
    mark = talk.office.letters[-1]["Message-ID"]
    for part in ("new", "cur"):
        (folder / part).mkdir()
    for number, (headers, words) in enumerate(mails):
        text = f"In-Reply-To: {mark}\r\n{headers}\r\n{words}\r\n"
        (folder / "new" / f"{number:03d}").write_bytes(text.encode())
    shop = talk.shop
    shop.now += timedelta(minutes=1)
    duty = ReturnedLetters(folder, shop.database, shop.made.owner_dsn, KEYED)
    shop.run(duty.run(shop.now))


def writes_to_ada(talk: Talking) -> None:
    talk.agrees("ada", "email")
    talk.writes(talk.mia, "ada", "Shall I?", "email")
    talk.tells()


@pytest.mark.parametrize(
    ("charset", "body"),
    [("utf-7", "Hi +2AA- there"), ("unicode_escape", "Hi \\ud800 there")],
)
def test_letters_that_no_column_keeps_are_left_out(
    talk: Talking, tmp_path: Path, charset: str, body: str
) -> None:
    writes_to_ada(talk)
    answers(talk, tmp_path, (f"Content-Type: text/plain; charset={charset}\r\n", body), ("", "Yes"))
    assert {one[2] for one in talk.line("ada") or []} == {"Shall I?", "Hi  there", "Yes"}
    assert list((tmp_path / "new").iterdir()) == []


def test_a_mail_that_cannot_be_kept_holds_up_no_other(
    talk: Talking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(tx: Any, terms: Any, keyed: Any, batch: Any) -> Any:
        if any("poison" in one.says for one in batch):
            raise ValueError("no column keeps this")
        return await write_words(tx, terms, keyed, batch)

    monkeypatch.setattr(returned, "write_words", breaks)
    writes_to_ada(talk)
    answers(talk, tmp_path, ("", "First"), ("", "poison"), ("", "Last"))
    assert {one[2] for one in talk.line("ada") or []} == {"Shall I?", "First", "Last"}
    assert list((tmp_path / "new").iterdir()) == []


def test_a_database_that_is_away_lays_no_mail_aside(
    talk: Talking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> Any:
        raise ConnectionRefusedError

    monkeypatch.setattr(returned, "write_words", away)
    writes_to_ada(talk)
    with pytest.raises(ConnectionRefusedError):
        answers(talk, tmp_path, ("", "First"), ("", "Last"))
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_an_answer_with_long_headers_that_nobody_reads_is_heard(
    talk: Talking, tmp_path: Path
) -> None:
    writes_to_ada(talk)
    seals = "".join(f"X-Seal-{n}: {'s' * 900}\r\n" for n in range(40))
    thread = "References:" + "".join(f" <{n:060d}@x.example>\r\n" for n in range(100))
    answers(talk, tmp_path, (seals, "Sealed"), (thread, "A long talk"))
    assert {one[2] for one in talk.line("ada") or []} == {"Shall I?", "Sealed", "A long talk"}


def test_an_answer_with_more_headers_than_are_read_is_named_in_the_log(
    talk: Talking, tmp_path: Path
) -> None:
    writes_to_ada(talk)
    kinds = "".join(f"Content-X{'x' * n}: {'s' * 900}\r\n" for n in range(40))
    with capture_logs() as told:
        answers(talk, tmp_path, (kinds, "Too much"))
    assert ("returned.unread", "000") in [(one["event"], one.get("mail")) for one in told]
    assert len(talk.line("ada") or []) == 1


def test_of_many_answers_in_one_round_no_more_are_heard_than_in_a_day(
    talk: Talking, tmp_path: Path
) -> None:
    writes_to_ada(talk)
    answers(talk, tmp_path, *(("", f"Word {n}") for n in range(2 * MOST_A_DAY)))
    assert len(talk.line("ada") or []) == 1 + MOST_A_DAY


def test_words_of_the_shop_leave_the_day_of_the_member_as_it_is(talk: Talking) -> None:
    talk.agrees("ada", "inbox")
    for place in range(MOST_A_DAY):
        talk.hears("ada", f"Word {place}")
    for place in range(3 * MOST_A_DAY):
        talk.shop.now += timedelta(seconds=1)
        talk.writes(talk.mia, "ada", f"Answer {place}")
    assert talk.hears("ada", "One more").code == "enough_for_now"


@pytest.mark.parametrize(
    ("text", "says"),
    [("Yes.", "Yes."), ("Yes.\n\nMia wrote:\n\n> No?", "Yes."), ("> No?\nYes.", ""),
     ("A:\nB", "A:\nB"), ("x" * 5000, "x" * 1600), ("Hi \ud800there", "Hi there")],
)  # fmt: skip
def test_of_an_answer_its_own_words_are_kept(text: str, says: str) -> None:
    assert own_words(text) == says


@given(st.binary(max_size=300))
def test_whatever_comes_by_mail_says_nothing_or_something_short(noise: bytes) -> None:
    mark = b"In-Reply-To: <" + b"7" * 32 + b"@example.org>\n"
    for mail in (noise, mark + noise, mark + b"\n" + noise):
        found = answered_by(mail)
        assert found is None or 0 < len(found.says) <= 1600
