"""A no that is said later always stands: whatever date the yes before it carries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.makers import Shop, by
from tests.runtime.working.letters.campaigning import Campaigning
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

import regulars
from regulars.flows.importing.bring_consents import bring_consents
from regulars.flows.importing.commands import BringConsent
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.telling.said.agreeing import keep_words
from regulars.flows.telling.said.marking import mark_addresses
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.members.consents import read as consents
from regulars.records.members.consents.types import Consent
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.delivery.types import address_digest
from regulars.records.outbox.klaviyo.types import Theirs, Word, taken

MIGRATIONS = Path(regulars.__file__).parent / "records/migrations"
MINUTES = timedelta(minutes=5)


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
    made = Campaigning(opened, *world)
    made.joins("ada", agrees=False)
    return made


def brought(told: Campaigning, state: Any, ahead: timedelta) -> Any:
    """A word of a file, dated so far from now."""
    one = BringConsent(by(external="ada"), "email", state, "file", told.shop.now + ahead)
    return told.shop.do(lambda tx, terms: bring_consents(tx, terms, [one], None))[0]


def says(told: Campaigning, state: Any, source: str = "their card") -> Any:
    one = SayConsent(told.id_of("ada"), "email", state, source)
    return told.shop.do(lambda tx, _: say_consents(tx, [one]))[0]


def stands(told: Campaigning) -> str:
    who = told.id_of("ada")
    return str(told.shop.do(lambda tx, _: consents.standing(tx, who))["email"].state)


def agreed_ahead(told: Campaigning) -> None:
    """A local time that was read as UTC: this evening's yes is dated tomorrow."""
    brought(told, "given", timedelta(hours=20))


def agreed_before_the_clock_was_set_back(told: Campaigning) -> None:
    told.shop.now += timedelta(hours=3)
    says(told, "given")
    told.shop.now -= timedelta(hours=3)


def by_link(told: Campaigning) -> None:
    assert says(told, "withdrawn", "a link in a message").state == "withdrawn"


def by_complaint(told: Campaigning) -> None:
    address = address_digest(KEYED, "email", "ada@example.org")
    bounce = Bounce(address, told.id_of("ada"), "spam", told.shop.now - MINUTES / 2, "complaint")
    told.shop.do(lambda tx, _: mark_addresses(tx, [bounce]))


AHEAD = (agreed_ahead, agreed_before_the_clock_was_set_back)


@pytest.mark.parametrize("yes", AHEAD)
@pytest.mark.parametrize("no", [by_link, by_complaint])
def test_a_later_no_stands_above_a_yes_that_is_dated_ahead(
    told: Campaigning, yes: Callable[[Campaigning], None], no: Callable[[Campaigning], None]
) -> None:
    yes(told)
    told.shop.now += MINUTES
    no(told)
    assert stands(told) == "withdrawn"
    for code in ("spring", "summer"):
        told.shop.now += timedelta(days=1)
        told.released(code)
        told.goes()
        assert told.kept(code) == [("ada", "skipped", "no_consent")]
    assert told.to() == []


@pytest.mark.parametrize("yes", AHEAD)
def test_and_a_yes_after_that_no_stands_again(
    told: Campaigning, yes: Callable[[Campaigning], None]
) -> None:
    yes(told)
    for state in ("withdrawn", "given", "withdrawn", "given"):
        told.shop.now += timedelta(seconds=1)
        assert says(told, state).state == state
        assert stands(told) == state


def test_a_file_with_dates_ahead_brought_once_more_gives_nothing_back(told: Campaigning) -> None:
    first = brought(told, "given", timedelta(hours=20))
    told.shop.now += MINUTES
    by_link(told)
    told.shop.now += MINUTES
    again = brought(told, "given", timedelta(hours=20) - 2 * MINUTES)
    assert (first.member_id, stands(told)) == (again.member_id, "withdrawn")
    told.shop.now += MINUTES
    once_more = brought(told, "given", timedelta(hours=20) - 3 * MINUTES)
    assert (once_more.replayed, stands(told)) == (True, "withdrawn")


def test_a_no_of_a_file_counts_also_where_it_is_dated_ahead(told: Campaigning) -> None:
    says(told, "given")
    told.shop.now += MINUTES
    brought(told, "withdrawn", timedelta(hours=20))
    assert stands(told) == "withdrawn"
    told.shop.now += MINUTES
    says(told, "given")
    assert stands(told) == "given", "they said so after the file was brought"


