"""What the log says of a message that was not sent, and what it keeps to itself (ADR 0717)."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tests.makers import Shop, buys, by
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

from regulars.base.ids import id_of
from regulars.flows.access.ask_for_codes import AskForCode, ask_for_codes
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages
from regulars.flows.telling.take_deliveries import take_deliveries
from regulars.records.members.types import EraseMember, Identifier, JoinMember
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.messages import Teller, keep_unsent
from regulars.surfaces.senders.logged import BEFORE_ANY, OURS, THEIRS, logged_reason
from regulars.surfaces.senders.outgoing.client import Answer
from regulars.surfaces.senders.push.apple import judged
from regulars.surfaces.senders.types import Letter, Said

ADA = ("Ada Lovelace", "ada@example.org", "+4930111222", "030 111222", "0049 30 111 222")
APPLE = (b"BadDeviceToken", b"no telephone 00ff42", b"00ff42")
SAYS = (
    "{} is no name of ours", "550 5.1.1 <{}>: who is that", "400 21211 'To' {} is not valid",
    "the mail server went away: 554 {}", "it cannot be written as a letter: {!r}",
    "550 {}", "451 4.7.1 {} 451", "the provider does not let us in: 403 {}",
)  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "logged"),
    [
        ("550 5.1.1 <…>: Ada is unknown", "550 5.1.1"),
        ("400 21211 The 'To' number 030 111222 is not valid", "400"),
        ("550-030111222 is nobody", "550"),
        ("5503011122 is nobody", THEIRS),
        ("it is Ada's", THEIRS),
        ("the mail server went away: 554 5.3.0 Ada", "the mail server went away: 554 5.3.0"),
        ("the mail server went away: Ada", "the mail server went away"),
        ("the provider does not let us in: 403 Ada", "the provider does not let us in: 403"),
        ("the mail server does not answer: refused", "the mail server does not answer: refused"),
    ],
)
def test_our_own_words_and_the_number_of_the_answer_are_told(reason: str, logged: str) -> None:
    assert logged_reason(reason) == logged


@given(st.sampled_from(SAYS), st.sampled_from(ADA), st.text(max_size=9))
def test_no_word_of_a_member_is_told_wherever_it_stands(says: str, word: str, more: str) -> None:
    told = logged_reason(says.format(word + more))
    assert word not in told
    assert told == THEIRS or told.split(": ")[0] in OURS or told[:3] in says


def test_of_what_apple_says_one_word_is_told() -> None:
    told = [judged(Answer(400, {}, b'{"reason": "%s"}' % why)).why for why in APPLE]
    assert told == ["400 BadDeviceToken", "400", "400"]


def test_what_is_told_whole_was_said_before_anything_was_handed_over() -> None:
    """Who adds a beginning here has to know that its end can be nobody's name."""
    assert len(BEFORE_ANY) == 5
    assert not set(BEFORE_ANY) & {f"{one}: " for one in OURS}


@pytest.fixture(scope="module")
def shop(database: Any) -> Any:
    opened = Shop.open(database, SOURCE)
    joined(opened)
    yield opened
    opened.close()


def joined(shop: Shop) -> None:
    """Ada, with every name by which a sender could repeat her."""
    names = (Identifier("email", ADA[1]), Identifier("phone", ADA[2]))
    shop.join(JoinMember(identifiers=names, given_name="Ada", family_name="Lovelace"))
    shop.ask(choose_messages, ChooseMessages("earned", "any", None))


class Repeats:
    """Answers with everything it was told, and falls over it when it is told to."""

    name = "repeating"

    def __init__(self, channel: Any, *, falls: bool = False) -> None:
        self.channel, self._falls = channel, falls

    async def send(self, letters: Sequence[Letter]) -> Sequence[Said]:
        words = " ".join((*ADA, *(f"{one.to} {one.text}" for one in letters)))
        if self._falls:
            raise KeyError(words)
        return [Said("later", f"550 5.1.1 {words}")] * len(letters)


@pytest.mark.parametrize("falls", [False, True])
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_what_a_sender_repeats_stays_out_of_the_log(shop: Shop, channel: Any, falls: bool) -> None:
    asks(shop, "email" if channel == "email" else "phone", ADA[1 + (channel == "sms")])
    teller = _teller(shop, Repeats(channel, falls=falls))
    with capture_logs() as said:
        assert shop.run(teller.tell(shop.program_id)) == 1
    events = [one["event"] for one in said]
    assert events == ["messages.sender_failed"] * falls + ["messages.not_sent"]
    assert said[0].get("kind" if falls else "why") == ("KeyError" if falls else "550 5.1.1")
    told = str(said)
    (code,) = shop.rows("select reason from delivery where program_id = $1 and state = 'waiting'")
    assert falls or "Lovelace" in code[0], "the words stand beside the delivery"
    # Whole words: an id may have "ada" among its digits.
    words = (*ADA, "Ada", "sign in")
    assert [
        word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told, re.I)
    ] == []
    shop.rows("delete from delivery where program_id = $1 returning 1")


def asks(shop: Shop, by_: Any, address: str) -> None:
    """Somebody types this address to sign in with."""
    asked = AskForCode(id_of(os.urandom(16)), by_, address)
    shop.do(lambda tx, terms: ask_for_codes(tx, terms, KEYED, [asked]))


def _teller(shop: Shop, *carriers: Any) -> Teller:
    return Teller(shop.database, Programs(shop.database), carriers, KEYED, "https://club.test")


def test_who_is_erased_while_their_letter_is_written_in_a_sandbox_leaves_none(shop: Shop) -> None:
    """What is taken is written outside of any transaction; an erasure may come in between."""
    who = JoinMember(identifiers=(Identifier("email", "bo@example.org"),), given_name="Bo")
    (bo,) = shop.join(who)
    shop.run(_teller(shop, Repeats("email")).tell(shop.program_id))  # where to begin
    shop.record(buys(by(email="bo@example.org"), 3_000))
    asks(shop, "email", "bo@example.org")
    parcels = shop.do(lambda tx, terms: take_deliveries(tx, terms, KEYED, ["email"], 10))
    (parcel,) = [one for one in parcels if one.member.id == bo.member_id]
    letter = Letter("1", parcel.address, "For Bo", "Dear Bo", "Corner")
    kept = "select says from unsent_letter where program_id = $1"
    shop.do(lambda tx, _: keep_unsent(tx, [(parcel, letter)]))
    assert shop.rows(kept) == [("Dear Bo",)]
    shop.ask(erase_members, EraseMember(bo.member_id))
    assert shop.rows(kept) == []
    shop.do(lambda tx, _: keep_unsent(tx, [(parcel, letter)]))
    assert shop.rows(kept) == []
