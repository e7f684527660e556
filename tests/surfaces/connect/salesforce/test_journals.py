"""What happens is told to a loyalty program of Salesforce as journals, each exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from tests.makers import Shop
from tests.surfaces.connect.salesforce.force import Force
from tests.surfaces.counter import Counter, problem

from regulars.records.program.templates import load_template
from regulars.runtime.working.hooks.dispatcher import Dispatcher, Way
from regulars.surfaces.connect.catching.asking import NotTold
from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping
from regulars.surfaces.connect.outlets.salesforce.journals import Wish, _told
from regulars.surfaces.connect.outlets.salesforce.kind import SalesforceKind
from regulars.surfaces.connect.outlets.salesforce.processes import points_for
from regulars.surfaces.connect.outlets.salesforce.shapes import JournalMap
from regulars.surfaces.senders.outgoing.client import Answer, Sending

JOURNALS = """\
journals:
  program: Tea Club
  events:
    points.earned:
      fields: {TransactionAmount: amount, CurrencyIsoCode: currency, Channel: channel,
               Units__c: points, Origin__c: {constant: till}}
    points.returned: {type: Accrual, sub_type: Return, fields: {Units__c: points}}
"""
CREDIT = "process: CreditPointsToMembers, wallet: points"
DEBIT = "type: Redemption, process: DebitPointsFromMembers, parameters: {PointsToDebit: points}"
PROCESSES = f"""\
journals:
  program: Tea Club
  events:
    points.earned:
      {{{CREDIT}, fields: {{TransactionAmount: amount}},
       parameters: {{PointsToCredit: points, ProgramCurrencyName: {{constant: Tea points}},
                    Store__c: store}}}}
    points.adjusted: {{{CREDIT}, parameters: {{PointsToCredit: points}}, taken: {{{DEBIT}}}}}
    points.transferred: {{{CREDIT}, parameters: {{PointsToCredit: points}}, taken: {{{DEBIT}}}}}
    reward.captured: {{{DEBIT}}}
"""


class Journalled(Force):
    """An organization that hears what happens, and a worker that is called by hand."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(counter)
        self.later(minutes=10)
        self.tells()
        answer = counter.ask("PATCH", self.place, {"mapping": self.mapping + JOURNALS})
        assert answer.status_code == 200, answer.text
        opens: Any = lambda: self  # noqa: E731
        self.dispatcher = Dispatcher(self.shop.database, counter.given.keyed, opens)

    async def send(self, sending: Sending) -> Answer:
        """As the client of a hook does it."""
        return await self._send(sending)

    async def close(self) -> None:
        """Nothing is open."""

    def dispatch(self, **later: float) -> int:
        """What is new is planned, and sent; how many were tried."""
        self.later(**later or {"seconds": 5})
        self.shop.run(self.dispatcher.plan(self.shop.program_id, is_retold=False))
        return self.shop.run(self.dispatcher.send(self.way))  # type: ignore[no-any-return]

    @property
    def way(self) -> Way:
        return Way(self.shop.program_id, UUID(self.made["id"].removeprefix("inl_")))

    def numbers(self) -> list[Any]:
        return [one["ExternalTransactionNumber"] for one in self.org.journals]


def giving(database: Any) -> Counter:
    """The coffee shop, where members may give points to one another."""
    named = "    name: Points\n"
    source = load_template("coffee-shop").replace(named, named + "    transfers: {}\n", 1)
    shop = Shop.open(database, source)
    return Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    opened = giving(database)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def force(counter: Counter) -> Iterator[Journalled]:
    made = Journalled(counter)
    yield made
    made.ends()


def number_of(force: Journalled, member: str) -> str:
    return str(force.counter.get(f"/v1/members/{member}").json()["number"])


def test_a_purchase_is_a_journal_of_its_member_with_what_the_mapping_names(
    force: Journalled,
) -> None:
    ada = force.joins("ada")
    force.org.journals.clear()
    force.buys(ada, 2)
    force.dispatch()
    (journal,) = force.org.journals
    assert journal["ExternalTransactionNumber"].startswith("evt_")
    assert journal["MembershipNumber"] == number_of(force, ada)
    assert (journal["JournalTypeName"], journal["Origin__c"]) == ("Accrual", "till")
    assert (journal["TransactionAmount"], journal["CurrencyIsoCode"]) == (7.0, "EUR")
    assert (journal["Units__c"], "Channel" in journal) == (7, False)
    force.org.asked.clear()
    force.dispatch(minutes=10)
    assert (len(force.org.journals), force.org.asked) == (1, []), "it was told at once"


