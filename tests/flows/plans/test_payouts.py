"""Cashback goes to bank accounts: once, to the cent, and comes back where it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import block, merge
from tests.makers import Shop, asked, buys, ends

from regulars.base.faults import Invalid, KeyReused, NotFound, Refused
from regulars.engine.rewarding.cashback.bank_file import NAMESPACE, bank_file
from regulars.engine.rewarding.cashback.due import due
from regulars.engine.state import MemberState
from regulars.flows.commands import Adjust
from regulars.flows.membership.commands import EnterHousehold, FoundHousehold
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.keep_households import enter_households, found_households
from regulars.flows.points.payouts.commands import ReturnPayout, RunPayouts, SetAccount
from regulars.flows.points.payouts.keep_accounts import set_accounts, show_account
from regulars.flows.points.payouts.return_payouts import return_payouts
from regulars.flows.points.payouts.run_payouts import run_payouts
from regulars.records.ledger.types import Balance
from regulars.records.members.types import EraseMember, MemberRef
from regulars.records.rewards.payouts import read

CASH = """
regulars: 1
program: cash
name: Caffè & Söhne
currency: EUR
zone: Europe/Berlin
wallets:
  money: {kind: cashback, scale: 2, pending: {until: event, cancel_after: 60 days}}
rules:
  - {id: tenth, on: purchase, wallet: money, award: {give: per_amount, points: "0.10", per: "1.00"}}
