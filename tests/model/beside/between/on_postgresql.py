"""The flows for what happens between members, partners and the shop, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.model.beside.between.events import (
    Agrees,
    Announces,
    ClosesList,
    Collects,
    Draws,
    Enters,
    Forms,
    GoesBack,
    Houses,
    Leaves,
    LooksAtFriends,
    MovesOut,
    Names,
    PartnerPays,
    PaysTogether,
    TakesPart,
)
from tests.model.commands import answer, member
from tests.model.events import Answer, parts

from regulars.base.faults import Fault, Refused
from regulars.engine.rewarding.paying import Basket as Paid
from regulars.flows.membership.commands import EnterHousehold, FoundHousehold, LeaveHousehold
from regulars.flows.membership.keep_households import (
    enter_households,
    found_households,
    leave_households,
)
from regulars.flows.points.commands import RedeemTogether
from regulars.flows.points.gaming.commands import AnnounceDraw, CloseDraw, DrawTold, HoldDraw
from regulars.flows.points.gaming.commands import TakePart as Part
from regulars.flows.points.gaming.hold_draws import announce_draws, close_draws, hold_draws
from regulars.flows.points.gaming.keep_teams import form_teams, join_teams, leave_teams
from regulars.flows.points.gaming.take_part import take_part
from regulars.flows.points.gaming.team_commands import FormTeam, JoinTeam, LeaveTeam
from regulars.flows.points.partners.book_activities import (
    book_activities,
    book_payments,
    take_back,
)
from regulars.flows.points.partners.commands import (
    BookPayment,
    KeepPartner,
    PartnerActivity,
    SignContract,
    TakeBack,
)
from regulars.flows.points.partners.keep_partners import keep_partners, sign_contracts
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.points.referring.commands import GiveCode, NameReferral
from regulars.flows.points.referring.name_referrals import give_codes, name_referrals

if TYPE_CHECKING:
    from tests.model.on_postgresql import OnPostgreSQL


_STATES = "select state, count(*) from referral where program_id = $1 group by 1"


def _no(outcome: Any) -> Answer | None:
    return Answer(outcome.code) if isinstance(outcome, Fault | Refused) else None


def with_friends(driver: OnPostgreSQL, event: Names | LooksAtFriends) -> Answer:
    """Somebody names the code of another one; or what became of all who did."""
    shop = driver.shop
    if isinstance(event, LooksAtFriends):
        shop.night("settle_referrals", most=1)
        return Answer("looked", parts(dict(shop.rows(_STATES))))  # type: ignore[arg-type]
    whom, by = member(event.who), member(event.by)
    assert whom is not None, event
    assert by is not None, event
    (given,) = shop.ask(give_codes, GiveCode(by))
    kind, _, text = event.mark.partition(":")
    marks = {kind: text} if text else {}
    (named,) = shop.ask(name_referrals, NameReferral(whom, given.code, marks))
    return _no(named) or Answer(f"rejected: {named.reason}" if named.reason else named.state)


def with_teams(driver: OnPostgreSQL, event: Forms | Enters | Leaves | TakesPart) -> Answer:
    """A team is formed, joined or left; or somebody takes part on their own."""
    shop, whom = driver.shop, member(event.who)
    assert whom is not None, event
    if isinstance(event, TakesPart):
        (part,) = shop.ask(take_part, Part(whom, event.challenge))
        return _no(part) or Answer("takes part")
    if isinstance(event, Leaves):
        (left,) = shop.ask(leave_teams, LeaveTeam(whom, event.challenge))
        return _no(left) or Answer("left", (("members", left.members),))
    if isinstance(event, Forms):
        (told,) = shop.ask(form_teams, FormTeam(whom, event.challenge))
        if not _no(told):
            driver.teams.setdefault(event.team, told.code)
    elif event.team in driver.teams:
        (told,) = shop.ask(join_teams, JoinTeam(whom, driver.teams[event.team]))
    else:
        return Answer("not_found")
    return _no(told) or Answer("in it", (("members", told.members),))


def with_homes(driver: OnPostgreSQL, event: Houses | MovesOut) -> Answer:
    """Somebody founds the household, comes into it, takes another role there, or moves out."""
    shop, whom, role = driver.shop, member(event.who), getattr(event, "role", "")
    assert whom is not None, event
    if isinstance(event, MovesOut):
        (told,) = shop.ask(leave_households, LeaveHousehold(driver.home, whom))
        if not _no(told) and not told.members:
            driver.home = UUID(int=0)
        return _no(told) or Answer("moved out", (("members", told.members),))
    if driver.home.int == 0:
        (told,) = shop.ask(found_households, FoundHousehold(whom))
        driver.home = UUID(int=0) if _no(told) else told.household_id
    else:
        enter = EnterHousehold(driver.home, whom, role, limits=dict(event.limits))
        (told,) = shop.ask(enter_households, enter)
    return _no(told) or Answer("at home", (("members", told.members),))


def pays_together(driver: OnPostgreSQL, event: PaysTogether) -> Answer:
    """A household pays for a basket: what each of them gave, and how much of it that paid."""
    whom, pay = member(event.who), Paid(event.amount, 0, event.want)
    assert whom is not None, event
    wish = RedeemTogether(driver.home, whom, pay=pay, reserves=not event.capture)
    (told,) = driver.shop.ask(redeem_together, wish)
    if no := _no(told):
        return no
    named = {_called(driver, one.member_id): one for one in told.parts}
    for name, one in named.items():
        driver.redemptions[f"{event.name}-{name}"] = one.redemption_id
    gave = parts({name: one.price["points"] for name, one in named.items()})
    paid = parts({name: one.value_minor for name, one in named.items()})
    return answer(told)._replace(earned=gave, rules=paid)


def with_partners(
    driver: OnPostgreSQL, event: Agrees | PartnerPays | Collects | GoesBack
) -> Answer:
    """A line of the account between a partner and the shop, or what it is booked by."""
    shop, said = driver.shop, {"actor": "Olga"}
    if isinstance(event, Agrees):
        shop.ask(keep_partners, KeepPartner(event.partner, event.partner, **said))
        kind: Any = event.kind
        contract = SignContract(
            event.partner, kind, event.wallet, event.cents, event.per, "EUR", **said,
            limit_minor=event.limit, look_back_days=event.look_back,
        )  # fmt: skip
        return _no(shop.ask(sign_contracts, contract)[0]) or Answer("agreed")
    if isinstance(event, PartnerPays):
        paid = BookPayment(event.partner, event.cents, "EUR", event.number, **said)
        (line,) = shop.ask(book_payments, paid)
    elif isinstance(event, GoesBack):
        kind, of = event.kind, event.of
        back = TakeBack(event.partner, kind, of, event.number, event.units or None, **said)
        (line,) = shop.ask(take_back, back)
    else:
        whom = member(event.who)
        assert whom is not None, event
        kind = event.kind
        told = PartnerActivity(
            event.partner, kind, whom, event.wallet, event.units, event.number, event.at, **said
        )
        (line,) = shop.ask(book_activities, told)
        if _no(line) is None:
            driver.handed.lines.setdefault((event.kind, event.number), line.entry_id)
    if no := _no(line):
        return no
    figures = {"balance": line.balance_minor, "cents": line.amount_minor, "moved": line.moved}
    return Answer("booked", tuple(figures.items()))


def with_draws(driver: OnPostgreSQL, event: Announces | ClosesList | Draws) -> Answer:
    """A draw is announced, its list is closed, or it is held; who won is noted in the event."""
    shop = driver.shop
    if isinstance(event, Announces):
        (told,) = shop.ask(announce_draws, AnnounceDraw(event.draw))
        return _no(told) or Answer("announced")
    if isinstance(event, ClosesList):
        (told,) = shop.ask(close_draws, CloseDraw(event.draw))
        return _no(told) or _listed(driver, told, "closed")
    (told,) = shop.ask(hold_draws, HoldDraw(event.draw, event.words))
    if no := _no(told):
        return no
    order = [one.member_id for one in sorted(told.entrants, key=lambda e: e.won) if one.won]
    assert order == _winners(told), (order, told)
    if not event.won:
        event.won.extend(_called(driver, one) for one in order)
    return _listed(driver, told, "drawn")


def _called(driver: OnPostgreSQL, member_id: UUID) -> str:
    return next(name for name, id_ in driver.ids.items() if id_ == member_id)


def _listed(driver: OnPostgreSQL, told: DrawTold, what: str) -> Answer:
    own = {_called(driver, one.member_id): one.tickets for one in told.entrants}
    given = sum(one.state == "given" for one in told.booked)
    for one in told.booked:
        if one.redemption_id is not None:
            driver.redemptions.setdefault(f"won-{one.draw}-{one.won}", one.redemption_id)
    return Answer(what, parts(own), (("given", given),))


def _winners(told: DrawTold) -> Sequence[UUID]:
    """Who wins by what is published, as anybody would check it: one ticket after the other lies in
    the urn, and whoever has won takes theirs out."""
    kept = told.kept
    seed = _digest(f"{kept.secret}\n{kept.public}\n{kept.list_digest}")
    urn = [one.member_id for one in told.entrants for _ in range(one.tickets)]
    found: list[UUID] = []
    for n in count(1):
        if not urn or len(found) == told.promise.winners:
            return found
        number = int(_digest(f"{seed}:{n}"), 16)
        if number < 2**256 - 2**256 % len(urn):
            found.append(urn[number % len(urn)])
            urn = [one for one in urn if one != found[-1]]
    raise AssertionError


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


BETWEEN: dict[type, Callable[[Any, Any], Answer]] = {
    Names: with_friends, LooksAtFriends: with_friends,
    Forms: with_teams, Enters: with_teams, Leaves: with_teams, TakesPart: with_teams,
    Houses: with_homes, MovesOut: with_homes, PaysTogether: pays_together,
    Agrees: with_partners, PartnerPays: with_partners, Collects: with_partners,
    GoesBack: with_partners,
    Announces: with_draws, ClosesList: with_draws, Draws: with_draws,
}  # fmt: skip
