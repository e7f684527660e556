"""Everything the flows do, each with what must be there before: to be failed at every statement."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Literal, NamedTuple

from msgspec.structs import replace
from tests.crash import terms_operations as changing
from tests.flows.members import coming_in, showing_cards
from tests.flows.members.playing.community import failing as meeting
from tests.flows.members.staff import failing as staff
from tests.flows.members.staff import office
from tests.flows.terms.segments import asking
from tests.isolation import flows, scenes
from tests.isolation.had import (
    appointment_scenes,
    code_scenes,
    game_scenes,
    moving_scenes,
    referral_scenes,
)
from tests.isolation.had import notice_scenes as telling
from tests.isolation.money import bill_scenes, partner_scenes, payout_scenes, till_scenes
from tests.isolation.scenes import Ask, Scene, of
from tests.makers import Shop, brings_back, buys

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.api_keys import Created, CreateKey, create_keys, revoke_keys
from regulars.flows.commands import Redeem, Settle
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.commands import (
    EnterHousehold,
    FoundHousehold,
    GrantBenefit,
    LeaveHousehold,
)
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.keep_households import (
    enter_households,
    found_households,
    leave_households,
)
from regulars.flows.membership.plans.commands import StartMembership, TurnMembership
from regulars.flows.membership.plans.keep_memberships import start_memberships, turn_memberships
from regulars.flows.membership.tiers.give_tiers import give_tiers, turn_grants
from regulars.flows.membership.tiers.tier_commands import GiveTier, TurnGrant
from regulars.flows.points.codes.commands import (
    FillPool,
    IssueCodes,
    PoolFilled,
)
from regulars.flows.points.codes.fill_pools import fill_pools
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.commands import ExtendLot, ReinstatePoints
from regulars.flows.points.show_courtesy import extend_lots, reinstate_points
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.tills.credit_late import CreditLate, credit_late
from regulars.records.access.staff.types import By
from regulars.records.activity.types import SaleRef
from regulars.records.members.types import EraseMember


class Operation(NamedTuple):
    """One thing a flow does, and what must be there before."""

    name: str
    ask: Callable[[int, Any], Ask]
    before: Callable[[Shop, Sequence[int]], Sequence[Any]]
    again: Literal["answered", "done", "twice"] = "answered"
    """The same request again is answered as the first time; finds it done; does it twice."""
    at_once: int = 12
    """For how many runs members are made ready at once; one where a night would serve them all."""
    source: str = ""
    """The program it needs, where that is not the kiosk's."""
    publishes: Literal["", "a rule", "a program"] = ""
    """Each run of it makes a version: with a rule more than there is, or of a program of its own,
    which is made ready before whatever others need."""


