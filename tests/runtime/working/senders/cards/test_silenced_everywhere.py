"""Whoever said no by any way is written to by no path: all of them at once, beside who said yes.

One shop, a member for each way of saying no to each channel, and one who says yes to all for each
channel. What was planned before a no waits for providers that are away; then everybody says their
word, and everything is planned and sent once more.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from tests.flows.members.staff.people import hires
from tests.flows.terms.segments.test_surveys import kept
from tests.makers import Shop, buys, by
from tests.runtime.working.letters.agreed.test_silenced import notices, phone
from tests.runtime.working.letters.journeying import Journeying, says
from tests.runtime.working.senders.post_office import post_office, provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE
from tests.surfaces.connect.klaviyo.account import HOME, KEY, KlaviyoAccount

import regulars
from regulars.base.faults import Refused
from regulars.base.ids import id_of
from regulars.flows.access.commands import ChangeSetting
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.inlets.hear_texts import HearText, hear_texts
from regulars.flows.membership.benefits.commands import AssignAssociate
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.keep_associates import keep_associates
from regulars.flows.membership.benefits.lines.commands import WriteWord
from regulars.flows.membership.benefits.lines.write_words import write_words
from regulars.flows.membership.commands import GrantBenefit
from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages
from regulars.flows.telling.hooks.keep_hooks import MakeHook, make_hooks
from regulars.flows.telling.hooks.klaviyo.keep_link import Connect, Walk, connect, walk
from regulars.flows.telling.said.keep_devices import KeepDevice, keep_devices
from regulars.flows.telling.said.marking import mark_addresses
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.records.access.staff.types import By
from regulars.records.members import read as members
from regulars.records.members.write import raise_versions
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.campaigns.journeys.types import MessageStep, OnEvent, Step
from regulars.records.outbox.campaigns.types import TOLD, Said, Way
from regulars.records.outbox.delivery.types import Kind, address_digest
from regulars.records.outbox.write import Told, tell
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.hooks.klaviyo.marketer import Marketer
from regulars.surfaces.connect.klaviyo.asking import sealed_key
from regulars.surfaces.connect.klaviyo.metrics import TYPES
from regulars.surfaces.senders.types import SENT, Letter
from regulars.surfaces.senders.types import Said as Answer

CHANNELS: Final = get_args(Way)
PROGRAM: Final = (
    SOURCE
    + """
benefits:
  - {id: stylist, name: A stylist, by: grant, associate: {chosen: by_hand}}
"""
)
WAYS: Final = {
    "email": ("card", "counter", "complaint"),
    "sms": ("card", "counter", "complaint", "text"),
    "push": ("card", "counter"),
    "inbox": ("card", "counter"),
    "webhook": ("card",),
}
"""How somebody says no, by channel."""
PATHS: Final = {
    "email": {"CAMPAIGN", "JOURNEY", "SURVEY", "LINE", "YOGA", "Points"},
    "sms": {"CAMPAIGN", "JOURNEY", "LINE", "YOGA", "Points"},
    "push": {"CAMPAIGN", "JOURNEY", "LINE", "YOGA", "Points"},
    "inbox": {"CAMPAIGN", "JOURNEY"},
    "webhook": {"CAMPAIGN", "JOURNEY"},
}
"""What reaches whoever said yes: the words by which each path is known. A word of a direct line
lies in the card itself; a survey is asked by letter."""
SERVICE: Final = {"YOGA"}
"""What goes by letter whatever was said of advertising: whoever waited has a seat (ADR 0832)."""
SENDS: Final = {
    "runtime/working/messages.py": "codes, notices, words of a direct line, who moved up",
    "runtime/working/letters/campaigns.py": "campaigns, journeys with their surveys, and tests",
    "runtime/working/reckoning/months.py": "letters to staff",
    "runtime/working/hooks/duty.py": "what hooks and Klaviyo are told",
    "runtime/cli/access/senders.py": "a test to whoever set the sender up",
}
"""Everything in the worker and its verbs that hands something to a sender."""
PLANS: Final = {
    "flows/access/ask_for_codes.py": "codes that were asked for this minute",
    "flows/membership/benefits/lines/write_words.py": "words of a direct line",
    "flows/telling/plan_deliveries.py": "what happened: notices, points, who moved up",
}
"""Every flow that lays a delivery for a sender."""
KINDS: Final = {"code", "confirmation", "spending", "earned", "redeemed", "notice", "line"}


_TOLD: Final = """
select payload ->> 'text' from outbox
 where program_id = $1 and type = 'message.told' and member_id = $2 and recorded_at > $3