def test_a_yes_after_a_no_that_is_dated_ahead_stands(told: Campaigning) -> None:
    told.shop.now += timedelta(hours=3)
    says(told, "given")
    told.shop.now += MINUTES
    says(told, "withdrawn")
    told.shop.now -= timedelta(hours=3)
    says(told, "given")
    assert stands(told) == "given"


def test_a_no_of_klaviyo_stands_above_a_yes_that_is_dated_ahead(told: Campaigning) -> None:
    agreed_before_the_clock_was_set_back(told)
    told.shop.now += MINUTES
    no_at = told.shop.now - MINUTES / 2
    who = told.id_of("ada")
    yes = told.shop.do(lambda tx, _: consents.standing(tx, who))["email"]
    ours, theirs = Word(yes.state, yes.changed_at), Theirs(said_no=True, no_at=no_at)
    assert taken(theirs, ours, told.shop.now, takes_yes=False) == ("withdrawn", no_at)
    no = Consent(who, "email", "withdrawn", "Klaviyo", no_at)
    told.shop.do(lambda tx, _: keep_words(tx, [no]))
    assert stands(told) == "withdrawn"


def test_a_no_of_klaviyo_is_their_own_beside_one_that_came_along(told: Campaigning) -> None:
    now, theirs = told.shop.now, Theirs(said_no=True, no_at=told.shop.now)
    for own, follows in ((True, None), (False, ("withdrawn", now))):
        ours = Word("withdrawn", now - MINUTES, own)
        assert taken(theirs, ours, now, takes_yes=False) == follows
    assert taken(theirs, Word("given", now), now, takes_yes=False) is None, "it is on its way"


def test_nothing_that_a_file_says_is_dated_later_than_now(told: Campaigning) -> None:
    brought(told, "given", timedelta(hours=20))
    kept = told.shop.rows("select changed_at from consent where program_id = $1")
    assert kept == [(told.shop.now,)]


def test_history_that_is_older_than_what_was_said_here_changes_nothing(told: Campaigning) -> None:
    says(told, "given")
    told.shop.now += MINUTES
    brought(told, "withdrawn", -timedelta(days=700))
    assert stands(told) == "given"


def test_a_no_outlasts_a_yes_of_a_time_when_dates_ahead_were_kept_as_they_were(
    told: Campaigning,
) -> None:
    sql = "insert into consent values ($1, $2, 'email', $3, 'given', 'file', $4)"
    ahead = told.shop.now + timedelta(hours=20)
    told.shop.rows(sql, told.id_of("ada"), ahead, told.shop.now)
    told.shop.now += timedelta(hours=1)
    brought(told, "withdrawn", -timedelta(minutes=30))
    assert stands(told) == "withdrawn", "it was said after that yes was known here"


def test_one_who_complained_was_merged_since(told: Campaigning) -> None:
    told.joins("bo")
    gone = told.id_of("ada")
    told.shop.now += MINUTES
    one = MergeMembers(by(external="ada"), by(external="bo"), "one person", "mia")
    told.shop.ask(merge_members, one)
    told.shop.now += MINUTES
    bounce = Bounce(b"a" * 32, gone, "spam", told.shop.now, "complaint")
    told.shop.do(lambda tx, _: mark_addresses(tx, [bounce]))
    assert stands(told) == "withdrawn"


def test_the_upgrade_brings_back_a_no_that_was_lost(told: Campaigning) -> None:
    """Who took back a yes of a file within the day its date was ahead of is left alone again."""
    who, now = told.id_of("ada"), told.shop.now
    sql = "insert into consent values ($1, $2, 'email', $3, $4, 'file', $5)"
    for date, state, recorded in (
        (now + timedelta(hours=20), "given", now),
        (now + timedelta(hours=1), "withdrawn", now + timedelta(hours=1)),
    ):
        told.shop.rows(sql, who, date, state, recorded)
    assert stands(told) == "given"
    told.shop.run(_upgraded(told.shop))
    assert stands(told) == "withdrawn"
    event = "select payload ->> 'state' from outbox where program_id = $1 and member_id = $2"
    assert ("withdrawn",) in told.shop.rows(event, who)
    says(told, "given")
    assert stands(told) == "given"


async def _upgraded(shop: Shop) -> None:
    text = next(MIGRATIONS.glob("*_no_stands.sql")).read_text("utf-8")
    await (await shop.owning()).execute(text)
