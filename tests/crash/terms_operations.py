"""What a shop does with its terms: to be failed at every statement."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.isolation.scenes import DOUBLE, Ask
from tests.makers import Shop

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.alerts.commands import HandleAlert
from regulars.flows.membership.office.alerts.handle_alerts import handle_alerts
from regulars.flows.membership.office.alerts.raise_alerts import raise_alerts
from regulars.flows.membership.office.segments.commands import KeepSegment
from regulars.flows.membership.office.segments.keep_segments import keep_segments
from regulars.flows.telling.campaigns.commands import KeepCampaign
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney, MoveJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.keep_campaigns import keep_campaigns
from regulars.flows.terms.experiments.commands import PlanExperiment
from regulars.flows.terms.experiments.keep_experiments import keep_experiments
from regulars.flows.terms.keep_drafts import KeepDraft, drop_draft, keep_draft
from regulars.flows.terms.promised.commands import GiveOffer, KeepOffer, OpenOffer
from regulars.flows.terms.promised.give_offers import give_offers
from regulars.flows.terms.promised.keep_choices import KeepChoice, keep_choices
from regulars.flows.terms.promised.keep_offers import keep_offers
from regulars.flows.terms.promised.open_offer import open_offer
from regulars.flows.terms.say_words import SayWord, say_words
from regulars.flows.terms.withdraw_version import Withdraw, withdraw_version
from regulars.records.access.staff.types import By
from regulars.records.outbox.campaigns.journeys.types import (
    JourneyPlan,
    MessageStep,
    OnJoining,
    WaitStep,
)
from regulars.records.outbox.campaigns.types import Said as CampaignSaid
from regulars.records.program.changes.experiments.types import Arm
from regulars.records.program.changes.offers.types import Bonus
from regulars.records.standing.alerts.types import Raised, Reason

_MORE = Bonus("points", 5)


async def _keep(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    done = []
    for wish in batch:
        draft, _ = await keep_draft(tx, wish)
        done.append(draft.revision)
    return done


async def _drop(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    done = []
    for name, revision in batch:
        with suppress(NotFound):  # asked again after it was done
            await drop_draft(tx, name, revision)
        done.append(name)
    return done


async def _withdraw(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    done = []
    for wish in batch:
        taken, _ = await withdraw_version(tx, wish)
        done.append(taken.restored_as)
    return done


async def _says(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    said = await say_words(tx, terms, batch)
    return [
        one if isinstance(one, Fault) else {"word": one.word.word, "replayed": not one.fresh}
        for one in said
    ]


def writes_draft(n: int, _: Any) -> Ask:
    """A new draft."""
    return _keep, [KeepDraft(f"draft-{n}", "rules: []", 0, "mia")]


def plans_experiment(n: int, _: Any) -> Ask:
    """An experiment is planned."""
    arms = (Arm("as-ever", 1), Arm("other", 1))
    by = By(words="mia")
    return keep_experiments, [PlanExperiment(f"try-{n}", "Try", "split", "spend", arms, by)]


def segmented(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A list to which a campaign may go."""
    kept = KeepSegment("kept-0", "Kept", By(words="mia"), None, "list")
    return [*shop.ask(keep_segments, kept), *[None] * (len(ns) - 1)]


def writes_campaign(n: int, _: Any) -> Ask:
    """A campaign is written."""
    says = {"en": CampaignSaid("Come by", "Hello")}
    kept = KeepCampaign(f"told-{n}", "Told", "kept-0", "email", says, By(words="mia"))
    return keep_campaigns, [kept]


def writes_offer(n: int, _: Any) -> Ask:
    """An offer is written."""
    kept = KeepOffer(f"more-{n}", "More", _MORE, {"en": "More"}, By(words="mia"), days=7)
    return keep_offers, [kept]