"""


class Carrier:
    """A sender that keeps what it was given, or is away."""

    def __init__(self, channel: Any) -> None:
        self.channel, self.name, self.away = channel, f"a fake for {channel}", False
        self.letters: list[Letter] = []

    async def send(self, letters: Sequence[Letter]) -> Sequence[Answer]:
        if self.away:
            return [Answer("later", "away", away=True)] * len(letters)
        self.letters += letters
        return [SENT] * len(letters)


def hears(shop: Shop) -> None:
    """A webhook hears what it is to say."""
    wish = MakeHook("Messenger", "https://hears.test/", (TOLD,), By(words="mia"))
    shop.do(lambda tx, _: make_hooks(tx, [wish]))


class House(Journeying):
    """All of it: members with devices and somebody who looks after them."""

    def __init__(self, shop: Shop, *world: Any) -> None:
        super().__init__(shop, *world)
        shop.begin(PROGRAM, slug=f"q{os.urandom(4).hex()}")
        self.fakes = {one: Carrier(one) for one in ("email", "sms", "push")}
        self.carriers = tuple(self.fakes.values())  # type: ignore[assignment]
        hears(shop)
        notices(self)  # the first look only notes where to begin
        shop.ask(keep_staff, ChangeSetting("campaign_most", 0, By(words="mia")))
        self.silent = [f"{one}-{way}" for one in CHANNELS for way in WAYS[one]]
        self.heard = [f"{one}-yes" for one in CHANNELS]
        self.joins(*self.silent, *self.heard)
        self.since = shop.now
        self.mia = hires(shop, "cashier")
        for name in (*self.silent, *self.heard):
            self._ready(name)

    def _ready(self, name: str) -> None:
        shop, who, id_ = self.shop, by(external=name), self.id_of(name)
        channel: Any = name.partition("-")[0]
        self.says(name, "inbox", "given")
        self.says(name, "webhook", "given")
        device = KeepDevice(
            id_, f"https://push.example/{name}", b"\4" + bytes(64), bytes(16), "x", "card"
        )
        shop.do(lambda tx, terms: keep_devices(tx, terms, [device]))
        ways = "any" if channel in ("inbox", "webhook") else channel
        for kind in ("earned", "notice"):
            shop.ask(choose_messages, ChooseMessages(kind, ways, who))  # type: ignore[arg-type]
        shop.ask(grant_benefits, GrantBenefit(who, "stylist", "kind", "mia"))
        house = By(words="the house")
        shop.ask(keep_associates, AssignAssociate(who, "stylist", house, self.mia.staff_id))

    def begins(self, tag: str) -> None:
        """Every path is taken to everybody."""
        for channel in CHANNELS:
            text = {"en": Said("CAMPAIGN", "" if channel == "sms" else "CAMPAIGN")}
            self.released(f"{channel}-{tag}", channel=channel, says=text)
        self.shop.ask(keep_surveys, kept(f"asks-{tag}", questions=()))
        steps: list[Step] = [
            MessageStep(f"s-{one}", one, {"en": Said("JOURNEY", "" if one == "sms" else "J")})
            for one in CHANNELS
        ]
        steps.append(says("ask", "SURVEY {{ survey.link }}", survey=f"asks-{tag}"))
        self.published(*steps, code=f"way-{tag}", begins=OnEvent("points.earned"))
        self.shop.now += timedelta(seconds=10)
        everybody = (*self.silent, *self.heard)
        self.shop.record(*[buys(by(external=name), 3000) for name in everybody])
        for name in everybody:
            self._moves_up(name)
            for way in ("email", "sms", "push"):
                self.writes(name, way)

    def writes(self, name: str, way: Any) -> Any:
        """Whoever looks after them writes to them."""
        word = WriteWord(
            id_of(os.urandom(16)), self.id_of(name), self.mia.staff_id, way, "LINE for you"
        )
        return self.shop.do(lambda tx, terms: write_words(tx, terms, KEYED, [word]))[0]

    def _moves_up(self, name: str) -> None:
        async def told(tx: Any, _: Any) -> None:
            who = self.id_of_(name)
            sequence = (await members.lock(tx, [who]))[who] + 1
            payload = (
                '{"gathering": "yoga", "name": "YOGA", "moved_up": true, '
                '"begins_at": "2027-04-10T17:00:00Z"}'
            )
            events = [Told(who, sequence, "seat.held", payload)]
            await tx.write([*raise_versions(tx, [(who, sequence)]), *tell(tx, events)])

        ids = {name: self.id_of(name)}
        self.id_of_ = ids.__getitem__
        self.shop.do(told)

    def says_no(self, name: str) -> None:
        """In the way that stands in their name."""
        channel, way = name.split("-")
        if way == "card":
            wish = SayConsent(self.id_of(name), channel, "withdrawn", "their card")
            self.shop.do(lambda tx, _: say_consents(tx, [wish]))
        elif way == "counter":
            self.says(name, channel, "withdrawn")
        elif way == "text":
            text = HearText(id_of(os.urandom(16)), phone(self, name), "STOP")
            self.shop.do(lambda tx, terms: hear_texts(tx, terms, KEYED, [text]))
        else:
            value = phone(self, name) if channel == "sms" else f"{name}@example.org"
            address = address_digest(KEYED, channel, value)  # type: ignore[arg-type]
            one = Bounce(address, self.id_of(name), "x", self.shop.now, "complaint")
            self.shop.do(lambda tx, _: mark_addresses(tx, [one], channel))  # type: ignore

    def turn(self) -> None:
        """All that sends anything has its turn."""
        for _ in range(6):
            self.goes_on(seconds=5)
            notices(self)

    def got(self, name: str) -> set[str]:
        """By which paths something came to them by the channel in their name."""
        channel = name.partition("-")[0]
        if channel == "inbox":
            sql = "select says from card_letter where program_id = $1 and member_id = $2"
            texts = [row[0] for row in self.shop.rows(sql, self.id_of(name))]
        elif channel == "webhook":
            texts = [row[0] for row in self.shop.rows(_TOLD, self.id_of(name), self.since)]
        else:
            mine = {f"{name}@example.org", phone(self, name)}
            texts = [
                f"{one.about} {one.text}"
                for one in self.fakes[channel].letters
                if one.to in mine or any(d.endpoint.endswith(f"/{name}") for d in one.devices)
            ]
        words = {word for paths in PATHS.values() for word in paths}
        return {word for word in words if any(word in text for text in texts)}


@pytest.fixture(scope="module")
def house(database: Any) -> Iterator[House]:
    shop = Shop.open(database, SOURCE)
    with post_office() as office, provider() as sms:
        yield House(shop, office, sms)
    shop.close()


def test_whoever_said_no_is_reached_by_no_path_and_whoever_said_yes_by_all(house: House) -> None:
    for one in house.fakes.values():
        one.away = True
    house.begins("before")
    house.goes_on(seconds=5)
    notices(house)
    waits = "select count(*) from campaign_message where program_id = $1 and state = 'waiting'"
    assert house.shop.rows(waits) > [(40,)], "something waits for providers"
    sql = "delete from card_letter where program_id = $1 returning 1"
    house.shop.rows(sql)  # what lay in cards before a no lies there
    house.shop.now += timedelta(minutes=20)
    house.since = house.shop.now  # what was told before a no was told
    for name in house.silent:
        house.says_no(name)
    for one in house.fakes.values():
        one.away = False
    house.shop.now += timedelta(minutes=40)
    house.turn()
    house.begins("after")
    house.turn()
    got = {name: house.got(name) for name in (*house.heard, *house.silent)}
    assert {name: got[name] for name in house.heard} == {
        f"{one}-yes": PATHS[one] for one in CHANNELS
    }
    assert {name: got[name] for name in house.silent if got[name]} == {
        name: SERVICE for name in house.silent if name in ("email-card", "email-counter")
    }
    for name in (one for one in house.silent if not one.startswith("webhook")):
        assert isinstance(house.writes(name, name.partition("-")[0]), Refused), name


def test_nor_is_anybody_told_to_write_to_them(house: House) -> None:
    """Klaviyo is told of everybody: who said no is unsubscribed there, or never was."""
    account = KlaviyoAccount(house.shop.now)
    keys = sealed_key(KEYED, house.shop.program_id, KEY, os.urandom(12))
    wish, who = Connect(By(words="a test"), TYPES, HOME, keys), By(words="a test")
    house.shop.do(lambda tx, _: connect(tx, [wish]))
    house.shop.now += timedelta(minutes=1)
    account.clock = house.shop.now
    house.shop.do(lambda tx, _: walk(tx, [Walk(who)]))
    database = house.shop.database
    marketer = Marketer(database, Programs(database), KEYED, account.send)
    house.shop.run(marketer.go(house.shop.program_id))
    for name in (*house.silent, *house.heard):
        channel, way = name.split("-")
        if channel in ("email", "sms"):
            subscribed = account.consent(f"{name}@example.org", channel) == "SUBSCRIBED"
            assert subscribed == (way == "yes"), name


def calls(source: str, name: str, receivers: tuple[str, ...] = ()) -> int:
    """How often something is sent by this text: `x.send(…)`, of these receivers or of any."""
    return sum(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr == name
        and (not receivers or getattr(one.func.value, "id", "") in receivers)
        for one in ast.walk(ast.parse(source))
    )


def test_every_path_is_among_those_that_are_tried() -> None:
    """A further one that sends, or lays something for a sender, belongs into this file first."""
    top = Path(regulars.__file__).parent
    texts = {
        str(path.relative_to(top)): path.read_text("utf-8") for path in sorted(top.rglob("*.py"))
    }
    sends = {name for name, text in texts.items() if name.startswith("runtime/")
             and calls(text, "send")}  # fmt: skip
    assert sends == SENDS.keys()
    lays = {
        name for name, text in texts.items()
        if (name.startswith("flows/") and "outbox.delivery.write import send" in text)
        or (name.startswith("flows/") and calls(text, "send", ("write", "deliveries")))
    }  # fmt: skip
    assert lays == PLANS.keys()
    assert set(get_args(Kind)) == KINDS
    assert calls("await carrier.send([letter])", "send") == 1, "the control"
