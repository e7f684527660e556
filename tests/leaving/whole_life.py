"""A shop with a bit of everything that is no points, and what each member is told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from tests.flows.points.sharing import member_id
from tests.makers import Shop, buys

from regulars.base.faults import Fault, Refused
from regulars.flows.commands import RecordActivity, Redeem
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.commands import (
    EnterHousehold,
    FoundHousehold,
    GrantBenefit,
    UseBenefit,
)
from regulars.flows.membership.keep_households import enter_households, found_households
from regulars.flows.membership.plans.commands import StartMembership
from regulars.flows.membership.plans.keep_memberships import start_memberships
from regulars.flows.membership.tiers.give_tiers import give_tiers, turn_grants
from regulars.flows.membership.tiers.tier_commands import Challenge, GiveTier, TurnGrant
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.choosing.commands import ChooseOne
from regulars.flows.points.commands import RedeemTogether
from regulars.flows.points.gaming.commands import TakePart
from regulars.flows.points.gaming.keep_teams import form_teams, join_teams
from regulars.flows.points.gaming.take_part import take_part
from regulars.flows.points.gaming.team_commands import FormTeam, JoinTeam
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.points.referring.commands import GiveCode, NameReferral
from regulars.flows.points.referring.name_referrals import give_codes, name_referrals
from regulars.records.members.types import MemberRef

WHOLE: Final = """
regulars: 1
program: corner
name: Corner
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: tea, on: tea, wallet: points, award: {give: fixed, points: 31}}
tiers:
  steps:
    - {id: silver, at: "1000.00"}
    - {id: gold, at: "2000.00"}
    - {id: black, at: "4000.00", by: invitation}
household: {most_members: 5, draws: proportional, minors: {points: {points: 12}, per: year},
            buyers: {per: year}}
rewards:
  - {id: bun, name: A bun, price: {points: 7}}
  - {id: sip, name: A sip, price: {points: 2}}
  - {id: cake, name: A cake, price: {points: 55}}
  - {id: daily, name: Not so soon, price: {points: 1}, cooldown: 3 days}
  - {id: mug, name: A mug, price: {points: 10}, limit: {times: 1, per: year}, choose_one: gift}
  - {id: tote, name: A bag, price: {points: 10}, limit: {times: 1, per: year}, choose_one: gift}
benefits:
  - {id: delivery, name: Free delivery, plan: plus}
  - {id: lounge, name: The lounge, by: grant}
plans:
  - {id: plus, name: Plus, fee: "10.00", term: month, trial: 14 days, grace: 7 days}
challenges:
  - {id: explorer, name: Explorer, target: 1, in_period: 2,
     prize: {wallet: points, points: 9, badge: Explorer}}
  - {id: sprint, name: Sprint, target: "900.00", measure: spend, joins: opt_in,
     prize: {badge: Sprinter}}
  - {id: hundred, name: A hundred together, target: "900.00", measure: spend, every: year,
     joins: opt_in, together: {most: 3, each: "20.00"}, prize: {badge: Team player}}
referral:
  wallet: points
  referrer: {points: 50}
  newcomer: {points: 30}
  amount: "20.00"
  after: 1 day
  within: 30 days
  buys_within: 60 days
  milestones: [{friends: 1, points: 7}, {friends: 2, points: 11}]
