"""Klaviyo is told: each event once, in order, with its profile; consent both ways; erasure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import NOON, Shop
from tests.runtime.working.senders.test_messages import SOURCE
from tests.surfaces.connect.klaviyo.account import KlaviyoAccount
from tests.surfaces.connect.klaviyo.town import DOCUMENT, KlaviyoTown

from regulars.flows.importing.bring_consents import bring_consents
from regulars.flows.importing.commands import BringConsent
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.members.types import MemberRef
from regulars.surfaces.senders.outgoing.client import Answer


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def town(opened: Shop) -> Iterator[KlaviyoTown]:
    made = KlaviyoTown(opened)
    yield made
    opened.run(made.dispatcher.close())


def test_what_happens_is_told_once_with_the_profile_it_happened_to(town: KlaviyoTown) -> None:
    town.connects()
    ada = town.joins("ada", phone="+4930123456")
    town.buys("ada", "r1", 1250)
    town.tells()
    assert town.account.names() == ["Joined Loyalty Program", "Points Earned"]
    profile = town.account.kept("ada@example.org")
    assert (profile["external_id"], profile["phone_number"]) == (f"mem_{ada.hex}", "+4930123456")
    assert (profile["first_name"], profile["properties"]["loyalty_points"]) == ("Ada", 12)
    earned = next(one for (name, _), one in town.account.events.items() if name == "Points Earned")
    assert (earned["value"], earned["properties"]["earned"]) == (12, {"points": 12})
    assert earned["unique_id"].startswith("evt_")
    assert earned["backfill"] is False
    asked = len(town.account.asked)
    town.later(minutes=1)
    town.replays()  # all of it once more, under the ids it had
    assert len(town.account.asked) == asked + 2
    assert len(town.account.events) == 2
    assert town.hook() == ("active", 0, 0)


def test_who_cannot_be_written_to_is_not_told_of(town: KlaviyoTown) -> None:
    town.connects()
    town.shop.joined("nobody")
    town.buys("nobody", "r1")
    town.tells()
    assert (town.account.asked, town.hook()) == ([], ("active", 0, 0))


def test_what_is_not_shared_is_not_told(town: KlaviyoTown) -> None:
    town.connects(shares=())
    town.joins("ada")
    town.tells()
    profile = town.account.kept("ada@example.org")
    assert "first_name" not in profile
    assert set(profile["properties"]) <= {
        "loyalty_points", "loyalty_tier", "loyalty_tier_until", "loyalty_member_since",
    }  # fmt: skip


def test_values_are_told_with_their_day(town: KlaviyoTown) -> None:
    town.connects(shares=("names", "values"))
    ada = town.joins("ada")
    town.shop.rows(
        "insert into member_value values ($1, $2, '2026-03-01', 310, 120, 8450, 9, 30, 'slipping', "
        "'upper')", ada,
    )  # fmt: skip
    town.tells()
    told = town.account.kept("ada@example.org")["properties"]
    assert told["loyalty_value_12_months"] == 84.5
    assert (told["loyalty_chance_90_days"], told["loyalty_health"]) == (0.31, "slipping")
    assert (told["loyalty_values_as_of"], told["loyalty_value_currency"]) == ("2026-03-01", "EUR")


def test_three_days_down_close_to_the_same_account(town: KlaviyoTown) -> None:
    town.connects()
    ada = town.joins("ada")
    town.tells()
    town.account.down = True
    for day in range(3):
        for number in range(4):
            town.buys("ada", f"r{day}-{number}")
            town.tells()
            town.later(hours=6)
    town.says(ada, "given")
    town.later(minutes=1)
    town.says(ada, "withdrawn")
    town.tells()
    assert town.hook()[0] == "active"
    assert town.account.names() == ["Joined Loyalty Program"]
    town.account.down = False
    for _ in range(6):  # it is asked with one event first, then everything comes
        town.later(hours=8)
        town.tells()
    assert town.hook() == ("active", 0, 0)
    assert town.account.names() == ["Joined Loyalty Program"] + ["Points Earned"] * 12
    assert town.account.kept("ada@example.org")["properties"]["loyalty_points"] == 120
    assert town.account.consent("ada@example.org") == "UNSUBSCRIBED"
    assert [path for _, path, _ in town.account.asked if "bulk-create" in path] == []


def test_too_much_at_once_waits_as_long_as_it_is_asked_to(town: KlaviyoTown) -> None:
    town.connects()
    town.joins("ada")
    town.account.says = [Answer(429, {"retry-after": "90"}, b"")]
    town.tells()
    town.later(seconds=60)
    town.tells()
    assert len(town.account.asked) == 1
    town.later(seconds=31)
    town.tells()
    assert town.account.names() == ["Joined Loyalty Program"]
    assert town.hook() == ("active", 0, 0)


def test_what_is_refused_holds_nobody_up(town: KlaviyoTown) -> None:
    town.connects()
    town.joins("ada")
    town.buys("ada", "r1")
    town.account.says = [Answer(400, {}, b'{"errors":[{"detail":"ada@example.org is odd"}]}')]
    town.tells()
    assert town.account.names() == ["Points Earned"]
    assert town.hook() == ("active", 0, 1)
    assert town.reasons() == ["it answered 400"]  # in our words: theirs may name somebody


def test_a_key_that_is_revoked_loses_nothing(town: KlaviyoTown) -> None:
    town.connects()
    town.joins("ada")
    town.account.key = "pk_new"
    town.tells()
    assert town.account.names() == []
    assert town.hook() == ("active", 1, 0)
    town.connects("pk_new")
    town.later(minutes=1)
    town.tells()
    assert town.account.names() == ["Joined Loyalty Program"]


def test_consent_goes_there_as_what_stands(town: KlaviyoTown) -> None:
    town.connects(list_id="Y6nRLr")
    ada = town.joins("ada")
    town.says(ada, "given")
    town.tells()
    assert town.account.consent("ada@example.org") == "SUBSCRIBED"
    jobs = [said for _, path, said in town.account.asked if path.endswith("bulk-create-jobs")]
    assert jobs[0]["data"]["relationships"]["list"]["data"]["id"] == "Y6nRLr"
    town.later(hours=1)
    town.says(ada, "withdrawn")
    town.tells()
    assert town.account.consent("ada@example.org") == "UNSUBSCRIBED"
    job = next(said for _, path, said in town.account.asked if path.endswith("bulk-delete-jobs"))
    assert "relationships" not in job["data"]  # of everything, not of one list
    town.replays()  # the old yes is sent once more: it is not what stands
    assert town.account.consent("ada@example.org") == "UNSUBSCRIBED"
    assert len([1 for _, path, _ in town.account.asked if path.endswith("bulk-create-jobs")]) == 1


def test_who_said_no_there_since_is_not_subscribed_by_an_older_yes(town: KlaviyoTown) -> None:
    town.connects()
    ada = town.joins("ada")
    town.tells()
    town.says(ada, "given")
    town.later(minutes=5)
    town.account.leaves("ada@example.org", "SPAM_COMPLAINT")
    town.tells()  # sent late: they complained meanwhile, and subscribing would undo it
    assert not any("bulk-create" in path for _, path, _ in town.account.asked)
    town.asks()
    assert town.word(ada) == ("withdrawn", "Klaviyo")


def test_who_unsubscribes_there_is_left_alone_here(town: KlaviyoTown) -> None:
    town.connects()
    ada, ben = town.joins("ada"), town.joins("ben")
    for who in (ada, ben):
        town.says(who, "given")
    town.tells()
    town.later(days=1)
    town.account.leaves("ada@example.org")
    town.asks()
    assert (town.word(ada), town.word(ben)[0]) == (("withdrawn", "Klaviyo"), "given")
    jobs = len(town.account.asked)
    town.tells()
    assert len(town.account.asked) == jobs  # what was heard there is not told there
    assert town.link.heard == 1
    town.later(days=1)
    town.says(ada, "given")  # they come back here; what it still has there is older
    town.later(minutes=1)
    town.asks()
    assert town.word(ada) == ("given", "their card")
    town.tells()
    assert town.account.consent("ada@example.org") == "SUBSCRIBED"


def test_a_subscription_there_is_none_here_unless_the_program_says_so(town: KlaviyoTown) -> None:
    town.connects()
    ada = town.joins("ada")
    town.tells()
    town.later(minutes=5)
    town.account.subscribes("ada@example.org")
    town.asks()
    assert town.word(ada) == ("", "")
    town.connects(takes_yes=True)
    town.account.later(minutes=1)
    town.later(minutes=5)
    town.account.subscribes("ada@example.org")
    town.asks()
    assert town.word(ada) == ("given", "Klaviyo")
    town.later(minutes=5)
    town.says(ada, "withdrawn")  # they say no here, and our unsubscribing is on its way
    town.later(minutes=5)
    town.account.subscribes("ada@example.org")
    town.asks()
    assert town.word(ada)[0] == "withdrawn"


def test_what_changed_there_is_read_page_by_page_and_goes_on_where_it_was(
    town: KlaviyoTown,
) -> None:
    members = [town.joins(f"m{number}") for number in range(7)]
    for who in members:
        town.says(who, "given")
    town.connects()
    town.walks()
    town.later(hours=1)
    for number in range(7):
        town.account.leaves(f"m{number}@example.org")
    town.account.page_size = 2
    whole = town.account.send

    async def cut_off(sending: Any) -> Answer:
        answer = await whole(sending)
        town.account.down = len(town.account.asked) % 2 == 0
        return answer

    town.marketer._send = cut_off
    for _ in range(8):
        town.account.down = False
        town.later(hours=2)
        town.asks()
    assert [town.word(who)[0] for who in members] == ["withdrawn"] * 7
    assert town.link.heard == 7


def test_by_another_key_what_was_said_there_earlier_is_heard(town: KlaviyoTown) -> None:
    ada = town.joins("ada")
    town.says(ada, "given")
    town.connects()
    other = KlaviyoAccount(town.account.clock, DOCUMENT)
    other.subscribes("ada@example.org")
    town.later(minutes=1)
    other.clock = town.shop.now
    other.leaves("ada@example.org")
    town.later(days=2)
    town.account.subscribes("ben@example.org")  # so that it was read up to here
    town.asks()
    assert town.word(ada)[0] == "given"
    other.key = "pk_other"
    other.clock = town.shop.now
    for name, value in vars(other).items():
        setattr(town.account, name, value)
    town.connects("pk_other")
    town.asks()
    assert town.word(ada) == ("withdrawn", "Klaviyo")


def test_everybody_is_told_of_with_what_they_agreed_to(town: KlaviyoTown) -> None:
    ada, ben = town.joins("ada"), town.joins("ben", phone="+4930123456")
    cleo, _ = town.joins("cleo"), town.joins("dan")
    town.shop.joined("nobody")
    for who, state in ((ada, "given"), (cleo, "withdrawn")):
        town.says(who, state)  # type: ignore[arg-type]
    town.says(ben, "given", "sms")
    town.connects()
    town.later(minutes=1)
    town.account.subscribes("cleo@example.org")  # a shop that wrote to them before it came to us
    town.walks()
    assert len(town.account.profiles) == 4
    consent = town.account.consent
    assert consent("ada@example.org") == "SUBSCRIBED"
    assert consent("ben@example.org", "sms") == "SUBSCRIBED"
    assert consent("cleo@example.org") == "UNSUBSCRIBED"
    assert consent("dan@example.org") == "NEVER_SUBSCRIBED"
    link = town.link
    assert (link.walked, link.walk_at, link.walked_at) == (4, None, town.shop.now)


def test_of_who_was_erased_the_account_is_asked_to_forget(town: KlaviyoTown) -> None:
    town.connects()
    ada = town.joins("ada")
    town.joins("ben")
    town.tells()
    id_ = town.account.kept("ada@example.org")["id"]
    town.buys("ada", "r1")
    town.erases(ada)
    town.tells()
    assert town.account.deleted == [id_]
    assert town.account.found(email="ada@example.org") is None
    assert town.account.found(email="ben@example.org") is not None
    assert "Points Earned" not in town.account.names()  # nobody is told of who is gone
    assert town.hook() == ("active", 0, 0)


def test_two_who_become_one_are_one_there(town: KlaviyoTown) -> None:
    town.connects()
    ada, old = town.joins("ada"), town.joins("old")
    town.tells()
    named = (MemberRef(id=old), MemberRef(id=ada), "one", "mia")
    (done,) = town.shop.ask(merge_members, MergeMembers(*named))
    assert not isinstance(done, Exception), done
    town.buys("old", "r1")
    town.tells()
    assert town.hook() == ("active", 0, 0)
    assert town.account.kept("ada@example.org")["properties"]["loyalty_points"] == 10


def test_an_import_tells_only_of_who_had_said_something_else(town: KlaviyoTown) -> None:
    town.connects()
    ada, ben = town.joins("ada"), town.joins("ben")
    town.says(ada, "given")
    town.tells()
    town.later(hours=1)
    words = [
        BringConsent(MemberRef(id=who), "email", "withdrawn", "a file", town.shop.now)
        for who in (ada, ben)
    ]
    town.shop.do(lambda tx, terms: bring_consents(tx, terms, words, None))  # type: ignore[arg-type]
    told = town.shop.rows(
        "select member_id from outbox where program_id = $1 and type = 'consent.changed'"
        " order by outbox_id"
    )
    assert [row[0] for row in told] == [ada, ada]
    town.tells()
    assert town.account.consent("ada@example.org") == "UNSUBSCRIBED"


def test_a_no_to_both_channels_is_one_round_like_any_other(town: KlaviyoTown) -> None:
    ada, ben = town.joins("ada", phone="+4930123456"), town.joins("ben")
    for who, channel in ((ada, "email"), (ada, "sms"), (ben, "email")):
        town.says(who, "given", channel)
    town.connects()
    town.walks()
    town.later(hours=1)
    town.account.leaves("ada@example.org", sms=True)
    town.account.leaves("ben@example.org")
    town.later(minutes=5)
    town.asks()
    assert [town.word(ada, channel)[0] for channel in ("email", "sms")] == ["withdrawn"] * 2
    assert town.word(ben)[0] == "withdrawn"
    assert town.link.heard == 3


def test_two_channels_of_one_member_are_said_and_brought_in_one_batch(town: KlaviyoTown) -> None:
    ada, both = town.joins("ada"), ("email", "sms")
    town.shop.ask(_says, *(SayConsent(ada, channel, "given", "their card") for channel in both))
    town.later(hours=1)
    words = [
        BringConsent(MemberRef(id=ada), channel, "withdrawn", "a file", town.shop.now)
        for channel in both
    ]
    town.shop.do(lambda tx, terms: bring_consents(tx, terms, words, None))  # type: ignore[arg-type]
    told = town.shop.rows(
        "select o.sequence, s.version from outbox o join standing s using (program_id, member_id)"
        " where program_id = $1 and type = 'consent.changed' order by 1"
    )
    first = told[0][0]
    assert told == [(first + at, first + 3) for at in range(4)]


async def _says(tx: Any, _: Any, batch: Any) -> Any:
    return await say_consents(tx, batch)


def test_what_is_told_late_begins_no_letter_there(town: KlaviyoTown) -> None:
    town.connects()
    town.joins("ada")
    town.account.down = True
    town.tells()
    town.account.down = False
    town.later(days=4)
    town.tells()
    (told,) = town.account.events.values()
    assert told["backfill"] is False
    assert told["time"] == NOON.isoformat()
    town.later(days=4)
    town.replays()
    asked = [said for _, path, said in town.account.asked if path == "events"]
    assert asked[-1]["data"]["attributes"]["backfill"] is True


def test_every_request_is_one_that_the_published_document_has() -> None:
    if DOCUMENT is None:
        pytest.skip("Klaviyo's published document is not beside the project")
    assert {path for method, path in DOCUMENT.seen if method == "POST"} >= {
        r"/api/events\Z", r"/api/profile-import\Z",
        r"/api/profile-subscription-bulk-create-jobs\Z",
        r"/api/profile-subscription-bulk-delete-jobs\Z",
    }  # fmt: skip
    assert ("GET", r"/api/profiles\Z") in DOCUMENT.seen
