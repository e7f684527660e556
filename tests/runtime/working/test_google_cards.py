"""Cards in Google Wallet show what is so now, at a Google on loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.makers import NOON, Shop, buys, by
from tests.runtime.working.senders.google import Google, google
from tests.runtime.working.senders.test_messages import SOURCE
from tests.surfaces.card.signers import certified

from regulars.flows.access.keep_passes import RegisterPass, keep_passes
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.telling.tell_passes import MOST_TRIES
from regulars.records.access.cards.types import GOOGLE
from regulars.records.members.types import EraseMember
from regulars.runtime.working.passes import Waker
from regulars.surfaces.senders.push.google import GooglePush, GooglePusher

ISSUER = "3388000000012345"
ACCOUNT = "club@example.org"
SIGNER = certified("Google's account")


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    opened = Shop.open(database, SOURCE)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def there() -> Iterator[Google]:
    with google() as opened:
        opened.key = SIGNER.key.public_key()
        yield opened


class Town:
    """A shop, a Google, and members who went there with their cards."""

    def __init__(self, shop: Shop, there: Google) -> None:
        self.shop, self.there = shop, there
        self.push = GooglePush(there.url, f"{there.url}/token", ISSUER, ACCOUNT, SIGNER.key_pem)
        self.pusher: GooglePusher | None = None

    def goes(self, who: str, *, saves: bool = True) -> Any:
        """Somebody goes to Google with their card, and saves it there or turns back."""
        ((member,),) = self.shop.rows(_WHO, who)
        command = RegisterPass(GOOGLE, member, GOOGLE)
        self.shop.do(lambda tx, _: keep_passes(tx, [command]))
        if saves:
            self.there.saved.add(member.hex)
        return member

    def round(self) -> list[tuple[str, str]]:
        """One round of the duty: which cards were changed, and to which balance."""
        self.there.changed.clear()

        async def go() -> None:
            if self.pusher is None:
                self.pusher = GooglePusher(self.push, lambda: self.shop.now, patience_s=5)
            await Waker(self.shop.database, None, self.pusher).wake(self.shop.program_id)

        self.shop.run(go())
        return [
            (one.card, one.said["loyaltyPoints"]["balance"]["string"]) for one in self.there.changed
        ]

    def kept(self) -> list[tuple[Any, ...]]:
        """Who is kept, how often they were told in vain, and whether they wait."""
        return self.shop.rows(_KEPT)


_WHO = "select member_id from identifier where program_id = $1 and value = $2"
_KEPT = """
select member_id, tries, try_at is not null from pass_device
 where program_id = $1 order by registered_at, member_id
