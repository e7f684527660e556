"""In whatever order members leave, take back what they said, become one or hear too often already:
caps and consent are kept, and nobody has a message of a campaign twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.makers import Shop, by
from tests.runtime.working.letters.campaigning import MIA, Campaigning
from tests.runtime.working.senders.post_office import PostOffice, Provider
from tests.runtime.working.senders.test_messages import SOURCE, Killed

from regulars.flows.access.commands import ChangeSetting
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.importing.bring_consents import bring_consents
from regulars.flows.importing.commands import BringConsent
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.flows.membership.merge_members import merge_members
from regulars.records.members.types import EraseMember, Identifier, LinkIdentifiers, MemberRef
from regulars.records.outbox.campaigns.types import Said
from regulars.surfaces.senders.types import SENT, Letter
from regulars.surfaces.senders.types import Said as Told

NAMES = ("ada", "bo", "cem")
CODES = ("one", "two", "three")
DAYS, MOST = 2, 2
DEEDS = st.one_of(
    st.tuples(st.just("release"), st.sampled_from(CODES)),
    st.tuples(st.just("go"), st.sampled_from(
        ("sent", "sent", "away", "killed", "too late", "never", "nobody")
    )),
    st.tuples(st.sampled_from(("withdraw", "agree", "erase")), st.sampled_from(NAMES)),
    st.tuples(st.just("merge"), st.sampled_from([(a, b) for a in NAMES for b in NAMES if a != b])),
    st.tuples(st.just("ahead"), st.sampled_from(NAMES)),
    st.tuples(st.just("moves"), st.sampled_from(NAMES)),
    st.tuples(st.just("wait"), st.sampled_from((1, 3, 30, 180))),
    st.tuples(st.just("stop"), st.sampled_from(CODES)),
)  # fmt: skip


class Letterbox:
    """What arrived, when and where: a provider with a key lets nothing through twice."""

    name = "letterbox"

    def __init__(self, told: Campaigning, takes_key: bool) -> None:
        self.channel: Any = "sms" if takes_key else "email"
        self.takes_key, self._told = takes_key, told
        self.answer = "sent"
        self.arrived: list[tuple[datetime, str, str]] = []

    async def send(self, letters: Sequence[Letter]) -> Sequence[Told]:
        if self.answer == "away":
            return [Told("later", "nobody there", away=True)] * len(letters)
        if self.answer in ("never", "nobody"):
            return [Told("never", "no", back="hard" if self.answer == "nobody" else "")] * len(
                letters
            )
        for one in letters:
            if not (self.takes_key and any(one.mark == mark for _, _, mark in self.arrived)):
                self.arrived.append((self._told.shop.now, one.to, one.mark))
        if self.answer == "killed":
            raise Killed
        if self.answer == "too late":
            return [Told("later", "no answer in time", unsure=True)] * len(letters)
        return [SENT] * len(letters)


class Doing:
    """Does one thing after the other, and remembers who may be written to and who is whom."""

    def __init__(self, told: Campaigning, takes_key: bool) -> None:
        self.told, self.box = told, Letterbox(told, takes_key)
        self.agreed = dict.fromkeys(NAMES, True)
        self.stands = {name: name for name in NAMES}
        self.address: dict[str, str] = {}
        self.moved: set[str] = set()
        self.strange: dict[str, datetime | None] = {}
        """Addresses that came later, and since when a yes was said of them."""
        self.seen = 0
        told.joins(*NAMES)
        kind = "phone" if takes_key else "email"
        sql = (
            "select x.value, i.value from identifier i join identifier x using "
            "(program_id, member_id) where program_id = $1 and i.kind = $2 and x.kind = 'external'"
        )
        for name, address in told.shop.rows(sql, kind):
            self.address[address] = name
        for setting, value in (("campaign_most", MOST), ("campaign_days", DAYS)):
            told.shop.ask(keep_staff, ChangeSetting(setting, value, MIA))

    def does(self, deed: str, of: Any) -> None:
        self.told.shop.now += timedelta(seconds=1)
        getattr(self, deed)(of)
        self.holds()

    def release(self, code: str) -> None:
        if not self.told.shop.rows(
            "select 1 from campaign where program_id = $1 and code = $2", code
        ):
            text = Said("Hi") if self.box.takes_key else Said("Hi", "Hi")
            self.told.released(code, channel=self.box.channel, says={"en": text})

    def go(self, answer: str) -> None:
        self.box.answer = answer
        with suppress(Killed):
            self.told.goes(self.box)

    def withdraw(self, name: str) -> None:
        self._says(name, "withdrawn")

    def agree(self, name: str) -> None:
        self._says(name, "given")

    def ahead(self, name: str) -> None:
        """A file brings a yes that is dated ahead: it gives nothing to who said no."""
        if self._alone(name) and name in self.agreed:
            at = self.told.shop.now + timedelta(hours=20)
            one = BringConsent(by(external=name), self.box.channel, "given", "file", at)
            self.told.shop.do(lambda tx, terms: bring_consents(tx, terms, [one], None))

    def moves(self, name: str) -> None:
        """Somebody puts another address in the place of theirs, which nobody proved."""
        if not self._alone(name) or name not in self.agreed or name in self.moved:
            return
        who, kind = self.told.id_of(name), "phone" if self.box.takes_key else "email"
        theirs = "select value from identifier where program_id = $1 and member_id = $2 and kind = "
        had = [value for (value,) in self.told.shop.rows(f"{theirs}'{kind}'", who)]
        at = len(self.address)
        new = f"+4917000000{at:03d}" if self.box.takes_key else f"stranger{at}@example.net"
        old = tuple(Identifier(kind, value) for value in had)  # type: ignore[arg-type]
        link: Any = Identifier(kind, new)  # type: ignore[arg-type]
        wish = LinkIdentifiers(MemberRef(id=who), (link,), unlink=old)
        (done,) = self.told.shop.do(lambda tx, _: link_identifiers(tx, "DE", [wish]))
        assert not isinstance(done, Exception), done
        self.address[new] = name
        self.moved.add(name)
        self.strange[new] = None

    def erase(self, name: str) -> None:
        if name in self.agreed and self.stands[name] == name:
            self.told.shop.ask(erase_members, EraseMember(self.told.id_of(name)))
            self.agreed.pop(name)

    def merge(self, pair: tuple[str, str]) -> None:
        gone, stays = pair
        if gone in self.agreed and stays in self.agreed and self._alone(gone, stays):
            one = MergeMembers(by(external=gone), by(external=stays), "one person", "mia")
            (done,) = self.told.shop.ask(merge_members, one)
            assert not isinstance(done, Exception), done
            self.stands = {n: stays if s == gone else s for n, s in self.stands.items()}
            # By our own reckoning, never by asking what is tested: a no of either is the person's.
            self.agreed[stays] = self.agreed[stays] and self.agreed[gone]

    def wait(self, minutes: int) -> None:
        self.told.shop.now += timedelta(minutes=minutes)

    def stop(self, code: str) -> None:
        if self.told.shop.rows(
            "select 1 from campaign where program_id = $1 and code = $2 and state in "
            "('approved', 'queueing', 'sending')", code,
        ):  # fmt: skip
            self.told.steps("stop", code)

    def _alone(self, *names: str) -> bool:
        return all(self.stands[name] == name for name in names)

    def _says(self, name: str, state: str) -> None:
        if name in self.agreed and self.stands[name] == name:
            self.told.says(name, self.box.channel, state)
            self.agreed[name] = state == "given"
            for address in self.strange if state == "given" else ():
                if self.stands[self.address[address]] == name:
                    self.strange[address] = self.told.shop.now

    def holds(self) -> None:
        """Of what arrived since: whoever it was said yes at that moment, and had room."""
        for at, address, _ in self.box.arrived[self.seen :]:
            who = self.stands[self.address[address]]
            assert self.agreed.get(who), f"{who} said no, or is gone"
            since = self.strange.get(address, at)
            assert since is not None, f"{address} was never said yes to"
            assert since <= at, f"{address} was said yes to later"
            had = [
                was for was, where, _ in self.box.arrived
                if self.stands[self.address[where]] == who and at - timedelta(days=DAYS) < was <= at
            ]  # fmt: skip
            assert len(had) <= MOST, f"{who} hears too often"
        self.seen = len(self.box.arrived)
        marks = Counter(mark for _, _, mark in self.box.arrived)
        assert all(many == 1 for many in marks.values()), "a message went out twice"

    def ends(self) -> None:
        """The world works again: everything comes to its end, and no person has a message twice."""
        for _ in range(8):
            self.wait(600)
            self.does("go", "sent")
        left = "select 1 from campaign_message where program_id = $1 and state in "
        assert not self.told.shop.rows(left + "('waiting', 'sending')"), "something is stuck"


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


def whatever(shop: Shop, takes_key: bool, deeds: Sequence[tuple[str, Any]]) -> None:
    """These deeds one after the other, with what must hold after each."""
    doing = Doing(Campaigning(shop, PostOffice(), Provider()), takes_key)
    doing.release("one")
    for deed, of in deeds:
        doing.does(deed, of)
    doing.ends()


@settings(
    max_examples=6, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.booleans(), st.lists(DEEDS, min_size=4, max_size=14))
def test_caps_and_consent_are_kept_and_nothing_arrives_twice(
    opened: Shop, takes_key: bool, deeds: list[tuple[str, Any]]
) -> None:
    whatever(opened, takes_key, deeds)