caution: {share_percent: 20}
paying: {wallet: money, points: "1.00", per: "1.00", step: "0.01"}
paying_out: {wallet: money, minimum: "10.00"}
"""
ADA, BEN = (MemberRef(external=name) for name in ("ada", "ben"))
IBANS = {ADA: "GB82 WEST 1234 5698 7654 32", BEN: "TR33 0006 1005 1978 6457 8413 26"}
SHOP = ("Caffè & Söhne", "DE89370400440532013000")
OPEN = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: OPEN) -> Shop:
    """Ada has 12.00 confirmed and 5.00 pending, Ben 9.99; both have accounts."""
    shop = open_shop(CASH)
    return met(shop)


def met(shop: Shop) -> Shop:
    shop.joined("ada", "ben")
    shop.at("2027-03-01T10:00")
    shop.record(
        buys(ADA, 12_000, receipt="a1"),
        buys(ADA, 5_000, receipt="a2"),
        buys(BEN, 9_990, receipt="b1"),
    )
    shop.confirm(ends("a1"), ends("b1"))
    for who, name in ((ADA, "Ada Łukasiewicz-Şen"), (BEN, "Ben Weiß")):
        account(shop, who, IBANS[who], name)
    return shop


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def account(shop: Shop, who: MemberRef, iban: str, name: str = "Ada Sen", **more: Any) -> Any:
    (outcome,) = shop.ask(set_accounts, SetAccount(who, name, iban, **more))
    return outcome


def pay(shop: Shop, reference: str = "march", **more: Any) -> Any:
    (outcome,) = shop.ask(run_payouts, RunPayouts(*SHOP, reference=reference, actor="mia", **more))
    return outcome


def back(shop: Shop, redemption: Any, reference: str = "r-1", **more: Any) -> Any:
    said = {"reason": "closed", "actor": "mia"} | more
    command = ReturnPayout(redemption, reference, said.pop("code", "AC04"), **said)
    (outcome,) = shop.ask(return_payouts, command)
    return outcome


def sent(shop: Shop, run: Any) -> list[Any]:
    return shop.do(lambda tx, _: read.of_run(tx, run.run_id))


def file_of(shop: Shop, run: Any) -> bytes:
    ((head,), parts) = shop.do(lambda tx, _: _both(tx, run.run_id))
    return bank_file(head, parts)


async def _both(tx: Any, run_id: Any) -> Any:
    return await read.runs(tx, run_id), await read.of_run(tx, run_id)


def has(shop: Shop, who: str = "ada") -> int:
    return shop.balances(who).get("money", (0, 0, 0))[0]


def give(shop: Shop, who: MemberRef, minor: int) -> None:
    shop.adjust(Adjust(who, "money", minor, "welcome", "mia"))


def test_what_is_confirmed_and_enough_is_paid_out_and_nothing_else(shop: Shop) -> None:
    run = pay(shop)
    assert (run.payouts, run.total_minor, run.more) == (1, 1_200, False)
    assert (has(shop), shop.pending("ada"), has(shop, "ben")) == (0, {"money": 500}, 999)
    (one,) = sent(shop, run)
    assert (one.amount_minor, one.place, one.state) == (1_200, 1, "paid")
    assert shop.told()[-2:] == ["reward.held", "reward.captured"]
    books(shop)


def test_who_has_less_than_the_minimum_waits(shop: Shop) -> None:
    assert pay(shop).payouts == 1
    assert has(shop, "ben") == 999
    give(shop, BEN, 1)
    assert pay(shop, "april").total_minor == 1_000


def test_what_is_due_is_asked_again_under_the_lock(shop: Shop) -> None:
    version = shop.terms.at(shop.now)
    (code,) = version.wallet_ids
    ben = MemberState(UUID(int=1), shop.now, {}, balances={code: Balance(available=999)})
    assert due(version, ben) == 0
    ben.balances[code].available = 1_000
    assert due(version, ben) == 1_000
    ben.balances[code].debt = 1
    assert due(version, ben) == 0


def test_the_same_run_asked_again_is_one_run(shop: Shop) -> None:
    first = pay(shop)
    give(shop, ADA, 5_000)
    again = pay(shop)
    assert (again.run_id, again.replayed, has(shop)) == (first.run_id, True, 5_000)
    assert isinstance(pay(shop, most=1), KeyReused)
    assert pay(shop, "april").total_minor == 5_000


def test_two_runs_at_once_never_pay_the_same_money(shop: Shop) -> None:
    give(shop, BEN, 1_000)

    def run(reference: str) -> Any:
        command = RunPayouts(*SHOP, reference=reference, actor="mia")
        return lambda tx, terms: run_payouts(tx, terms, [command])

    answers = [one for (one,) in shop.together(run("one"), run("two"), run("one"))]
    made = [one for one in answers if not isinstance(one, Refused)]
    assert {one.total_minor for one in made} == {3_199}
    assert len({one.run_id for one in made}) == 1
    assert shop.rows("select count(*), sum(amount_minor) from payout where program_id = $1") == [
        (2, 3_199)
    ]
    books(shop)


def test_nothing_is_due_to_who_has_no_account_owes_or_is_blocked(shop: Shop) -> None:
    account(shop, ADA, "")
    before = shop.counts()
    assert pay(shop).code == "nothing_due"
    assert shop.counts() == before
    account(shop, ADA, IBANS[ADA])
    block(shop, ADA)
    assert pay(shop).code == "nothing_due"


def test_one_run_takes_so_many_and_says_that_there_are_more(shop: Shop) -> None:
    give(shop, BEN, 1_000)
    first = pay(shop, most=1)
    assert (first.payouts, first.more) == (1, True)
    second = pay(shop, "april", most=1)
    assert (second.payouts, second.more) == (1, False)


def test_who_may_take_out_nothing_takes_nobodys_place(open_shop: OPEN) -> None:
    """A minor who may not spend that much is found first each time, as they joined first."""
    least = 'household: {most_members: 4, minors: {points: {money: "5.00"}, per: month}}\n'
    shop = open_shop(CASH + least)
    met(shop)
    give(shop, BEN, 1_000)
    (eva,) = shop.joined("eva")
    (home,) = shop.ask(found_households, FoundHousehold(eva))
    shop.ask(enter_households, EnterHousehold(home.household_id, ADA, "minor"))
    first = pay(shop, most=1)
    assert (first.payouts, first.more, has(shop), has(shop, "ben")) == (1, False, 1_200, 0)
    books(shop)


def test_what_came_back_is_in_the_wallet_again_once(shop: Shop) -> None:
    (one,) = sent(shop, pay(shop))
    returned = back(shop, one.redemption_id)
    assert (returned.amount_minor, has(shop)) == (1_200, 1_200)
    assert shop.told()[-2:] == ["points.adjusted", "payout.returned"]
    (reason,) = shop.rows("select reason from entry where program_id = $1 and entry_id = $2",
                          returned.entry_id)[0]  # fmt: skip
    assert reason == "pay-out came back: AC04 closed"
    assert back(shop, one.redemption_id).replayed
    assert back(shop, one.redemption_id, "r-2").code == "already_returned"
    assert (has(shop), sent(shop, pay_state(shop))[0].state) == (1_200, "returned")
    books(shop)


def pay_state(shop: Shop) -> Any:
    return shop.do(lambda tx, _: read.runs(tx))[0]


def test_an_account_that_sent_money_back_is_not_used_until_it_is_said_anew(shop: Shop) -> None:
    (one,) = sent(shop, pay(shop))
    back(shop, one.redemption_id)
    shown = shop.do(lambda tx, terms: show_account(tx, terms, one.member_id))
    assert (shown.usable, shown.why, shown.shown) == (False, "AC04", "GB…5432")
    assert pay(shop, "april").code == "nothing_due"
    assert account(shop, ADA, IBANS[ADA]).usable
    assert pay(shop, "april").total_minor == 1_200


def test_an_account_told_since_stays_usable_when_the_old_one_sends_money_back(shop: Shop) -> None:
    (one,) = sent(shop, pay(shop))
    account(shop, ADA, "FR1420041010050500013M02606")
    back(shop, one.redemption_id)
    assert pay(shop, "april").total_minor == 1_200


def test_the_file_is_what_the_standard_says_and_adds_up(shop: Shop) -> None:
    give(shop, BEN, 1)
    run = pay(shop)
    written = file_of(shop, run)
    assert written == file_of(shop, run)  # made again, the same to the byte
    assert_pain(written, 2, "22.00")
    names = {name: f"{{{NAMESPACE}}}{name}" for name in ("Nm", "IBAN", "InstdAmt", "Ustrd")}
    root = ElementTree.fromstring(written)
    assert {each.text for each in root.iter(names["Nm"])} == {
        "Caffe + Sohne", "Ada Lukasiewicz-Sen", "Ben Weiss",
    }  # fmt: skip
    assert {each.text for each in root.iter(names["IBAN"])} == {
        "DE89370400440532013000", "GB82WEST12345698765432", "TR330006100519786457841326",
    }  # fmt: skip
    assert [each.text for each in root.iter(names["InstdAmt"])] == ["12.00", "10.00"]
    assert {each.text for each in root.iter(names["Ustrd"])} == {"Caffe + Sohne"}


_ORDER = {
    "CstmrCdtTrfInitn": ("GrpHdr", "PmtInf"),
    "GrpHdr": ("MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"),
    "PmtInf": ("PmtInfId", "PmtMtd", "NbOfTxs", "CtrlSum", "PmtTpInf", "ReqdExctnDt", "Dbtr",
               "DbtrAcct", "DbtrAgt", "ChrgBr", "CdtTrfTxInf"),
    "CdtTrfTxInf": ("PmtId", "Amt", "CdtrAgt", "Cdtr", "CdtrAcct", "RmtInf"),
    "PmtId": ("EndToEndId",), "Amt": ("InstdAmt",), "RmtInf": ("Ustrd",),
    "ReqdExctnDt": ("Dt",), "DbtrAcct": ("Id",), "CdtrAcct": ("Id",), "Id": ("IBAN",),
    "Dbtr": ("Nm",), "Cdtr": ("Nm",), "InitgPty": ("Nm",), "PmtTpInf": ("SvcLvl",),
    "SvcLvl": ("Cd",), "DbtrAgt": ("FinInstnId",), "CdtrAgt": ("FinInstnId",),
    "FinInstnId": ("BICFI", "Othr"), "Othr": ("Id",), "Document": ("CstmrCdtTrfInitn",),
}  # fmt: skip
_MAY_LACK = {"PmtTpInf", "CdtrAgt", "RmtInf", "BICFI", "Othr", "PmtInf"}


def assert_pain(written: bytes, transactions: int, total: str) -> None:
    """Each element where the standard has it, in its order, none it does not know; sums right."""
    root = ElementTree.fromstring(written)
    for parent in root.iter():
        name, own = parent.tag.removeprefix(f"{{{NAMESPACE}}}"), [_bare(one) for one in parent]
        if name == "Id" and not own:  # of an account it holds the IBAN, of a bank a word
            continue
        known = _ORDER.get(name, ())
        assert own == sorted(own, key=known.index), (name, own)
        assert set(known) - set(own) <= _MAY_LACK, (name, own)
        assert all(own.count(one) == 1 for one in own if one != "CdtTrfTxInf"), (name, own)
    tag = f"{{{NAMESPACE}}}".__add__
    assert [one.text for one in root.iter(tag("NbOfTxs"))] == [str(transactions)] * 2
    assert [one.text for one in root.iter(tag("CtrlSum"))] == [total] * 2
    amounts = [Decimal(one.text or "") for one in root.iter(tag("InstdAmt"))]
    assert (len(amounts), sum(amounts)) == (transactions, Decimal(total))
    for name, most in (("MsgId", 35), ("EndToEndId", 35), ("PmtInfId", 35), ("Nm", 70)):
        assert all(0 < len(one.text or "") <= most for one in root.iter(tag(name))), name
    assert len({one.text for one in root.iter(tag("EndToEndId"))}) == transactions


def _bare(element: Any) -> str:
    return str(element.tag.removeprefix(f"{{{NAMESPACE}}}"))


def test_a_run_and_its_file_are_there_or_the_money_is(shop: Shop) -> None:
    """Killed at any moment, the transaction was committed or not: there is nothing between."""

    async def dies(tx: Any, terms: Any) -> None:
        await run_payouts(tx, terms, [RunPayouts(*SHOP, reference="march", actor="mia")])
        raise ZeroDivisionError

    before = shop.counts()
    with pytest.raises(ZeroDivisionError):
        shop.do(dies)
    assert (shop.counts(), has(shop)) == (before, 1_200)
    run = pay(shop)
    assert not run.replayed
    assert_pain(file_of(shop, run), 1, "12.00")


def test_cashback_that_pays_earns_no_cashback(shop: Shop) -> None:
    from regulars.engine.rewarding.paying import Basket
    from regulars.flows.commands import RecordActivity, Redeem
    from regulars.records.activity.types import Body, Line, Payment

    (paid,) = shop.redeem(Redeem(ADA, pay=Basket(1_200), capture=True))
    assert (paid.state, has(shop)) == ("captured", 0)
    basket = Body(
        lines=(Line(2_000),),
        payments=(Payment("points", 1_200, paid.redemption_id), Payment("money", 800)),
    )
    (sold,) = shop.record(RecordActivity("purchase", ADA, body=basket, source="till"))
    assert sold.earned == {"money": 80}  # a tenth of the 8.00 that were paid in money


def test_what_went_to_a_bank_pays_for_no_sale(shop: Shop) -> None:
    from regulars.flows.commands import RecordActivity
    from regulars.records.activity.types import Body, Line, Payment

    (one,) = sent(shop, pay(shop))
    basket = Body(lines=(Line(2_000),), payments=(Payment("points", 1_200, one.redemption_id),))
    (no,) = shop.record(RecordActivity("purchase", ADA, body=basket, source="till"))
    assert isinstance(no, Invalid), (
        no
    )  # else what comes back would be in the wallet and at the bank
    assert (no.field, has(shop)) == ("/payments/0/redemption", 0)


def test_who_was_merged_is_paid_to_the_account_of_who_stays(shop: Shop) -> None:
    merge(shop, BEN, ADA)
    run = pay(shop)
    (one,) = sent(shop, run)
    assert (one.amount_minor, one.iban) == (2_199, "GB82WEST12345698765432")
    account(shop, ADA, "")  # of both, and not the other one's comes up again
    give(shop, ADA, 2_000)
    assert pay(shop, "april").code == "nothing_due"
    back(shop, one.redemption_id)
    assert has(shop) == 4_199
    books(shop)


def test_of_who_was_merged_what_comes_back_goes_to_who_stays(shop: Shop) -> None:
    (one,) = sent(shop, pay(shop))
    merge(shop, ADA, BEN)
    back(shop, one.redemption_id)
    assert has(shop, "ben") == 999 + 1_200
    books(shop)


def test_an_erasure_takes_the_account_everywhere_and_the_file_goes_on_without(shop: Shop) -> None:
    give(shop, BEN, 1)
    run = pay(shop)
    who = sent(shop, run)[0].member_id
    one = sent(shop, run)[0]
    shop.ask(erase_members, EraseMember(who, asked=asked("e")))
    assert shop.rows("select count(*) from bank_account where program_id = $1") == [(1,)]
    assert (sent(shop, run)[0].iban, sent(shop, run)[0].holder) == ("", "")
    assert_pain(file_of(shop, run), 1, "10.00")
    assert back(shop, one.redemption_id).code == "member_erased"
    assert account(shop, MemberRef(id=who), IBANS[ADA]).code == "member_erased"
    books(shop)


@pytest.mark.parametrize(
    ("iban", "says"),
    [
        ("DE89370400440532013001", "check digits"),
        ("DE8937040044053201300", "22 signs"),
        ("XX89370400440532013000", "no country XX"),
        ("DE89 3704 0044 0532 0130 0O", "check digits"),
        ("hello", "no IBAN"),
        ("DE98370400440532013000", "check digits"),
    ],
)
def test_a_wrong_account_number_is_told_by_its_field(shop: Shop, iban: str, says: str) -> None:
    outcome = account(shop, ADA, iban)
    assert (type(outcome), outcome.field) == (Invalid, "/iban")
    assert says in outcome.says


def test_any_two_signs_changed_over_are_noticed(shop: Shop) -> None:
    good = "GB82WEST12345698765432"
    for place in range(4, len(good) - 1):
        swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
        if swapped != good:
            assert "check digits" in account(shop, ADA, swapped).says


def test_a_name_no_bank_can_read_is_refused(shop: Shop) -> None:
    for name in ("Ада", "", "1234", "x" * 71):
        assert account(shop, ADA, IBANS[ADA], name).field == "/holder"
    assert account(shop, ADA, IBANS[ADA], bic="SHORT").field == "/bic"


def test_what_is_wrong_with_a_run_or_a_return_is_told(shop: Shop) -> None:
    today = shop.now.date()
    assert pay(shop, execute_on=today - timedelta(days=1)).field == "/execute_on"
    wrong = RunPayouts("Shop", "DE1", actor="mia")
    assert shop.ask(run_payouts, wrong)[0].field == "/from/iban"
    assert shop.ask(run_payouts, RunPayouts(*SHOP))[0].field == "/actor"
    (one,) = sent(shop, pay(shop))
    assert isinstance(back(shop, UUID(int=1)), NotFound)
    assert back(shop, one.redemption_id, "").field == "/reference"
    assert back(shop, one.redemption_id, code="closed").field == "/reason_code"
    more = {"amount_minor": 1_199, "currency": "EUR"}
    assert back(shop, one.redemption_id, **more).field == "/amount/minor"
    assert back(shop, one.redemption_id, amount_minor=1_200, currency="USD").field.endswith(
        "currency"
    )
    assert has(shop) == 0


def test_no_word_of_an_account_is_seen_where_things_are_printed(shop: Shop) -> None:
    (one,) = sent(shop, pay(shop))
    command = SetAccount(ADA, "Ada", IBANS[ADA])
    shown = [repr(one), repr(command), repr(account(shop, ADA, IBANS[ADA]))]
    assert not any("1234" in text for text in shown), shown