def _nothing(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    return [None] * len(ns)


def _members(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    shop.joined(*[f"a{n}" for n in ns])
    return [None] * len(ns)


def _prepared(name: str) -> Callable[[Shop, Sequence[int]], Sequence[Any]]:
    """What a scene of tests/isolation makes ready."""
    pairs = (*scenes.PAIRS, *moving_scenes.MOVING_PAIRS)
    found: Scene = next(scene for scene in pairs if scene.name == name)
    return found.before


_POINTS = _prepared("redeem × redeem")
_HOLD = _prepared("capture × void")
_LOT = _prepared("redeem × expire")
_HELD = _prepared("capture × lapse")
_SILVER = _prepared("tier review × earn")
_MET = _prepared("catch up × catch up")
_SLUG = _prepared("publish × earn")
_BOOKING = _prepared("confirm × cancel")
_TURNING = _prepared("activate × activate")
_TWO = _prepared("transfer × redeem")
_MERGED = _prepared("unmerge × earn")
_OWING = _prepared("write-off × earn")
_AT_HOME = _prepared("household × household, one coffee")
_USED = _prepared("use × undo")
SAID: dict[str, Any] = {"reason": "as agreed", "actor": "mia"}


def _with_card(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    return shop.record(*[buys(scenes.MemberRef(card=f"A{n}"), 900) for n in ns])


def _with_early_return(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    _members(shop, ns)
    return shop.record(*[brings_back(f"sa{n}", receipt=f"r{n}") for n in ns])


def _to_nobody(n: int, _: Any) -> Ask:
    return record_activities, [buys(None, 1200, receipt=f"n{n}", asked=scenes.key(n, "x"))]


def _nobodys(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    _members(shop, ns)
    return shop.record(*[buys(None, 1200, receipt=f"l{n}") for n in ns])


def _credits(n: int, _: Any) -> Ask:
    sale = SaleRef(source="till", external_id=f"l{n}")
    return credit_late, [CreditLate(sale, of("a", n), scenes.key(n, "x"))]


def _basket(n: int, _: Any) -> Ask:
    """A batch with something of everything: known, new, twice the same, refused, a return."""
    sale = buys(of("a", n), 800, receipt=f"b{n}", asked=scenes.key(n, "b"))
    return record_activities, [
        sale,
        buys(scenes.MemberRef(card=f"A{n}"), 300, asked=scenes.key(n, "c")),
        sale,
        brings_back(f"b{n}", (0, 99), asked=scenes.key(n, "d")),
        brings_back(f"sa{n}", asked=scenes.key(n, "e")),
    ]


def _takes_mug(n: int, given: Any) -> Ask:
    flow, (wish,) = scenes.redeems("a", "mug", "x", capture=False)(n, given)
    return flow, [wish, Redeem(of("a", n), "coffee", asked=scenes.key(n, "y"))]


_MUGS = """
select redemption_id from redemption
 where program_id = $1 and reward = 'mug' and state = 'held'
"""


def _last_mug(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Somebody with points, and whoever had the last mug before has brought it back."""
    given = _POINTS(shop, ns)
    taken = [one for (one,) in shop.rows(_MUGS)]
    if taken:
        shop.settle(*[Settle(one, "voided") for one in taken])
    return given


async def _make_key(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    """What a key is drawn from is chance, and no part of the answer here."""
    made = await create_keys(tx, os.urandom, batch)
    return [replace(one, shown="") if isinstance(one, Created) else one for one in made]


def _wants_key(n: int, _: Any) -> Ask:
    return _make_key, [CreateKey("till", ("all",), "owner", may=frozenset({"all"}))]


async def _close_keys(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await revoke_keys(tx, batch, By(words="owner"))


def _keys(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    wishes = [CreateKey(f"till {n}", ("all",), "owner", may=frozenset({"all"})) for n in ns]
    return shop.ask(_make_key, *wishes)


def _closes_key(n: int, made: Any) -> Ask:
    return _close_keys, [made.key.key_id]


def _erases(n: int, sold: Any) -> Ask:
    return erase_members, [EraseMember(sold.member_id, asked=scenes.key(n, "x"))]


def _grants(n: int, _: Any) -> Ask:
    wish = GrantBenefit(of("a", n), "guide", asked=scenes.key(n, "x"), **SAID)
    return grant_benefits, [wish]


def _gives_tier(n: int, _: Any) -> Ask:
    wish = GiveTier(of("a", n), "granted", "silver", asked=scenes.key(n, "x"), **SAID)
    return give_tiers, [wish]


def _with_tier(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    _members(shop, ns)
    given = shop.ask(give_tiers, *[GiveTier(of("a", n), "granted", "silver", **SAID) for n in ns])
    return [one.grant_id for one in given]


def _ends_tier(n: int, grant_id: Any) -> Ask:
    return turn_grants, [TurnGrant(grant_id, "ended", asked=scenes.key(n, "x"), **SAID)]


def _starts_plan(n: int, _: Any) -> Ask:
    wish = StartMembership(of("a", n), "friend", trial=True, asked=scenes.key(n, "x"))
    return start_memberships, [wish]


def _with_plan(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    _members(shop, ns)
    return shop.ask(start_memberships, *[StartMembership(of("a", n), "friend") for n in ns])


def _pays(n: int, begun: Any) -> Ask:
    wish = TurnMembership(begun.membership_id, "paid", asked=scenes.key(n, "x"))
    return turn_memberships, [wish]


def _plan_over(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    noon = shop.now
    shop.now = noon - timedelta(days=32)
    begun = _with_plan(shop, ns)
    shop.now = noon
    return begun


def _homes(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Households of one, and somebody who may enter each."""
    _TWO(shop, ns)
    founded = shop.ask(found_households, *[FoundHousehold(of("a", n)) for n in ns])
    return [one.household_id for one in founded]


def _founds(n: int, _: Any) -> Ask:
    return found_households, [FoundHousehold(of("a", n), asked=scenes.key(n, "x"))]


def _enters(n: int, home: Any) -> Ask:
    return enter_households, [EnterHousehold(home, of("b", n), asked=scenes.key(n, "x"))]


def _leaves(n: int, home: Any) -> Ask:
    return leave_households, [LeaveHousehold(home, of("b", n), asked=scenes.key(n, "x"))]


_LARGEST_LOT = """
select lot_id from lot join identifier using (program_id, member_id)
 where program_id = $1 and value = $2 and (remaining > 0) = $3 order by amount desc limit 1
"""


def _open_lots(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    _POINTS(shop, ns)
    return [shop.rows(_LARGEST_LOT, f"a{n}", True)[0][0] for n in ns]


def _lapsed_lots(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    _LOT(shop, ns)
    shop.night("expire_lots")
    return [shop.rows(_LARGEST_LOT, f"a{n}", False)[0][0] for n in ns]


def _extends(n: int, lot_id: Any) -> Ask:
    until = scenes.NOON.replace(year=scenes.NOON.year + 1)
    return extend_lots, [ExtendLot(of("a", n), lot_id, until, asked=scenes.key(n, "x"), **SAID)]


def _reinstates(n: int, lot_id: Any) -> Ask:
    wish = ReinstatePoints(of("a", n), lot_id, asked=scenes.key(n, "x"), **SAID)
    return reinstate_points, [wish]


def _song(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Somebody with points, and a song for each in the pool."""
    given = _POINTS(shop, ns)
    shop.ask(fill_pools, FillPool("song", tuple(f"for {n}" for n in ns), **SAID))
    return given


def _fills(n: int, _: Any) -> Ask:
    wish = FillPool("song", (f"song {n}", f"tune {n}"), asked=scenes.key(n, "x"), **SAID)
    return _fill_pools, [wish]


async def _fill_pools(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    """How many are left depends on the runs before, and is no part of the answer here."""
    outcomes = await fill_pools(tx, terms, batch)
    return [replace(one, left=0) if isinstance(one, PoolFilled) else one for one in outcomes]


def _issues(n: int, _: Any) -> Ask:
    wish = IssueCodes("voucher", members=(of("a", n),), asked=scenes.key(n, "x"), **SAID)
    return issue_codes, [wish]


def _publishes(n: int, slug: str) -> Ask:
    """A version with a rule that has not been there, so that names get their numbers too."""
    flow, (source,) = scenes.publishes(n, slug)
    return flow, [source.replace("id: visit", f"id: visit-{n}")]


OPERATIONS = (
    Operation("purchase", scenes.buys_for("a", asked="x", receipt="x"), _POINTS),
    Operation("purchase with a card nobody knows", scenes.shows_card(700, "x"), _nothing),
    Operation("sale to nobody", _to_nobody, _nothing),
    Operation("credit a sale late", _credits, _nobodys),
    Operation("visit under a cap", scenes.visits("x"), _members),
    Operation("return", scenes.returns("x"), _POINTS),
    Operation("return that waits for its sale", scenes.returns("x"), _members),
    Operation("sale with a return waiting", scenes.buys_for("a", asked="x", receipt="sa"),
              _with_early_return),
    Operation("batch of everything", _basket, _POINTS),
    Operation("reserve a coffee", scenes.redeems("a", "coffee", "x"), _POINTS),
    Operation("reserve a mug and be refused a coffee", _takes_mug, _last_mug, at_once=1),
    Operation("reserve and capture", scenes.redeems("a", "coffee", "x", capture=True), _POINTS),
    Operation("capture", scenes.settles("captured", "x"), _HOLD),
    Operation("void", scenes.settles("voided", "x"), _HOLD),
    Operation("confirm", scenes.says("confirmed", "x"), _BOOKING),
    Operation("cancel", scenes.says("cancelled", "x"), _BOOKING),
    Operation("adjust", scenes.corrects(-10, "x"), _POINTS),
    Operation("a till tells points", till_scenes.tells_points, _members),
    Operation("a till hands over", till_scenes.hands_over, _HOLD),
    Operation("join", scenes.joins_with("x", external="a{n}", phone="+49301{n:06d}"), _nothing),
    Operation("join with a card that collected", scenes.joins_with("x", card="A{n}"), _with_card),
    Operation("change", scenes.changes("x", given_name="Ada", locale="de"), _members),
    Operation("link", scenes.links("a", "x"), _members),
    Operation("update by another system", office.updates, _members, "done"),
    Operation("publish", _publishes, _SLUG, "done", 1, publishes="a program"),
    Operation("change staff", staff.changes, staff.hired),
    Operation("ask a colleague", staff.asks, staff.hired),
    Operation("give by hand", staff.gives, staff.hired),
    Operation("sign in", staff.signs_in, staff.hired, "twice"),
    Operation("try to sign in", staff.tries, staff.hired, "twice"),
    Operation("ask a passkey", staff.questions, _nothing, "done"),
    Operation("look at the counter", staff.looks, staff.bought, "done", 1),
    Operation("write beside an alert", staff.notes, staff.alerted, "twice"),
    Operation("keep a list of members", office.keeps, staff.hired, "twice"),
    Operation("tag members", office.tags, office.many, "done"),
    Operation("begin a round", office.begins, office.many),
    Operation("grant a round", office.grants, office.waiting, "twice"),
    Operation("write a draft", changing.writes_draft, _nothing),
    Operation("plan an experiment", changing.plans_experiment, _nothing, "done"),
    Operation("keep a segment", changing.keeps_segment, _nothing, "done"),
    Operation("write a campaign", changing.writes_campaign, changing.segmented, "done"),
    Operation("write an offer", changing.writes_offer, _nothing, "done"),
    Operation("write a choice", changing.writes_choice, changing.chosen_among, "done"),
    Operation("give an offer", changing.gives_offer, changing.offering, "done"),
    Operation("plan a journey", changing.plans_journey, _nothing, "done"),
    Operation("publish a journey", changing.publishes_journey, changing.planned, "done"),
    Operation("keep a survey", asking.keeps, _nothing, "done"),
    Operation("ask a member", asking.invites, asking.to_ask, "done"),
    Operation("answer a survey", asking.answers, asking.asked, "done"),
    Operation("look after an answer", asking.looks, asking.unhappy),
    Operation("keep a club", meeting.keeps_club, _nothing, "done"),
    Operation("plan a gathering", meeting.keeps_gathering, _nothing, "done"),
    Operation("keep a lesson", meeting.keeps_lesson, _nothing, "done"),
    Operation("answer a quiz", meeting.learns, meeting.members),
    Operation("open a case", meeting.opens, meeting.members),
    Operation("note on a case", meeting.notes, meeting.troubled),
    Operation("close a case", meeting.closes, meeting.troubled, "done"),
    Operation("want a reference", meeting.wants, _nothing),
    Operation("ask for a reference", meeting.asks_for, meeting.agreed, "done"),
    Operation("agree to references", meeting.agrees, meeting.members, "done"),
    Operation("write a story", meeting.writes, meeting.members),
    Operation("publish a story", meeting.publishes, meeting.written, "done"),
    Operation("take a story back", meeting.withdraws, meeting.written),
    Operation("join a club", meeting.joins, meeting.members),
    Operation("leave a club", meeting.leaves, meeting.inside),
    Operation("invite to a club", meeting.invites, meeting.members),
    Operation("take a seat", meeting.takes, meeting.members),
    Operation("give a seat up", meeting.gives_up, meeting.inside),
    Operation("come to a gathering", meeting.comes, meeting.inside),
    Operation("tell of a member", changing.raises, changing.joined, "done"),
    Operation("look after a member", changing.looks_after, changing.pointed_out),
    Operation("delete a draft", changing.drops_draft, changing.drafts, "done"),
    Operation("take a version back", changing.takes_back, changing.scheduled, "done", 1),
    Operation("accept a version", changing.accepts, changing.members),
    Operation("activate", scenes.works(flows.activate), _TURNING, "done", 1),
    Operation("expire", scenes.works(flows.expire), _LOT, "done", 1),
    Operation("review tiers", scenes.works(flows.review), _SILVER, "done", 1),
    Operation("lapse holds", scenes.works(flows.lapse), _HELD, "done", 1),
    Operation("catch up with late sales", scenes.works(flows.catch_up), _MET, "done", 1),
    Operation("make an API key", _wants_key, _nothing, "twice"),
    Operation("close an API key", _closes_key, _keys, "done"),
    Operation("ask for codes", coming_in.asks, coming_in.reachable),
    Operation("join and ask for a code", coming_in.joins, _nothing),
    Operation("join where nothing is sent", coming_in.joins_at_once, _nothing),
    Operation("come in by code", coming_in.enters, coming_in.with_codes),
    Operation("sign out", coming_in.leaves, coming_in.inside, "done"),
    Operation("show a card", showing_cards.shows, showing_cards.with_cards),
    Operation("send a code to spend", showing_cards.sends, showing_cards.with_addresses,
              source=showing_cards.PROVING),
    Operation("say a code to spend", showing_cards.says, showing_cards.with_digits,
              source=showing_cards.PROVING),
    Operation("transfer", moving_scenes.gives("a", "b", 9, "x"), _TWO),
    Operation("merge", moving_scenes.merges("a", "b", "x"), _TWO),
    Operation("unmerge", moving_scenes.unmerges("x"), _MERGED),
    Operation("block", moving_scenes.blocks("x"), _POINTS),
    Operation("found a household", _founds, _POINTS),
    Operation("enter a household", _enters, _homes),
    Operation("leave a household", _leaves, _AT_HOME),
    Operation("redeem together", moving_scenes.takes_together("a", "x"), _AT_HOME),
    Operation("extend a lot", _extends, _open_lots),
    Operation("reinstate what lapsed", _reinstates, _lapsed_lots),
    Operation("write off by hand", moving_scenes.writes_off("x"), _OWING),
    Operation("write off by night", scenes.works(flows.forgive), _OWING, "done", 1),
    Operation("erase", _erases, _POINTS),
    Operation("use a benefit", scenes.uses("x"), _members),
    Operation("undo a use", scenes.takes_back("x"), _USED),
    Operation("book an appointment", appointment_scenes.books("a", 0, "x"),
              appointment_scenes.members),
    Operation("move an appointment", appointment_scenes.moves("x"), appointment_scenes.with_one),
    Operation("check in", appointment_scenes.comes("x"), appointment_scenes.on_the_day),
    Operation("miss an appointment", appointment_scenes.stays_away("x"), appointment_scenes.begun),
    Operation("grant a benefit", _grants, _members),
    Operation("hand over a code", scenes.redeems("a", "ticket", "x", capture=True), _POINTS),
    Operation("hand over a code of a pool", scenes.redeems("a", "song", "x", capture=True), _song,
              at_once=1),
    Operation("issue a code", _issues, _members),
    Operation("use a code", code_scenes.shows("x"), code_scenes.of_members),
    Operation("withdraw a code", code_scenes.withdraws("x"), code_scenes.of_members),
    Operation("fill a pool", _fills, _members),
    Operation("give a code for friends", referral_scenes.wants_code, _members),
    Operation("name a referral", referral_scenes.names, referral_scenes.with_code),
    Operation("settle referrals", scenes.works(flows.settle_friends),
              referral_scenes.with_kept_purchase, "done", 1),
    Operation("choose one of several", game_scenes.chooses, _members),
    Operation("take what is due by itself", scenes.works(flows.takes_automatic),
              game_scenes.with_enough, "done", 1),
    Operation("take part in a challenge", game_scenes.takes_part, _members),
    Operation("form a team", game_scenes.forms, _members),
    Operation("join a team", game_scenes.joins, game_scenes.with_team),
    Operation("leave a team", game_scenes.leaves, game_scenes.with_team),
    Operation("settle prizes", scenes.works(flows.settle_games), game_scenes.with_reached,
              "done", 1),
    Operation("announce a draw", game_scenes.announces, game_scenes.at_noon, at_once=1,
              source=game_scenes.DRAWING),
    Operation("close the list of a draw", game_scenes.closes, game_scenes.with_ticket, at_once=1,
              source=game_scenes.DRAWING),
    Operation("hold a draw", game_scenes.holds, game_scenes.with_ticket, at_once=1,
              source=game_scenes.DRAWING),
    Operation("say a bank account", payout_scenes.has_account, _members),
    Operation("pay out", payout_scenes.pays_out, payout_scenes.with_money, at_once=1),
    Operation("a pay-out comes back", payout_scenes.sends_back, payout_scenes.paid_out, at_once=1),
    Operation("keep a partner", partner_scenes.keeps, _nothing),
    Operation("sign a contract", partner_scenes.signs, partner_scenes.with_partner),
    Operation("a partner pays", partner_scenes.pays, partner_scenes.with_partner),
    Operation("a partner's activity", partner_scenes.collects, partner_scenes.with_partner),
    Operation("a partner's activity comes back", partner_scenes.brings_back,
              partner_scenes.collected),
    Operation("claim an activity", partner_scenes.claims, partner_scenes.now_of),
    Operation("grant a claim", partner_scenes.grants, partner_scenes.claimed),
    Operation("dispute a line", partner_scenes.disputes, partner_scenes.collected),
    Operation("settle an account", partner_scenes.settles, partner_scenes.yesterday),
    Operation("answer a line", partner_scenes.answers, partner_scenes.settled),
    Operation("give a tier", _gives_tier, _members),
    Operation("end a tier given by hand", _ends_tier, _with_tier),
    Operation("begin a paid plan", _starts_plan, _members),
    Operation("pay a term", _pays, _with_plan),
    Operation("plans by night", scenes.works(flows.renew), _plan_over, "done", 1),
    Operation("open a bill", bill_scenes.opens, _members),
    Operation("change a bill", bill_scenes.changes, bill_scenes.opened),
    Operation("pay a bill", bill_scenes.pays, bill_scenes.with_reward),
    Operation("give a payment back", bill_scenes.refunds, bill_scenes.with_payments),
    Operation("credit a bill", bill_scenes.credits_, bill_scenes.with_refunds),
    Operation("tell what is for sale", bill_scenes.sells, _nothing),
    Operation("make a promotion", bill_scenes.promotes, _nothing, at_once=1, publishes="a rule"),
    Operation("open a store", till_scenes.opens, _nothing, "done"),
    Operation("take what a till recorded", till_scenes.takes, till_scenes.with_records, "done"),
    Operation("a till looks for a stranger", till_scenes.looks, _nothing, "twice"),
    Operation("a manager says yes at a till", till_scenes.approves, _members, "twice"),
    Operation("show a notice", telling.shows, telling.told, source=telling.TELLING),
    Operation("lay notices ready", scenes.works(flows.post_notices), telling.lapsing_soon,
              "done", 1, telling.TELLING),
    Operation("list who may be left alone", scenes.works(flows.list_idle), telling.unlisted,
              "done", 1, telling.TELLING),
    Operation("look at who is left alone", scenes.works(flows.look_at_idle), telling.left_alone,
              "done", 1, telling.TELLING),
)  # fmt: skip