def test_what_was_lost_on_its_way_back_is_looked_for_and_not_told_twice(force: Journalled) -> None:
    bob = force.joins("bob")
    before = len(force.org.journals)
    force.org.breaks = True
    force.buys(bob)
    force.dispatch()
    assert len(force.org.journals) == before + 1  # it has it, and we do not know
    force.org.breaks = False
    force.buys(bob, 3)
    for state in ("paused", "active"):  # while its source waits, so does this
        assert force.counter.ask("PATCH", force.place, {"state": state}).status_code == 200
        force.dispatch(hours=2)
        assert len(force.org.journals) == before + (1 if state == "paused" else 2)
    assert len(force.numbers()) == len(set(force.numbers())) == before + 2
    asked = {"since": (force.shop.now - timedelta(days=1)).isoformat()}
    hook = f"/v1/webhooks/{force.made['id'].replace('inl_', 'hok_')}"
    assert force.counter.get(hook).json()["form"] == "salesforce"
    answer = force.counter.post(f"{hook}/replay", asked)
    assert answer.status_code < 300, answer.text
    force.shop.run(force.dispatcher.move_back(force.way))
    force.org.asked.clear()
    assert force.dispatch(minutes=5) >= 2  # all of it once more, under the numbers it had
    assert len(force.numbers()) == before + 2
    answer = force.counter.ask("PATCH", hook, {"url": "https://elsewhere.example.org"})
    assert problem(answer)[:2] == (422, "invalid")


def test_three_days_away_and_another_secret_lose_no_journal_and_tell_none_twice(
    force: Journalled,
) -> None:
    cleo = force.joins("cleo")
    force.org.journals.clear()
    force.org.down = True
    for _ in range(3):
        force.buys(cleo)
        force.dispatch(hours=23)
    force.org.down, force.org.secret = False, "replaced"
    force.org.good.clear()
    force.buys(cleo)
    force.dispatch(hours=3)
    assert force.org.journals == []
    force.tells()
    force.dispatch()
    force.dispatch(hours=1)
    assert len(force.numbers()) == len(set(force.numbers())) == 4


def test_one_that_is_not_taken_holds_up_no_other_and_none_is_told_once_it_ends(
    force: Journalled,
) -> None:
    odd, good = force.joins("odd"), force.joins("good")
    force.org.journals.clear()
    force.org.strangers = {number_of(force, odd)}
    for member in (odd, odd, good):
        force.buys(member)
    force.dispatch()
    force.dispatch(hours=1)
    place = f"/v1/webhooks/{force.made['id'].replace('inl_', 'hok_')}/deliveries"
    dead = force.counter.get(f"{place}?state=dead").json()["items"]
    assert len(dead) == 2, dead
    told = sorted(one["Status"] for one in force.org.journals)
    assert told == ["Error", "Error", "Processed"]
    force.org.journals.clear()
    force.org.strangers = set()
    mapping = {"mapping": force.mapping}
    assert force.counter.ask("PATCH", force.place, mapping).status_code == 200
    force.buys(good)
    force.dispatch()
    assert force.org.journals == []  # by its mapping it hears of nothing
    assert force.counter.ask("DELETE", f"{force.place}/outlet").status_code == 200
    force.buys(good)
    assert force.dispatch() == 0
    wish = {"mapping": force.mapping + JOURNALS, "state": "paused"}
    assert force.counter.ask("PATCH", force.place, wish).status_code == 200
    force.tells()
    force.buys(good, 2)
    assert force.dispatch() == 0  # while its source waits, from its first moment on
    assert force.counter.ask("PATCH", force.place, {"state": "active"}).status_code == 200
    force.dispatch(hours=1)
    (journal,) = force.org.journals  # and of nothing that was in between
    assert journal["Units__c"] == 7


def test_points_that_are_worked_out_here_are_given_and_taken_there_by_processes(
    force: Journalled,
) -> None:
    answer = force.counter.ask("PATCH", force.place, {"mapping": force.mapping + PROCESSES})
    assert answer.status_code == 200, answer.text
    dora = force.joins("dora")
    force.dispatch(hours=1)
    force.org.journals.clear()
    for units in (200, -7):
        said = {"wallet": "points", "units": units, "reason": "a gift", "actor": "mia"}
        done = force.counter.post("/v1/adjustments", {"member": {"id": dora}} | said)
        assert done.status_code == 201, done.text
    force.org.breaks = True  # it has the next one, and we do not know
    force.buys(dora, 2)
    wish = {"member": {"id": dora}, "reward": "free-coffee", "capture": True}
    taken = force.counter.post("/v1/redemptions", wish)
    assert taken.status_code == 201, taken.text
    held = force.counter.post("/v1/redemptions", {"member": {"id": dora}, "reward": "free-coffee"})
    part = {"part": {"points": 3}}
    done = force.counter.post(f"/v1/redemptions/{held.json()['id']}/capture", part)
    assert done.status_code == 200, done.text
    force.dispatch()
    force.org.breaks = False
    for _ in range(8):
        force.dispatch(hours=2)
    price = taken.json()["price"]["points"]
    told = [(one["Process"], one["Points"]) for one in force.org.journals]
    assert told == [
        ("CreditPointsToMembers", 200), ("DebitPointsFromMembers", -7),
        ("CreditPointsToMembers", 7), ("DebitPointsFromMembers", -price),
        ("DebitPointsFromMembers", -3),
    ]  # fmt: skip
    assert len(set(force.numbers())) == 5
    run = force.org.journals[2]["Run"]
    journal = run["TransactionJournal"]
    assert (run["ProgramCurrencyName"], run["PointsToCredit"]) == ("Tea points", 7)
    assert "Store__c" not in run, "there is nothing of a store, and the points are given"
    assert (journal["TransactionAmount"], journal["JournalTypeName"]) == (7.0, "Accrual")
    assert journal["MembershipNumber"] == number_of(force, dora)
    assert sum(one["Points"] for one in force.org.journals) == force.points(dora)


