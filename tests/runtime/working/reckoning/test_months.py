"""Each month is kept once, and goes to whoever of the staff asks for it, once, by a real server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from tests.flows.members.staff.people import HOUSE, settles
from tests.insight.metrics.books import lay
from tests.runtime.working.reckoning.months_process import KEYED, months
from tests.runtime.working.senders.post_office import PostOffice, post_office
from tests.runtime.working.senders.returned import report
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.base.faults import Invalid
from regulars.flows.access.commands import ChangeStaff, CloseStaff
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.telling.send_months import keep_month
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.bounces.write import mark
from regulars.records.outbox.delivery.rules import LEASE, MOST_ATTEMPTS
from regulars.records.outbox.delivery.types import address_digest
from regulars.records.program.templates import load_template
from regulars.runtime.working.letters.returned import note_returned
from regulars.surfaces.senders.email.bounces import returned_by

_numbers = count()
_STATES = """
select month, state, tries from month_letter where program_id = $1 order by letter_id
"""
_PAGES = "select month, language from month_page where program_id = $1 order by 1, 2"
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


class World:
    """A shop with the known books on the day after March, its staff and a mail server."""

    def __init__(self, counter: Counter, office: PostOffice) -> None:
        self.counter, self.shop, self.office = counter, counter.shop, office

    def go(self) -> None:
        duty = months(self.shop.database, self.office.port, lambda: self.shop.now)
        self.shop.run(duty.go(self.shop.program_id, self.shop.now))

    def asks(self, language: Any, role: str = "owner", **more: Any) -> Any:
        one = somebody(self.counter, role, **more)
        settles(self.shop, ChangeStaff(one.staff_id, HOUSE, month_letter=language))
        return one

    def states(self) -> list[tuple[Any, ...]]:
        return self.shop.rows(_STATES)

    def to(self) -> list[str]:
        return sorted(one for each in self.office.envelopes for one in each.rcpt_tos)


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    opened = Counter.open(database)
    yield opened
    opened.close()


@pytest.fixture
def world(counter: Counter, office: PostOffice) -> World:
    office.envelopes.clear()
    office.answers.clear()
    counter.shop.begin(load_template("coffee-shop"), slug=f"months-{next(_numbers)}")
    counter.key = counter.made_key("all")
    vars(counter).pop("console", None)
    lay(counter)
    counter.shop.at("2026-04-01 00:30")
    return World(counter, office)


def test_a_month_is_kept_and_sent_to_who_asks_in_their_language_with_its_pdf(world: World) -> None:
    ann, ben = world.asks("de"), world.asks("ar", "manager")
    somebody(world.counter, "finance")
    world.go()
    assert world.shop.rows(_PAGES) == [(MARCH, one) for one in ("ar", "de", "en", "tr")]
    assert world.to() == sorted([ann.email, ben.email])
    assert world.states() == [(MARCH, "sent", 1)] * 2
    mails = {str(mail["To"]): mail for mail in world.office.letters}
    mail = mails[ann.email]
    assert mail["Subject"].endswith("der Monat März 2026")
    assert mail["Content-Language"] == "de"
    assert mail["List-Unsubscribe"] == "<https://club.test/console/me>"
    (page,) = list(mail.iter_attachments())
    assert (page.get_filename(), page.get_content_type()) == ("2026-03.pdf", "application/pdf")
    assert page.get_content().startswith(b"%PDF-")
    text = mail.get_body(("plain",)).get_content()
    assert "2 Mitglieder kauften" in text
    assert "https://club.test/console/reports/monthly?month=2026-03&kept=yes" in text
    html = mails[ben.email].get_body(("html",)).get_content()
    assert 'dir="rtl"' in html


def test_once_for_a_program_and_month_and_the_next_month_again(world: World) -> None:
    world.asks("en")
    world.go()
    late = world.asks("en")
    world.shop.now += timedelta(days=3)
    world.go()
    assert len(world.office.envelopes) == 1, "who asks late gets the next one"
    world.shop.at("2026-05-01 00:05")
    world.go()
    assert world.states() == [(MARCH, "sent", 1), (APRIL, "sent", 1), (APRIL, "sent", 1)]
    assert world.to().count(late.email) == 1


def test_a_month_ends_by_the_shops_own_clock(world: World) -> None:
    world.asks("en")
    world.shop.at("2026-03-31 23:59")
    world.go()
    assert [one for (one, _) in world.shop.rows(_PAGES)] == [date(2026, 2, 1)] * 4
    world.shop.at("2026-04-01 00:00")
    world.go()
    assert [one for one, *_ in world.states()] == [date(2026, 2, 1), MARCH]


def test_nothing_is_told_before_the_rows_have_all_of_it(world: World) -> None:
    world.asks("en")
    world.shop.rows("delete from prepared_reach where program_id = $1")
    world.go()
    assert world.shop.rows(_PAGES) == world.states() == []


def test_who_is_killed_while_handing_over_sends_nothing_twice(world: World) -> None:
    world.asks("en")
    slow = PostOffice()

    async def never_answers(*_: Any) -> str:
        slow.envelopes.append(_[2])
        import asyncio

        await asyncio.sleep(60)
        return "250 OK"

    with post_office() as stuck:
        stuck.handle_DATA = never_answers  # type: ignore[method-assign, assignment]
        words = [
            sys.executable, "-m", "tests.runtime.working.reckoning.months_process",
            world.shop.made.app_dsn, world.shop.now.isoformat(), str(world.shop.program_id),
            str(stuck.port),
        ]  # fmt: skip
        with subprocess.Popen(words) as child:
            until = time.monotonic() + 60
            while not slow.envelopes and time.monotonic() < until:
                time.sleep(0.05)
            child.kill()
    assert len(slow.envelopes) == 1, "the server has the letter, and nobody knows it"
    assert world.states() == [(MARCH, "going", 1)]
    world.go()
    world.shop.now += LEASE
    world.go()
    assert world.office.envelopes == []
    assert world.states() == [(MARCH, "unsure", 1)]


def test_a_server_that_goes_away_with_the_letter_in_its_hands_gets_it_once(world: World) -> None:
    world.asks("en")
    taken: list[Any] = []

    async def takes_and_goes(server: Any, _: Any, envelope: Any) -> str:
        taken.append(envelope)
        server.transport.abort()
        return "250 OK"

    with post_office() as cut:
        cut.handle_DATA = takes_and_goes  # type: ignore[method-assign, assignment]
        there, world.office = world.office, cut
        world.go()
    world.office = there
    assert len(taken) == 1, "it may be on its way, and nobody knows it"
    assert world.states() == [(MARCH, "unsure", 1)]
    world.shop.now += timedelta(hours=1)
    world.go()
    assert world.office.envelopes == []


def test_two_that_keep_a_month_at_once_keep_it_once(world: World) -> None:
    async def twice(tx: Any, _: Any) -> list[bool]:
        return [await keep_month(tx, MARCH, [], sends=True) for _ in range(1)]

    world.go()
    assert world.shop.do(twice) == [False]


def test_a_server_that_is_away_is_asked_again_and_one_letter_arrives(world: World) -> None:
    world.asks("en")
    world.office.answers[:] = ["451 come back later"]
    world.go()
    assert world.states() == [(MARCH, "waiting", 1)]
    world.go()
    assert world.office.envelopes == [], "not before its pause is over"
    world.shop.now += timedelta(minutes=1)
    world.go()
    assert world.states() == [(MARCH, "sent", 2)]
    assert len(world.office.envelopes) == 1


def test_it_is_not_tried_for_ever(world: World) -> None:
    world.asks("en")
    world.office.answers[:] = ["451 come back later"] * (MOST_ATTEMPTS + 2)
    for _ in range(MOST_ATTEMPTS + 2):
        world.go()
        world.shop.now += timedelta(hours=1)
    assert world.states() == [(MARCH, "refused", MOST_ATTEMPTS)]


def test_where_letters_came_back_from_nothing_goes_until_they_ask_anew(world: World) -> None:
    one = world.asks("en")
    world.office.answers[:] = ["550 5.1.1 no such user"]
    world.go()
    assert world.states() == [(MARCH, "bounced", 1)]
    world.shop.at("2026-05-01 00:05")
    world.go()
    assert world.states() == [(MARCH, "bounced", 1), (APRIL, "refused", 0)]
    settles(world.shop, ChangeStaff(one.staff_id, HOUSE, month_letter="en"))
    world.shop.at("2026-06-01 00:05")
    world.go()
    assert world.to() == [one.email]


def test_a_letter_that_comes_back_by_mail_counts_as_well(world: World) -> None:
    world.asks("en")
    world.go()
    ((id_,),) = world.shop.rows("select letter_id from month_letter where program_id = $1")
    found = returned_by(report(mark=id_.hex))
    marked = note_returned(world.shop.database, world.shop.made.owner_dsn, found)
    assert world.shop.run(marked) == 1
    assert world.states() == [(MARCH, "bounced", 1)]


def test_an_address_a_members_letters_came_back_from_is_left_alone_too(world: World) -> None:
    one = world.asks("en")
    bounce = Bounce(address_digest(KEYED, "email", one.email), UUID(int=7), "gone", world.shop.now)
    world.shop.do(lambda tx, _: tx.write(mark(tx, [bounce])))
    world.go()
    assert world.office.envelopes == []
    assert world.states() == [(MARCH, "refused", 0)]


def test_who_left_or_may_not_read_reports_gets_nothing(world: World) -> None:
    world.asks("en", "cashier")
    gone = world.asks("en", "manager")
    world.office.answers[:] = ["451 come back later"]
    world.go()
    settles(world.shop, CloseStaff(gone.staff_id, HOUSE))
    world.shop.now += timedelta(hours=1)
    world.go()
    assert world.office.envelopes == []
    assert world.states() == [(MARCH, "unwanted", 1)]


def test_a_language_nobody_writes_is_refused(world: World) -> None:
    one = somebody(world.counter)
    wish = ChangeStaff(one.staff_id, HOUSE, month_letter="fr")  # type: ignore[arg-type]
    (no,) = world.shop.ask(keep_staff, wish)
    assert isinstance(no, Invalid)
    assert no.field == "/month_letter"


def test_the_console_asks_for_it_and_opens_what_was_kept(world: World) -> None:
    owner = Browser(world.counter)
    owner.sign_in(somebody(world.counter).email)
    assert "month_letter" in owner.get("/console/me").text
    assert owner.post("/console/me/month", {"month_letter": "tr"}).status_code == 303
    assert '<option value="tr" selected>' in owner.get("/console/me").text
    world.go()
    text = owner.get("/console/reports/monthly").text
    assert "As it was kept on 1 Apr 2026" in text
    assert "sent to 1 of 1" in text
    world.shop.rows("update store_day set net_minor = 990000 where program_id = $1 and named")
    kept = "/console/reports/monthly?month=2026-03&kept=yes"
    assert "€17.00" in owner.get(kept).text
    assert "€17.00" not in owner.get("/console/reports/monthly?month=2026-03").text
    assert owner.get(kept + "&as=pdf").content.startswith(b"%PDF-")
    assert owner.get("/console/reports/monthly?month=2026-02&kept=yes").status_code == 404


def test_the_api_lists_what_is_kept_and_answers_it(world: World) -> None:
    world.asks("en")
    world.go()
    (one,) = world.counter.get("/v1/insight/monthly/kept").json()["months"]
    assert (one["month"], one["addressed"], one["sent"]) == ("2026-03", 1, 1)
    answer = world.counter.get("/v1/insight/monthly?month=2026-03&kept=yes&language=de")
    assert answer.json()["title"] == "Der Monat März 2026"
    assert world.counter.get("/v1/insight/monthly?month=2026-02&kept=yes").status_code == 404
