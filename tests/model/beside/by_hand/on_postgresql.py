"""The flows for what is handed out by hand, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from tests.model.beside.by_hand.events import (
    Claims,
    Comes,
    Decides,
    Disputes,
    Erases,
    Fills,
    GivesTier,
    Grants,
    Issues,
    Rebooks,
    ShowsCode,
    StaysAway,
    TakesBack,
    Tops,
    TurnsTier,
    Undoes,
    Uses,
    Withdraws,
)
from tests.model.beside.by_hand.quarrels import PARTNER, WALLET
from tests.model.commands import member
from tests.model.events import Answer, parts

from regulars.base.faults import Fault, Refused
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.keep_appointments import check_in_uses, miss_uses, move_uses
from regulars.flows.membership.benefits.use_benefits import undo_uses, use_benefits
from regulars.flows.membership.commands import (
    CheckInUse,
    GrantBenefit,
    Guest,
    MissUse,
    MoveUse,
    UndoUse,
    UseBenefit,
)
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.tiers.give_tiers import give_tiers, turn_grants
from regulars.flows.membership.tiers.tier_commands import Challenge, GiveTier, TurnGrant
from regulars.flows.points.codes.commands import FillPool, IssueCodes, UseCode, WithdrawCode
from regulars.flows.points.codes.fill_pools import fill_pools
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import use_codes, withdraw_codes
from regulars.flows.points.partners.claim_activities import (
    decide_claims,
    file_claims,
    open_disputes,
)
from regulars.flows.points.partners.commands import Decide, FileClaim, OpenDispute
from regulars.flows.terms.withdraw_version import Withdraw, withdraw_version
from regulars.records.ledger.totals import read as totals
from regulars.records.members.types import Asked, EraseMember, MemberRef

if TYPE_CHECKING:
    from tests.model.on_postgresql import OnPostgreSQL

NO_END = -1
SAID: dict[str, Any] = {"reason": "as agreed", "actor": "Olga"}


class Names:
    """The ids behind the machine's names."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.uses: dict[str, UUID] = {}
        self.tiers: dict[str, UUID] = {}
        self.lines: dict[tuple[str, str], UUID] = {}
        """Of the account of a partner, by kind and number."""
        self.quarrels: dict[str, tuple[Any, Any]] = {}
        self.numbers: dict[str, str] = {}
        """What a claim is about."""

    def had(self, name: str, code: str) -> None:
        """A code came under this name: the first time it is nobody else's."""
        if not code or self.codes.get(name) == code:
            return
        assert code not in self.codes.values(), (name, code)
        assert name not in self.codes, (name, code)
        self.codes[name] = code


def _no(outcome: Any) -> Answer | None:
    return Answer(outcome.code) if isinstance(outcome, Fault | Refused) else None


def _asked(event: Any) -> Asked:
    return Asked("till", event.key)


def _whom(event: Any) -> MemberRef:
    whom = member(event.who)
    assert whom is not None, event
    return whom


def with_codes(driver: OnPostgreSQL, event: Fills | Issues | ShowsCode | Withdraws) -> Answer:
    """Codes are laid into a pool, issued, shown, or withdrawn."""
    shop, names, asked = driver.shop, driver.handed, _asked(event)
    if isinstance(event, Fills):
        codes = tuple(f"{event.name} {n} {driver.slug}" for n in range(event.times))
        (told,) = shop.ask(fill_pools, FillPool(event.reward, codes, asked=asked, **SAID))
        return _no(told) or Answer("filled", (("codes", told.times), ("left", told.left)))
    if isinstance(event, Issues):
        whom = tuple(_member(who) for who in event.whom)
        wish = IssueCodes(event.reward, times=event.times, members=whom, ends_at=event.ends,
                          asked=asked, **SAID)  # fmt: skip
        (told,) = shop.ask(issue_codes, wish)
        if no := _no(told):
            return no
        for place, one in enumerate(told.codes):
            names.had(f"{event.name}.{place}", one.code)
        return Answer("issued", (("codes", told.times),))
    code = names.codes.get(event.code, "NOBODY HAS THIS")
    if isinstance(event, ShowsCode):
        (told,) = shop.ask(use_codes, UseCode(code, asked=asked))
    else:
        (told,) = shop.ask(withdraw_codes, WithdrawCode(code, asked=asked, **SAID))
    return _no(told) or Answer(told.state, (("worth", told.worth_minor),))


def _member(who: str) -> MemberRef:
    found = member(who)
    assert found is not None, who
    return found


def tops(driver: OnPostgreSQL, event: Tops) -> Answer:
    shop = driver.shop
    paid = Adjust(_whom(event), event.wallet, event.units, "topped up", "Olga", _asked(event))
    (told,) = shop.ask(adjust_balances, paid)
    if no := _no(told):
        return no
    code = shop.terms.versions[-1].wallet_codes[
        shop.terms.versions[-1].compiled.wallet_places[event.wallet]
    ]
    owed = shop.do(lambda tx, _: totals.outstanding(tx)).get(code, 0)
    return Answer("topped", (("all", owed),), balances=parts(told.balances))


