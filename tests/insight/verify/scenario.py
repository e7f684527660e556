"""A small shop's year through the real flows: something for every check to look at."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from tests.insight.verify.chapters.asked import asked, met
from tests.insight.verify.chapters.bills import sells
from tests.insight.verify.chapters.choosing import choosing
from tests.insight.verify.chapters.counted import reckoned
from tests.insight.verify.chapters.games import games
from tests.insight.verify.chapters.hearing import hears
from tests.insight.verify.chapters.looked_after import looked_after
from tests.insight.verify.chapters.money import abroad, cashback
from tests.insight.verify.chapters.office import by_hand
from tests.insight.verify.chapters.spoken_to import offered, spoken_to
from tests.insight.verify.chapters.taking_back import goes_again
from tests.insight.verify.chapters.telling_in import is_told
from tests.insight.verify.chapters.tills import cut_off
from tests.insight.verify.chapters.written_to import written_to
from tests.insight.verify.friends import friends
from tests.insight.verify.moving import spring

from regulars.base.faults import Fault
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Confirm, History, RecordActivity, Redeem, Settle
from regulars.flows.importing.bring_had import bring_had
from regulars.flows.importing.commands import BringHad, OpenCount, OpenLot, OpenShelf
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.importing.open_counts import open_counts
from regulars.flows.importing.open_shelves import open_shelves
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.join_members import join_members
from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.flows.recording.confirm_activities import confirm_activities
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.terms.publish_program import publish_program
from regulars.records.activity.types import Body, Line, Payment, ReturnedLine, SaleRef
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import
from regulars.records.members.types import Asked, EraseMember, Identifier, JoinMember, MemberRef
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database
from regulars.runtime.working.night import Night

CORNER = Path(__file__).with_name("corner.yaml").read_text("utf-8")
_TWICE = "kiosk-twice:deeds:ever:thanks"
USED = (
    ("limit:beans:month:points", 202501, 30),
    ("reward:mug:month", 202501, 2),
    ("benefit:wrap:year", 2025, 1),
    ("transfer:points:month", 202501, 40),
    (f"milestone:{_TWICE}", 0, 2),
    (f"milestone-given:{_TWICE}", 0, 9),
)
USED_TOGETHER = (("budget:all-drops:year", 2025, 300),)
BEGIN = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)


class Shop:
    """One program of a database; every command goes through its flow at `now`."""

    def __init__(self, database: Database, program_id: int) -> None:
        self.database = database
        self.program_id = program_id
        self.programs = Programs(database)
        self.now = BEGIN
        database.clock = lambda: self.now
        self._receipts = 0

    @classmethod
    async def open(cls, owner_dsn: str, app_dsn: str, source: str, slug: str) -> "Shop":
        """Found a program and publish this file."""
        program_id = await found_program(owner_dsn, slug)
        shop = cls(await Database.connect(app_dsn, size=2), program_id)
        async with shop.database.transaction(program_id) as tx:
            await publish_program(tx, source, by="owner")
        return shop

    async def close(self) -> None:
        await self.database.close()

    async def act(self, flow: Any, *commands: Any) -> Sequence[Any]:
        """One batch of one flow in one transaction."""
        terms = await self.programs.terms(self.program_id)
        async with self.database.transaction(self.program_id) as tx:
            return await flow(tx, terms, commands)

    async def join(self, email: str, given_name: str = "") -> MemberRef:
        async with self.database.transaction(self.program_id) as tx:
            wish = JoinMember((Identifier("email", email),), given_name)
            (joined,) = await join_members(tx, "DE", [wish])
        return MemberRef(id=joined.member_id)

    async def tell(self, *commands: RecordActivity) -> Sequence[Any]:
        return await self.act(record_activities, *commands)

    async def redeem(self, member: MemberRef, reward: str, outcome: str = "") -> UUID:
        """Reserve a reward, and end it when an outcome is named."""
        (held,) = await self.act(redeem_rewards, Redeem(member, reward))
        if outcome:
            await self.act(redeem_rewards, Settle(held.redemption_id, outcome))
        return held.redemption_id

    async def adjust(self, member: MemberRef, wallet: str, units: int) -> None:
        once = Asked("till", self.receipt())
        await self.act(adjust_balances, Adjust(member, wallet, units, "goodwill", "mia", once))

    async def moves_in(self, email: str, wallet: str, units: int) -> None:
        """Somebody comes from another system with points of old, some of them over by now."""
        one, member = self.database.ids.new_id(), await self.join(email)
        async with self.database.transaction(self.program_id) as tx:
            print_ = one.bytes + self.program_id.to_bytes(1, "big")
            await tx.write(imports.begin(tx, Import(one, print_, "old.csv", "old", {}, tx.now)))
            lots = [OpenLot(member, wallet, units, "old", "l1"),
                    OpenLot(member, wallet, 5, "old", "l2", BEGIN, BEGIN)]  # fmt: skip
            terms = await self.programs.terms(self.program_id)
            await open_balances(tx, terms, lots, History(one))
            bought_there = [bought("old1", member), back("old2", "old1")]
            await record_activities(tx, terms, bought_there, History(one))
            await self._used_there(tx, terms, member, History(one))
            await tx.write(imports.end(tx, one))

    async def _used_there(self, tx: Any, terms: Any, member: MemberRef, history: History) -> None:
        """What they used there of limits, and all together of budgets; a piece was gone there."""
        counts = [OpenCount(*told, member=member) for told in USED]
        counts += [OpenCount(*told) for told in USED_TOGETHER]
        shelves = [OpenShelf("mug", 5)]
        done = [*await open_counts(tx, terms, counts, history)]
        done += await open_shelves(tx, terms, shelves, history)
        row = '{"reward": "mug", "at": "2020-01-01T00:00:00Z"}'
        done += await bring_had(tx, terms, [BringHad(member, "taken", UUID(int=1), row)], history)
        assert not any(isinstance(one, Fault) for one in done), done

    async def counts(self) -> None:
        """The worker brings what is counted beforehand up to the books."""
        terms = await self.programs.terms(self.program_id)
        left = 1
        while left:
            async with self.database.transaction(self.program_id) as tx:
                left = await prepare_rows(tx, terms, 100)

    async def night(self) -> None:
        """The work of the night that began last."""
        await Night(self.database, self.programs).midnight(self.program_id, self.now)

    def later(self, **span: int) -> None:
        self.now += timedelta(**span)

    def receipt(self) -> str:
        self._receipts += 1
        return f"r{self._receipts}"


def bought(receipt: str, member: MemberRef | None, *lines: Line) -> RecordActivity:
    """A purchase at the till."""
    body = Body(lines=lines or (Line(amount_minor=1999, sku="mug", quantity=1),))
    return RecordActivity(
        "purchase", member, source="till", external_id=receipt, body=body, asked=Asked("till")
    )


def booked(receipt: str, member: MemberRef) -> RecordActivity:
    return RecordActivity("booking", member, source="till", external_id=receipt)


def back(receipt: str, sale: str, *lines: tuple[int, int]) -> RecordActivity:
    """A return, of pieces of lines or of everything left."""
    returned = tuple(ReturnedLine(line, pieces) for line, pieces in lines)
    return RecordActivity(
        "return",
        source="till",
        external_id=receipt,
        sale=SaleRef(source="till", external_id=sale),
        body=Body(returned=returned),
    )


def beans(pieces: int, amount_minor: int) -> Line:
    return Line(amount_minor=amount_minor, category="beans", quantity=pieces)


async def a_year(owner_dsn: str, app_dsn: str) -> None:
    """Two programs in one database, so that one's rows could be mistaken for the other's."""
    for slug in ("corner", "across"):
        shop = await Shop.open(owner_dsn, app_dsn, CORNER.replace("corner", slug), slug)
        await _autumn(shop)
        await _winter(shop)
        await spring(shop, Till)
        await _forgotten(shop)
        await _remembered(shop)
        await friends(shop, Till)
        await games(shop, Till)
        await cashback(shop)
        await abroad(shop)
        await choosing(shop)
        await cut_off(shop)
        await by_hand(shop)
        await looked_after(shop)
        await hears(shop)
        await is_told(shop)
        await sells(shop)
        await goes_again(shop)
        await shop.close()
    await _waits_to_climb(owner_dsn, app_dsn)


LATER = """
regulars: 1
program: later
name: Later
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers: {credit_after_days: 30, steps: [{id: silver, at: "10.00"}]}
rewards: [{id: mug, name: A mug, price: {points: 1}}]
"""


async def _waits_to_climb(owner_dsn: str, app_dsn: str) -> None:
    """What one bought counts by now, what another bought counts in thirty days."""
    shop = await Shop.open(owner_dsn, app_dsn, LATER, "later")
    for email in ("lia@example.org", "leo@example.org"):
        await shop.tell(bought(email[:3], await shop.join(email)))
        shop.later(days=20)
        await shop.night()
    await shop.redeem(MemberRef(email="lia@example.org"), "mug", "captured")
    await shop.tell(bought("nobodys", None))
    await reckoned(shop)
    await spoken_to(shop)
    await asked(shop)
    await written_to(shop)
    await offered(shop)
    await met(shop)
    await shop.close()


class Till:
    """What the spring needs of the till."""

    bought = staticmethod(bought)
    back = staticmethod(back)
    line = staticmethod(lambda minor: Line(amount_minor=minor, quantity=3))


async def _autumn(shop: Shop) -> None:
    ann, ben = await shop.join("ann@example.org"), await shop.join("ben@example.org")
    await shop.tell(
        bought("a1", ann, beans(2, 4000), Line(amount_minor=3050, quantity=3)),
        bought("b1", ben, beans(5, 9990)),
        bought("c1", MemberRef(card="CARD1")),
        bought("n1", None, Line(amount_minor=900, quantity=2)),
        RecordActivity("visit", ann),
        RecordActivity("visit", ben),
    )
    shop.later(hours=1)
    await shop.tell(back("ra1", "a1", (0, 1), (1, 2)), back("rn1", "n1", (0, 1)))
    await shop.tell(back("early", "a2", (0, 1)), back("hopeless", "a2", (0, 9)))
    await shop.tell(bought("a2", ann, beans(3, 6010)))
    await shop.redeem(ann, "mug", "captured")
    await shop.redeem(ann, "mug", "voided")
    shop.later(hours=1)
    await shop.redeem(ann, "tote")
    await shop.redeem(ben, "tote", "captured")
    await shop.adjust(ben, "stars", -10)
    await shop.tell(back("rb1", "b1"))  # its stars are spent: debt
    await shop.adjust(ann, "points", 25)
    shop.later(days=1)
    await shop.tell(bought("a3", ann, Line(amount_minor=8000)), RecordActivity("visit", ben))
    await shop.redeem(ann, "mug", "captured")
    await _travels(shop)
    await _pays_with_points(shop)
    for email in ("dora@example.org", "nora@example.org"):
        await shop.tell(RecordActivity("party", await shop.join(email)))
    for email in ("ivy@example.org", "iris@example.org"):
        await shop.tell(RecordActivity("stroll", await shop.join(email)))
    await shop.night()


async def _forgotten(shop: Shop) -> None:
    """Somebody joins, buys, leaves a word at the till and asks to be erased."""
    nell = await shop.join("nell@example.org")
    sale = bought("nell1", nell, beans(1, 2000))
    body = replace(sale.body, details={"note": "for Nell"})
    await shop.tell(replace(sale, body=body))
    assert nell.id is not None
    await shop.act(erase_members, EraseMember(nell.id))


async def _remembered(shop: Shop) -> None:
    """Somebody runs errands; a purchase from before, and its return, are told after them."""
    hal = await shop.join("hal@example.org")
    shop.later(hours=1)
    before = shop.now
    shop.later(hours=1)
    await shop.tell(*(RecordActivity("errand", hal, occurred_at=shop.now) for _ in range(2)))
    shop.later(hours=1)
    large = replace(bought("hal1", hal, beans(1, 20_000)), occurred_at=before)
    await shop.tell(large, bought("hal2", hal, beans(1, 2000)))
    for number in (1, 2):
        await shop.tell(RecordActivity("nap", hal, source="till", external_id=f"nap{number}"))
        shop.later(hours=2)


async def _travels(shop: Shop) -> None:
    """One booking is confirmed, one cancelled, of one nobody says anything."""
    cleo = await shop.join("cleo@example.org")
    await shop.tell(*(booked(name, cleo) for name in ("k1", "k2", "k3")))
    for name, outcome in (("k1", "confirmed"), ("k2", "cancelled")):
        named = SaleRef(source="till", external_id=name)
        await shop.act(confirm_activities, Confirm(named, outcome, "booking"))


async def _pays_with_points(shop: Shop) -> None:
    """Two sales are paid with a mug each; of one a part comes back, of the other everything."""
    paul = await shop.join("paul@example.org")
    await shop.adjust(paul, "points", 50)
    for sale in ("q1", "q2"):
        wish = Redeem(paul, "mug", capture=True, asked=Asked("till"))
        (redeemed,) = await shop.act(redeem_rewards, wish)
        payment = Payment("points", 400, redeemed.redemption_id)
        line = Line(amount_minor=800, quantity=2)
        told = bought(sale, paul, line)
        body = Body(lines=(line,), payments=(payment,))
        await shop.tell(replace(told, body=body))
    await shop.tell(back("rq1", "q1", (0, 1)), back("rq2", "q2"))


async def _some_read(shop: Shop) -> None:
    """One of two members each is shown that points will lapse; the other never is."""
    async with shop.database.transaction(shop.program_id) as tx:
        rows = await tx.fetch(
            "select m.message_id from message m join identifier i using (program_id, member_id) "
            "where i.value in ('dora@example.org', 'ivy@example.org') and delivered_at is null"
        )
    await shop.act(deliver_messages, *(Deliver(row["message_id"], "card") for row in rows))


async def _winter(shop: Shop) -> None:
    """Points lapse, a tier is kept at one year's end and lost at the next, one hold is open."""
    for days in (40, 30, 370):
        shop.later(days=days)
        await shop.night()
        await _some_read(shop)
    ann, ben = MemberRef(email="ann@example.org"), MemberRef(email="ben@example.org")
    await shop.tell(back("rc1", "c1"))  # its points had lapsed
    await shop.tell(bought("a4", ann, Line(amount_minor=4444, quantity=4)), bought("b4", ben))
    await shop.redeem(ann, "mug")
    await shop.moves_in("cyd@example.org", "points", 70)
