"""The flows for what is only for who has proven something, and for imports, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tests.model.commands import answer, command, member
from tests.model.events import Answer, Happens, parts
from tests.model.money.trusted.events import (
    Approves,
    Brings,
    Fetches,
    Proves,
    SaysDigits,
    SendsDigits,
    TakesImportBack,
    TakesShowing,
    Tells,
)

from regulars.base.faults import Fault, Refused
from regulars.base.keyed import key_from
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.ask_for_codes import AskToSpend, ask_to_spend
from regulars.flows.access.use_card_codes import CardShown, UseCardCode, use_card_codes
from regulars.flows.access.use_codes import ProveByCode, prove_by_codes
from regulars.flows.commands import Confirm, History, Redeem, Redeemed, Settle
from regulars.flows.importing.bring_members import bring_members
from regulars.flows.importing.commands import BringMember, OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.importing.take_back import begin_to_take_back, end_taking_back
from regulars.flows.recording.confirm_activities import confirm_activities
from regulars.flows.recording.record_activities import record_activities
from regulars.records.access.cards.spelling import Holder, code_at, step_of
from regulars.records.access.members.spelling import code_of
from regulars.records.activity.types import SaleRef
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import
from regulars.records.imports.undoing import read as undone
from regulars.records.members.types import Asked, Identifier, ShownCode
from regulars.runtime.importing.undoing import take_some_back

if TYPE_CHECKING:
    from tests.model.on_postgresql import OnPostgreSQL

KEYED = key_from(b"a secret of the installation", "card")
_ID = "select member_id from identifier where program_id = $1 and kind = 'external' and value = $2"
_PHONE = """
insert into identifier (program_id, kind, value, member_id, linked_at)
select $1::int, 'phone', $3::text, $2::uuid, now() on conflict do nothing returning 1
"""
_HELD = """
select r.redemption_id from redemption r join member m using (program_id, member_id)
  join identifier i on i.program_id = r.program_id and i.member_id = r.member_id
 where r.program_id = $1 and r.state = 'held' and r.actor = 'game' and i.value = $2
 order by r.opened_at, r.redemption_id limit 1
"""
_PRIZES = """
select name, count(*) from prize where program_id = $1 and game = 'milestone' and undone_at is null
 group by 1