"""


@pytest.fixture
def town(shop: Shop, there: Google) -> Iterator[Town]:
    shop.begin(SOURCE, slug=f"g{os.urandom(4).hex()}", now=NOON)
    there.saved.clear()
    there.answers.clear()
    there.claims.clear()
    there.refuses = False
    opened = Town(shop, there)
    for who in ("ada", "bob"):
        shop.joined(who)
    yield opened
    if opened.pusher is not None:
        shop.run(opened.pusher.close())


def test_a_card_that_was_saved_shows_what_is_so_now_and_no_other_is_asked_for(town: Town) -> None:
    ada = town.goes("ada")
    assert town.round() == []
    town.shop.record(buys(by(external="ada"), 4200))
    town.shop.record(buys(by(external="bob"), 100))
    assert town.round() == [(f"{ISSUER}.{ada.hex}", "42")]
    assert town.there.changed[0].said == {
        "accountName": "–",
        "loyaltyPoints": {"label": "Points", "balance": {"string": "42"}},
        "textModulesData": [],
    }
    assert town.round() == []
    for _ in range(3):
        town.shop.record(buys(by(external="ada"), 100))
    assert town.round() == [(f"{ISSUER}.{ada.hex}", "45")]
    assert town.kept() == [(ada, 0, False)]


def test_a_token_is_asked_for_once_as_the_service_account_and_kept_until_its_end(
    town: Town,
) -> None:
    town.goes("ada")
    assert town.round() == []
    for minutes in (0, 30, 35):
        town.shop.now += timedelta(minutes=minutes)
        town.shop.record(buys(by(external="ada"), 100))
        assert len(town.round()) == 1
    at = int(NOON.timestamp())
    assert town.there.claims[0] == {
        "iss": ACCOUNT,
        "scope": "https://www.googleapis.com/auth/wallet_object.issuer",
        "aud": f"{town.there.url}/token",
        "iat": at,
        "exp": at + 3600,
    }
    assert len(town.there.claims) == 2
    assert town.there.changed[-1].bearer == "token2"


def test_whoever_turned_back_is_forgotten_after_an_hour_and_not_before(town: Town) -> None:
    ada = town.goes("ada", saves=False)
    assert town.round() == []
    town.shop.record(buys(by(external="ada"), 100))
    assert len(town.round()) == 1
    assert town.kept() == [(ada, 1, True)]
    town.shop.now += timedelta(minutes=59)
    assert len(town.round()) == 1
    assert town.kept() == [(ada, 2, True)]
    town.shop.now += timedelta(minutes=2)
    assert len(town.round()) == 1
    assert town.kept() == []
    town.shop.record(buys(by(external="ada"), 100))
    assert town.round() == []


def test_who_saves_it_after_a_change_still_hears_of_it(town: Town) -> None:
    ada = town.goes("ada", saves=False)
    assert town.round() == []
    town.shop.record(buys(by(external="ada"), 700))
    assert len(town.round()) == 1
    town.there.saved.add(ada.hex)
    town.shop.now += timedelta(minutes=1)
    assert town.round() == [(f"{ISSUER}.{ada.hex}", "7")]
    assert town.kept() == [(ada, 0, False)]


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_whatever_else_google_says_is_tried_again_later_and_forgets_nobody(
    town: Town, status: int
) -> None:
    ada = town.goes("ada")
    assert town.round() == []
    town.shop.now += timedelta(days=1)
    town.there.answers.append(status)
    town.shop.record(buys(by(external="ada"), 100))
    assert len(town.round()) == 1
    assert town.kept() == [(ada, 1, True)]
    assert town.round() == []
    town.shop.now += timedelta(minutes=1)
    assert len(town.round()) == 1
    assert town.kept() == [(ada, 0, False)]
    assert len(town.there.claims) == (2 if status == 401 else 1)


def test_without_a_token_nothing_is_sent_and_after_hours_the_next_change_begins_anew(
    town: Town,
) -> None:
    ada = town.goes("ada")
    assert town.round() == []
    town.there.refuses = True
    town.shop.record(buys(by(external="ada"), 100))
    for _ in range(MOST_TRIES):
        assert town.round() == []
        town.shop.now += timedelta(hours=2)
    assert [(who, waits) for who, _, waits in town.kept()] == [(ada, False)]
    town.there.refuses = False
    town.shop.record(buys(by(external="ada"), 100))
    assert town.round() == [(f"{ISSUER}.{ada.hex}", "2")]


def test_a_google_that_is_not_there_is_tried_later(town: Town) -> None:
    ada = town.goes("ada")
    assert town.round() == []
    town.shop.record(buys(by(external="ada"), 100))
    town.push = replace(town.push, url="http://127.0.0.1:9")
    town.shop.run(town.pusher.close() if town.pusher else _nothing())
    town.pusher = None
    assert town.round() == []
    assert town.kept() == [(ada, 1, True)]


def test_of_who_is_erased_nothing_is_sent(town: Town) -> None:
    ada = town.goes("ada")
    assert town.round() == []
    town.shop.record(buys(by(external="ada"), 100))
    town.shop.ask(erase_members, EraseMember(ada))
    assert town.round() == []
    assert town.kept() == []


async def _nothing() -> None:
    return None