def with_benefits(
    driver: OnPostgreSQL, event: Grants | Uses | Undoes | Rebooks | StaysAway | Comes
) -> Answer:
    """A benefit is granted or used, or a use is taken back."""
    shop, asked = driver.shop, _asked(event)
    if isinstance(event, Grants):
        grant = GrantBenefit(_whom(event), event.benefit, times=event.times, until_at=event.until,
                             asked=asked, **SAID)  # fmt: skip
        (told,) = shop.ask(grant_benefits, grant)
        return _no(told) or Answer("granted", (("times", told.times),))
    if isinstance(event, Uses):
        along = tuple(Guest(f"Guest {n}") for n in range(event.guests))
        wish = UseBenefit(_whom(event), event.benefit, store=event.store, asked=asked,
                          guests=along, from_at=event.at)  # fmt: skip
        (told,) = shop.ask(use_benefits, wish)
    elif event.name not in driver.handed.uses:
        return Answer("not_found")
    elif isinstance(event, Rebooks):
        move = MoveUse(driver.handed.uses[event.name], event.at, asked)
        (told,) = shop.ask(move_uses, move)
    elif isinstance(event, Comes):
        (told,) = shop.ask(check_in_uses, CheckInUse(driver.handed.uses[event.name], asked))
    elif isinstance(event, StaysAway):
        (told,) = shop.ask(miss_uses, MissUse(driver.handed.uses[event.name], asked))
    else:
        (told,) = shop.ask(undo_uses, UndoUse(driver.handed.uses[event.name], asked=asked))
    if no := _no(told):
        return no
    name = event.into if isinstance(event, Rebooks) else event.name
    driver.handed.uses.setdefault(name, told.use_id)
    left = NO_END if told.left is None else told.left
    stands = "came" if told.state == "used" and told.came_at is not None else told.state
    return Answer(stands, (("granted", int(told.granted)), ("left", left)))


def with_tiers(driver: OnPostgreSQL, event: GivesTier | TurnsTier) -> Answer:
    """A tier is given by hand, or what was given is turned."""
    shop, asked = driver.shop, _asked(event)
    if isinstance(event, TurnsTier):
        if event.name not in driver.handed.tiers:
            return Answer("not_found")
        what: Any = event.what
        turn = TurnGrant(driver.handed.tiers[event.name], what, asked=asked, **SAID)
        (told,) = shop.ask(turn_grants, turn)
        return _no(told) or Answer(told.state, tier=told.stands)
    kind: Any = event.kind
    until = None if event.days is None else shop.now + timedelta(days=event.days)
    challenge = None if event.asks is None else Challenge(event.asks, event.days or 0)
    wish = GiveTier(_whom(event), kind, event.tier, until_at=None if challenge else until,
                    challenge=challenge, asked=asked, **SAID)  # fmt: skip
    (told,) = shop.ask(give_tiers, wish)
    if no := _no(told):
        return no
    driver.handed.tiers.setdefault(event.name, told.grant_id)
    return Answer(told.state, tier=told.stands)


def with_quarrels(driver: OnPostgreSQL, event: Claims | Disputes) -> Answer:
    """Somebody misses something, or a line is disputed."""
    shop, names, asked = driver.shop, driver.handed, _asked(event)
    if isinstance(event, Claims):
        claim = FileClaim(PARTNER, _whom(event), WALLET, event.units, event.number, event.at,
                          asked=asked, **SAID)  # fmt: skip
        (told,) = shop.ask(file_claims, claim)
        what = ("claim", getattr(told, "claim_id", None))
        names.numbers.setdefault(event.name, event.number)
    else:
        line = names.lines.get((event.kind, event.of), UUID(int=0))
        (told,) = shop.ask(open_disputes, OpenDispute(line, asked=asked, **SAID))
        what = ("dispute", getattr(told, "dispute_id", None))
    if no := _no(told):
        return no
    names.quarrels.setdefault(event.name, what)
    return Answer(told.state)


def decides(driver: OnPostgreSQL, event: Decides) -> Answer:
    names, decision = driver.handed, cast("Any", event.decision)
    if event.name not in names.quarrels:
        return Answer("not_found")
    decide = Decide(*names.quarrels[event.name], decision, asked=_asked(event), **SAID)
    (told,) = driver.shop.ask(decide_claims, decide)
    if no := _no(told):
        return no
    line = told.booked
    if line is None:
        return Answer(told.decision)
    if line.kind == "accrual":
        names.lines.setdefault(("accrual", names.numbers[event.name]), line.entry_id)
    figures = {"balance": line.balance_minor, "cents": line.amount_minor, "moved": line.moved}
    return Answer(told.decision, tuple(figures.items()))


def erases(driver: OnPostgreSQL, event: Erases) -> Answer:
    (told,) = driver.shop.ask(
        erase_members, EraseMember(driver.ids[event.who], asked=_asked(event))
    )
    return _no(told) or Answer("erased", (("voided", 0 if told.replayed else told.voided),))


def takes_back(driver: OnPostgreSQL, event: TakesBack) -> Answer:
    wish = Withdraw(event.version, "a slip", "owner")
    try:
        driver.shop.do(lambda tx, _: withdraw_version(tx, wish))
    except Fault as fault:
        return Answer(fault.code)
    driver.shop.forget_terms()
    return Answer("taken back")


HANDED: dict[type, Callable[[Any, Any], Answer]] = {
    Fills: with_codes, Issues: with_codes, ShowsCode: with_codes, Withdraws: with_codes,
    Tops: tops, Grants: with_benefits, Uses: with_benefits, Undoes: with_benefits,
    Rebooks: with_benefits, StaysAway: with_benefits, Comes: with_benefits,
    GivesTier: with_tiers, TurnsTier: with_tiers, Claims: with_quarrels,
    Disputes: with_quarrels, Decides: decides, Erases: erases, TakesBack: takes_back,
}  # fmt: skip
