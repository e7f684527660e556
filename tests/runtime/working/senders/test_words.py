"""What messages say: whole in every language, by own words, in the reader's numbers and days."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest
from babel.messages.pofile import read_po
from msgspec.structs import replace

from regulars.base.faults import Fault
from regulars.base.keyed import key_from
from regulars.flows.telling.choose_messages import OwnWords, _wrong
from regulars.flows.telling.take_deliveries import Parcel
from regulars.records.access.members.spelling import code_of, link_of
from regulars.records.access.members.types import SignInCode
from regulars.records.members.types import Member
from regulars.records.outbox.delivery.read import Happened
from regulars.records.outbox.delivery.types import Delivery
from regulars.records.program.reading import read_program
from regulars.surfaces.card.person.messages import MESSAGES
from regulars.surfaces.senders.words.english import ENGLISH
from regulars.surfaces.senders.words.phrases import LANGUAGES, catalogue, phrases_for
from regulars.surfaces.senders.words.writing import Desk, a_test, letter_of, message_shown

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ID = UUID(int=5)
KEYED = key_from(b"k" * 32, "test")
PROGRAM = read_program("""
regulars: 1
program: corner
name: Corner
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points, one: Point}
  money: {kind: cashback, name: Cashback, scale: 2}
tiers: {steps: [{id: gold, name: Gold, at: "1500.00"}]}
rules:
  - {id: a, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.50"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
translations:
  de:
    name: Ecke
    wallets.points.name: Punkte
    wallets.points.one: Punkt
    rewards.cup.name: Eine Tasse
""")
DESK = Desk(PROGRAM, KEYED, "https://club.example.org/")
OTHERS = [one for one in LANGUAGES if one != "en"]


def parcel(kind: str, type_: str = "", channel: str = "email", **payload: Any) -> Parcel:
    delivery = Delivery(
        ID,
        ID,
        ID,
        kind,
        channel,
        bytes(32),
        "waiting",
        "",
        0,
        NOW,
        NOW + timedelta(1),
        NOW,  # type: ignore[arg-type]
    )
    member = Member(ID, "1", "active", NOW, NOW, "Ada", locale="de-AT")
    event = Happened(ID, ID, type_, json.dumps(payload), NOW) if type_ else None
    code = None if type_ else SignInCode(ID, "sign_in", bytes(32), NOW, ID)
    return Parcel(delivery, 1, "ada@example.org", member, event, code)


def reading(one: Parcel, language: str, name: str = "Ada") -> Parcel:
    return replace(one, member=replace(one.member, locale=language, given_name=name))


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_is_there_with_its_places_in_every_language(language: str) -> None:
    package = files("regulars.surfaces.senders.words")
    with package.joinpath(f"{language}.po").open("rb") as text:
        kept = {one.context: one for one in read_po(text, locale=language) if one.context}
    assert set(kept) == set(ENGLISH)
    for key, one in kept.items():
        places = [set(re.findall(r"\{\w+\}", str(said))) for said in (ENGLISH[key], one.string)]
        assert places[0] == places[1], key
        assert one.id == ENGLISH[key], key
        assert one.string != ENGLISH[key] or key == "amount", key


def test_a_letter_is_in_the_language_of_its_reader() -> None:
    earned = parcel("earned", "points.earned", earned={"points": 1234, "money": 150}, pending={})
    letter = letter_of(DESK, earned)
    assert letter.about == "1.234 Punkte und 1,50 Cashback bei Ecke"
    assert letter.text.startswith("Hallo Ada,\n\nGesammelt: 1.234 Punkte und 1,50 Cashback.")
    assert (
        letter_of(DESK, reading(earned, "")).about
        == "1,234 Points and 1.50 Cashback for you at Corner"
    )
    assert letter_of(DESK, reading(earned, "ja")).about.startswith("1,234 Points")
    arabic = letter_of(DESK, reading(earned, "ar"))
    assert arabic.language == "ar"
    assert arabic.text.startswith("مرحبًا Ada،")


def test_what_need_not_be_sent_names_the_page_where_it_is_stopped() -> None:
    earned = parcel("earned", "points.earned", earned={"points": 1}, pending={})
    assert letter_of(DESK, earned).choose == f"https://club.example.org{MESSAGES}"
    assert letter_of(DESK, parcel("code")).choose == ""


def test_one_point_is_one_point() -> None:
    one = parcel("earned", "points.earned", earned={"points": 1}, pending={"points": 1})
    assert letter_of(DESK, reading(one, "en")).text.split("\n\n")[1:3] == [
        "You earned 1 Point.", "Of it, 1 Point can be used later.",
    ]  # fmt: skip


def test_a_notice_names_the_last_day_on_which_points_are_good() -> None:
    """They lapse at local midnight, which is the next day, and in UTC still the day itself."""
    told = {"wallet": "points", "points": 30, "message_id": str(ID)}
    one = parcel(
        "notice", "points.lapse_soon", lapses_at="2026-03-31T22:00:00Z", because="expiry", **told
    )
    assert letter_of(DESK, reading(one, "en")).about == "30 Points end on March 31, 2026"
    assert message_shown(one) == str(ID)
    idle = parcel(
        "notice",
        "points.lapse_soon",
        lapses_at="2026-03-31T22:00:00Z",
        because="inactivity",
        **told,
    )
    assert "nothing new for long" in letter_of(DESK, reading(idle, "en")).text


@pytest.mark.parametrize(
    ("language", "about", "part"),
    [
        ("en", "Corner will forget you after March 31, 2026", "sign in to your card once"),
        ("de", "Ecke vergisst dich nach dem 31. März 2026", "Möchtest du bleiben?"),
        ("tr", "Corner, 31 Mart 2026 gününden sonra bilgilerini siliyor", "oturum aç"),
        ("ar", "سيحذف Corner بياناتك بعد 31 مارس 2026", "هل تود البقاء؟"),
    ],
)
def test_whoever_will_be_erased_reads_until_when_they_can_stay(
    language: str, about: str, part: str
) -> None:
    told = parcel("notice", "member.erasure_noticed", erased_at="2026-03-31T22:00:00Z")
    letter = letter_of(DESK, reading(told, language))
    assert letter.about == about
    assert part in letter.text


@pytest.mark.parametrize(
    ("language", "about", "part"),
    [
        ("en", "You have a seat: Tasting", "on April 10, 2026 at 7:00"),
        ("de", "Du hast einen Platz: Tasting", "am 10. April 2026 um 19:00"),
        ("tr", "Yerin var: Tasting", "10 Nisan 2026 günü saat 19:00"),
        ("ar", "لديك مقعد: Tasting", "يوم 10 أبريل 2026"),
    ],
)
def test_whoever_moves_up_reads_when_it_begins_by_the_clock_of_the_shop(
    language: str, about: str, part: str
) -> None:
    told = {"gathering": "tasting", "name": "Tasting", "moved_up": True}
    one = parcel("notice", "seat.held", begins_at="2026-04-10T17:00:00Z", **told)
    letter = letter_of(DESK, reading(one, language))
    assert letter.about == about
    assert part in letter.text
    before = parcel("notice", "seat.held", begins_at="2026-04-10T17:00:00Z", gathering="tasting")
    assert "tasting" in letter_of(DESK, reading(before, language)).about, "events had no name once"


def test_whose_fee_could_not_be_collected_reads_of_which_plan() -> None:
    for state in ("active", "past_due"):
        one = parcel("notice", "membership.failed", plan="plus", state=state)
        letter = letter_of(DESK, reading(one, "de"))
        assert letter.about == "Der Beitrag für plus konnte nicht abgebucht werden"
        assert ("Vorerst ändert sich nichts" in letter.text) == (state == "active")
        assert "eine Karte zeigt, wie es steht." in letter.text


def test_tiers_and_rewards_are_named_as_the_program_names_them() -> None:
    tier = parcel("notice", "tier.lost_soon", tier="gold", lost_at="2026-12-31T23:00:00Z")
    assert letter_of(DESK, tier).about == "Gold endet am 31. Dezember 2026"
    cup = parcel("redeemed", "reward.captured", reward="cup")
    assert "Eingelöst: Eine Tasse." in letter_of(DESK, cup).text
    gone = parcel("redeemed", "reward.captured", channel="sms", reward="old-mug")
    assert letter_of(DESK, reading(gone, "en")).text.startswith("Corner: old-mug was taken")


def test_a_code_comes_with_its_link_by_letter_and_alone_as_a_text_message() -> None:
    letter = letter_of(DESK, reading(parcel("code"), "en"))
    assert code_of(KEYED, ID) in letter.text
    assert f"https://club.example.org/card/in?link={link_of(KEYED, ID)}" in letter.text
    assert code_of(KEYED, ID) not in letter.about
    text = letter_of(DESK, reading(parcel("code", channel="sms"), "en")).text
    assert text.startswith(f"{code_of(KEYED, ID)} is your code for Corner.")
    assert "http" not in text


@pytest.mark.parametrize("name", ["http://evil.test", "Win at evil.test", "a@b", "x" * 41, "1234"])
def test_nobody_has_us_greet_a_stranger_with_an_address(name: str) -> None:
    letter = letter_of(DESK, reading(parcel("code"), "en", name))
    assert letter.text.startswith("Hello,\n\n")
    assert name not in letter.text


def test_own_words_go_before_ours_in_their_language_alone() -> None:
    own = {("en", "code.about"): "Come in to {shop} {nothing}", ("tr", "code.about"): "x"}
    desk = replace(DESK, own=own)
    assert letter_of(desk, reading(parcel("code"), "en")).about == "Come in to Corner "
    assert letter_of(desk, reading(parcel("code"), "de")).about == "Anmelden bei Ecke"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (OwnWords("en", "code.text", "Your {code.__class__}"), "/says"),
        (OwnWords("en", "code.text", "Your {member}"), "/says"),
        (OwnWords("en", "code.text", "Your {code"), "/says"),
        (OwnWords("en", "code.text", "Your {code}\x00"), "/says"),
        (OwnWords("en", "code.text", "x" * 1001), "/says"),
        (OwnWords("en", "code.txt", "Your {code}"), "/phrase"),
        (OwnWords("fr", "code.text", "Your {code}"), "/language"),
    ],
)
def test_own_words_must_be_sayable(words: OwnWords, field: str) -> None:
    wrong = _wrong(words, catalogue("en"), LANGUAGES)
    assert isinstance(wrong, Fault)
    assert wrong.field == field
    assert _wrong(OwnWords("en", "code.text", "{code}!"), catalogue("en"), LANGUAGES) is None


def test_days_and_numbers_are_those_of_the_reader() -> None:
    assert phrases_for("de-AT", "en").day(date(2026, 1, 2)) == "2. Jänner 2026"
    assert phrases_for("xx-not-a-language", "tr").language == "tr"
    assert (
        a_test(PROGRAM, "a@example.org", "sms", "m").text
        == "Corner: a test. Text messages arrive here."
    )