"""


def _id(driver: OnPostgreSQL, who: str) -> UUID:
    ((id_,),) = driver.shop.rows(_ID, who)
    return UUID(str(id_))


def approves(driver: OnPostgreSQL, event: Approves) -> Answer:
    named, outcome = SaleRef(source="till", external_id=event.proof), event.outcome
    said: Any = {"reason": event.reason, "asked": Asked("till", event.key)}
    word = Confirm(named, outcome, event.kind, **said)  # type: ignore[arg-type]
    return answer(driver.shop.ask(confirm_activities, word)[0])


def takes_showing(driver: OnPostgreSQL, event: TakesShowing) -> Answer:
    shop, id_ = driver.shop, driver.cards.setdefault(event.whose, _id(driver, event.whose))
    said = code_at(KEYED, Holder(shop.program_id, id_), step_of(shop.now))
    (done,) = shop.do(
        lambda tx, _: use_card_codes(tx, KEYED, [UseCardCode(said, uuid4(), event.by)])
    )
    return Answer("shown" if isinstance(done, CardShown) else "used")


def sends_digits(driver: OnPostgreSQL, event: SendsDigits) -> Answer:
    shop, whom = driver.shop, member(event.who)
    assert whom is not None, event
    if event.who.startswith("m"):
        shop.rows(_PHONE, _id(driver, event.who), f"+49151{int(event.who[1:]):08}")
    code_id = driver.digits.setdefault(event.name, uuid4())
    wish = AskToSpend(code_id, whom, event.reward, ("sms",), event.by)
    (told,) = shop.do(lambda tx, terms: ask_to_spend(tx, terms, KEYED, [wish]))
    return Answer(told.code if isinstance(told, Fault | Refused) else "sent")


def says_digits(driver: OnPostgreSQL, event: SaysDigits) -> Answer:
    code_id = driver.digits[event.name]
    digits = code_of(KEYED, code_id)
    typed = digits if event.right else f"{(int(digits) + 1) % 10**6:06}"
    said = ProveByCode(code_id, typed, event.by)
    (told,) = driver.shop.do(lambda tx, _: prove_by_codes(tx, KEYED, [said]))
    if not isinstance(told, Refused):
        driver.said[event.name] = told.member_id, told.step
        return Answer("shown")
    left = told.facts.get("tries_left")
    return Answer(told.code, () if left is None else (("left", left),))


def proves(driver: OnPostgreSQL, event: Proves) -> Answer:
    shop, shown, whom = driver.shop, None, member(event.who)
    assert whom is not None, event
    if event.said:
        shown = ShownCode(*driver.said[event.said], event.by)
    elif event.whose:
        card = driver.cards.setdefault(event.whose, _id(driver, event.whose))
        shown = ShownCode(card, step_of(shop.now) - event.ago, event.by)
    wish = Redeem(whom, event.reward, capture=event.capture, signed_in=event.signed_in,
                  asked=Asked("till", event.key, shown))  # fmt: skip
    (outcome,) = shop.redeem(wish)
    if isinstance(outcome, Redeemed):
        driver.redemptions.setdefault(event.name, outcome.redemption_id)
    return answer(outcome)


def fetches(driver: OnPostgreSQL, event: Fetches) -> Answer:
    found = driver.shop.rows(_HELD, event.who)
    if not found:
        return Answer("nothing")
    (outcome,) = driver.shop.settle(Settle(found[0][0], "captured"))
    return Answer(outcome.code if isinstance(outcome, Fault | Refused) else outcome.state)


def tells(driver: OnPostgreSQL, _: Tells) -> Answer:
    return Answer("told", parts(dict(driver.shop.rows(_PRIZES))))  # type: ignore[arg-type]


def brings(driver: OnPostgreSQL, event: Brings) -> Answer:
    shop = driver.shop
    import_id = driver.imports[event.name] = shop.database.ids.new_id()
    history, print_ = History(import_id), sha256(f"{driver.slug} {event.name}".encode()).digest()
    new = [who for who, _ in event.people if not shop.rows(_ID, who)]

    async def bring(tx: Tx, terms: Terms) -> None:
        await tx.write(imports.begin(tx, Import(import_id, print_, "", "", {}, tx.now)))
        people = [BringMember((Identifier("external", who),)) for who in new]
        await bring_members(tx, terms, people, history)
        lots = [
            OpenLot(_whom(who), "points", units, "old", f"{event.file} {who}")
            for who, units in event.people
            if units
        ]
        await open_balances(tx, terms, lots, history)
        for who, receipt, amount in event.sales:
            sale = command(Happens("purchase", who, receipt, amount=amount), {})
            await record_activities(tx, terms, [sale], history)
        await tx.write(imports.end(tx, import_id))

    shop.do(bring)
    return Answer("brought")


def _whom(who: str) -> Any:
    found = member(who)
    assert found is not None, who
    return found


def takes_import_back(driver: OnPostgreSQL, event: TakesImportBack) -> Answer:
    """As the errand does it: some members at a time, each time in a transaction of their own."""
    shop, import_id = driver.shop, driver.imports[event.name]
    shop.do(lambda tx, _: begin_to_take_back(tx, import_id, "Olga"))
    while shop.do(lambda tx, terms: take_some_back(tx, terms, import_id)).all:
        pass
    shop.do(lambda tx, _: end_taking_back(tx, import_id))
    _, gone, others, kept = shop.do(lambda tx, _: undone.came(tx, import_id))
    found = {"members": gone, "others": others} | {f"kept {why}": n for why, n in kept.items()}
    return Answer("taken back", tuple(sorted(found.items())))


TRUSTED: dict[type, Callable[[Any, Any], Answer]] = {
    SendsDigits: sends_digits, SaysDigits: says_digits,
    Approves: approves, TakesShowing: takes_showing, Proves: proves, Fetches: fetches,
    Tells: tells, Brings: brings, TakesImportBack: takes_import_back,
}  # fmt: skip