def chosen_among(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """An offer, and a segment."""
    shop.ask(keep_offers, KeepOffer("one", "One", _MORE, {"en": "More"}, By(words="mia"), days=7))
    return segmented(shop, ns)


def writes_choice(n: int, _: Any) -> Ask:
    """A choice is written."""
    return keep_choices, [KeepChoice(f"which-{n}", "Which", "kept-0", ("one",), By(words="mia"))]


def offering(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """An offer that is open, and somebody new for each who may have it."""
    kept = KeepOffer("open", "Open", _MORE, {"en": "More"}, By(words="mia"), days=7)
    shop.ask(keep_offers, kept)
    shop.do(lambda tx, terms: open_offer(tx, terms, OpenOffer("open", By(words="mia"))))
    shop.forget_terms()
    return shop.joined(*(f"offered-{n}" for n in ns))


def gives_offer(_: int, who: Any) -> Ask:
    """Somebody is given it."""
    return give_offers, [GiveOffer("open", who, By(words="mia"))]


def plans_journey(n: int, _: Any) -> Ask:
    """A journey is planned."""
    plan = JourneyPlan(OnJoining(), (WaitStep("a-day", days=1),))
    return keep_journeys, [KeepJourney(f"way-{n}", "Way", plan, By(words="mia"))]


def planned(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A journey for each that may be published."""
    says = {"en": CampaignSaid("Come by", "Hello")}
    plan = JourneyPlan(OnJoining(), (MessageStep("hello", "email", says),))
    kept = [KeepJourney(f"goes-{n}", "Goes", plan, By(words="mia")) for n in ns]
    return shop.ask(keep_journeys, *kept)


def publishes_journey(n: int, _: Any) -> Ask:
    """A journey is published."""
    return keep_journeys, [MoveJourney(f"goes-{n}", "publish", By(words="mia"), 1)]


def keeps_segment(n: int, _: Any) -> Ask:
    """A segment is saved."""
    condition = {"if": "orders", "at_least": 1}
    return keep_segments, [KeepSegment(f"kept-{n}", "Kept", By(words="mia"), condition)]


_SLIPS = (Reason("days_away", 61, 19),)
_FIRST = date(2026, 3, 1)
_NAMED = "select value, member_id from identifier where program_id = $1 and value = any($2::text[])"


async def _raise(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return [await raise_alerts(tx, batch)]


def joined(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A member for each."""
    names = [f"slips-{n}" for n in ns]
    shop.joined(*names)
    found = dict(shop.rows(_NAMED, names))
    return [found[name] for name in names]


def raises(_: int, member_id: Any) -> Ask:
    """Somebody is told of."""
    return _raise, [Raised(_known(member_id), "slipping", _FIRST, _SLIPS, chance=300)]


def _known(id_: Any) -> UUID:
    return id_ if isinstance(id_, UUID) else UUID(int=1)


def pointed_out(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A member for each of whom somebody was told."""
    these = [Raised(one, "slipping", _FIRST, _SLIPS) for one in joined(shop, ns)]
    shop.do(lambda tx, _: raise_alerts(tx, these))
    found = shop.rows("select alert_id from member_alert where program_id = $1 and as_of = $2 "
                      "order by alert_id desc limit $3", _FIRST, len(ns))  # fmt: skip
    return [alert_id for (alert_id,) in found]


def looks_after(_: int, alert_id: Any) -> Ask:
    """Somebody looks after them."""
    return handle_alerts, [HandleAlert(_known(alert_id), By(words="mia"), "Wrote a card")]


def drafts(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A draft for each."""
    return shop.ask(_keep, *(KeepDraft(f"draft-{n}", "rules: []", 0, "mia") for n in ns))


def drops_draft(n: int, revision: Any) -> Ask:
    """It is deleted."""
    return _drop, [(f"draft-{n}", revision if isinstance(revision, int) else 1)]


def scheduled(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A version that begins in a month, each later than the one before."""
    made = []
    for n in ns:
        source = DOUBLE.replace("program: kiosk", f"program: {shop.terms.slug}") + f"\n# {n}\n"
        start = shop.now + timedelta(days=30 + shop.terms.latest)
        made.append(shop.publish(source, effective_from=start).version)
    return made


def takes_back(n: int, version: Any) -> Ask:
    """It is taken back."""
    number = version if isinstance(version, int) else 2
    return _withdraw, [Withdraw(number, "a slip", "mia")]


def accepts(n: int, member_id: Any) -> Ask:
    """A member accepts the first version."""
    return _says, [SayWord(getattr(member_id, "member_id", member_id), 1, "accepted", "app")]


def members(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members by their ids."""
    shop.joined(*(f"a{n}" for n in ns))
    sql = "select value, member_id from identifier where program_id = $1 and kind = 'external'"
    ids = dict(shop.rows(sql))
    return [ids[f"a{n}"] for n in ns]
