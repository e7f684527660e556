"""Sixty-four who write at the same instant, each in a transaction and on a connection of their own,
for every kind of budget and limit the language has: what all of them get is what there is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from tests.makers import Shop, buys
from tests.turns import NIGHTLY

from regulars.engine.rewarding.paying import Basket
from regulars.engine.terms import Terms
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.batch.stuck import Stuck
from regulars.flows.commands import Adjust, RecordActivity, Redeem, Redeemed
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.commands import (
    BenefitUsed,
    EnterHousehold,
    FoundHousehold,
    GrantBenefit,
    UseBenefit,
)
from regulars.flows.membership.keep_households import enter_households, found_households
from regulars.flows.points.codes.commands import CodeDone, FillPool, IssueCodes, UseCode
from regulars.flows.points.codes.fill_pools import fill_pools
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import use_codes
from regulars.flows.points.commands import RedeemTogether, Transfer, Transferred
from regulars.flows.points.gaming.commands import AnnounceDraw, HoldDraw
from regulars.flows.points.gaming.hold_draws import announce_draws, hold_draws
from regulars.flows.points.gaming.keep_teams import form_teams, join_teams
from regulars.flows.points.gaming.settle_prizes import settle_prizes
from regulars.flows.points.gaming.team_commands import FormTeam, JoinTeam, TeamTold
from regulars.flows.points.partners.book_activities import book_activities, book_payments
from regulars.flows.points.partners.claim_activities import decide_claims, file_claims
from regulars.flows.points.partners.commands import (
    Booked,
    BookPayment,
    Decide,
    DecisionMade,
    FileClaim,
    KeepPartner,
    PartnerActivity,
    SignContract,
)
from regulars.flows.points.partners.keep_partners import keep_partners, sign_contracts
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.points.referring.commands import GiveCode, NameReferral, ReferralNamed
from regulars.flows.points.referring.name_referrals import give_codes, name_referrals
from regulars.flows.points.referring.settle_referrals import settle_referrals
from regulars.flows.points.transfer_points import transfer_points
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.members.types import Identifier, JoinMember, MemberRef
from regulars.runtime.serving.gate import AGAIN
from regulars.runtime.storage.database import Database

MOST: Final = 64
"""So many at once: of what all draw on together always, of everything else at night."""
WRITERS: Final = MOST if NIGHTLY else 16
MEMBERS: Final = 8
TRIES: Final = 40
PROGRAM: Final = """
regulars: 1
program: writers
name: Writers
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt, transfers: {limit: {points: 20, per: month}}}
  stars: {}
  miles: {}
  suns: {}
  moons: {}
budgets:
  - {id: day, wallet: stars, per: day, points: 30}
  - {id: own, wallet: suns, per: day, points: 20, of: member}
  - {id: once, wallet: moons, per: activity, points: 5}
rules:
  - {id: spark, on: spark, wallet: stars, award: {give: fixed, points: 4}}
  - {id: sun, on: sun, wallet: suns, award: {give: fixed, points: 3}}
  - {id: moon, on: moon, wallet: moons, award: {give: fixed, points: 8}}
  - {id: all, on: raffle, wallet: miles, award: {give: fixed, points: 3},
     limits: [{per: day, points: 20, of: everyone}]}
  - {id: cap, on: visit, wallet: miles, award: {give: fixed, points: 3},
     limits: [{per: day, points: 20}]}
milestones:
  - {id: each, name: Each, wallet: miles, per: month, budget: 20, counts: {on: step},
     steps: [{at: 1, points: 3, again: true}]}
  - {id: lap, name: A lap, counts: {on: lap}, steps: [{at: 1, reward: ride}]}
challenges:
  - {id: crew, name: Crew, target: 9, every: week, joins: opt_in, together: {most: 4},
     prize: {wallet: points, points: 1}}
draws:
  - {id: one, name: One, from_on: 2026-03-01, until_on: 2026-03-05, prize: Seats, words: lottery,
     counts: {on: ticket}, winners: 3, gives: [{reward: seat}]}
benefits:
  - {id: lounge, name: The lounge, allowance: {times: 5, per: year}}
  - {id: guide, name: A guide, by: grant}
referral:
  wallet: points
  after: 1 day
  most: {per: month, times: 2}
  referrer: {points: 3, budget: {per: month, points: 10}}