def test_points_of_two_members_go_from_the_one_to_the_other_there(force: Journalled) -> None:
    """Of a source that was connected before journals told this: kept again, it hears of it."""
    forget = "delete from hook_wish where type = 'points.transferred' and program_id = $1"
    force.shop.rows(forget + " returning type")
    again = {"mapping": force.mapping + PROCESSES + "  # again\n"}
    assert force.counter.ask("PATCH", force.place, again).status_code == 200
    gives, gets = force.joins("gives"), force.joins("gets")
    force.buys(gives, 20)
    force.dispatch(hours=1)
    force.org.journals.clear()
    said = {"from": {"id": gives}, "to": {"id": gets}, "wallet": "points", "units": 30}
    done = force.counter.post("/v1/transfers", said)
    assert done.status_code == 201, done.text
    for _ in range(3):
        force.dispatch(hours=1)
    told = {one["MembershipNumber"]: one["Points"] for one in force.org.journals}
    assert told == {number_of(force, gives): -30, number_of(force, gets): 30}


def test_a_mapping_of_journals_names_what_is_wrong(counter: Counter) -> None:
    for wrong, at in (
        (JOURNALS.replace("points.earned", "points.eaten"), "journals.events.points.eaten"),
        (JOURNALS.replace("Units__c: points}", "Units__c: pionts}"), "fields.Units__c"),
        (JOURNALS.replace("Channel:", "MembershipNumber:"), "fields.MembershipNumber"),
        (JOURNALS + "  membership: shoe\n", "journals.membership"),
        (PROCESSES.replace(f", taken: {{{DEBIT}}}", ""), "journals.events.points.adjusted"),
        (PROCESSES.replace("process: Debit", "process: ../"), "taken.process"),
        (PROCESSES.replace(CREDIT, "wallet: points"), "points.earned.parameters"),
        (PROCESSES.replace(DEBIT, f"wallet: miles, {DEBIT}", 1), "adjusted.taken.wallet"),
    ):
        with pytest.raises(MappingFault) as fault:
            read_mapping(SalesforceKind().mapping + wrong)
        assert any(one.path.endswith(at) for one in fault.value.problems), at
    other = SalesforceKind().mapping + JOURNALS
    answer = counter.post("/v1/inlets", {"name": "CRM", "kind": "crm", "mapping": other})
    assert problem(answer)[:2] == (422, "bad_mapping")
    other = SalesforceKind().mapping + PROCESSES.replace("wallet: points", "wallet: pionts")
    answer = counter.post("/v1/inlets", {"name": "CRM", "kind": "salesforce", "mapping": other})
    assert problem(answer)[:2] == (422, "bad_mapping")
    assert "pionts" in answer.text


def test_points_of_a_plain_journal_are_units_as_they_are_kept() -> None:
    said: Any = {"earned": {"gold": 1250}, "wallet": "gold", "points": 5}
    wallets = {"gold": SimpleNamespace(scale=2)}
    program: Any = SimpleNamespace(wallets=wallets)
    plain, runs = JournalMap(), JournalMap(runs="Credit")
    told = ("points.earned", said, {})
    assert (points_for(plain, program, told), points_for(runs, program, told)) == (
        1250, Decimal("12.50"),
    )  # fmt: skip
    taken = ("reward.captured", {}, {"gold": 300})
    assert points_for(plain, program, taken) is None
    assert points_for(runs, program, taken) == Decimal("-3.00")


@pytest.mark.parametrize("status", [None, "false", 1])
def test_a_result_without_its_status_is_no_journal_that_was_told(status: Any) -> None:
    class Api:
        async def post(self, path: str, body: bytes) -> Any:
            done = {"transactionJournalResult": [{"id": "0lV"}]}
            return SimpleNamespace(found={"status": status, "processResult": done})

    api: Any = Api()
    by: Any = SimpleNamespace(program="Tea Club")
    with pytest.raises(NotTold):
        asyncio.run(_told(api, by, Wish("", {})))