"""
NAMES: Final = ("ada", "ben", "cem", "dan")
ASKED: Final = (
    "", "/standing", "/balances", "/benefits", "/choices", "/referrals", "/challenges",
    "/milestones", "/memberships", "/reward-codes", "/automatic-codes", "/tier-grants",
)  # fmt: skip
_OTHERS: Final = (
    "version", "standing_version", "updated_at", "granted_at", "recorded_at", "earned", "entry_id",
    "wallet", "points", "newcomer_points", "referrer_points",
)  # fmt: skip
"""What each installation counts for itself: what things gave came as points."""


def ref(name: str) -> MemberRef:
    return MemberRef(external=name)


def lives(shop: Shop) -> None:
    """Nine days in which everything happens."""
    shop.joined("ada", "ben", "cem")
    shop.record(buys(ref("ada"), 6_000, receipt="r1"), buys(ref("ben"), 5_000, receipt="r2"))
    given = _one(shop, give_codes, GiveCode(ref("ada"), {}))
    _one(shop, name_referrals, NameReferral(ref("cem"), given.code, {}))
    shop.record(buys(ref("cem"), 4_000, receipt="r3"))
    shop.night()
    shop.now += timedelta(days=3)
    shop.night()
    shop.now += timedelta(days=6)
    shop.night()
    shop.joined("dan")
    _one(shop, name_referrals, NameReferral(ref("dan"), given.code, {}))
    _one(shop, take_part, TakePart(ref("ada"), "sprint"))
    team = _one(shop, form_teams, FormTeam(ref("ada"), "hundred", name="Reds"))
    _one(shop, join_teams, JoinTeam(ref("ben"), team.code))
    _one(shop, choose_one, ChooseOne(ref("ada"), "gift", "mug", "mia"))
    granted = GrantBenefit(ref("ben"), "lounge", times=3, actor="mia", reason="sorry")
    _one(shop, grant_benefits, granted)
    _one(shop, use_benefits, UseBenefit(ref("ben"), "lounge"))
    _one(shop, start_memberships, StartMembership(ref("cem"), "plus", trial=True, card="visa-1"))
    paid = StartMembership(ref("ada"), "plus", amount_minor=1_000, currency="EUR")
    _one(shop, start_memberships, paid)
    (taken,) = shop.redeem(Redeem(ref("ada"), "daily", capture=True))
    assert not isinstance(taken, Fault | Refused), taken
    belong(shop)
    shop.night()


def belong(shop: Shop) -> None:
    """A household with a head, somebody under age and a buyer; tiers given, matched, offered."""
    here = _one(shop, found_households, FoundHousehold(ref("ada"), "The Bergs")).household_id
    _one(shop, enter_households, EnterHousehold(here, ref("ben")))
    _one(shop, enter_households, EnterHousehold(here, ref("cem"), "minor"))
    limits = {"points": 9}
    _one(shop, enter_households, EnterHousehold(here, ref("dan"), "buyer", limits=limits))
    told = [RecordActivity("tea", ref("dan"), source="till", external_id="t1")]
    assert not any(isinstance(one, Fault | Refused) for one in shop.record(*told))
    for name in ("cem", "dan"):
        (taken,) = shop.redeem(Redeem(ref(name), "bun", capture=True))
        assert not isinstance(taken, Fault | Refused), taken
    (no,) = shop.redeem(Redeem(ref("cem"), "bun", capture=True))
    assert isinstance(no, Refused), no
    assert no.code == "minor_limit"
    said: dict[str, Any] = {"reason": "well known", "actor": "mia"}
    ends = shop.now + timedelta(days=10)
    _one(shop, give_tiers, GiveTier(ref("ada"), "granted", "silver", until_at=ends, **said))
    over = _one(shop, give_tiers, GiveTier(ref("ada"), "granted", "gold", **said))
    _one(shop, turn_grants, TurnGrant(over.grant_id, "ended", "mia", "a slip"))
    asks = Challenge(20, 12)
    _one(shop, give_tiers, GiveTier(ref("dan"), "matched", "silver", challenge=asks, **said))
    _one(shop, give_tiers, GiveTier(ref("ben"), "matched", "gold", challenge=asks, **said))
    _one(shop, give_tiers, GiveTier(ref("cem"), "invited", "black", **said))


def belongs(shop: Shop) -> list[Any]:
    """What a household and tiers by hand lead to: shares, refusals, an answer, and their ends."""
    rows = "select household_id, name from household where program_id = $1"
    ((here, name),) = shop.rows(rows)
    asked = [Redeem(ref(who), "bun", capture=True) for who in ("cem", "dan")]
    asked += [Redeem(ref(who), "sip", capture=True) for who in ("cem", "dan")]
    words = [_word(done) for one in asked for done in shop.redeem(one)]
    told: list[Any] = [name, *words]
    cake = RedeemTogether(here, ref("ben"), "cake")
    told += [_word(done) for done in shop.ask(redeem_together, cake)]
    told += [shop.balances(name) for name in NAMES]
    waits = "select grant_id from tier_grant where program_id = $1 and kind = 'invited'"
    ((invited,),) = shop.rows(waits)
    told += [_word(one) for one in shop.ask(turn_grants, TurnGrant(invited, "accepted", "cem"))]
    return [*told, stands(shop)]


def stands(shop: Shop) -> list[Any]:
    """Where everybody stands, until when, and why they came there last."""
    sql = """select i.value, s.tier, s.tier_until, s.tier_since
               from standing s join identifier i using (program_id, member_id)
              where s.program_id = $1 and i.kind = 'external' order by 1"""
    return shop.rows(sql)


def _one(shop: Shop, flow: Any, command: Any) -> Any:
    (done,) = shop.ask(flow, command)
    assert not isinstance(done, Fault | Refused), (command, done)
    return done


def deeds(shop: Shop) -> list[Any]:
    """What happens next: what was had is not had again, and what runs goes on."""
    told: list[Any] = []
    asked = [Redeem(ref("ada"), "daily", capture=True), Redeem(ref("ada"), "tote", capture=True),
             Redeem(ref("ben"), "tote", capture=True)]  # fmt: skip
    told += [_word(done) for one in asked for done in shop.redeem(one)]
    again: list[tuple[Any, Any]] = [
        (choose_one, ChooseOne(ref("ada"), "gift", "tote", "mia")),
        (start_memberships, StartMembership(ref("cem"), "plus", trial=True, card="visa-1")),
        (start_memberships, StartMembership(ref("ben"), "plus", trial=True, card="visa-1")),
        (form_teams, FormTeam(ref("ada"), "hundred")),
        (use_benefits, UseBenefit(ref("ben"), "lounge")),
        (use_benefits, UseBenefit(ref("ada"), "delivery")),
    ]
    told += [_word(done) for flow, one in again for done in shop.ask(flow, one)]
    told += belongs(shop)
    shop.record(buys(ref("ada"), 1_000, receipt="n1"), buys(ref("dan"), 4_000, receipt="n2"))
    shop.night()
    shop.now += timedelta(days=3)
    shop.night()
    told += [_word(done) for done in shop.redeem(Redeem(ref("ada"), "daily", capture=True))]
    told += [_word(done) for done in shop.ask(use_benefits, UseBenefit(ref("ben"), "lounge"))]
    told += [_word(done) for done in shop.ask(use_benefits, UseBenefit(ref("ben"), "lounge"))]
    shop.now += timedelta(days=20)
    shop.night()
    prizes = "select name, place, badge from prize where program_id = $1 and undone_at is null"
    told += stands(shop)
    return [*told, *(shop.balances(name) for name in NAMES), sorted(shop.rows(prizes))]


def _word(done: Any) -> str:
    return done.code if isinstance(done, Refused | Fault) else type(done).__name__


def answers(get: Any, shop: Shop) -> dict[str, Any]:
    """Every answer about each member, without what an installation counts for itself."""
    found = {}
    for name in NAMES:
        who = f"mem_{member_id(shop, name).hex}"
        for path in ASKED:
            answer = get(f"/v1/members/{who}{path}")
            assert answer.status_code == 200, (path, answer.text)
            found[name + path] = _plain(answer.json())
        for benefit in ("delivery", "lounge"):
            found[f"{name} {benefit}"] = get(f"/v1/members/{who}/benefits/{benefit}").json()
    return found


def _plain(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _plain(value) for name, value in told.items() if name not in _OTHERS}
    return [_plain(one) for one in told] if isinstance(told, list) else told