paying: {wallet: points, points: 1, per: "0.01"}
household: {most_members: 5, buyers: {points: {points: 30}, per: week}}
rewards:
  - {id: cup, name: A cup, price: {points: 10}, hold_for: 1 day}
  - {id: mug, name: A mug, price: {points: 1}, stock: 7}
  - id: show
    name: A show
    price: {points: 1}
    gives: {kind: seat, begins: "2027-03-11T19:00", seats: 6}
  - id: seat
    name: A seat
    price: {points: 1}
    gives: {kind: seat, begins: "2027-03-11T19:00", seats: 2}
  - id: ride
    name: A ride
    price: {points: 1}
    gives: {kind: seat, begins: "2027-03-11T19:00", seats: 3}
  - {id: pass, name: A pass, price: {}, by: shop, gives: {kind: code}}
  - {id: song, name: A song, price: {points: 1}, gives: {kind: code, from: pool}}
  - {id: few, name: Few, price: {points: 1}, limit: {times: 4, per: month}}
"""


class Asked(NamedTuple):
    """What each of the writers asks for, how much of it all of them have by their answers, and how
    much there is."""

    flow: Any
    commands: Sequence[Any]
    had: Callable[[Sequence[Any]], int]
    there: int


def ref(n: int) -> MemberRef:
    return MemberRef(external=f"w{n % MEMBERS}")


def so_many(kind: type) -> Callable[[Sequence[Any]], int]:
    return lambda told: sum(isinstance(each, kind) for each in told)


def earns(
    kind: str, wallet: str, there: int, whose: int = MEMBERS, *, many: int = WRITERS
) -> Asked:
    asks = [RecordActivity(kind, ref(n % whose)) for n in range(many)]
    return Asked(
        record_activities,
        asks,
        lambda told: sum((each.earned | each.milestones).get(wallet, 0) for each in told),
        there,
    )


def takes(reward: str, there: int, whose: int = MEMBERS) -> Asked:
    asks = [Redeem(ref(n % whose), reward, capture=bool(n % 2)) for n in range(WRITERS)]
    return Asked(redeem_rewards, asks, so_many(Redeemed), there)


def gives_away(_: Shop) -> Asked:
    asks = [Transfer(ref(0), ref(1 + n % 7), "points", 3) for n in range(WRITERS)]
    return Asked(transfer_points, asks, so_many(Transferred), 6)


def buyer(shop: Shop) -> Asked:
    """A buyer spends alone and from what all have, up to thirty points a week: three cups."""
    (home,) = shop.ask(found_households, FoundHousehold(ref(1)))
    for n, role in ((0, "buyer"), (2, "member")):
        as_: Any = role
        shop.ask(enter_households, EnterHousehold(home.household_id, ref(n), as_))
    alone, pooled = (
        Redeem(ref(0), "cup", capture=True),
        RedeemTogether(home.household_id, ref(0), "cup"),
    )

    async def either(tx: Any, terms: Any, batch: Any) -> Any:
        flow: Any = redeem_together if isinstance(batch[0], RedeemTogether) else redeem_rewards
        return await flow(tx, terms, batch)

    return Asked(either, [alone, pooled] * (WRITERS // 2), so_many(Redeemed), 3)


def household_pays(shop: Shop) -> Asked:
    """Three who live together pay for baskets with the three hundred points they have, reserved or
    at once, thirty for each basket; whoever of them asks, it comes from all of them."""
    (home,) = shop.ask(found_households, FoundHousehold(ref(1)))
    for n in (2, 3):
        shop.ask(enter_households, EnterHousehold(home.household_id, ref(n), "member"))
    pay = Basket(10_000, 0, 30)
    asks = [
        RedeemTogether(home.household_id, ref(1 + n % 3), pay=pay, reserves=bool(n % 2))
        for n in range(WRITERS)
    ]
    return Asked(redeem_together, asks, _paid, 300)


def _paid(told: Sequence[Any]) -> int:
    """By what each part of each payment took, so that a part too many is seen."""
    done = [one for one in told if isinstance(one, Redeemed)]
    return sum(part.price["points"] for one in done for part in one.parts)


def partner(slug: str, limit: int | None) -> Callable[[Shop], Asked]:
    """A partner that paid for twenty miles, or may owe for so many: six times three."""

    def agree(shop: Shop) -> Asked:
        said: Any = {"actor": "mia"}
        shop.ask(keep_partners, KeepPartner(slug, slug, **said))
        price = SignContract(slug, "accrual", "miles", 1, 1, "EUR", limit_minor=limit, **said)
        shop.ask(sign_contracts, price)
        if limit is None:
            shop.ask(book_payments, BookPayment(slug, 20, "EUR", "pack", **said))
        told = [PartnerActivity(slug, "accrual", ref(n), "miles", 3, f"{n}", **said)
                for n in range(WRITERS)]  # fmt: skip
        return Asked(book_activities, told, so_many(Booked), 6)

    return agree


def codes(shop: Shop) -> Asked:
    said: Any = {"reason": "bought", "actor": "mia"}
    shop.ask(fill_pools, FillPool("song", tuple(f"SONG-{n}" for n in range(5)), **said))
    return takes("song", 5)


def team(shop: Shop) -> Asked:
    """One who formed it, and places for three more of seven who ask again and again."""
    (formed,) = shop.ask(form_teams, FormTeam(ref(0), "crew"))
    asks = [JoinTeam(ref(1 + n % 7), formed.code) for n in range(WRITERS)]
    return Asked(join_teams, asks, _in_it, 3)


def _in_it(told: Sequence[Any]) -> int:
    return len({each.member_id for each in told if isinstance(each, TeamTold)})


def prizes(shop: Shop) -> Asked:
    """All of them hold the draw: there are two seats for three who won."""
    shop.ask(announce_draws, AnnounceDraw("one"))
    shop.record(*[RecordActivity("ticket", ref(n)) for n in range(MEMBERS)])
    shop.at("2026-03-05 12:00")
    return Asked(hold_draws, [HoldDraw("one", "4 8 15")] * WRITERS, _booked, 2)


def _booked(told: Sequence[Any]) -> int:
    return len({each.redemption_id for one in told for each in one.booked if each.redemption_id})


def lounge(_: Shop) -> Asked:
    return Asked(use_benefits, [UseBenefit(ref(0), "lounge")] * WRITERS, so_many(BenefitUsed), 5)


def one_code(shop: Shop) -> Asked:
    """A voucher for whoever shows it: all of them do."""
    said: Any = {"reason": "a fair", "actor": "mia"}
    (issued,) = shop.ask(issue_codes, IssueCodes("pass", times=1, **said))
    shows = [UseCode(issued.codes[0].code)] * WRITERS
    return Asked(use_codes, shows, so_many(CodeDone), 1)


def granted(shop: Shop) -> Asked:
    """Three uses that were granted by hand, beside an allowance of none."""
    said: Any = {"reason": "as agreed", "actor": "mia"}
    shop.ask(grant_benefits, GrantBenefit(ref(0), "guide", times=3, **said))
    return Asked(use_benefits, [UseBenefit(ref(0), "guide")] * WRITERS, so_many(BenefitUsed), 3)


def friends(shop: Shop) -> Asked:
    """Eight bring a friend each to one who names them all: one of them counts."""
    (code,) = shop.ask(give_codes, GiveCode(ref(1)))
    names = [NameReferral(ref(0), code.code)] * WRITERS
    return Asked(name_referrals, names, _named, 1)


def kept(whose: int, there: int) -> Callable[[Shop], Asked]:
    """All of them settle what friends bought and kept: so many members have brought two or three,
    of whom two bring three points each, as far as ten points go for all."""

    def bring(shop: Shop) -> Asked:
        for n in range(whose):
            (code,) = shop.ask(give_codes, GiveCode(ref(n)))
            friends = range(2 + n, 8, whose)
            shop.ask(name_referrals, *[NameReferral(ref(one), code.code) for one in friends])
            shop.record(*[buys(ref(one), 1_000) for one in friends])
        shop.at("2026-03-05 12:00")

        async def settle(tx: Any, terms: Any, batch: Any) -> Any:
            try:
                return [await settle_referrals(tx, terms, 100) for _ in batch]
            except Stuck as stuck:  # what went wrong, as the worker looks at it
                raise (stuck.__cause__ or stuck) from None

        has = "select coalesce(sum(available), 0) from balance where program_id = $1"
        before = int(shop.rows(has)[0][0])
        return Asked(settle, [None] * WRITERS, lambda _: int(shop.rows(has)[0][0]) - before, there)

    return bring


def claim(shop: Shop) -> Asked:
    """What somebody misses is granted by all of them: it is booked once."""
    said: Any = {"actor": "mia"}
    shop.ask(keep_partners, KeepPartner("boats", "Boats", **said))
    price = SignContract("boats", "accrual", "miles", 1, 1, "EUR", limit_minor=100, **said)
    shop.ask(sign_contracts, price)
    filed = FileClaim("boats", ref(0), "miles", 3, "t1", shop.now, **said)
    (told,) = shop.ask(file_claims, filed)
    grants = [Decide("claim", told.claim_id, "granted", "mia", "a receipt")] * WRITERS
    return Asked(decide_claims, grants, so_many(DecisionMade), 1)


def won(shop: Shop) -> Asked:
    """All of them settle what eight reached: there are three rides to win."""
    shop.record(*[RecordActivity("lap", ref(n)) for n in range(MEMBERS)])
    there = "select count(*) from redemption where program_id = $1 and reward = 'ride'"

    async def settle(tx: Any, terms: Any, batch: Any) -> Any:
        try:
            return [await settle_prizes(tx, terms, 100) for _ in batch]
        except Stuck as stuck:  # what went wrong, as the worker looks at it
            raise (stuck.__cause__ or stuck) from None

    return Asked(settle, [None] * WRITERS, lambda _: int(shop.rows(there)[0][0]), 3)


def _named(told: Sequence[Any]) -> int:
    return sum(isinstance(one, ReferralNamed) and one.state == "named" for one in told)


KINDS: Final[dict[str, Callable[[Shop], Asked]]] = {
    "a budget of the program": lambda _: earns("spark", "stars", 30, many=MOST),
    "a budget of each member": lambda _: earns("sun", "suns", 40, 2),
    "a budget of each activity": lambda _: earns("moon", "moons", 5 * WRITERS),
    "how many friends bring points": kept(1, 6),
    "a budget of one side of referrals": kept(2, 10),
    "a rule's limit for everyone": lambda _: earns("raffle", "miles", 20, many=MOST),
    "a rule's limit for each": lambda _: earns("visit", "miles", 20, 1),
    "a milestone's budget": lambda _: earns("step", "each", 20),
    "what a member gives away": gives_away,
    "what a buyer spends": buyer,
    "what a household pays": household_pays,
    "a partner's pack": partner("cars", None),
    "what a partner owes": partner("bikes", 20),
    "pieces on the shelf": lambda _: takes("mug", 7),
    "seats": lambda _: takes("show", 6),
    "codes of a pool": codes,
    "how often a reward is had": lambda _: takes("few", 4, 1),
    "how often a benefit is used": lounge,
    "points of one member": lambda _: takes("cup", 10, 1),
    "places in a team": team,
    "seats that are prizes": prizes,
    "rewards of a milestone": won,
    "a code that all of them show": one_code,
    "uses that were granted": granted,
    "who brought a friend": friends,
    "a claim that all of them grant": claim,
}
"""Each kind of budget, and what is asked of it."""


def furnish(shop: Shop, slug: str) -> None:
    """A shop of its own in which everybody has a hundred points."""
    shop.begin(PROGRAM, slug=slug)
    shop.at("2026-03-02 12:00")
    shop.join(*[JoinMember((Identifier("external", f"w{n}"),)) for n in range(MEMBERS)])
    gifts = [Adjust(ref(n), "points", 100, "to begin with", "mia") for n in range(MEMBERS)]
    shop.ask(adjust_balances, *gifts)


@contextmanager
def connected(shop: Shop) -> Iterator[Database]:
    """A connection for each of the writers."""
    database = shop.run(Database.connect(shop.made.app_dsn, size=MOST))
    database.clock = lambda: shop.now
    try:
        yield database
    finally:
        shop.run(database.close())


def all_at_once(shop: Shop, asked: Asked, database: Database) -> list[Any]:
    """Every command in a transaction of its own, all of them begun before one is done."""
    return shop.run(_write(shop.terms, shop.program_id, asked, database))


async def _write(terms: Terms, program_id: int, asked: Asked, database: Database) -> list[Any]:
    ready = asyncio.Barrier(len(asked.commands))

    async def write(command: Any) -> Any:
        for tried in range(TRIES):
            try:
                async with database.transaction(program_id) as tx:
                    if not tried:
                        await ready.wait()
                    (outcome,) = await asked.flow(tx, terms, [command])
                return outcome
            except AGAIN:  # as the gate does
                continue
        raise AssertionError(command)

    return await asyncio.gather(*[write(command) for command in asked.commands])
